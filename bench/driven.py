"""Processes that do what a line says and answer each with a line of JSON: both sides of a
measurement beside peers are driven so. The verbs are in driven.cc and peers/drive.js."""
import json
import pathlib
import subprocess

from servers import Missing, die_with_parent

PEERS = pathlib.Path(__file__).resolve().parent / "peers"
WITH_NODE = PEERS.parents[1] / "ui" / "tools" / "with-node"


class Time:
    """How long to measure."""

    def __init__(self, quick):
        self.rounds = 1 if quick else 5
        self.milliseconds = 200 if quick else 1_500


class Driven:
    """One process. Use as a context manager; it is ready when it has been entered."""

    def __init__(self, *command):
        self.command = [str(word) for word in command]

    def __enter__(self):
        # A group of its own: a Ctrl-C is for us, who then end it.
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE, preexec_fn=die_with_parent,
                                        process_group=0)
        try:
            self.answer()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def say(self, verb, *numbers):
        self.process.stdin.write(" ".join([verb, *map(str, numbers)]) + "\n")
        self.process.stdin.flush()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"'{' '.join(self.command)}' ended; its words are above")
        return json.loads(line)

    def ask(self, verb, *numbers):
        self.say(verb, *numbers)
        return self.answer()


def ask_all(processes, verb, *numbers):
    """All do it at the same time; their answers."""
    for process in processes:
        process.say(verb, *numbers)
    return [process.answer() for process in processes]


def sum_of(answers, key="rate"):
    return sum(answer[key] for answer in answers)


class Peer:
    """Client processes of one peer on one server. `name` says which peer and version it is."""

    def __init__(self, name, module, address, processes):
        self.name = name
        self.processes = [client(module, address) for _ in range(processes)]

    def variants(self):
        """(words, processes): from one client process to all of them."""
        for count in range(1, len(self.processes) + 1):
            words = f"{self.name}, {count} client process{'es' if count > 1 else ''}"
            yield words, self.processes[:count]


def client(module, address):
    return Driven(WITH_NODE, "node", PEERS / "drive.js", module, address)


def graphile(postgres, processes):
    name = f"graphile-worker {client_version('graphile-worker')}"
    return Peer(name, "graphile", postgres.create_database("graphile"), processes)


def pgboss(postgres, processes):
    name = f"pg-boss {client_version('pg-boss')}"
    return Peer(name, "pgboss", postgres.create_database("pgboss"), processes)


def client_version(package):
    return json.loads((PEERS / "node_modules" / package / "package.json").read_text())["version"]


def check_clients():
    """Raises Missing."""
    if not (PEERS / "node_modules" / ".wanted").exists():
        raise Missing("the clients of the peers are not installed: bench/peers/install, or "
                      "./dev bench")


def in_turn(contestants, rounds):
    """{words: [rate of each round]}; what a contestant does first is not counted."""
    rates = {words: [] for words in contestants}
    for number in range(rounds + 1):
        for words, measure in contestants.items():
            rate = measure()
            if number > 0:
                rates[words].append(rate)
    return rates


def shared(callers, processes):
    return max(1, callers // len(processes))


def adds(processes, callers, each, time):
    """Jobs added per second, by so many callers in all of the processes."""
    return sum_of(ask_all(processes, "adds", shared(callers, processes), each, time.milliseconds))


def lives(processes, callers, each, time):
    """Whole lives per second: jobs are added for a while, and when nobody adds any more all of them
    are worked on. Adding and working side by side made no peer faster, and BullMQ much slower."""
    processes[0].ask("mark")
    added = ask_all(processes, "adds", shared(callers, processes), each, time.milliseconds)
    worked = work(processes, sum_of(added, "added"))
    return 1 / (1 / sum_of(added) + 1 / worked)


def programs(processes, count, slots):
    """Jobs that start /bin/true per second, so many at a time in each process."""
    processes[0].ask("mark")
    processes[0].ask("fill", count)
    return work(processes, count, slots)


def work(processes, count, slots=0):
    ask_all(processes, "work", slots)
    rate = processes[0].ask("drain", count)["rate"]
    ask_all(processes, "rest")
    return rate
