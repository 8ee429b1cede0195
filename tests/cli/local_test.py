#!/usr/bin/env python3
"""The commands of jobctl that need no node."""

import json
import os
import shutil
import subprocess
import unittest

from jobctl import Case

MANIFEST = """\
name: nightly-backup
command: [/usr/local/bin/backup, --full]
schedule: {cron: "30 2 * * *", timezone: Europe/Berlin}
"""


class Usage(Case):
    def test_version_is_that_of_the_project(self):
        self.expect(0, "--version", out=f"jobctl {os.environ['VERSION']}\n", err="")

    def test_help_goes_to_stdout_and_its_absence_to_stderr(self):
        _, out, err = self.expect(0, "--help")
        self.assertIn("Exit codes:", out)
        self.assertEqual(err, "")
        _, out, err = self.expect(2)
        self.assertEqual(out, "")
        self.assertIn("Everyday:", err)
        _, out, _ = self.expect(0, "run", "--help")
        self.assertIn("jobctl run report -p region=eu --follow", out)

    def test_unknown_words_get_a_suggestion(self):
        for words, said, where in [
            (["jop", "list"], "unknown command 'jop' (did you mean 'job'?)", "jobctl"),
            (["job", "lsit"], "unknown command 'lsit' (did you mean 'list'?)", "jobctl job"),
            (["-o", "json", "jobs", "gte", "x"], "unknown command 'gte' (did you mean 'get'?)",
             "jobctl job"),
            (["run", "x", "--folow"], "unknown option '--folow' (did you mean '--follow'?)",
             "jobctl run"),
            (["runs", "list", "--stat=failed"], "unknown option '--stat' (did you mean '--state'?)",
             "jobctl runs list"),
            (["xyzzy"], "unknown command 'xyzzy'", "jobctl"),
        ]:
            self.expect(2, *words, out="", err=f"jobctl: {said}\nTry '{where} --help'.\n")

    def test_missing_and_wrong_words_are_usage_errors(self):
        self.expect(2, "run", out="", err="jobctl: JOB is required\nTry 'jobctl run --help'.\n")
        self.expect(2, "job")
        self.expect(2, "runs", "list", "--limit", "many")
        _, _, err = self.expect(2, "-o", "jsno", "job", "list")
        self.assertIn("-o: 'jsno' is none of table", err)
        self.assertIn("(did you mean 'json'?)", err)

    def test_a_job_may_have_the_name_of_a_command(self):
        _, _, err = self.expect(6, "run", "status")
        self.assertTrue(err.startswith("jobctl: No node is known here."), err)

    def test_without_a_node_the_doctor_says_so_first(self):
        code, out, _ = self.run_jobctl("doctor", "-o", "json")
        self.assertEqual(code, 6)
        checks = json.loads(out)["items"]
        self.assertEqual([(c["check"], c["state"]) for c in checks], [("target", "failed")])


class Manifests(Case):
    def test_a_right_manifest_is_valid(self):
        self.write("jobs/a.yaml", MANIFEST)
        self.write("jobs/b.json", '{"name": "b", "command": "true"}')
        self.expect(0, "validate", "jobs", out="", err="2 documents are valid.\n")
        self.expect(0, "validate", "-", stdin=MANIFEST.encode(), err="1 document is valid.\n")

    def test_every_mistake_is_named_with_its_place(self):
        self.write("bad.yaml", 'name: a\ncomand: x\n---\nname: b\ncommand: x\n'
                               'schedule: "61 * * * *"\n')
        self.write("good.yaml", MANIFEST)
        _, out, err = self.expect(2, "validate", "bad.yaml", "good.yaml")
        self.assertEqual(out, "")
        self.assertIn("bad.yaml:2:1: /0/comand: unknown key (did you mean 'command'?)\n", err)
        self.assertIn("bad.yaml:6:12: /1/schedule: minute, column 1: 61 is out of range; "
                      "write 0-59\n", err)

    def test_a_file_that_is_not_there_is_not_found(self):
        self.expect(3, "validate", "nothing.yaml",
                    err="jobctl: cannot read 'nothing.yaml': No such file or directory\n")

    def test_what_this_build_cannot_run_is_a_warning(self):
        _, _, err = self.expect(0, "validate", "-", stdin=b"name: a\ntype: js\nmodule: f.js\n")
        self.assertIn("warning: a: /type: type js is not in this build yet", err)

    def test_fmt_is_canonical_and_changes_nothing_twice(self):
        old = self.write("old.yaml", "name: a\ncmd: echo\nargs: [hi]\ntimeout_secs: 90\n"
                                     "schedule: '0 2 * * *'\n")
        self.expect(1, "fmt", "--check", "old.yaml", out="old.yaml\n")
        _, out, _ = self.expect(0, "fmt", "old.yaml")
        self.assertEqual(out, "name: a\ncommand:\n  - echo\n  - hi\nschedule:\n  cron: 0 2 * * *\n"
                              "timeout:\n  run: 1m30s\n")
        self.expect(0, "fmt", "-w", "old.yaml", out="")
        with open(old, encoding="utf-8") as file:
            self.assertEqual(file.read(), out)
        self.expect(0, "fmt", "--check", "old.yaml", out="")


