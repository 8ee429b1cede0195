"""Two nodes on one PostgreSQL: one takes over what the other left; none plans by a wrong clock."""
import datetime
import os
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node  # noqa: E402

FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
FLAGS = ("--plan-ahead", "4s", "--liveness", "3s", "--slots", "8")
JOBS = 16  # enough that each node has some, whatever their ids
PERIOD = 2
SECONDS = 60
MANIFEST = """
name: beat-{}
command: [/bin/true]
schedule: {{every: {}s, overlap: allow, misfire: run_all}}
"""


class ClockedNode(Node):
    """A node whose clock can be set."""

    def __init__(self, *flags):
        super().__init__(*FLAGS, *flags)
        self.clock = self.directory / "clock"
        self.set_clock(0)

    def set_clock(self, offset):
        following = self.clock.with_suffix(".new")
        following.write_text(f"{offset:+d}s\n")
        following.rename(self.clock)

    def environment(self):
        return {**super().environment(), "LD_PRELOAD": FAKETIME, "FAKETIME_NO_CACHE": "1",
                "FAKETIME_TIMESTAMP_FILE": str(self.clock), "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def instants_of(node, job):
    """When the runs of a job were due, each as seconds."""
    items = node.request("GET", f"/api/v1/runs?job={job}&limit=200").json()["items"]
    parse = datetime.datetime.fromisoformat
    return sorted(parse(item["scheduled_at"].replace("Z", "+00:00")).timestamp()
                  for item in items)


@unittest.skipUnless(os.path.exists(FAKETIME), "libfaketime is not installed")
class SharedTest(unittest.TestCase):
    def setUp(self):
        self.first = self.start("--name", "first")
        self.second = self.start("--name", "second", store=self.first.store)
        self.wait_for(lambda: len(self.online(self.first)) == 2, "they never meet")
        self.first.apply("---".join(MANIFEST.format(i, PERIOD) for i in range(JOBS)))

    def start(self, *flags, store=None):
        node = ClockedNode(*flags)
        self.addCleanup(node.__exit__)
        node.store = store or node.store
        node.start()
        return node

    def online(self, node):
        items = node.request("GET", "/api/v1/nodes").json()["items"]
        return [item["name"] for item in items if item["state"] == "online"]

    def wait_for(self, condition, message):
        deadline = time.monotonic() + SECONDS
        while not condition():
            self.assertLess(time.monotonic(), deadline, message)

    def fired(self, node, count, since=0.0):
        """Whether each job has so many fires that were due since then."""
        return all(sum(at > since for at in instants_of(node, f"beat-{i}")) >= count
                   for i in range(JOBS))

    def check_whole(self, node):
        """No fire between the first and the last is missing, and none is there twice."""
        for i in range(JOBS):
            instants = instants_of(node, f"beat-{i}")
            steps = {round(after - before, 3) for before, after in zip(instants, instants[1:])}
            self.assertEqual(steps, {float(PERIOD)}, f"beat-{i}: {instants}")

    def test_what_a_killed_node_planned_is_planned_by_the_other(self):
        self.wait_for(lambda: self.fired(self.second, 2), "nothing fires")
        self.first.kill()
        killed = time.time()
        self.wait_for(lambda: self.fired(self.second, 6, killed), "the other does not take over")
        self.assertEqual(self.online(self.second), ["second"])
        self.check_whole(self.second)

    def test_what_a_stopped_node_planned_is_planned_by_the_other(self):
        self.wait_for(lambda: self.fired(self.first, 2), "nothing fires")
        self.assertEqual(self.second.stop(), 0)
        stopped = time.time()
        self.wait_for(lambda: self.fired(self.first, 6, stopped), "the other does not take over")
        self.check_whole(self.first)

    def test_a_node_with_a_wrong_clock_says_so_and_plans_nothing(self):
        self.wait_for(lambda: self.fired(self.first, 1), "nothing fires")
        self.second.set_clock(30)
        self.wait_for(lambda: self.skew_of("second") > 29_000, "nobody notices")
        events = self.first.request("GET", "/api/v1/events?type=node.").json()["items"]
        self.assertIn("node.clock_skewed", [event["type"] for event in events])
        ready = self.second.request("GET", "/readyz")
        self.assertEqual(ready.status, 200)  # it answers, and its workers go on
        self.assertIn(b"it plans nothing", ready.body)
        self.first.kill()
        killed = time.time()
        # What was planned ahead is all that there will be, and a planner would add to it.
        self.wait_for(lambda: time.time() > killed + 15, "")
        for i in range(JOBS):
            self.assertLess(max(instants_of(self.second, f"beat-{i}")), killed + 8)
        self.second.set_clock(0)
        self.wait_for(lambda: self.fired(self.second, 3, killed + 15), "it stays silent")
        self.check_whole(self.second)

    def skew_of(self, name):
        items = self.first.request("GET", "/api/v1/nodes").json()["items"]
        node = next(item for item in items if item["name"] == name)
        return abs(node.get("clock_offset_ms") or 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
