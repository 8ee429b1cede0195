"""What the text corpus cannot say: streams, sessions, credentials of every route, shutdown."""
import http.client
import json
import pathlib
import re
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node  # noqa: E402


class Stream:
    """A reader of server-sent events over one connection."""

    def __init__(self, node, topics, last_id=None):
        self.connection = http.client.HTTPConnection(node.address, timeout=30)
        headers = {"Authorization": f"Bearer {node.token}"}
        if last_id is not None:
            headers["Last-Event-ID"] = str(last_id)
        self.connection.request("GET", f"/api/v1/stream?topics={topics}", headers=headers)
        self.response = self.connection.getresponse()
        assert self.response.status == 200, self.response.read()

    def next(self):
        fields = {}
        while True:
            line = self.response.readline().decode().rstrip("\n")
            if not line and "event" in fields:
                return fields["event"], fields.get("id"), json.loads(fields["data"])
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value

    def until(self, event):
        while True:
            found = self.next()
            if found[0] == event:
                return found

    def close(self):
        self.connection.close()


class LiveTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node().__enter__()
        cls.node.apply("name: quick\ncommand: echo done\n---\nname: long\ncommand: sleep 60\n"
                       "timeout: {grace: 500ms}\n---\nname: brief\ncommand: sleep 1; echo end\n")

    @classmethod
    def tearDownClass(cls):
        cls.node.__exit__()

    def test_a_stream_tells_the_life_of_a_run_in_order(self):
        stream = Stream(self.node, "runs")
        self.assertEqual(stream.next()[0], "hello")
        run = self.node.submit("quick")
        seen = []
        while not seen or seen[-1] != "run.succeeded":
            event, _, data = stream.next()
            if data.get("subject") == run:
                seen.append(event)
        self.assertEqual(seen, ["run.queued", "run.started", "run.succeeded"])
        stream.close()

    def test_a_stream_of_one_run_hears_nothing_of_another(self):
        slow = self.node.submit("long")
        stream = Stream(self.node, f"run:{slow}")
        stream.until("hello")
        self.node.wait(self.node.submit("quick"))
        self.node.request("POST", f"/api/v1/runs/{slow}/cancel", {})
        event, _, data = stream.until("run.cancelled")
        self.assertEqual(data["subject"], slow)
        stream.close()

    def test_a_stream_resumes_behind_the_last_event_that_was_seen(self):
        stream = Stream(self.node, "runs")
        stream.until("hello")
        self.node.wait(self.node.submit("quick"))
        _, position, _ = stream.until("run.succeeded")
        stream.close()
        missed = self.node.submit("quick")
        self.node.wait(missed)
        again = Stream(self.node, "runs", last_id=position)
        again.until("hello")
        event, _, data = again.next()
        self.assertEqual((event, data["subject"]), ("run.queued", missed))
        again.close()

    def test_a_position_from_the_future_is_answered_with_resync(self):
        stream = Stream(self.node, "runs", last_id=10**12)
        stream.until("resync")
        stream.close()

    def test_a_position_behind_which_events_were_removed_is_answered_with_resync(self):
        with Node() as node:
            node.apply("name: quick\ncommand: echo done\n")
            node.wait(node.submit("quick"))
            node.stop()
            config = node.directory / "config.yaml"
            config.write_text("retention: {events_age: 1ms}\n")
            node.flags = ("--config", config)
            node.start()
            events = self.once_trimmed(node)
            stream = Stream(node, "events", last_id=1)
            stream.until("resync")
            stream.close()
            stream = Stream(node, "events", last_id=int(events[0]["id"]) - 1)
            stream.until("hello")
            self.assertEqual(stream.next()[1], events[0]["id"])
            stream.close()

    def once_trimmed(self, node):
        """The events that retention left, once it has removed the first."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            events = node.request("GET", "/api/v1/events").json()["items"]
            if int(events[0]["id"]) > 2:
                return events
            time.sleep(0.05)
        self.fail("no event was removed")

    def test_a_growing_log_is_announced(self):
        run = self.node.submit("brief")
        stream = Stream(self.node, f"log:{run}")
        _, _, data = stream.until("log.grew")
        self.assertEqual(data["run"], run)
        stream.close()

    def test_a_log_request_waits_for_what_is_written_next(self):
        run = self.node.submit("brief")
        page = self.node.request("GET", f"/api/v1/runs/{run}/log",
                                 headers={"Prefer": "wait=20"}).json()
        self.assertEqual(page["items"][0]["text"], "end\n")

    def test_every_route_but_the_open_ones_needs_a_credential(self):
        document = self.node.request("GET", "/api/v1/openapi.json").json()
        closed = 0
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                concrete = re.sub(r"\{\w+\}", "x", path)
                reply = self.node.request(method.upper(), concrete, "",
                                          {"Authorization": "Bearer wrong"})
                if operation.get("security") == []:
                    is_join = path == "/api/v1/worker/join"  # its body holds a join token
                    self.assertTrue(is_join or not path.startswith("/api/"), path)
                else:
                    closed += 1
                    self.assertEqual(reply.status, 401, f"{method} {path}")
        self.assertGreater(closed, 20)

    def ask(self, method, path, headers):
        connection = http.client.HTTPConnection(self.node.address, timeout=30)
        connection.request(method, path, headers=headers)
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        return reply.status, body

    def test_the_case_of_the_scheme_does_not_matter(self):
        for scheme in ("Bearer", "bearer", "BEARER"):
            self.assertEqual(self.ask("GET", "/api/v1/jobs",
                                      {"Authorization": f"{scheme} {self.node.token}"})[0], 200)
        self.assertEqual(self.ask("GET", "/api/v1/jobs",
                                  {"Authorization": f"bearer{self.node.token}"})[0], 401)

    def test_a_sign_in_link_works_once_and_a_session_needs_its_csrf_token_to_change(self):
        connection = http.client.HTTPConnection(self.node.address, timeout=30)
        link = self.node.request("POST", "/api/v1/session/link", "").json()["path"]
        connection.request("GET", link)
        reply = connection.getresponse()
        reply.read()
        self.assertEqual(reply.status, 303)
        self.assertIn("HttpOnly; SameSite=Strict", reply.headers["Set-Cookie"])
        cookie = reply.headers["Set-Cookie"].split(";")[0]
        connection.close()
        self.assertEqual(self.ask("GET", link, {})[0], 401)
        status, body = self.ask("GET", "/api/v1/session", {"Cookie": cookie})
        self.assertEqual(status, 200)
        csrf = json.loads(body)["csrf_token"]
        change = "/api/v1/jobs/quick/runs"
        self.assertEqual(self.ask("POST", change, {"Cookie": cookie})[0], 403)
        self.assertEqual(self.ask("POST", change, {"Cookie": cookie, "X-CSRF-Token": csrf,
                                                   "Origin": "http://evil.example"})[0], 403)
        self.assertEqual(self.ask("POST", change, {"Cookie": cookie, "X-CSRF-Token": csrf})[0], 202)
        ended = self.ask("DELETE", "/api/v1/session", {"Cookie": cookie, "X-CSRF-Token": csrf})
        self.assertEqual(ended[0], 204)
        self.assertEqual(self.ask("GET", "/api/v1/session", {"Cookie": cookie})[0], 401)

    def test_the_document_is_the_committed_one(self):
        committed = pathlib.Path(__file__).resolve().parents[2] / "api" / "openapi.json"
        self.assertEqual(self.node.request("GET", "/api/v1/openapi.json").body.decode(),
                         committed.read_text())


class DemoTest(unittest.TestCase):
    def test_the_demo_of_dev_run_does_what_it_says(self):
        demo = pathlib.Path(__file__).resolve().parents[2] / "examples" / "demo" / "jobs.yaml"
        with Node("--apply", str(demo), command="dev") as node:
            names = [job["name"] for job in node.request("GET", "/api/v1/jobs").json()["items"]]
            self.assertEqual(names, ["disk-report", "flaky", "heartbeat"])
            beat = node.wait(node.submit("heartbeat"))
            self.assertRegex(node.log_of(beat["id"]), rb"^alive at 20.*, attempt 1\n$")
            report = node.wait(node.submit("disk-report"))
            self.assertRegex(report["outcome"]["result"]["fullest"], r"^\d+% /")
            flaky = node.wait(node.submit("flaky"))
            self.assertEqual([each["outcome"]["status"] for each in flaky["attempts"]],
                             ["retryable", "success"])


class ShutdownTest(unittest.TestCase):
    def test_a_stopping_node_lets_running_work_end_and_answers_who_waits(self):
        with Node() as node:
            node.apply("name: brief\ncommand: sleep 1; echo end\n")
            run = node.submit("brief")
            stream = Stream(node, f"run:{run}")
            stream.until("hello")
            answers = []
            waiter = threading.Thread(target=lambda: answers.append(node.wait(run, 20)))
            waiter.start()
            node.request("GET", f"/api/v1/runs/{run}/log", headers={"Prefer": "wait=1"})
            self.assertEqual(node.stop(), 0)
            waiter.join()
            self.assertEqual(answers[0]["state"], "succeeded")

    def test_work_that_does_not_end_in_time_is_tried_again_by_the_next_life(self):
        with Node("--drain", "0s") as node:
            node.apply("name: stuck\ncommand: 'test $MAINSPRING_ATTEMPT -ge 2 || exec sleep 60'\n"
                       "retry: {max_attempts: 2, backoff: {type: fixed, initial: 10ms}}\n"
                       "timeout: {grace: 300ms}\n")
            run = node.submit("stuck")
            stream = Stream(node, f"run:{run}", last_id=0)
            stream.until("run.started")
            node.stop()
            node.start()
            ended = node.wait(run)
            self.assertEqual(ended["state"], "succeeded")
            self.assertEqual([a["outcome"]["status"] for a in ended["attempts"]],
                             ["lost", "success"])


if __name__ == "__main__":
    unittest.main(verbosity=1)
