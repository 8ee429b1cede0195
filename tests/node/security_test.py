"""Who may do what, and what never leaks: credentials, hosts, headers, files, processes."""
import http.client
import json
import os
import pathlib
import re
import socket
import stat
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node, program  # noqa: E402

# These alone answer without a credential. A route that joins them is a decision, made here.
OPEN = {("get", "/healthz"), ("get", "/readyz"), ("get", "/version"), ("get", "/signin"),
        ("get", "/"), ("get", "/assets/x"),
        ("post", "/api/v1/worker/join")}  # its body holds a join token
# The last is the credential of a worker, which nobody's token stands for.
ROLES = ["open", "viewer", "operator", "admin", "worker"]
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
           "Referrer-Policy": "no-referrer"}


def operations():
    """(method, path with every name filled in, role) of each row of the route table."""
    printed = subprocess.run([program("mainspring"), "openapi"], capture_output=True, check=True)
    for path, methods in json.loads(printed.stdout)["paths"].items():
        for method, operation in methods.items():
            yield method, re.sub(r"\{\w+\}", "x", path), operation["x-permission"]


class SecurityTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node().__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.node.__exit__()

    def raw(self, data):
        """What the node sends to these bytes, until it closes."""
        host, port = self.node.address.split(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(data)
            received = b""
            while piece := connection.recv(65536):
                received += piece
        return received

    def ask(self, method, path, headers, body=None):
        return self.node.request(method, path, body, {"Authorization": None, **headers})

    def make_token(self, name, **body):
        reply = self.node.request("POST", "/api/v1/tokens", {"name": name, **body})
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json()["token"]

    def bearer(self, token):
        return {"Authorization": f"Bearer {token}"}

    # --- streams end with what opened them

    def stream(self, token):
        connection = http.client.HTTPConnection(self.node.address, timeout=60)
        self.addCleanup(connection.close)
        connection.request("GET", "/api/v1/stream?topics=runs", headers=self.bearer(token))
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertIn(b"hello", answer.readline() + answer.readline())
        return answer

    def seconds_to_end(self, answer):
        began = time.monotonic()
        answer.read()  # to the end, or 60 s without a byte
        return time.monotonic() - began

    def test_a_stream_ends_when_its_token_is_revoked_and_others_go_on(self):
        doomed = self.stream(self.make_token("doomed", role="viewer"))
        other = self.stream(self.make_token("other", role="viewer"))
        reply = self.node.request("DELETE", "/api/v1/tokens/doomed")
        self.assertLess(reply.status, 300, reply.body)
        self.assertLess(self.seconds_to_end(doomed), 10)
        self.node.request("DELETE", "/api/v1/tokens/other")
        self.assertLess(self.seconds_to_end(other), 10)
        events = self.node.request("GET", "/api/v1/events?type=token.&limit=500").json()["items"]
        told = [(e["type"], e["data"]["name"]) for e in events]
        for fact in (("token.created", "doomed"), ("token.revoked", "doomed")):
            self.assertEqual(told.count(fact), 1, told)
        self.assertNotIn("sha256", json.dumps(events))

    def test_a_stream_ends_when_its_token_expires(self):
        brief = self.stream(self.make_token("brief", role="viewer", **{"for": "10s"}))
        self.assertLess(self.seconds_to_end(brief), 40)

    # --- who may do what

    def test_every_operation_but_the_open_ones_denies_without_a_credential(self):
        found_open = set()
        for method, path, role in operations():
            if role == "open":
                found_open.add((method, path))
                continue
            for headers in ({}, self.bearer("wrong"), self.bearer(""),
                            {"Authorization": "Basic eA=="},
                            {"Cookie": "mainspring_session=mss_wrong"}):
                reply = self.ask(method.upper(), path, headers)
                self.assertEqual(reply.status, 401, f"{method} {path} {headers}")
                self.assertEqual(reply.json()["code"], "unauthenticated")
                self.assertIn("Bearer", reply.headers["WWW-Authenticate"])
        self.assertEqual(found_open, OPEN)

    def test_every_operation_denies_to_a_token_of_too_little_permission(self):
        tokens = {role: self.make_token(f"role-{role}", role=role) for role in ROLES[1:3]}
        denied = 0
        for method, path, needed in operations():
            for role, token in tokens.items():
                if ROLES.index(role) >= ROLES.index(needed):
                    continue
                reply = self.ask(method.upper(), path, self.bearer(token))
                self.assertEqual(reply.status, 403, f"{method} {path} as {role}")
                self.assertEqual(reply.json()["code"], "permission_denied")
                denied += 1
            # What changes something is never allowed to who may only look.
            is_question = path == "/api/v1/schedules/preview"  # in a body, as it is long
            is_open = (method, path) in OPEN
            if method != "get" and "/session" not in path and not is_question and not is_open:
                self.assertGreater(ROLES.index(needed), ROLES.index("viewer"), f"{method} {path}")
        self.assertGreater(denied, 30)
        allowed = self.ask("GET", "/api/v1/jobs", self.bearer(tokens["viewer"]))
        self.assertEqual(allowed.status, 200)

    # --- tokens

    def test_a_token_is_shown_once_and_only_its_hash_is_kept(self):
        token = self.make_token("shown-once", role="operator")
        self.assertRegex(token, r"^mst_[A-Za-z0-9_-]{43}$")
        listed = self.node.request("GET", "/api/v1/tokens")
        self.assertNotIn(token, listed.body.decode())
        mine = [each for each in listed.json()["items"] if each["name"] == "shown-once"]
        self.assertEqual(mine[0]["role"], "operator")
        for path in self.node.data.rglob("*"):
            if path.is_file() and path.name != "admin-token":
                content = path.read_bytes()
                self.assertNotIn(token.encode(), content, path)
                self.assertNotIn(self.node.token.encode(), content, path)

    def test_a_revoked_token_and_what_it_opened_end_at_once(self):
        token = self.make_token("brief")
        opened = self.ask("POST", "/api/v1/session", self.bearer(token))
        cookie = {"Cookie": opened.headers["Set-Cookie"].split(";")[0]}
        self.assertEqual(self.ask("GET", "/api/v1/jobs", cookie).status, 200)
        again = self.node.request("POST", "/api/v1/tokens", {"name": "brief"})
        self.assertEqual((again.status, again.json()["code"]), (409, "conflict"))
        self.assertEqual(self.node.request("DELETE", "/api/v1/tokens/brief").status, 204)
        self.assertEqual(self.ask("GET", "/api/v1/jobs", self.bearer(token)).status, 401)
        self.assertEqual(self.ask("GET", "/api/v1/jobs", cookie).status, 401)
        self.assertEqual(self.node.request("DELETE", "/api/v1/tokens/brief").status, 404)

    def test_a_token_ends_by_itself(self):
        token = self.make_token("ends", **{"for": "1s"})
        self.assertEqual(self.ask("GET", "/api/v1/jobs", self.bearer(token)).status, 200)
        deadline = time.monotonic() + 30
        while (reply := self.ask("GET", "/api/v1/jobs", self.bearer(token))).status == 200:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)
        self.assertEqual(reply.status, 401)
        self.assertIn("expired at", reply.json()["detail"])

    def test_the_token_of_the_file_cannot_be_taken_over_or_lost(self):
        for method, path, body in (("POST", "/api/v1/tokens", {"name": "admin"}),
                                   ("DELETE", "/api/v1/tokens/admin", None)):
            reply = self.node.request(method, path, body)
            self.assertEqual(reply.status, 409, reply.body)
            self.assertIn("admin-token", reply.json()["detail"])

    def test_jobctl_makes_lists_and_revokes_tokens(self):
        made = self.node.jobctl("token", "create", "--name", "ci", "--role", "viewer",
                                "--for", "90d", "-o", "json")
        self.assertEqual(made.returncode, 0, made.stderr)
        token = json.loads(made.stdout)["token"]
        self.assertEqual(self.ask("GET", "/api/v1/jobs", self.bearer(token)).status, 200)
        self.assertIn("ci", self.node.jobctl("token", "list").stdout)
        self.assertEqual(self.node.jobctl("token", "revoke", "ci").returncode, 0)
        self.assertEqual(self.ask("GET", "/api/v1/jobs", self.bearer(token)).status, 401)

    # --- what leaks

    def test_files_are_the_owners_alone(self):
        for path in [self.node.data, *self.node.data.rglob("*")]:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)

    def test_no_secret_is_in_output_arguments_or_the_environment(self):
        token = self.make_token("unseen")
        with Node() as node:
            # As somebody may do by mistake: the variable is jobctl's, and a job must not see it.
            node.stop()
            os.environ["SECRET_OF_THE_NODE"] = "correct horse"
            self.addCleanup(os.environ.pop, "SECRET_OF_THE_NODE", None)
            node.start()
            node.apply("name: looks\ncommand: tr '\\0' '\\n' </proc/self/environ; "
                       "ls -l /proc/self/fd; tr '\\0' ' ' </proc/$PPID/cmdline\n")
            log = node.log_of(node.wait(node.submit("looks"))["id"]).decode()
            own = pathlib.Path(f"/proc/{node.process.pid}/cmdline").read_text()
            for text in (log, own, node.log_text()):
                self.assertNotIn(node.token, text)
                self.assertNotIn("correct horse", text)
            names = set(re.findall(r"^([A-Z_]+)=", log, re.M))
            self.assertLessEqual({name for name in names if not name.startswith("MAINSPRING_")},
                                 {"PATH", "HOME", "LANG", "SHELL", "USER", "LOGNAME", "PWD",
                                  "OLDPWD", "SHLVL", "_", "TRACEPARENT"})
            self.assertNotIn("mainspring.db", log)
        shown = subprocess.run([program("mainspring"), "config", "--data-dir", self.node.data],
                               capture_output=True, text=True, check=True,
                               env={**self.node.environment(), "MAINSPRING_TOKEN": token})
        self.assertNotIn(token, shown.stdout + shown.stderr)
        self.assertNotIn(self.node.token, shown.stdout + shown.stderr)
        wrong = self.ask("GET", "/api/v1/jobs", self.bearer("mst_mistyped-secret"))
        self.assertNotIn("mistyped", wrong.body.decode())
        self.assertNotIn("mistyped", self.node.log_text())

    def test_a_job_of_another_user_has_nothing_of_root(self):
        if os.geteuid() != 0:
            self.skipTest("needs root")
        self.node.apply("name: other\nuser: nobody\n"
                        "command: \"grep -E '^(Uid|Gid|Groups|Cap(Prm|Eff)):' /proc/self/status; "
                        f"cat {self.node.data}/admin-token 2>&1 || true\"\n")
        log = self.node.log_of(self.node.wait(self.node.submit("other"))["id"]).decode()
        self.assertNotIn(self.node.token, log)
        self.assertIn("Permission denied", log)
        status = dict(line.split(":\t", 1) for line in log.splitlines() if ":\t" in line)
        self.assertNotIn("0", status["Uid"].split())
        self.assertNotIn("0", status["Gid"].split() + status["Groups"].split())
        self.assertEqual((int(status["CapPrm"], 16), int(status["CapEff"], 16)), (0, 0))

    # --- browsers

    def session(self):
        token = self.make_token(f"browser-{time.monotonic_ns()}", role="operator")
        opened = self.ask("POST", "/api/v1/session", self.bearer(token))
        self.assertEqual(opened.status, 201)
        cookie = opened.headers["Set-Cookie"]
        self.assertIn("HttpOnly; SameSite=Strict", cookie)
        headers = {"Cookie": cookie.split(";")[0]}
        csrf = self.ask("GET", "/api/v1/session", headers).json()["csrf_token"]
        return headers, csrf

    def test_a_session_changes_nothing_for_another_site(self):
        cookie, csrf = self.session()
        path, right = "/api/v1/queues/q/pause", {**cookie, "X-CSRF-Token": csrf}
        own = f"http://{self.node.address}"
        self.assertEqual(self.ask("POST", path, {**right, "Origin": own}, "").status, 200)
        for headers in (cookie, {**cookie, "X-CSRF-Token": csrf[:-1]}, {**right, "Origin": "null"},
                        {**right, "Origin": "http://evil.example"},
                        {**right, "Origin": own + ".evil.example"}):
            self.assertEqual(self.ask("POST", path, headers, "").status, 403, headers)

    def test_a_name_that_is_made_to_resolve_to_us_opens_nothing(self):
        cookie, _ = self.session()
        port = self.node.address.split(":")[1]
        for host in (f"evil.example:{port}", "evil.example", "127.0.0.1.evil.example",
                     "localhost.evil.example", "[evil]"):
            reply = self.ask("GET", "/api/v1/jobs", {**cookie, "Host": host})
            self.assertEqual(reply.status, 403, host)
            link = self.node.request("POST", "/api/v1/session/link", "").json()["path"]
            self.assertEqual(self.ask("GET", link, {"Host": host}).status, 403, host)
        for host in (f"localhost:{port}", "127.0.0.1", "[::1]:80", socket.gethostname()):
            self.assertEqual(self.ask("GET", "/api/v1/jobs", {**cookie, "Host": host}).status, 200)

    def test_a_name_of_the_setting_hosts_is_ours(self):
        with Node("--hosts", "jobs.example,other.example") as node:
            opened = node.request("POST", "/api/v1/session")
            cookie = opened.headers["Set-Cookie"].split(";")[0]
            for host, status in (("jobs.example", 200), ("OTHER.example:443", 200),
                                 ("x.example", 403)):
                reply = node.request("GET", "/api/v1/jobs", headers={
                    "Authorization": None, "Cookie": cookie, "Host": host})
                self.assertEqual(reply.status, status, host)

    def test_a_session_outlives_the_node_and_what_is_kept_of_it_opens_nothing(self):
        with Node() as node:
            def ask(method, path, headers, body=None):
                return node.request(method, path, body, {"Authorization": None, **headers})

            def sign_in():
                opened = node.request("POST", "/api/v1/session")
                return {"Cookie": opened.headers["Set-Cookie"].split(";")[0]}
            stays, leaves = sign_in(), sign_in()
            csrf = ask("GET", "/api/v1/session", stays).json()["csrf_token"]
            own = ask("GET", "/api/v1/session", leaves).json()["csrf_token"]
            self.assertEqual(
                ask("DELETE", "/api/v1/session", {**leaves, "X-CSRF-Token": own}).status, 204)
            node.kill()
            kept = pathlib.Path(node.data) / "sessions.json"
            self.assertEqual(stat.S_IMODE(kept.stat().st_mode), 0o600)
            self.assertNotIn(stays["Cookie"].partition("=")[2], kept.read_text())
            self.assertNotIn(csrf, kept.read_text())
            node.start()
            again = ask("GET", "/api/v1/session", stays)
            self.assertEqual((again.status, again.json()["csrf_token"]), (200, csrf))
            path = "/api/v1/queues/q/pause"
            self.assertEqual(ask("POST", path, {**stays, "X-CSRF-Token": csrf}, "").status, 200)
            self.assertEqual(ask("POST", path, stays, "").status, 403)
            self.assertEqual(ask("GET", "/api/v1/session", leaves).status, 401)
            node.kill()
            kept.write_text("{not ours")
            node.start()
            self.assertEqual(ask("GET", "/api/v1/session", stays).status, 401)

    def test_every_answer_has_the_headers_that_keep_browsers_in_bounds(self):
        for method, path, status in (("GET", "/", 200), ("GET", "/healthz", 200),
                                     ("GET", "/signin?code=x", 401), ("GET", "/api/v1/jobs", 200),
                                     ("GET", "/api/v1/openapi.json", 200),
                                     ("GET", "/api/v1/nothing", 404), ("PUT", "/healthz", 405),
                                     ("GET", "/api/v1/runs?x=1", 400)):
            reply = self.node.request(method, path)
            self.assertEqual(reply.status, status, path)
            for name, value in HEADERS.items():
                # The page of the web UI is no secret, and is asked for again by its ETag.
                may_be_kept = name == "Cache-Control" and path == "/" and reply.headers["ETag"]
                wanted = "no-cache" if may_be_kept else value
                self.assertEqual(reply.headers[name], wanted, f"{path}: {name}")
            policy = reply.headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy, path)
            self.assertIn("frame-ancestors 'none'", policy, path)
            self.assertNotIn("Access-Control-Allow-Origin", reply.headers)
            self.assertNotIn("Server", reply.headers)

    # --- the wire

    def test_a_request_of_two_readings_is_refused_and_the_connection_closed(self):
        head = b"POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\n"
        hidden = b"GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n"
        cases = {
            "length and chunks":
                b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "two lengths": b"Content-Length: 0\r\nContent-Length: 43\r\n\r\n",
            "two equal lengths": b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
            "a list of lengths": b"Content-Length: 0, 0\r\n\r\n",
            "a signed length": b"Content-Length: +0\r\n\r\n",
            "a length in hex": b"Content-Length: 0x0\r\n\r\n",
            "two codings":
                b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
            "a coding that is not chunked": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            "chunked not last": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            "a blank before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            "a folded header": b"X-One: a\r\n Content-Length: 43\r\n\r\n",
            "a bare line feed": b"X-One: a\nContent-Length: 43\r\n\r\n",
            "a bare carriage return": b"X-One: a\rContent-Length: 43\r\n\r\n",
            "a chunk size of no digits": b"Transfer-Encoding: chunked\r\n\r\n;\r\n\r\n",
            "a chunk size too large":
                b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n",
            "a chunk without its end": b"Transfer-Encoding: chunked\r\n\r\n1\r\nab0\r\n\r\n",
        }
        for name, rest in cases.items():
            with self.subTest(name):
                received = self.raw(head + rest + hidden)
                self.assertRegex(received, rb"^HTTP/1\.1 (4\d\d|501) ")
                self.assertEqual(received.count(b"HTTP/1.1 "), 1, received)
                self.assertIn(b"Connection: close", received)

    def test_nothing_that_a_client_sends_writes_a_header(self):
        evil = "x%0d%0aSet-Cookie:%20evil=1"
        for path in (f"/api/v1/jobs/{evil}", f"/{evil}", f"/signin?code={evil}",
                     f"/api/v1/runs?job={evil}", f"/api/v1/tokens/{evil}"):
            reply = self.node.request("GET", path)
            self.assertEqual(reply.status, 400, path)
            self.assertNotIn("Set-Cookie", reply.headers)
        for name in ("X-Request-Id", "Idempotency-Key", "Prefer", "If-Match", "Last-Event-ID"):
            received = self.raw(f"GET /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                f"{name}: a\rSet-Cookie: evil=1\r\n\r\n".encode())
            self.assertNotIn(b"\nSet-Cookie", received)
            self.assertNotIn(b"\rSet-Cookie", received)
        job = {"name": "x\r\nSet-Cookie: evil=1", "command": "true"}
        reply = self.node.request("POST", "/api/v1/jobs", job)
        self.assertEqual(reply.status, 400)
        self.assertNotIn("Set-Cookie", reply.headers)

    def test_no_path_leaves_the_tree(self):
        for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd",
                     "/api/v1/runs/..%2f..%2fadmin-token/log/download", "//etc/passwd",
                     "/api/v1/jobs/%00", "/.%2e/admin-token"):
            received = self.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                f"Authorization: Bearer {self.node.token}\r\n\r\n".encode())
            self.assertRegex(received, rb"^HTTP/1\.1 40[04] ", path)
            self.assertNotIn(b"root:", received)


