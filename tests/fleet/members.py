"""The members of a fleet, each in a network namespace: the database, nodes that share it, workers
that know nothing but the nodes, and a client who asks whichever node answers."""
import http.client
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "support"))
from node import Node, program  # noqa: E402
import postgres  # noqa: E402

UNAVAILABLE = 6  # the exit code of a node that starts where its database does not answer
LEASE = 10.0  # seconds: the default, which the promise of 12 seconds is about
FLAGS = ("--slots", "8", "--drain", "1s", "--plan-ahead", "10s", "--retention", "runs=1000000")
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
PATIENCE = 60


def inside(network, name, work):
    """What `work` returns, done on a thread that is in the place of that member."""
    outcome = []

    def enter_and_work():
        network.enter(name)
        try:
            outcome.append((work(), None))
        except BaseException as problem:  # handed to the caller
            outcome.append((None, problem))

    thread = threading.Thread(target=enter_and_work)
    thread.start()
    thread.join()
    answer, problem = outcome[0]
    if problem is not None:
        raise problem
    return answer


class Database(postgres.Server):
    """PostgreSQL in the place of a member, open to the other members."""

    def __init__(self, network, name):
        super().__init__()
        self.network, self.name = network, name
        self.host = network.add(name)

    def run(self, *command):
        return inside(self.network, self.name, lambda: super(Database, self).run(*command))

    def start(self):
        marker = self.data / "fleet"
        if not marker.exists():
            with open(self.data / "postgresql.conf", "a") as out:
                out.write("listen_addresses = '*'\n")
            with open(self.data / "pg_hba.conf", "a") as out:
                out.write("host all all 10.77.0.0/16 trust\n")
            marker.touch()
        super().start()

    def shared_url(self):
        return f"postgresql://mainspring@{self.host}:{self.setting('port')}/fleet"

    def restart(self):
        self.stop()
        self.start()


class Member:
    """A process that can be killed, frozen, cut off, and lied to about the time."""

    def __init__(self, network, name, directory):
        self.network, self.name = network, name
        self.host = network.add(name)
        self.data = pathlib.Path(directory) / name
        self.log_path = pathlib.Path(directory) / f"{name}.log"
        self.clock = pathlib.Path(directory) / f"{name}.clock"
        self.has_clock = os.path.exists(FAKETIME)
        self.process = None
        self.is_wanted = False
        self.lock = threading.Lock()
        self.set_clock(0.0)

    def environment(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("MAINSPRING_")}
        kept.update(XDG_STATE_HOME=str(self.data) + "-state", NO_COLOR="1")
        if self.has_clock:
            kept.update(LD_PRELOAD=FAKETIME, FAKETIME_NO_CACHE="1", FAKETIME_XRESET="1",
                        FAKETIME_TIMESTAMP_FILE=str(self.clock), FAKETIME_DONT_FAKE_MONOTONIC="1")
        return kept

    def set_clock(self, offset):
        following = self.clock.with_suffix(".new")
        following.write_text(f"{offset:+.3f}s\n")
        following.rename(self.clock)  # nobody ever reads half of it

    def words(self):
        raise NotImplementedError

    def spawn(self):
        with self.lock, open(self.log_path, "ab") as log:
            self.is_wanted = True
            self.process = subprocess.Popen(
                self.network.command(self.name, *map(str, self.words())),
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.environment())

    def send(self, number):
        self.process.send_signal(number)

    def find_end(self):
        """The exit code of a member that has ended though nobody asked it to."""
        with self.lock:
            return self.process.poll() if self.is_wanted else None

    def kill(self, number=signal.SIGKILL):
        with self.lock:
            self.is_wanted = False
            self.process.send_signal(number)
        code = self.process.wait(timeout=PATIENCE)
        for name in (f"faketime_shm_{self.process.pid}", f"sem.faketime_sem_{self.process.pid}"):
            pathlib.Path("/dev/shm", name).unlink(missing_ok=True)
        return code

    def log_text(self):
        return self.log_path.read_text(errors="replace")


class Supervisor(threading.Thread):
    """Starts again, a second later, what has ended by itself, as systemd does. Only a node that
    came up without its database may."""

    def __init__(self, members):
        super().__init__(daemon=True)
        self.members, self.problems = members, []
        self.done = threading.Event()
        self.restarts = 0

    def run(self):
        while not self.done.wait(1):
            for member in self.members:
                code = member.find_end()
                if code is None:
                    continue
                if code != UNAVAILABLE:
                    self.problems.append(f"{member.name} ended by itself with {code}:\n"
                                         f"{member.log_text()[-2000:]}")
                self.restarts += 1
                member.spawn()


class FleetNode(Member):
    """A node with every role, on the shared database."""

    def __init__(self, network, name, directory, store):
        super().__init__(network, name, directory)
        self.store = store
        self.address = f"{self.host}:7070"

    def words(self):
        return [program("mainspring"), "serve", "--data-dir", self.data, "--store", self.store,
                "--listen", self.address, "--insecure-listen", "true", "--name", self.name, *FLAGS]

    def connect(self, timeout):
        return http.client.HTTPConnection(self.address, timeout=timeout)

    def request(self, method, path, body=None, headers=None, timeout=5):
        self.token = (self.data / "admin-token").read_text().strip()
        return Node.request(self, method, path, body, headers, timeout)

    def wait_until_up(self):
        until = time.monotonic() + PATIENCE
        while True:
            try:
                if self.request("GET", "/api/v1/jobs?limit=1").status == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError(f"{self.name} does not come up:\n{self.log_text()[-4000:]}")
            time.sleep(0.05)


class FleetWorker(Member):
    """A worker that joins over the API and knows no database."""

    def __init__(self, network, name, directory, nodes):
        super().__init__(network, name, directory)
        self.nodes = nodes
        self.token_file = self.data.with_suffix(".join")

    def words(self):
        servers = [word for node in self.nodes
                   for word in ("--join", f"http://{node.address}")]
        return [program("mainspring"), "worker", "--data-dir", self.data, *servers, "--token-file",
                self.token_file, "--name", self.name, "--slots", "8", "--insecure", "--drain", "1s"]


class AnyNode:
    """What a client sees of the fleet: one that answers. A request that got no answer goes to the
    next node; who sends a request again under its key means the same one. Use on one thread, which
    is in the place of the client."""

    def __init__(self, nodes, first):
        self.nodes, self.turn = nodes, first

    def request(self, *words, **named):
        is_long = "Prefer" in (named.get("headers") or {})  # it asks to be answered later
        for _ in self.nodes:
            node = self.nodes[self.turn % len(self.nodes)]
            try:
                return node.request(*words, **{"timeout": 15 if is_long else 5, **named})
            except (OSError, http.client.HTTPException):
                self.turn += 1
        raise ConnectionError("no node of the fleet answers")

    def apply(self, manifest):
        return Node.apply(self, manifest)

    def submit(self, job, **body):
        return Node.submit(self, job, **body)

    def wait(self, run, seconds=PATIENCE):
        return Node.wait(self, run, seconds)
