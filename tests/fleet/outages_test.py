#!/usr/bin/env python3
"""What becomes of the runs of remote workers that are killed, frozen or cut off, or whose node is:
no two attempts of a run work at once, and no line that was printed under a lease is lost."""
import os
import pathlib
import re
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from fleet import Proxy, RemoteWorker  # noqa: E402
from node import Node  # noqa: E402
from waiting import until  # noqa: E402

# How long a worker is cut off that keeps its lease.
CUT_SECONDS = int(os.environ.get("CUT_SECONDS", "12"))
FAR = "placement: {labels: {site: far}}"
RETRY = "retry: {max_attempts: 5, backoff: {type: fixed, initial: 10ms}}"
JOBS = f"""
name: marks
command: |
  tell() {{
    cut -d' ' -f1 /proc/uptime | sed "s/^/$MAINSPRING_EPOCH $1 /" >>$MARKS/$MAINSPRING_RUN_ID
  }}
  tell begin
  [ "$MAINSPRING_ATTEMPT" -gt 1 ] || while :; do tell work; sleep 0.05; done
  tell end
environment: {{MARKS: "%(marks)s"}}
{FAR}
{RETRY}
---
name: patient
command: 'echo begin; while [ ! -e $GO ]; do sleep 0.05; done; echo end'
environment: {{GO: "%(go)s"}}
{FAR}
---
name: chatty
command: |
  i=0
  while [ $i -lt $LINES ]; do
    i=$((i+1)); echo "attempt $MAINSPRING_ATTEMPT line $i"; sleep 0.01
  done
environment: {{LINES: "$ {{{{ params.lines }}}}"}}
params: {{lines: {{type: string}}}}
{FAR}
{RETRY}
---
name: talker
command: |
  i=0
  while [ ! -e $GO ]; do
    i=$((i+1)); echo "attempt $MAINSPRING_ATTEMPT line $i"; sleep 0.02
  done
  echo end
environment: {{GO: "%(go)s"}}
{FAR}
---
name: endless
command: 'while :; do seq 1 2000; sleep 0.02; done'
{FAR}
---
name: flood
command: 'seq 1 400000'
{FAR}
""".replace("$ {{", "${{")


class Outages(unittest.TestCase):
    FLAGS = ()

    def setUp(self):
        self.node = Node("--slots", "1", "--labels", "site=near", *self.FLAGS)
        self.addCleanup(self.node.__exit__)
        self.marks = self.node.directory / "marks"
        self.marks.mkdir()
        self.go = self.node.directory / "go"
        self.node.start()
        self.node.listen = self.node.address  # the same after a restart
        self.node.apply(JOBS % {"marks": self.marks, "go": self.go})

    def worker(self, *flags, **how):
        worker = RemoteWorker(self.node, *flags, **how)
        self.addCleanup(worker.__exit__)
        worker.start()
        return worker

    def run_of(self, run):
        return self.node.request("GET", f"/api/v1/runs/{run}").json()

    def begin(self, job, **params):
        run = self.node.submit(job, params=params)
        until(lambda: self.run_of(run)["state"] == "running")
        return run

    def holder(self, run):
        return self.run_of(run)["attempts"][-1]["worker_id"]

    def marks_of(self, run):
        """(epoch, what, uptime) in the order in which it happened."""
        path = self.marks / run
        lines = path.read_text().splitlines() if path.exists() else []
        return [(int(epoch), what, float(at)) for epoch, what, at in map(str.split, lines)]

    def check_no_overlap(self, run):
        marks = self.marks_of(run)
        second = next(at for epoch, _, at in marks if epoch > 1)
        last = max(at for epoch, _, at in marks if epoch == 1)
        self.assertLess(last, second, marks[-5:])
        self.assertEqual([what for epoch, what, _ in marks if epoch == marks[-1][0]],
                         ["begin", "end"])

    def lines_of(self, run, attempt):
        body = self.node.request(
            "GET", f"/api/v1/runs/{run}/log/download?attempt={attempt}").body.decode()
        return [line for line in body.splitlines() if not line.startswith("[")]

    def count_of(self, lines, attempt):
        """How many lines, all of them and in their order."""
        self.assertEqual(lines, [f"attempt {attempt} line {i + 1}" for i in range(len(lines))])
        return len(lines)

    def events(self, prefix):
        items = self.node.request("GET", f"/api/v1/events?type={prefix}&limit=500").json()["items"]
        return [event["type"] for event in items]


