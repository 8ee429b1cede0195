"""Runs jobctl with a home of its own, so that no node of this machine is found."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from node import program  # noqa: E402

JOBCTL = program("jobctl")
DEADLINE_S = 60  # of one command; sanitizers are slow


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self._home = tempfile.TemporaryDirectory(prefix="jobctl_test_")
        self.addCleanup(self._home.cleanup)
        self.home = Path(self._home.name)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("MAINSPRING_")}
        kept.pop("XDG_STATE_HOME", None)
        self.environment = {**kept, "HOME": self._home.name}

    def write(self, name, text):
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    def run_jobctl(self, *words, stdin=b""):
        """(exit code, stdout, stderr); stdout and stderr as text where they are text."""
        done = subprocess.run([JOBCTL, *words], input=stdin, capture_output=True, check=False,
                              env=self.environment, cwd=self.home, timeout=DEADLINE_S)
        return done.returncode, as_text(done.stdout), as_text(done.stderr)

    def expect(self, code, *words, out=None, err=None, stdin=b""):
        found = self.run_jobctl(*words, stdin=stdin)
        self.assertEqual(found[0], code, f"{words}: {found}")
        if out is not None:
            self.assertEqual(found[1], out)
        if err is not None:
            self.assertEqual(found[2], err)
        return found


def as_text(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data
