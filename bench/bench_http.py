#!/usr/bin/env python3
"""Requests per second of a node over 64 connections, beside an application that does nothing, on
the same server and with an answer of the same size.

Usage: bench_http.py [--quick]
"""
import argparse
import contextlib
import subprocess

from figures import emit
from node import Node, program

CONNECTIONS = 64
MANIFEST = """
name: held
command: "true"
queue: held
"""


@contextlib.contextmanager
def constant_server(body):
    """The port of a server that answers `body` to everything."""
    process = subprocess.Popen([program("bench_http"), "echo"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    try:
        process.stdin.write(body)
        process.stdin.close()
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def request_text(node, method, path, body=""):
    return (f"{method} {path} HTTP/1.1\r\nHost: {node.address}\r\n"
            f"Authorization: Bearer {node.token}\r\nContent-Length: {len(body)}\r\n\r\n{body}")


def answers_per_second(port, text, seconds):
    done = subprocess.run(
        [program("bench_http"), "load", str(port), str(CONNECTIONS), str(seconds)],
        input=text, capture_output=True, text=True, check=True)
    return float(done.stdout)


def measure(node, text, body, options):
    port = int(node.address.rsplit(":", 1)[1])
    ours, theirs = [], []
    with constant_server(body) as constant:
        for _ in range(options.rounds):
            ours.append(answers_per_second(port, text, options.seconds))
            theirs.append(answers_per_second(constant, text, options.seconds))
    return ours, theirs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true", help="no larger than without")
    options = parser.parse_args()
    options.rounds, options.seconds = (1, 0.1) if options.quick else (7, 1.5)
    beside = "constant answer, same server"
    with Node() as node:
        node.apply(MANIFEST)
        assert node.request("POST", "/api/v1/queues/held/pause", {}).status == 200
        run = f"/api/v1/runs/{node.submit('held')}"
        body = node.request("GET", run).body
        ours, theirs = measure(node, request_text(node, "GET", run), body, options)
        emit("GET of a run, 64 connections", "/s", ours, beside, theirs, ["ratio", 0.5])
        submit = request_text(node, "POST", "/api/v1/jobs/held/runs", "{}")
        ours, theirs = measure(node, submit, body, options)
        emit("durable submit over HTTP, 64 connections", "/s", ours, beside, theirs)


if __name__ == "__main__":
    main()
