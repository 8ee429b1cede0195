#!/usr/bin/env python3
"""A fleet under load and faults: three nodes on one PostgreSQL and two remote workers, each in a
network namespace, and the sentences that must hold all the same.

Usage: fleet_test.py [--minutes M] [--seed S] [--plan N] [--keep]. The seed decides the faults
(--plan N only prints the first N); what they strike is a matter of time. Faults: SIGKILL, SIGSTOP
for longer than a lease, cuts of the network in one direction and in both, between two members and
around one, restarts of the database, clocks that jump. Whoever ends by itself is started again, as
systemd would. Afterwards the database is copied to SQLite, which tests `migrate-store` as well, and
looked at by the checks of the chaos test.
"""
import argparse
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "chaos"))
import checks  # noqa: E402
import load  # noqa: E402
import processes  # noqa: E402
import fleet_faults  # noqa: E402
import members  # noqa: E402
from network import Network, is_possible  # noqa: E402

CLIENTS = 4
SETTLE_SECONDS = 180
ELSEWHERE_SECONDS = 12.0  # from the death of a worker to the next start of its runs


def say(text):
    print(text, flush=True)


class Placed:
    """Makes a client of the chaos test one that is in the place of the fleet's client."""

    expected = (200, 503)  # the database may be away

    def place(self, fleet, number):
        self.network = fleet.network
        self.node = members.AnyNode(fleet.nodes, number)
        return self

    def run(self):
        self.network.enter("client")
        super().run()


class Client(Placed, load.Client):
    pass


class Editor(Placed, load.Editor):
    pass


class Fleet:
    """Use as a context manager: starts everything, and leaves nothing behind."""

    def __init__(self, directory):
        self.directory = directory
        self.network = Network()
        self.nodes, self.workers = [], []

    def __enter__(self):
        self.network.__enter__()
        try:
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def build(self):
        self.database = members.Database(self.network, "db")
        self.database.__enter__()
        self.database.create("fleet")
        for name in fleet_faults.NODES:
            self.nodes.append(members.FleetNode(self.network, name, self.directory,
                                                self.database.shared_url()))
        self.network.add("client")
        for node in self.nodes:
            node.spawn()
        for node in self.nodes:
            self.ask(node.wait_until_up)
        for name in fleet_faults.WORKERS:
            worker = members.FleetWorker(self.network, name, self.directory, self.nodes)
            self.workers.append(worker)
            self.join(worker)

    def join(self, worker):
        reply = self.ask(lambda: self.nodes[0].request(
            "POST", "/api/v1/join-tokens", {"uses": 1, "expires_in": "10m"}))
        assert reply.status == 201, reply.body
        worker.token_file.write_text(reply.json()["token"])
        worker.token_file.chmod(0o600)
        worker.spawn()

    def __exit__(self, *unused):
        for member in [*self.workers, *self.nodes]:
            if member.process is not None and member.process.poll() is None:
                member.kill()
        if hasattr(self, "database"):
            self.database.__exit__()
        self.network.__exit__()

    def member(self, name):
        return next(each for each in [*self.nodes, *self.workers] if each.name == name)

    def ask(self, work):
        return members.inside(self.network, "client", work)

    def any_node(self):
        return members.AnyNode(self.nodes, 0)


def begin_load(fleet, options, marks):
    node = fleet.any_node()
    manifest = load.Manifest(HERE.parent / "chaos/work.sh", marks)
    fleet.ask(lambda: node.apply(manifest.whole()))
    fleet.ask(lambda: node.request("PUT", "/api/v1/queues/narrow", {"limit": 2, "depth": 6}))
    clients = [Client(None, f"{options.seed} {i}").place(fleet, i) for i in range(CLIENTS)]
    clients.append(Editor(None, f"{options.seed} editor", manifest).place(fleet, 0))
    for client in clients:
        client.start()
    return clients


