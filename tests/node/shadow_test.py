"""From a crontab to Mainspring without a leap of faith, on a real node.

The jobs shadow their lines, the lines report what they do, the report compares, and one command
promotes.
"""
import datetime
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node, program  # noqa: E402
from waiting import until  # noqa: E402

CRONTAB = """\
# Every night.
30 2 * * * /usr/local/bin/backup --day \\%F
*/5 * * * * df -P / | tail -n 1
0 4 * * * mail -s 'all is well' ops%Dear all,%it's 100\\%.
"""
TICKING = "name: tick\ncommand: 'true'\nshadow: true\nschedule: {every: 1s}\n"
DEADLINE_S = 60


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class ShadowTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.addClassCleanup(cls.node.__exit__)
        cls.node.start()

    def expect(self, code, *words, stdin=None):
        done = self.node.jobctl(*words, stdin=stdin)
        self.assertEqual(done.returncode, code, (words, done.stdout, done.stderr))
        return done

    def ping_environment(self):
        return {**self.node.environment(), "MAINSPRING_SERVER": f"http://{self.node.address}",
                "MAINSPRING_TOKEN_FILE": str(self.node.data / "admin-token")}

    def start_ping(self, *words, **extra):
        return subprocess.Popen([program("jobctl"), "ping", *words], env=self.ping_environment(),
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **extra)

    def pings(self, job):
        reply = self.node.request("GET", f"/api/v1/jobs/{job}/pings")
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json()["items"]

    def await_that(self, condition, what):
        return until(condition, DEADLINE_S, what)

    def apply_job(self, name):
        self.node.apply(f"name: {name}\ncommand: 'true'\nshadow: true\n"
                        "schedule: {cron: '0 0 1 1 *'}\n")

    # ---- the import

    def test_the_lines_of_a_crontab_are_printed_so_that_they_report(self):
        done = self.expect(0, "import", "crontab", "--shadow", "--apply", "--tz", "UTC",
                           stdin=CRONTAB)
        jobctl = program("jobctl")
        lines = [line for line in done.stderr.split("\n") if " ping " in line]
        self.assertEqual(lines, [
            f"30 2 * * * {jobctl} ping backup -- /usr/local/bin/backup --day \\%F",
            f"*/5 * * * * {jobctl} ping df -- /bin/sh -c 'df -P / | tail -n 1'",
            f"0 4 * * * {jobctl} ping mail -- mail -s 'all is well' ops"
            "%Dear all,%it's 100\\%."])
        self.assertNotIn("run twice", done.stderr)
        for name in ("backup", "df", "mail"):
            job = self.node.request("GET", f"/api/v1/jobs/{name}").json()
            self.assertIs(job["spec"]["shadow"], True)

    def test_a_printed_line_does_and_reports_what_the_old_one_did(self):
        done = self.expect(0, "import", "crontab", "--shadow", "--apply",
                           stdin="@yearly echo 'a  b' | tr a-z A-Z; exit 3\n")
        line = next(line for line in done.stderr.split("\n") if " ping " in line)
        command = line.removeprefix("@yearly ")  # nothing in it is cron's to unescape
        ran = subprocess.run(["/bin/sh", "-c", command], env=self.ping_environment(),
                             capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (3, "A  B\n", ""))
        name = re.search(r" ping (\S+) ", line)[1]
        self.assertEqual([p["exit_code"] for p in self.pings(name)], [3])

    # ---- jobctl ping around a command

    def test_a_command_has_our_streams_and_we_its_exit_code(self):
        self.apply_job("streams")
        child = self.start_ping("streams", "--", "sh", "-c", "cat; echo oops >&2; exit 42")
        out, err = child.communicate(b"\xff\x00in", timeout=DEADLINE_S)
        self.assertEqual((child.returncode, out, err), (42, b"\xff\x00in", b"oops\n"))
        ping, = self.pings("streams")
        self.assertEqual(ping["exit_code"], 42)
        self.assertEqual(ping["host"], os.uname().nodename)
        self.assertGreaterEqual(instant(ping["finished_at"]), instant(ping["started_at"]))

    def test_words_reach_the_command_as_they_were_given(self):
        self.apply_job("words")
        words = ["[a,b]", "", "--quiet", "--", "-x", "it's", "%d", "{}", "[]", "a\nb"]
        child = self.start_ping("words", "--", "printf", "%s|", *words)
        out, _ = child.communicate(timeout=DEADLINE_S)
        self.assertEqual(out.decode(), "".join(word + "|" for word in words))

    def test_a_success_is_silent(self):
        self.apply_job("silent")
        done = self.expect(0, "ping", "silent", "--", "true")
        self.assertEqual((done.stdout, done.stderr), ("", ""))

    def test_a_command_that_a_signal_ends_gives_128_and_the_signal(self):
        self.apply_job("killed")
        self.expect(137, "ping", "killed", "--", "sh", "-c", "kill -KILL $$")
        self.assertEqual(self.pings("killed")[0]["exit_code"], 137)

    def test_signals_are_passed_on(self):
        self.apply_job("signals")
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            script = "trap 'echo got; exit 9' TERM INT HUP; echo ready; while read x; do :; done"
            child = self.start_ping("signals", "--", "sh", "-c", script)
            self.assertEqual(child.stdout.readline(), b"ready\n")
            child.send_signal(number)
            self.assertEqual(child.stdout.readline(), b"got\n", number)  # its input is still open
            child.communicate(timeout=DEADLINE_S)
            self.assertEqual(child.returncode, 9, number)

    def test_a_signal_that_was_ignored_stays_so(self):
        self.apply_job("ignoring")
        child = self.start_ping("ignoring", "--", "sh", "-c", "echo ready; read x; echo $x",
                                preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.assertEqual(child.stdout.readline(), b"ready\n")
        child.send_signal(signal.SIGHUP)
        out, _ = child.communicate(b"still here\n", timeout=DEADLINE_S)
        self.assertEqual((child.returncode, out), (0, b"still here\n"))

    def test_a_long_run_is_reported_while_it_lasts(self):
        self.apply_job("long")
        child = self.start_ping("long", "--", "sh", "-c", "read x")
        begun = self.await_that(lambda: self.pings("long"), "the first report")
        self.assertNotIn("finished_at", {k for k, v in begun[0].items() if v is not None})
        child.communicate(b"\n", timeout=DEADLINE_S)
        ended, = self.pings("long")
        self.assertEqual((ended["started_at"], ended["exit_code"]), (begun[0]["started_at"], 0))

    def test_a_node_that_is_away_changes_nothing_for_the_command(self):
        environment = {**self.node.environment(), "MAINSPRING_SERVER": "http://127.0.0.1:1"}
        for words, says in (([], 1), (["--quiet"], 0)):
            begin = time.monotonic()
            done = subprocess.run(
                [program("jobctl"), "ping", "backup", *words, "--", "sh", "-c", "echo x; exit 5"],
                env=environment, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
            self.assertEqual((done.returncode, done.stdout), (5, "x\n"))
            self.assertEqual(done.stderr.count("\n"), says, done.stderr)
            self.assertLess(time.monotonic() - begin, 30)

    def test_a_job_that_is_not_there_changes_nothing_for_the_command(self):
        done = self.expect(0, "ping", "nothing", "--", "true")
        self.assertEqual(done.stderr,
                         "jobctl: this run of 'nothing' was not reported: "
                         "There is no job 'nothing'.\n")

    # ---- jobctl ping alone

    def test_a_ping_alone_says_how_something_ended(self):
        self.apply_job("alone")
        self.expect(0, "ping", "alone")
        self.expect(0, "ping", "alone", "--exit-code", "2", "--host", "beta",
                    "--started-at", (datetime.datetime.now(datetime.timezone.utc)
                                     - datetime.timedelta(hours=1)).isoformat())
        first, second = self.pings("alone")
        self.assertEqual((first["exit_code"], first["host"]), (2, "beta"))
        self.assertEqual((second["exit_code"], second["started_at"]), (0, second["finished_at"]))
        self.expect(3, "ping", "nothing")
        self.assertIn("beta", self.expect(0, "job", "pings", "alone").stdout)

    # ---- the report and the promotion

    def ledger(self, job):
        path = f"/api/v1/jobs/{job}/occurrences?ending=shadowed&limit=500"
        reply = self.node.request("GET", path)
        return [row["at"] for row in reply.json()["items"]][::-1]

    def report(self, *words, code=0):
        return json.loads(self.expect(code, "shadow", "report", *words, "-o", "json").stdout)

    def test_a_shadow_is_compared_promoted_and_fires(self):
        self.node.apply(TICKING)
        self.await_that(lambda: len(self.ledger("tick")) >= 6, "six fires in the ledger")
        fires = self.ledger("tick")[:6]
        for at in fires[:3] + fires[4:]:
            self.expect(0, "ping", "tick", "--host", "alpha", "--started-at", at)
        begin, end = fires[0], (instant(fires[5]) + datetime.timedelta(milliseconds=1)).isoformat()
        query = f"from={begin}&until={end.replace('+', '%2B')}&tolerance=1s&job=tick"

        def compared():
            reply = self.node.request("GET", f"/api/v1/shadow/report?{query}")
            self.assertEqual(reply.status, 200, reply.body)
            item, = reply.json()["items"]
            return item if item["predicted"] == 6 else None

        item = self.await_that(compared, "a comparison of six fires")
        self.assertEqual((item["matched"], item["missing"], item["extra"], item["agrees"]),
                         (5, 1, 0, False))
        self.assertEqual([e["at"] for e in item["missing_examples"]], [fires[3]])
        self.assertEqual(item["verdict"], "1 of 6 predicted fires did not really run")
        self.assertEqual(item["largest_offset"], "0s")

        self.check_what_people_see(fires[3])
        self.check_promotion()

    def check_what_people_see(self, missing):
        done = self.expect(1, "shadow", "report", "tick", "--tolerance", "1s", "--check")
        self.assertIn("predicted, and not really run:", done.stdout)
        self.assertIn(missing[:19] + "Z", done.stdout)
        self.assertEqual(self.expect(0, "shadow", "report", "tick").returncode, 0)
        self.assertEqual(self.report("--label", "team=none")["items"], [])

    def check_promotion(self):
        refused = self.expect(2, "shadow", "promote", "tick", stdin="")
        self.assertIn("add --yes", refused.stderr)
        self.assertEqual(self.node.request("GET", "/api/v1/runs?job=tick").json()["items"], [])
        done = self.expect(0, "shadow", "promote", "tick", "--yes")
        self.assertIn("jobctl ping tick --", done.stderr)
        self.assertRegex(done.stderr, r"(?m)^  \d{4}-\d\d-\d\dT")
        path = "/api/v1/runs?job=tick&state=succeeded"
        runs = self.await_that(lambda: self.node.request("GET", path).json()["items"],
                               "a real run")
        self.assertEqual(runs[-1]["job_version"], 2)
        again = self.expect(4, "shadow", "promote", "tick", "--yes")
        self.assertIn("shadows nothing", again.stderr)


if __name__ == "__main__":
    unittest.main()
