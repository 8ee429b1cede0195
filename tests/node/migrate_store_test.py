"""A store that moves from SQLite to PostgreSQL and back: all of it arrives, and nothing is left of
a copy that did not come to its end."""
import os
import pathlib
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import node as support  # noqa: E402
from node import Node, program  # noqa: E402

SERVER = os.environ["MAINSPRING_TEST_POSTGRES"]
MANIFEST = """
kind: queue
name: slow
limit: 1
rate: {count: 5, per: 1m}
---
kind: calendar
name: days-off
spans: [{from: "2026-12-24", to: "2026-12-26"}]
---
kind: connection
name: warehouse
type: postgres
host: db.internal
database: sales
password: {secret: warehouse}
---
name: ask
type: sql
sql: {connection: warehouse, statement: SELECT 1}
---
name: greet
command: "printf 'h\\\\303\\\\251llo\\\\000\\\\377\\\\n'"
labels: {team: a}
---
name: nightly
command: "true"
schedule: {cron: "30 2 * * *", timezone: Europe/Berlin, calendar: days-off}
---
name: fails
command: "echo no >&2; exit 3"
retry: {max_attempts: 2, backoff: {initial: 100ms}}
---
name: often
command: "true"
schedule: {every: 1h}
queue: slow
"""


def migrate(source, target, **more):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MAINSPRING_")}
    words = ["migrate-store", "--from", source, "--to", target]
    return subprocess.Popen([program("mainspring"), *words],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env=environment, **more)


def migrated(source, target):
    process = migrate(source, target)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def sql(database, text):
    url = f"{SERVER.rsplit('/', 1)[0]}/{database}"
    return subprocess.run(["psql", "-X", "-q", "-A", "-t", "-c", text, url], check=True,
                          capture_output=True, text=True).stdout.strip()


def picture(node):
    """What people see, but for what each start of a node changes."""
    def get(path):
        reply = node.request("GET", path)
        assert reply.status == 200, (path, reply.body)
        return reply.json()

    runs = get("/api/v1/runs?limit=100")["items"]
    return {
        "jobs": [{**job, "next_fire_at": None} for job in get("/api/v1/jobs")["items"]],
        "runs": [run for run in runs if run["state"] in ("succeeded", "failed")],
        "attempts": [get(f"/api/v1/runs/{run['id']}/attempts") for run in runs],
        "logs": [node.log_of(run["id"]) for run in runs if run["state"] != "scheduled"],
        "queue": get("/api/v1/queues/slow")["spec"],
        "calendar": get("/api/v1/calendars/days-off"),
        "connection": get("/api/v1/connections/warehouse"),
        "kept": node.request("DELETE", "/api/v1/connections/warehouse").status,
        "events": [event for event in get("/api/v1/events?limit=500")["items"]
                   if event["type"].startswith(("run.", "job."))],
    }


class MigrateStore(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        del os.environ["MAINSPRING_TEST_POSTGRES"]  # the node of this test begins on SQLite
        self.node = Node()
        os.environ["MAINSPRING_TEST_POSTGRES"] = SERVER
        self.addCleanup(self.node.__exit__)
        self.database = f"moved_{os.getpid()}_{next(support.numbers)}"
        sql("postgres", f"CREATE DATABASE {self.database}")
        self.shared = f"{SERVER.rsplit('/', 1)[0]}/{self.database}"
        self.file = self.node.data / "mainspring.db"

    def fill(self):
        self.node.start()
        self.node.apply(MANIFEST)
        for job in ("greet", "greet", "fails"):
            self.node.wait(self.node.submit(job))
        seen = picture(self.node)
        self.node.stop()
        return seen

    def test_all_of_it_moves_there_and_back(self):
        before = self.fill()
        code, out, err = migrated(f"sqlite:{self.file}", self.shared)
        self.assertEqual(code, 0, err)
        self.assertIn("both stores are the same", err)
        self.assertIn("runs_done", out)
        shutil.move(self.file, self.node.directory / "old.db")
        self.node.store = ["--store", self.shared]
        self.node.start()
        self.assertEqual(picture(self.node), before)
        run = self.node.wait(self.node.submit("greet"))
        self.assertEqual(run["state"], "succeeded")
        after = picture(self.node)
        self.node.stop()
        code, _, err = migrated(self.shared, f"sqlite:{self.file}")
        self.assertEqual(code, 0, err)
        self.node.store = []
        self.node.start()
        self.assertEqual(picture(self.node), after)
        self.assertEqual(self.node.wait(self.node.submit("greet"))["state"], "succeeded")

    def test_a_store_that_a_node_uses_is_not_copied(self):
        self.fill()
        self.node.start()
        code, _, err = migrated(f"sqlite:{self.file}", self.shared)
        self.assertEqual(code, 4, err)
        self.assertIn("a node uses", err)
        self.node.stop()
        self.assertEqual(migrated(f"sqlite:{self.file}", self.shared)[0], 0)
        self.node.store = ["--store", self.shared]
        self.node.start()
        code, _, err = migrated(self.shared, f"sqlite:{self.node.directory}/other.db")
        self.assertEqual(code, 4, err)
        self.assertIn("a node uses the database", err)
        self.assertFalse((self.node.directory / "other.db").exists())

    def test_a_target_that_holds_a_store_is_left_alone(self):
        self.fill()
        self.assertEqual(migrated(f"sqlite:{self.file}", self.shared)[0], 0)
        code, _, err = migrated(f"sqlite:{self.file}", self.shared)
        self.assertEqual(code, 4, err)
        self.assertIn("holds a store already", err)
        code, _, err = migrated(self.shared, f"sqlite:{self.file}")
        self.assertEqual(code, 4, err)
        self.assertIn("exists", err)

    def test_a_copy_that_is_killed_leaves_nothing_and_may_begin_again(self):
        self.fill()
        for delay in (0.02, 0.1, 0.2):
            process = migrate(f"sqlite:{self.file}", self.shared)
            time.sleep(delay)  # any moment will do
            process.kill()
            process.communicate()
            if sql(self.database, "SELECT to_regclass('mainspring.events') IS NOT NULL") == "t":
                found = sql(self.database, "SELECT count(*) FROM mainspring.events")
                if found != "0":
                    return  # it was quicker
        code, _, err = migrated(f"sqlite:{self.file}", self.shared)
        self.assertEqual(code, 0, err)

    def test_what_is_no_store_is_named(self):
        for source, target, code, words in (
                ("sqlite:/nowhere/m.db", self.shared, 3, "there is no /nowhere/m.db"),
                ("mysql://db/x", self.shared, 2, "names no store"),
                (f"sqlite:{self.file}", "postgresql://me:s3cret@127.0.0.1:1/x", 3, "there is no")):
            with self.subTest(source=source):
                found, _, err = migrated(source, target)
                self.assertEqual(found, code, err)
                self.assertIn(words, err)
                self.assertNotIn("s3cret", err)


if __name__ == "__main__":
    unittest.main()
