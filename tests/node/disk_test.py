#!/usr/bin/env python3
"""A data directory on a disk that is full, and on one that is read-only.

The disk is a small tmpfs in a mount namespace of this test's own. Where that may not be made (it
needs root) the test says so and is skipped.
"""
import os
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node, program  # noqa: E402

INSIDE = "MAINSPRING_TEST_HAS_MOUNTS"
SKIPPED = 77
SIZE = "8m"
SECONDS = 30  # in which a node that has room again, or has none, is sure to notice
MANIFEST = "name: small\ncommand: 'true'\nparams: {note: {type: string}}\n"
NOTE = "x" * 2000


def mount(*words):
    subprocess.run(["mount", *words], check=True)


class DiskTest(unittest.TestCase):
    def setUp(self):
        self.node = Node("--slots", "2", "--heartbeat", "500ms")
        self.addCleanup(self.node.__exit__)
        self.node.data.mkdir(mode=0o700)
        mount("-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", str(self.node.data))
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.node.data)])
        self.addCleanup(self.node.kill)
        self.ballast = self.node.data / "ballast"

    def fill(self):
        with open(self.ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                pass

    def try_submit(self):
        return self.node.request("POST", "/api/v1/jobs/small/runs", {"params": {"note": NOTE}})

    def until(self, ask, status):
        """The first answer with this status; what is asked may be answered otherwise before."""
        deadline = time.monotonic() + SECONDS
        while True:
            reply = ask()
            if reply.status == status:
                return reply
            if reply.status == 202:
                self.accepted.append(reply.json()["id"])
            self.assertLess(time.monotonic(), deadline, f"{reply.status} {reply.body}")

    def ready(self):
        time.sleep(0.05)
        return self.node.request("GET", "/readyz")

    def test_a_full_disk_refuses_changes_answers_questions_and_comes_back(self):
        self.accepted = []
        self.node.start()
        pid = self.node.process.pid
        self.node.apply(MANIFEST)
        first = self.node.submit("small")
        self.node.wait(first)
        for _ in range(2):
            self.fill()
            refusal = self.until(self.try_submit, 507).json()
            self.assertEqual(refusal["code"], "storage_full")
            self.assertIn(f"the disk under {self.node.data}/mainspring.db is full",
                          refusal["detail"])
            self.assertIn("free some space, nothing else is needed", refusal["detail"])
            self.assertEqual(self.until(self.ready, 507).json()["code"], "storage_full")
            self.assertEqual(self.node.request("GET", "/healthz").status, 200)
            self.assertEqual(self.node.request("GET", f"/api/v1/runs/{first}").status, 200)
            self.assertEqual(self.node.request("GET", "/api/v1/runs?limit=500").status, 200)
            told = self.node.jobctl("run", "small")
            self.assertEqual(told.returncode, 6, told)
            self.assertIn("is full; free some space", told.stderr)
            self.ballast.unlink()
            self.accepted.append(self.until(self.try_submit, 202).json()["id"])
            self.until(self.ready, 200)
        for run in self.accepted:
            self.assertEqual(self.node.wait(run)["state"], "succeeded")
        self.assertEqual(self.node.process.pid, pid)
        log = self.node.log_text()
        self.assertIn("nothing can be written", log)
        self.assertIn("the store can be written again", log)
        print(f"{len(self.accepted)} runs accepted around a full disk, all ended", file=sys.stderr)

    def test_a_database_cut_short_is_an_answer_and_not_the_end_of_the_node(self):
        self.node.start()
        self.node.apply(MANIFEST)
        runs = [self.node.submit("small", params={"note": NOTE}) for _ in range(60)]
        for run in runs:
            self.node.wait(run)
        self.node.stop()  # brings the log into the file, and empties every cache
        self.node.start()
        os.truncate(self.node.data / "mainspring.db", 64 << 10)
        refused = [reply for reply in (self.node.request("GET", f"/api/v1/runs/{run}")
                                       for run in runs) if reply.status != 200]
        self.assertTrue(refused)
        for reply in refused:
            self.assertEqual((reply.status, reply.json()["code"]), (503, "unavailable"))
            self.assertIn(f"{self.node.data}/mainspring.db", reply.json()["detail"])
        self.assertEqual(self.node.request("GET", "/healthz").status, 200)
        self.assertIsNone(self.node.process.poll())

    def test_a_read_only_disk_stops_the_start_with_the_reason(self):
        self.node.start()
        self.node.stop()
        mount("-o", "remount,ro", str(self.node.data))
        started = subprocess.run(
            [program("mainspring"), "serve", "--data-dir", self.node.data, "--listen",
             "127.0.0.1:0"], capture_output=True, text=True, timeout=60,
            env=self.node.environment())
        self.assertNotEqual(started.returncode, 0)
        self.assertIn("Read-only file system", started.stderr)
        self.assertIn(str(self.node.data), started.stderr)
        mount("-o", "remount,rw", str(self.node.data))
        self.node.start()
        self.assertEqual(self.node.request("GET", "/readyz").status, 200)


def enter_namespace():
    """Starts this program again where mounts are its own."""
    again = ["unshare", "-m", "--propagation", "private", sys.executable, "-B", *sys.argv]
    probe = subprocess.run(["unshare", "-m", "--propagation", "private", "mount", "-t", "tmpfs",
                            "tmpfs", "/mnt"], capture_output=True, text=True)
    if probe.returncode != 0:
        print(f"skipped: a file system cannot be mounted here: {probe.stderr.strip()}")
        sys.exit(SKIPPED)
    os.execvpe(again[0], again, {**os.environ, INSIDE: "1"})


if __name__ == "__main__":
    if INSIDE not in os.environ:
        enter_namespace()
    unittest.main()
