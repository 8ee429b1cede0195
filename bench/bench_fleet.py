#!/usr/bin/env python3
"""The store on PostgreSQL with one, two and four workers, beside schedulers that keep their jobs
there too: the same server, the same durability, one run.

Usage: bench_fleet.py [--quick]

A worker is a process: of ours one that uses the store, or a node; of a peer a client. Everybody is
taken in turn. When something is not installed it says so and exits with 77.
"""
import argparse
import contextlib
import time as clock

from driven import Driven, Time, check_clients, graphile, in_turn, lives, pgboss, programs
from figures import emit
from node import Node, program
from servers import Postgres, run_with_servers

CALLERS = 64  # in all workers together
SLOTS = 8  # of each worker, where runs are programs
WORKERS = (1, 2, 4)
MANIFEST = """
name: "true"
command: [/bin/true]
queue: held
"""


def workers_words(count):
    return f"{count} worker{'s' if count > 1 else ''}"


def emit_beside(name, rates):
    """A row for each peer, the better one first."""
    theirs = {words: each for words, each in rates.items() if words != "ours"}
    for words, each in sorted(theirs.items(), key=lambda item: -sum(item[1])):
        emit(name, "/s", rates["ours"], words, each)


def beside(ours, peers, count, measure):
    contestants = {"ours": ours}
    for peer in peers:
        contestants[peer.name] = lambda peer=peer: measure(peer.processes[:count])
    return contestants


def measure_lives(server, peers, count, time):
    address = server.create_database(f"lives{count}")
    with contextlib.ExitStack() as stack:
        ours = [stack.enter_context(Driven(program("bench_driven"), address))
                for _ in range(count)]

        def rate():
            for process in ours:
                process.say("lives", CALLERS // count, 1, time.milliseconds)
            return sum(process.answer()["rate"] for process in ours)

        rates = in_turn(beside(rate, peers, count,
                               lambda processes: lives(processes, CALLERS, 1, time)), time.rounds)
    emit_beside(f"no-op lives on PostgreSQL, {CALLERS} callers, {workers_words(count)}", rates)


def programs_per_second(nodes, count):
    """So many runs are added while their queue is held; then all nodes work on them."""
    first = nodes[0]
    assert first.request("POST", "/api/v1/queues/held/pause", {}).status == 200
    last = [first.submit("true") for _ in range(count)][-1]
    began = clock.monotonic()
    assert first.request("POST", "/api/v1/queues/held/resume", {}).status == 200
    assert first.wait(last, 600)["state"] == "succeeded"
    return count / (clock.monotonic() - began)


def measure_programs(server, peers, count, time):
    address = server.create_database(f"programs{count}")
    runs = 20 if time.rounds == 1 else 500
    with contextlib.ExitStack() as stack:
        nodes = [stack.enter_context(Node("--store", address, "--slots", str(SLOTS)))
                 for _ in range(count)]
        nodes[0].apply(MANIFEST)
        rates = in_turn(
            beside(lambda: programs_per_second(nodes, runs), peers, count,
                   lambda processes: programs(processes, runs, SLOTS)), time.rounds)
    emit_beside(f"`/bin/true` on PostgreSQL, {workers_words(count)} of {SLOTS} slots", rates)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true", help="no larger than without")
    time = Time(parser.parse_args().quick)
    check_clients()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Postgres())
        peers = [make(server, max(WORKERS)) for make in (graphile, pgboss)]
        for peer in peers:
            for process in peer.processes:
                stack.enter_context(process)
        for count in WORKERS:
            measure_lives(server, peers, count, time)
        for count in WORKERS:
            measure_programs(server, peers, count, time)


if __name__ == "__main__":
    run_with_servers(main)
