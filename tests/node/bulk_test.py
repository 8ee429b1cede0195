#!/usr/bin/env python3
"""A bulk cancel of many queued runs: how long it takes, and how long a submit waits meanwhile.

Usage: bulk_test.py [--runs N]. The product's bars are 10 s for 100,000 runs and 250 ms for the
worst submit, of a release build on an idle machine. Tests share the machine, so a release build is
given twice that. Other builds are slower by far: there fewer runs and several times the bars stand
guard against what would be wrong by orders of magnitude. Both figures are printed in any case.
"""
import argparse
import http.client
import json
import pathlib
import socket
import statistics
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node, kind_of_build  # noqa: E402

BAR_SECONDS, BAR_RUNS, BAR_SUBMIT = 10.0, 100_000, 0.250
SCALES = {"release": (100_000, 2), "debug": (10_000, 20), "sanitizer": (2_400, 60)}  # runs, factor
CONNECTIONS, BATCH = 16, 50
MANIFEST = """
name: blocker
command: exec sleep 3600
priority: 100
timeout: {grace: 1s}
---
name: many
command: "true"
---
name: other
command: "true"
"""


class Submitter(threading.Thread):
    """Submits one run after the other, and remembers how long each answer took."""

    def __init__(self, node):
        super().__init__(daemon=True)
        self.node, self.seconds, self.wrong = node, [], []
        self.done = threading.Event()

    def run(self):
        connection = http.client.HTTPConnection(self.node.address, timeout=60)
        headers = {"Authorization": f"Bearer {self.node.token}"}
        while not self.done.is_set():
            began = time.monotonic()
            connection.request("POST", "/api/v1/jobs/other/runs", "{}", headers)
            reply = connection.getresponse()
            body = reply.read()
            self.seconds.append(time.monotonic() - began)
            if reply.status != 202:
                self.wrong.append((reply.status, body))


def read_answer(stream):
    """http.client closes a stream after its first answer; this one is shared by many."""
    status = int(stream.readline().split()[1])
    headers = dict(line.lower().split(b": ", 1) for line in iter(stream.readline, b"\r\n"))
    return status, stream.read(int(headers[b"content-length"]))


def submit_batches(node, batches):
    """Pipelined requests on one connection: BATCH at a time, then their answers."""
    host, port = node.address.split(":")
    request = (f"POST /api/v1/jobs/many/runs HTTP/1.1\r\nHost: {host}\r\n"
               f"Authorization: Bearer {node.token}\r\nContent-Length: 2\r\n\r\n{{}}").encode()
    with socket.create_connection((host, int(port))) as connection:
        stream = connection.makefile("rb")
        for _ in range(batches):
            connection.sendall(request * BATCH)
            for _ in range(BATCH):
                status, body = read_answer(stream)
                assert status == 202, body


def fill(node, runs):
    batches = max(1, runs // (CONNECTIONS * BATCH))
    threads = [threading.Thread(target=submit_batches, args=(node, batches))
               for _ in range(CONNECTIONS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = batches * CONNECTIONS * BATCH
    print(f"{total} runs submitted in {time.monotonic() - began:.1f} s", flush=True)
    return total


def cancel_all(node):
    began = time.monotonic()
    reply = node.request("POST", "/api/v1/operations",
                         {"kind": "cancel_runs", "selection": {"job": "many"}})
    assert reply.status == 202, reply.body
    operation = reply.json()
    while operation["state"] == "running":
        operation = node.request("GET", f"/api/v1/operations/{operation['id']}",
                                 headers={"Prefer": "wait=50"}).json()
    return time.monotonic() - began, operation


def measure(node, runs):
    node.apply(MANIFEST)
    node.submit("blocker")
    total = fill(node, runs)
    submitter = Submitter(node)
    submitter.start()
    seconds, operation = cancel_all(node)
    submitter.done.set()
    submitter.join()
    worst = max(submitter.seconds)
    median = statistics.median(submitter.seconds)
    print(f"bulk cancel of {total} queued runs: {seconds:.2f} s ({total / seconds:.0f} a second)")
    print(f"{len(submitter.seconds)} submits meanwhile: worst {worst * 1000:.0f} ms, "
          f"median {median * 1000:.1f} ms")
    return total, seconds, worst, operation, submitter.wrong


def main():
    runs, factor = SCALES[kind_of_build()]
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=runs)
    options = parser.parse_args()
    with Node("--slots", "1") as node:
        total, seconds, worst, operation, wrong = measure(node, options.runs)
    failures = []
    if wrong:
        failures.append(f"unexpected answer {wrong[0]}")
    if (operation["state"], operation["done"]) != ("completed", total):
        failures.append(json.dumps(operation))
    if seconds > factor * BAR_SECONDS * max(total / BAR_RUNS, 0.1):
        failures.append(f"the cancel took {seconds:.1f} s")
    if worst > factor * BAR_SUBMIT:
        failures.append(f"a submit took {worst:.3f} s")
    for failure in failures:
        print(failure)
    print(f"{0 if failures else 1} passed, {1 if failures else 0} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
