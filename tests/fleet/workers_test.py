#!/usr/bin/env python3
"""Workers that join from elsewhere: how they get in, what they may do, and that a run on them is
like any other run."""
import concurrent.futures
import contextlib
import json
import pathlib
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from fleet import RemoteWorker, find_worker, make_join_token  # noqa: E402
from node import Node, program  # noqa: E402
from waiting import until  # noqa: E402

FAR = "placement: {labels: {site: far}}"
JOBS = f"""
name: hello
command: 'echo "hello from $MAINSPRING_JOB"; echo "answer=42" >>$MAINSPRING_OUTPUT'
{FAR}
---
name: anywhere
command: sleep 0.6
---
name: sleeper
command: 'echo begin; sleep 300'
timeout: {{grace: 1s}}
{FAR}
---
name: limited
command: 'echo begin; sleep 300'
timeout: {{run: 3s, grace: 1s}}
{FAR}
---
name: steps
command: |
  echo "0.25 a quarter" >>$MAINSPRING_PROGRESS_FILE
  while [ ! -e $GO ]; do sleep 0.05; done
environment: {{GO: "%(go)s"}}
{FAR}
---
name: speaks
command: 'for i in 1 2 3; do echo line $i; sleep 0.3; done'
{FAR}
---
name: secretive
command: 'echo "the key is $KEY, keep it"'
environment: {{KEY: {{file: "%(secret)s"}}}}
{FAR}
---
name: stored
command: 'echo "the key is $KEY, keep it"'
environment: {{KEY: {{secret: far-key}}}}
{FAR}
---
kind: connection
name: far-box
type: sqlite
path: "%(box)s"
---
name: asks
type: sql
sql: {{connection: far-box, statement: SELECT x FROM t}}
{FAR}
---
name: drained
command: 'echo "$MAINSPRING_EPOCH"; [ "$MAINSPRING_ATTEMPT" -gt 1 ] || sleep 300'
timeout: {{grace: 1s}}
retry: {{max_attempts: 3, backoff: {{type: fixed, initial: 10ms}}}}
"""


class Fleet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node("--slots", "2", "--labels", "site=near")
        cls.addClassCleanup(cls.node.__exit__)
        cls.node.start()
        cls.go = cls.node.directory / "go"
        secret = cls.node.directory / "secret"
        secret.write_text("s3cret-value-of-a-file")
        box = cls.node.directory / "box.db"
        with contextlib.closing(sqlite3.connect(box)) as database:
            database.executescript("CREATE TABLE t(x); INSERT INTO t VALUES ('hello from far')")
        cls.node.apply(JOBS % {"go": cls.go, "secret": secret, "box": box})
        cls.worker = RemoteWorker(cls.node)
        cls.addClassCleanup(cls.worker.__exit__)
        cls.worker.start()

    def run_of(self, run):
        return self.node.request("GET", f"/api/v1/runs/{run}").json()

    def begin(self, job, **body):
        run = self.node.submit(job, **body)
        until(lambda: self.run_of(run)["state"] == "running")
        return run