class Usual(Outages):
    """With the usual lease of 10 s."""

    def two(self):
        return [self.worker(), self.worker()]

    def test_the_runs_of_a_worker_that_is_killed_start_elsewhere_within_12_s(self):
        workers = self.two()
        run = self.begin("marks")
        victim = next(worker for worker in workers if worker.id == self.holder(run))
        until(lambda: len(self.marks_of(run)) > 2)
        killed = time.clock_gettime(time.CLOCK_BOOTTIME)
        victim.kill()
        self.assertEqual(self.node.wait(run)["state"], "succeeded")
        self.check_no_overlap(run)
        begun = next(at for epoch, _, at in self.marks_of(run) if epoch == 2)
        self.assertLess(begun - killed, 12)

    def test_a_worker_that_is_frozen_has_no_work_when_its_lease_ends(self):
        workers = self.two()
        run = self.begin("marks")
        victim = next(worker for worker in workers if worker.id == self.holder(run))
        until(lambda: len(self.marks_of(run)) > 2)
        victim.process.send_signal(signal.SIGSTOP)
        ended = self.node.wait(run, 40)
        victim.process.send_signal(signal.SIGCONT)
        self.assertEqual(ended["state"], "succeeded")
        self.check_no_overlap(run)
        time.sleep(1)  # for work that must not be there
        self.check_no_overlap(run)
        self.assertEqual(victim.stop(), 0)

    def test_a_worker_that_is_cut_off_ends_its_work_before_another_may_begin(self):
        with Proxy(self.node.address) as proxy:
            near = self.worker(server=f"http://{proxy.address}")
            run = self.begin("marks")
            self.assertEqual(self.holder(run), near.id)
            until(lambda: len(self.marks_of(run)) > 2)
            self.worker()
            proxy.set("cut")
            cut = time.clock_gettime(time.CLOCK_BOOTTIME)
            self.assertEqual(self.node.wait(run)["state"], "succeeded")
            self.check_no_overlap(run)
            marks = self.marks_of(run)
            begun = next(at for epoch, _, at in marks if epoch == 2)
            ended = max(at for epoch, _, at in marks if epoch == 1)
            self.assertLess(begun - cut, 12)
            # 2 s before its lease was over; some of it is for a machine that is busy.
            self.assertGreater(begun - ended, 0.5)

    def test_a_cut_of_15_s_loses_no_line_and_keeps_their_order(self):
        proxy = Proxy(self.node.address)
        with proxy:
            self.worker(server=f"http://{proxy.address}")
            run = self.begin("chatty", lines="900")
            until(lambda: len(self.lines_of(run, 1)) > 20)
            before = len(self.lines_of(run, 1))
            proxy.set("cut")
            time.sleep(15)
            proxy.set("open")
            ended = self.node.wait(run, 120)
        self.assertEqual(ended["state"], "succeeded")
        attempts = ended["attempts"]
        self.assertEqual([each["outcome"]["status"] for each in attempts], ["lost", "success"])
        first = until(lambda: self.count_of(self.lines_of(run, 1), 1))
        # It printed a line every 10 ms and a bit, until a margin before the lease ended.
        self.assertGreater(first, before + 100)
        self.assertEqual(self.count_of(self.lines_of(run, 2), 2), 900)

    def test_a_node_that_is_gone_for_good_is_left_for_another_of_the_same_store(self):
        # One port where nobody listens, then the node: what a dead one among several looks like.
        worker = self.worker("--join", f"http://{self.node.address}",
                             server="http://127.0.0.1:1")
        run = self.begin("patient")
        self.assertEqual(self.holder(run), worker.id)
        self.go.write_text("")
        self.assertEqual(self.node.wait(run)["state"], "succeeded")


