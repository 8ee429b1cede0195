#!/usr/bin/env python3
"""jobctl and definitions beside a real node: versions, plans, pruning, exports, re-runs."""

import json
import re
import unittest

from jobctl import Case
from node import ROOT, Node

ONE = """\
name: nightly
command: [backup, --full]
schedule: {cron: "30 2 * * *", timezone: Europe/Berlin}
labels: {team: data}
"""
TWO = ONE.replace("--full", "--quick").replace("30 2", "0 3")
OTHER = """\
name: weekly
command: "true"
schedule: {cron: "0 4 * * 0"}
labels: {team: data}
"""

POLICIES = """\
name: policies
command: "true"
schedule: {every: 10m, jitter: 1m, overlap: buffer_one, misfire: run_all, max_runs: 5}
concurrency: {limit: 2, on_limit: cancel_running}
dedupe: {key: all, window: 15m}
debounce: {wait: 5m, max_wait: 8m}
retention: {runs: 10, age: 7d, log_bytes: 10MiB}
pause_after_failures: 3
timeout: {queue: 1h}
resources: {slots: 2}
"""


def accepted_manifests():
    """The right manifests of the model's own tests, and one of every policy."""
    for name in ("right", "calendars", "expressions"):
        text = (ROOT / "src/model/testdata/manifests" / f"{name}.test").read_text()
        for case in re.split(r"(?m)^==== ", text)[1:]:
            title, _, rest = case.partition("\n")
            manifest, _, answer = rest.partition("\n---- ")
            if answer.startswith("canonical") and "---- refused" not in answer:
                yield manifest, ".json" if "(json)" in title else ".yaml"
    yield POLICIES, ".yaml"


