#!/usr/bin/env python3
"""A fleet is upgraded one program after another: what two releases do that meet. The other release
is what it is to its neighbours: a schema that it has changed, and a front that speaks its versions
of the worker protocol, as src/protocol/version.h says they are spoken, before a real node."""
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from fleet import RemoteWorker  # noqa: E402
from node import Node, program  # noqa: E402
from waiting import until  # noqa: E402

VERSION = "Mainspring-Worker-Protocol"
OURS = (1, 2)
JOBS = """
name: greet
command: echo hello
---
name: chatty
command: |
  i=0
  while [ $i -lt 600 ]; do i=$((i+1)); echo "line $i"; sleep 0.01; done
placement: {labels: {site: far}}
"""
BEAT = """
name: beat
command: [/bin/true]
schedule: {every: 1s, overlap: allow, misfire: run_all}
"""


class Front(http.server.ThreadingHTTPServer):
    """A node as it was or will be: of other versions of the worker protocol than the one behind."""
    daemon_threads = True

    def __init__(self, node, spoken):
        super().__init__(("127.0.0.1", 0), Forwarder)
        self.node, self.spoken, self.is_away = node, spoken, False
        self.seen = []  # the versions of the requests that were taken
        self.address = "http://127.0.0.1:%d" % self.server_address[1]
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.shutdown()
        self.server_close()
        self.thread.join()

    def handle_error(self, request, address):
        """A worker that drops a connection is none of the test's business."""


class Forwarder(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *unused):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.server.is_away:
            self.close_connection = True
            return
        oldest, newest = self.server.spoken
        version = int(self.headers[VERSION])
        if oldest <= version <= newest:
            self.server.seen.append(version)
            self.answer(*self.ask(min(version, OURS[1]), body))
        else:
            self.answer(422, {"Content-Type": "application/problem+json"}, json.dumps(
                {"code": "unsupported", "status": 422,
                 "detail": f"The node speaks {oldest}-{newest}."}).encode())

    def ask(self, version, body):
        connection = http.client.HTTPConnection(self.server.node.address, timeout=60)
        with contextlib.closing(connection):
            kept = {name: self.headers[name] for name in ("Authorization", "Content-Type")}
            connection.request("POST", self.path, body, {**kept, VERSION: str(version)})
            response = connection.getresponse()
            return response.status, {"Content-Type": response.headers["Content-Type"]}, \
                response.read()

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        self.send_header(VERSION, "%d-%d" % self.server.spoken)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Protocol(unittest.TestCase):
    """Nodes of one release, workers of another, and nodes of both."""

    def setUp(self):
        self.node = Node("--slots", "1", "--labels", "site=near")
        self.addCleanup(self.node.__exit__)
        self.node.start()
        self.node.apply(JOBS)

    def front(self, *spoken):
        return self.enterContext(Front(self.node, spoken))

    def worker(self, first, *others):
        more = [word for front in others for word in ("--join", front.address)]
        worker = RemoteWorker(self.node, *more, server=first.address)
        self.addCleanup(worker.__exit__)
        return worker

    def check_whole(self, run):
        ended = self.node.wait(run)
        self.assertEqual(ended["state"], "succeeded")
        self.assertEqual(len(ended["attempts"]), 1)
        lines = self.node.log_of(run).decode().splitlines()
        self.assertEqual(lines, [f"line {i + 1}" for i in range(600)])

    def begin(self):
        run = self.node.submit("chatty")
        until(lambda: self.node.log_of(run))
        return run

    def test_a_run_goes_on_while_its_worker_moves_between_nodes_of_two_versions(self):
        old, new = self.front(0, 1), self.front(*OURS)
        worker = self.worker(new, old)
        worker.start()
        run = self.begin()
        self.assertEqual((set(new.seen), old.seen), ({2}, []))
        new.is_away = True  # it is upgraded, or rather rolled back
        until(lambda: 1 in old.seen)
        self.assertEqual(set(old.seen), {1})
        old.is_away, new.is_away = True, False
        count = len(new.seen)
        until(lambda: len(new.seen) > count)
        self.check_whole(run)
        self.assertIn("another version of the worker protocol", worker.log_text())

    def test_a_worker_outlives_the_upgrade_of_its_node_to_the_next_version(self):
        front = self.front(*OURS)
        self.worker(front).start()
        run = self.begin()
        front.spoken = (2, 3)
        self.check_whole(run)
        self.check_whole(self.begin())
        self.assertEqual(set(front.seen), {2})

    def test_a_worker_of_the_release_before_joins_and_works(self):
        front = self.front(0, 1)
        worker = self.worker(front)
        worker.start()
        self.check_whole(self.begin())
        self.assertEqual(set(front.seen), {1})

    def test_a_worker_that_runs_waits_for_a_node_that_is_too_new_to_be_put_right(self):
        front = self.front(*OURS)
        worker = self.worker(front)
        worker.start()
        front.spoken = (3, 4)
        until(lambda: "upgrade the worker to the node's release" in worker.log_text())
        self.assertIsNone(worker.process.poll())
        front.spoken = OURS
        self.check_whole(self.begin())

    def test_a_worker_that_starts_beside_a_node_that_is_too_new_is_told(self):
        worker = self.worker(self.front(3, 4))
        worker.spawn()
        self.assertEqual(worker.process.wait(timeout=30), 2)
        self.assertIn("upgrade the worker to the node's release", worker.log_text())