class LikeAnyOther(Fleet):
    def test_a_run_gives_its_output_result_and_log(self):
        run = self.node.wait(self.node.submit("hello"))
        self.assertEqual(run["state"], "succeeded")
        self.assertEqual(run["outcome"]["result"], {"answer": "42"})
        self.assertEqual(run["attempts"][0]["worker_id"], self.worker.id)
        self.assertEqual(self.node.log_of(run["id"]), b"hello from hello\n")

    def test_values_of_files_are_masked(self):
        run = self.node.wait(self.node.submit("secretive"))
        self.assertEqual(run["state"], "succeeded", run)
        self.assertEqual(self.node.log_of(run["id"]), b"the key is ***, keep it\n")

    def test_it_has_secrets_of_its_own_and_names_the_command_that_stores_one(self):
        run = self.node.wait(self.node.submit("stored"))
        self.assertEqual(run["state"], "failed", run)
        self.assertIn(f"`mainspring secret set far-key --data-dir {self.worker.data}`",
                      str(self.node.request("GET", f"/api/v1/runs/{run['id']}").json()))
        subprocess.run([program("mainspring"), "secret", "set", "far-key", "--data-dir",
                        self.worker.data], input=b"s3cret-value-of-its-own", check=True,
                       capture_output=True, env=self.node.environment())
        run = self.node.wait(self.node.submit("stored"))
        self.assertEqual(run["state"], "succeeded", run)
        self.assertEqual(self.node.log_of(run["id"]), b"the key is ***, keep it\n")

    def test_it_gets_the_connections_that_a_job_names(self):
        run = self.node.wait(self.node.submit("asks"))
        self.assertEqual(run["state"], "succeeded", run)
        self.assertIn("hello from far", str(run))

    def test_a_cancel_reaches_it_at_once(self):
        run = self.begin("sleeper")
        began = time.monotonic()
        self.node.request("POST", f"/api/v1/runs/{run}/cancel", {"reason": "enough"})
        self.assertEqual(self.node.wait(run)["state"], "cancelled")
        self.assertLess(time.monotonic() - began, 5)

    def test_its_timeout_ends_it_and_more_time_is_kept(self):
        short, longer = self.begin("limited"), self.begin("limited")
        began = time.monotonic()
        reply = self.node.request("POST", f"/api/v1/runs/{longer}/extend", {"run": "8s"})
        self.assertEqual(reply.status, 200, reply.body)
        self.assertEqual(self.node.wait(short)["state"], "timed_out")
        self.assertEqual(self.run_of(longer)["state"], "running")
        self.assertEqual(self.node.wait(longer)["state"], "timed_out")
        self.assertGreater(time.monotonic() - began, 7)

    def test_progress_is_seen_while_it_runs(self):
        run = self.begin("steps")
        progress = until(lambda: self.run_of(run).get("progress"))
        self.assertEqual((progress["fraction"], progress["message"]), (0.25, "a quarter"))
        self.go.write_text("")
        self.assertEqual(self.node.wait(run)["state"], "succeeded")

    def test_its_log_is_followed(self):
        run = self.node.submit("speaks")
        done = self.node.jobctl("logs", run, "-f")
        self.assertEqual(done.stdout, "line 1\nline 2\nline 3\n", done.stderr)

    def test_runs_spread_over_the_node_and_its_workers(self):
        with RemoteWorker(self.node) as other:
            runs = [self.node.submit("anywhere") for _ in range(24)]
            places = {self.node.wait(run)["attempts"][0]["worker_id"] for run in runs}
        self.assertEqual(len(places), 3, places)
        self.assertIn(other.id, places)

    def test_what_its_machine_has_is_listed(self):
        worker = find_worker(self.node, self.worker.id)
        self.assertTrue(worker["remote"])
        self.assertEqual(worker["labels"]["site"], "far")
        self.assertGreaterEqual(worker["resources"]["cpu"], 1)
        self.assertGreater(worker["resources"]["memory_bytes"], 1 << 28)
        self.assertEqual(worker["slots"], 4)


