"""Jobs of type http on a real node, against a real server with every fault that we know.

A row of SCENARIOS is one request and what must come of it; what needs more than one look at the
server stands below, in tests of its own.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node  # noqa: E402
from web import Authority, Blunt, Mute, Proxy, Site, server_context  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
for variable in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[variable]  # the nodes would go through it

# Name; the section `http`, where {site} is the server and {ca} our authority; the state; the type
# of the error and words of its message, or the result.
SCENARIOS = [
    # Answers, and the results that they become.
    ("json", "url: '{site}/json'", "succeeded", {"status": "ok", "n": 1}),
    ("text", "url: '{site}/text'", "succeeded", "grüße\n"),
    ("bytes", "url: '{site}/bytes'", "succeeded", {"base64": "iVBORw=="}),
    ("empty", "url: '{site}/empty'", "succeeded", None),
    ("head", "{{url: '{site}/head', method: HEAD}}", "succeeded", None),
    ("gzip", "url: '{site}/gzip'", "succeeded", "hello " * 1000),
    ("interim", "url: '{site}/interim'", "succeeded", "after the hints"),
    ("http10", "url: '{site}/http10'", "succeeded", "no length"),
    ("chunked", "url: '{site}/chunked'", "succeeded", "hello world"),
    ("no-result", "{{url: '{site}/mark/2000000', max_response: 3MiB}}", "succeeded", None),
    # Statuses.
    ("not-found", "url: '{site}/nowhere'", "failed", ("status", "answered 404 Not Found")),
    ("server-error", "url: '{site}/status/503'", "failed", ("status", "503 Word: not today")),
    ("expected", "{{url: '{site}/status/409', expect: {{status: ['409']}}}}", "succeeded",
     {"detail": "not today"}),
    ("unexpected", "{{url: '{site}/json', expect: {{status: ['201']}}}}", "failed",
     ("status", "answered 200")),
    ("as-expected", "{{url: '{site}/json', expect: {{headers: {{X-Kind: report, Content-Length: '*'"
     "}}, json: {{$.status: ok, $.n: 1}}}}}}", "succeeded", {"status": "ok", "n": 1}),
    ("other-header", "{{url: '{site}/json', expect: {{headers: {{X-Kind: draft}}}}}}", "failed",
     ("expect", "its header X-Kind is 'report'")),
    ("other-value", "{{url: '{site}/json', expect: {{json: {{$.n: 2}}}}}}", "failed",
     ("expect", "$.n is 1, and http.expect.json says 2")),
    # Faults.
    ("cut", "url: '{site}/cut'", "failed", ("transfer", "ended before the answer did")),
    ("cut-chunked", "url: '{site}/cut-chunked'", "failed", ("transfer", "ended before")),
    ("die", "url: '{site}/die'", "failed", ("transfer", "Empty reply")),
    ("endless", "{{url: '{site}/endless', max_response: 100KiB}}", "failed",
     ("too_large", "max_response, 100KiB")),
    ("bomb", "{{url: '{site}/bomb', max_response: 1MiB}}", "failed",
     ("too_large", "max_response, 1MiB")),
    ("bad-gzip", "url: '{site}/bad-gzip'", "failed", ("protocol", "cannot be read")),
    ("huge-headers", "url: '{site}/huge-headers'", "failed", ("too_large", "256 KiB")),
    ("long-header", "url: '{site}/long-header'", "failed", ("too_large", "headers")),
    ("endless-interim", "url: '{site}/endless-interim'", "failed", ("too_large", "256 KiB")),
    ("garbage", "url: '{site}/garbage'", "failed", ("protocol", "cannot be read")),
    ("refused", "url: 'http://127.0.0.1:1/'", "failed",
     ("connect", "cannot connect to 127.0.0.1:1: Connection refused")),
    ("no-name", "url: 'http://nowhere.invalid/'", "failed", ("dns", "'nowhere.invalid'")),
    ("no-tls", "url: 'https://127.0.0.1:{blunt}/json'", "failed", ("tls", "cannot agree on TLS")),
    # Times.
    ("no-answer", "{{url: '{site}/hold', timeouts: {{response: 300ms}}}}", "failed",
     ("timeout", "timeouts.response, 300ms")),
    ("no-answer-to-body", "{{url: '{site}/hold', timeouts: {{response: 300ms}}, "
     "body: {{raw: '{big}'}}}}", "failed", ("timeout", "timeouts.response, 300ms")),
    ("still-works", "{{url: '{site}/patience', timeouts: {{response: 900ms}}}}", "succeeded",
     "at last"),
    ("no-handshake", "{{url: 'https://127.0.0.1:{mute}/', timeouts: {{connect: 300ms}}}}",
     "failed", ("timeout", "timeouts.connect, 300ms")),
    ("too-long", "url: '{site}/hold'\ntimeout: {{run: 400ms}}", "timed_out",
     ("timeout", "timeout.run, 400ms")),
    ("silent-body", "url: '{site}/drip'\ntimeout: {{idle: 400ms}}", "timed_out",
     ("timeout", "timeout.idle, 400ms")),
    # Redirects.
    ("follow", "url: '{site}/to/302?/json'", "succeeded", {"status": "ok", "n": 1}),
    ("round", "url: '{site}/round'", "failed", ("redirect", "10 others came before it")),
    ("to-file", "url: '{site}/to/302?file:///etc/passwd'", "failed",
     ("redirect", "neither http:// nor https://")),
    ("not-elsewhere", "{{url: '{site}/to/302?{other}/json', redirects: same_origin}}", "failed",
     ("redirect", "http.redirects is same_origin")),
    ("none", "{{url: '{site}/to/302?/json', redirects: none, expect: {{status: ['302']}}}}",
     "succeeded", b"go on"),
    ("closed-between", "{{url: '{site}/close-to', body: {{raw: x}}}}", "succeeded", dict),
    # TLS.
    ("private-ca", "{{url: '{tls}/json', tls: {{ca: {ca}}}}}", "succeeded",
     {"status": "ok", "n": 1}),
    ("unknown-ca", "url: '{tls}/json'", "failed", ("tls", "is not accepted")),
    ("unchecked", "{{url: '{tls}/json', tls: {{verify: none}}}}", "succeeded",
     {"status": "ok", "n": 1}),
    ("wrong-host", "{{url: '{wrong}/json', tls: {{ca: {ca}}}}}", "failed",
     ("tls", "is not accepted")),
    ("wrong-host-ca", "{{url: '{wrong}/json', tls: {{ca: {ca}, verify: ca}}}}", "succeeded",
     {"status": "ok", "n": 1}),
    ("ended", "{{url: '{ended}/json', tls: {{ca: {ca}}}}}", "failed", ("tls", "expired")),
    ("no-ca-file", "{{url: '{tls}/json', tls: {{ca: /nonexistent.pem}}}}", "failed",
     ("tls", "a file of tls cannot be used")),
    ("client", "{{url: '{mutual}/json', tls: {{ca: {ca}, certificate: {client}, key: {client_key}"
     "}}}}", "succeeded", {"status": "ok", "n": 1}),
    ("cut-tls", "{{url: '{tls}/cut', tls: {{ca: {ca}}}}}", "failed", ("transfer", "ended before")),
    ("cut-tls-http10", "{{url: '{tls}/http10', tls: {{ca: {ca}}}}}", "succeeded", "no length"),
    # Proxies.
    ("proxied", "{{url: '{site}/json', proxy: '{proxy}'}}", "succeeded", {"status": "ok", "n": 1}),
    ("proxied-tls", "{{url: '{tls}/json', proxy: '{proxy}', tls: {{ca: {ca}}}}}", "succeeded",
     {"status": "ok", "n": 1}),
    ("proxy-password", "{{url: '{tls}/json', proxy: 'http://me:correct-horse@127.0.0.1:{guarded}', "
     "tls: {{ca: {ca}}}}}", "succeeded", {"status": "ok", "n": 1}),
    ("proxy-denied", "{{url: '{tls}/json', proxy: 'http://me:wrong-horse@127.0.0.1:{guarded}', "
     "tls: {{ca: {ca}}}}}", "failed", ("proxy", "(407)")),
    ("no-proxy", "{{url: '{tls}/json', proxy: 'http://127.0.0.1:1', tls: {{ca: {ca}}}}}", "failed",
     ("connect", "Connection refused")),
    # Requests that cannot be made.
    ("user-in-url", "url: 'http://me:hunter2@127.0.0.1:{port}/'", "failed",
     ("start", "auth.basic")),
    ("no-secret", "{{url: '{site}/json', headers: {{X-Key: {{secret: missing}}}}}}", "failed",
     ("start", "the header 'X-Key'")),
]

ERRORS_TO_TRY_AGAIN = {"transfer", "connect", "dns", "timeout"}


class World:
    """Servers for all tests, and the words that scenarios use for them."""

    def __init__(self, directory):
        authority = Authority(directory)
        right = server_context(*authority.certify("right", "IP:127.0.0.1,DNS:localhost"))
        self.listeners = []
        self.site, self.other = self.open(Site()), self.open(Site())
        self.tls = self.open(Site(right))
        self.mute = self.open(Mute())
        self.proxy, self.guarded = self.open(Proxy()), self.open(Proxy("me:correct-horse"))
        wrong = authority.certify("wrong", "DNS:other.example")
        ended = authority.certify("ended", "IP:127.0.0.1", days=-1)
        self.mutual = self.open(Site(server_context(*authority.certify("mutual", "IP:127.0.0.1"),
                                                    client_ca=authority.ca)))
        client, client_key = authority.certify("client", "DNS:client")
        self.words = {
            "site": self.site.url, "other": self.other.url, "tls": self.tls.url,
            "port": self.site.port, "mute": self.mute.port,
            "blunt": self.open(Blunt()).port, "ca": authority.ca,
            "wrong": self.open(Site(server_context(*wrong))).url,
            "ended": self.open(Site(server_context(*ended))).url, "mutual": self.mutual.url,
            "proxy": self.proxy.url, "guarded": self.guarded.port,
            "client": client, "client_key": client_key, "big": "x" * 300_000}

    def open(self, listener):
        self.listeners.append(listener)
        return listener

    def close(self):
        for listener in self.listeners:
            listener.close()


def indented(text):
    return "\n".join("  " + line for line in text.splitlines())


def manifest_of(name, http, words):
    """`http`, or `http` and then other keys of the job, each on a line of its own."""
    section, *rest = http.format(**words).split("\n")
    body = f"http: {section}" if section.startswith("{") else f"http:\n  {section}"
    return "\n".join([f"name: {name}", "type: http", body, *rest])


class HttpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(tempfile.mkdtemp(prefix="mainspring-http-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory, ignore_errors=True)
        cls.world = World(cls.directory)
        cls.addClassCleanup(cls.world.close)
        cls.node = Node("--slots", "16")
        cls.node.start()
        cls.addClassCleanup(cls.node.__exit__)

    def apply(self, name, http):
        self.node.apply(manifest_of(name, http, self.world.words).encode())

    def run_job(self, name, **body):
        return self.node.wait(self.node.submit(name, **body))

    def log_of(self, run):
        return self.node.log_of(run["id"]).decode()

    # ---- the table

    def test_every_scenario_ends_as_its_row_says(self):
        self.node.apply("\n---\n".join(manifest_of(name, http, self.world.words)
                                       for name, http, *_ in SCENARIOS))
        runs = {name: self.node.submit(name) for name, *_ in SCENARIOS}
        for name, _, state, expected in SCENARIOS:
            with self.subTest(name):
                self.check_row(self.node.wait(runs[name]), state, expected)

    def check_row(self, run, state, expected):
        outcome = run["outcome"]
        self.assertEqual(run["state"], state, outcome)
        log = self.log_of(run)
        for word in ("hunter2", "horse"):
            self.assertNotIn(word, log + json.dumps(outcome))
        if isinstance(expected, tuple):
            error = outcome["error"]
            self.assertEqual(error["type"], expected[0], error)
            self.assertIn(expected[1], error["message"])
        elif expected is dict:
            self.assertIsInstance(outcome["result"], dict)
        elif isinstance(expected, bytes):
            self.assertEqual(outcome["result"], expected.decode())
        else:
            self.assertEqual(outcome.get("result"), expected)
        if state == "succeeded":
            self.assertRegex(log, r"^\[(GET|HEAD|POST) https?://127\.0\.0\.1:\d+/")
            self.assertRegex(log, r"\n\[\d{3} .*, in .*: name .*, connected .*, answer .*\]\n")

    def test_what_may_pass_is_retryable_and_the_rest_is_not(self):
        """Seen from outside: whether there is a second attempt."""
        rows = [(name, http, "retry: {{max_attempts: 2, backoff: {{initial: 1ms}}}}")
                for name, http, *_ in SCENARIOS
                if name in ("server-error", "not-found", "cut", "die", "refused", "no-answer",
                            "other-value", "bomb", "too-long", "unknown-ca", "round")]
        again = {"server-error", "cut", "die", "refused", "no-answer", "too-long"}
        self.node.apply("\n---\n".join(
            manifest_of(f"again-{name}", f"{http}\n{retry}", self.world.words)
            for name, http, retry in rows))
        runs = {name: self.node.submit(f"again-{name}") for name, *_ in rows}
        for name, run in runs.items():
            with self.subTest(name):
                self.assertEqual(len(self.node.wait(run)["attempts"]), 2 if name in again else 1)

    # ---- what is sent

    def test_the_request_says_who_asks_and_holds_what_the_job_says(self):
        secret = self.directory / "key"
        secret.write_text("correct horse\n")
        self.node.apply(f"""