@unittest.skipUnless("MAINSPRING_TEST_POSTGRES" in os.environ, "for PostgreSQL")
class Schema(unittest.TestCase):
    """Two nodes on one database, of which a third of a newer release has changed the schema."""

    def setUp(self):
        self.first = self.start()
        self.second = self.start(store=self.first.store)
        self.first.apply(JOBS + "---" + BEAT)

    def start(self, store=None):
        node = Node("--plan-ahead", "3s", "--liveness", "3s")
        self.addCleanup(node.__exit__)
        node.store = store or node.store
        node.start()
        return node

    def sql(self, text):
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c",
                               "SET search_path = mainspring; " + text, self.first.store[1]],
                              check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def migrate(self, breaks):
        """What a migration of a newer release does, in one transaction."""
        number = 1 + int(self.sql("SELECT max(number) FROM schema_migrations"))
        raised = f"UPDATE writer_turn SET needs = {number};" if breaks else ""
        self.sql("BEGIN; ALTER TABLE runs_live ADD COLUMN later text; ALTER TABLE nodes ADD COLUMN"
                 " later integer NOT NULL DEFAULT 7; CREATE TABLE later(id bigint); " + raised +
                 f"INSERT INTO schema_migrations(number, name) VALUES ({number}, 'later'); COMMIT")
        return number

    def ready(self, node):
        reply = node.request("GET", "/readyz")
        return reply.status, reply.body.decode()

    def beats(self):
        return len(self.second.request("GET", "/api/v1/runs?job=beat&limit=500").json()["items"])

    def test_older_nodes_go_on_and_start_under_a_schema_that_lets_them(self):
        self.migrate(breaks=False)
        for node in (self.first, self.second):
            self.assertEqual(node.wait(node.submit("greet"))["state"], "succeeded")
        self.first.kill()
        self.first.start()
        self.assertEqual(self.first.wait(self.first.submit("greet"))["state"], "succeeded")
        before = self.beats()
        until(lambda: self.beats() > before + 3)
        self.assertEqual(self.ready(self.first)[0], 200)
        doctor = subprocess.run(
            [program("mainspring"), "doctor", "--data-dir", self.first.data, "-o", "json",
             *self.first.store], capture_output=True, text=True, env=self.first.environment())
        check, = [each for each in json.loads(doctor.stdout)["items"] if each["check"] == "store"]
        self.assertEqual(check["state"], "warn")

    def test_older_nodes_write_nothing_under_a_schema_that_needs_a_newer_program(self):
        number = self.migrate(breaks=True)
        need = f"needs a program that knows the schema {number}"
        for node in (self.first, self.second):
            reply = node.request("POST", "/api/v1/jobs/greet/runs", {})
            self.assertEqual(reply.status, 503, reply.body)
            self.assertIn(need, reply.json()["detail"])
            status, text = until(lambda node=node: self.ready(node) if self.ready(node)[0] == 503
                                 else None)
            self.assertIn(need, text)
        count = self.sql("SELECT count(*) FROM events")
        self.second.kill()
        with self.assertRaises(RuntimeError) as refused:
            self.second.start()
        self.assertIn(need, str(refused.exception))
        self.assertIn("Start that version", str(refused.exception))
        self.assertEqual(self.sql("SELECT count(*) FROM events"), count)
        # The newer release is taken back, with its backup: the nodes go on by themselves.
        self.sql("UPDATE writer_turn SET needs = 1")
        until(lambda: self.ready(self.first)[0] == 200)
        self.assertEqual(self.first.wait(self.first.submit("greet"))["state"], "succeeded")


if __name__ == "__main__":
    unittest.main(verbosity=2)
