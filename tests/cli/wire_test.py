#!/usr/bin/env python3
"""What jobctl sends, and what it makes of answers.

The peer here is a script, so that a test can say what a node seldom says: bytes that are no text,
a restart in the middle of a wait, an error page of something that is no node.
"""

import base64
import http.server
import json
import signal
import subprocess
import threading
import unittest

from jobctl import DEADLINE_S, JOBCTL, Case

RUN = "run_01900000000070008000000000000001"
QUEUED = {"id": RUN, "job": "demo", "state": "queued"}
SUCCEEDED = {**QUEUED, "state": "succeeded", "exit_code": 0}
FAILED = {**QUEUED, "state": "failed", "exit_code": 42,
          "outcome": {"error": {"message": "exit code 42"}}}


class Peer(http.server.ThreadingHTTPServer):
    """Answers from `replies`: "METHOD /path" -> list of (status, body); the last one stays."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.replies = {}
        self.seen = []
        self.asked = threading.Semaphore(0)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # a client that hangs up is part of some tests

    def reply_to(self, key):
        listed = self.replies.get(key, [(404, {"code": "not_found", "detail": f"No {key}."})])
        return listed.pop(0) if len(listed) > 1 else listed[0]


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        size = int(self.headers.get("Content-Length") or 0)
        path, _, query = self.path.partition("?")
        body = self.rfile.read(size).decode()
        self.server.seen.append((self.command, path, query, dict(self.headers), body))
        self.server.asked.release()
        status, reply = self.server.reply_to(f"{self.command} {path}")
        if status == 0:  # a machine that is gone
            self.close_connection = True
            return
        if callable(reply):
            reply = reply()
        payload = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


def piece(stream, payload, seq):
    is_text = isinstance(payload, str)
    coded = {"text": payload} if is_text else {"base64": base64.b64encode(payload).decode()}
    return {"attempt": 1, "seq": seq, "stream": stream, "at": "2026-01-01T00:00:00.000Z", **coded}


class Wire(Case):
    def setUp(self):
        super().setUp()
        self.peer = Peer()
        self.addCleanup(self.peer.server_close)
        self.addCleanup(self.peer.shutdown)
        self.environment["MAINSPRING_SERVER"] = f"http://127.0.0.1:{self.peer.server_port}"
        self.environment["MAINSPRING_TOKEN"] = "mst_secret"
        self.replies = self.peer.replies

    def last(self):
        return self.peer.seen[-1]

    def prepare_run(self, *ends, pages=None):
        self.replies["POST /api/v1/jobs/demo/runs"] = [(202, QUEUED)]
        self.replies[f"GET /api/v1/runs/{RUN}"] = [(200, end) for end in ends]
        if pages is not None:
            self.replies[f"GET /api/v1/runs/{RUN}/log"] = [(200, page) for page in pages]


class Requests(Wire):
    def test_flags_become_query_parameters_and_path_segments_are_encoded(self):
        self.replies["GET /api/v1/runs"] = [(200, {"items": [SUCCEEDED]})]
        self.expect(0, "runs", "list", "--state", "failed,timed_out", "--limit", "7",
                    "-o", "name", out=f"{RUN}\n", err="")
        method, path, query, headers, _ = self.last()
        self.assertEqual((method, path), ("GET", "/api/v1/runs"))
        self.assertEqual(query, "limit=7&state=failed%2Ctimed_out")
        self.assertEqual(headers["Authorization"], "Bearer mst_secret")
        self.expect(3, "job", "get", "a/b?c")
        self.assertEqual(self.last()[1], "/api/v1/jobs/a%2Fb%3Fc")

    def test_all_follows_every_page(self):
        self.replies["GET /api/v1/jobs"] = [(200, {"items": [{"name": "a"}], "next_cursor": "c1"}),
                                            (200, {"items": [{"name": "b"}]})]
        self.expect(0, "job", "list", "--all", "-o", "name", out="a\nb\n")
        self.assertEqual([s[2] for s in self.peer.seen], ["limit=500", "limit=500&cursor=c1"])

    def test_a_body_is_made_of_flags(self):
        self.replies["POST /api/v1/jobs/demo/pause"] = [(200, {"name": "demo", "paused": True})]
        self.expect(0, "job", "pause", "demo", "--note", "holiday")
        self.assertEqual(json.loads(self.last()[4]), {"note": "holiday"})

    def test_problems_are_printed_whole_and_their_code_is_the_exit_code(self):
        self.replies["GET /api/v1/jobs/demo"] = [(409, {
            "code": "conflict", "detail": "It is taken.",
            "errors": [{"pointer": "/name", "message": "is taken", "suggestion": "b"}]})]
        self.expect(4, "job", "get", "demo", out="",
                    err="jobctl: It is taken.\n/name: is taken (did you mean 'b'?)\n")
        self.replies["GET /api/v1/jobs/demo"] = [(401, {"code": "unauthenticated",
                                                        "detail": "No."})]
        self.expect(5, "job", "get", "demo", err="jobctl: No.\n")
        self.replies["GET /api/v1/jobs/demo"] = [(200, b"<html>")]
        _, _, err = self.expect(6, "job", "get", "demo")
        self.assertIn("is it a Mainspring node?", err)

    def test_api_sends_what_it_is_told_and_prints_the_reply_as_it_came(self):
        self.replies["POST /api/v1/jobs/demo/pause"] = [(200, b'{"a":  1}')]
        self.write("body.json", '{"note":"x"}')
        self.expect(0, "api", "post", "jobs/demo/pause", "--data", "@body.json", "-H", "X-A: b",
                    "-i", out='{"a":  1}\n', err="HTTP 200\n")
        self.assertEqual(self.last()[3]["X-A"], "b")
        self.assertEqual(self.last()[4], '{"note":"x"}')
        self.expect(3, "api", "GET", "/api/v1/jobs/none")

    def test_why_asks_about_an_occurrence_a_job_or_a_run(self):
        reply = {"subject": "s", "lines": ["It ran.", "It succeeded."]}
        self.replies["GET /api/v1/jobs/demo/why"] = [(200, reply)]
        self.expect(0, "why", "demo@2026-03-29T02:30", out="It ran.\n  It succeeded.\n", err="")
        self.assertEqual(self.last()[2], "at=2026-03-29T02%3A30")
        self.replies[f"GET /api/v1/runs/{RUN}/why"] = [(200, reply)]
        _, out, _ = self.expect(0, "why", RUN, "-o", "json")
        self.assertEqual(json.loads(out), reply)
        self.expect(0, "why", "demo", out="It ran.\n  It succeeded.\n", err="")
        self.assertEqual(self.last()[2], "")

    def test_import_applies_a_crontab_whose_commands_stay_as_they_are(self):
        self.replies["POST /api/v1/manifests/apply"] = [
            (200, {"items": [{"name": "backup", "effect": "created"}]})]
        tab = b"0 1 * * * /opt/backup\n0 2 * * * /opt/warm-up '${{ x }}'\n"
        _, out, err = self.expect(0, "import", "crontab", "--apply", stdin=tab)
        self.assertIn("created", out)
        self.assertIn("The crontab itself was not touched.", err)
        backup, warm_up = json.loads(self.last()[4])
        self.assertEqual(backup["command"], "/opt/backup")
        self.assertEqual(warm_up["command"],
                         ["/bin/sh", "-c", "/opt/warm-up '${{ '${{' }} x }}'"])


class Runs(Wire):
    def test_params_are_json_where_they_are_json(self):
        self.prepare_run(SUCCEEDED)
        self.expect(0, "run", "demo", "-p", "n=3", "-p", "region=eu", "-p", "eq=a=b", "--delay",
                    "5m", "--priority", "7", "--idempotency-key", "k", "-o", "name",
                    out=f"{RUN}\n", err="")
        _, _, _, headers, body = self.last()
        self.assertEqual(json.loads(body), {
            "trigger": "manual", "params": {"n": 3, "region": "eu", "eq": "a=b"}, "delay": "5m",
            "priority": 7})
        self.assertEqual(headers["Idempotency-Key"], "k")
        self.expect(2, "run", "demo", "-p", "n")

    def test_wait_ends_with_the_exit_code_of_the_run(self):
        self.prepare_run(QUEUED, SUCCEEDED)
        _, out, _ = self.expect(0, "run", "demo", "--wait", "-o", "json")
        self.assertEqual(json.loads(out), SUCCEEDED)
        self.assertEqual(self.last()[3]["Prefer"], "wait=30")
        self.prepare_run(FAILED)
        _, _, err = self.expect(42, "run", "demo", "--wait")
        self.assertTrue(err.endswith(f"{RUN} failed: exit code 42\n"), err)
        self.prepare_run({**QUEUED, "state": "cancelled"})
        self.expect(1, "run", "demo", "--wait")

    def test_a_wait_outlives_a_restart_of_the_node(self):
        self.prepare_run(SUCCEEDED)
        self.replies[f"GET /api/v1/runs/{RUN}"] = [(0, b""), (0, b""), (200, SUCCEEDED)]
        _, _, err = self.expect(0, "run", "demo", "--wait")
        self.assertIn("trying again", err)

    def test_follow_keeps_the_streams_apart_byte_for_byte(self):
        self.prepare_run(SUCCEEDED, pages=[
            {"items": [piece("stdout", "one\n", 1), piece("stderr", "oh\n", 2)],
             "next_cursor": "1.2", "complete": False},
            {"items": [piece("stdout", b"\xff\xfe\x00", 3), piece("system", "gone\n", 4)],
             "next_cursor": "1.4", "complete": False},
            {"items": [], "next_cursor": "1.4", "complete": True}])
        self.expect(0, "run", "demo", "--follow", out=b"one\n\xff\xfe\x00",
                    err=f"{RUN} started\noh\ngone\n{RUN} succeeded\n")
        cursors = [s[2] for s in self.peer.seen if s[1].endswith("/log")]
        self.assertEqual(cursors, ["", "cursor=1.2", "cursor=1.4"])

    def test_a_wait_that_takes_too_long_is_124_and_the_run_goes_on(self):
        self.prepare_run(QUEUED)
        _, _, err = self.expect(124, "run", "demo", "--wait", "--timeout", "100ms")
        self.assertIn(f"'jobctl logs -f {RUN}' follows it", err)
        self.expect(2, "run", "demo", "--wait", "--timeout", "soon")

    def test_interrupting_a_wait_is_130_and_says_how_to_come_back(self):
        held = threading.Event()
        self.addCleanup(held.set)
        self.prepare_run(QUEUED)
        self.replies[f"GET /api/v1/runs/{RUN}"] = [
            (200, lambda: held.wait(DEADLINE_S) and QUEUED)]
        waiting = subprocess.Popen([JOBCTL, "run", "demo", "--wait"], env=self.environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2):  # the submission and the wait
            self.assertTrue(self.peer.asked.acquire(timeout=DEADLINE_S))
        waiting.send_signal(signal.SIGINT)
        _, err = waiting.communicate(timeout=DEADLINE_S)
        self.assertEqual(waiting.returncode, 130)
        self.assertIn(f"'jobctl runs cancel {RUN}' ends it", err)

    def test_run_list_is_told_from_runs_list(self):
        _, _, err = self.expect(3, "run", "list")
        self.assertIn("Did you mean 'jobctl runs list'?", err)


class Logs(Wire):
    PAGES = [{"items": [piece("stdout", "a\nb\n", 1), piece("stderr", "c\n", 2)],
              "next_cursor": "1.2", "complete": False},
             {"items": [], "next_cursor": "1.2", "complete": False}]

    def setUp(self):
        super().setUp()
        self.replies[f"GET /api/v1/runs/{RUN}/log"] = [(200, page) for page in self.PAGES]

    def test_a_log_is_read_to_where_it_is_now(self):
        self.expect(0, "logs", RUN, "--attempt", "2", out="a\nb\n", err="c\n")
        self.assertEqual(self.last()[2], "attempt=2&cursor=1.2")

    def test_timestamps_stand_before_each_line(self):
        at = "2026-01-01T00:00:00.000Z"
        self.expect(0, "logs", RUN, "-t", out=f"{at} a\n{at} b\n", err=f"{at} c\n")

    def test_pieces_can_be_had_as_json(self):
        _, out, _ = self.expect(0, "logs", RUN, "-o", "jsonl")
        self.assertEqual([json.loads(line)["seq"] for line in out.splitlines()], [1, 2])

    def test_raw_is_the_download_untouched(self):
        self.replies[f"GET /api/v1/runs/{RUN}/log/download"] = [(200, b"\x00\xffx")]
        self.expect(0, "logs", "--raw", RUN, out=b"\x00\xffx", err="")
        self.expect(3, "logs", "--raw", "run_none",
                    err="jobctl: No GET /api/v1/runs/run_none/log/download.\n")


class Health(Wire):
    def setUp(self):
        super().setUp()
        self.replies["GET /version"] = [(200, {"name": "mainspring", "version": "9.9.9"})]
        self.replies["GET /healthz"] = [(200, {"status": "ok"})]
        self.replies["GET /readyz"] = [(200, {"status": "ok"})]
        self.replies["GET /api/v1/session"] = [(200, {"name": "admin", "role": "admin"})]
        self.replies["GET /api/v1/workers"] = [(200, {"items": [
            {"state": "online", "slots": 2, "busy": 2, "name": "db1", "labels": {
                "mainspring/cgroup": "v1", "mainspring/limits": "memory.cpu"}},
            {"state": "offline", "slots": 8}]})]
        self.replies["GET /api/v1/backups"] = [(200, {
            "items": [], "last_made_at": "2026-01-01T00:00:00.000Z",
            "last_proven_at": "2026-01-01T00:00:02.000Z", "problem": "no room"})]

    def test_the_doctor_names_what_is_wrong_and_what_to_do(self):
        code, out, err = self.run_jobctl("doctor")
        self.assertEqual(code, 4)  # of the first check that failed
        self.assertIn("version     failed  node 9.9.9, jobctl", out)
        self.assertIn("credential  ok      admin, admin", out)
        self.assertIn("workers     failed  1 online, 2 of 2 slots busy", out)
        self.assertIn("workers: Runs wait until a slot is free.", err)
        self.assertIn("limits      ok      db1: memory, cpu (cgroup v1)", out)
        self.assertIn("backup      warn    the last was made at 2026-01-01T00:00:00Z; a restore "
                      "was proven at 2026-01-01T00:00:02Z", out)
        self.assertIn("backup: The last attempt failed: no room.", err)

    def test_status_is_one_row(self):
        self.replies["GET /api/v1/runs"] = [(200, {"items": [QUEUED]})]
        _, out, _ = self.expect(0, "status", "-o", "json")
        status = json.loads(out)
        self.assertEqual((status["ready"], status["workers"], status["slots"], status["busy"]),
                         ("yes", 1, 2, 2))


class Stream(Wire):
    def test_watch_prints_events_and_resumes_behind_the_last_one(self):
        event = {"type": "run.queued", "subject": RUN, "time": "2026-01-01T00:00:00.000Z"}
        first = f"id: 7\nevent: run.queued\ndata: {json.dumps(event)}\n\n".encode()
        refused = (401, {"code": "unauthenticated", "detail": "No more."})
        self.replies["GET /api/v1/stream"] = [(200, first), refused, refused]
        _, out, _ = self.expect(5, "event", "watch")
        self.assertEqual(out, f"2026-01-01T00:00:00Z  run.queued  {RUN}\n")
        self.assertEqual(self.peer.seen[0][2], "topics=events")
        self.assertEqual(self.peer.seen[1][3]["Last-Event-ID"], "7")


if __name__ == "__main__":
    unittest.main()
