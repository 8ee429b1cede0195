#!/usr/bin/env python3
"""GET /metrics of a real node: the format, the numbers against what happened, the catalogue."""
import http.client
import json
import math
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import ROOT, Node  # noqa: E402

MANIFEST = """
name: good
command: echo good
---
name: bad
command: exit 3
---
name: flaky
command: test "$MAINSPRING_ATTEMPT" = 2
retry: {max_attempts: 2, backoff: {type: fixed, initial: 1ms}}
---
name: long
command: exec sleep 600
timeout: {grace: 1s}
---
name: often
schedule: {every: 1s}
command: echo tick
"""

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"'
SERIES = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)")
NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN")
ESCAPES = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


class FormatError(Exception):
    pass


def require(condition, message, line):
    if not condition:
        raise FormatError(f"{message}: {line!r}")


class Page:
    """The exposition, read by the letter: {name: {labels: value}}, kinds and helps by family."""

    def __init__(self, text):
        require(text.endswith("\n"), "the last line has no end", text[-40:])
        self.kinds, self.helps, self.series = {}, {}, {}
        self.family, self.closed = None, set()
        for line in text[:-1].split("\n"):
            if line.startswith("# HELP "):
                self.begin(line)
            elif line.startswith("# TYPE "):
                self.set_kind(line)
            else:
                self.add(line)
        for family, kind in self.kinds.items():
            if kind == "histogram":
                self.check_histogram(family)

    def begin(self, line):
        _, _, name, text = line.split(" ", 3)
        require(re.fullmatch(NAME, name), "not a name", line)
        require(name not in self.helps and text, "a second HELP, or none", line)
        require("\\" not in text, "an escape that nobody wrote", line)
        self.helps[name], self.family = text, None

    def set_kind(self, line):
        _, _, name, kind = line.split(" ")
        require(name in self.helps and name not in self.kinds, "TYPE without HELP", line)
        require(kind in ("counter", "gauge", "histogram"), "not a kind", line)
        self.kinds[name], self.family = kind, name

    def add(self, line):
        match = SERIES.fullmatch(line)
        require(match and NUMBER.fullmatch(match[len(match.groups())]), "not a series", line)
        name, value = match[1], float(match[len(match.groups())])
        labels = [(key, re.sub(r'\\[\\"n]', lambda m: ESCAPES[m[0]], text))
                  for key, text in re.findall(LABEL, match[2] or "")]
        require(len(dict(labels)) == len(labels), "a label twice", line)
        suffixes = ("_bucket", "_sum", "_count")
        is_histogram = self.kinds.get(self.family) == "histogram"
        family = next((name[:-len(s)] for s in suffixes if name.endswith(s)), name)
        require(self.family == (family if is_histogram else name), "outside its family", line)
        if self.kinds[self.family] == "counter":
            require(name.endswith("_total") and value >= 0, "not a counter", line)
        at = self.series.setdefault(name, {})
        require(frozenset(labels) not in at, "a series twice", line)
        at[frozenset(labels)] = value

    def check_histogram(self, family):
        buckets = {}
        for labels, value in self.series.get(f"{family}_bucket", {}).items():
            bound = float(dict(labels)["le"].replace("+Inf", "inf"))
            rest = frozenset(pair for pair in labels if pair[0] != "le")
            buckets.setdefault(rest, []).append((bound, value))
        for labels, pairs in buckets.items():
            counts = [count for _, count in sorted(pairs)]
            require(counts == sorted(counts), "buckets that shrink", family)
            require(max(pairs)[0] == math.inf, "no last bucket", family)
            require(counts[-1] == self.series[f"{family}_count"][labels], "not the count", family)
            require(labels in self.series[f"{family}_sum"], "no sum", family)

    def value(self, name, **labels):
        return self.series[name][frozenset(labels.items())]


def reference():
    """{name: (kind, labels)} as the reference page lists them."""
    text = (ROOT / "docs" / "reference" / "metrics.md").read_text()
    rows = re.findall(r"^\| `((?:mainspring|process)_\w+)` \| (\w+) \| (.*?) \|", text, re.M)
    return {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}


