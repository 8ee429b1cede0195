#!/usr/bin/env python3
"""What each type of job costs to start: runs that do nothing, one after another on a real node,
beside the barest way to do the same from a loop.

Usage: bench_runners.py [--quick]. What is not installed is left out, and said so.
"""
import argparse
import contextlib
import datetime
import functools
import http.server
import pathlib
import shutil
import subprocess
import sys
import threading
import time

from figures import emit, percentile
from node import Node, program
from servers import Missing, Postgres, run_with_servers

MANIFEST = """
name: command
command: [/bin/true]
queue: held
---
name: boxed
command: [/bin/true]
sandbox: {{filesystem: private, network: none, syscalls: default}}
queue: held
---
name: python
python: {{code: "def run(ctx): pass"}}
queue: held
---
name: node
node: {{code: "export function run() {{}}"}}
queue: held
---
name: http
http: {{url: "{web}"}}
queue: held
---
kind: connection
name: file
type: sqlite
path: {file}
---
name: sqlite
sql: {{connection: file, statement: SELECT 1}}
queue: held
"""
# Each says when it began, and whether its process was there before its run.
STARTS = """
name: {warmth}-python
python:
  code: |
    import os, time
    WAITED = "MAINSPRING_RUN_ID" not in os.environ
    def run(ctx): return [time.time_ns() / 1e6, WAITED]
  warm: {count}
---
name: {warmth}-node
node:
  code: |
    const waited = !('MAINSPRING_RUN_ID' in process.env)
    const clock = () => performance.timeOrigin + performance.now()
    clock()  // the first call loads what measures, which takes 2 ms
    export const run = () => [clock(), waited]
  warm: {count}
"""
POSTGRES = """
kind: connection
name: server
type: postgres
host: {directory}
user: bench
database: runners
---
name: postgres
sql: {{connection: server, statement: SELECT 1}}
queue: held
"""


class Quiet(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *unused):
        """Nobody reads it."""


@contextlib.contextmanager
def web_server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()


def milliseconds_per_run(node, job, count):
    """They are added while their queue is held; the node has one slot."""
    assert node.request("POST", "/api/v1/queues/held/pause", {}).status == 200
    runs = [node.submit(job) for _ in range(count)]
    began = time.monotonic()
    assert node.request("POST", "/api/v1/queues/held/resume", {}).status == 200
    last = node.wait(runs[-1], 600)
    took = time.monotonic() - began
    assert last["state"] == "succeeded", last
    return took * 1000 / count


def milliseconds_per_spawn(words, count):
    done = subprocess.run([program("bench_spawn"), str(count), "1", *words], capture_output=True,
                          text=True, check=True)
    return 1000 / float(done.stdout)


def measure(node, job, words, size):
    if shutil.which(words[0]) is None:
        print(f"bench: left out: {words[0]} is not installed", file=sys.stderr)
        return
    rounds, count = size
    ours, theirs = [], []
    milliseconds_per_run(node, job, 1)
    for _ in range(rounds):
        ours.append(milliseconds_per_run(node, job, count))
        theirs.append(milliseconds_per_spawn(words, count))
    shown = " ".join([pathlib.Path(words[0]).name, *words[1:2]])
    emit(f"a run of type {job}", "ms", ours, f"spawn `{shown}`", theirs)


def start_milliseconds(node, job):
    """From when the attempt was given to a slot, to the first instruction of its code. That
    instant is cut to whole milliseconds: the figure is half of one too large."""
    run = node.wait(node.submit(job))
    began, waited = run["outcome"]["result"][:2]
    given = datetime.datetime.fromisoformat(run["started_at"].replace("Z", "+00:00"))
    return began - given.timestamp() * 1000, waited


def median_start(node, job, is_warm, count):
    """Of runs one at a time, each when a process waits again; others do not count."""
    took = []
    deadline = time.monotonic() + 300
    while len(took) < count and time.monotonic() < deadline:
        milliseconds, waited = start_milliseconds(node, job)
        if waited == is_warm:
            took.append(milliseconds)
        time.sleep(0.3)
    return percentile(took, 0.5)


def measure_starts(node, language, size):
    if shutil.which({"python": "python3"}.get(language, language)) is None:
        return
    rounds, count = size
    warm, cold = [], []
    for _ in range(rounds):
        warm.append(median_start(node, f"warm-{language}", True, count))
        cold.append(median_start(node, f"cold-{language}", False, count))
    emit(f"start of a warm {language} run, p50", "ms", warm, "a cold one", cold, ["at_most", 5])


def measure_postgres(node, size):
    with Postgres() as server:
        address = server.create_database("runners")
        node.apply(POSTGRES.format(directory=server.directory))
        measure(node, "postgres", ["psql", "-X", "-q", "-c", "SELECT 1", address], size)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true", help="no larger than without")
    size = (1, 3) if parser.parse_args().quick else (5, 50)
    with web_server() as web, Node("--slots", "1") as node:
        file = node.directory / "file.db"
        subprocess.run(["sqlite3", file, "CREATE TABLE t(x)"], check=True)
        node.apply(MANIFEST.format(web=web, file=file))
        compare = functools.partial(measure, node, size=size)
        compare("command", ["/bin/true"])
        compare("boxed", ["/bin/true"])
        compare("python", ["python3", "-c", "pass"])
        compare("node", ["node", "-e", "0"])
        node.apply("---".join(STARTS.format(warmth=warmth, count=count)
                              for warmth, count in (("warm", 2), ("cold", 0))))
        for language in ("python", "node"):
            measure_starts(node, language, (1, 2) if size[0] == 1 else (3, 20))
        compare("http", ["curl", "-s", web])
        compare("sqlite", ["sqlite3", str(file), "SELECT 1"])
        try:
            measure_postgres(node, size)
        except Missing as missing:
            print(f"bench: left out, {missing}", file=sys.stderr)


if __name__ == "__main__":
    run_with_servers(main)
