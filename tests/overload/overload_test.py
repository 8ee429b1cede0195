#!/usr/bin/env python3
"""More than a node can serve: what it refuses, what it costs, and what others feel meanwhile.

Usage: overload_test.py [--full] [--subscribers N] [--runs N]

One node lives through every scenario; a schedule fires each second and one client asks a question
every 20 ms all along. The bars are of a release build on an idle machine. The short form, which
shares its machine with other tests, gets FACTOR times the time; sanitizers are slower still, and
take several times the memory.
"""
import argparse
import concurrent.futures
import pathlib
import resource
import selectors
import socket
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]
from meter import Meter, lateness, problem, quantile  # noqa: E402
from node import Node, kind_of_build  # noqa: E402

BAR_LATENCY, BAR_LATENESS = 0.100, 0.250  # p99, seconds
BAR_MEMORY = 768  # MiB, of the whole process in every scenario
FACTOR, SANITIZER_FACTOR, SANITIZER_MEMORY = 30, 100, 10
LARGE, CHUNK = 8 << 20, 1 << 20
MANIFEST = """
name: beat
command: "true"
schedule: {{every: 1s, overlap: allow}}
priority: 100
---
name: many
command: "true"
queue: held
---
name: scarce
command: "true"
queue: narrow
---
name: flood
command: head -c {flood} /dev/zero | tr '\\0' x | fold -w 99
"""


