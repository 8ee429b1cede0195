"""A web server with faults, a proxy, and certificates: the other side of jobs of type http."""
import base64
import contextlib
import email.utils
import gzip
import json
import pathlib
import socket
import ssl
import subprocess
import threading
import time
import urllib.parse

SECONDS = 60


class Seen:
    """A request as it arrived."""

    def __init__(self, line, headers, body):
        self.method, self.target, _ = line.split(" ", 2)
        self.path, _, self.query = self.target.partition("?")
        self.headers, self.body = headers, body
        self.time = time.monotonic()

    def header(self, name):
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) < 2, f"{name} came twice: {found}"
        return found[0] if found else None


class Peer:
    """A client's connection, and what is known of its end."""

    def __init__(self, sock, site):
        self.sock, self.site = sock, site
        self.file = sock.makefile("rb")

    def read(self):
        line = self.file.readline(70_000).decode("latin-1").rstrip("\r\n")
        if not line:
            return None
        headers = []
        while True:
            text = self.file.readline(70_000).decode("latin-1").rstrip("\r\n")
            if not text:
                break
            name, _, value = text.partition(":")
            headers.append((name, value.strip()))
        length = next((int(v) for k, v in headers if k.lower() == "content-length"), 0)
        return Seen(line, headers, self.file.read(length))

    def send(self, data):
        self.sock.sendall(data if isinstance(data, bytes) else data.encode("latin-1"))

    def answer(self, status, body=b"", *headers, reason="Word"):
        body = body if isinstance(body, bytes) else body.encode()
        lines = [f"HTTP/1.1 {status} {reason}", f"Content-Length: {len(body)}", *headers]
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def wait_for_end(self):
        """Until the client has gone."""
        self.sock.settimeout(SECONDS)
        with contextlib.suppress(OSError):
            while self.sock.recv(4096):
                pass
        self.site.note_end()


class Listener:
    """Accepts on 127.0.0.1, a thread for each connection. Use as a context manager."""

    def __init__(self, context=None, port=0):
        self.context = context
        self.seen, self.ends = [], 0
        self.changed = threading.Condition()
        self.socket = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port = self.socket.getsockname()[1]
        self.scheme = "https" if context else "http"
        self.url = f"{self.scheme}://127.0.0.1:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def accept(self):
        while True:
            try:
                sock, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        with contextlib.suppress(OSError, ValueError):
            if self.context:
                sock = self.context.wrap_socket(sock, server_side=True)
            with sock:
                self.talk(Peer(sock, self))

    def talk(self, peer):
        raise NotImplementedError

    def note(self, seen):
        with self.changed:
            self.seen.append(seen)
            self.changed.notify_all()

    def note_end(self):
        with self.changed:
            self.ends += 1
            self.changed.notify_all()

    def wait(self, is_there):
        """Until that is true, which is asked for at every change."""
        with self.changed:
            assert self.changed.wait_for(is_there, SECONDS), f"never came: {self.seen}"

    def at(self, path):
        return [seen for seen in self.seen if seen.path == path]

    def wait_for(self, path, count=1):
        self.wait(lambda: len(self.at(path)) >= count)
        return self.at(path)


