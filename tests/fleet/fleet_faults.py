"""What happens to a fleet, and when: all from one seed."""
import dataclasses
import itertools
import random
import signal
import threading
import time

import members

NODES, WORKERS = ("n1", "n2", "n3"), ("w1", "w2")
KINDS = {  # kind: how often, the least and the most of its amount in seconds
    "kill": (30, 0.0, 3.0),           # SIGKILL, and so long until the next start
    "freeze": (12, members.LEASE + 0.5, members.LEASE + 3.0),  # SIGSTOP for longer than a lease
    "nap": (8, 0.2, 3.0),             # SIGSTOP for less
    "cut": (14, 1.0, 14.0),           # no packet between two members
    "cut_one_way": (14, 1.0, 14.0),
    "isolate": (6, 1.0, 16.0),        # no packet between one member and all others
    "restart_database": (8, 0.0, 0.0),
    "jump": (10, -30.0, 30.0),        # the wall clock of one member, for a while
    "stop": (4, 0.0, 1.0),            # an orderly restart
}


@dataclasses.dataclass(frozen=True)
class Fault:
    after: float  # seconds since the one before began
    kind: str
    who: str
    peer: str
    amount: float

    def __str__(self):
        peer = f" and {self.peer}" if self.kind.startswith("cut") else ""
        return f"after {self.after:.2f} s: {self.kind} {self.who}{peer} {self.amount:.2f}"


def plan(seed):
    """The same faults for the same seed, without end."""
    dice = random.Random(f"fleet {seed}")
    while True:
        kind = dice.choices(list(KINDS), [weight for weight, _, _ in KINDS.values()])[0]
        who = dice.choice(NODES + WORKERS)
        peer = "db" if who in NODES else dice.choice(NODES)
        if kind.startswith("cut") and dice.random() < 0.5:
            who, peer = peer, who  # of a cut in one direction: the other one
        if kind == "restart_database":
            who = "db"
        yield Fault(dice.uniform(0.3, 4.0), kind, who, peer, dice.uniform(*KINDS[kind][1:]))


def show(seed, count):
    return [str(fault) for fault in itertools.islice(plan(seed), count)]


class Nemesis:
    """Does the faults of a plan to a fleet. Several may last at once, one for each member."""

    def __init__(self, fleet, out):
        self.fleet, self.out = fleet, out
        self.began = time.monotonic()
        self.journal = []
        self.busy = {}  # member -> the thread of what is being done to it
        self.counts = dict.fromkeys(KINDS, 0)
        self.problems = []

    def run(self, faults, seconds):
        until = time.monotonic() + seconds
        for fault in faults:
            time.sleep(fault.after)  # the moment is what is random
            if time.monotonic() >= until:
                break
            self.begin(fault)
        for thread in self.busy.values():
            thread.join()

    def begin(self, fault):
        thread = self.busy.get(fault.who)
        if thread is not None and thread.is_alive():
            return  # it has enough to bear
        self.counts[fault.kind] += 1
        self.journal.append(f"{time.monotonic() - self.began:8.2f} s  {fault}")
        self.busy[fault.who] = threading.Thread(target=self.do, args=[fault], daemon=True)
        self.busy[fault.who].start()

    def do(self, fault):
        try:
            getattr(self, fault.kind)(fault)
        except Exception as problem:  # told at the end, with what was done when
            self.problems.append(f"{fault}: {problem!r}")

    def kill(self, fault):
        member = self.fleet.member(fault.who)
        member.kill()
        time.sleep(fault.amount)
        member.spawn()

    def stop(self, fault):
        member = self.fleet.member(fault.who)
        code = member.kill(signal.SIGTERM)
        if code not in (0, members.UNAVAILABLE):  # it may have been starting without its database
            self.problems.append(f"{fault.who} was asked to stop and ended with {code}")
        time.sleep(fault.amount)
        member.spawn()

    def freeze(self, fault):
        member = self.fleet.member(fault.who)
        member.send(signal.SIGSTOP)
        time.sleep(fault.amount)
        member.send(signal.SIGCONT)

    nap = freeze

    def cut(self, fault):
        network = self.fleet.network
        for one, other in ((fault.who, fault.peer), (fault.peer, fault.who)):
            network.cut(one, other)
        time.sleep(fault.amount)
        for one, other in ((fault.who, fault.peer), (fault.peer, fault.who)):
            network.heal(one, other)

    def cut_one_way(self, fault):
        self.fleet.network.cut(fault.who, fault.peer)
        time.sleep(fault.amount)
        self.fleet.network.heal(fault.who, fault.peer)

    def isolate(self, fault):
        network = self.fleet.network
        ways = [way for other in network.members if other != fault.who
                for way in ((fault.who, other), (other, fault.who))]
        for way in ways:
            network.cut(*way)
        time.sleep(fault.amount)
        for way in ways:
            network.heal(*way)

    def restart_database(self, _):
        self.fleet.database.restart()

    def jump(self, fault):
        member = self.fleet.member(fault.who)
        member.set_clock(fault.amount)
        time.sleep(5)
        member.set_clock(0.0)
