#!/usr/bin/env python3
"""Operations and retention on a real node: through the API, through jobctl, and over restarts."""
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
priority: 100
timeout: {grace: 1s}
---
name: plain
command: echo hello
labels: {team: data}
---
name: fails
command: exit 3
params: {n: {type: integer, default: 0}}
---
name: ticker
command: echo "$MAINSPRING_SCHEDULED_AT"
schedule: {cron: "0 * * * *", params: {region: eu}}
params: {region: {type: string, default: us}}
---
name: brief
command: echo brief
retention: {runs: 2}
"""
FROM, UNTIL = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"


class Operations(unittest.TestCase):
    def setUp(self):
        self.node = Node("--slots", "1")
        self.addCleanup(self.node.__exit__)
        self.node.start()
        self.node.apply(MANIFEST)

    def block(self):
        """Nothing else starts until the test ends: the only slot is taken."""
        run = self.node.submit("blocker")
        deadline = time.monotonic() + 30
        while self.node.request("GET", f"/api/v1/runs/{run}").json()["state"] != "running":
            self.assertLess(time.monotonic(), deadline)
            self.node.request("GET", f"/api/v1/runs/{run}/log", headers={"Prefer": "wait=1"})
        return run

    def operate(self, body, path="", status=200, **headers):
        reply = self.node.request("POST", f"/api/v1/operations{path}", body,
                                  {"Prefer": "wait=60", **headers})
        self.assertEqual(reply.status, status, reply.body)
        return reply.json()

    def jobctl(self, *words, code=0):
        done = self.node.jobctl(*words)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def state(self, run):
        return self.node.request("GET", f"/api/v1/runs/{run}").json()["state"]

    def test_a_bulk_cancel_ends_what_its_selection_names(self):
        blocker = self.block()
        plain = [self.node.submit("plain") for _ in range(30)]
        other = self.node.submit("fails")
        body = {"kind": "cancel_runs", "selection": {"selector": "team=data"}, "reason": "wrong"}
        preview = self.operate(body, "?dry_run=true")
        self.assertEqual((preview["runs"], preview["complete"]), (30, True))
        done = self.operate(body)
        self.assertEqual((done["state"], done["total"], done["done"]), ("completed", 30, 30))
        self.assertEqual({self.state(run) for run in plain}, {"cancelled"})
        self.assertEqual((self.state(other), self.state(blocker)), ("queued", "running"))
        reason = self.node.request("GET", f"/api/v1/runs/{plain[0]}").json()["reason"]
        self.assertIn("wrong", reason)
        self.assertIn(done["id"], reason)
        events = self.node.request("GET", "/api/v1/events?type=operation.").json()["items"]
        self.assertEqual([e["type"] for e in events],
                         ["operation.started", "operation.completed"])

    def test_an_operation_answers_where_it_is_and_a_repeat_is_the_same_one(self):
        body = {"kind": "delete_runs", "selection": {"job": "plain"}}
        key = {"Idempotency-Key": "once"}
        first = self.node.request("POST", "/api/v1/operations", body, key)
        self.assertEqual(first.status, 202)
        again = self.node.request("POST", "/api/v1/operations", body, key)
        self.assertEqual(first.json()["id"], again.json()["id"])
        self.assertEqual(first.headers["Location"], f"/api/v1/operations/{first.json()['id']}")
        listed = self.node.request("GET", "/api/v1/operations").json()["items"]
        self.assertEqual([o["id"] for o in listed], [first.json()["id"]])

    def test_mistakes_are_told(self):
        for body, status in (({"kind": "cancel_runs"}, 400),
                             ({"kind": "cancel_runs", "selection": {"job": "nobody"}}, 404),
                             ({"kind": "cancel_runs", "selection": {"states": ["failed"]}}, 400),
                             ({"kind": "delete_runs", "selection": {"states": ["queued"]}}, 400),
                             ({"kind": "backfill", "backfill":
                               {"job": "plain", "from": FROM, "until": UNTIL}}, 400),
                             ({"kind": "backfill", "backfill":
                               {"job": "ticker", "from": UNTIL, "until": FROM}}, 400)):
            self.operate(body, status=status)
        self.assertEqual(self.node.request("GET", "/api/v1/operations/op_x").status, 400)

    def test_failed_runs_are_run_again_with_their_input_and_deleted(self):
        old = [self.node.submit("fails", params={"n": n}) for n in range(3)]
        for run in old:
            self.node.wait(run)
        done = self.operate({"kind": "rerun_runs", "selection": {"job": "fails",
                                                                 "states": ["failed"]}})
        self.assertEqual((done["done"], done["skipped"]), (3, 0))
        runs = self.node.request("GET", "/api/v1/runs?job=fails&trigger=retry").json()["items"]
        again = [self.node.wait(run["id"]) for run in runs]
        self.assertEqual({run["rerun_of"] for run in again}, set(old))
        self.assertEqual(sorted(run["params"]["n"] for run in again), [0, 1, 2])
        self.jobctl("runs", "delete", "--job", "fails", "--yes", "--wait")
        self.assertEqual(self.node.request("GET", "/api/v1/runs?job=fails").json()["items"], [])
        self.assertEqual(self.node.request("GET", f"/api/v1/runs/{old[0]}").status, 404)

    def test_a_backfill_makes_up_for_every_fire_of_its_range(self):
        body = {"kind": "backfill", "backfill":
                {"job": "ticker", "from": FROM, "until": UNTIL, "overlap": "allow"}}
        self.assertEqual(self.operate(body, "?dry_run=true")["runs"], 24)
        done = self.operate(body)
        self.assertEqual((done["state"], done["total"], done["done"]), ("completed", 24, 24))
        runs = self.node.request("GET", "/api/v1/runs?job=ticker&trigger=backfill").json()["items"]
        self.assertEqual({run["state"] for run in runs}, {"succeeded"})
        self.assertEqual(sorted(run["scheduled_at"] for run in runs),
                         [f"2026-01-01T{hour:02}:00:00.000Z" for hour in range(24)])
        self.assertEqual(self.node.request("GET", f"/api/v1/runs/{runs[0]['id']}").json()["params"],
                         {"region": "eu"})

    def test_a_cancelled_backfill_takes_back_what_waits_of_it(self):
        self.block()
        done = self.jobctl("backfill", "ticker", "--from", FROM, "--until", UNTIL, "-o", "json")
        operation = json.loads(done.stdout)["id"]
        self.assertIn("goes on", self.jobctl(
            "backfill", "ticker", "--from", FROM, "--until", UNTIL).stderr)
        self.jobctl("operation", "cancel", operation)
        deadline = time.monotonic() + 30
        while True:
            runs = self.node.request(
                "GET", "/api/v1/runs?job=ticker&trigger=backfill&limit=500").json()["items"]
            waiting = [r for r in runs if r["state"] == "queued"]
            if len(runs) == 48 and len(waiting) == 24:
                break
            self.assertLess(time.monotonic(), deadline, [r["state"] for r in runs])
            self.operate({}, f"/{operation}/cancel", status=409)

    def test_jobctl_asks_before_it_touches_many_runs(self):
        self.block()
        for _ in range(3):
            self.node.submit("plain")
        refused = self.jobctl("runs", "cancel", "--job", "plain", code=2)
        self.assertIn("cancel 3 runs? Nobody can be asked here; add --yes.", refused.stderr)
        self.assertIn("say which", self.jobctl("runs", "cancel", code=2).stderr)
        self.assertEqual(self.jobctl("runs", "cancel", "--job", "plain", "--dry-run").stdout,
                         "3 runs\n")
        done = self.jobctl("runs", "cancel", "-l", "team=data", "--state", "queued", "--yes",
                           "--wait")
        self.assertRegex(done.stdout, r"cancel_runs +completed +3 +3 +0")
        self.assertIn("completed: 3 of 3", done.stderr)
        self.assertRegex(self.jobctl("operation", "list").stdout, "completed")

    def test_an_operation_that_a_kill_cut_off_is_finished_by_the_next_life(self):
        self.block()
        runs = [self.node.submit("plain") for _ in range(300)]
        reply = self.node.request("POST", "/api/v1/operations",
                                  {"kind": "cancel_runs", "selection": {"job": "plain"}})
        self.node.kill()
        self.node.start()
        operation = self.node.request("GET", f"/api/v1/operations/{reply.json()['id']}",
                                      headers={"Prefer": "wait=60"}).json()
        self.assertEqual((operation["state"], operation["skipped"]), ("completed", 0))
        # The blocker died with the node, so some may have run before the operation came to them.
        deadline = time.monotonic() + 30
        while True:
            states = [self.state(run) for run in runs]
            if set(states) <= {"cancelled", "succeeded"}:
                break
            self.assertLess(time.monotonic(), deadline, set(states))
        self.assertGreater(operation["done"], 200)
        self.assertGreaterEqual(operation["done"], states.count("cancelled"))
        self.assertGreaterEqual(operation["done"] + states.count("succeeded"), 300)

    def test_retention_keeps_the_newest_runs(self):
        runs = []
        for _ in range(5):
            runs.append(self.node.submit("brief"))
            self.node.wait(runs[-1])
        # A job whose definition changes is looked at again at once.
        self.node.apply(MANIFEST.replace("echo brief", "echo shorter"))
        self.node.stop()
        self.node.start()  # history is looked at when a node starts, then once a minute
        deadline = time.monotonic() + 60
        while True:
            kept = self.node.request("GET", "/api/v1/runs?job=brief").json()["items"]
            if len(kept) == 2:
                break
            self.assertLess(time.monotonic(), deadline, len(kept))
        self.assertEqual({run["id"] for run in kept}, set(runs[-2:]))
        self.assertEqual(self.node.request("GET", f"/api/v1/runs/{runs[0]}").status, 404)


if __name__ == "__main__":
    unittest.main(verbosity=2)