class Next(Case):
    BERLIN = ["next", "--cron", "30 2 * * *", "--tz", "Europe/Berlin",
              "--from", "2026-03-28T00:00:00Z"]

    def test_a_table_says_the_schedule_and_its_clock_changes_in_words(self):
        self.expect(
            0, *self.BERLIN, "-n", "2",
            out="AT                    LOCAL\n"
                "2026-03-28T01:30:00Z  2026-03-28T02:30:00+01:00\n"
                "2026-03-30T00:30:00Z  2026-03-30T02:30:00+02:00\n",
            err="at 02:30 every day, Europe/Berlin\n"
                "2026-03-29: 02:30 does not exist in Europe/Berlin; the run is skipped\n"
                "2026-10-25: 02:30 comes twice in Europe/Berlin; it runs the first time only\n")

    def test_json_holds_the_instants_and_nothing_else(self):
        _, out, err = self.expect(0, *self.BERLIN, "-n", "1", "-o", "json")
        self.assertEqual(json.loads(out), {"items": [{"at": "2026-03-28T01:30:00.000Z",
                                                      "local": "2026-03-28T02:30:00+01:00"}]})
        self.assertEqual(err, "")
        _, out, _ = self.expect(0, "next", "--cron", "* * * * *", "-o", "name")
        self.assertEqual(len(out.splitlines()), 10)

    def test_a_schedule_without_an_end_of_fires_lists_none(self):
        _, out, _ = self.expect(0, "next", "--cron", "0 0 0 1 1 * 1999", "-o", "json")
        self.assertEqual(json.loads(out), {"items": []})

    def test_mistakes_name_field_column_and_rule(self):
        self.expect(2, "next", "--cron", "0 25 * * *", out="",
                    err="jobctl: hour, column 3: 25 is out of range; write 0-23\n")
        _, _, err = self.expect(2, "next", "--cron", "* * * * *", "--tz", "Europe/Berln")
        self.assertTrue(err.startswith("jobctl: --tz: "), err)
        self.assertIn("Europe/Berlin", err)
        _, _, err = self.expect(2, "next", "--cron", "* * * * *", "--from", "noon")
        self.assertTrue(err.startswith("jobctl: --from: "), err)
        self.expect(2, "next")
        self.expect(2, "next", "--cron", "* * * * *", "-n", "0")


class Crontabs(Case):
    def test_a_crontab_becomes_a_manifest_that_is_valid(self):
        self.write("tab", "MAILTO=ops@example.org\n# Back up\n30 2 * * * /opt/backup.sh\n"
                          "@reboot /opt/warm-up\n")
        code, out, err = self.run_jobctl("import", "crontab", "tab", "--tz", "Europe/Berlin")
        self.assertEqual(code, 0)
        self.assertIn("# tab:3: 30 2 * * *\n", out)
        self.assertIn("timezone: Europe/Berlin\n", out)
        self.assertEqual(err, "tab:3:1: backup: From here on, cron mailed the output to "
                              "ops@example.org.\n2 jobs, 0 lines not read.\n")
        self.expect(0, "validate", "-", stdin=out.encode())

    def test_lines_that_cannot_be_read_are_named_and_the_others_printed(self):
        code, out, err = self.run_jobctl("import", "crontab", stdin=b"99 * * * * x\n@daily fine\n")
        self.assertEqual(code, 2)
        self.assertIn("name: fine\n", out)
        self.assertIn("error: standard input:1:1: minute: 99 is out of range; write 0-59\n", err)

    def test_a_users_crontab_and_a_system_one_differ_in_the_user(self):
        tab = b"0 1 * * * root /bin/true\n"
        _, out, _ = self.expect(0, "import", "crontab", "--with-user-column", stdin=tab)
        self.assertIn("user: root\n", out)
        self.assertIn("command: /bin/true\n", out)

    def test_an_empty_crontab_prints_nothing(self):
        self.expect(0, "import", "crontab", out="", err="0 jobs, 0 lines not read.\n")


class Completion(Case):
    COMPLETE = """
set -u
source /dev/stdin
COMP_WORDS=({words}); COMP_CWORD=$(({count} - 1)); COMPREPLY=()
_jobctl
printf '%s\\n' "${{COMPREPLY[@]}}"
"""

    def complete(self, *words):
        script = self.run_jobctl("completion", "bash")[1]
        quoted = " ".join(f"'{word}'" for word in words)
        done = subprocess.run(
            ["bash", "-c", self.COMPLETE.format(words=quoted, count=len(words))],
            input=script, capture_output=True, text=True, check=True, cwd=self.home,
            env={**self.environment, "PATH": "/usr/bin:/bin"})
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash_offers_what_may_follow(self):
        self.assertEqual(self.complete("jobctl", "job", "l"), ["list"])
        self.assertEqual(self.complete("jobctl", "jobs", "pa"), ["pause"])
        self.assertIn("runs", self.complete("jobctl", "r"))
        self.assertEqual(self.complete("jobctl", "-o", "js"), ["json", "jsonl"])
        self.assertEqual(self.complete("jobctl", "job", "list", "-o", "ya"), ["yaml"])
        self.assertEqual(self.complete("jobctl", "run", "job", "--fo"), ["--follow"])
        self.assertEqual(self.complete("jobctl", "import", "crontab", "--sy"), ["--system"])
        self.assertEqual(self.complete("jobctl", "job", "list", "--label", ""), [])

    def test_each_shell_accepts_its_script(self):
        for shell in ["bash", "zsh", "fish"]:
            _, script, _ = self.expect(0, "completion", shell)
            self.assertIn("list", script)
            if shutil.which(shell) is not None:
                done = subprocess.run([shell, "-n", self.write(shell, script)],
                                      capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""), shell)


if __name__ == "__main__":
    unittest.main()
