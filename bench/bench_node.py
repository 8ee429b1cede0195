#!/usr/bin/env python3
"""A real node: how it starts and rests, how soon a run begins, how many programs it starts.

Usage: node.py [--quick]. A quick run only shows that the measurement works.
"""
import argparse
import pathlib
import subprocess
import time

from figures import Disk, emit, percentile
from node import Node, program

SLOTS = 4
MANIFEST = """
name: stamp
command: ["{stamp}"]
---
name: echo
command: [/bin/sh, -c, "echo hello"]
queue: held
"""


def resident_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the process has no memory")


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/schedstat")
    return sum(int((thread / "schedstat").read_text().split()[0])
               for thread in (fields.parent / "task").iterdir()) / 1e9


def measure_rest(rounds, seconds):
    starts, resident, cpu = [], [], []
    for _ in range(rounds):
        node = Node()
        began = time.monotonic()
        with node:
            starts.append((time.monotonic() - began) * 1000)
            time.sleep(1)  # what it does once after its start is not idleness
            before, at = cpu_seconds(node.process.pid), time.monotonic()
            time.sleep(seconds)
            after = cpu_seconds(node.process.pid)
            cpu.append((after - before) / (time.monotonic() - at) * 100)
            resident.append(resident_mib(node.process.pid))
    emit("start of a node until it listens", "ms", starts)
    emit("memory of an idle node", "MiB", resident, bar=["at_most", 40])
    emit("processor time of an idle node", "%", cpu, bar=["at_most", 0.5])


def begin_seconds(node):
    asked = time.monotonic()
    run = node.submit("stamp")
    assert node.wait(run)["state"] == "succeeded"
    return int(node.log_of(run)) / 1e9 - asked


def measure_begin(node, disk, rounds, submits):
    p50, p99, fsync = [], [], []
    node.wait(node.submit("stamp"))
    for _ in range(rounds):
        ours, theirs = [], []
        for _ in range(submits):
            ours.append(begin_seconds(node) * 1000)
            theirs.append(disk.fsync_seconds() * 1000)
        p50.append(percentile(ours, 0.5))
        p99.append(percentile(ours, 0.99))
        fsync.append(percentile(theirs, 0.5))
    emit("submit to first instruction, p50", "ms", p50, "fsync of 4 KiB, p50", fsync, ["over", 3])
    emit("submit to first instruction, p99", "ms", p99, "fsync of 4 KiB, p50", fsync, ["over", 15])


def commands_per_second(node, count):
    assert node.request("POST", "/api/v1/queues/held/pause", {}).status == 200
    last = [node.submit("echo") for _ in range(count)][-1]
    began = time.monotonic()
    assert node.request("POST", "/api/v1/queues/held/resume", {}).status == 200
    assert node.wait(last, 600)["state"] == "succeeded"
    return count / (time.monotonic() - began)


def spawns_per_second(count):
    done = subprocess.run([program("bench_spawn"), str(count), str(SLOTS), "/bin/sh", "-c",
                           "echo hello"], capture_output=True, text=True, check=True)
    return float(done.stdout)


def measure_commands(node, rounds, count):
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(commands_per_second(node, count))
        theirs.append(spawns_per_second(count))
    emit("`sh -c 'echo hello'` as runs, output kept", "/s", ours, "posix_spawn and read", theirs,
         ["ratio", 0.6])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true", help="no larger than without")
    quick = parser.parse_args().quick
    measure_rest(*(1, 0.2) if quick else (5, 5))
    with Node("--slots", str(SLOTS)) as node:
        node.apply(MANIFEST.format(stamp=program("bench_stamp")))
        measure_begin(node, Disk(), *(1, 3) if quick else (5, 100))
        measure_commands(node, *(1, 20) if quick else (7, 500))


if __name__ == "__main__":
    main()
