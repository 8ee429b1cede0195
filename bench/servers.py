"""The servers of the peers: started on folders of their own and Unix sockets, removed at the end.

Everything lies in TMPDIR, like the stores that they are measured beside. Each is a context manager;
`address` is what its clients connect to. They also end when this process is killed.
"""
import contextlib
import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import figures  # which says where the tests' support is
from postgres import as_user

START_SECONDS = 60
STOP_SECONDS = 30
SKIPPED = 77  # the exit code that run.py and ctest call skipped
PR_SET_PDEATHSIG = 1


class Missing(Exception):
    """Something that is measured beside is not installed; the text says what to do."""


def find_program(name, package):
    found = shutil.which(name)
    if found is None:  # Debian keeps PostgreSQL's programs out of PATH
        versions = pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
        found = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    if found is None:
        raise Missing(f"{name} is not installed: apt-get install {package}, or ./dev bench")
    return str(found)


def run_with_servers(main):
    """Calls main(). However it is stopped, its servers are stopped and removed; exits with 77 where
    something is not installed."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main()
    except Missing as missing:
        print(f"bench: left out, {missing}", file=sys.stderr)
        sys.exit(SKIPPED)
    except KeyboardInterrupt:
        sys.exit(130)


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Server:
    """A program, its folder, and the user who may run it."""

    owner = {}  # this user, or what subprocess needs to run it as another
    stop_signal = signal.SIGTERM

    def __init__(self):
        self.process = None
        self.programs()

    def programs(self):
        """Raises Missing."""

    def command(self):
        raise NotImplementedError

    def prepare(self):
        """Before the server starts."""

    def is_ready(self):
        return pathlib.Path(self.socket()).exists()

    def socket(self):
        return str(self.directory / "socket")

    @property
    def address(self):
        return self.socket()

    def __enter__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="mainspring-peer-"))
        if self.owner:
            os.chown(self.directory, self.owner["user"], self.owner["group"])
        try:
            self.prepare()
            self.spawn(self.command())
            self.wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def spawn(self, command):
        # A group of its own: a Ctrl-C is for us, who then stop the server.
        with open(self.directory / "log", "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory,
                preexec_fn=die_with_parent, process_group=0, **self.owner)
        return self.process

    def wait_until_ready(self):
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.command()[0]} did not start:\n{self.log_text()}")
            time.sleep(0.05)

    def log_text(self):
        return (self.directory / "log").read_text(errors="replace")[-4000:]

    def __exit__(self, *unused):
        if self.process:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


class Redis(Server):
    """Every write is in the file and on the disk before it is answered."""

    def programs(self):
        self.program = find_program("redis-server", "redis-server")

    def command(self):
        return [self.program, "--port", "0", "--unixsocket", self.socket(), "--dir",
                str(self.directory), "--appendonly", "yes", "--appendfsync", "always", "--save", ""]


class Beanstalkd(Server):
    """Each command that changes something is on the disk before it is answered."""

    def programs(self):
        self.program = find_program("beanstalkd", "beanstalkd")

    def prepare(self):
        (self.directory / "binlog").mkdir()

    def command(self):
        return [self.program, "-l", "unix:" + self.socket(), "-b", str(self.directory / "binlog"),
                "-f", "0"]

    def version(self):
        return subprocess.run([self.program, "-v"], capture_output=True, text=True).stdout.strip()


class Postgres(Server):
    """As it comes, with fsync and synchronous_commit on, and room between checkpoints."""

    stop_signal = signal.SIGINT  # "fast": open connections are closed

    def programs(self):
        self.program = find_program("postgres", "postgresql")
        self.initdb = find_program("initdb", "postgresql")
        self.owner = as_user()  # it refuses root

    def prepare(self):
        made = self.spawn([self.initdb, "--pgdata", "data", "--username", "bench", "--auth",
                           "trust", "--encoding", "UTF8", "--no-locale"])
        if made.wait() != 0:
            raise RuntimeError(f"initdb failed:\n{self.log_text()}")

    def command(self):
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.directory),
                    "fsync": "on", "synchronous_commit": "on", "max_connections": "300",
                    "max_wal_size": "4GB"}
        return [self.program, "-D", str(self.directory / "data"),
                *(f"--{name}={value}" for name, value in settings.items())]

    def is_ready(self):
        lines = self.directory / "data" / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError):
            return "ready" in lines.read_text()
        return False

    @property
    def address(self):
        return self.database("postgres")

    def database(self, name):
        return f"postgresql://bench@/{name}?host={self.directory}"

    def create_database(self, name):
        psql = find_program("psql", "postgresql-client")
        subprocess.run([psql, "--quiet", "--no-psqlrc", self.address, "-c",
                        f"create database {name}"], check=True)
        return self.database(name)
