#!/usr/bin/env python3
"""Backups of a real node: made under load, interrupted, damaged, proven, restored.

One test fills a disk: a small tmpfs in a mount namespace of this test's own. Where that may not be
made (it needs root) only that one is skipped.
"""
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node, program  # noqa: E402

INSIDE = "MAINSPRING_TEST_HAS_MOUNTS"
SECONDS = 60
BALLAST = 96 << 20  # bytes of log, so that a copy takes long enough to be met half way
JOBS = """
name: quick
command: 'true'
retry: {{max_attempts: 3, backoff: {{type: fixed, initial: 100ms}}, only: {{outcomes: [lost]}}}}
---
name: slow
command: 'test -e {flag} || sleep 600'
retry: {{max_attempts: 3, backoff: {{type: fixed, initial: 100ms}}, only: {{outcomes: [lost]}}}}
---
name: hourly
command: 'true'
schedule: {{cron: "0 * * * *"}}
"""


class Case(unittest.TestCase):
    def setUp(self):
        self.node = Node("--slots", "4", "--lease", "2s", "--heartbeat", "500ms")
        self.addCleanup(self.node.__exit__)
        self.node.directory.joinpath("out").mkdir(mode=0o700)
        self.flag = self.node.directory / "flag"
        self.file = self.node.directory / "out" / "b.db"

    def start(self):
        self.node.start()
        self.node.apply(JOBS.format(flag=self.flag))

    def words(self, *words):
        return [program("mainspring"), *map(str, words)]

    def run_program(self, code, *words):
        done = subprocess.run(self.words(*words), capture_output=True, text=True, timeout=300,
                              env=self.node.environment())
        self.assertEqual(done.returncode, code, done)
        return done

    def backup(self, *flags, code=0, file=None):
        return self.run_program(code, "backup", file or self.file, "--data-dir", self.node.data,
                                *flags)

    def verify(self, *flags, code=0):
        return self.run_program(code, "restore", self.file, "--verify", *flags)

    def left(self):
        return sorted(path.name for path in self.file.parent.iterdir())

    def until(self, ask):
        deadline = time.monotonic() + SECONDS
        while True:
            found = ask()
            if found:
                return found
            self.assertLess(time.monotonic(), deadline, self.node.log_text())
            time.sleep(0.05)

    def job_names(self):
        return {job["name"] for job in self.node.request("GET", "/api/v1/jobs").json()["items"]}

    def state_of(self, run):
        return self.node.request("GET", f"/api/v1/runs/{run}").json()["state"]

    @staticmethod
    def has_bytes(path, count):
        try:
            return path.stat().st_size >= count
        except FileNotFoundError:
            return False

    def fatten(self):
        """Gives the stopped node a long log, as years of work would."""
        database = sqlite3.connect(self.node.data / "mainspring.db")
        with database:
            database.executemany(
                "INSERT INTO log_chunks(run, attempt, seq, stream, at, bytes)"
                " VALUES (zeroblob(16), 1, ?, 0, 0, zeroblob(1000000))",
                [(seq,) for seq in range(BALLAST // 1_000_000)])
        database.close()

    def events(self):
        items = self.node.request("GET", "/api/v1/events?type=backup.").json()["items"]
        return [(event["type"], event["subject"]) for event in items]

    def restore_elsewhere(self, *flags):
        """Lets the node live on in a new directory, from the backup."""
        self.node.data = self.node.directory / "restored"
        return self.run_program(0, "restore", self.file, "--data-dir", self.node.data, *flags)


class Backups(Case):
    def test_made_under_load_it_is_whole_and_the_work_in_it_goes_on(self):
        self.start()
        slow = self.node.submit("slow")
        self.until(lambda: self.state_of(slow) == "running")
        accepted, over = [], threading.Event()

        def load():
            while not over.is_set():
                accepted.append(self.node.submit("quick"))

        threads = [threading.Thread(target=load) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            self.until(lambda: len(accepted) > 20)
            before = list(accepted)
            self.backup()
        finally:
            over.set()
            for thread in threads:
                thread.join()
        self.assertEqual(self.left(), ["b.db"])
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        proof = json.loads(self.verify("-o", "json").stdout)
        self.assertEqual(proof["contents"]["jobs"], 3)
        self.assertEqual(len(proof["contents"]["definitions"]), 64)
        self.assertEqual([fire["job"] for fire in proof["next"]], ["hourly"])
        self.assertEqual(self.left(), ["b.db"])
        against = self.verify("--against", self.node.data).stdout
        self.assertIn("explained", against)
        self.assertNotIn("NOT EXPLAINED", against)

        self.node.kill()
        self.flag.touch()  # the second attempt ends at once
        self.restore_elsewhere()
        self.node.start()
        self.assertEqual(self.events(), [("backup.restored", self.file.name)])
        for run in before:
            self.assertEqual(self.node.wait(run)["state"], "succeeded")
        self.assertEqual(self.node.wait(slow)["state"], "succeeded")
        attempts = self.node.request("GET", f"/api/v1/runs/{slow}/attempts").json()["items"]
        self.assertEqual(len(attempts), 2)
        self.assertIn("lost", json.dumps(attempts[0]["outcome"]))

    def test_killed_half_way_it_leaves_no_file_of_that_name_and_the_next_one_succeeds(self):
        self.start()
        self.node.stop()
        self.fatten()
        self.node.start()
        part = pathlib.Path(f"{self.file}.part")
        for number in (signal.SIGINT, signal.SIGKILL):
            process = subprocess.Popen(
                self.words("backup", self.file, "--data-dir", self.node.data),
                stderr=subprocess.DEVNULL, env=self.node.environment())
            while not self.has_bytes(part, 4 << 20):
                self.assertIsNone(process.poll(), "it was over before it could be met")
            process.send_signal(number)
            code = process.wait(timeout=60)
            self.assertFalse(self.file.exists())
            if number == signal.SIGINT:
                self.assertEqual(code, 130)
                self.assertEqual(self.left(), [])
        self.assertIn("b.db.part", self.left())
        self.assertEqual(self.node.wait(self.node.submit("quick"))["state"], "succeeded")
        self.backup()
        self.assertEqual(self.left(), ["b.db"])
        self.verify()

    def test_nothing_is_overwritten_unless_it_is_said(self):
        self.start()
        self.backup()
        first = self.file.read_bytes()
        self.assertIn("--force", self.backup(code=4).stderr)
        self.assertEqual(self.file.read_bytes(), first)
        self.node.submit("quick")
        self.backup("--force")
        self.assertNotEqual(self.file.read_bytes(), first)
        self.assertEqual(self.left(), ["b.db"])
        nothing = self.run_program(3, "backup", self.file, "--force", "--data-dir",
                                   self.file.parent)
        self.assertIn("there is no database", nothing.stderr)

    def test_a_damaged_one_is_named_and_not_restored(self):
        self.start()
        self.node.stop()
        self.backup()
        bytes_ = bytearray(self.file.read_bytes())
        bytes_[4096 * 2:4096 * 8] = os.urandom(4096 * 6)
        self.file.write_bytes(bytes_)
        self.assertIn(f"{self.file} is damaged", self.verify(code=6).stderr)
        refused = self.run_program(6, "restore", self.file, "--data-dir", self.node.data, "--force")
        self.assertIn("nothing was changed", refused.stderr)
        self.assertFalse(list(self.node.data.glob("*.before-*")))
        self.file.write_bytes(b"this is no database " * 1000)
        self.verify(code=6)
        self.node.start()  # the old database is as it was
        self.assertEqual(len(self.node.request("GET", "/api/v1/jobs").json()["items"]), 3)

    def test_a_restore_waits_for_no_node_and_keeps_the_old_database(self):
        self.start()
        self.backup()
        self.node.submit("quick")
        self.node.apply("name: later\ncommand: 'true'\n")
        self.run_program(4, "restore", self.file, "--data-dir", self.node.data, "--force")
        self.node.stop()
        refused = self.run_program(4, "restore", self.file, "--data-dir", self.node.data)
        self.assertIn("--force moves it aside", refused.stderr)
        told = self.run_program(0, "restore", self.file, "--data-dir", self.node.data, "--force")
        aside, = self.node.data.glob("mainspring.db.before-*")
        self.assertIn(str(aside), told.stderr)
        kept = sqlite3.connect(aside)
        self.assertEqual(kept.execute("SELECT count(*) FROM jobs").fetchone(), (4,))
        last = kept.execute("SELECT max(position) FROM events").fetchone()[0]
        kept.close()
        self.node.start()
        self.assertEqual(self.job_names(), {"quick", "slow", "hourly"})
        self.node.apply("name: later\ncommand: 'true'\n")
        events = self.node.request("GET", f"/api/v1/events?cursor={last}").json()["items"]
        self.assertGreater(int(events[0]["id"]), last + 1000)  # no position is given twice

    def kill_restore(self, when):
        """A restore that gets SIGKILL as soon as `when` holds, or comes to its end."""
        process = subprocess.Popen(
            self.words("restore", self.file, "--data-dir", self.node.data, "--force"),
            stderr=subprocess.DEVNULL, env=self.node.environment())
        while process.poll() is None and not when():
            pass
        process.kill()
        process.wait(timeout=60)

    def test_a_restore_that_is_killed_leaves_the_old_state_or_the_new(self):
        self.start()
        self.node.stop()
        self.fatten()
        self.backup()
        old, new = {"quick", "slow", "hourly", "later"}, {"quick", "slow", "hourly"}
        incoming = self.node.data / "mainspring.db.incoming"
        part = pathlib.Path(f"{incoming}.part")
        asides = set()
        seen = []

        def has_aside():
            return set(self.node.data.glob("*.before-*")) - asides

        for when in (lambda: self.has_bytes(part, 1), lambda: self.has_bytes(part, 32 << 20),
                     incoming.exists, has_aside):
            self.node.start()
            self.node.apply("name: later\ncommand: 'true'\n")
            self.node.kill()
            self.kill_restore(when)
            self.node.start()
            names = self.job_names()
            self.assertIn(names, (old, new))
            seen.append(names)
            run = self.node.submit("quick")
            self.assertEqual(self.node.wait(run)["state"], "succeeded")
            self.node.stop()
            self.assertEqual(list(self.node.data.glob("*.incoming*")), [])
            database = self.node.data / "mainspring.db"
            self.assertEqual(database.stat().st_nlink, 1)
            asides = set(self.node.data.glob("*.before-*"))
            self.assertEqual(len(asides), seen.count(new))
        self.assertIn(old, seen)

    def test_what_nobody_can_explain_is_told(self):
        self.start()
        self.backup()
        self.node.stop()
        database = sqlite3.connect(self.node.data / "mainspring.db")
        with database:
            database.execute("DELETE FROM jobs WHERE name = 'quick'")
        database.close()
        told = self.verify("--against", self.node.data, code=1).stdout
        self.assertIn("NOT EXPLAINED 1 jobs that changed or went without an event", told)


class Keeper(Case):
    def backups(self):
        reply = self.node.request("GET", "/api/v1/backups")
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json()

    def readiness(self):
        """What /readyz says of backups: a node without one still does its work."""
        reply = self.node.request("GET", "/readyz")
        self.assertEqual(reply.status, 200, reply.body)
        return [check for check in reply.json()["checks"] if check.startswith("Backups: ")]

    def test_one_that_is_asked_for_is_made_proven_and_told(self):
        self.start()
        self.assertEqual(self.backups()["items"], [])
        reply = self.node.request("POST", "/api/v1/backups")
        self.assertEqual(reply.status, 202, reply.body)
        name = reply.json()["name"]
        self.until(lambda: self.backups()["items"][0]["state"] == "verified")
        found = self.backups()
        self.assertEqual(found["items"][0]["name"], name)
        self.assertEqual(found["items"][0]["contents"]["jobs"], 3)
        self.assertIn("last_proven_at", found)
        self.assertEqual(self.readiness(), [])
        self.until(lambda: len(self.events()) == 2)
        self.assertEqual(self.events(), [("backup.completed", name), ("backup.verified", name)])
        self.file = self.node.data / "backups" / name
        self.verify()
        listed = self.node.jobctl("backup", "list")
        self.assertIn("verified", listed.stdout)
        self.assertEqual(self.node.jobctl("backup", "create").returncode, 0)
        checks = json.loads(self.node.jobctl("doctor", "-o", "json").stdout)["items"]
        self.assertIn("proven", {c["check"]: c["found"] for c in checks}["backup"])
        self.node.kill()
        self.node.start()  # what is known of them is kept
        self.assertEqual(self.backups()["items"][-1]["state"], "verified")

    def test_a_node_makes_them_by_itself_and_keeps_so_many(self):
        self.node.flags += ("--backup-every", "1s", "--backup-keep", "2")
        self.start()
        self.until(lambda: sum(kind == "backup.verified" for kind, _ in self.events()) >= 4)
        self.node.stop()
        files = list((self.node.data / "backups").glob("*.db"))
        self.assertLessEqual(len(files), 3)
        self.assertGreaterEqual(len(files), 2)
        self.assertFalse(list((self.node.data / "backups").glob("*.proof")))

    def kill_when(self, pattern):
        """Has a backup made and kills the node in the middle; what lies on the shelf then."""
        shelf = self.node.data / "backups"
        for _ in range(20):
            self.node.request("POST", "/api/v1/backups")
            self.until(lambda: list(shelf.glob(pattern)) or not self.is_busy())
            self.node.kill()
            found = list(shelf.glob(pattern))
            if found:
                return found
            self.node.start()
        raise AssertionError("it was always over before it could be met")

    def is_busy(self):
        return any(item["state"] == "making" for item in self.backups()["items"])

    def test_a_node_killed_in_the_middle_of_one_starts_clean_and_lists_no_half_one(self):
        self.start()
        self.node.stop()
        self.fatten()
        self.node.start()
        shelf = self.node.data / "backups"
        whole = 0
        for pattern in ("*.part", "*.proof/copy"):
            self.kill_when(pattern)
            self.node.start()
            self.until(lambda: all(path.name.endswith((".db", ".db.json"))
                                   for path in shelf.iterdir()))
            for item in self.backups()["items"]:
                self.run_program(0, "restore", shelf / item["name"], "--verify")
            whole = len(self.backups()["items"])
        self.assertEqual(self.node.request("POST", "/api/v1/backups").status, 202)
        self.until(lambda: self.backups()["items"][0]["state"] == "verified")
        self.assertEqual(len(self.backups()["items"]), whole + 1)

    def test_a_failure_is_told_and_stops_nothing(self):
        elsewhere = self.node.directory / "no-directory"
        elsewhere.write_text("in the way")
        self.node.flags += ("--backup-every", "1s", "--backup-dir", str(elsewhere))
        self.start()
        self.until(lambda: any(kind == "backup.failed" for kind, _ in self.events()))
        self.assertEqual(self.node.wait(self.node.submit("quick"))["state"], "succeeded")
        self.assertIn("failed", self.node.log_text())
        self.assertEqual(self.readiness(), ["Backups: their directory cannot be read."])


class Doctor(Case):
    def doctor(self, code=0):
        told = self.run_program(code, "doctor", "--data-dir", self.node.data, "-o", "json")
        return {check["check"]: check for check in json.loads(told.stdout)["items"]}

    def test_each_thing_that_is_wrong_is_named_with_what_to_do(self):
        self.assertEqual(self.doctor(code=3)["directory"]["state"], "failed")
        self.start()
        checks = self.doctor()
        self.assertEqual(checks["node"]["found"], "one is running here")
        self.assertIn("whole", checks["database"]["found"])
        self.assertEqual(checks["backup"]["state"], "warn")
        self.assertEqual(self.node.wait(self.node.submit("quick"))["state"], "succeeded")
        self.node.stop()
        self.assertEqual(self.doctor()["node"]["found"], "none is running here")
        (self.node.data / "admin-token").chmod(0o644)
        token = self.doctor(code=5)["token"]
        self.assertIn("Others may read it", token["advice"])
        (self.node.data / "admin-token").chmod(0o600)
        database = self.node.data / "mainspring.db"
        bytes_ = bytearray(database.read_bytes())
        bytes_[4096 * 2:4096 * 8] = os.urandom(4096 * 6)
        database.write_bytes(bytes_)
        self.assertIn("is damaged", self.doctor(code=6)["database"]["found"])
        told = self.run_program(6, "doctor", "--data-dir", self.node.data).stdout
        self.assertIn("restore a backup", told)


@unittest.skipUnless(INSIDE in os.environ, "a file system cannot be mounted here")
class FullDisk(Case):
    def test_a_disk_that_fills_up_keeps_nothing_half_done(self):
        self.start()
        self.node.stop()
        self.fatten()
        out = self.file.parent
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m,mode=0700", "tmpfs", str(out)],
                       check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", str(out)])
        process = subprocess.Popen(
            self.words("backup", self.file, "--data-dir", self.node.data),
            stderr=subprocess.PIPE, text=True, env=self.node.environment())
        part = pathlib.Path(f"{self.file}.part")
        while not part.exists():
            self.assertIsNone(process.poll(), "it was over before it could be met")
        process.send_signal(signal.SIGSTOP)
        ballast = out / "ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 65536)
            except OSError:
                pass
        process.send_signal(signal.SIGCONT)
        _, told = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 6, told)
        self.assertIn("is full", told)
        self.assertEqual(self.left(), ["ballast"])
        self.assertIn("free some space", self.backup(code=6).stderr)  # before it begins
        ballast.unlink()
        self.backup()
        self.assertEqual(self.left(), ["b.db"])


def enter_namespace():
    """Starts this program again where mounts are its own, if that is allowed."""
    again = ["unshare", "-m", "--propagation", "private"]
    probe = subprocess.run([*again, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True)
    if probe.returncode == 0:
        os.execvpe(again[0], [*again, sys.executable, "-B", *sys.argv],
                   {**os.environ, INSIDE: "1"})


if __name__ == "__main__":
    if INSIDE not in os.environ:
        enter_namespace()
    unittest.main()