name: sender
type: http
params: {{id: {{type: integer}}, who: {{type: string}}}}
http:
  method: PUT
  url: "{self.world.site.url}/echo/${{{{ params.id }}}}?a=1"
  query: {{who: "${{{{ params.who }}}}"}}
  headers: {{X-Key: {{file: {secret}}}, X-Team: platform, User-Agent: mine}}
  body: {{json: {{id: "${{{{ params.id }}}}", note: "is ${{{{ params.id }}}}"}}}}
""")
        run = self.run_job("sender", params={"id": 7, "who": "a & b"})
        self.assertEqual(run["state"], "succeeded", run["outcome"])
        told = run["outcome"]["result"]
        headers = {name.lower(): value for name, value in told["headers"].items()}
        self.assertEqual((told["method"], told["target"]), ("PUT", "/echo/7?a=1&who=a%20%26%20b"))
        self.assertEqual(json.loads(told["body"]), {"id": 7, "note": "is 7"})
        self.assertEqual(headers["content-type"], "application/json")
        self.assertEqual(headers["x-key"], "correct horse")
        self.assertEqual((headers["x-team"], headers["user-agent"]), ("platform", "mine"))
        self.assertEqual(headers["idempotency-key"], f'"{run["id"]}"')
        self.assertEqual(headers["mainspring-run-id"], run["id"])
        self.assertEqual((headers["mainspring-attempt"], headers["mainspring-epoch"]),
                         ("1", str(run["attempts"][0]["epoch"])))
        self.assertRegex(headers["traceparent"], r"^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$")
        self.assertNotIn("expect", headers)
        self.assertNotIn("horse", self.log_of(run))
        self.assertNotIn("a%20", self.log_of(run))

    def test_a_form_and_a_text_have_their_types(self):
        self.apply("form", "{{url: '{site}/echo', body: {{form: {{a: '1 2', b: 'ü'}}}}}}")
        told = self.run_job("form")["outcome"]["result"]
        self.assertEqual(told["body"], "a=1+2&b=%C3%BC")
        self.assertEqual(told["headers"]["Content-Type"], "application/x-www-form-urlencoded")
        self.apply("raw", "{{url: '{site}/echo', body: {{raw: <a/>, media_type: text/xml}}}}")
        told = self.run_job("raw")["outcome"]["result"]
        self.assertEqual((told["method"], told["body"], told["headers"]["Content-Type"]),
                         ("POST", "<a/>", "text/xml"))
        self.apply("no-body", "{{url: '{site}/echo', method: POST}}")
        headers = self.run_job("no-body")["outcome"]["result"]["headers"]
        self.assertEqual(headers["Content-Length"], "0")
        self.assertNotIn("Content-Type", headers)

    def test_another_name_is_asked_for_and_proven_while_the_host_stays(self):
        self.apply("other-name", "{{url: '{wrong}/echo?a=1', tls: {{ca: {ca}, "
                                 "server_name: other.example}}}}")
        run = self.run_job("other-name")
        self.assertEqual(run["state"], "succeeded", run["outcome"])
        told = run["outcome"]["result"]
        host = urllib.parse.urlsplit(self.world.words["wrong"]).netloc
        self.assertEqual((told["target"], told["headers"]["Host"]), ("/echo?a=1", host))

    def test_a_client_certificate_stays_with_its_origin(self):
        """The second server asks for one too, and gets none."""
        there = urllib.parse.quote(f"{self.world.mutual.url}/json", safe="")
        self.apply("leaver", "{{url: '{tls}/to/302?%s', tls: {{ca: {ca}, certificate: {client}, "
                             "key: {client_key}}}}}" % there)
        run = self.run_job("leaver")
        self.assertEqual(run["state"], "failed", run["outcome"])
        self.assertIn("certificate required", run["outcome"]["error"]["message"])

    def test_a_proxy_gets_no_header_of_the_request_that_it_does_not_carry(self):
        secret = self.directory / "proxied-key"
        secret.write_text("correct horse\n")
        before = len(self.world.proxy.seen)
        self.apply("through", "{{url: '{tls}/echo', proxy: '{proxy}', tls: {{ca: {ca}}}, headers: "
                              "{{Authorization: {{file: %s}}}}}}" % secret)
        told = self.run_job("through")["outcome"]["result"]
        self.assertEqual(told["headers"]["Authorization"], "correct horse")
        connect = self.world.proxy.seen[before:]
        self.assertEqual([seen.method for seen in connect], ["CONNECT"])
        self.assertIsNone(connect[0].header("authorization"))
        self.assertIsNone(connect[0].header("idempotency-key"))

    def test_a_redirect_elsewhere_goes_without_credentials(self):
        secret = self.directory / "bearer"
        secret.write_text("Bearer correct horse\n")
        there = urllib.parse.quote(f"{self.world.other.url}/echo?signature=s3cr3t", safe="")
        self.node.apply(f"""