class Sizes:
    def __init__(self, options):
        is_full = options.full
        self.idle = 2_000 if is_full else 300
        self.subscribers = options.subscribers or (10_000 if is_full else 300)
        self.runs = options.runs or (100_000 if is_full else 5_000)
        self.flood = 1_000_000_000 if is_full else 50_000_000
        self.slow = 200 if is_full else 40
        # Streams may take seven eighths of the connections.
        self.connections = max(self.idle, self.subscribers * 8 // 7) + 500
        self.waits_for_bodies = is_full  # half a minute
        if kind_of_build() == "sanitizer":
            self.runs, self.flood = 1_000, 5_000_000


class Overload:
    def __init__(self, node, sizes):
        self.node, self.sizes = node, sizes
        host, port = node.address.split(":")
        self.address = host, int(port)
        self.authority = f"Authorization: Bearer {node.token}\r\n"
        self.failures = []

    def expect(self, holds, words):
        if not holds:
            print(f"  FAILED: {words}", flush=True)
            self.failures.append(words)

    def connect(self):
        connection = socket.create_connection(self.address, timeout=60)
        return connection

    def request(self, head, body=b""):
        """The bytes of the answer to one request on a connection of its own."""
        with self.connect() as connection:
            try:
                connection.sendall(head.encode() + body)
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before all of it was sent: the answer is there all the same
            return read_to_end(connection)

    # --- connections

    def idle_connections(self):
        """More than are accepted: the last are told so, the others stay."""
        limit = self.sizes.connections
        opened = [self.connect() for _ in range(self.sizes.idle)]
        for connection in opened[::2]:
            connection.sendall(b"GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n")
        busy = sum(connection.recv(4096).startswith(b"HTTP/1.1 200") for connection in opened[::2])
        self.expect(busy == len(opened[::2]), f"only {busy} of the connections were served")
        opened += [self.connect() for _ in range(limit - len(opened))]
        refused = problem(read_to_end(opened[-1]))
        self.expect(refused == (503, "unavailable"), f"one over the limit got {refused}")
        for connection in opened:
            connection.close()

    def slow_writers(self):
        """Headers that never end are cut; so, later, are bodies."""
        opened = [self.connect() for _ in range(self.sizes.slow)]
        bodies = [self.connect() for _ in range(self.sizes.slow if self.sizes.waits_for_bodies
                                                else 0)]
        began = time.monotonic()
        for connection in bodies:
            connection.sendall(f"POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\n{self.authority}"
                               "Content-Length: 100000\r\n\r\n{".encode())
        for connection in opened:
            connection.sendall(b"GET /version HTTP/1.1\r\nHost: local")
        while time.monotonic() - began < 8:
            for connection in opened:
                connection.sendall(b"x")
            time.sleep(0.5)
        answers = {problem(read_to_end(connection)) for connection in opened}
        seconds = time.monotonic() - began
        print(f"  {len(opened)} slow headers were cut after {seconds:.1f} s")
        self.expect(answers == {(408, "timed_out")}, f"slow headers got {answers}")
        self.expect(seconds < 10 * 3, f"slow headers held on for {seconds:.1f} s")
        while time.monotonic() - began < 28 and bodies:
            for connection in bodies:
                connection.sendall(b" ")
            time.sleep(0.5)
        answers = {problem(read_to_end(connection)) for connection in bodies}
        self.expect(answers <= {(408, "timed_out")}, f"slow bodies got {answers}")
        for connection in opened + bodies:
            connection.close()

    # --- what is too large

    def large_bodies(self):
        """Announced or not, 100 MB are refused early; and a crowd of bodies has a bound."""
        post = f"POST /api/v1/manifests/apply HTTP/1.1\r\nHost: localhost\r\n{self.authority}"
        announced = self.request(f"{post}Content-Length: 100000000\r\n\r\n")
        self.expect(problem(announced) == (413, "too_large"), f"announced: {announced[:80]}")
        piece = b"100000\r\n" + b"x" * CHUNK + b"\r\n"
        chunked = self.request(f"{post}Transfer-Encoding: chunked\r\n\r\n", piece * 100)
        self.expect(problem(chunked) == (413, "too_large"), f"chunked: {chunked[:80]}")
        strangers = [self.connect() for _ in range(60)]
        head = f"POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LARGE}\r\n\r\n"
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda each: send_most(each, head.encode(), LARGE - 1), strangers))
        shed = [each for each in strangers if is_answered(each)]
        self.expect(20 <= len(shed) <= 40, f"{len(shed)} of 60 large bodies were refused")
        found = {problem(read_to_end(each)) for each in shed}
        self.expect(found <= {(503, "unavailable")}, f"bodies over the bound got {found}")
        small = self.node.request("POST", "/api/v1/queues/other/pause", {})
        self.expect(small.status == 200, f"a small body among large ones got {small.status}")
        for connection in strangers:
            connection.close()

    def header_floods(self):
        line = "GET /version HTTP/1.1\r\nHost: localhost\r\n"
        many = "".join(f"X-{i}: y\r\n" for i in range(300))
        for name, head, status in (("many headers", f"{line}{many}\r\n", 431),
                                   ("a long header", f"{line}X: {'y' * 40_000}\r\n\r\n", 431),
                                   ("a long path", f"GET /{'y' * 40_000} HTTP/1.1\r\n\r\n", 414)):
            for found in {problem(self.request(head))[0] for _ in range(self.sizes.slow)}:
                self.expect(found == status, f"{name} got {found}")

    # --- what is accepted

    def queue_storm(self):
        """Every run that was accepted waits in its queue; a full queue says when to come again."""
        self.node.request("POST", "/api/v1/queues/held/pause", {})
        subscribers = Subscribers(self)
        began = time.monotonic()
        accepted = submit_many(self, self.sizes.runs)
        seconds = time.monotonic() - began
        waiting = self.node.request("GET", "/api/v1/queues/held").json()["waiting"]
        print(f"  {accepted} runs accepted in {seconds:.1f} s, {waiting} wait")
        self.expect(accepted == self.sizes.runs, f"only {accepted} runs were accepted")
        self.expect(waiting == accepted, f"{waiting} of {accepted} accepted runs wait")
        subscribers.check()
        self.node.request("PUT", "/api/v1/queues/narrow", {"depth": 5})
        self.node.request("POST", "/api/v1/queues/narrow/pause", {})
        replies = [self.node.request("POST", "/api/v1/jobs/scarce/runs", {}) for _ in range(9)]
        self.expect([reply.status for reply in replies] == [202] * 5 + [429] * 4, "a full queue")
        self.expect(replies[-1].headers["Retry-After"] is not None, "429 without Retry-After")

    def log_flood(self):
        """The log is whole or says where it was cut; readers that do not read cost little."""
        run = self.node.submit("flood")
        ended = self.node.wait(run, 600)
        self.expect(ended["state"] == "succeeded", f"the flood ended {ended['state']}")
        slow = [self.connect() for _ in range(self.sizes.slow)]
        for connection in slow:
            connection.sendall(f"GET /api/v1/runs/{run}/log/download HTTP/1.1\r\n"
                               f"Host: localhost\r\n{self.authority}\r\n".encode())
        log = self.node.log_of(run)
        whole = self.sizes.flood + -(-self.sizes.flood // 99) - 1
        print(f"  {whole / 1e6:.0f} MB of output, {len(log) / 1e6:.0f} MB of log")
        if whole < 64 << 20:
            self.expect(len(log) in (whole, whole + 1), f"the log has {len(log)} bytes of {whole}")
        else:
            self.expect(len(log) < 66 << 20, f"the log has {len(log)} bytes")
            self.expect(b"log" in log[-300:], f"the log ends {log[-100:]}")
        for connection in slow:
            connection.close()


class Subscribers:
    """Live streams, of which every other one is never read."""

    def __init__(self, overload):
        self.overload = overload
        ask = (f"GET /api/v1/stream?topics=runs HTTP/1.1\r\nHost: localhost\r\n"
               f"{overload.authority}\r\n").encode()
        self.all = []
        for _ in range(overload.sizes.subscribers):
            self.all.append(overload.connect())
            self.all[-1].sendall(ask)
        self.readers = self.all[::2]
        self.received = {connection: bytearray() for connection in self.readers}
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        selector = selectors.DefaultSelector()
        for connection in self.readers:
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ)
        while not self.done.is_set():
            for key, _ in selector.select(0.1):
                kept = self.received[key.fileobj]
                try:
                    kept += key.fileobj.recv(1 << 18)
                except ConnectionError:
                    selector.unregister(key.fileobj)
                if len(kept) > 1 << 16:  # what matters stands at the end, and the word resync
                    was_behind = b"event: resync" in kept
                    del kept[:-4096]
                    kept[:0] = b"event: resync" if was_behind else b""

    def check(self):
        """Each reader has heard of the last run, or was told that it missed something."""
        last = self.overload.node.request("GET", "/api/v1/runs?job=many&limit=1").json()["items"][0]
        deadline = time.monotonic() + 60
        missing = self.readers
        while missing and time.monotonic() < deadline:
            time.sleep(0.2)
            missing = [each for each in missing
                       if last["id"].encode() not in bytes(self.received[each])
                       and b"event: resync" not in bytes(self.received[each])]
        behind = sum(b"event: resync" in bytes(kept) for kept in self.received.values())
        print(f"  {len(self.readers)} of {len(self.all)} streams are read; {behind} of these were "
              "told to read afresh")
        self.overload.expect(not missing, f"{len(missing)} streams were told nothing")
        self.done.set()
        self.thread.join()
        for connection in self.all:
            connection.close()


