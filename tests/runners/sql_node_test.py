"""Jobs of type sql on a real node: the example, a cancel, and nodes that are killed at a COMMIT."""
import contextlib
import json
import pathlib
import shutil
import signal
import sqlite3
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import ROOT, Node  # noqa: E402
from sql_driver import Proxy, wait_until  # noqa: E402
from sql_test import Mariadb, Postgres, Sqlite  # noqa: E402

KILLS = 4  # of a node, per database

MANIFEST = """
{connection}
---
name: once
sql:
  connection: shop
  statement: INSERT INTO effect VALUES ({place})
  bind: ["${{{{ params.run }}}}"]
  transaction: run
params: {{run: {{required: true}}}}
retry: {{max_attempts: 9, backoff: {{initial: 1ms, max: 1ms}}}}
---
name: endless
sql: {{connection: shop, statement: "{slow}"}}
---
name: broken
sql: {{connection: shop, statement: SELECT nothing FROM nowhere}}
retry: {{max_attempts: 3, backoff: {{initial: 1ms, max: 1ms}}}}
"""


class SqlNodeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        cls.databases = [kind(cls.stack) for kind in (Postgres, Mariadb, Sqlite)]

    def start(self):
        node = Node()
        self.addCleanup(node.__exit__)
        node.start()
        return node

    @staticmethod
    def apply(node, database, **changes):
        connection = {"kind": "connection", **database.connection(**changes)}
        node.apply(MANIFEST.format(connection=json.dumps(connection), place=database.places[0],
                                   slow=database.slow))

    def test_the_example_runs_as_it_is_written(self):
        node, folder = self.start(), ROOT / "examples" / "sql"
        path = node.directory / "shop.db"
        with contextlib.closing(sqlite3.connect(path)) as shop:
            shop.executescript((folder / "shop.sql").read_text())
        text = (folder / "jobs.yaml").read_text()
        self.assertIn("path: /var/tmp/mainspring-shop.db", text)
        node.apply(text.replace("/var/tmp/mainspring-shop.db", str(path)))
        sales = node.wait(node.submit("shop-sales", params={"region": "eu"}))
        self.assertEqual(sales["outcome"]["result"], {
            "columns": [{"name": "product", "type": "TEXT"}, {"name": "sold", "type": ""}],
            "rows": [{"product": "cup", "sold": 2}, {"product": "tea", "sold": 7}],
            "row_count": 2, "truncated": False, "affected": 0})
        export = node.submit("shop-export")
        node.wait(export)
        self.assertEqual(node.log_of(export).decode(), (folder / "export.expected").read_text())
        closed = node.wait(node.submit("shop-close-day"))
        self.assertEqual(closed["outcome"]["result"]["rows"],
                         [{"region": "eu", "total": 9}, {"region": "us", "total": 1}])
        self.assertEqual(closed["outcome"]["result"]["affected"], 6)

    def test_a_cancel_ends_the_statement_and_a_mistake_is_not_repeated(self):
        for database in self.databases:
            with self.subTest(database=database.name):
                node = self.start()
                self.apply(node, database)
                run = node.submit("endless")
                started = lambda: node.request(  # noqa: E731
                    "GET", f"/api/v1/runs/{run}").json()["state"] == "running"
                wait_until(lambda: started() and (database.name == "sqlite" or
                                                  database.sessions() > 0))
                reply = node.request("POST", f"/api/v1/runs/{run}/cancel", {})
                self.assertIn(reply.status, (200, 202), reply.body)
                self.assertEqual(node.wait(run)["state"], "cancelled")
                wait_until(lambda: database.sessions() == 0)
                broken = node.wait(node.submit("broken"))
                self.assertEqual((broken["state"], len(broken["attempts"])), ("failed", 1), broken)
                self.assertEqual(broken["outcome"]["error"]["type"], "statement")
                node.kill()

    def test_a_node_killed_at_the_commit_has_applied_it_once(self):
        for database in self.databases[:2]:
            with self.subTest(database=database.name):
                node, proxy = self.start(), Proxy(database.port(), seed=1)
                self.addCleanup(proxy.close)
                self.apply(node, database, port=proxy.address())
                proxy.ways, proxy.on_answer = ["answered"], lambda n=node: n.kill(signal.SIGKILL)
                runs = []
                for number in range(KILLS):
                    proxy.ways = ["answered"]
                    killed = proxy.cuts["answered"] + 1
                    runs.append(node.submit("once", params={"run": f"kill {number}"}))
                    wait_until(lambda: proxy.cuts["answered"] >= killed and node.process is None)
                    proxy.ways = ["pass"]
                    node.start()
                for run in runs:
                    done = node.wait(run)
                    self.assertEqual(done["state"], "succeeded", done)
                    self.assertGreater(len(done["attempts"]), 1)
                    self.assertEqual(done["outcome"]["result"]["affected"], 1)
                self.assertEqual(
                    database.sql("SELECT count(*) FROM effect WHERE run LIKE 'kill%'"), str(KILLS))
                self.assertEqual(
                    database.sql("SELECT count(DISTINCT run) FROM effect WHERE run LIKE 'kill%'"),
                    str(KILLS))


if __name__ == "__main__":
    if shutil.which("psql") is None:
        sys.exit(77)
    unittest.main()