def settle(fleet):
    """Pauses what time starts, and waits until everything else has come to its end."""
    node = fleet.any_node()

    def pause():
        for name in [ticker[0] for ticker in load.TICKERS] + [load.EDITED]:
            node.request("POST", f"/api/v1/jobs/{name}/pause", {"meanwhile": "drop"})

    def is_quiet():
        items = node.request("GET", "/api/v1/runs?limit=500&state=running,queued").json()["items"]
        waiting = node.request("GET", "/api/v1/runs?limit=500&state=scheduled").json()["items"]
        return not items and not [run for run in waiting if run.get("attempts", 0) > 0]

    fleet.ask(pause)
    if not fleet.ask(lambda: processes.wait_for(is_quiet, SETTLE_SECONDS)):
        return [f"everything comes to its end within {SETTLE_SECONDS} s"]
    return []


def everybody_is_back(fleet):
    node = fleet.any_node()

    def is_whole():
        nodes = node.request("GET", "/api/v1/nodes").json()["items"]
        workers = node.request("GET", "/api/v1/workers").json()["items"]
        online = {each["name"] for each in [*nodes, *workers] if each["state"] == "online"}
        return online >= {*fleet_faults.NODES, *fleet_faults.WORKERS}

    if not fleet.ask(lambda: processes.wait_for(is_whole, members.PATIENCE)):
        yield f"every node and worker is back within {members.PATIENCE} s after the last fault"


def runs_start_elsewhere(fleet, marks, victim):
    """The runs of a worker that was killed, and stays dead, begin anew within the promise. There
    are fewer of them than free slots of others."""
    node = fleet.any_node()
    manifest = load.Manifest(HERE.parent / "chaos/work.sh", marks)
    fleet.ask(lambda: node.apply(manifest.job("last", "lasting", load.REF)))
    runs = [fleet.ask(lambda i=i: node.submit("last", params={"ref": f"last-{victim.name}-{i}"}))
            for i in range(20)]
    began = {}

    def all_begun():
        began.update({mark.run: mark for mark in checks.read_marks(marks / "marks")
                      if mark.kind == "begin" and mark.run in runs})
        return len(began) == len(runs)

    processes.wait_for(all_begun, 60)
    mine = {each.run for each in processes.find_workers(marks)
            if processes.is_below(each.pid, victim.process.pid)}
    killed = load.uptime()
    victim.kill()

    def starts():
        return {mark.run: mark.at for mark in checks.read_marks(marks / "marks")
                if mark.kind == "begin" and mark.run in mine and mark.at > killed}

    processes.wait_for(lambda: set(starts()) == mine, 2 * ELSEWHERE_SECONDS)
    slowest = max(starts().values(), default=killed) - killed
    say(f"{len(mine)} runs of {victim.name}, which was killed, began elsewhere, the last after "
        f"{slowest:.1f} s (load {os.getloadavg()[0]:.1f})")
    for run in mine - set(starts()):
        yield f"{run} did not start elsewhere"
    if slowest > ELSEWHERE_SECONDS:
        yield f"runs of a killed worker start elsewhere within {ELSEWHERE_SECONDS} s: {slowest:.1f}"
    if not mine:
        yield f"{victim.name}, which was killed, had no runs, so nothing was shown"
    for run in runs:
        fleet.ask(lambda run=run: node.wait(run))


def stop_all(fleet):
    for member in [*fleet.workers, *fleet.nodes]:
        if not member.is_wanted:
            continue  # it was killed last, to show what becomes of its runs
        code = member.kill(15)
        if code != 0:
            yield f"{member.name} was asked to stop and ended with {code}"


