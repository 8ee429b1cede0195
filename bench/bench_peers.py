#!/usr/bin/env python3
"""Our engine beside schedulers that people use, all durable, on one machine in one run.

Usage: bench_peers.py [--quick]

Each round takes everybody in turn. A peer is driven by one client process and by two; the better
counts. When something is not installed it says so and exits with 77.
"""
import argparse
import contextlib
import pathlib
import statistics
import subprocess
import tempfile

from driven import (Driven, Peer, Time, adds, check_clients, client_version, graphile, in_turn,
                    lives, pgboss)
from figures import emit
from node import Node, program
from servers import Beanstalkd, Postgres, Redis, run_with_servers

CALLERS = 64
BATCH = 100
PROCESSES = 2  # of a peer's clients, at most
MANIFEST = """
name: held
command: "true"
queue: held
params: {order: {type: string}}
"""


class HttpAdds:
    """A node that takes runs over HTTP: the same adds, through all that stands in front."""

    def __init__(self, node):
        assert node.request("POST", "/api/v1/queues/held/pause", {}).status == 200
        body = '{"params": {"order": "' + "x" * 88 + '"}}'
        self.port = node.address.rsplit(":", 1)[1]
        self.text = (f"POST /api/v1/jobs/held/runs HTTP/1.1\r\nHost: {node.address}\r\n"
                     f"Authorization: Bearer {node.token}\r\n"
                     f"Content-Length: {len(body)}\r\n\r\n{body}")

    def rate(self, milliseconds):
        done = subprocess.run(
            [program("bench_http"), "load", self.port, str(CALLERS), str(milliseconds / 1000)],
            input=self.text, capture_output=True, text=True, check=True)
        return float(done.stdout)


@contextlib.contextmanager
def engine():
    with tempfile.TemporaryDirectory(prefix="mainspring-bench-") as directory, \
            Driven(program("bench_driven"), pathlib.Path(directory) / "store.db") as process:
        yield process


def open_peers(stack, servers):
    redis, postgres, beanstalkd = (stack.enter_context(server) for server in servers)
    found = [Peer(f"BullMQ {client_version('bullmq')}", "bullmq", redis.address, PROCESSES),
             graphile(postgres, PROCESSES), pgboss(postgres, PROCESSES),
             Peer(beanstalkd.version(), "beanstalkd", beanstalkd.address, PROCESSES)]
    for peer in found:
        for process in peer.processes:
            stack.enter_context(process)
    return found


def clear(peers):
    for peer in peers:
        for process in peer.processes:
            process.ask("clear")


def better_of_each(peers, rates):
    """[(words, rates)] of the better variant of each peer, the best peer first."""
    kept = []
    for peer in peers:
        variants = [(words, rates[words]) for words, _ in peer.variants()]
        kept.append(max(variants, key=lambda each: statistics.median(each[1])))
    return sorted(kept, key=lambda each: -statistics.median(each[1]))


def measure(name, peers, kind, size, time, http=None):
    """One row for each peer; the best of them is what the bar is about. And one for `http`."""
    verb, theirs, bar = kind
    clear(peers)
    with engine() as ours:
        contestants = {"ours": lambda: ours.ask(verb, *size, time.milliseconds)["rate"]}
        for peer in peers:
            for words, processes in peer.variants():
                contestants[words] = (
                    lambda processes=processes: theirs(processes, *size, time))
        if http:
            contestants["http"] = lambda: http.rate(time.milliseconds)
        rates = in_turn(contestants, time.rounds)
    ordered = better_of_each(peers, rates)
    for words, each in ordered:
        emit(name, "/s", rates["ours"], words, each, bar)
        bar = None
    if http:
        emit(f"{name}, over HTTP", "/s", rates["http"], *ordered[0])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true", help="no larger than without")
    time = Time(parser.parse_args().quick)
    check_clients()
    servers = [Redis(), Postgres(), Beanstalkd()]
    added, bulk = ("adds", adds, ["ratio", 2.0]), ("adds", adds, None)
    lived = ("lives", lives, ["ratio", 1.5])
    one_by_one, in_batches = (CALLERS, 1), (1, BATCH)
    with contextlib.ExitStack() as stack:
        peers = open_peers(stack, servers)
        few, many = f"one by one, {CALLERS} callers", f"in batches of {BATCH}, one caller"
        with Node() as node:
            node.apply(MANIFEST)
            measure(f"100 bytes added {few}", peers, added, one_by_one, time, HttpAdds(node))
        measure(f"100 bytes added {many}", peers, bulk, in_batches, time)
        measure(f"whole life of 100 bytes {few}", peers, lived, one_by_one, time)
        measure(f"whole life of 100 bytes {many}", peers, lived, in_batches, time)


if __name__ == "__main__":
    run_with_servers(main)
