"""Secrets of a worker: stored from outside, named by jobs, masked in logs."""
import os
import pathlib
import pty
import re
import select
import signal
import stat
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node, program  # noqa: E402

JOB = """\
name: show
command: |
  echo "it is <$VALUE>"
  printf %%s "$VALUE" | wc -c
environment: {VALUE: {secret: %s}}
"""
DEADLINE_S = 30


class SecretsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.addClassCleanup(cls.node.__exit__)
        cls.node.start()

    def secret(self, *words, code=0, value=None, data=None):
        done = subprocess.run([program("mainspring"), "secret", *words, "--data-dir",
                               data or self.node.data], input=value or b"", capture_output=True,
                              env=self.node.environment())
        self.assertEqual(done.returncode, code, (words, done.stdout, done.stderr))
        return (done.stdout + done.stderr).decode()

    def run_job(self, secret):
        self.node.apply(JOB % secret)
        return self.node.wait(self.node.submit("show"))

    def log_of(self, run):
        return self.node.log_of(run["id"]).decode()

    def told_of(self, run):
        return str(self.node.request("GET", f"/api/v1/runs/{run['id']}").json())

    def path(self, name, tenant="default"):
        return self.node.data / "secrets" / tenant / name

    def test_a_job_gets_the_value_and_its_log_does_not_show_it(self):
        self.secret("set", "plain", value=b"s3cret-value\n")
        run = self.run_job("plain")
        self.assertEqual(run["state"], "succeeded", run)
        self.assertEqual(self.log_of(run), "it is <***>\n12\n")

    def test_a_change_counts_from_the_next_attempt_without_a_restart(self):
        self.secret("set", "changing", value=b"first-value")
        self.assertTrue(self.log_of(self.run_job("changing")).endswith("\n11\n"))
        self.secret("set", "changing", value=b"the-second-value")
        self.assertTrue(self.log_of(self.run_job("changing")).endswith("\n16\n"))

    def test_one_newline_at_the_end_is_left_out_and_no_more(self):
        for value, size in ((b"value", 5), (b"value\n", 5), (b"value\n\n", 6), (b" value ", 7)):
            self.secret("set", "lines", value=value)
            self.assertTrue(self.log_of(self.run_job("lines")).endswith(f"\n{size}\n"), value)

    def test_every_line_of_a_value_is_masked(self):
        self.secret("set", "key", value=b"-----BEGIN-----\nAAAA-BBBB\n-----END-----\n")
        self.assertNotIn("AAAA", self.log_of(self.run_job("key")))

    def test_a_secret_that_is_missing_fails_the_attempt_and_names_the_command(self):
        run = self.run_job("nowhere")
        self.assertEqual(run["state"], "failed", run)
        told = self.told_of(run)
        self.assertIn("VALUE", told)
        self.assertIn(f"`mainspring secret set nowhere --data-dir {self.node.data}`", told)

    def test_a_file_that_others_may_read_is_refused_and_doctor_warns(self):
        self.secret("set", "open", value=b"s3cret-value")
        self.path("open").chmod(0o644)
        self.addCleanup(self.secret, "remove", "open")
        run = self.run_job("open")
        self.assertEqual(run["state"], "failed", run)
        self.assertIn("chmod 600", self.told_of(run))
        self.assertRegex(self.doctor(), r"secrets +warn .*others than their owner may look into "
                                        rf"{self.path('open')}")
        self.secret("set", "open", value=b"s3cret-value")  # which closes it
        self.assertRegex(self.doctor(), r"secrets +ok ")

    def doctor(self):
        return subprocess.run([program("mainspring"), "doctor", "--data-dir", self.node.data],
                              capture_output=True, text=True, env=self.node.environment()).stdout

    def test_files_are_for_their_owner_alone(self):
        self.secret("set", "mine", value=b"s3cret-value")
        self.assertEqual(stat.S_IMODE(self.path("mine").stat().st_mode), 0o600)
        for directory in (self.path("mine").parent, self.path("mine").parent.parent):
            self.assertEqual(stat.S_IMODE(directory.stat().st_mode), 0o700)
        self.assertEqual([p.name for p in self.path("mine").parent.iterdir()
                          if p.name.startswith(".")], [])

    def test_names_are_listed_without_values_and_removed(self):
        self.secret("set", "listed", "--tenant", "acme", value=b"s3cret-value")
        told = self.secret("list", "--tenant", "acme")
        self.assertRegex(told, r"^listed +20\d\d-\d\d-\d\dT\S+Z\n$")
        self.assertIn("did you mean 'listed'", self.secret("remove", "liste", "--tenant", "acme",
                                                           code=3))
        self.secret("remove", "listed", "--tenant", "acme")
        self.assertIn("There is none", self.secret("list", "--tenant", "acme"))
        self.assertFalse(self.path("listed", "acme").exists())

    def test_bad_names_and_values_are_refused_and_nothing_is_stored(self):
        for name in ("../x", "Upper", ".hidden", "a/b", ""):
            self.assertIn("is no name of a secret", self.secret("set", name, code=2, value=b"v"))
        self.assertIn("is no name of a tenant",
                      self.secret("set", "x", "--tenant", "..", code=2, value=b"v"))
        self.assertIn("empty", self.secret("set", "x", code=2, value=b"\n"))
        self.assertIn("zero byte", self.secret("set", "x", code=2, value=b"a\0b"))
        self.assertIn("64 KiB", self.secret("set", "x", code=2, value=b"x" * (64 << 10 | 1)))
        self.secret("set", "x", value=b"x" * (64 << 10))
        self.secret("remove", "x")
        self.secret("list", code=3, data="/nonexistent/data")

    def test_a_value_is_never_an_argument(self):
        self.secret("set", "x", "value", code=2)

    @unittest.skipUnless(os.geteuid() == 0, "only root can be another user")
    def test_a_directory_of_another_user_is_refused_with_the_way_to_do_it(self):
        data = self.node.directory / "others"
        data.mkdir(mode=0o700)
        os.chown(data, 65534, 65534)
        self.assertIn("sudo -u nobody", self.secret("set", "x", code=5, value=b"v", data=data))
        self.assertEqual(list(data.iterdir()), [])

    # --- on a terminal

    def ask(self, *typed, end=None):
        """Types each line when the program asks for it; what the terminal showed, and its code."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(program("mainspring"), ["mainspring", "secret", "set", "typed", "--data-dir",
                                              str(self.node.data)], self.node.environment())
        shown, left = b"", list(typed)
        while True:
            if not select.select([terminal], [], [], DEADLINE_S)[0]:
                os.kill(pid, signal.SIGKILL)
                self.fail(shown)
            try:
                read = os.read(terminal, 4096)
            except OSError:  # the other end is closed
                read = b""
            if not read:
                break
            shown += read
            if shown.endswith(b": ") and left:
                os.write(terminal, left.pop(0))
            elif shown.endswith(b": ") and end is not None:
                os.kill(pid, end)
                end = None
        os.close(terminal)
        return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def test_a_terminal_is_asked_twice_and_shows_nothing(self):
        shown, code = self.ask(b"typed-value\n", b"typed-value\n")
        self.assertEqual(code, 0, shown)
        self.assertNotIn("typed-value", shown)
        self.assertTrue(self.log_of(self.run_job("typed")).endswith("\n11\n"))
        self.secret("remove", "typed")

    def test_two_values_that_differ_store_nothing(self):
        shown, code = self.ask(b"one-value\n", b"another-value\n")
        self.assertEqual(code, 2, shown)
        self.assertIn("the two differ", shown)
        self.assertFalse(self.path("typed").exists())

    def test_an_interrupt_ends_it_and_stores_nothing(self):
        shown, code = self.ask(b"one-value\n", end=signal.SIGINT)
        self.assertEqual(code, -signal.SIGINT, shown)
        self.assertFalse(re.search("one-value", shown))
        self.assertFalse(self.path("typed").exists())


if __name__ == "__main__":
    unittest.main()
