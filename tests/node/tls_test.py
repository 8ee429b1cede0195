"""HTTPS to a real node: browsers and tools, new certificates, wrong files, bad clients."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node, program  # noqa: E402

SECONDS = 60
DAY = 86_400


def certify(directory, *names):
    """`mainspring certificate`; what it printed."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MAINSPRING_")}
    return subprocess.run([program("mainspring"), "certificate", "--directory", directory, *names],
                          capture_output=True, text=True, timeout=60, env=clean)


def openssl(*words, stdin=None):
    return subprocess.run(["openssl", *words], check=True, capture_output=True, input=stdin,
                          timeout=60).stdout


def self_signed(directory, name, days):
    """A certificate by nobody but itself, which may have ended already."""
    certificate, key = directory / f"{name}.crt", directory / f"{name}.key"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", key, "-out", directory / "request.crt", "-subj", f"/CN={name}",
            "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1", "-days", "1")
    # `req` makes none that has ended; `x509` takes any number of days.
    openssl("x509", "-in", directory / "request.crt", "-signkey", key, "-days", str(days),
            "-out", certificate)
    key.chmod(0o600)
    return certificate, key


class TlsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(tempfile.mkdtemp(prefix="mainspring-tls-"))
        made = certify(cls.directory, "localhost", "127.0.0.1")
        assert made.returncode == 0, made.stderr
        cls.printed, cls.ca = made.stdout, cls.directory / "ca.crt"
        cls.files = cls.directory / "localhost.crt", cls.directory / "localhost.key"
        cls.node = cls.make_node()
        cls.node.start()

    @classmethod
    def tearDownClass(cls):
        cls.node.__exit__()
        shutil.rmtree(cls.directory)

    @classmethod
    def make_node(cls, *flags, files=None):
        certificate, key = files or cls.files
        node = Node("--tls-certificate", str(certificate), "--tls-key", str(key), *flags)
        node.ca = cls.ca
        return node

    def started(self, *flags, files=None):
        node = self.make_node(*flags, files=files)
        self.addCleanup(node.__exit__)
        node.start()
        return node

    def port(self):
        return int(self.node.address.rpartition(":")[2])

    def context(self):
        return ssl.create_default_context(cafile=self.ca)

    def encrypted(self, context=None):
        plain = socket.create_connection(("127.0.0.1", self.port()), timeout=SECONDS)
        wrapped = (context or self.context()).wrap_socket(plain, server_hostname="localhost")
        self.addCleanup(wrapped.close)
        return wrapped

    def head(self, path="/healthz", more=""):
        return (f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
                f"Authorization: Bearer {self.node.token}\r\n{more}\r\n").encode()

    # --- the certificate

    def test_what_is_made_is_private_and_printed_with_what_to_do(self):
        for path in (*self.files, self.ca, self.directory / "ca.key"):
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600, path)
        for word in ("ca.crt", "keep it away", "tls_certificate: ", "tls_key: ", "jobctl --ca"):
            self.assertIn(word, self.printed)
        text = openssl("x509", "-in", self.files[0], "-noout", "-text").decode()
        self.assertIn("DNS:localhost, IP Address:127.0.0.1", text)
        self.assertIn("CA:FALSE", text)
        self.assertIn("TLS Web Server Authentication", text)

    def test_a_second_certificate_is_by_the_same_authority_and_none_is_replaced_unasked(self):
        before = self.ca.read_bytes()
        again = certify(self.directory, "localhost")
        self.assertEqual(again.returncode, 4, again.stdout)
        self.assertIn("--renew", again.stderr)
        other = certify(self.directory, "*.jobs.example")
        self.assertEqual(other.returncode, 0, other.stderr)
        self.assertEqual(self.ca.read_bytes(), before)
        self.assertNotIn("ca.key", other.stdout)
        made = self.directory / "_.jobs.example.crt"
        openssl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", self.ca, made)
        first = made.read_bytes()
        self.assertEqual(certify(self.directory, "*.jobs.example", "--renew").returncode, 0)
        self.assertNotEqual(made.read_bytes(), first)
        wrong = certify(self.directory, "https://jobs.example")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("neither a host's name nor an address", wrong.stderr)

    def test_an_authority_whose_key_was_moved_away_is_asked_for(self):
        with tempfile.TemporaryDirectory() as directory:
            self.assertEqual(certify(directory, "a.example").returncode, 0)
            (pathlib.Path(directory) / "ca.key").unlink()
            found = certify(directory, "b.example")
            self.assertEqual(found.returncode, 3)
            self.assertIn("bring it back", found.stderr)

    # --- who comes

    def test_python_curl_and_jobctl_are_served(self):
        self.assertEqual(self.node.request("GET", "/api/v1/jobs").status, 200)
        for version in ("--tlsv1.3", "--tls-max"):
            words = [version, "1.2"] if version == "--tls-max" else [version]
            found = subprocess.run(
                ["curl", "-sS", "--cacert", self.ca, *words, "-w", "%{http_version} %{http_code}",
                 f"https://localhost:{self.port()}/healthz"], capture_output=True, text=True)
            self.assertTrue(found.stdout.endswith("1.1 200"), found)
        self.assertEqual(self.node.jobctl("job", "list").returncode, 0)
        doctor = self.node.jobctl("doctor")
        self.assertIn("https://", doctor.stdout)

    def test_jobctl_of_the_same_user_needs_no_authority(self):
        environment = self.node.environment()
        found = subprocess.run([program("jobctl"), "job", "list"], env=environment,
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(found.returncode, 0, found.stderr)
        note = next(pathlib.Path(environment["XDG_STATE_HOME"]).rglob("node"))
        text = note.read_text()
        self.addCleanup(note.write_text, text)
        note.write_text(re.sub(r"pin=sha256//....", "pin=sha256//AAAA", text))
        found = subprocess.run([program("jobctl"), "job", "list"], env=environment,
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(found.returncode, 5, found.stderr)
        self.assertIn("another key", found.stderr)

    def jobctl(self, *words, **environment):
        clean = {**self.node.environment(), "XDG_STATE_HOME": "/nowhere", **environment}
        return subprocess.run([program("jobctl"), *words, "job", "list"], env=clean,
                              capture_output=True, text=True, timeout=60)

    def test_jobctl_says_in_plain_words_why_it_does_not_trust(self):
        server = f"https://localhost:{self.port()}"
        token = {"MAINSPRING_TOKEN": self.node.token}
        self.assertEqual(self.jobctl("--server", server, "--ca", self.ca, **token).returncode, 0)
        unknown = self.jobctl("--server", server, **token)
        self.assertEqual(unknown.returncode, 5)
        self.assertIn("authority that is not trusted here", unknown.stderr)
        self.assertIn("--ca", unknown.stderr)
        with self.make_node() as other:  # under an address that is not in the certificate
            other.kill()
            other.listen = "127.0.0.2:0"
            other.start()
            name = self.jobctl("--server", f"https://{other.address}", "--ca", self.ca, **token)
            self.assertEqual(name.returncode, 5, name.stderr)
            self.assertIn("is not for '127.0.0.2'", name.stderr)
        missing = self.jobctl("--server", server, "--ca", "/nothing.crt", **token)
        self.assertEqual(missing.returncode, 2, missing.stderr)
        self.assertIn("/nothing.crt", missing.stderr)
        plain = self.jobctl("--server", f"http://localhost:{self.port()}", **token)
        self.assertEqual(plain.returncode, 2)
        self.assertIn("this port speaks HTTPS", plain.stderr)
        with Node() as other:
            wrong = self.jobctl("--server", f"https://{other.address}", **token)
            self.assertEqual(wrong.returncode, 6)
            self.assertIn("write http://", wrong.stderr)

    def test_a_certificate_that_has_ended_is_served_warned_about_and_refused_by_clients(self):
        ended = self_signed(self.directory, "ended", -1)
        node = self.make_node(files=ended)
        self.addCleanup(node.__exit__)
        node.start()
        found = self.jobctl("--server", f"https://{node.address}", "--ca", ended[0])
        self.assertEqual(found.returncode, 5)
        self.assertIn("has expired", found.stderr)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(node.address, timeout=SECONDS, context=context)
        connection.request("GET", "/readyz")
        checks = json.loads(connection.getresponse().read())["checks"]
        connection.close()
        self.assertTrue(any("certificate ended at" in check for check in checks), checks)
        self.wait_for(lambda: "certificate ended at" in node.log_text())
        doctor = subprocess.run(
            [program("mainspring"), "doctor", "--data-dir", node.data, "-o", "json"],
            capture_output=True, text=True, env={
                **node.environment(), "MAINSPRING_TLS_CERTIFICATE": str(ended[0]),
                "MAINSPRING_TLS_KEY": str(ended[1])})
        check, = [each for each in json.loads(doctor.stdout)["items"] if each["check"] == "tls"]
        self.assertEqual(check["state"], "warn")
        self.assertIn("ended at", check["advice"])

    def wait_for(self, condition):
        deadline = time.monotonic() + SECONDS
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            self.node.request("GET", "/healthz")

    # --- browsers

    def test_a_session_inside_tls_is_secure_and_takes_no_plain_origin(self):
        opened = self.node.request("POST", "/api/v1/session")
        self.assertIn("; Secure", opened.headers["Set-Cookie"])
        self.assertIsNone(opened.headers["Strict-Transport-Security"])
        cookie = {"Authorization": None, "Cookie": opened.headers["Set-Cookie"].split(";")[0]}
        csrf = self.node.request("GET", "/api/v1/session", headers=cookie).json()["csrf_token"]
        host = f"localhost:{self.port()}"
        for origin, status in ((f"https://{host}", 200), (f"http://{host}", 403)):
            reply = self.node.request("POST", "/api/v1/queues/q/pause", "", headers={
                **cookie, "Host": host, "Origin": origin, "X-CSRF-Token": csrf})
            self.assertEqual(reply.status, status, origin)

    def test_browsers_are_told_to_insist_only_where_somebody_asked_for_it(self):
        node = self.started("--tls-hsts", "8760h")
        self.assertEqual(node.request("GET", "/healthz").headers["Strict-Transport-Security"],
                         f"max-age={365 * DAY}")
        with Node("--tls-hsts", "8760h") as plain:
            reply = plain.request("GET", "/healthz")
            self.assertIsNone(reply.headers["Strict-Transport-Security"])
            cookie = plain.request("POST", "/api/v1/session").headers["Set-Cookie"]
            self.assertNotIn("Secure", cookie)

    def test_names_of_the_certificate_are_names_of_the_node(self):
        named = certify(self.directory, "shown.example", "127.0.0.1")
        self.assertEqual(named.returncode, 0, named.stderr)
        node = self.make_node(files=(self.directory / "shown.example.crt",
                                     self.directory / "shown.example.key"))
        self.addCleanup(node.__exit__)
        node.start()
        opened = node.request("POST", "/api/v1/session")
        cookie = opened.headers["Set-Cookie"].split(";")[0]
        for host, status in (("shown.example", 200), ("other.example", 403)):
            reply = node.request("GET", "/api/v1/jobs", headers={
                "Authorization": None, "Cookie": cookie, "Host": host})
            self.assertEqual(reply.status, status, host)

    def test_an_address_that_others_reach_is_served_with_tls(self):
        node = self.make_node()
        self.addCleanup(node.__exit__)
        node.listen = "0.0.0.0:0"
        node.start()
        self.assertTrue(node.address.startswith("localhost:"), node.address)
        self.assertEqual(node.request("GET", "/api/v1/jobs").status, 200)
        self.assertNotIn(" warn ", node.log_text())

    # --- bodies, streams, halves

    def test_a_body_of_the_largest_size_arrives_whole(self):
        job = {"name": "echo", "params": {"text": {"type": "string"}},
               "command": ["/bin/sh", "-c", "wc -c < $MAINSPRING_INPUT_FILE"]}
        self.assertLess(self.node.request("POST", "/api/v1/jobs", job).status, 300)
        text = "x" * (100 * 1024)
        run = self.node.submit("echo", params={"text": text})
        self.assertEqual(self.node.wait(run)["state"], "succeeded")
        self.assertGreater(int(self.node.log_of(run)), len(text))
        body = b"name: x\ncommand: true\n#" + b"y" * (8 * 1024 * 1024 - 100)
        reply = self.node.request("POST", "/api/v1/manifests/apply", body,
                                  {"Content-Type": "application/yaml"})
        self.assertIn(reply.status, (200, 413), reply.body[:200])
        over = self.node.request("POST", "/api/v1/manifests/apply", body + b"z" * 200,
                                 {"Content-Type": "application/yaml"})
        self.assertEqual(over.status, 413)

    def test_events_come_as_they_happen(self):
        stream = self.encrypted()
        stream.sendall(self.head("/api/v1/stream?topics=runs"))
        received = b""
        while b"hello" not in received:
            received += stream.recv(65536)
        self.node.apply("name: said\ncommand: echo said\n")
        run = self.node.submit("said")
        while run.encode() not in received or b"succeeded" not in received:
            piece = stream.recv(65536)
            self.assertTrue(piece)
            received += piece

    def test_a_log_of_many_records_is_downloaded_whole(self):
        self.node.apply("name: long\ncommand: seq 1 400000\n")
        run = self.node.submit("long")
        self.node.wait(run)
        text = self.node.log_of(run).decode()
        self.assertTrue(text.startswith("1\n2\n"))
        self.assertTrue(text.endswith("399999\n400000\n"))
        self.assertEqual(text.count("\n"), 400000)

    def test_a_client_that_has_ended_its_side_gets_its_answer(self):
        connection = self.encrypted()
        connection.sendall(self.head())
        socket.socket.shutdown(connection, socket.SHUT_WR)  # below TLS: no farewell
        received = b""
        while piece := connection.recv(65536):
            received += piece
        self.assertIn(b" 200 OK", received)

    def test_what_is_not_tls_is_told_or_closed(self):
        for data, answer in ((b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"this port speaks HTTPS"),
                             (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 400"),
                             (b"\0\0\0\0", b""), (b"\x16\x03\x01\x00\x05hello", b"")):
            with socket.create_connection(("127.0.0.1", self.port()), timeout=SECONDS) as plain:
                received = b""
                with contextlib.suppress(OSError):  # it may be closed already
                    plain.sendall(data)
                    plain.shutdown(socket.SHUT_WR)
                    while piece := plain.recv(65536):
                        received += piece
                self.assertIn(answer, received)

    def test_old_versions_are_refused(self):
        warnings.simplefilter("ignore", DeprecationWarning)  # that these versions are old
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            context = self.context()
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
            with self.assertRaises(ssl.SSLError):
                self.encrypted(context)

    def test_a_client_that_comes_back_resumes(self):
        context = self.context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        first = self.encrypted(context)
        first.sendall(self.head())
        first.recv(65536)
        plain = socket.create_connection(("127.0.0.1", self.port()), timeout=SECONDS)
        second = context.wrap_socket(plain, server_hostname="localhost", session=first.session)
        self.addCleanup(second.close)
        self.assertTrue(second.session_reused)

    # --- floods

    def test_stalled_handshakes_keep_nobody_out(self):
        stalled = []
        for _ in range(300):
            each = socket.create_connection(("127.0.0.1", self.port()), timeout=SECONDS)
            self.addCleanup(each.close)
            each.sendall(b"\x16\x03\x01\x02\x00")
            stalled.append(each)
        began = time.monotonic()
        self.assertEqual(self.node.request("GET", "/healthz").status, 200)
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(stalled[0].recv(1), b"")  # the oldest made room
        page = self.node.request("GET", "/metrics").body.decode()
        crowded = int(re.search(r'handshakes_total\{outcome="crowded_out"\} (\d+)', page)[1])
        self.assertGreaterEqual(crowded, 44)

    def test_a_slow_handshake_is_closed_at_its_deadline(self):
        began = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.port()), timeout=SECONDS) as silent:
            self.assertEqual(silent.recv(1), b"")
        self.assertGreater(time.monotonic() - began, 8)
        self.assertLess(time.monotonic() - began, 30)

    def test_handshakes_in_great_number_leave_room_for_requests(self):
        connection = self.node.connect()
        self.addCleanup(connection.close)
        stop = threading.Event()

        def flood():
            while not stop.is_set():
                with contextlib.suppress(OSError):
                    self.encrypted().close()

        threads = [threading.Thread(target=flood) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(50):
                connection.request("GET", "/healthz")
                self.assertEqual(connection.getresponse().read()[:1], b"{")
        finally:
            stop.set()
            for thread in threads:
                thread.join()


class ReloadTest(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="mainspring-tls-"))
        self.addCleanup(shutil.rmtree, self.directory)
        self.assertEqual(certify(self.directory, "localhost", "127.0.0.1").returncode, 0)
        self.certificate = self.directory / "localhost.crt"
        self.key = self.directory / "localhost.key"
        self.node = Node("--log-format", "json", "--tls-certificate", str(self.certificate),
                         "--tls-key", str(self.key))
        self.node.ca = self.directory / "ca.crt"
        self.addCleanup(self.node.__exit__)
        self.node.start()

    def shown(self):
        port = int(self.node.address.rpartition(":")[2])
        return ssl.get_server_certificate(("127.0.0.1", port))

    def reload(self):
        """Sends the signal; the lines of the log that it brought."""
        before = len(self.node.log_lines())
        self.node.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + SECONDS
        while not any("settings reloaded" in line["message"]
                      for line in self.node.log_lines()[before:]):
            self.assertLess(time.monotonic(), deadline, self.node.log_text())
            self.node.request("GET", "/healthz")
        return self.node.log_lines()[before:]

    def expiry(self):
        page = self.node.request("GET", "/metrics").body.decode()
        return int(re.search(r"certificate_expiry_timestamp_seconds (\d+)", page)[1])

    def test_a_renewed_certificate_is_for_new_connections(self):
        self.assertAlmostEqual(self.expiry(), time.time() + 397 * DAY, delta=3600)
        connection = self.node.connect()
        self.addCleanup(connection.close)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        before = connection.sock.getpeercert(True)
        self.assertEqual(self.shown(), self.certificate.read_text())
        made = certify(self.directory, "localhost", "127.0.0.1", "--renew")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.reload()
        self.assertEqual(self.shown(), self.certificate.read_text())
        connection.request("GET", "/healthz")
        self.assertEqual(connection.getresponse().status, 200)
        self.assertEqual(connection.sock.getpeercert(True), before)
        # The new key is known to jobctl on this machine.
        local = subprocess.run([program("jobctl"), "job", "list"], env=self.node.environment(),
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(local.returncode, 0, local.stderr)

    def test_wrong_files_change_nothing_and_the_log_says_why(self):
        good, shown = self.key.read_bytes(), self.shown()
        self.assertEqual(certify(self.directory, "other.example").returncode, 0)
        other = (self.directory / "other.example.key").read_bytes()
        for content, mode, word in ((b"nonsense", 0o600, "no private key"),
                                    (other, 0o600, "is not the key of"),
                                    (good, 0o644, "chmod 600")):
            self.key.write_bytes(content)
            self.key.chmod(mode)
            told = [line["message"] for line in self.reload() if line["level"] == "warn"]
            self.assertEqual(len(told), 1, told)
            self.assertIn("the certificate stays the one that it was", told[0])
            self.assertIn(word, told[0])
            self.assertEqual(self.shown(), shown)
        self.key.write_bytes(good)
        self.key.chmod(0o600)
        self.assertFalse([line for line in self.reload() if line["level"] == "warn"])

    def test_a_node_does_not_start_with_wrong_files(self):
        for flags, code, word in (
                (("--tls-certificate", "/nothing.crt", "--tls-key", str(self.key)), 3, "/nothing"),
                (("--tls-certificate", str(self.certificate)), 2, "Set both"),
                (("--tls-certificate", str(self.key), "--tls-key", str(self.key)), 2,
                 "no certificate in PEM")):
            ended = subprocess.run(
                [program("mainspring"), "serve", "--data-dir", self.directory / "data", *flags],
                capture_output=True, text=True, timeout=60, env=self.node.environment())
            self.assertEqual(ended.returncode, code, ended.stderr)
            self.assertIn(word, ended.stderr)
            self.assertFalse((self.directory / "data").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
