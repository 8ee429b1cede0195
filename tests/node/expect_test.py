#!/usr/bin/env python3
"""Lateness and silence on a real node: events, statistics and reasons, and over a kill."""
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node  # noqa: E402

MANIFEST = """
name: blocker
command: exec sleep 600
timeout: {grace: 1s}
expect: {finish_within: 2s}
---
name: waits
command: echo at last
expect: {start_within: 1s}
---
name: never-succeeds
command: exit 3
expect: {every: 2s}
---
name: quick
command: echo quick
expect: {start_within: 1h, finish_within: 2h, every: 1d}
"""


class Expectations(unittest.TestCase):
    def setUp(self):
        self.node = Node("--slots", "1")
        self.addCleanup(self.node.__exit__)
        self.node.start()
        self.node.apply(MANIFEST)

    def events(self, kind, count=0):
        """All events of the type, once there are so many."""
        deadline = time.monotonic() + 60
        while True:
            found = self.node.request("GET", f"/api/v1/events?type={kind}").json()["items"]
            if len(found) >= count:
                return found
            self.assertLess(time.monotonic(), deadline, f"{kind}: {found}")
            self.node.request("GET", f"/api/v1/runs/{self.blocker}", headers={"Prefer": "wait=1"})

    def jobctl(self, *words, code=0):
        done = self.node.jobctl(*words)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def test_what_does_not_come_in_time_is_told_once(self):
        self.blocker = self.node.submit("blocker")
        waits = self.node.submit("waits")
        late = {e["subject"]: e["data"] for e in self.events("run.late", 2)}
        self.assertEqual(set(late), {self.blocker, waits})
        self.assertEqual(late[waits]["expectation"], "start_within")
        self.assertEqual(late[waits]["state"], "queued")
        self.assertEqual(late[waits]["limit"], "1s")
        self.assertEqual(late[self.blocker]["expectation"], "finish_within")
        self.assertEqual(late[self.blocker]["reason"], "it has not finished 2s after it was due")
        self.assertIn("it should have started by", self.jobctl("why", waits))
        self.assertIn("(expect.start_within: 1s)", self.jobctl("why", waits))

        silent, = self.events("job.silent", 1)
        self.assertEqual(silent["data"]["job"], "never-succeeds")
        self.assertEqual(silent["data"]["every"], "2s")
        self.assertIn("it is silent: no success since", self.jobctl("why", "never-succeeds"))
        self.assertIn("a success is expected by", self.jobctl("why", "quick"))

        # A node that dies and comes back does not say it again, and says what else is late.
        self.node.kill()
        self.node.start()
        lost, self.blocker = self.blocker, self.node.submit("blocker")
        again = self.node.submit("waits")
        late = [e["subject"] for e in self.events("run.late", 4)]
        self.assertEqual(sorted(late), sorted([lost, waits, self.blocker, again]))
        self.assertEqual(len(self.events("job.silent")), 1)
        self.jobctl("runs", "cancel", "--job", "blocker", "--yes", "--wait")
        self.assertEqual(self.node.wait(waits)["state"], "succeeded")
        self.assertEqual(self.node.wait(again)["state"], "succeeded")
        self.assertEqual(len(self.events("run.late")), 4)

    def test_statistics_of_a_job(self):
        for _ in range(12):
            self.assertEqual(self.node.wait(self.node.submit("quick"))["state"], "succeeded")
        self.node.wait(self.node.submit("never-succeeds"))
        stats = self.node.request("GET", "/api/v1/jobs/quick/stats").json()
        self.assertEqual((stats["runs"], stats["endings"]), (12, {"succeeded": 12}))
        self.assertEqual((stats["failure_rate"], stats["duration"]["samples"]), (0, 12))
        self.assertIn(stats["trend"]["direction"], ("slower", "faster", "steady"))
        few = self.node.request("GET", "/api/v1/jobs/quick/stats?runs=3").json()
        self.assertEqual(few["runs"], 3)
        self.assertNotIn("trend", few)
        failing = json.loads(self.jobctl("job", "stats", "never-succeeds", "-o", "json"))
        self.assertEqual((failing["failure_rate"], failing["endings"]), (1, {"failed": 1}))
        table = self.jobctl("job", "stats", "quick").splitlines()
        self.assertRegex(table[0], r"RUNS +FAILURES +P50 +P95 +MAX +WAIT P50")
        self.assertRegex(table[1], r"12 +0")
        self.assertEqual(self.node.request("GET", "/api/v1/events?type=run.late").json()["items"],
                         [])


if __name__ == "__main__":
    unittest.main()
