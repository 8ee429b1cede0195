#!/usr/bin/env python3
"""A real node under load and faults, and the sentences that must hold all the same.

Usage: chaos_test.py [--kills N] [--seed S] [--minutes M] [--plan N]. The seed decides the faults,
one after the other (--plan N only prints the first N); what they strike is a matter of time.
Faults: kill -9, also of a node that starts, and with a pause before the next start; SIGSTOP for
longer than a lease; jumps of the wall clock; orderly restarts. A failure prints the seed, what
was done when, and each sentence that did not hold. See README.md.
"""
import argparse
import pathlib
import random
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import checks  # noqa: E402
import faults  # noqa: E402
import load  # noqa: E402
import processes  # noqa: E402

CLIENTS = 3
SETTLE_SECONDS = 120
CALM_RUNS = 48  # three times the slots


def say(text):
    print(text, flush=True)


class Audit:
    """What is looked at while the node lives."""

    def __init__(self, node, marks):
        self.node, self.marks = node, marks
        self.violations = []
        self.worker_id = ""

    def after_start(self):
        """Nothing of an earlier life works on when a node says that it runs."""
        started = processes.start_of(self.node.process.pid)
        for worker in processes.find_workers(self.marks):
            if started is not None and worker.started < started:
                self.violations.append(f"nothing outlives its node's next start: {worker}")

    def idle(self):
        """Nothing is left of work that has ended."""
        if not processes.wait_for(lambda: not processes.find_workers(self.marks), 5):
            for worker in processes.find_workers(self.marks):
                self.violations.append(f"no process outlives its lease: {worker}")
        for path in processes.attempt_groups(self.worker_id) + list(self.scratch().glob("*")):
            self.violations.append(f"nothing is left behind by an attempt: {path}")

    def scratch(self):
        shared = pathlib.Path("/run/mainspring", self.worker_id)
        return shared if shared.exists() else self.node.data / "scratch"

    def stopped(self):
        leftovers = processes.node_groups(self.worker_id)
        shared = pathlib.Path("/run/mainspring", self.worker_id)
        leftovers += [shared] if shared.exists() else []
        leftovers += list((self.node.data / "processes").glob("*"))
        for path in leftovers:
            self.violations.append(f"nothing is left behind by a node that stopped: {path}")


def settle(node):
    """Pauses what time starts, and waits until everything else has come to its end."""
    for name in [ticker[0] for ticker in load.TICKERS] + [load.EDITED]:
        node.request("POST", f"/api/v1/jobs/{name}/pause", {"meanwhile": "drop"})

    # What waits for an instant of a clock that was set back since has its time now.
    node.set_clock(float(faults.FARTHEST))

    def is_quiet():
        items = node.request("GET", "/api/v1/runs?limit=500&state=running,queued").json()["items"]
        waiting = node.request("GET", "/api/v1/runs?limit=500&state=scheduled").json()["items"]
        return not items and not [run for run in waiting if run.get("attempts", 0) > 0]

    if not processes.wait_for(is_quiet, SETTLE_SECONDS):
        return [f"everything comes to its end within {SETTLE_SECONDS} s"]
    return []


def calm_burst(node):
    """Fills every slot a few times, children and cancels included."""
    jobs = ["short", "family", "chatty"] * (CALM_RUNS // 3)
    runs = [node.submit(job, params={"ref": f"calm-{time.monotonic_ns()}"}) for job in jobs]
    for run in runs[::5]:
        node.request("POST", f"/api/v1/runs/{run}/cancel", {})
    for run in runs:
        node.wait(run)


def descriptors_stay(node):
    """A node that did the same again has no more open than before."""
    calm_burst(node)
    before = processes.descriptors(node.process.pid)
    calm_burst(node)
    calm_burst(node)
    after = processes.descriptors(node.process.pid)
    for kind, count in after.items():
        if count > before.get(kind, 0) and not kind.startswith("socket"):
            yield f"no descriptor is leaked: {kind}: {before.get(kind, 0)} before, {count} after"


def collect(node, clients, marks):
    history = checks.History(node.data / "mainspring.db")
    history.marks = list(checks.read_marks(marks / "marks"))
    for client in clients:
        history.accepted.update(client.accepted)
        history.unanswered |= client.unanswered
        history.cancelled.update(client.cancelled)
    return history


def shake(node, options, marks):
    """The whole of it; returns what was broken, the journal and the figures."""
    audit = Audit(node, marks)
    node.start()
    audit.worker_id = (node.data / "worker-id").read_text().strip()
    manifest = load.Manifest(pathlib.Path(__file__).resolve().parent / "work.sh", marks)
    node.apply(manifest.whole())
    node.request("PUT", "/api/v1/queues/narrow", {"limit": 2, "depth": 6})
    clients = [load.Client(node, f"{options.seed} {i}") for i in range(CLIENTS)]
    clients.append(load.Editor(node, f"{options.seed} editor", manifest))
    for client in clients:
        client.start()
    nemesis = faults.Nemesis(node, audit, say)
    nemesis.run(faults.plan(options.seed), options.kills, 60 * options.minutes)
    for client in clients:
        client.done.set()
    for client in clients:
        client.join()
    broken = settle(node)
    broken += descriptors_stay(node)
    audit.idle()
    if node.stop() != 0:
        broken.append("a node that was asked to stop ends with 0")
    audit.stopped()
    history = collect(node, clients, marks)
    broken += audit.violations
    broken += [f"no answer is unexpected: {line}" for each in clients for line in each.wrong[:5]]
    broken += checks.violations(history)
    return broken, nemesis, history


def figures(nemesis, history):
    kinds = {}
    for line in nemesis.journal:
        kind = line.split(": ")[1].split()[0]
        kinds[kind] = kinds.get(kind, 0) + 1
    done = history.ask("SELECT count(*) FROM runs_done")[0][0]
    attempts = history.ask("SELECT count(*) FROM attempts")[0][0]
    instants = history.ask("SELECT sum(count) FROM occurrences")[0][0]
    return (f"{nemesis.kills} kills in {time.monotonic() - nemesis.began:.0f} s; faults: "
            + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
            + f"; {len(history.accepted)} acknowledged submissions, {len(history.cancelled)} "
            f"cancels, {done} runs ended in {attempts} attempts, {instants} instants of "
            f"schedules, {len(history.marks)} marks")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=0, help="for so long, instead of --kills")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--plan", type=int, default=0, help="print so many faults and do nothing")
    parser.add_argument("--keep", action="store_true", help="leave the data directory in place")
    options = parser.parse_args()
    if options.plan:
        print("\n".join(faults.show(options.seed, options.plan)))
        return 0
    say(f"seed {options.seed}; again: ./dev chaos --kills {options.kills} --seed {options.seed}")
    node = faults.ShakyNode()
    if not node.has_clock:
        say("the clock stays as it is: libfaketime is missing, or this is a sanitizer build")
    marks = node.directory / "marks"
    (marks / "locks").mkdir(parents=True)
    try:
        broken, nemesis, history = shake(node, options, marks)
        say(figures(nemesis, history))
        if broken:
            print("\n".join(["faults:", *nemesis.journal, "log:", node.log_text()]))
            print(f"seed {options.seed}")
    finally:
        node.kill()
        if options.keep:
            say(f"kept: {node.directory}")
        else:
            shutil.rmtree(node.directory, ignore_errors=True)
    for line in broken:
        print(line)
    enough = len(history.accepted) >= options.kills
    if not enough:
        print("too little was accepted for the test to mean anything")
    passed = enough and not broken
    print(f"{len(checks.ALL) if passed else 0} passed, {len(broken) + (not enough)} failed")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
