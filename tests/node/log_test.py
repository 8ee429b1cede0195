#!/usr/bin/env python3
"""A log of a million lines: how long searches through it and a look at its end take.

The product's bars are 1 s for a search and 20 ms for the end, of a release build on an idle
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


def search(node, path):
    """All answers of a search: the lines, and how long the first and all of them took."""
    began = time.monotonic()
    items, first, cursor = [], None, ""
    while cursor is not None:
        reply = node.request("GET", path + (f"&cursor={cursor}" if cursor else ""))
        assert reply.status == 200, reply.body
        assert len(reply.body) <= 100_000, f"an answer of {len(reply.body)} bytes"
        first = first or time.monotonic() - began
        items += reply.json()["items"]
        cursor = reply.json().get("next_cursor")
    return time.monotonic() - began, first, items


def main():
    with Node("--slots", "1") as node:
        node.apply(MANIFEST)
        run = node.submit("talks")
        node.wait(run)
        log = f"/api/v1/runs/{run}/log"
        searches = [search(node, f"{log}/search?q=nowhere") for _ in range(3)]
        regexes = [search(node, f"{log}/search?q=^9{{5,6}}$&regex=true") for _ in range(3)]
        hits = [search(node, f"{log}/search?q=7&attempt=1&to=2000&limit=500")]
        tails = [timed(node, f"{log}/lines?last=100") for _ in range(9)]
        found = search(node, f"{log}/search?q=999999")[2]
        near = search(node, f"{log}/search?q=^500000$&regex=true&context=2")[2]
        last = timed(node, f"{log}/search?q=9&backward=true&limit=1")
        middle = timed(node, f"{log}/lines?from=500000&limit=2")[1]
    through = min(seconds for seconds, _, _ in searches)
    regex = min(seconds for seconds, _, _ in regexes)
    tail = statistics.median(seconds for seconds, _ in tails)
    print(f"{LINES} lines: a search through all takes {through:.3f} s, by a regular expression "
          f"{regex:.3f} s, the last 100 {tail * 1000:.1f} ms, the match before the end "
          f"{last[0] * 1000:.1f} ms")
    failures = []
    if [(line["line"], line["text"]) for line in found] != [(999999, "999999")]:
        failures.append(f"the search found {found}")
    if [line["text"] for line in middle] != ["500000", "500001"]:
        failures.append(f"the middle reads {middle}")
    if [line["text"] for line in tails[0][1]] != [str(n) for n in range(LINES - 99, LINES + 1)]:
        failures.append("the end is not the last 100 lines")
    if [line["text"] for line in regexes[0][2]] != ["99999", "999999"]:
        failures.append(f"the regular expression found {regexes[0][2]}")
    if [line["line"] for line in hits[0][2]] != [n for n in range(1, 2001) if "7" in str(n)]:
        failures.append("the pages of a search do not join")
    if [(line["line"], line["match"]) for line in near] != [
            (n, n == 500000) for n in range(499998, 500003)]:
        failures.append(f"around the middle is {near}")
    if [line["line"] for line in last[1]] != [999999]:
        failures.append(f"backward, the first match is {last[1]}")
    if max(through, regex) > FACTOR * BAR_SEARCH:
        failures.append(f"the searches took {through:.1f} s and {regex:.1f} s")
    if tail > FACTOR * BAR_TAIL:
        failures.append(f"the end took {tail:.3f} s")
    for failure in failures:
        print(failure)
    print(f"{0 if failures else 1} passed, {1 if failures else 0} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