class ParserTest(unittest.TestCase):
    def test_the_parser_refuses_what_is_wrong(self):
        head = "# HELP a_total A.\n# TYPE a_total counter\n"
        Page(head + 'a_total{x="1\\"\\\\\\n"} 1\n')
        for text in (head + "a_total 1", head + "b_total 1\n", head + "a_total 1\na_total 2\n",
                     head + 'a_total{x="1"} \n', head + 'a_total{x="a"b"} 1\n', head + head,
                     head + "a_total -1\n", head + 'a_total{x="\\t"} 1\n', "a_total 1\n",
                     "# HELP h H.\n# TYPE h histogram\n"
                     'h_bucket{le="1"} 3\nh_bucket{le="+Inf"} 2\nh_sum 1\nh_count 2\n'):
            with self.subTest(text), self.assertRaises(FormatError):
                Page(text)


class MetricsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node("--slots", "4")
        cls.addClassCleanup(cls.node.__exit__)
        cls.node.start()
        cls.node.apply(MANIFEST)

    def scrape(self):
        reply = self.node.request("GET", "/metrics")
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        return Page(reply.body.decode())

    def end(self, job):
        return self.node.wait(self.node.submit(job))["state"]

    def test_the_page_needs_a_credential(self):
        reply = self.node.request("GET", "/metrics", headers={"Authorization": None})
        self.assertEqual(reply.status, 401)

    def test_numbers_are_what_happened(self):
        before = self.scrape()
        states = [self.end(job) for job in ("good", "good", "good", "bad", "flaky")]
        self.assertEqual(states, ["succeeded"] * 3 + ["failed", "succeeded"])
        run = self.node.submit("long")
        while self.node.request("GET", f"/api/v1/runs/{run}",
                                headers={"Prefer": "wait=1"}).json()["state"] != "running":
            pass
        during = self.scrape()
        self.assertGreaterEqual(during.value("mainspring_jobs_running"), 1)
        self.assertGreaterEqual(during.value("mainspring_worker_slots_busy"), 1)
        self.assertEqual(during.value("mainspring_worker_slots"), 4)
        self.assertEqual(during.value("mainspring_cluster_nodes", state="online"), 1)
        self.node.request("POST", f"/api/v1/runs/{run}/cancel", {})
        self.assertEqual(self.node.wait(run)["state"], "cancelled")
        after = self.scrape()

        def grew(name, **labels):
            at = frozenset(labels.items())
            return after.series[name].get(at, 0) - before.series.get(name, {}).get(at, 0)

        self.assertEqual(grew("mainspring_jobs_scheduled_total", trigger="api"), 6)
        self.assertEqual(grew("mainspring_runs_started_total", trigger="api"), 6)
        self.assertEqual(grew("mainspring_jobs_completed_total", state="failed"), 1)
        self.assertEqual(grew("mainspring_jobs_completed_total", state="cancelled"), 1)
        self.assertGreaterEqual(grew("mainspring_jobs_completed_total", state="succeeded"), 4)
        self.assertEqual(grew("mainspring_jobs_failed_total"), 1)
        self.assertEqual(grew("mainspring_retries_total"), 1)
        self.assertEqual(grew("mainspring_leases_lost_total"), 0)
        self.assertEqual(grew("mainspring_attempts_total", outcome="failed"), 2)
        self.assertEqual(grew("mainspring_attempts_total", outcome="cancelled"), 1)
        self.assertEqual(grew("mainspring_schedule_delay_seconds_count", trigger="api"), 6)
        self.assertEqual(grew("mainspring_job_duration_seconds_count", outcome="failed"), 2)
        for route, count in (("submit_run", 6), ("cancel_run", 1)):
            answered = grew("mainspring_http_requests_total", route=route, status="2xx")
            self.assertEqual(answered, count, route)
        self.assertGreater(grew("mainspring_writer_commands_total"), 12)
        self.assertEqual(grew("mainspring_writer_failed_groups_total"), 0)

    def test_occurrences_and_delays_of_schedules_count(self):
        while True:
            page = self.scrape()
            counted = (page.value("mainspring_occurrences_total", ending="ran"),
                       page.value("mainspring_runs_started_total", trigger="every"),
                       page.value("mainspring_schedule_delay_seconds_count", trigger="every"))
            if min(counted) >= 2:  # a fire may fall between two lines of one page
                break
            self.node.request("GET", f"/api/v1/runs/{self.node.submit('good')}",
                              headers={"Prefer": "wait=1"})

    def test_every_family_is_there_as_the_reference_says(self):
        page = self.scrape()
        listed = reference()
        self.assertEqual(page.kinds, {name: kind for name, (kind, _) in listed.items()})
        for name, series in page.series.items():
            family = name if name in listed else re.sub("_(bucket|sum|count)$", "", name)
            for labels in series:
                self.assertEqual({key for key, _ in labels} - {"le"}, listed[family][1], name)

    def test_process_and_files_say_something_sensible(self):
        page = self.scrape()
        status = pathlib.Path(f"/proc/{self.node.process.pid}/status").read_text()
        threads = int(re.search(r"Threads:\s+(\d+)", status)[1])
        self.assertEqual(page.value("process_threads"), threads)
        for name in ("process_resident_memory_bytes", "process_cpu_seconds_total",
                     "process_open_fds", "mainspring_database_bytes"):
            self.assertGreater(page.value(name), 0, name)
        stat = pathlib.Path("/proc/stat").read_text()
        booted = int(re.search(r"btime (\d+)", stat)[1])
        self.assertGreaterEqual(page.value("process_start_time_seconds"), booted)

    def test_queues_have_series_up_to_a_number(self):
        for number in range(50):
            put = self.node.request("PUT", f"/api/v1/queues/lane-{number:03}", {"limit": 1})
            self.assertLess(put.status, 300, put.body)
        reply = self.node.request("GET", "/metrics")
        page = Page(reply.body.decode())
        self.assertEqual(page.value("mainspring_queue_depth", queue="lane-049"), 0)
        lines = reply.body.count(b"\n")
        print(f"a page with 50 queues: {len(reply.body)} bytes, {lines} lines")
        self.assertLess(len(reply.body), 64 << 10)
        for number in range(50, 210):
            self.node.request("PUT", f"/api/v1/queues/lane-{number:03}", {"limit": 1})
        page = self.scrape()
        for name in ("depth", "running", "oldest_age_seconds"):
            queues = page.series[f"mainspring_queue_{name}"]
            self.assertEqual(len(queues), 201)
            self.assertIn(frozenset({("queue", "_others")}), queues)

    def test_live_streams_are_counted_while_they_are_open(self):
        self.assertEqual(self.scrape().value("mainspring_sse_clients"), 0)
        connection = http.client.HTTPConnection(self.node.address, timeout=60)
        connection.request("GET", "/api/v1/stream?topics=runs",
                           headers={"Authorization": f"Bearer {self.node.token}"})
        stream = connection.getresponse()
        self.assertEqual(stream.status, 200)
        stream.readline()  # of the first event: it has subscribed
        self.assertEqual(self.scrape().value("mainspring_sse_clients"), 1)
        connection.close()