class Placing(Fleet):
    """Which worker a run goes to, by what the workers themselves say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small = cls.add_worker("zone=a,disk=hdd", "cpu=2,memory=2GiB,gpus=0")
        cls.large = cls.add_worker("zone=b,disk=ssd", "cpu=8,memory=16GiB,gpus=2,gpu_memory=40GiB")

    @classmethod
    def add_worker(cls, labels, resources):
        worker = RemoteWorker(cls.node, "--resources", resources, labels=labels)
        cls.addClassCleanup(worker.__exit__)
        worker.start()
        return worker

    def put(self, name, placement="{}", resources="{}", command="sleep 300"):
        self.node.apply(f"name: {name}\ncommand: '{command}'\ntimeout: {{grace: 1s}}\n"
                        f"placement: {placement}\nresources: {resources}")

    def place_of(self, run):
        return self.run_of(run)["attempts"][0]["worker_id"]

    def end(self, *runs):
        for run in runs:
            self.node.request("POST", f"/api/v1/runs/{run}/cancel", {"mode": "kill"})
        for run in runs:
            self.node.wait(run)

    def why(self, run):
        done = self.node.jobctl("why", run)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_constraints_on_labels_decide(self):
        self.put("inland", "{constraints: [{label: zone, op: exists}, "
                           "{label: disk, op: not_in, values: [ssd]}]}")
        runs = [self.begin("inland") for _ in range(3)]
        self.assertEqual({self.place_of(run) for run in runs}, {self.small.id})
        self.end(*runs)

    def test_a_preference_decides_while_there_is_room(self):
        self.put("quick", "{constraints: [{label: zone, op: exists}], "
                          "prefer: [{label: disk, value: ssd, weight: 5}]}", "{slots: 3}")
        first, second = self.begin("quick"), self.begin("quick")
        self.assertEqual((self.place_of(first), self.place_of(second)),
                         (self.large.id, self.small.id))
        self.end(first, second)

    def test_each_run_has_gpus_of_its_own_and_waits_where_none_is_free(self):
        self.put("train", "{labels: {zone: b}}", "{gpus: 1, gpu_memory: 40GiB}",
                 'echo "$CUDA_VISIBLE_DEVICES $NVIDIA_VISIBLE_DEVICES"; sleep 300')
        first, second = self.begin("train"), self.begin("train")
        logs = {until(lambda: self.node.log_of(run)) for run in (first, second)}
        self.assertEqual(logs, {b"0 0\n", b"1 1\n"})
        used = find_worker(self.node, self.large.id)["used"]
        self.assertEqual(used["gpus"], 2)
        third = self.node.submit("train")
        self.assertIn("it waits for gpus", self.why(third))
        self.end(first)
        until(lambda: self.run_of(third)["state"] == "running")
        self.assertEqual(until(lambda: self.node.log_of(third)), b"0 0\n"
                         if self.node.log_of(first) == b"0 0\n" else b"1 1\n")
        self.end(second, third)

    def test_a_run_that_no_worker_can_ever_take_says_what_the_nearest_lacks(self):
        self.put("huge", "{labels: {zone: b, disk: ssd}}", "{gpus: 4, gpu_memory: 80GiB}")
        run = self.node.submit("huge")
        said = self.why(run)
        self.assertIn("none of the 4 workers online may take it; the nearest, ", said)
        self.assertIn(" lacks gpus 4 (it has 2) and gpu_memory 80GiB (it has 40GiB)", said)
        self.end(run)


class Orders(Fleet):
    def order(self, *words):
        done = self.node.jobctl("worker", *words, "-o", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout) if done.stdout else None

    def tearDown(self):
        self.order("uncordon", self.worker.id)

    def test_a_cordoned_worker_finishes_what_it_has_and_gets_nothing_new(self):
        run = self.begin("sleeper")
        self.assertTrue(self.order("cordon", self.worker.id)["cordoned"])
        waiting = self.node.submit("hello")
        time.sleep(1)  # nothing tells that nothing happens
        self.assertEqual(self.run_of(waiting)["state"], "queued")
        self.assertEqual(self.run_of(run)["state"], "running")
        self.order("uncordon", self.worker.id)
        self.assertEqual(self.node.wait(waiting)["state"], "succeeded")
        self.node.request("POST", f"/api/v1/runs/{run}/cancel", {"mode": "kill"})
        self.node.wait(run)

    def test_a_cordon_outlives_a_restart_of_the_worker(self):
        with RemoteWorker(self.node, labels="site=cordoned") as worker:
            self.order("cordon", worker.id)
            worker.kill()
            worker.start()
            until(lambda: registered(self.node, worker.id))
            self.assertTrue(find_worker(self.node, worker.id)["cordoned"])
            self.assertFalse(self.order("uncordon", worker.id)["cordoned"])

    def test_a_drain_ends_at_its_deadline_what_it_has_not_finished(self):
        with RemoteWorker(self.node, labels="site=other") as other:
            self.order("cordon", find_near(self.node)["id"])
            self.order("cordon", self.worker.id)
            run = self.begin("drained")
            self.assertEqual(self.run_of(run)["attempts"][0]["worker_id"], other.id)
            self.order("uncordon", find_near(self.node)["id"])
            began = time.monotonic()
            left = self.order("drain", other.id, "--deadline", "3s", "--wait")
            self.assertGreater(time.monotonic() - began, 2.5)
            self.assertEqual(left["busy"], 0)
            ended = self.node.wait(run)
            first, second = ended["attempts"]
            self.assertEqual(first["outcome"]["status"], "lost")
            self.assertEqual(first["outcome"]["error"]["message"], "the worker was drained")
            self.assertNotEqual(second["worker_id"], other.id)
            self.assertEqual(ended["state"], "succeeded")
        types = [event["type"] for event in
                 self.node.request("GET", "/api/v1/events?type=node.&limit=500").json()["items"]]
        for expected in ("node.admitted", "node.joined", "node.cordoned", "node.draining"):
            self.assertIn(expected, types)

    def test_a_worker_that_was_removed_ends_and_cannot_come_back(self):
        worker = RemoteWorker(self.node, labels="site=gone")
        self.addCleanup(worker.__exit__)
        worker.start()
        self.order("remove", worker.id)
        self.assertEqual(worker.process.wait(timeout=20), 5, worker.log_text())
        self.assertIsNone(find_worker(self.node, worker.id))
        worker.spawn()
        self.assertEqual(worker.process.wait(timeout=20), 5)
        self.assertIn("may have been removed", worker.log_text())

    def test_a_worker_that_stops_says_so_and_one_that_vanishes_is_found_out(self):
        with RemoteWorker(self.node) as worker:
            self.assertEqual(worker.stop(), 0)
            self.assertEqual(find_worker(self.node, worker.id)["state"], "offline")
            worker.start()
            until(lambda: find_worker(self.node, worker.id)["state"] == "online")
            worker.kill()
            until(lambda: find_worker(self.node, worker.id)["state"] == "offline", 90)


def registered(node, worker_id):
    """The worker once it is online."""
    found = find_worker(node, worker_id)
    return found if found["state"] == "online" else None


def find_near(node):
    items = node.request("GET", "/api/v1/workers").json()["items"]
    return next(item for item in items if not item["remote"])


class Doors(Fleet):
    def refuse(self, words, token=None, **how):
        """The exit code and what was said by a worker that does not get in."""
        worker = RemoteWorker(self.node, token=token, **how)
        self.addCleanup(worker.__exit__)
        worker.spawn(*words)
        return worker.process.wait(timeout=30), worker.log_text()

    def test_a_join_token_opens_as_often_as_it_says(self):
        token = make_join_token(self.node, uses=2, labels={"site": "given"}, slots_limit=1)
        for _ in range(2):
            with RemoteWorker(self.node, token=token, labels="site=mine,own=yes") as worker:
                found = until(lambda: registered(self.node, worker.id))
                self.assertEqual(found["slots"], 1)
                self.assertEqual(found["labels"]["site"], "given")
                self.assertEqual(found["labels"]["own"], "yes")
        code, text = self.refuse([], token)
        self.assertEqual(code, 5)
        self.assertIn("was used 2 times already", text)

    def test_a_join_token_for_one_lets_one_of_many_in_and_the_same_one_again(self):
        headers = {"Authorization": f"Bearer {make_join_token(self.node)}",
                   "Mainspring-Worker-Protocol": "2"}

        def join(number):
            identity = f"wrk_{number:032x}"
            body = {"worker_id": identity, "credential_sha256": f"{number:064x}",
                    "name": f"joiner-{number}"}
            return self.node.request("POST", "/api/v1/worker/join", body, headers)

        numbers = range(0xab00, 0xab08)
        with concurrent.futures.ThreadPoolExecutor(len(numbers)) as pool:
            replies = dict(zip(numbers, pool.map(join, numbers)))
        came = [number for number in numbers if replies[number].status == 200]
        self.assertEqual(len(came), 1, [reply.body for reply in replies.values()])
        # Its answer may have been lost on the way.
        self.assertEqual(join(came[0]).status, 200)
        self.assertEqual(join(next(each for each in numbers if each != came[0])).status, 401)

    def test_a_join_token_that_is_wrong_over_or_revoked_opens_nothing(self):
        code, text = self.refuse([], "msj_" + "x" * 43)
        self.assertEqual(code, 5)
        self.assertIn("is not known here", text)
        token = make_join_token(self.node, expires_in="1s")
        time.sleep(1.1)
        self.assertIn("expired at", self.refuse([], token)[1])
        token = make_join_token(self.node)
        listed = self.node.request("GET", "/api/v1/join-tokens").json()["items"]
        self.assertNotIn(token, json.dumps(listed))
        for item in listed:
            self.node.request("DELETE", f"/api/v1/join-tokens/{item['id']}")
        self.assertIn("is not known here", self.refuse([], token)[1])

    def test_a_token_of_a_person_is_no_join_token_and_none_is_sent_in_clear(self):
        self.assertEqual(self.refuse([], self.node.token)[0], 5)
        code, text = self.refuse([], server="http://mainspring.example.com:7070")
        self.assertEqual(code, 2)
        self.assertIn("is not encrypted", text)

    def test_secrets_of_a_worker_are_for_its_user_alone_and_in_no_log(self):
        identity = self.worker.data / "identity"
        self.assertEqual(identity.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(self.worker.credential(), self.worker.log_text())
        self.assertNotIn(self.worker.credential(), self.node.log_text())

    def test_a_worker_may_speak_to_the_worker_protocol_and_to_nothing_else(self):
        document = self.node.request("GET", "/api/v1/openapi.json").json()
        bearer = {"Authorization": f"Bearer {self.worker.credential()}"}
        tried = 0
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if operation["x-permission"] == "open":
                    continue
                admin = {"Mainspring-Worker-Protocol": "2"}
                is_workers = operation["x-permission"] == "worker"
                reply = self.node.request(method.upper(), path.replace("{", "x").replace("}", ""),
                                          "{}" if method == "post" else None,
                                          admin if is_workers else bearer)
                self.assertEqual(reply.status, 403, (method, path, reply.body))
                tried += 1
        self.assertGreater(tried, 60)

    def test_a_worker_acts_for_itself_alone(self):
        run = self.begin("sleeper")
        with RemoteWorker(self.node, labels="site=spy") as spy:
            headers = {"Authorization": f"Bearer {spy.credential()}",
                       "Mainspring-Worker-Protocol": "2"}
            lease = {"run_id": run, "epoch": 1}
            reply = self.node.request(
                "POST", "/api/v1/worker/reports",
                {"sent_at": "2026-01-01T00:00:00Z",
                 "reports": [{"lease": lease, "outcome": {"status": "success"}},
                             {"lease": {"run_id": run, "epoch": 1}, "output": [
                                 {"seq": 9, "stream": "stdout", "at": "2026-01-01T00:00:00Z",
                                  "bytes": "bGll"}]}]}, headers)
            self.assertEqual([answer["code"] for answer in reply.json()["answers"]],
                             ["lease_lost", "lease_lost"])
            reply = self.node.request("POST", "/api/v1/worker/heartbeats",
                                      {"leases": [lease], "lease": "10s"}, headers)
            self.assertFalse(reply.json()["leases"][0]["held"])
        self.assertEqual(self.run_of(run)["state"], "running")
        self.node.request("POST", f"/api/v1/runs/{run}/cancel", {"mode": "kill"})
        self.node.wait(run)

    def test_neighbouring_versions_of_the_protocol_meet(self):
        for newest in ("1", "2", "3"):
            with RemoteWorker(self.node, "--protocol", newest, labels="site=v" + newest) as worker:
                self.node.apply(f"name: v{newest}\ncommand: 'printf last-words'\n"
                                f"placement: {{labels: {{site: v{newest}}}}}")
                run = self.node.wait(self.node.submit(f"v{newest}"))
                self.assertEqual(run["state"], "succeeded")
                self.assertEqual(self.node.log_of(run["id"]), b"last-words")
                cpus = find_worker(self.node, worker.id)["resources"]["cpu"]
                self.assertEqual(cpus > 0, newest != "1")

    def test_versions_that_are_too_far_apart_are_told_who_must_be_upgraded(self):
        code, text = self.refuse(["--protocol", "4"])
        self.assertEqual(code, 2)
        self.assertIn("upgrade the node", text)
        headers = {"Authorization": f"Bearer {self.worker.credential()}",
                   "Mainspring-Worker-Protocol": "0"}
        reply = self.node.request("POST", "/api/v1/worker/claims", {}, headers)
        self.assertEqual(reply.json()["code"], "unsupported")
        self.assertIn("upgrade the worker", reply.json()["detail"])
        self.assertEqual(reply.headers["Mainspring-Worker-Protocol"], "1-2")


if __name__ == "__main__":
    unittest.main(verbosity=2)
