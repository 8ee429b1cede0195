"""A private MariaDB for tests, from Debian's package: made in a directory of its own, on a unix
socket and a port of the loopback, and removed afterwards. It does not wait for the disk: a killed
server loses nothing by that, only a killed machine would.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from postgres import SKIPPED, free_port

OPTIONS = ["--no-defaults", "--skip-name-resolve", "--bind-address=127.0.0.1",
           "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M",
           "--innodb-log-file-size=16M", "--skip-log-bin", "--performance-schema=OFF",
           "--max-connections=200", "--innodb-lock-wait-timeout=30",
           "--default-time-zone=+05:45"]  # no test may depend on it


def binary(name):
    path = shutil.which(name, path="/usr/sbin:/usr/bin:" + os.environ["PATH"])
    if path is None:
        print("MariaDB is not installed; ./dev deps installs it", file=sys.stderr)
        sys.exit(SKIPPED)
    return path


class Server:
    """One server and its directory. Use as a context manager."""

    def __init__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="mainspring-mariadb-"))
        self.data, self.socket = self.directory / "data", self.directory / "socket"
        self.process, self.port = None, free_port()

    def __enter__(self):
        try:
            subprocess.run([binary("mariadb-install-db"), "--no-defaults", f"--datadir={self.data}",
                            "--auth-root-authentication-method=normal", "--skip-test-db",
                            "--innodb-log-file-size=16M", *self.as_user()],
                           check=True, capture_output=True)
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    @staticmethod
    def as_user():
        return ["--user=root"] if os.geteuid() == 0 else []

    def start(self):
        with open(self.directory / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [binary("mariadbd"), *OPTIONS, *self.as_user(), f"--datadir={self.data}",
                 f"--socket={self.socket}", f"--port={self.port}",
                 f"--pid-file={self.directory}/pid"], stdout=subprocess.DEVNULL, stderr=log)
        deadline = time.monotonic() + 60
        while self.client("SELECT 1").returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.directory / "server.log").read_text()[-3000:])
            time.sleep(0.05)

    def stop(self, number=signal.SIGKILL):
        """As a crash: without a last word to anybody."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait()
            self.process = None

    def client(self, text, database=None):
        words = [binary("mariadb"), "--no-defaults", "-uroot", f"-S{self.socket}", "-N", "-B", "-e",
                 text, *([database] if database else [])]
        return subprocess.run(words, capture_output=True, text=True)

    def sql(self, text, database=None):
        done = self.client(text, database)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()