class LogTest(unittest.TestCase):
    def lines(self, *flags):
        """What a node with these flags logs while it answers one request, by JSON object."""
        with Node("--log-format", "json", *flags) as node:
            reply = node.request("GET", "/api/v1/jobs/none", headers={"X-Request-Id": "find-me"})
            self.assertEqual(reply.status, 404)
            node.stop()
            return [json.loads(line) for line in node.log_text().splitlines()]

    def test_every_line_is_an_object_and_a_request_is_found_by_its_id(self):
        lines = self.lines("--log-level", "debug")
        for line in lines:
            self.assertLess({"time", "level", "component", "message"}, set(line) | {"field"})
        request, = [line for line in lines if line.get("request_id") == "find-me"]
        self.assertEqual((request["level"], request["component"]), ("debug", "api"))
        self.assertEqual((request["route"], request["status"]), ("get_job", 404))
        self.assertLess(request["duration_ms"], 60_000)
        self.assertIn("stopped", [line["message"] for line in lines])

    def test_requests_are_not_logged_unless_asked_for(self):
        self.assertFalse([line for line in self.lines() if "request_id" in line])
        self.assertEqual(self.lines("--log-level", "error"), [])


class DashboardTest(unittest.TestCase):
    def test_the_dashboard_asks_for_nothing_that_is_not_there(self):
        dashboard = json.loads((ROOT / "deploy" / "grafana" / "mainspring.json").read_text())
        listed = reference()
        asked = set()
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                for name in re.findall(r"\b(?:mainspring|process)_\w+", target["expr"]):
                    family = name if name in listed else re.sub("_(bucket|sum|count)$", "", name)
                    self.assertIn(family, listed, panel["title"])
                    asked.add(family)
                for group in re.findall(r"by \(([^)]*)\)", target["expr"]):
                    known = {label for name in asked for label in listed[name][1]} | {"le"}
                    self.assertLessEqual(set(group.split(", ")), known, target["expr"])
        self.assertGreater(len(asked), 20)


if __name__ == "__main__":
    unittest.main(verbosity=2)
