"""What /proc and the cgroup file systems know of the work of one node."""
import os
import pathlib
import time

CGROUPS = pathlib.Path("/sys/fs/cgroup")


class Worker:
    """A process that works for a run: its mark stands in its environment."""

    def __init__(self, pid, variables, started):
        self.pid, self.started = pid, started
        self.run = variables.get("MAINSPRING_RUN_ID", "")
        self.epoch = int(variables.get("MAINSPRING_EPOCH", "0"))

    def __str__(self):
        return f"process {self.pid} of {self.run} epoch {self.epoch}"


def start_of(pid):
    """In clock ticks since the machine started; nothing for a process that has ended."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def find_workers(mark):
    """Every live process whose environment has MARKS=`mark`."""
    wanted, found = f"MARKS={mark}".encode(), []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            environment = pathlib.Path(f"/proc/{entry}/environ").read_bytes().split(b"\0")
        except OSError:
            continue
        started = start_of(entry)
        if wanted in environment and started is not None:
            variables = dict(line.decode(errors="replace").split("=", 1)
                             for line in environment if b"=" in line)
            found.append(Worker(int(entry), variables, started))
    return found


def is_below(pid, ancestor):
    """Whether the one process comes from the other, whose orphans do not count."""
    while pid > 1 and pid != ancestor:
        try:
            text = pathlib.Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False
        pid = int(text.rsplit(")", 1)[1].split()[1])
    return pid == ancestor


def watchdogs_of(node_pid):
    """The live ones that this node has started."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                words = pathlib.Path(f"/proc/{entry}/cmdline").read_bytes().split(b"\0")
                parent = pathlib.Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if words[1:2] == [b"watchdog"] and parent[1] == str(node_pid) and parent[0] != "Z":
                yield int(entry)


def descriptors(pid):
    """What the process has open, counted by what it is."""
    counts = {}
    for entry in os.scandir(f"/proc/{pid}/fd"):
        try:
            name = os.readlink(entry.path)
        except OSError:
            continue
        kind = name.split(":")[0] if not name.startswith("/") else name
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def attempt_groups(worker_id):
    """Control groups of attempts of this node."""
    return [path for node in node_groups(worker_id) for path in node.glob("attempt-*")]


def node_groups(worker_id):
    found = []
    for directory, names, _ in os.walk(CGROUPS):
        if f"mainspring-{worker_id}" in names:
            found.append(pathlib.Path(directory, f"mainspring-{worker_id}"))
    return found


def wait_for(predicate, seconds):
    """Whether it came true in time."""
    until = time.monotonic() + seconds
    while not predicate():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
