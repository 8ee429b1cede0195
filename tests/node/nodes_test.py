#!/usr/bin/env python3
"""Nodes and their roles: who is there, what each does, and what is said when nobody does it."""
import json
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node, program  # noqa: E402

SECONDS = 60


def nodes_of(node):
    return node.request("GET", "/api/v1/nodes").json()["items"]


class NodesTest(unittest.TestCase):
    def start(self, *flags):
        node = Node(*flags)
        self.addCleanup(node.__exit__)
        node.start()
        return node

    def wait_for(self, condition, message):
        deadline = time.monotonic() + SECONDS
        while not condition():
            self.assertLess(time.monotonic(), deadline, message)

    def test_a_node_is_listed_with_what_it_does_and_keeps_its_identity(self):
        node = self.start("--name", "alpha")
        self.wait_for(lambda: nodes_of(node)[0]["address"], "the address is never told")
        found, = nodes_of(node)
        self.assertEqual((found["name"], found["state"]), ("alpha", "online"))
        self.assertEqual(found["roles"], ["api", "scheduler", "worker"])
        self.assertEqual(found["address"], f"http://{node.address}")
        worker, = node.request("GET", "/api/v1/workers").json()["items"]
        self.assertEqual(worker["id"].removeprefix("wrk_"), found["id"].removeprefix("node_"))
        listed = node.jobctl("node", "list", "-o", "json")
        self.assertEqual(json.loads(listed.stdout)["items"][0]["id"], found["id"])
        self.assertEqual(node.stop(), 0)
        node.start()
        again, = nodes_of(node)
        self.assertEqual(again["id"], found["id"])
        self.assertGreater(again["started_at"], found["started_at"])
        events = node.request("GET", "/api/v1/events?type=node.").json()["items"]
        self.assertEqual([event["type"] for event in events],
                         ["node.joined", "node.draining", "node.joined"])

    def test_a_node_that_is_there_cannot_be_removed(self):
        node = self.start("--name", "alpha")
        refused = node.jobctl("node", "remove", "alpha")
        self.assertEqual(refused.returncode, 4, refused.stderr)
        self.assertIn("stop it first", refused.stderr)
        self.assertEqual(node.jobctl("node", "remove", "beta").returncode, 3)

    def test_without_a_scheduler_nothing_fires_and_everybody_says_so(self):
        node = self.start("--roles", "api,worker")
        node.apply("name: often\ncommand: echo fired\nschedule: {every: 1s}\n")
        why = node.jobctl("why", "often")
        self.assertIn("no node with the role scheduler", why.stdout)
        doctor = node.jobctl("doctor")
        self.assertEqual(doctor.returncode, 6, doctor.stdout)
        self.assertIn("Start a node with the role scheduler", doctor.stderr)
        ready = node.request("GET", "/readyz")
        self.assertEqual(ready.status, 200)
        self.assertTrue(any("role scheduler" in check for check in ready.json()["checks"]))
        # What people ask for runs all the same.
        node.apply("name: asked\ncommand: echo asked\n")
        self.assertEqual(node.wait(node.submit("asked"))["state"], "succeeded")
        self.assertFalse(node.request("GET", "/api/v1/runs?job=often").json()["items"])
        node.stop()
        node.flags = ()
        node.start()
        self.wait_for(lambda: node.request("GET", "/api/v1/runs?job=often&state=succeeded")
                      .json()["items"], "it never fired")
        self.assertNotIn("role scheduler", node.jobctl("why", "often").stdout)
        checks = node.request("GET", "/readyz").json()["checks"]
        self.assertFalse([check for check in checks if "role scheduler" in check])

    def test_without_a_worker_runs_wait_and_why_says_so(self):
        node = self.start("--roles", "api,scheduler")
        node.apply("name: waits\ncommand: echo at last\n")
        run = node.submit("waits")
        self.assertIn("no worker is online", node.jobctl("why", run).stdout)
        self.assertEqual(node.request("GET", "/api/v1/workers").json()["items"], [])
        node.stop()
        node.flags = ()
        node.start()
        self.assertEqual(node.wait(run)["state"], "succeeded")

    def test_a_node_without_the_api_works_and_answers_probes_only(self):
        node = self.start()
        node.apply("name: often\ncommand: echo fired\nschedule: {every: 1s}\n")
        node.stop()
        node.flags = ("--roles", "scheduler,worker")
        node.start()
        for path in ("/healthz", "/readyz", "/version", "/metrics"):
            self.assertEqual(node.request("GET", path).status, 200, path)
        for path in ("/", "/api/v1/jobs", "/signin", "/api/v1/openapi.json"):
            reply = node.request("GET", path)
            self.assertEqual(reply.status, 404, path)
            self.assertIn("no role api", reply.json()["detail"])
        done = 'mainspring_jobs_completed_total{state="succeeded"} '
        self.wait_for(lambda: float(node.request("GET", "/metrics").body.decode()
                                    .split(done)[1].split("\n")[0]) > 0, "nothing ever ran")

    def test_roles_that_are_none_are_refused(self):
        node = self.start()
        for roles, word in (("", "does nothing"), ("api,king", "king")):
            ended = subprocess.run(
                [program("mainspring"), "serve", "--data-dir", node.directory / "other",
                 "--listen", "127.0.0.1:0", "--roles", roles],
                capture_output=True, text=True, timeout=60, env=node.environment())
            self.assertEqual(ended.returncode, 2, ended.stderr)
            self.assertIn(word, ended.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
