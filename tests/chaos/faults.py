"""Faults: which ones come when, all from one seed, and a node that they can be done to."""
import dataclasses
import itertools
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node, program  # noqa: E402

LEASE = 2.0  # seconds; short, so that SIGSTOP need not last long
FLAGS = ("--slots", "16", "--lease", "2s", "--heartbeat", "400ms", "--drain", "1s",
         "--plan-ahead", "2s",
         "--retention", "runs=1000000")
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
FARTHEST = 90  # seconds that the wall clock may be away from the true one


@dataclasses.dataclass(frozen=True)
class Fault:
    after: float  # seconds of peace before it
    kind: str
    amount: float = 0.0

    def __str__(self):
        return f"after {self.after:.3f} s: {self.kind} {self.amount:.3f}"


def plan(seed):
    """The same faults for the same seed, without end."""
    dice = random.Random(f"faults {seed}")
    while True:
        after = dice.uniform(0.02, 0.7)
        kind = dice.choices(["kill", "kill_at_start", "kill_and_wait", "freeze", "jump", "stop"],
                            [60, 12, 5, 7, 10, 6])[0]
        amount = {"kill_at_start": dice.uniform(0.0, 0.25), "kill_and_wait": dice.uniform(2, 6),
                  "freeze": LEASE + dice.uniform(0.3, 1.5),
                  "jump": dice.choice([-1, 1]) * dice.uniform(1, 30)}.get(kind, 0.0)
        yield Fault(after, kind, amount)


class ShakyNode(Node):
    """A node whose wall clock can be set, and that can be killed before it says that it runs."""

    def __init__(self):
        super().__init__(*FLAGS)
        self.offset = 0.0
        self.clock = self.directory / "clock"
        sanitized = pathlib.Path(program("mainspring")).parents[1].name in ("asan", "tsan")
        self.has_clock = os.path.exists(FAKETIME) and not sanitized
        self.set_clock(0.0)

    def environment(self):
        if not self.has_clock:
            return super().environment()
        return {**super().environment(), "LD_PRELOAD": FAKETIME, "FAKETIME_NO_CACHE": "1",
                "FAKETIME_TIMESTAMP_FILE": str(self.clock), "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "FAKETIME_XRESET": "1"}

    def set_clock(self, offset):
        self.offset = offset
        following = self.clock.with_suffix(".new")
        following.write_text(f"{offset:+.3f}s\n")
        following.rename(self.clock)  # nobody ever reads half of it

    def spawn(self):
        self.log = open(self.directory / "node.log", "ab")
        self.process = subprocess.Popen(
            [program("mainspring"), self.command, "--data-dir", self.data, "--listen", self.listen,
             *self.flags],
            stdout=subprocess.PIPE, stderr=self.log, env=self.environment())

    def start(self):
        self.spawn()
        for line in self.process.stdout:
            found = re.search(rb"running at http://([0-9.:]+)", line)
            if found:
                self.address = found[1].decode()
                self.token = (self.data / "admin-token").read_text().strip()
                return
        raise RuntimeError(f"the node did not start:\n{self.log_text()}")

    def kill(self, number=signal.SIGKILL):
        pid = self.process.pid if self.process else None
        code = super().kill(number)
        for name in (f"faketime_shm_{pid}", f"sem.faketime_sem_{pid}"):
            pathlib.Path("/dev/shm", name).unlink(missing_ok=True)
        return code


class Nemesis:
    """Does the faults of a plan to a node, and writes down what it did."""

    def __init__(self, node, audit, out):
        self.node, self.audit, self.out = node, audit, out
        self.began = time.monotonic()
        self.journal = []
        self.kills = 0

    def run(self, faults, kills, seconds):
        """Until so many kills, or for so long where that is given."""
        until = time.monotonic() + seconds if seconds else None
        for fault in faults:
            if time.monotonic() >= until if until else self.kills >= kills:
                return
            time.sleep(fault.after)  # the moment is what is random
            self.journal.append(f"{time.monotonic() - self.began:9.3f} s  {fault}")
            getattr(self, fault.kind)(fault.amount)

    def revive(self):
        self.node.start()
        self.audit.after_start()
        self.kills += 1
        if self.kills % 20 == 0:
            self.out(f"{self.kills} kills, {time.monotonic() - self.began:.0f} s")

    def kill(self, _):
        self.node.kill()
        self.revive()

    def kill_at_start(self, seconds):
        self.node.kill()
        self.node.spawn()
        time.sleep(seconds)
        self.node.kill()
        self.kills += 1
        self.revive()

    def kill_and_wait(self, seconds):
        self.node.kill()
        time.sleep(seconds)
        self.revive()

    def freeze(self, seconds):
        self.node.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.node.process.send_signal(signal.SIGCONT)

    def jump(self, seconds):
        if self.node.has_clock and abs(self.node.offset + seconds) <= FARTHEST:
            self.node.set_clock(self.node.offset + seconds)

    def stop(self, _):
        code = self.node.stop()
        if code != 0:
            self.audit.violations.append(f"a node that was asked to stop ends with 0: {code}")
        self.node.start()
        self.audit.after_start()


def show(seed, count):
    return [str(fault) for fault in itertools.islice(plan(seed), count)]
