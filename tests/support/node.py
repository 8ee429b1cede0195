"""A real node for whole-program tests: started, asked, killed, started again."""
import contextlib
import http.client
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_SECONDS = 30  # a sanitizer build on a busy machine


def program(name):
    """A built program: beside the tests' own build, which ctest names in the environment."""
    build = pathlib.Path(os.environ.get("MAINSPRING_BUILD", ROOT / "build" / "debug"))
    path = build / "bin" / name
    if not path.exists():
        sys.exit(f"{path} is not built; run ./dev build")
    return str(path)


def kind_of_build():
    """release, debug or sanitizer: how fast these programs are, and how much memory they take."""
    preset = pathlib.Path(program("mainspring")).parents[1].name
    if preset in ("asan", "tsan"):
        return "sanitizer"
    return "release" if preset == "release" else "debug"


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


def make_store():
    """The flags of a node's store: none for SQLite, which is what a test gets that does not run
    under postgres.py; else a database of its own."""
    server = os.environ.get("MAINSPRING_TEST_POSTGRES")
    if server is None:
        return []
    name = f"node_{os.getpid()}_{next(numbers)}"
    subprocess.run(["psql", "-X", "-q", "-c", f"CREATE DATABASE {name}", server], check=True)
    return ["--store", f"{server.rsplit('/', 1)[0]}/{name}"]


numbers = itertools.count(1)


class Node:
    """One data directory and the process that serves it. Use as a context manager."""

    def __init__(self, *flags, command="serve"):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="mainspring-test-"))
        self.data = self.directory / "data"
        self.store, self.flags, self.command = make_store(), flags, command
        self.process = None
        self.address = None
        self.listen = "127.0.0.1:0"
        self.scheme = "http"
        self.ca = None  # the file of the authority to trust, where the node speaks TLS

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *unused):
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def environment(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("MAINSPRING_")}
        return {**kept, "XDG_STATE_HOME": str(self.directory / "state"), "NO_COLOR": "1"}

    def start(self):
        self.log = open(self.directory / "node.log", "ab")
        self.process = subprocess.Popen(
            [program("mainspring"), self.command, "--data-dir", self.data, "--listen", self.listen,
             *self.store, *self.flags],
            stdout=subprocess.PIPE, stderr=self.log, env=self.environment())
        for line in self.process.stdout:
            found = re.search(r"running at (https?)://(\S+)", line.decode())
            if found:
                self.scheme, self.address = found.groups()
                break
        else:
            raise RuntimeError(f"the node did not start:\n{self.log_text()}")
        self.token = (self.data / "admin-token").read_text().strip()

    def log_text(self):
        return (self.directory / "node.log").read_text(errors="replace")[-4000:]

    def log_lines(self):
        """Every whole line that a node with `--log-format json` has logged."""
        lines = (self.directory / "node.log").read_text(errors="replace").split("\n")[:-1]
        return [json.loads(line) for line in lines if line.startswith("{")]

    def kill(self, number=signal.SIGKILL):
        if self.process is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.log.close()
        self.process = None
        return code

    def stop(self):
        return self.kill(signal.SIGTERM)

    def connect(self, timeout=60):
        if self.scheme == "http":
            return http.client.HTTPConnection(self.address, timeout=timeout)
        return http.client.HTTPSConnection(self.address, timeout=timeout,
                                           context=ssl.create_default_context(cafile=self.ca))

    def request(self, method, path, body=None, headers=None, timeout=60):
        connection = self.connect(timeout)
        try:
            all_headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
            all_headers = {name: value for name, value in all_headers.items() if value is not None}
            if body is not None and not isinstance(body, (bytes, str)):
                body = json.dumps(body)
                all_headers.setdefault("Content-Type", "application/json")
            connection.request(method, path, body, all_headers)
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def apply(self, manifest):
        reply = self.request("POST", "/api/v1/manifests/apply", manifest,
                             {"Content-Type": "application/yaml"})
        assert reply.status == 200, reply.body
        return reply.json()["items"]

    def submit(self, job, **body):
        reply = self.request("POST", f"/api/v1/jobs/{job}/runs", body)
        assert reply.status == 202, reply.body
        return reply.json()["id"]

    def wait(self, run, seconds=60):
        """The run once it has ended, by long polls: no sleeping."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            reply = self.request("GET", f"/api/v1/runs/{run}", headers={"Prefer": "wait=10"})
            assert reply.status == 200, reply.body
            found = reply.json()
            if found["state"] in ("succeeded", "failed", "cancelled", "timed_out", "skipped"):
                return found
        raise AssertionError(f"{run} did not end within {seconds} s: {found}")

    def log_of(self, run):
        return self.request("GET", f"/api/v1/runs/{run}/log/download").body

    def jobctl(self, *words, stdin=None):
        return subprocess.run(
            [program("jobctl"), *words], input=stdin, capture_output=True, text=True, timeout=120,
            env={**self.environment(), "MAINSPRING_SERVER": f"{self.scheme}://{self.address}",
                 **({"MAINSPRING_CA": str(self.ca)} if self.ca else {}),
                 "MAINSPRING_TOKEN_FILE": str(self.data / "admin-token")})
