#!/usr/bin/env python3
"""SIGHUP to a real node: what changes live, what needs a restart, and what a mistake does."""
import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node, program  # noqa: E402

SECONDS = 60


class ReloadTest(unittest.TestCase):
    def setUp(self):
        self.node = Node("--log-format", "json")
        self.addCleanup(self.node.__exit__)
        self.file = self.node.directory / "node.yaml"
        self.node.flags += ("--config", str(self.file))
        self.write("log_level: info\nslots: 2\n")
        self.node.start()

    def write(self, text):
        self.file.write_text(text)

    def lines(self, word):
        return [line for line in self.node.log_lines() if word in line["message"]]

    def reload(self, word):
        """Sends the signal; the lines with that word once there is one more."""
        before = len(self.lines(word))
        self.node.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + SECONDS
        while len(self.lines(word)) == before:
            self.assertLess(time.monotonic(), deadline, self.node.log_text())
            self.node.request("GET", "/healthz")
        return self.lines(word)

    def test_what_can_change_does_and_the_rest_is_named(self):
        self.write("log_level: debug\nslots: 8\nhosts: [jobs.example]\n"
                   "retention: {runs: 7}\nbackup_every: 24h\n")
        self.assertEqual(self.request_as("jobs.example"), 403)
        reloaded = self.reload("settings reloaded")[-1]
        self.assertEqual(set(reloaded["changed"].split(", ")),
                         {"log_level", "hosts", "retention", "backup_every"})
        deadline = time.monotonic() + SECONDS
        while not self.lines("need a restart"):
            self.assertLess(time.monotonic(), deadline)
        self.assertEqual(self.lines("need a restart")[-1]["keys"], "slots")
        self.node.request("GET", "/api/v1/jobs", headers={"X-Request-Id": "seen-now"})
        self.assertIn("seen-now", [line.get("request_id")
                                   for line in self.lines("request answered")])
        self.assertEqual(self.request_as("jobs.example"), 401)
        self.assertEqual(self.node.request("GET", "/api/v1/workers").json()["items"][0]["slots"],
                         2)
        while not self.node.request("GET", "/api/v1/backups").json()["items"]:
            self.assertLess(time.monotonic(), deadline, "no backup was made")

    def request_as(self, host):
        """A browser's status under that name: 403 where the name is not the node's."""
        return self.node.request("GET", "/api/v1/jobs", headers={
            "Authorization": None, "Host": host, "Cookie": "mainspring_session=none"}).status

    def test_a_wrong_file_changes_nothing_and_says_where(self):
        self.write("log_level: debug\nslots: 2\nretention:\n  rnus: 5\n")
        refused = self.reload("settings not reloaded")[-1]
        self.assertEqual(refused["level"], "error")
        self.assertEqual(refused["code"], "invalid_argument")
        self.assertIn("node.yaml", refused["message"])
        where, = [line for line in self.node.log_lines() if line.get("line")]
        self.assertEqual((where["line"], where["column"]), (4, 3))
        self.assertEqual(where["suggestion"], "runs")
        self.node.request("GET", "/api/v1/jobs")
        self.assertFalse(self.lines("request answered"))
        self.write("log_level: debug\n  slots: [\n")
        self.assertIn("node.yaml", self.reload("settings not reloaded")[-1]["message"])
        self.write("log_level: debug\nslots: 2\n")
        self.assertEqual(self.reload("settings reloaded")[-1]["changed"], "log_level")

    def test_a_node_that_reloads_still_stops(self):
        self.reload("settings reloaded")
        self.assertEqual(self.node.stop(), 0)

    def test_a_node_of_a_terminal_ends_with_it(self):
        with Node(command="dev") as node:
            self.assertEqual(node.kill(signal.SIGHUP), 0)


class ConfigTest(unittest.TestCase):
    def test_each_setting_says_whether_a_reload_takes_it(self):
        out = subprocess.run([program("mainspring"), "config", "--otlp-headers", "key=hush"],
                             capture_output=True, text=True, check=True,
                             env={"PATH": "/usr/bin:/bin"}).stdout
        rows = {line.split()[0]: line for line in out.splitlines()}
        self.assertIn(" reload ", rows["log_level"])
        self.assertIn(" restart ", rows["listen"])
        self.assertNotIn("hush", out)


if __name__ == "__main__":
    unittest.main(verbosity=2)
