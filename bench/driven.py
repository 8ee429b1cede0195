"""Processes that do what a line says and answer each with a line of JSON: both sides of a
measurement beside peers are driven so. The verbs are in driven.cc and peers/drive.js."""
import json
import pathlib
import subprocess

from servers import Missing, die_with_parent

PEERS = pathlib.Path(__file__).resolve().parent / "peers"
WITH_NODE = PEERS.parents[1] / "ui" / "tools" / "with-node"


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
    """All do it at the same time; the sum of their rates."""
    for process in processes:
        process.say(verb, *numbers)
    return sum(process.answer().get("rate", 0) for process in processes)


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


def adds(processes, callers, each, milliseconds):
    """Jobs added per second, by so many callers in all of the processes."""
    shared = max(1, callers // len(processes))
    return ask_all(processes, "adds", shared, each, milliseconds)


def lives(processes, callers, each, milliseconds):
    """Jobs that reached their end per second, once everything is under way."""
    shared = max(1, callers // len(processes))
    ask_all(processes, "begin", shared, each)
    processes[0].ask("warm", milliseconds // 2)
    rate = processes[0].ask("watch", milliseconds)["rate"]
    ask_all(processes, "end")
    return rate