name: strayer
type: http
http:
  url: "{self.world.site.url}/to/307?{there}"
  headers: {{Authorization: {{file: {secret}}}, Cookie: a=b, X-Team: platform}}
  body: {{raw: content}}
""")
        run = self.run_job("strayer")
        told = run["outcome"]["result"]
        self.assertEqual(self.world.site.at("/to/307")[-1].header("authorization"),
                         "Bearer correct horse")
        self.assertEqual((told["method"], told["body"]), ("POST", "content"))
        self.assertNotIn("Authorization", told["headers"])
        self.assertNotIn("Cookie", told["headers"])
        self.assertEqual(told["headers"]["X-Team"], "platform")
        log = self.log_of(run)
        self.assertIn("goes to another origin, without the credentials", log)
        self.assertNotIn("s3cr3t", log)

    # ---- retries, stops, deaths

    def test_a_retry_waits_as_long_as_the_server_asks_for(self):
        for form in ("seconds", "date"):
            with self.subTest(form):
                self.apply(f"busy-{form}", "url: '{site}/busy/%s'\nretry: {{max_attempts: 2, "
                                           "backoff: {{initial: 1ms}}}}" % form)
                run = self.run_job(f"busy-{form}")
                self.assertEqual(run["state"], "succeeded", run["outcome"])
                first, second = self.world.site.at(f"/busy/{form}")
                self.assertGreaterEqual(second.time - first.time, 1.9)
                self.assertEqual(first.header("idempotency-key"), second.header("idempotency-key"))
                self.assertEqual([seen.header("mainspring-attempt") for seen in (first, second)],
                                 ["1", "2"])

    def test_a_cancel_breaks_the_request_off_at_once(self):
        with Site() as site:
            self.node.apply(f"name: waiter\ntype: http\nhttp: {{url: '{site.url}/hold'}}\n"
                            "timeout: {grace: 1h}\n")
            for body in ({}, {"mode": "kill"}):
                run = self.node.submit("waiter")
                ends = site.ends
                site.wait(lambda: any(seen.header("mainspring-run-id") == run
                                      for seen in list(site.seen)))
                begun = time.monotonic()
                reply = self.node.request("POST", f"/api/v1/runs/{run}/cancel", body)
                self.assertIn(reply.status, (200, 202), reply.body)
                site.wait(lambda: site.ends > ends)
                found = self.node.wait(run)
                self.assertEqual((found["state"], found["outcome"]["error"]["type"]),
                                 ("cancelled", "cancelled"))
                self.assertLess(time.monotonic() - begun, 10)

    def test_more_time_given_from_outside_counts(self):
        with Site() as site:
            self.node.apply(f"name: extended\ntype: http\nhttp: {{url: '{site.url}/hold-once'}}\n"
                            "timeout: {run: 1500ms}\n")
            run = self.node.submit("extended")
            seen = site.wait_for("/hold-once")[0]
            reply = self.node.request("POST", f"/api/v1/runs/{run}/extend", {"run": "3s"})
            self.assertIn(reply.status, (200, 202), reply.body)
            found = self.node.wait(run)
            self.assertEqual(found["state"], "timed_out")
            self.assertGreater(time.monotonic() - seen.time, 2.5)

    def test_a_run_whose_worker_was_killed_is_sent_again_with_the_same_key(self):
        with Site() as site, Node() as node:
            node.apply(f"name: survivor\ntype: http\nhttp: {{url: '{site.url}/hold-once', "
                       "body: {raw: order}}\nretry: {max_attempts: 2, backoff: {initial: 1ms}}\n")
            run = node.submit("survivor")
            site.wait_for("/hold-once")
            node.kill(signal.SIGKILL)
            site.wait(lambda: site.ends == 1)
            node.start()
            found = node.wait(run)
            self.assertEqual((found["state"], found["outcome"]["result"]), ("succeeded", "second"))
            self.assertEqual(found["attempts"][0]["outcome"]["status"], "lost")
            first, second = site.at("/hold-once")
            self.assertEqual(first.header("idempotency-key"), second.header("idempotency-key"))
            self.assertGreater(int(second.header("mainspring-epoch")),
                               int(first.header("mainspring-epoch")))

    def test_a_request_of_a_worker_that_stood_still_past_its_lease_is_broken_off(self):
        with Site() as site, Node("--lease", "2s", "--heartbeat", "500ms") as node:
            node.apply(f"name: frozen\ntype: http\nhttp: {{url: '{site.url}/hold-once'}}\n"
                       "retry: {max_attempts: 2, backoff: {initial: 1ms}}\n")
            run = node.submit("frozen")
            site.wait_for("/hold-once")
            node.process.send_signal(signal.SIGSTOP)
            time.sleep(3)  # the fault itself: longer than the lease
            node.process.send_signal(signal.SIGCONT)
            site.wait(lambda: site.ends == 1)
            found = node.wait(run)
            self.assertEqual((found["state"], found["outcome"]["result"]), ("succeeded", "second"))
            self.assertEqual(found["attempts"][0]["outcome"]["status"], "lost")

    def test_a_server_that_comes_back_is_found_by_the_retry(self):
        site = Site()
        port = site.port
        self.node.apply(f"name: returner\ntype: http\nhttp: {{url: '{site.url}/text'}}\n"
                        "retry: {max_attempts: 30, backoff: {initial: 100ms, factor: 1}}\n")
        site.close()
        run = self.node.submit("returner")
        self.node.request("GET", f"/api/v1/runs/{run}", headers={"Prefer": "wait=1"})
        with Site(port=port):
            found = self.node.wait(run)
        self.assertEqual(found["state"], "succeeded", found["outcome"])
        self.assertEqual(found["attempts"][0]["outcome"]["error"]["type"], "connect")

    # ---- connections

    def test_a_connection_gives_address_headers_and_credentials(self):
        for name, text in (("basic", "pass word"), ("bearer", "a-bearer-token")):
            (self.directory / name).write_text(text + "\n")
        self.node.apply(f"""
