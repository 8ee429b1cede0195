#!/usr/bin/env python3
"""jobctl beside a real node."""

import json
import subprocess
import time
import unittest

from jobctl import DEADLINE_S, JOBCTL, Case
from node import Node

JOBS = """\
name: hello
command: "printf 'out\\\\377\\\\n'; printf 'err\\\\n' >&2"
---
name: fails
command: exit 42
---
name: greets
command: 'echo "$MAINSPRING_PARAM_NAME"'
params: {name: {type: string, required: true}}
---
name: sleeps
command: "echo awake; exec sleep 600"
---
name: nightly
command: ["true"]
schedule: {cron: "30 2 * * *", timezone: Europe/Berlin}
labels: {team: platform}
"""


class Beside(Case):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.node.start()
        cls.addClassCleanup(cls.node.__exit__)
        cls.node.apply(JOBS)

    def setUp(self):
        super().setUp()  # the node is found by the file it wrote about itself
        self.environment["XDG_STATE_HOME"] = self.node.environment()["XDG_STATE_HOME"]

    def json(self, *words, code=0):
        return json.loads(self.expect(code, *words, "-o", "json")[1])

    def test_the_node_that_runs_here_is_found_and_well(self):
        checks = self.json("doctor")["items"]
        self.assertEqual({c["state"] for c in checks[:-1]}, {"ok"}, checks)
        self.assertEqual(checks[-1]["check"], "backup")
        self.assertEqual(checks[-1]["state"], "warn")  # there is none yet
        self.assertEqual(len(checks), 10)
        limits = {c["check"]: c["found"] for c in checks}["limits"]
        self.assertRegex(limits, r": (\w+(, \w+)* \(cgroup v[12]\)|none can be enforced, .*)$")
        status = self.json("status")
        self.assertEqual((status["ready"], status["workers"]), ("yes", 1))

    def test_follow_shows_both_streams_and_ends_with_the_run(self):
        code, out, err = self.run_jobctl("run", "hello", "--follow")
        self.assertEqual((code, out), (0, b"out\xff\n"), err)
        self.assertIn("\nerr\n", err)

    def test_the_exit_code_is_that_of_the_run(self):
        run = self.json("run", "fails", "--wait", code=42)
        self.assertEqual((run["state"], run["exit_code"]), ("failed", 42))
        _, out, _ = self.expect(0, "runs", "get", run["id"])
        self.assertIn("failed", out)
        _, out, _ = self.expect(0, "runs", "attempts", run["id"])
        self.assertRegex(out, r"1 +failed +42")
        _, out, _ = self.expect(0, "why", run["id"])
        self.assertIn("42", out)

    def test_params_reach_the_command(self):
        self.expect(0, "run", "greets", "-p", "name=Ada", "--follow", out="Ada\n")
        _, _, err = self.expect(2, "run", "greets")
        self.assertIn("name", err)
        _, _, err = self.expect(3, "run", "greats", "-p", "name=x")
        self.assertIn("greats", err)

    def test_a_run_can_be_left_found_and_cancelled(self):
        _, out, err = self.expect(124, "run", "sleeps", "--wait", "--timeout", "1s", out="")
        run = err.split()[0]
        following = subprocess.Popen([JOBCTL, "logs", "-f", run], env=self.environment,
                                     stdout=subprocess.PIPE)
        self.assertEqual(following.stdout.readline(), b"awake\n")
        running = self.expect(0, "runs", "list", "--state", "running", "-o", "name")[1]
        self.assertIn(run, running)
        self.expect(0, "runs", "cancel", run, "--reason", "enough")
        self.assertEqual(following.wait(DEADLINE_S), 0)
        following.stdout.close()
        self.assertEqual(self.node.wait(run)["state"], "cancelled")
        self.assertEqual(self.json("runs", "get", run)["cancel"]["reason"], "enough")
        self.expect(4, "runs", "cancel", run)

    def test_a_wait_outlives_a_killed_node(self):
        with Node() as node:
            node.apply("name: slow\ncommand: sleep 3\n"
                       "retry: {max_attempts: 5, backoff: {type: fixed, initial: 1s}}\n")
            environment = {**self.environment, "MAINSPRING_SERVER": f"http://{node.address}",
                           "MAINSPRING_TOKEN_FILE": str(node.data / "admin-token")}
            waiting = subprocess.Popen([JOBCTL, "run", "slow", "--wait"], env=environment,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.assertRegex(waiting.stderr.readline(), "^run_.* started$")
            node.kill()
            node.listen = node.address
            node.start()
            out, err = waiting.communicate(timeout=DEADLINE_S)
            self.assertEqual(waiting.returncode, 0, out + err)

    def test_a_delayed_run_is_waited_for(self):
        _, out, err = self.expect(0, "run", "hello", "--delay", "300ms", "--wait")
        self.assertRegex(err, r"(?m)^run_\w+ is due at \S+Z$")
        self.assertRegex(err, r"(?m)^run_\w+ succeeded$")
        _, _, err = self.expect(124, "run", "hello", "--delay=1h", "--wait", "--timeout", "200ms")
        self.assertIn("goes on", err)

    def test_jobs_are_listed_shown_paused_and_deleted(self):
        self.expect(0, "job", "create", "once", "--command", "true", "--cron", "0 1 * * *")
        self.expect(4, "job", "create", "once", "--command", "true")
        names = self.expect(0, "jobs", "list", "-o", "name")[1].split()
        self.assertIn("once", names)
        self.assertEqual(self.expect(0, "job", "list", "--label", "team=platform", "-o",
                                     "name")[1], "nightly\n")
        job = self.json("job", "pause", "once", "--note", "holiday")
        self.assertEqual((job["paused"], job["pause"]["note"]), (True, "holiday"))
        self.assertIn("once", self.expect(0, "job", "list", "--paused", "-o", "name")[1])
        self.assertFalse(self.json("job", "resume", "once")["paused"])
        path = self.write("once.yaml", "name: once\ncommand: 'false'\n")
        self.assertEqual(self.json("job", "replace", "once", "-f", path)["version"], 2)
        self.expect(4, "job", "replace", "once", "-f", path, "--if-version", "1")
        self.expect(0, "job", "delete", "once", out="", err="Deleted.\n")
        self.expect(3, "job", "get", "once")

    def test_apply_plans_then_does_and_export_gives_it_back(self):
        path = self.write("more.yaml", "name: more\ncommand: 'true'\nlabels: {set: more}\n")
        self.assertEqual(self.json("apply", "-f", path, "--dry-run")["items"][0]["effect"],
                         "created")
        self.expect(3, "job", "get", "more")
        self.expect(0, "apply", "-f", path)
        _, out, _ = self.expect(0, "export", "-l", "set=more")
        self.assertEqual(out, "name: more\ncommand: \"true\"\nlabels:\n  set: more\n")
        self.assertEqual(self.json("apply", "-f", path)["items"][0]["effect"], "unchanged")

    def test_schedules_say_when_and_why(self):
        items = self.json("next", "nightly", "-n", "3", "--from", "2030-01-01T00:00:00Z")["items"]
        self.assertEqual([item["at"] for item in items],
                         [f"2030-01-0{day}T01:30:00.000Z" for day in (1, 2, 3)])
        self.assertTrue(self.expect(0, "why", "nightly@2020-01-01T02:30")[1].strip())
        self.expect(0, "occurrences", "list")
        self.expect(0, "job", "occurrences", "nightly")

    def test_events_and_workers_and_sessions_are_shown(self):
        events = self.json("event", "list", "--type", "job.created", "--limit", "2")["items"]
        self.assertEqual({event["type"] for event in events}, {"job.created"})
        self.assertEqual(len(self.json("workers", "list")["items"]), 1)
        self.assertTrue(self.json("session", "get")["role"])
        _, out, _ = self.expect(0, "session", "link")
        self.assertTrue(out.startswith(f"http://{self.node.address}/signin?code="), out)
        self.assertIn("openapi", self.json("api", "GET", "openapi.json"))

    def test_watch_shows_events_as_they_happen(self):
        watching = subprocess.Popen([JOBCTL, "event", "watch", "--topics", "events", "-o", "jsonl"],
                                    env=self.environment, stdout=subprocess.PIPE)
        deadline = time.monotonic() + DEADLINE_S
        found = None
        while found is None and time.monotonic() < deadline:
            self.expect(0, "run", "hello", "--wait")  # until the watch has begun to see
            found = watching.stdout.readline()
        self.assertTrue(json.loads(found)["type"].startswith("run."), found)
        watching.send_signal(2)
        self.assertEqual(watching.wait(DEADLINE_S), 130)
        watching.stdout.close()

    def test_a_crontab_is_imported_and_runs(self):
        self.expect(0, "import", "crontab", "--apply",
                    stdin=b"0 5 * * * echo \"$PATH\" $0%input\n* * * * * cat\n")
        _, out, _ = self.expect(0, "run", "echo", "--follow")
        self.assertEqual(out, "/usr/bin:/bin /bin/sh\n")


if __name__ == "__main__":
    unittest.main()