class ListenTest(unittest.TestCase):
    def start(self, *flags):
        data = Node(*flags)
        self.addCleanup(data.__exit__)
        return data

    def test_only_a_word_opens_an_address_that_others_reach(self):
        for listen in ("0.0.0.0:0", "[::]:0", "127.example.com:0"):
            node = self.start()
            ended = subprocess.run(
                [program("mainspring"), "serve", "--data-dir", node.data, "--listen", listen],
                capture_output=True, text=True, timeout=60, env=node.environment())
            self.assertEqual(ended.returncode, 2, ended.stderr)
            self.assertIn("not a loopback address", ended.stderr)
            for way in ("tls_certificate", "mainspring certificate", "insecure_listen"):
                self.assertIn(way, ended.stderr)

    def test_a_key_that_others_can_read_is_refused(self):
        node = self.start()
        made = subprocess.run(
            [program("mainspring"), "certificate", "--data-dir", node.data, "x.example"],
            capture_output=True, text=True, timeout=60, env=node.environment())
        self.assertEqual(made.returncode, 0, made.stderr)
        for path in [node.data, *node.data.rglob("*")]:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)
        key = node.data / "tls" / "x.example.key"
        for mode in (0o644, 0o660, 0o602):
            key.chmod(mode)
            ended = subprocess.run(
                [program("mainspring"), "serve", "--data-dir", node.data, "--listen", "0.0.0.0:0",
                 "--tls-certificate", key.with_suffix(".crt"), "--tls-key", key],
                capture_output=True, text=True, timeout=60, env=node.environment())
            self.assertEqual(ended.returncode, 5, ended.stderr)
            self.assertIn("others can read the private key", ended.stderr)

    def test_the_word_is_answered_with_a_warning(self):
        node = self.start("--insecure-listen", "true")
        node.listen = "0.0.0.0:0"
        node.start()
        self.assertIn(" warn node: ", node.log_text())
        self.assertIn("without encryption", node.log_text())
        reply = node.request("GET", "/api/v1/jobs", headers={"Authorization": None})
        self.assertEqual(reply.status, 401)


if __name__ == "__main__":
    unittest.main()
