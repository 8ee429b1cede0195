#!/usr/bin/env python3
"""Traces of a real node, read by a small collector: who is whose parent, what is said of an end,
what the program is told, and that a collector which is away stops nobody."""
import http.server
import json
import pathlib
import queue
import signal
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node  # noqa: E402

MANIFEST = """
name: tells
command: echo "$TRACEPARENT $TRACESTATE"
---
name: flaky
command: test "$MAINSPRING_ATTEMPT" = 2 || exit 9
retry: {max_attempts: 2, backoff: {type: fixed, initial: 1ms}}
---
name: bad
command: echo oh no >&2; exit 3
"""
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
SECONDS = 60


class Collector(http.server.ThreadingHTTPServer):
    """Takes OTLP/HTTP JSON and keeps the spans; `status` may be set to refuse."""
    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Take)
        self.arrived = queue.Queue()
        self.requests = queue.Queue()
        self.spans = {}
        self.status = 200
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self):
        self.shutdown()
        self.server_close()

    def wait(self, wanted):
        """The spans once `wanted(spans)` is true; each span by its id."""
        deadline = time.monotonic() + SECONDS
        while not wanted(self.spans):
            left = deadline - time.monotonic()
            assert left > 0, f"not there after {SECONDS} s: {json.dumps(self.spans, indent=1)}"
            try:
                span = self.arrived.get(timeout=left)
            except queue.Empty:
                continue
            self.spans[span["spanId"]] = span
        return self.spans

    def of_run(self, run, count):
        """The spans that belong to a run, by name, once there are so many."""
        def found(spans):
            return [s for s in spans.values() if attributes(s).get("mainspring.run.id") == run]
        self.wait(lambda spans: len(found(spans)) >= count)
        return found(self.spans)


