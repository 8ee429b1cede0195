"""kill -9 at random moments under load: nothing acknowledged is lost, nothing runs twice at once.

Usage: kill_test.py [--kills 50] [--seed N]. The seed decides the moments and the mix; a failure
prints it. Three clients submit short runs (some of which fail and are retried, some are cancelled)
while the node is killed and started again. At the end every run that was acknowledged must have
ended exactly once, every occurrence must have at most one ending, and the database must be whole.

Overlap is seen by the runs themselves: each takes a lock named after its run, without waiting. The
kernel frees it with the process, so a second live attempt of the same run would find it taken.
"""
import argparse
import collections
import http.client
import pathlib
import random
import shutil
import sqlite3
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node  # noqa: E402

CLIENTS = 3
FINAL = ("succeeded", "failed", "cancelled", "timed_out", "skipped")
MANIFEST = """
name: short
command: |
  exec 9>>"$MARKS/$MAINSPRING_RUN_ID.lock"
  flock -n 9 || echo "$MAINSPRING_RUN_ID $MAINSPRING_EPOCH" >> "$MARKS/overlaps"
  echo "begin $MAINSPRING_EPOCH"
  sleep 0.02
  echo "end $MAINSPRING_EPOCH"
environment: {MARKS: "%(marks)s"}
retry: {max_attempts: 20, backoff: {type: fixed, initial: 100ms, jitter: full}}
---
name: long
command: |
  exec 9>>"$MARKS/$MAINSPRING_RUN_ID.lock"
  flock -n 9 || echo "$MAINSPRING_RUN_ID $MAINSPRING_EPOCH" >> "$MARKS/overlaps"
  sleep 2; true
environment: {MARKS: "%(marks)s"}
retry: {max_attempts: 200, backoff: {type: fixed, initial: 10ms}}
---
name: flaky
command: test "$MAINSPRING_ATTEMPT" -ge 2 || exit 75
retry: {max_attempts: 20, backoff: {type: fixed, initial: 50ms}}
---
name: ticker
command: "true"
schedule: {every: 1s, overlap: allow}
retry: {max_attempts: 20, backoff: {type: fixed, initial: 50ms}}
"""


class Client(threading.Thread):
    """Submits until told to stop; remembers what was acknowledged."""

    def __init__(self, node, seed):
        super().__init__(daemon=True)
        self.node, self.random = node, random.Random(seed)
        self.accepted, self.cancelled, self.wrong = [], [], []
        self.done = threading.Event()
        self.sent = 0

    def run(self):
        while not self.done.is_set():
            try:
                self.step()
            except (OSError, http.client.HTTPException, ValueError):
                self.done.wait(0.02)  # the node is down; the main thread starts it again

    def step(self):
        self.sent += 1
        key = {"Idempotency-Key": f"{self.name}-{self.sent}"}
        # A long run's `sleep` outlives the shell that the kernel ends with the node; only ending
        # what the last life left running keeps the next attempt from meeting it.
        job = "long" if self.sent % 60 == 1 else self.random.choice(["short", "short", "flaky"])
        reply = self.node.request("POST", f"/api/v1/jobs/{job}/runs", {}, key, timeout=5)
        if reply.status == 202:
            self.accepted.append(reply.json()["id"])
        elif reply.status not in (429, 503):
            self.wrong.append((reply.status, reply.body))
        if self.accepted and self.random.random() < 0.1:
            run = self.accepted[-1]
            if self.node.request("POST", f"/api/v1/runs/{run}/cancel", {}, timeout=5).status == 202:
                self.cancelled.append(run)


def shake(node, kills, dice):
    for count in range(1, kills + 1):
        time.sleep(dice.uniform(0.05, 0.6))  # the moment of the kill is what is random
        node.kill()
        node.start()
        if count % 10 == 0:
            print(f"{count} kills", flush=True)


def event_counts(node):
    ends, cursor = collections.Counter(), "0"
    while True:
        page = node.request("GET", f"/api/v1/events?type=run.&limit=500&cursor={cursor}").json()
        if not page["items"]:
            return ends
        for event in page["items"]:
            if event["type"].removeprefix("run.") in FINAL:
                ends[event["subject"]] += 1
        cursor = page["next_cursor"]


def check(node, clients, marks):
    accepted = [run for client in clients for run in client.accepted]
    for run in accepted:
        node.wait(run, seconds=120)
    ends = event_counts(node)
    for client in clients:
        yield from (f"unexpected answer {wrong}" for wrong in client.wrong)
    for run in accepted:
        if ends[run] != 1:
            yield f"{run} has {ends[run]} recorded ends"
    if len(set(accepted)) != len(accepted):
        yield "an id was acknowledged twice"
    overlaps = marks / "overlaps"
    if overlaps.exists():
        yield f"two attempts ran at once: {overlaps.read_text()}"
    print(f"{len(accepted)} acknowledged runs, {len(ends)} ended in all")
    if len(accepted) < 20:
        yield "too little was accepted for the test to mean anything"


def check_database(node):
    node.stop()
    with sqlite3.connect(node.data / "mainspring.db") as database:
        answer = database.execute("PRAGMA integrity_check").fetchall()
        if answer != [("ok",)]:
            yield f"integrity_check: {answer}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    print(f"seed {options.seed}; again: tests/node/kill_test.py --kills {options.kills} "
          f"--seed {options.seed}", flush=True)
    node = Node("--slots", "8")
    marks = node.directory / "marks"
    marks.mkdir()
    failures = []
    try:
        node.start()
        node.apply(MANIFEST % {"marks": marks})
        clients = [Client(node, f"{options.seed}-{i}") for i in range(CLIENTS)]
        for client in clients:
            client.start()
        shake(node, options.kills, random.Random(options.seed))
        for client in clients:
            client.done.set()
            client.join()
        failures += check(node, clients, marks)
        failures += check_database(node)
        if failures:
            print(node.log_text())
    finally:
        node.kill()
        shutil.rmtree(node.directory, ignore_errors=True)
    for failure in failures:
        print(failure)
    print(f"{0 if failures else 1} passed, {1 if failures else 0} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