kind: connection
name: with-basic
type: http
url: {self.world.site.url}/echo/v1
headers: {{X-Team: platform, Accept: application/json}}
auth: {{basic: {{user: reporter, password: {{file: {self.directory}/basic}}}}}}
---
kind: connection
name: with-bearer
type: http
url: {self.world.tls.url}
tls: {{ca: {self.world.words["ca"]}}}
auth: {{bearer: {{file: {self.directory}/bearer}}}}
---
name: basic
type: http
http: {{connection: with-basic, url: "/users?a=1", headers: {{X-Team: mine}}}}
---
name: bearer
type: http
http: {{connection: with-bearer, url: /echo}}
---
name: climber
type: http
params: {{id: {{type: string}}}}
http: {{connection: with-basic, url: "/${{{{ params.id }}}}"}}
""")
        run = self.run_job("basic")
        told = run["outcome"]["result"]
        self.assertEqual(told["target"], "/echo/v1/users?a=1")
        self.assertEqual((told["headers"]["X-Team"], told["headers"]["Accept"]),
                         ("mine", "application/json"))
        self.assertEqual(told["headers"]["Authorization"], "Basic cmVwb3J0ZXI6cGFzcyB3b3Jk")
        told = self.run_job("bearer")["outcome"]["result"]
        self.assertEqual(told["headers"]["Authorization"], "Bearer a-bearer-token")
        run = self.run_job("climber", params={"id": "../../admin"})
        self.assertEqual((run["state"], run["outcome"]["error"]["type"]), ("failed", "start"))
        self.assertIn("'..'", run["outcome"]["error"]["message"])

    def test_a_token_is_fetched_kept_and_fetched_anew_when_it_is_refused(self):
        (self.directory / "client").write_text("client secret\n")
        site = self.world.site
        self.node.apply(f"""
