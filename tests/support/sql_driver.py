"""The SQL runner without a node, and a proxy that cuts connections at a COMMIT."""
import contextlib
import itertools
import json
import os
import pathlib
import queue
import random
import socket
import subprocess
import threading
import time

from node import program


class Driver:
    """One process of `run_sql`, which runs orders side by side. Use as a context manager."""

    def __init__(self, secrets="/nonexistent"):
        self.process = subprocess.Popen([program("run_sql"), str(secrets)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.numbers, self.waiting, self.lock = itertools.count(1), {}, threading.Lock()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(timeout=60)
        self.reader.join(timeout=60)
        self.process.stdout.close()

    def read(self):
        for line in self.process.stdout:
            answer = json.loads(line)
            with self.lock:
                box = self.waiting.pop(answer["id"], None)
            if box is not None:
                box.put(answer)
        with self.lock:
            for box in self.waiting.values():
                box.put(None)

    def write(self, document):
        with self.lock:
            self.process.stdin.write(json.dumps(document) + "\n")
            self.process.stdin.flush()

    def start(self, connection, sql, **rest):
        """An order on its way; finish() waits for it."""
        number, box = next(self.numbers), queue.Queue()
        with self.lock:
            self.waiting[number] = box
        self.write({"id": number, "connection": connection,
                    "sql": {"connection": connection["name"], **sql}, **rest})
        return number, box

    def finish(self, started, seconds=60):
        answer = started[1].get(timeout=seconds)
        if answer is None:
            raise RuntimeError(f"run_sql ended: {self.process.wait()}")
        if "log" in answer:
            answer["text"] = "".join(text for _, text in answer["log"])
        return answer

    def run(self, connection, sql, **rest):
        return self.finish(self.start(connection, sql, **rest))

    def stop(self, started, how="ask"):
        self.write({"stop": started[0], "how": how})

    def peak_memory(self):
        """Bytes that it has had in memory at most."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024


class Proxy:
    """Stands between a client and a server on the loopback. What becomes of each COMMIT is drawn:
    it passes, or the connection is cut before the server has it, at once after it was passed on, or
    when the server has answered and nobody has heard the answer."""

    WAYS = ["pass", "before", "blind", "answered", "answered"]

    def __init__(self, port, seed):
        self.port, self.random = port, random.Random(seed)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.cuts = dict.fromkeys(self.WAYS, 0)
        self.ways = self.WAYS
        self.on_answer = lambda: None  # when the server has answered and nobody has heard
        threading.Thread(target=self.accept, daemon=True).start()

    def address(self):
        return self.listener.getsockname()[1]

    def crashes(self):
        return sum(count for way, count in self.cuts.items() if way != "pass")

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def close(self):
        self.listener.close()

    def serve(self, client):
        with client, contextlib.suppress(OSError):
            with socket.create_connection(("127.0.0.1", self.port)) as server:
                for end in (client, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.pump(client, server)

    def pump(self, client, server):
        """One at a time, as these protocols speak: whoever has something to say."""
        import select
        while True:
            for end in select.select([client, server], [], [])[0]:
                data = end.recv(65536)
                if not data:
                    return
                if end is server:
                    client.sendall(data)
                elif b"COMMIT" not in data:
                    server.sendall(data)
                elif not self.commit(data, client, server):
                    return

    def commit(self, data, client, server):
        way = self.random.choice(self.ways)
        self.cuts[way] += 1
        if way != "before":
            server.sendall(data)
        if way == "answered":
            server.recv(65536)
            self.on_answer()
        return way == "pass"


def wait_until(happened, seconds=30):
    """Asks another program again and again: there is nothing to wait on."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise AssertionError("it did not happen in time")
        time.sleep(0.05)
