#!/usr/bin/env python3
"""A private PostgreSQL for tests, from Debian's package: made in a directory of its own, on a unix
socket and a port of the loopback, and removed afterwards. It does not wait for the disk (fsync is
off): a killed server loses nothing by that, only a killed machine would.

    postgres.py run COMMAND...    runs it with MAINSPRING_TEST_POSTGRES, the URL of a database, and
                                  MAINSPRING_TEST_POSTGRES_CONTROL, a command that takes one word:
                                  `stop` (immediately, as a crash), `start`, or `pooler`, which
                                  starts PgBouncer in transaction mode and prints its URL
"""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

SKIPPED = 77  # what ctest takes for "skipped"
# Sorted as people do, so that a column which must sort by bytes and does not say so is found.
INITDB = ["-U", "mainspring", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8",
          "--locale-provider=icu", "--icu-locale=en-US"]
SETTINGS = {
    "fsync": "off", "listen_addresses": "127.0.0.1", "shared_buffers": "32MB",
    "max_connections": "200", "max_wal_size": "256MB", "log_min_messages": "warning",
    "timezone": "Asia/Kathmandu",  # no test may depend on it
}


def binary(name):
    for folder in sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    print("PostgreSQL is not installed; ./dev deps installs it", file=sys.stderr)
    sys.exit(SKIPPED)


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def as_user():
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    import pwd
    names = {user.pw_name for user in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Server:
    """One server and its directory. Use as a context manager, or attach to one that stands."""

    def __init__(self, directory=None):
        self.is_ours = directory is None
        self.directory = pathlib.Path(directory or tempfile.mkdtemp(prefix="mainspring-postgres-"))
        self.data = self.directory / "data"
        self.pooler = None

    def __enter__(self):
        owner = as_user()
        if owner:
            os.chown(self.directory, owner["user"], owner["group"])
        os.chmod(self.directory, 0o755)
        try:
            self.run(binary("initdb"), "-D", self.data, *INITDB)
            settings = {**SETTINGS, "port": free_port(), "unix_socket_directories": self.directory}
            with open(self.data / "postgresql.conf", "a") as out:
                out.writelines(f"{key} = '{value}'\n" for key, value in settings.items())
            self.start()
        except BaseException:
            shutil.rmtree(self.directory, ignore_errors=True)
            raise
        return self

    def __exit__(self, *unused):
        self.stop()
        pid = self.directory / "pgbouncer.pid"
        if pid.exists():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid.read_text()), signal.SIGKILL)
        shutil.rmtree(self.directory, ignore_errors=True)

    def run(self, *command):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                              cwd="/", **as_user())
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def setting(self, name):
        lines = (self.data / "postgresql.conf").read_text().split("\n")
        return [line.split("'")[1] for line in lines if line.startswith(f"{name} = ")][-1]

    def url(self, database="postgres", port=None):
        return f"postgresql://mainspring@127.0.0.1:{port or self.setting('port')}/{database}"

    def start(self):
        # Its own log, for pg_ctl would keep the pipe of a test open.
        self.run(binary("pg_ctl"), "-D", self.data, "-w", "-t", "60", "-l",
                 self.directory / "server.log", "start")

    def stop(self):
        """As a crash: without a last word to anybody."""
        with contextlib.suppress(RuntimeError):
            self.run(binary("pg_ctl"), "-D", self.data, "-w", "-m", "immediate", "stop")

    def sql(self, text, database="postgres"):
        return self.run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text,
                        self.url(database)).strip()

    def create(self, database):
        self.sql(f'CREATE DATABASE "{database}"')
        return self.url(database)

    def start_pooler(self):
        """PgBouncer in transaction mode, with fewer connections than clients; its port."""
        port = free_port()
        settings = self.directory / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n* = host=127.0.0.1 port={self.setting('port')}\n[pgbouncer]\n"
            f"listen_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\n"
            f"pool_mode = transaction\ndefault_pool_size = 4\nmax_client_conn = 100\n"
            f"unix_socket_dir =\nlogfile = {self.directory}/pgbouncer.log\n"
            f"pidfile = {self.directory}/pgbouncer.pid\nserver_round_robin = 1\n"
            f"ignore_startup_parameters = extra_float_digits\n")
        program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:" + os.environ["PATH"])
        if program is None:
            print("PgBouncer is not installed; ./dev deps installs it", file=sys.stderr)
            sys.exit(SKIPPED)
        # auth_type any needs the user of each database.
        text = settings.read_text().replace("\n[pgbouncer]", " user=mainspring\n[pgbouncer]")
        settings.write_text(text)
        self.run(program, "-d", settings)
        deadline = time.monotonic() + 20
        while True:
            with contextlib.closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return port
            if time.monotonic() > deadline:
                raise RuntimeError("PgBouncer did not start")
            time.sleep(0.02)


def run(command):
    with Server() as server:
        script = pathlib.Path(__file__).resolve()
        environment = {**os.environ, "MAINSPRING_TEST_POSTGRES": server.url(),
                       "MAINSPRING_TEST_POSTGRES_CONTROL":
                           f"{sys.executable} -B {script} --directory {server.directory}"}
        return subprocess.run(command, env=environment).returncode


def main(words):
    if words[:1] == ["run"] and len(words) > 1:
        return run(words[1:])
    if words[:1] == ["--directory"] and len(words) == 3:
        server = Server(words[1])
        if words[2] == "stop":
            return server.stop()
        if words[2] == "start":
            return server.start()
        if words[2] == "pooler":
            return print(server.url(port=server.start_pooler()))
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