def collect(fleet, clients, marks):
    """The history, with the database as a file of SQLite."""
    fleet.database.restart()  # it may still wait for words of clients that were cut off
    copy = pathlib.Path(fleet.directory) / "copy.db"
    done = subprocess.run(
        fleet.network.command("client", members.program("mainspring"), "migrate-store", "--from",
                              fleet.database.shared_url(), "--to", f"sqlite:{copy}"),
        capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"migrate-store: {done.stdout}{done.stderr}")
    history = checks.History(copy)
    history.marks = list(checks.read_marks(marks / "marks"))
    history.prompt = members.LEASE  # a worker that was cut off hears of a cancel later
    for client in clients:
        history.accepted.update(client.accepted)
        history.unanswered |= client.unanswered
        history.cancelled.update(client.cancelled)
    return history


def shake(fleet, options, marks):
    clients = begin_load(fleet, options, marks)
    nemesis = fleet_faults.Nemesis(fleet, say)
    supervisor = members.Supervisor([*fleet.nodes, *fleet.workers])
    supervisor.start()
    nemesis.run(fleet_faults.plan(options.seed), 60 * options.minutes)
    for client in clients:
        client.done.set()
    for client in clients:
        client.join()
    broken = [*everybody_is_back(fleet), *settle(fleet)]
    supervisor.done.set()
    supervisor.join()
    for victim in (fleet.workers[0], fleet.nodes[1]):
        broken += runs_start_elsewhere(fleet, marks, victim)
    for worker in processes.find_workers(marks):
        broken.append(f"no process outlives its lease: {worker}")
    broken += stop_all(fleet)
    history = collect(fleet, clients, marks)
    broken += nemesis.problems + supervisor.problems
    broken += [f"no answer is unexpected: {line}" for each in clients for line in each.wrong[:5]]
    broken += checks.violations(history)
    say(f"{supervisor.restarts} times a node that came up without its database was started again")
    return broken, nemesis, history


def figures(nemesis, history):
    kinds = ", ".join(f"{count} {kind}" for kind, count in nemesis.counts.items() if count)
    done = history.ask("SELECT count(*) FROM runs_done")[0][0]
    attempts = history.ask("SELECT count(*) FROM attempts")[0][0]
    instants = history.ask("SELECT sum(count) FROM occurrences")[0][0]
    return (f"{time.monotonic() - nemesis.began:.0f} s; faults: {kinds}; {len(history.accepted)} "
            f"acknowledged submissions, {len(history.cancelled)} cancels, {done} runs ended in "
            f"{attempts} attempts, {instants} instants of schedules, {len(history.marks)} marks")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--plan", type=int, default=0, help="print so many faults and do nothing")
    parser.add_argument("--keep", action="store_true", help="leave logs and marks in place")
    options = parser.parse_args()
    if options.plan:
        print("\n".join(fleet_faults.show(options.seed, options.plan)))
        return 0
    if not is_possible():
        print("this machine does not let the test make network namespaces")
        return 77
    again = f"./dev chaos --fleet --minutes {options.minutes:g} --seed {options.seed}"
    say(f"seed {options.seed}; again: {again}")
    directory = tempfile.mkdtemp(prefix="mainspring-fleet-")
    marks = pathlib.Path(directory) / "marks"
    (marks / "locks").mkdir(parents=True)
    (marks / "marks").touch()
    try:
        with Fleet(directory) as fleet:
            broken, nemesis, history = shake(fleet, options, marks)
        say(figures(nemesis, history))
        if broken:
            print("\n".join(["faults:", *nemesis.journal]))
    finally:
        if options.keep:
            say(f"kept: {directory}")
        else:
            shutil.rmtree(directory, ignore_errors=True)
    for line in broken:
        print(line)
    enough = len(history.accepted) >= 20 * options.minutes
    if not enough:
        print("too little was accepted for the test to mean anything")
    passed = enough and not broken
    print(f"{len(checks.ALL) if passed else 0} passed, {len(broken) + (not enough)} failed")
    return 0 if passed else 1


if __name__ == "__main__":
    threading.excepthook = lambda failure: say(f"a thread failed: {failure.exc_value!r}")
    sys.exit(main())