def read_to_end(connection):
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except (ConnectionResetError, TimeoutError):
        pass
    return received


def send_most(connection, head, size):
    try:
        connection.sendall(head)
        for _ in range(size // CHUNK):
            connection.sendall(b" " * CHUNK)
        connection.sendall(b" " * (size % CHUNK))
    except (BrokenPipeError, ConnectionResetError):
        pass


def is_answered(connection):
    connection.settimeout(0.01)
    try:
        return bool(connection.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True
    finally:
        connection.settimeout(60)


def submit_many(overload, count):
    """How many of these submissions were answered with 202; pipelined on several connections."""
    batch, lanes = 50, 10
    request = (f"POST /api/v1/jobs/many/runs HTTP/1.1\r\nHost: localhost\r\n{overload.authority}"
               "Content-Length: 2\r\n\r\n{}").encode()

    def lane(_):
        accepted = 0
        with overload.connect() as connection:
            stream = connection.makefile("rb")
            for _ in range(count // lanes // batch):
                connection.sendall(request * batch)
                for _ in range(batch):
                    status = int(stream.readline().split()[1])
                    headers = dict(line.lower().split(b": ", 1)
                                   for line in iter(stream.readline, b"\r\n"))
                    stream.read(int(headers[b"content-length"]))
                    accepted += status == 202
        return accepted

    with concurrent.futures.ThreadPoolExecutor(lanes) as pool:
        return sum(pool.map(lane, range(lanes)))


def live(node, sizes, factor):
    bar_memory = BAR_MEMORY * (SANITIZER_MEMORY if kind_of_build() == "sanitizer" else 1)
    overload = Overload(node, sizes)
    node.apply(MANIFEST.format(flood=sizes.flood))
    meter = Meter(node)
    time.sleep(1)
    print(f"at rest: {meter.start_over()[0]:.0f} MiB", flush=True)
    phases = []
    for scenario in (overload.idle_connections, overload.slow_writers, overload.large_bodies,
                     overload.header_floods, overload.queue_storm, overload.log_flood):
        began = time.time()
        scenario()
        peak, p99 = meter.start_over()
        phases.append((scenario.__name__.replace("_", " "), began, time.time()))
        print(f"{phases[-1][0]}: {time.time() - began:.1f} s, "
              f"peak {peak:.0f} MiB, others' p99 {p99 * 1000:.0f} ms", flush=True)
        overload.expect(peak < bar_memory, f"{scenario.__name__}: {peak:.0f} MiB")
        overload.expect(p99 < BAR_LATENCY * factor, f"{scenario.__name__}: p99 {p99:.3f} s")
    meter.stop()
    overload.expect(not meter.wrong, f"others got {meter.wrong[:3]}")
    fires = lateness(node, "beat")
    for name, began, ended in phases:
        late = [each for due, each in fires if began <= due < ended]
        print(f"{name}: {len(late)} fires, the latest by {max(late, default=0) * 1000:.0f} ms")
    late = [each for _, each in fires]
    p99 = quantile(late, 0.99)
    print(f"{len(late)} fires in all: p99 of lateness {p99 * 1000:.0f} ms, "
          f"worst {max(late) * 1000:.0f} ms")
    overload.expect(p99 < BAR_LATENESS * factor, f"fires were {p99:.3f} s late")
    return overload.failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--subscribers", type=int, default=0, help="live streams")
    parser.add_argument("--runs", type=int, default=0, help="queued at once; hundreds")
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    sizes = Sizes(options)
    kind = kind_of_build()
    factor = 1 if options.full and kind == "release" else FACTOR
    if kind == "sanitizer":
        factor = SANITIZER_FACTOR
    with Node("--connections", str(sizes.connections), "--slots", "8") as node:
        failures = live(node, sizes, factor)
    print(f"{0 if failures else 1} passed, {1 if failures else 0} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