class Take(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server = self.server
        server.requests.put((self.path, dict(self.headers), server.status))
        answer = b"{}"
        self.send_response(server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        if server.status != 200:
            return
        for resource in json.loads(body)["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                for span in scope["spans"]:
                    span["resource"] = attributes(resource["resource"])
                    server.arrived.put(span)

    def log_message(self, *unused):
        pass


def attributes(of):
    def value(v):
        (kind, content), = v.items()
        return int(content) if kind == "intValue" else content
    return {a["key"]: value(a["value"]) for a in of["attributes"]}


def named(spans, prefix):
    return [s for s in spans if s["name"].startswith(prefix)]


def metric(node, name):
    for line in node.request("GET", "/metrics").body.decode().splitlines():
        if line.startswith(name + " "):
            return float(line.split()[1])
    raise AssertionError(name)


class TracesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.collector = Collector()
        cls.addClassCleanup(cls.collector.close)
        cls.node = Node("--otlp-endpoint", cls.collector.url, "--otlp-headers", "x-key=se cret")
        cls.addClassCleanup(cls.node.__exit__)
        cls.node.start()
        cls.node.apply(MANIFEST)

    def submit(self, job, headers=None):
        reply = self.node.request("POST", f"/api/v1/jobs/{job}/runs", {}, headers)
        self.assertEqual(reply.status, 202, reply.body)
        run = reply.json()["id"]
        return run, self.node.wait(run)

    def request_span(self, run, trace):
        self.collector.wait(lambda spans: [
            s for s in spans.values() if s["traceId"] == trace and s["kind"] == 2])
        span, = [s for s in self.collector.spans.values()
                 if s["traceId"] == trace and s["kind"] == 2]
        return span

    def test_a_run_that_nobody_put_into_a_trace_begins_one(self):
        run, shown = self.submit("tells")
        spans = self.collector.of_run(run, 2)
        trace = run.removeprefix("run_")
        request = self.request_span(run, trace)
        whole, = named(spans, "run tells")
        attempt, = named(spans, "attempt tells")
        self.assertEqual({s["traceId"] for s in (request, whole, attempt)}, {trace})
        self.assertNotIn("parentSpanId", request)
        self.assertEqual(whole["parentSpanId"], request["spanId"])
        self.assertEqual(attempt["parentSpanId"], whole["spanId"])
        self.assertEqual(self.node.log_of(run).decode().split(),
                         [f"00-{trace}-{attempt['spanId']}-01"])
        self.assertEqual(request["name"], "POST /api/v1/jobs/{job}/runs")
        self.assertEqual(attributes(request)["http.response.status_code"], 202)
        self.assertEqual(attributes(whole)["mainspring.run.state"], "succeeded")
        self.assertNotIn("status", whole)
        self.assertLessEqual(int(whole["startTimeUnixNano"]), int(attempt["startTimeUnixNano"]))
        self.assertGreaterEqual(int(whole["endTimeUnixNano"]), int(attempt["endTimeUnixNano"]))
        for span in (request, whole, attempt):
            self.assertEqual(span["resource"]["service.name"], "mainspring")
            self.assertTrue(span["resource"]["service.instance.id"].startswith("wrk_"))
            self.assertTrue(span["resource"]["service.version"])

    def test_a_run_joins_the_trace_that_its_request_came_in(self):
        run, shown = self.submit("tells", {"traceparent": f"00-{TRACE}-{PARENT}-01",
                                           "tracestate": "vendor=1"})
        spans = self.collector.of_run(run, 2)
        request = self.request_span(run, TRACE)
        whole, = named(spans, "run")
        attempt, = named(spans, "attempt")
        self.assertEqual(request["parentSpanId"], PARENT)
        self.assertEqual(whole["parentSpanId"], request["spanId"])
        self.assertEqual({s["traceState"] for s in (request, whole, attempt)}, {"vendor=1"})
        self.assertEqual(self.node.log_of(run).decode().split(),
                         [f"00-{TRACE}-{attempt['spanId']}-01", "vendor=1"])
        self.assertEqual(shown["trace"], {"traceparent": f"00-{TRACE}-{request['spanId']}-01",
                                          "tracestate": "vendor=1"})

    def test_a_header_that_is_no_context_is_as_good_as_none(self):
        for headers in ({"traceparent": f"00-{TRACE.upper()}-{PARENT}-01", "tracestate": "v=1"},
                        {"tracestate": "v=1"}, {"traceparent": f"ff-{TRACE}-{PARENT}-01"}):
            run, _ = self.submit("tells", headers)
            told = self.node.log_of(run).decode().split()
            self.assertEqual(len(told), 1)
            self.assertEqual(told[0].split("-")[1], run.removeprefix("run_"))

    def test_a_trace_that_is_not_recorded_stays_so(self):
        other = "11111111111111111111111111111111"
        run, _ = self.submit("tells", {"traceparent": f"00-{other}-{PARENT}-00"})
        self.assertTrue(self.node.log_of(run).decode().strip().endswith("-00"))
        later, _ = self.submit("tells")
        self.collector.of_run(later, 2)
        self.assertNotIn(other, {s["traceId"] for s in self.collector.spans.values()})

    def test_each_retry_is_a_span_beside_the_first(self):
        run, _ = self.submit("flaky")
        spans = self.collector.of_run(run, 3)
        whole, = named(spans, "run")
        attempts = sorted(named(spans, "attempt"),
                          key=lambda s: attributes(s)["mainspring.attempt.number"])
        self.assertEqual([attributes(s)["mainspring.attempt.number"] for s in attempts], [1, 2])
        self.assertEqual({s["parentSpanId"] for s in attempts}, {whole["spanId"]})
        self.assertEqual(attempts[0]["status"]["code"], 2)
        self.assertEqual(attributes(attempts[0])["process.exit.code"], 9)
        self.assertNotIn("status", attempts[1])
        self.assertNotIn("status", whole)
        self.assertEqual(attributes(whole)["mainspring.run.attempts"], 2)

    def test_a_failure_says_so(self):
        run, _ = self.submit("bad")
        for span in self.collector.of_run(run, 2):
            self.assertEqual(span["status"]["code"], 2)
            self.assertTrue(span["status"]["message"])
            self.assertTrue(attributes(span)["error.type"])

    def test_a_rerun_is_asked_for_too(self):
        run, _ = self.submit("tells")
        reply = self.node.request("POST", f"/api/v1/runs/{run}/rerun", {})
        again = reply.json()["id"]
        self.node.wait(again)
        self.collector.of_run(again, 2)
        span = self.request_span(again, again.removeprefix("run_"))
        self.assertIn("rerun", span["name"])

    def test_the_collector_gets_the_headers_and_the_path(self):
        self.submit("tells")
        path, headers, _ = self.collector.requests.get(timeout=SECONDS)
        self.assertEqual(path, "/v1/traces")
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertEqual(headers["x-key"], "se cret")


class AwayTest(unittest.TestCase):
    def test_a_collector_that_is_away_stops_nobody_and_is_named_once(self):
        first = Collector()
        port = first.server_address[1]
        first.close()
        with Node("--otlp-endpoint", f"http://127.0.0.1:{port}", "--log-format", "json") as node:
            node.apply(MANIFEST)
            runs = [node.submit("tells") for _ in range(20)]
            for run in runs:
                self.assertEqual(node.wait(run)["state"], "succeeded")

            def lines(word):
                return [line for line in node.log_lines() if word in line["message"]]
            deadline = time.monotonic() + SECONDS
            while not lines("does not take spans"):
                self.assertLess(time.monotonic(), deadline, node.log_text())
                node.wait(node.submit("tells"))
            back = Collector(port)
            self.addCleanup(back.close)
            for run in runs:
                back.of_run(run, 2)
            while not lines("takes spans again"):
                self.assertLess(time.monotonic(), deadline + SECONDS, node.log_text())
                node.wait(node.submit("tells"))
            self.assertEqual(len(lines("does not take spans")), 1)
            self.assertEqual(lines("does not take spans")[0]["level"], "warn")
            self.assertEqual(lines("takes spans again")[0]["level"], "info")
            self.assertGreaterEqual(metric(node, "mainspring_spans_exported_total"), 40)
            self.assertEqual(metric(node, "mainspring_spans_dropped_total"), 0)

    def test_what_a_collector_refuses_is_counted_and_not_repeated(self):
        collector = Collector()
        self.addCleanup(collector.close)
        collector.status = 400
        with Node("--otlp-endpoint", collector.url) as node:
            node.apply(MANIFEST)
            node.wait(node.submit("tells"))
            deadline = time.monotonic() + SECONDS
            while metric(node, "mainspring_spans_dropped_total") < 3:
                self.assertLess(time.monotonic(), deadline)
            self.assertEqual(metric(node, "mainspring_spans_exported_total"), 0)

    def test_the_last_spans_go_out_when_the_node_stops(self):
        collector = Collector()
        self.addCleanup(collector.close)
        with Node("--otlp-endpoint", collector.url) as node:
            node.apply(MANIFEST)
            run = node.submit("bad")
            node.wait(run)
            self.assertEqual(node.stop(), 0)
            self.assertEqual(len(collector.of_run(run, 2)), 2)

    def test_a_collector_that_hangs_does_not_hold_up_the_end(self):
        silent = http.server.HTTPServer(("127.0.0.1", 0), Take)  # accepts, and never reads
        self.addCleanup(silent.server_close)
        with Node("--otlp-endpoint", f"http://127.0.0.1:{silent.server_address[1]}") as node:
            node.apply(MANIFEST)
            node.wait(node.submit("tells"))
            self.assertEqual(node.kill(signal.SIGTERM), 0)  # within its limit of 60 s

    def test_a_node_without_traces_passes_on_what_came(self):
        with Node() as node:
            node.apply(MANIFEST)
            reply = node.request("POST", "/api/v1/jobs/tells/runs", {},
                                 {"traceparent": f"00-{TRACE}-{PARENT}-01", "tracestate": "v=1"})
            run = reply.json()["id"]
            node.wait(run)
            self.assertEqual(node.log_of(run).decode().split(), [f"00-{TRACE}-{PARENT}-01", "v=1"])
            node.kill()  # what it was given survives
            node.start()
            shown = node.request("GET", f"/api/v1/runs/{run}").json()
            self.assertEqual(shown["trace"]["tracestate"], "v=1")


if __name__ == "__main__":
    unittest.main(verbosity=2)
