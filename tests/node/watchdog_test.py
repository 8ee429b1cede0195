#!/usr/bin/env python3
"""The watchdog of a node: no work goes on under a lease that its node could not keep, whether the
node was killed or stands still, and whatever sessions the work has made."""
import os
import pathlib
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "chaos"))
import processes  # noqa: E402
from node import Node  # noqa: E402

LEASE = 2.0
FLAGS = ("--lease", "2s", "--heartbeat", "400ms", "--drain", "1s", "--slots", "4")
# Two that write the time, one of them in a session of its own.
WORK = """
name: work
command: |
  tell() {
    while :; do cut -d' ' -f1 /proc/uptime >>$MARKS/$1-$MAINSPRING_ATTEMPT; sleep 0.05; done
  }
  tell aside &
  setsid sh -c 'while :; do cut -d" " -f1 /proc/uptime >>$MARKS/away-$MAINSPRING_ATTEMPT;
                            sleep 0.05; done' &
  tell self
environment: {MARKS: "%s"}
retry: {max_attempts: 3, backoff: {type: fixed, initial: 10ms}}
"""


def uptime():
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class WatchdogTest(unittest.TestCase):
    def setUp(self):
        self.node = Node(*FLAGS)
        self.addCleanup(self.node.__exit__)
        self.marks = self.node.directory / "marks"
        self.marks.mkdir()
        self.node.start()
        self.node.apply(WORK % self.marks)

    def begin(self):
        run = self.node.submit("work")
        self.wait_for(lambda: len(list(self.marks.glob("*-1"))) == 3, "the work begins")
        return run

    def wait_for(self, predicate, sentence, seconds=30):
        self.assertTrue(processes.wait_for(predicate, seconds), sentence)

    def workers(self):
        return processes.find_workers(self.marks)

    def last_mark(self, attempt):
        texts = [path.read_text().split() for path in self.marks.glob(f"*-{attempt}")]
        return max(float(text[-1]) for text in texts if text)

    def test_a_node_that_stands_still_keeps_no_work_past_its_lease(self):
        run = self.begin()
        self.node.process.send_signal(signal.SIGSTOP)
        stopped = uptime()
        try:
            self.wait_for(lambda: not self.workers(), "the work is ended while the node stands")
            self.assertLess(self.last_mark(1), stopped + LEASE)
        finally:
            self.node.process.send_signal(signal.SIGCONT)
        self.wait_for(lambda: (self.marks / "self-2").exists(), "the run is tried again")
        attempts = self.node.request("GET", f"/api/v1/runs/{run}/attempts").json()["items"]
        self.assertEqual(attempts[0]["outcome"]["status"], "lost", attempts)

    def test_a_node_that_was_killed_leaves_nothing_running(self):
        self.begin()
        killed = uptime()
        self.node.kill()
        self.wait_for(lambda: not self.workers(), "the work is ended")
        self.assertLess(self.last_mark(1), killed + 1.0)
        self.node.start()
        self.wait_for(lambda: (self.marks / "self-2").exists(), "the run is tried again")

    def test_a_watchdog_that_was_killed_is_replaced(self):
        self.begin()
        first, = processes.watchdogs_of(self.node.process.pid)
        os.kill(first, signal.SIGKILL)
        self.wait_for(lambda: set(processes.watchdogs_of(self.node.process.pid)) - {first},
                      "there is another watchdog")
        self.node.kill()
        self.wait_for(lambda: not self.workers(), "the work is ended")

    def test_it_ends_with_its_node_and_no_earlier(self):
        dog, = processes.watchdogs_of(self.node.process.pid)
        os.kill(dog, signal.SIGTERM)
        self.begin()
        self.assertEqual(list(processes.watchdogs_of(self.node.process.pid)), [dog])
        self.assertEqual(self.node.stop(), 0)
        self.assertFalse(pathlib.Path(f"/proc/{dog}").exists())
        self.assertEqual(self.workers(), [])

    def test_short_work_is_never_ended_by_it(self):
        self.node.apply("name: short\ncommand: sleep 0.05\n")
        for run in [self.node.submit("short") for _ in range(60)]:
            self.assertEqual(self.node.wait(run)["state"], "succeeded")


if __name__ == "__main__":
    unittest.main()
