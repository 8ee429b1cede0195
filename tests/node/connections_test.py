"""Connections, tried out against the real thing: PostgreSQL, MariaDB, SQLite, web servers."""
import base64
import http.server
import json
import os
import pathlib
import socketserver
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import mariadb  # noqa: E402
import postgres  # noqa: E402
from node import Node, program  # noqa: E402

PASSWORD = "correct horse battery"
TOKEN = "token-of-the-registry-and-of-oauth"


class Web(http.server.BaseHTTPRequestHandler):
    """A web service, a container engine and a registry, each below a path of its own."""
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def has_basic(self, user):
        scheme, _, text = self.headers.get("Authorization", "").partition(" ")
        given = base64.b64decode(text).decode() if scheme == "Basic" else ""
        if self.path == "/oauth":  # RFC 6749, 2.3.1
            given = urllib.parse.unquote_plus(given)
        return given == f"{user}:{PASSWORD}"

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        place, _, query = self.path.partition("?")
        wanted = self.headers.get("Authorization")
        if place == "/basic":
            return self.answer(200 if self.has_basic("ada") else 401)
        if place == "/bearer":
            ok = wanted in (f"Bearer {PASSWORD}", f"Bearer {TOKEN}")
            return self.answer(200 if ok else 403)
        if place == "/no-head":
            return self.answer(405 if self.command == "HEAD" else 200)
        if place == "/broken":
            return self.answer(503)
        if place == "/echo":  # repeats what it was sent where it will be shown
            self.server_version, self.sys_version = wanted or "nothing", ""
            return self.answer(200)
        if place == "/slow":
            self.server.release.wait(30)
            return self.answer(200)
        if place == "/v2/":
            realm = f'Bearer realm="http://{self.headers["Host"]}/token",service="images"'
            ok = wanted == f"Bearer {TOKEN}"
            return self.answer(200 if ok else 401, **({} if ok else {"WWW-Authenticate": realm}))
        if place == "/token":
            ok = self.has_basic("ada") and query == "service=images"
            return self.answer(200 if ok else 401, json.dumps({"token": TOKEN}).encode())
        if place == "/version":
            return self.answer(200, json.dumps({"Version": "27.1", "ApiVersion": "1.46",
                                                "Os": "linux"}).encode())
        return self.answer(404)

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        ok = self.path == "/oauth" and self.has_basic("app") and form.startswith(
            "grant_type=client_credentials&scope=read+write")
        body = {"error": "invalid_client"}
        if ok:
            body = {"access_token": TOKEN, "token_type": "Bearer"}
        if self.path == "/oauth-untyped":  # which RFC 6749, 5.1, does not allow
            ok, body = True, {"access_token": TOKEN}
        self.answer(200 if ok else 401, json.dumps(body).encode())

    def address_string(self):  # of a unix socket there is none
        return "somebody"

    def log_message(self, *unused):
        pass


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


def serve(case, server):
    server.release = threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    case.addClassCleanup(server.server_close)
    case.addClassCleanup(server.shutdown)
    case.addClassCleanup(server.release.set)
    return server


class ConnectionsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.addClassCleanup(cls.node.__exit__)
        cls.node.start()
        cls.set_secret("password", PASSWORD)
        cls.set_secret("wrong", "not the password")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
        server.daemon_threads = True
        cls.web = f"http://127.0.0.1:{serve(cls, server).server_port}"

    @classmethod
    def set_secret(cls, name, value):
        subprocess.run([program("mainspring"), "secret", "set", name, "--data-dir", cls.node.data],
                       input=value, text=True, check=True, capture_output=True,
                       env=cls.node.environment())

    def put(self, name, **spec):
        reply = self.node.request("PUT", f"/api/v1/connections/{name}", spec)
        self.assertEqual(reply.status, 200, reply.body)

    def report(self, name):
        reply = self.node.request("POST", f"/api/v1/connections/{name}/test")
        self.assertEqual(reply.status, 200, reply.body)
        self.assertNotIn(PASSWORD.encode(), reply.body)
        return reply.json()

    def try_out(self, **spec):
        self.put("tried", **spec)
        return self.report("tried")

    def assert_works(self, server, **spec):
        report = self.try_out(**spec)
        self.assertTrue(report["ok"], report)
        self.assertRegex(report["server"], server)
        self.assertGreaterEqual(report["milliseconds"], 0)

    def assert_fails(self, error, **spec):
        report = self.try_out(**spec)
        self.assertFalse(report["ok"], report)
        self.assertRegex(report["error"], error)

    # --- web services

    def test_a_web_service_that_takes_the_credentials_works(self):
        basic = {"basic": {"user": "ada", "password": {"secret": "password"}}}
        self.assert_works(r"^HTTP 200, ", type="http", url=self.web + "/basic", auth=basic)
        self.assert_works(r"^HTTP 200", type="http", url=self.web + "/bearer",
                          auth={"bearer": {"secret": "password"}})
        self.assert_works(r"^HTTP 200", type="http", url=self.web + "/no-head")
        self.assert_works(r"^HTTP 404", type="http", url=self.web + "/nothing")

    def test_a_web_service_that_refuses_them_does_not(self):
        basic = {"basic": {"user": "ada", "password": {"secret": "wrong"}}}
        self.assert_fails("answers 401: it does not take the credentials", type="http",
                          url=self.web + "/basic", auth=basic)
        self.assert_fails("answers 403", type="http", url=self.web + "/bearer")
        self.assert_fails("answers 503", type="http", url=self.web + "/broken")

    def test_a_token_of_oauth_2_is_got_and_used(self):
        auth = {"oauth2": {"token_url": self.web + "/oauth", "client_id": "app",
                           "client_secret": {"secret": "password"}, "scopes": ["read", "write"]}}
        self.assert_works("^HTTP 200", type="http", url=self.web + "/bearer", auth=auth)
        auth["oauth2"]["client_secret"] = {"secret": "wrong"}
        self.assert_fails("gave no token: it answered 401 Unauthorized, invalid_client",
                          type="http", url=self.web + "/bearer", auth=auth)
        auth["oauth2"]["token_url"] = self.web + "/oauth-untyped"
        self.assert_fails("its token_type is not Bearer", type="http", url=self.web + "/bearer",
                          auth=auth)

    def test_what_a_server_repeats_of_a_secret_is_masked(self):
        self.assert_works(r"Bearer \*\*\*", type="http", url=self.web + "/echo",
                          auth={"bearer": {"secret": "password"}})

    def test_a_place_where_nobody_listens_is_an_error_that_names_it(self):
        port = postgres.free_port()
        self.assert_fails(f"cannot connect to 127.0.0.1:{port}", type="http",
                          url=f"http://127.0.0.1:{port}")
        self.assert_fails("(?i)tls|ssl", type="http", url=self.web.replace("http", "https"))

    def test_a_secret_that_is_not_there_names_the_command_that_stores_it(self):
        self.assert_fails(r"the password of the connection 'tried' takes its value from a secret: "
                          r"this worker has no secret 'nowhere'; .*`mainspring secret set nowhere "
                          rf"--data-dir {self.node.data}`", type="http", url=self.web,
                          auth={"basic": {"user": "ada", "password": {"secret": "nowhere"}}})

    def test_slow_tries_hold_up_no_question_and_are_few(self):
        self.put("slow", type="http", url=self.web + "/slow")
        many = [threading.Thread(target=self.report, args=("slow",)) for _ in range(4)]
        for each in many:
            each.start()
        deadline = time.monotonic() + 30
        while True:  # until all four are under way
            reply = self.node.request("POST", "/api/v1/connections/tried-never/test")
            self.assertEqual(reply.status, 404)
            reply = self.node.request("POST", "/api/v1/connections/quick/test")
            self.put("quick", type="sqlite", path="/nonexistent/file.db")
            if reply.status == 429:
                break
            self.assertLess(time.monotonic(), deadline)
        begun = time.monotonic()
        self.assertEqual(self.node.request("GET", "/api/v1/jobs").status, 200)
        self.assertLess(time.monotonic() - begun, 5)
        for each in many:
            each.join()

    # --- engines and registries

    def test_a_container_engine_says_its_version(self):
        with tempfile.TemporaryDirectory() as directory:
            server = serve(type(self), UnixServer(f"{directory}/docker.sock", Web))
            self.assert_works(r"^engine 27\.1, API 1\.46, linux$", type="docker",
                              url=f"unix://{server.server_address}")
        self.assert_works(r"^engine 27\.1", type="docker", url=self.web.replace("http", "tcp"))
        self.assert_fails("no container engine at /nonexistent/docker.sock: no such socket",
                          type="docker", url="unix:///nonexistent/docker.sock")

    def test_a_registry_that_wants_a_token_is_given_one(self):
        self.assert_works("^HTTP 200", type="registry", url=self.web, user="ada",
                          password={"secret": "password"})
        self.assert_fails("gives no token", type="registry", url=self.web, user="ada",
                          password={"secret": "wrong"})

    # --- databases

    def test_a_file_of_sqlite_is_read(self):
        with tempfile.TemporaryDirectory() as directory:
            path = f"{directory}/app.db"
            with sqlite3.connect(path) as database:
                database.execute("CREATE TABLE t(x)")
            database.close()
            self.assert_works(r"^SQLite 3\.\d+\.\d+, 1 tables", type="sqlite", path=path)
            self.assert_fails("unable to open", type="sqlite", path=path + "x")
            self.assertFalse(os.path.exists(path + "x"))
            pathlib.Path(path).write_text("hello, this is no database at all, not in the least")
            self.assert_fails("not a database", type="sqlite", path=path)

    def test_a_postgresql_server_is_signed_in_to(self):
        with postgres.Server() as server:
            server.sql(f"CREATE USER guarded PASSWORD '{PASSWORD}'")
            rules = server.data / "pg_hba.conf"
            rules.write_text("host all guarded 127.0.0.1/32 scram-sha-256\n" + rules.read_text())
            server.sql("SELECT pg_reload_conf()")
            common = {"type": "postgres", "host": "127.0.0.1", "database": "postgres",
                      "port": int(server.setting("port")), "user": "guarded"}
            self.assert_works(r"^PostgreSQL \d+", **common, password={"secret": "password"},
                              options={"application_name": "tried"})
            self.assert_fails("password authentication failed", **common,
                              password={"secret": "wrong"})
            self.assert_fails("no password", **common)
            self.assert_fails("does not support SSL", **common, tls={"verify": "none"},
                              password={"secret": "password"})
            self.assert_fails('database "nowhere" does not exist',
                              **{**common, "database": "nowhere"}, password={"secret": "password"})
            self.assert_works("^PostgreSQL", type="postgres", host=str(server.directory),
                              database="postgres", port=common["port"], user="mainspring")
        self.assert_fails("refused", **common, password={"secret": "password"})

    def test_a_mariadb_server_is_signed_in_to(self):
        server = self.enterContext(mariadb.Server())
        server.sql("CREATE DATABASE sales; "
                   f"CREATE USER ada@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'; "
                   "GRANT ALL ON sales.* TO ada@'127.0.0.1'")
        common = {"type": "mysql", "host": "127.0.0.1", "port": server.port, "database": "sales",
                  "user": "ada"}
        self.assert_works(r"^MariaDB \d+\.", **common, password={"secret": "password"})
        self.assert_fails(r"Access denied .*, error 1045 ", **common, password={"secret": "wrong"})
        self.assert_fails(r"error \d+", **{**common, "database": "nowhere"},
                          password={"secret": "password"})
        self.assert_fails("(?i)ssl|tls", **common, tls={}, password={"secret": "password"})
        self.assert_works("^MariaDB", type="mysql", host=str(server.socket), database="sales",
                          user="root")

    def test_a_server_that_accepts_and_says_nothing_is_given_up(self):
        with socketserver.TCPServer(("127.0.0.1", 0), None) as silent:  # the system accepts
            common = {"host": "127.0.0.1", "port": silent.server_address[1], "database": "x"}
            self.assert_fails("did not answer in time", type="postgres", **common)

    # --- jobctl

    def test_jobctl_tries_a_connection_and_its_exit_code_tells(self):
        self.put("good", type="http", url=self.web + "/no-head")
        self.put("bad", type="http", url=self.web + "/broken")
        good = self.node.jobctl("connection", "test", "good")
        self.assertEqual(good.returncode, 0, good.stderr)
        self.assertIn("HTTP 200", good.stdout)
        bad = self.node.jobctl("connection", "test", "bad")
        self.assertEqual(bad.returncode, 6, bad.stdout)
        self.assertIn("the connection 'bad' does not work: ", bad.stderr)
        self.assertFalse(json.loads(self.node.jobctl("connection", "test", "bad", "-o",
                                                     "json").stdout)["ok"])
        self.assertEqual(self.node.jobctl("connection", "test", "none").returncode, 3)

    def test_jobctl_puts_lists_shows_and_deletes(self):
        file = self.node.directory / "c.yaml"
        file.write_text("kind: connection\nname: api\ntype: http\nurl: https://api.example.org\n")
        put = self.node.jobctl("connection", "put", str(file))
        self.assertEqual(put.returncode, 0, put.stderr)
        self.assertRegex(self.node.jobctl("connection", "list").stdout,
                         r"(?m)^api +http +https://api\.example\.org")
        shown = self.node.jobctl("connection", "show", "api", "-o", "yaml").stdout
        self.assertEqual(self.node.jobctl("validate", "-f", "-", stdin=shown).returncode, 0, shown)
        self.assertEqual(self.node.jobctl("connection", "delete", "api").returncode, 0)
        self.assertEqual(self.node.jobctl("connection", "show", "api").returncode, 3)


if __name__ == "__main__":
    unittest.main()