class Site(Listener):
    """The origin. Each path is a way to answer, right or wrong: the methods on_*()."""

    def talk(self, peer):
        while (seen := peer.read()) is not None:
            self.note(seen)
            name, *words = seen.path.strip("/").split("/")
            way = getattr(self, "on_" + name.replace("-", "_"), None)
            if way is None:
                peer.answer(404, "nothing here", "Content-Type: text/plain", reason="Not Found")
            elif way(peer, seen, *words) is False:
                return

    # ---- right ones

    def on_json(self, peer, seen):
        peer.answer(200, '{"status": "ok", "n": 1}', "Content-Type: application/json",
                    "X-Kind: report")

    def on_text(self, peer, seen):
        peer.answer(200, "grüße\n", "Content-Type: text/plain; charset=utf-8")

    def on_bytes(self, peer, seen):
        peer.answer(200, b"\x89PNG", "Content-Type: image/png")

    def on_echo(self, peer, seen, *unused):
        told = {"method": seen.method, "target": seen.target, "headers": dict(seen.headers),
                "body": seen.body.decode()}
        peer.answer(200, json.dumps(told), "Content-Type: application/json")

    def on_empty(self, peer, seen):
        peer.send("HTTP/1.1 204 No Content\r\n\r\n")

    def on_head(self, peer, seen):
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")

    def on_gzip(self, peer, seen):
        peer.answer(200, gzip.compress(b"hello " * 1000), "Content-Encoding: gzip",
                    "Content-Type: text/plain")

    def on_interim(self, peer, seen):
        peer.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        peer.answer(200, "after the hints", "Content-Type: text/plain")

    def on_http10(self, peer, seen):
        peer.send("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nno length")
        return False

    def on_chunked(self, peer, seen):
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n"
                  "\r\n5\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n")

    def on_mark(self, peer, seen, size):
        """A body of that many bytes."""
        peer.answer(200, b"x" * int(size), "Content-Type: text/plain")

    # ---- wrong ones

    def on_status(self, peer, seen, status):
        peer.answer(int(status), '{"detail": "not today"}',
                    "Content-Type: application/problem+json")

    def on_busy(self, peer, seen, form):
        """429 at first; then it is well."""
        if len(self.at(seen.path)) > 1:
            return peer.answer(200, "well", "Content-Type: text/plain")
        now = time.time()
        when = "2" if form == "seconds" else email.utils.formatdate(int(now) + 2, usegmt=True)
        date = email.utils.formatdate(int(now), usegmt=True)
        peer.answer(429, "", f"Retry-After: {when}", f"Date: {date}", reason="Too Many Requests")

    def on_hold(self, peer, seen):
        """No answer, until the client goes."""
        peer.wait_for_end()
        return False

    def on_hold_once(self, peer, seen):
        if len(self.at(seen.path)) == 1:
            return self.on_hold(peer, seen)
        peer.answer(200, "second", "Content-Type: text/plain")

    def on_patience(self, peer, seen):
        """Answers that it still works, then nothing."""
        for _ in range(3):
            peer.send("HTTP/1.1 102 Processing\r\n\r\n")
            time.sleep(0.4)
        peer.answer(200, "at last", "Content-Type: text/plain")

    def on_drip(self, peer, seen):
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")
        peer.wait_for_end()
        return False

    def on_cut(self, peer, seen):
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")
        return False

    def on_cut_chunked(self, peer, seen):
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        return False

    def on_die(self, peer, seen):
        return False

    def on_endless(self, peer, seen):
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            peer.send(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    def on_bomb(self, peer, seen):
        peer.answer(200, gzip.compress(bytes(50 << 20)), "Content-Encoding: gzip")

    def on_bad_gzip(self, peer, seen):
        peer.answer(200, b"this is no gzip", "Content-Encoding: gzip")

    def on_huge_headers(self, peer, seen):
        lines = "".join(f"X-{n}: {'y' * 1000}\r\n" for n in range(400))
        peer.send(f"HTTP/1.1 200 OK\r\n{lines}\r\n")

    def on_long_header(self, peer, seen):
        peer.send(f"HTTP/1.1 200 OK\r\nX-Long: {'y' * 200_000}\r\nContent-Length: 0\r\n\r\n")

    def on_endless_interim(self, peer, seen):
        while True:
            peer.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")

    def on_garbage(self, peer, seen):
        peer.send("SSH-2.0-OpenSSH_9.2\r\n")
        return False

    # ---- elsewhere

    def on_to(self, peer, seen, status):
        target = urllib.parse.unquote(seen.query)
        peer.answer(int(status), "go on", f"Location: {target}", reason="Found")

    def on_round(self, peer, seen, *unused):
        peer.answer(302, "", f"Location: /round/{len(self.seen)}")

    def on_close_to(self, peer, seen):
        """Points on, and closes the connection that it said it would keep."""
        peer.answer(307, "", "Location: /echo")
        return False

    # ---- credentials

    def on_token(self, peer, seen):
        proof = base64.b64encode(b"reporter:client+secret").decode()
        if seen.header("authorization") != f"Basic {proof}":
            return peer.answer(401, '{"error": "invalid_client"}', "Content-Type: application/json")
        token = f"token-number-{len(self.at('/token'))}"
        self.good_token = token
        peer.answer(200, json.dumps({"access_token": token, "token_type": "Bearer",
                                     "expires_in": 3600}), "Content-Type: application/json")

    def on_private(self, peer, seen):
        if seen.header("authorization") != f"Bearer {self.good_token}":
            return peer.answer(401, "who?", "Content-Type: text/plain", reason="Unauthorized")
        peer.answer(200, "welcome", "Content-Type: text/plain")


class Proxy(Listener):
    """Forwards plain requests, and connects for CONNECT; with a password where one is given."""

    def __init__(self, password=None):
        super().__init__()
        self.password = password

    def talk(self, peer):
        seen = peer.read()
        self.note(seen)
        if self.password:
            proof = "Basic " + base64.b64encode(self.password.encode()).decode()
            if seen.header("proxy-authorization") != proof:
                return peer.answer(407, "", 'Proxy-Authenticate: Basic realm="x"')
        if seen.method == "CONNECT":
            host, port = seen.target.rsplit(":", 1)
            with socket.create_connection((host, int(port)), SECONDS) as other:
                peer.send("HTTP/1.1 200 Connected\r\n\r\n")
                threading.Thread(target=pump, args=(other, peer.sock), daemon=True).start()
                pump(peer.sock, other)
            return None
        parts = urllib.parse.urlsplit(seen.target)
        with socket.create_connection((parts.hostname, parts.port), SECONDS) as other:
            lines = [f"{seen.method} {parts.path or '/'} HTTP/1.1",
                     *(f"{key}: {value}" for key, value in seen.headers), "Connection: close"]
            other.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + seen.body)
            other.shutdown(socket.SHUT_WR)
            pump(other, peer.sock)
        return None


def pump(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


class Mute(Listener):
    """Accepts, and says nothing."""

    def talk(self, peer):
        peer.wait_for_end()


class Blunt(Listener):
    """Answers before anybody has asked, and in plain text."""

    def talk(self, peer):
        peer.answer(400, "what?")
        peer.wait_for_end()


# ---- certificates --------------------------------------------------------------------------------

def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, timeout=60)


class Authority:
    """A private authority in a directory, and certificates by it."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.ca, self.key = self.directory / "ca.crt", self.directory / "ca.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", self.key, "-out", self.ca, "-subj", "/CN=a private authority",
                "-days", "30", "-addext", "basicConstraints=critical,CA:TRUE",
                "-addext", "keyUsage=critical,keyCertSign")

    def certify(self, name, alternatives, days=30):
        """The files of a certificate and its key; `days` below 0: it has ended."""
        certificate, key = self.directory / f"{name}.crt", self.directory / f"{name}.key"
        request, words = self.directory / f"{name}.csr", self.directory / f"{name}.ext"
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                key, "-out", request, "-subj", f"/CN={name}")
        words.write_text(f"subjectAltName={alternatives}\n")
        openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.key, "-days", days,
                "-CAcreateserial", "-extfile", words, "-out", certificate)
        return certificate, key


def server_context(certificate, key, client_ca=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if client_ca:
        context.load_verify_locations(client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
