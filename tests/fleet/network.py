"""A network of this machine's own: members that are network namespaces, and a router between them
that can lose what one of them sends to another, in one direction or in both.

Needs root and ip(8). What is lost is lost in silence, as behind a pulled cable: nobody is told.
"""
import ctypes
import os
import pathlib
import re
import shutil
import subprocess
import threading

CLONE_NEWNET = 0x40000000
NAMES = pathlib.Path("/run/netns")
PREFIX = re.compile(r"ms(\d+)-")


def is_possible():
    """Whether this machine lets us; a container often does not."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        return False
    name = f"ms{os.getpid()}-try"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True)
    rule = subprocess.run(["ip", "-n", name, "rule", "add", "from", "10.77.0.2", "blackhole"],
                          capture_output=True)
    subprocess.run(["ip", "netns", "delete", name], capture_output=True)
    return made.returncode == 0 and rule.returncode == 0


def ip(*words):
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"ip {' '.join(words)}: {done.stderr.strip()}")


def remove_leftovers():
    """Namespaces of tests that were killed."""
    for name in os.listdir(NAMES) if NAMES.exists() else []:
        found = PREFIX.match(name)
        if found and not pathlib.Path(f"/proc/{found[1]}").exists():
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)


class Network:
    """Use as a context manager. Any thread may cut and heal."""

    def __init__(self):
        self.prefix = f"ms{os.getpid()}-"
        self.router = self.prefix + "router"
        self.members = {}
        self.cuts = set()
        self.lock = threading.Lock()

    def __enter__(self):
        remove_leftovers()
        ip("netns", "add", self.router)
        ip("-n", self.router, "link", "set", "lo", "up")
        ip("netns", "exec", self.router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        return self

    def __exit__(self, *unused):
        for name in [*self.members.values(), self.router]:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)

    def add(self, name):
        """A member with an address of its own, which is returned."""
        space, number = self.prefix + name, len(self.members) + 1
        ip("netns", "add", space)
        self.members[name] = space
        ip("-n", space, "link", "set", "lo", "up")
        ip("-n", self.router, "link", "add", f"to-{number}", "type", "veth", "peer", "name", "eth0",
           "netns", space)
        ip("-n", self.router, "address", "add", f"10.77.{number}.1/24", "dev", f"to-{number}")
        ip("-n", self.router, "link", "set", f"to-{number}", "up")
        ip("-n", space, "address", "add", f"10.77.{number}.2/24", "dev", "eth0")
        ip("-n", space, "link", "set", "eth0", "up")
        ip("-n", space, "route", "add", "default", "via", f"10.77.{number}.1")
        return self.address(name)

    def address(self, name):
        return f"10.77.{list(self.members).index(name) + 1}.2"

    def command(self, name, *words):
        """The words that run a program as this member; it is the process that is started."""
        # Not `ip netns exec`: that hides /sys, and control groups with it.
        return ["nsenter", f"--net={NAMES / self.members[name]}", *words]

    def enter(self, name):
        """Puts the calling thread into the place of that member: its new sockets belong there."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open(NAMES / self.members[name]) as space:
            if libc.setns(space.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), f"cannot enter the namespace of {name}")

    def cut(self, sender, receiver):
        """What `sender` sends does not reach `receiver` any more; the way back stays."""
        with self.lock:
            if (sender, receiver) not in self.cuts:
                self.cuts.add((sender, receiver))
                ip("-n", self.router, "rule", "add", *self.rule(sender, receiver))

    def heal(self, sender, receiver):
        with self.lock:
            if (sender, receiver) in self.cuts:
                self.cuts.remove((sender, receiver))
                ip("-n", self.router, "rule", "delete", *self.rule(sender, receiver))

    def rule(self, sender, receiver):
        return ["from", self.address(sender), "to", self.address(receiver), "blackhole"]