kind: connection
name: with-token
type: http
url: {site.url}
auth:
  oauth2: {{token_url: "{site.url}/token", client_id: reporter,
            client_secret: {{file: {self.directory}/client}}, scopes: [read]}}
---
name: token
type: http
http: {{connection: with-token, url: /private}}
""")
        for _ in range(2):
            run = self.run_job("token")
            self.assertEqual((run["state"], run["outcome"]["result"]), ("succeeded", "welcome"))
            self.assertNotIn("token-number", self.log_of(run))
        self.assertEqual(len(site.at("/token")), 1)
        self.assertEqual(site.at("/token")[0].body, b"grant_type=client_credentials&scope=read")
        site.good_token = "of another time"
        run = self.run_job("token")
        self.assertEqual((run["state"], run["outcome"]["result"]), ("succeeded", "welcome"))
        self.assertEqual(len(run["attempts"]), 1)
        self.assertEqual((len(site.at("/token")), len(site.at("/private"))), (2, 4))
        (self.directory / "client").write_text("another secret\n")
        run = self.run_job("token")
        error = run["outcome"]["error"]
        self.assertEqual((run["state"], error["type"]), ("failed", "oauth2"))
        self.assertIn("answered 401 Word, invalid_client", error["message"])

    # ---- the examples

    def test_the_examples_do_what_they_say(self):
        examples = ROOT / "examples" / "http"
        service = subprocess.Popen([sys.executable, examples / "service.py", "0"],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(service.stdout.close)
        self.addCleanup(service.wait)
        self.addCleanup(service.kill)
        port = service.stdout.readline().split()[-1]
        jobs = (examples / "jobs.yaml").read_text().replace("8088", port)
        with Node() as node:
            applied = node.jobctl("apply", "-f", "-", stdin=jobs)
            self.assertEqual(applied.returncode, 0, applied.stderr)
            for name, expected in json.loads((examples / "expected.json").read_text()).items():
                words = ["-p", "item=tea"] if name == "order" else []
                ran = node.jobctl("run", name, *words, "--wait", "-o", "json")
                run = json.loads(ran.stdout)
                self.assertEqual(ran.returncode == 0, expected["state"] == "succeeded")
                found = {"state": run["state"], "attempts": len(run["attempts"])}
                if run["state"] == "succeeded":
                    found["result"] = run["outcome"]["result"]
                else:
                    found["error"] = run["outcome"]["error"]["message"].replace(port, "8088")
                self.assertEqual(found, expected)


if __name__ == "__main__":
    unittest.main()