class Definitions(Case):
    def setUp(self):
        super().setUp()
        self.node = Node()
        self.node.start()
        self.addCleanup(self.node.__exit__)
        self.environment["XDG_STATE_HOME"] = self.node.environment()["XDG_STATE_HOME"]

    def json(self, *words, code=0):
        return json.loads(self.expect(code, *words, "-o", "json")[1])

    def apply(self, text, *words):
        return self.expect(0, "apply", "-f", self.write("jobs.yaml", text), *words)

    def test_versions_are_listed_shown_compared_and_gone_back_to(self):
        self.apply(ONE)
        self.apply(TWO)
        _, out, _ = self.expect(0, "job", "versions", "nightly")
        self.assertRegex(out, r"(?m)^2 +\S+ +\S+ +2$")
        self.assertRegex(out, r"(?m)^1 +\S+ +\S+ +0$")
        _, out, err = self.expect(0, "job", "version", "nightly", "1")
        self.assertIn('- --full', out)
        self.assertIn("version 1, stored by", err)
        path = self.write("first.yaml", out)
        self.assertEqual(self.json("apply", "-f", path, "--dry-run")["items"][0]["effect"],
                         "updated")
        _, out, _ = self.expect(0, "job", "diff", "nightly")
        lines = out.splitlines()
        self.assertRegex(lines[0], "^--- nightly version 1, ")
        self.assertRegex(lines[1], "^[+]{3} nightly version 2, ")
        self.assertIn("-  - --full", lines)
        self.assertIn("+  - --quick", lines)
        places = [c["pointer"] for c in self.json("job", "diff", "nightly")["changes"]]
        self.assertEqual(places, ["/command/1", "/schedule/cron"])
        self.expect(4, "job", "revert", "nightly", "1", "--if-version", "1")
        self.assertEqual(self.json("job", "revert", "nightly", "1")["version"], 3)
        _, out, err = self.expect(0, "job", "diff", "nightly", "--from", "1", "--to", "3", out="")
        self.assertIn("equal", err)
        self.expect(3, "job", "version", "nightly", "9")
        self.expect(2, "job", "revert", "nightly", "0")

    def test_a_plan_is_shown_and_changes_nothing(self):
        self.apply(ONE + "---\n" + OTHER)
        _, out, err = self.apply(TWO, "--diff", "--dry-run", "--prune", "-l", "team=data")
        self.assertIn("~ job nightly (version 1 -> 2)\n", out)
        self.assertIn('    ~ /command/1: "--full" -> "--quick"\n', out)
        self.assertRegex(out, r"\n    fires until \S+: 30 added, 30 removed\n"
                              r"(      [+] \S+T03:00:00\S*  .*\n){5}"
                              r"(      - \S+T02:30:00\S*  .*\n){5}")
        self.assertRegex(out, r"- job weekly\n    fires until \S+: 0 added, [45] removed\n")
        self.assertTrue(out.endswith("0 to create, 1 to update, 1 to delete, 0 unchanged.\n"), out)
        self.assertNotIn("\033", out)
        self.assertEqual(self.json("job", "get", "nightly")["version"], 1)
        self.expect(0, "job", "get", "weekly")

    def test_a_plan_warns_of_what_the_next_change_of_the_clock_does(self):
        _, out, _ = self.apply(ONE, "--diff", "--dry-run")
        self.assertIn("+ job nightly\n", out)
        self.assertRegex(out, r"(?m)^    ! .*02:30.*Europe/Berlin")
        _, out, _ = self.apply(ONE.replace("30 2", "0 12"), "--diff", "--dry-run")
        self.assertNotIn("    ! ", out)

    def test_diff_without_dry_run_shows_and_applies(self):
        self.apply(ONE)
        _, out, err = self.apply(TWO, "--diff")
        self.assertIn("~ job nightly (version 1 -> 2)\n", out)
        self.assertIn("Applied.", err)
        self.assertEqual(self.json("job", "get", "nightly")["version"], 2)

    def test_pruning_needs_labels_and_deletes_what_they_mean(self):
        self.apply(ONE + "---\n" + OTHER + "---\nname: unlabelled\ncommand: 'true'\n")
        path = self.write("one.yaml", ONE)
        _, _, err = self.expect(2, "apply", "-f", path, "--prune", out="")
        self.assertIn("-l", err)
        self.expect(2, "apply", "-f", path, "-l", "team=data", out="")
        self.expect(2, "apply", "-f", path, "--prune", "-l", "team = data web", out="")
        self.expect(0, "apply", "-f", path, "--prune", "-l", "team=data")
        self.assertEqual(self.expect(0, "jobs", "list", "-o", "name")[1], "nightly\nunlabelled\n")

    def test_an_export_makes_the_same_state_on_another_node(self):
        self.apply(ONE + "---\n" + OTHER + "---\n"
                   "name: shell\ncommand: |\n  echo 'a: b' # no comment\n  exit 0\n"
                   "params: {n: {type: integer, default: 3, minimum: 1}}\n"
                   "retry: {max_attempts: 3, backoff: {initial: 2s, factor: 1.5}}\n"
                   "schedule: [{every: 5m}, {cron: \"@daily\", overlap: allow}]\n"
                   "labels: {team: web, \"on\": \"true\"}\n---\n"
                   "kind: calendar\nname: quiet\nweekly: [{weekdays: [sat, sun]}]\n---\n"
                   "kind: calendar\nname: holidays\ntimezone: Europe/Berlin\n"
                   "spans: [{from: 2026-12-24T14:00, to: 2026-12-27T00:00, note: Christmas}]\n---\n"
                   "name: calm\ncommand: 'true'\nschedule: {every: 1h, calendar: quiet}\n---\n"
                   "kind: connection\nname: box\ntype: sqlite\npath: /var/lib/box.db\n---\n"
                   "name: ask\ntype: sql\nsql: {connection: box, statement: SELECT 1}\n"
                   "labels: {team: web}\n---\n"
                   "kind: queue\nname: slow\nlimit: 2\nrate: {count: 10, per: 1m}\n---\n"
                   "name: heavy\ncommand: 'true'\nqueue: slow\n")
        self.expect(0, "job", "pause", "weekly", "--note", "not exported")
        exported = self.expect(0, "export")[1]
        path = self.write("export.yaml", exported)
        self.expect(0, "apply", "-f", path)
        self.assertEqual({item["effect"] for item in self.json("apply", "-f", path)["items"]},
                         {"unchanged"})
        with Node() as fresh:
            self.environment["XDG_STATE_HOME"] = fresh.environment()["XDG_STATE_HOME"]
            self.assertEqual({item["effect"] for item in self.json("apply", "-f", path)["items"]},
                             {"created"})
            self.assertEqual(self.expect(0, "export")[1], exported)
            self.assertEqual({item["effect"] for item in self.json("apply", "-f", path)["items"]},
                             {"unchanged"})
            self.assertFalse(self.json("job", "get", "weekly")["paused"])
            one = self.expect(0, "export", "-l", "team=web")[1]
            self.assertTrue(one.startswith("kind: connection\nname: box\n"), one)
            self.assertIn("\nname: shell\n", one)
            self.assertNotIn("nightly", one)

    def test_whatever_can_be_written_survives_an_export(self):
        applied = 0
        for manifest, suffix in accepted_manifests():
            path = self.write("one" + suffix, manifest)
            code, _, err = self.run_jobctl("apply", "-f", path)
            # Refused: it needs what this node does not have, such as a connection.
            self.assertIn(code, (0, 2, 3), err)
            applied += code == 0
        self.assertGreater(applied, 25)
        exported = self.expect(0, "export")[1]
        for kind in ("kind: queue\n", "kind: calendar\n", "kind: connection\n", "schedule:\n",
                     "concurrency:\n", "dedupe:\n", "retention:\n", "params:\n"):
            self.assertIn(kind, exported)
        path = self.write("export.yaml", exported)
        with Node() as fresh:
            self.environment["XDG_STATE_HOME"] = fresh.environment()["XDG_STATE_HOME"]
            self.expect(0, "apply", "-f", path)
            self.assertEqual(self.expect(0, "export")[1], exported)

    def test_labels_select_jobs_runs_and_occurrences(self):
        self.apply(ONE + "---\nname: of-web\ncommand: 'true'\nlabels: {team: web}\n")
        self.assertEqual(self.expect(0, "jobs", "list", "-l", "team in (web)", "-o", "name")[1],
                         "of-web\n")
        self.expect(0, "occurrences", "list", "-l", "team=web",
                    out="AT  JOB  ENDING  RUN  DETAIL\n")
        self.expect(2, "jobs", "list", "-l", "team in web")

    def test_a_pause_says_who_and_until_when(self):
        self.apply(ONE)
        _, out, _ = self.expect(0, "job", "pause", "nightly", "--for", "2h", "--note", "moving")
        head, row = out.splitlines()
        self.assertEqual(head.split(),
                         ["NAME", "PAUSED", "BY", "SINCE", "UNTIL", "MEANWHILE", "NOTE"])
        self.assertRegex(row, r"^nightly +true +\S+ +\S+Z +\S+Z +drop +moving$")
        self.expect(2, "job", "pause", "nightly", "--until", "2020-01-01T00:00:00Z")
        _, out, _ = self.expect(0, "job", "resume", "nightly")
        self.assertRegex(out.splitlines()[1], r"^nightly +1 +false")

    def test_a_run_is_run_again_with_its_input_or_another(self):
        self.apply("name: greets\ncommand: 'echo \"$MAINSPRING_PARAM_NAME\"'\n"
                   "params: {name: {type: string, required: true}}\n")
        first = self.json("run", "greets", "-p", "name=Ada", "--wait")["id"]
        _, out, _ = self.expect(0, "runs", "rerun", first, "--follow")
        self.assertEqual(out, "Ada\n")
        _, out, _ = self.expect(0, "runs", "rerun", first, "-p", "name=Grace", "--follow")
        self.assertEqual(out, "Grace\n")
        again = self.json("runs", "retry", first)
        self.assertEqual(again["trigger"], "retry")
        self.assertNotEqual(again["id"], first)
        _, _, err = self.expect(2, "runs", "rerun", first, "-p", "name=null")
        self.assertIn("name", err)
        self.expect(3, "runs", "retry", "run_" + "0" * 32)


if __name__ == "__main__":
    unittest.main()
