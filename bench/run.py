#!/usr/bin/env python3
"""Runs the benchmarks and prints one table, with a verdict where there is a bar.

Usage: run.py [--build DIRECTORY] [--full] [--quick] [--markdown] [NAME]

Ours and what it is measured beside are taken in turn, so that a busy machine slows both; the ratio
is the median over the rounds. The spread is the lowest and the highest ratio. --full takes the
large sizes, --quick a moment for each, only to show that it works; NAME chooses one benchmark.
"""
import argparse
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77  # the exit code of a benchmark that needs what is not installed, which it has said
FAILED = 1
STOP_SECONDS = 60
BENCHMARKS = {
    "engine": ["{bin}/bench_engine"],
    "http": [sys.executable, "-B", str(HERE / "bench_http.py")],
    "schedules": ["{bin}/bench_schedules"],
    "node": [sys.executable, "-B", str(HERE / "bench_node.py")],
    "runners": [sys.executable, "-B", str(HERE / "bench_runners.py")],
    "peers": [sys.executable, "-B", str(HERE / "bench_peers.py")],
    "fleet": [sys.executable, "-B", str(HERE / "bench_fleet.py")],
}


class Row:
    def __init__(self, fields):
        self.__dict__.update(fields)

    def compared(self):
        """One number per round, in the terms of the bar."""
        rule = self.bar[0] if self.bar else ("ratio" if self.theirs else None)
        pairs = zip(self.ours, self.theirs)
        if rule == "ratio":
            return [ours / theirs if theirs else float("inf") for ours, theirs in pairs]
        if rule == "over":
            return [ours - theirs for ours, theirs in pairs]
        return self.ours

    def is_met(self):
        if not self.bar:
            return None
        figure = statistics.median(self.compared())
        return figure >= self.bar[1] if self.bar[0] == "ratio" else figure <= self.bar[1]

    def cells(self):
        compared = self.compared()
        is_ratio = bool(self.theirs) and (not self.bar or self.bar[0] == "ratio")
        middle, spread = statistics.median(compared), (min(compared), max(compared))
        beside = self.comparison or "-"
        if self.theirs:
            beside += ": " + amount(statistics.median(self.theirs), self.unit)
        show = (lambda value: f"{value:.2f}") if is_ratio else (lambda v: amount(v, self.unit))
        return [self.name, amount(statistics.median(self.ours), self.unit), beside,
                show(middle) if self.theirs else "-", f"{show(spread[0])} to {show(spread[1])}",
                self.bar_words(), {True: "met", False: "NOT MET", None: "-"}[self.is_met()]]

    def bar_words(self):
        if not self.bar:
            return "-"
        rule, value = self.bar
        if rule == "ratio":
            return f">= {value:.2f}"
        return f"<= {'+' if rule == 'over' else ''}{value:g} {self.unit}"


def amount(value, unit):
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".replace(" /", "/")


def load_words():
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def run_one(name, command, environment, found):
    """Its exit code; its rows go to `found`."""
    before = load_words()
    began = time.monotonic()
    print(f"bench: {name} begins, {before}", file=sys.stderr, flush=True)
    rows = len(found)
    code = run_to_its_end(command, environment, found)
    print(f"bench: {name} took {time.monotonic() - began:.0f} s, {load_words()}", file=sys.stderr,
          flush=True)
    return code if len(found) > rows else code or FAILED


def run_to_its_end(command, environment, found):
    """Its exit code; its rows go to `found` and, at once, to who waits. A Ctrl-C it gets from here,
    once: it may have servers to stop, and time to do so."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment,
                          process_group=0) as process:
        try:
            for line in process.stdout:
                if line.startswith("{"):
                    found.append(Row(json.loads(line)))
                    print("bench: " + ", ".join(found[-1].cells()), file=sys.stderr, flush=True)
            return process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_SECONDS)
            raise


HEAD = ["what", "ours", "beside", "ratio or excess", "spread", "bar", "verdict"]


def print_table(rows, markdown):
    cells = [row.cells() for row in rows]
    if markdown:
        for line in [HEAD, ["---"] * len(HEAD), *cells]:
            print("| " + " | ".join(line) + " |")
        return
    widths = [max(len(line[i]) for line in [HEAD, *cells]) for i in range(len(HEAD))]
    for line in [HEAD, *cells]:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("name", nargs="?", choices=[*BENCHMARKS, "all"], default="all")
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build" / "release")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    environment = {**os.environ, "MAINSPRING_BUILD": str(options.build.resolve())}
    flags = ["--quick"] if options.quick else ["--full"] if options.full else []
    rows, failed = [], []
    try:
        for name, command in BENCHMARKS.items():
            if options.name not in (name, "all"):
                continue
            command = [part.replace("{bin}", str(options.build.resolve() / "bin"))
                       for part in command]
            code = run_one(name, [*command, *flags], environment, rows)
            if code == SKIPPED and options.name == name:
                sys.exit(SKIPPED)
            if code not in (0, SKIPPED):
                failed.append(name)
    finally:
        if rows:
            print_table(rows, options.markdown)
    if failed:
        sys.exit(f"bench: {', '.join(failed)} did not come to the end")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