class LongLease(Outages):
    """Longer than a node takes to start on a busy machine."""
    FLAGS = ("--lease", f"{max(40, min(600, 2 * CUT_SECONDS))}s")

    def test_a_hole_in_the_network_that_is_shorter_than_the_lease_costs_nothing(self):
        with Proxy(self.node.address) as proxy:
            self.worker(server=f"http://{proxy.address}")
            run = self.begin("chatty", lines="800")
            until(lambda: len(self.lines_of(run, 1)) > 20)
            proxy.set("hole")
            time.sleep(4)
            proxy.set("open")
            ended = self.node.wait(run, 60)
        self.assertEqual(len(ended["attempts"]), 1)
        self.assertEqual(self.count_of(self.lines_of(run, 1), 1), 800)

    def test_what_a_worker_did_while_it_was_cut_off_is_told_when_it_is_back(self):
        with Proxy(self.node.address) as proxy:
            worker = self.worker(server=f"http://{proxy.address}")
            run = self.begin("talker")
            until(lambda: self.lines_of(run, 1))
            proxy.set("cut")
            began = time.monotonic()
            until(lambda: list((worker.data / "spool").glob("*.spool")))
            while time.monotonic() < began + CUT_SECONDS - 2:
                time.sleep(1)  # how long it is cut off is what the test is about
            self.go.write_text("")
            time.sleep(2)
            self.assertEqual(self.run_of(run)["state"], "running")
            proxy.set("open")
            ended = self.node.wait(run)
        self.assertEqual(ended["state"], "succeeded")
        self.assertEqual(len(ended["attempts"]), 1)
        lines = self.lines_of(run, 1)
        self.assertEqual(lines[-1], "end")
        self.assertGreater(self.count_of(lines[:-1], 1), 5 * CUT_SECONDS)

    def test_a_run_outlives_the_restart_of_its_node(self):
        self.worker()
        run = self.begin("patient")
        self.node.kill()
        self.go.write_text("")  # it ends while nobody can hear it
        time.sleep(2)
        self.node.start()
        ended = self.node.wait(run)
        self.assertEqual(ended["state"], "succeeded")
        self.assertEqual(len(ended["attempts"]), 1)
        self.assertEqual(self.node.log_of(run), b"begin\nend\n")


class ShortLease(Outages):
    FLAGS = ("--lease", "3s", "--heartbeat", "500ms")

    def test_what_a_worker_could_not_say_is_said_by_its_next_life(self):
        with Proxy(self.node.address) as proxy:
            worker = self.worker(server=f"http://{proxy.address}")
            run = self.begin("chatty", lines="5000")
            until(lambda: len(self.lines_of(run, 1)) > 20)
            proxy.set("cut")
            until(lambda: "leases were not renewed in time" in worker.log_text())
            until(lambda: list((worker.data / "spool").glob("*.spool")))
            before = len(self.lines_of(run, 1))
            time.sleep(0.5)
            worker.kill()
            proxy.set("open")
            worker.start()
            until(lambda: self.count_of(self.lines_of(run, 1), 1) > before + 30)
            until(lambda: not list((worker.data / "spool").glob("*.spool")))
            self.node.request("POST", f"/api/v1/runs/{run}/cancel", {"mode": "kill"})
            self.node.wait(run)

    def test_an_outcome_that_comes_after_its_lease_is_refused_and_recorded(self):
        with Proxy(self.node.address) as proxy:
            self.worker(server=f"http://{proxy.address}")
            run = self.begin("patient")
            until(lambda: self.lines_of(run, 1))
            proxy.set("cut")
            self.go.write_text("")
            ended = self.node.wait(run)
            self.assertEqual(ended["attempts"][0]["outcome"]["status"], "lost")
            proxy.set("open")
            until(lambda: "run.report_refused" in self.events("run.report"))
            until(lambda: self.lines_of(run, 1) == ["begin", "end"])

    def test_a_full_spool_slows_its_attempts_down_and_says_so(self):
        with Proxy(self.node.address) as proxy:
            worker = self.worker("--spool-limit", "64KiB", server=f"http://{proxy.address}")
            run = self.begin("endless")
            until(lambda: len(self.lines_of(run, 1)) > 5)
            proxy.set("cut")
            until(lambda: "the spool takes nothing more" in worker.log_text())
            proxy.set("open")
            self.node.request("POST", f"/api/v1/runs/{run}/cancel", {"mode": "kill"})
            self.assertIn(self.node.wait(run)["state"], ("cancelled", "failed"))

    def test_a_flood_is_slowed_down_and_arrives_whole(self):
        self.worker()
        run = self.node.wait(self.node.submit("flood"), 120)
        self.assertEqual(run["state"], "succeeded")
        lines = self.node.log_of(run["id"]).decode().split()
        self.assertEqual(len(lines), 400000)
        self.assertEqual(lines, [str(i + 1) for i in range(400000)])

    def test_a_worker_that_starts_before_its_node_waits_for_it(self):
        worker = self.worker()
        worker.stop()
        self.node.kill()
        worker.spawn()
        until(lambda: "the node is not there yet" in worker.log_text())
        self.node.start()
        line = worker.process.stdout.readline()
        self.assertTrue(re.search(rb"works for", line), line)


if __name__ == "__main__":
    unittest.main(verbosity=2)
