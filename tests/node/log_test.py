#!/usr/bin/env python3
"""A log of a million lines: how long a search through it and a look at its end take.

The product's bars are 1 s for the search and 20 ms for the end, of a release build on an idle
machine; tests share theirs, so FACTOR times the bars stand guard here. The figures are printed.
"""
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node  # noqa: E402

LINES = 1_000_000
BAR_SEARCH, BAR_TAIL = 1.0, 0.020
FACTOR = 5
MANIFEST = f"name: talks\ncommand: ['seq', '1', '{LINES}']\n"


def timed(node, path):
    began = time.monotonic()
    reply = node.request("GET", path)
    seconds = time.monotonic() - began
    assert reply.status == 200, reply.body
    return seconds, reply.json()["items"]


def main():
    with Node("--slots", "1") as node:
        node.apply(MANIFEST)
        run = node.submit("talks")
        node.wait(run)
        log = f"/api/v1/runs/{run}/log"
        searches = [timed(node, f"{log}/search?q=nowhere") for _ in range(3)]
        tails = [timed(node, f"{log}/lines?last=100") for _ in range(9)]
        found = timed(node, f"{log}/search?q=999999")[1]
        middle = timed(node, f"{log}/lines?from=500000&limit=2")[1]
    search = min(seconds for seconds, _ in searches)
    tail = statistics.median(seconds for seconds, _ in tails)
    print(f"{LINES} lines: a search through all takes {search:.3f} s, "
          f"the last 100 {tail * 1000:.1f} ms")
    failures = []
    if [(line["line"], line["text"]) for line in found] != [(999999, "999999")]:
        failures.append(f"the search found {found}")
    if [line["text"] for line in middle] != ["500000", "500001"]:
        failures.append(f"the middle reads {middle}")
    if [line["text"] for line in tails[0][1]] != [str(n) for n in range(LINES - 99, LINES + 1)]:
        failures.append("the end is not the last 100 lines")
    if search > FACTOR * BAR_SEARCH:
        failures.append(f"the search took {search:.1f} s")
    if tail > FACTOR * BAR_TAIL:
        failures.append(f"the end took {tail:.3f} s")
    for failure in failures:
        print(failure)
    print(f"{0 if failures else 1} passed, {1 if failures else 0} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
