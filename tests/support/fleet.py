"""Remote workers for whole-program tests: joined, killed, frozen, cut off."""
import contextlib
import pathlib
import re
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import threading

from node import program


class RemoteWorker:
    """One data directory and the process that works from it. Use as a context manager."""

    def __init__(self, node, *flags, server=None, token=None, labels="site=far", slots=4):
        self.node, self.flags, self.token, self.slots = node, flags, token, slots
        self.server = server or f"http://{node.address}"
        self.labels = labels
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="mainspring-worker-"))
        self.data = self.directory / "data"
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *unused):
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def spawn(self, *more):
        if self.process is not None:
            self.kill()
        has_joined = (self.data / "identity").exists()
        token = self.token or ("not needed" if has_joined else make_join_token(self.node))
        token_file = self.directory / "join-token"
        token_file.write_text(token + "\n")
        self.log = open(self.directory / "worker.log", "ab")
        self.process = subprocess.Popen(
            [program("mainspring"), "worker", "--join", self.server, "--token-file", token_file,
             "--data-dir", self.data, "--slots", str(self.slots), "--labels", self.labels,
             *self.flags, *more],
            stdout=subprocess.PIPE, stderr=self.log, env=self.node.environment())

    def start(self, *more):
        self.spawn(*more)
        for line in self.process.stdout:
            found = re.search(rb"works for .* as .* \((wrk_[0-9a-f]+)\)", line)
            if found:
                self.id = found[1].decode()
                return
        raise RuntimeError(f"the worker did not start:\n{self.log_text()}")

    def log_text(self):
        return (self.directory / "worker.log").read_text(errors="replace")[-6000:]

    def kill(self, number=signal.SIGKILL):
        if self.process is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
            self.process.send_signal(signal.SIGCONT)
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.log.close()
        self.process = None
        return code

    def stop(self):
        return self.kill(signal.SIGTERM)

    def credential(self):
        found = re.search(r'"credential": *"([^"]+)"', (self.data / "identity").read_text())
        return found[1]


def make_join_token(node, **body):
    reply = node.request("POST", "/api/v1/join-tokens", body)
    assert reply.status == 201, reply.body
    return reply.json()["token"]


def find_worker(node, worker_id):
    items = node.request("GET", "/api/v1/workers").json()["items"]
    return next((item for item in items if item["id"] == worker_id), None)


class Proxy:
    """A TCP proxy in a thread that may cut its connections: the network between two machines."""

    def __init__(self, target, host="127.0.0.1"):
        name, port = target.rsplit(":", 1)
        self.target = (name, int(port))
        self.listener = socket.create_server((host, 0))
        self.address = "%s:%d" % self.listener.getsockname()
        self.mode = "open"  # cut: refuses and resets; hole: takes everything and says nothing
        self.selector = selectors.DefaultSelector()
        self.pairs = {}
        self.waker, self.woken = socket.socketpair()
        self.done = False
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.selector.register(self.woken, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.done = True
        self.set("cut")
        self.thread.join()
        for each in (self.listener, self.waker, self.woken):
            each.close()

    def set(self, mode):
        self.mode = mode
        self.waker.send(b"x")

    def drop(self, side):
        other = self.pairs.pop(side, None)
        for each in (side, other):
            if each is None:
                continue
            self.pairs.pop(each, None)
            with contextlib.suppress(KeyError, ValueError):
                self.selector.unregister(each)
            each.close()

    def accept(self):
        near, _ = self.listener.accept()
        if self.mode == "cut":
            near.close()
            return
        try:
            far = socket.create_connection(self.target, timeout=5)
        except OSError:
            near.close()
            return
        self.pairs[near], self.pairs[far] = far, near
        for side in (near, far):
            self.selector.register(side, selectors.EVENT_READ)

    def forward(self, side):
        try:
            data = side.recv(65536)
            if data:
                self.pairs[side].sendall(data)
                return
        except OSError:
            pass
        self.drop(side)

    def obey(self):
        """In a hole nothing is read: what was sent waits, and comes when the hole is closed."""
        for side in [self.listener, *self.pairs]:
            with contextlib.suppress(KeyError, ValueError):
                self.selector.unregister(side)
        if self.mode == "cut":
            for side in list(self.pairs):
                self.drop(side)
        if self.mode != "hole":
            for side in [self.listener, *self.pairs]:
                self.selector.register(side, selectors.EVENT_READ)

    def run(self):
        while not self.done:
            for key, _ in self.selector.select():
                if key.fileobj is self.woken:
                    self.woken.recv(4096)
                    self.obey()
                    break
                if key.fileobj is self.listener:
                    self.accept()
                elif key.fileobj in self.pairs:
                    self.forward(key.fileobj)
