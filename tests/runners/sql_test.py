"""Jobs of type sql against PostgreSQL, MariaDB and SQLite: one table of scenarios for all of them,
what a stop leaves behind, servers that go away, and `transaction: run` across crashes.

    sql_test.py --crashes 1000 [--seed N]    as many crashes per database (100 unless told)
"""
import argparse
import concurrent.futures
import contextlib
import os
import pathlib
import random
import signal
import sqlite3
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import mariadb  # noqa: E402
import postgres  # noqa: E402
from sql_driver import Driver, Proxy, wait_until  # noqa: E402

CRASHES, SEED = 100, 1

TABLES = """
CREATE TABLE item (id integer PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE effect (run varchar(64) NOT NULL);
INSERT INTO item (id, name) VALUES (1, 'one'), (2, 'two'), (3, 'three');
"""


class Postgres:
    name, places = "postgres", ["$1", "$2", "$3", "$4", "$5", "$6"]
    slow = "SELECT pg_sleep(60)"

    def __init__(self, stack):
        self.server = stack.enter_context(postgres.Server())
        self.server.create("shop")
        for each in TABLES.split(";"):
            if each.strip():
                self.sql(each)
        self.sql("CREATE ROLE clerk LOGIN; GRANT SELECT ON item TO clerk")

    def connection(self, **rest):
        return {"name": "shop", "type": "postgres", "host": "127.0.0.1",
                "port": int(self.server.setting("port")), "database": "shop", "user": "mainspring",
                **rest}

    def sql(self, text):
        return self.server.sql(text, "shop")

    def activity(self):
        return self.sql("SELECT application_name, state, wait_event, backend_start, query FROM "
                        "pg_stat_activity WHERE application_name LIKE 'mainspring/%'")

    def sessions(self):
        return int(self.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE "
                            "'mainspring/%'"))

    def port(self):
        return int(self.server.setting("port"))

    def pids(self):
        return [int(word) for word in self.sql(
            "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'mainspring/%'").split()]

    @contextlib.contextmanager
    def frozen(self):
        pids = [*self.pids(), int((self.server.data / "postmaster.pid").read_text().split()[0])]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        yield
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


class Mariadb:
    name, places = "mysql", ["?"] * 6
    slow = "SELECT SLEEP(60)"

    def __init__(self, stack):
        self.server = stack.enter_context(mariadb.Server())
        self.server.sql("CREATE DATABASE shop CHARACTER SET utf8mb4")
        self.server.sql(TABLES, "shop")
        self.server.sql("CREATE USER job IDENTIFIED BY 'sesame street'; GRANT ALL ON shop.* TO job;"
                        "CREATE USER clerk; GRANT SELECT ON shop.item TO clerk")
        self.secret = self.server.directory / "password"
        self.secret.write_text("sesame street\n")

    def connection(self, **rest):
        return {"name": "shop", "type": "mysql", "host": "127.0.0.1", "port": self.server.port,
                "database": "shop", "user": "job", "password": {"file": str(self.secret)}, **rest}

    def sql(self, text):
        return self.server.sql(text, "shop")

    def sessions(self):
        return int(self.sql("SELECT count(*) FROM information_schema.processlist WHERE user IN "
                            "('job', 'clerk')"))

    def port(self):
        return self.server.port

    @contextlib.contextmanager
    def frozen(self):
        self.server.process.send_signal(signal.SIGSTOP)
        yield
        self.server.process.send_signal(signal.SIGCONT)


class Sqlite:
    name, places = "sqlite", ["?"] * 6
    slow = ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT count(*) FROM n")

    def __init__(self, stack):
        # In memory: a killed process loses nothing by that, only a killed machine would.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.directory = pathlib.Path(stack.enter_context(
            tempfile.TemporaryDirectory(prefix="mainspring-sqlite-", dir=memory)))
        self.path = self.directory / "shop.db"
        with contextlib.closing(sqlite3.connect(self.path)) as made:
            made.executescript(TABLES)

    def connection(self, **rest):
        return {"name": "shop", "type": "sqlite", "path": str(self.path), **rest}

    def sql(self, text):
        with contextlib.closing(sqlite3.connect(self.path, timeout=60)) as opened:
            rows = opened.execute(text).fetchall()
            opened.commit()
        return "\n".join("\t".join(str(cell) for cell in row) for row in rows)

    def sessions(self):
        return 0


ALL = ("postgres", "mysql", "sqlite")
SERVERS = ("postgres", "mysql")
SELECT_ALL = "SELECT id, name FROM item ORDER BY id"

# Name, databases, sql of the job, what is expected: `rows`, other keys of the result, `error` (its
# type), `status`, `says` (in the message), `log` (in the log), `after` (a question and its answer).
# {1}, {2} ... are the places of values.
SCENARIOS = [
    ("rows", ALL, {"statement": SELECT_ALL},
     {"rows": [{"id": 1, "name": "one"}, {"id": 2, "name": "two"}, {"id": 3, "name": "three"}],
      "row_count": 3, "truncated": False, "affected": 0, "log": "[SELECT 3]"}),
    ("no rows", ALL, {"statement": SELECT_ALL.replace("ORDER", "WHERE id > 5 ORDER")},
     {"rows": [], "row_count": 0}),
    ("rows by a value", ALL,
     {"statement": "SELECT name FROM item WHERE id = {1} OR name = {2} ORDER BY id",
      "bind": [1, "two"]}, {"rows": [{"name": "one"}, {"name": "two"}]}),
    ("a value is never SQL", ALL,
     {"statement": "SELECT count(*) AS n FROM item WHERE name = {1}",
      "bind": ["'; DROP TABLE item; --"]}, {"rows": [{"n": 0}]}),
    ("values and their types", ("postgres",),
     {"statement": "SELECT {1} AS i, {2} AS b, {3} AS d, {4}::text AS t, {5}::int AS n, "
                   "{6}::jsonb AS j",
      "bind": [7, True, 0.5, "text", None, {"a": [1]}]},
     {"rows": [{"i": 7, "b": True, "d": 0.5, "t": "text", "n": None, "j": {"a": [1]}}]}),
    ("values and their types", ("mysql", "sqlite"),
     {"statement": "SELECT {1} AS i, {2} AS b, {3} AS d, {4} AS t, {5} AS n, {6} AS j",
      "bind": [7, True, 0.5, "text", None, {"a": [1]}]},
     {"rows": [{"i": 7, "b": 1, "d": 0.5, "t": "text", "n": None, "j": "{\"a\":[1]}"}]}),
    ("numbers keep their digits", ("postgres",),
     {"statement": "SELECT 9007199254740992 AS exact, 9007199254740993 AS large, 1.50::numeric AS "
                   "short, 1.2345678901234567890::numeric AS long, 0.1::float4 AS f, "
                   "'NaN'::float8 AS nan, 12345678901234567890::numeric AS whole"},
     {"rows": [{"exact": 9007199254740992, "large": "9007199254740993", "short": 1.5,
                "long": "1.2345678901234567890", "f": 0.1, "nan": "NaN",
                "whole": "12345678901234567890"}]}),
    ("numbers keep their digits", ("mysql",),
     {"statement": "SELECT 9007199254740992 AS exact, 9007199254740993 AS large, 1.50 AS short, "
                   "1.2345678901234567890 AS longer, 18446744073709551615 AS whole, "
                   "CAST(0.1 AS FLOAT) AS f"},
     {"rows": [{"exact": 9007199254740992, "large": "9007199254740993", "short": 1.5,
                "longer": "1.2345678901234567890", "whole": "18446744073709551615", "f": 0.1}]}),
    ("numbers keep their digits, prepared", ("mysql",),
     {"statement": "SELECT 9007199254740993 AS large, 1.50 AS short, 1.2345678901234567890 AS "
                   "longer, CAST(0.1 AS FLOAT) AS f, {1} AS t, TIMESTAMP '2026-01-02 03:04:05.5' "
                   "AS at", "bind": ["x" * 5000]},
     {"rows": [{"large": "9007199254740993", "short": 1.5, "longer": "1.2345678901234567890",
                "f": 0.1, "t": "x" * 5000, "at": "2026-01-02 03:04:05.5"}]}),
    ("numbers keep their digits", ("sqlite",),
     {"statement": "SELECT 9007199254740992 AS exact, 9007199254740993 AS large, 1.5 AS r"},
     {"rows": [{"exact": 9007199254740992, "large": "9007199254740993", "r": 1.5}]}),
    ("bytes, times and JSON", ("postgres",),
     {"statement": "SELECT '\\x00ff'::bytea AS b, timestamp '2026-01-02 03:04:05.5' AS at, "
                   "'{\"k\": [1, null]}'::json AS j, ARRAY[1,2] AS a, true AS t"},
     {"rows": [{"b": "AP8=", "at": "2026-01-02 03:04:05.5", "j": {"k": [1, None]}, "a": "{1,2}",
                "t": True}],
      "columns": [{"name": "b", "type": "bytea"}, {"name": "at", "type": "timestamp"},
                  {"name": "j", "type": "json"}, {"name": "a", "type": "int4[]"},
                  {"name": "t", "type": "bool"}]}),
    ("bytes, times and JSON", ("mysql",),
     {"script": "CREATE TABLE kinds (b blob, bits bit(9), j json, d datetime(3), e enum('a', 'b'));"
                "INSERT INTO kinds VALUES (x'00ff', b'101', '{\"k\": [1, null]}', "
                "'2026-01-02 03:04:05.5', 'b'); SELECT * FROM kinds", "transaction": "none"},
     {"rows": [{"b": "AP8=", "bits": 5, "j": {"k": [1, None]}, "d": "2026-01-02 03:04:05.500",
                "e": "b"}],
      "columns": [{"name": "b", "type": "BLOB"}, {"name": "bits", "type": "BIT"},
                  {"name": "j", "type": "JSON"}, {"name": "d", "type": "DATETIME"},
                  {"name": "e", "type": "ENUM"}]}),
    ("bytes, times and JSON, prepared", ("mysql",),
     {"statement": "SELECT b, bits, j, d, e FROM kinds WHERE e = {1}", "bind": ["b"]},
     {"rows": [{"b": "AP8=", "bits": 5, "j": {"k": [1, None]}, "d": "2026-01-02 03:04:05.500",
                "e": "b"}]}),
    ("bytes", ("sqlite",), {"statement": "SELECT x'00ff' AS b"}, {"rows": [{"b": "AP8="}]}),
    ("a type of the database's own", ("postgres",),
     {"script": "CREATE TYPE mood AS ENUM ('fine'); SELECT 'fine'::mood AS m; "},
     {"rows": [{"m": "fine"}], "columns": [{"name": "m", "type": "mood"}]}),
    ("equal names make arrays", ALL, {"statement": "SELECT 1 AS n, 2 AS n"},
     {"rows": [[1, 2]], "row_count": 1}),
    ("affected rows", ALL,
     {"statement": "INSERT INTO item (id, name) VALUES ({1}, {2})", "bind": [10, "ten"]},
     {"rows": [], "affected": 1, "log": "[INSERT: 1 row]",
      "after": ("SELECT name FROM item WHERE id = 10", "ten")}),
    ("a script", ALL,
     {"script": "UPDATE item SET name = 'TEN; --' WHERE id = 10; -- a comment; \n"
                "SELECT 1 AS first; SELECT name FROM item WHERE id = 10;"},
     {"rows": [{"name": "TEN; --"}], "affected": 1, "log": "[UPDATE: 1 row]"}),
    ("all of it or nothing", ALL,
     {"script": "DELETE FROM item WHERE id = 10; INSERT INTO item (id, name) VALUES (1, 'x')"},
     {"status": "failed", "error": "constraint",
      "after": ("SELECT count(*) FROM item WHERE id = 10", "1")}),
    ("each by itself", ALL,
     {"script": "DELETE FROM item WHERE id = 10; INSERT INTO item (id, name) VALUES (1, 'x')",
      "transaction": "none"},
     {"status": "failed", "error": "constraint",
      "after": ("SELECT count(*) FROM item WHERE id = 10", "0")}),
    ("what cannot be in a transaction", ("postgres", "sqlite"),
     {"script": "VACUUM; SELECT 1 AS n", "transaction": "none"}, {"rows": [{"n": 1}]}),
    ("a transaction of one's own", ALL,
     {"script": "INSERT INTO effect VALUES ('x'); COMMIT"},
     {"status": "failed", "error": "transaction", "says": "COMMIT",
      "after": ("SELECT count(*) FROM effect", "0")}),
    ("a statement that commits by itself", ("mysql",),
     {"script": "INSERT INTO effect VALUES ('x'); CREATE TABLE other (id int)"},
     {"status": "failed", "error": "transaction", "says": "CREATE TABLE",
      "after": ("SELECT count(*) FROM effect", "0")}),
    ("max_rows", ALL, {"statement": SELECT_ALL, "max_rows": 2},
     {"rows": [{"id": 1, "name": "one"}, {"id": 2, "name": "two"}], "row_count": 2,
      "truncated": True, "log": "[SELECT, cut]"}),
    ("max_rows by a value", ALL,
     {"statement": "SELECT id FROM item WHERE id < {1} ORDER BY id", "bind": [9], "max_rows": 1},
     {"rows": [{"id": 1}], "truncated": True}),
    ("max_rows outside of a transaction", ALL,
     {"statement": SELECT_ALL, "max_rows": 1, "transaction": "none"},
     {"rows": [{"id": 1, "name": "one"}], "truncated": True}),
    ("no rows are wanted", ALL, {"statement": SELECT_ALL, "max_rows": 0},
     {"rows": [], "truncated": True}),
    ("max_bytes", ALL, {"statement": SELECT_ALL, "max_bytes": "250B"},
     {"truncated": True}),
    ("a cut result of a change is a whole change", ALL,
     {"statement": "INSERT INTO effect SELECT 'r' FROM item RETURNING run", "max_rows": 1},
     {"rows": [{"run": "r"}], "truncated": True,
      "after": ("SELECT count(*) FROM effect WHERE run = 'r'", "3")}),
    ("rows in the log", ALL, {"statement": SELECT_ALL, "rows": "log", "max_rows": 1},
     {"rows": [], "row_count": 3, "log": '{"id":3,"name":"three"}\n'}),
    ("isolation", ALL, {"statement": SELECT_ALL, "isolation": "serializable"}, {"row_count": 3}),
    ("isolation that it has", ("postgres",),
     {"statement": "SHOW transaction_isolation", "isolation": "repeatable_read"},
     {"rows": [{"transaction_isolation": "repeatable read"}]}),
    ("who it is", ("postgres",), {"statement": "SHOW application_name"},
     {"log": "SHOW"}),
    ("notices", ("postgres",), {"statement": "DO $$BEGIN RAISE WARNING 'mind the gap'; END$$"},
     {"log": "[WARNING: mind the gap]"}),
    ("warnings", ("mysql",), {"statement": "SELECT CAST('12x' AS INT) AS n"},
     {"rows": [{"n": 12}], "log": "[Warning: Truncated incorrect INTEGER value"}),
    ("wrong SQL", ALL, {"statement": "SELEKT 1"},
     {"status": "failed", "error": "statement", "says": "SELEKT"}),
    ("where it is wrong", ("postgres",), {"statement": "SELECT nothing FROM item"},
     {"status": "failed", "says": "at character 8 of the SQL"}),
    ("a missing table", ALL, {"statement": "SELECT * FROM nowhere"},
     {"status": "failed", "error": "statement", "says": "nowhere"}),
    ("two statements where one is meant", ALL, {"statement": "SELECT 1; SELECT 2"},
     {"status": "failed", "error": "statement"}),
    ("too few values", ALL, {"statement": "SELECT {1}, {2}", "bind": [1]},
     {"status": "failed", "error": "statement"}),
    ("a value that does not fit", ("postgres",),
     {"statement": "SELECT {1}::int", "bind": ["x"]}, {"status": "failed", "error": "value"}),
    ("a zero byte", ("postgres",), {"statement": "SELECT {1}::text", "bind": ["a\0b"]},
     {"status": "failed", "error": "value", "says": "zero byte"}),
    ("another file", ("sqlite",), {"statement": "ATTACH '/tmp/other.db' AS other"},
     {"status": "failed", "error": "denied"}),
    ("another file, by VACUUM", ("sqlite",),
     {"statement": "VACUUM INTO '/tmp/mainspring-other.db'", "transaction": "none"},
     {"status": "failed", "error": "denied"}),
]

# Name, database, changes of the connection, status, type of the error, what the message says.
REFUSALS = [
    ("no such database", "postgres", {"database": "nowhere"}, "failed", "no_database", "nowhere"),
    ("no such database", "mysql", {"database": "nowhere"}, "failed", "denied", "nowhere"),
    ("no such file", "sqlite", {"path": "/nonexistent/x.db"}, "failed", "no_database", "created"),
    ("no such role", "postgres", {"user": "nobody"}, "failed", "denied", "nobody"),
    ("no such user", "mysql", {"user": "nobody"}, "failed", "denied", "nobody"),
    ("nobody listens", "postgres", {"port": 1}, "retryable", "connection", "efused"),
    ("nobody listens", "mysql", {"port": 1}, "retryable", "connection", "connect"),
    ("an option with a key of its own", "postgres", {"options": {"host": "x"}}, "failed",
     "statement", "host"),
    ("TLS that the server has not", "postgres", {"tls": {}}, "failed", "denied", "SSL"),
    ("TLS that the server has not", "mysql", {"tls": {}}, "retryable", "connection", "SSL"),
]


class SqlTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        cls.databases = {kind.name: kind(cls.stack) for kind in (Postgres, Mariadb, Sqlite)}
        cls.driver = cls.stack.enter_context(Driver())

    def run_sql(self, database, sql, connection=None, **rest):
        return self.driver.run(connection or database.connection(), sql, **rest)

    def check(self, answer, expected):
        outcome, result = answer["outcome"], answer["outcome"].get("result")
        status = expected.get("status", "success")
        self.assertEqual(outcome["status"], status, answer)
        for key in ("rows", "row_count", "truncated", "affected", "columns"):
            if key in expected:
                self.assertEqual(result[key], expected[key], answer)
        if "error" in expected:
            self.assertEqual(outcome["error"]["type"], expected["error"], answer)
        self.assertIn(expected.get("says", ""), outcome.get("error", {}).get("message", ""), answer)
        self.assertIn(expected.get("log", ""), answer["text"], answer)

    def test_the_scenarios(self):
        for name, kinds, sql, expected in SCENARIOS:
            for kind in kinds:
                database = self.databases[kind]
                spec = dict(sql)
                for key in ("statement", "script"):
                    for number, place in enumerate(database.places, 1):
                        if key in spec:
                            spec[key] = spec[key].replace("{%d}" % number, place)
                with self.subTest(name, database=kind):
                    self.check(self.run_sql(database, spec), expected)
                    if "after" in expected:
                        question, answer = expected["after"]
                        self.assertEqual(database.sql(question), answer)

    def test_connections_that_are_refused(self):
        for name, kind, changes, status, error, says in REFUSALS:
            database = self.databases[kind]
            with self.subTest(name, database=kind):
                answer = self.run_sql(database, {"statement": "SELECT 1 AS n"},
                                      database.connection(**changes))
                self.check(answer, {"status": status, "error": error, "says": says})

    def test_what_a_role_may_not(self):
        for kind in SERVERS:
            database = self.databases[kind]
            clerk = database.connection(user="clerk")
            clerk.pop("password", None)
            with self.subTest(database=kind):
                self.check(self.run_sql(database, {"statement": "DELETE FROM item"}, clerk),
                           {"status": "failed", "error": "denied"})
                answer = self.run_sql(database, {"statement": SELECT_ALL, "transaction": "run"},
                                      clerk)
                self.check(answer, {"status": "failed", "error": "marker",
                                    "says": "CREATE TABLE mainspring_runs"})

    def test_a_password_is_not_shown(self):
        database = self.databases["mysql"]
        database.sql("CREATE TABLE secret_in_a_row (t text); "
                     "INSERT INTO secret_in_a_row VALUES ('sesame street')")
        answer = self.run_sql(database, {"statement": "SELECT t FROM secret_in_a_row",
                                         "rows": "log"})
        self.assertIn('{"t":"***"}', answer["text"])
        wrong = database.connection(password={"file": "/nonexistent"})
        self.check(self.run_sql(database, {"statement": "SELECT 1"}, wrong),
                   {"status": "failed", "error": "start", "says": "the password of the connection"})

    def started(self, database, sql, **rest):
        """An order whose statement the server has begun."""
        before = database.sessions()
        started = self.driver.start(database.connection(), sql, **rest)
        if database.name != "sqlite":
            wait_until(lambda: database.sessions() > before)
        return started

    def test_a_stop_ends_the_statement_in_the_server(self):
        ways = [("ask", "cancelled", "rolled back"), ("kill", "cancelled", "rolled back"),
                ("lose", "lost", "rolled back")]
        for kind in ALL:
            for how, status, says in ways:
                database = self.databases[kind]
                with self.subTest(database=kind, how=how):
                    started = self.started(database, {"statement": database.slow},
                                           timeout={"grace": "20s"})
                    began = time.monotonic()
                    self.driver.stop(started, how)
                    self.check(self.driver.finish(started), {"status": status, "says": says})
                    self.assertLess(time.monotonic() - began, 10)
                    # The server may be about to close what has said goodbye.
                    wait_until(lambda: database.sessions() == 0, 10)

    def test_timeouts_end_the_statement_in_the_server(self):
        for kind in ALL:
            for key in ("run", "idle"):
                database = self.databases[kind]
                with self.subTest(database=kind, timeout=key):
                    answer = self.run_sql(database, {"statement": database.slow},
                                          timeout={key: "300ms"})
                    self.check(answer, {"status": "timed_out", "error": "timeout",
                                        "says": f"timeout.{key}, 300ms"})
                    wait_until(lambda: database.sessions() == 0, 10)

    def test_a_server_that_says_nothing_is_given_up_after_the_grace(self):
        for kind in SERVERS:
            database = self.databases[kind]
            with self.subTest(database=kind):
                started = self.started(database, {"statement": database.slow},
                                       timeout={"grace": "500ms"})
                with database.frozen():
                    self.driver.stop(started)
                    answer = self.driver.finish(started)
                self.check(answer, {"status": "cancelled", "says": "given up"})
                wait_until(lambda: database.sessions() == 0)

    def test_waiting_for_a_lock_can_be_stopped(self):
        database = self.databases["sqlite"]
        with contextlib.closing(sqlite3.connect(database.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            answer = self.run_sql(database, {"statement": "DELETE FROM effect"},
                                  timeout={"run": "300ms"})
            self.check(answer, {"status": "timed_out"})
            answer = self.run_sql(database, {"statement": "DELETE FROM effect"})
            self.check(answer, {"status": "retryable", "error": "lock_timeout"})

    def test_a_deadlock_asks_for_another_attempt(self):
        for kind in SERVERS:
            database = self.databases[kind]
            database.sql("CREATE TABLE pair (id int PRIMARY KEY, n int)")
            database.sql("INSERT INTO pair VALUES (1, 0), (2, 0)")
            wait = "SELECT pg_sleep(0.5)" if kind == "postgres" else "DO SLEEP(0.5)"
            change = "UPDATE pair SET n = n + 1 WHERE id = {}"
            with self.subTest(database=kind):
                orders = [self.driver.start(database.connection(), {"script": "; ".join(
                    [change.format(a), wait, change.format(b)])}) for a, b in ((1, 2), (2, 1))]
                ends = sorted((self.driver.finish(order)["outcome"] for order in orders),
                              key=lambda outcome: outcome["status"])
                self.assertEqual([end["status"] for end in ends], ["retryable", "success"], ends)
                self.assertEqual(ends[0]["error"]["type"], "deadlock")
                self.assertEqual(database.sql("SELECT sum(n) FROM pair"), "2")

    def test_a_serialization_failure_asks_for_another_attempt(self):
        database = self.databases["postgres"]
        database.sql("CREATE TABLE ledger (n int)")
        database.sql("INSERT INTO ledger VALUES (0)")
        sql = {"script": "SELECT n FROM ledger; SELECT pg_sleep(0.5); UPDATE ledger SET n = n + 1",
               "isolation": "serializable"}
        orders = [self.driver.start(database.connection(), sql) for _ in range(2)]
        ends = sorted((self.driver.finish(order)["outcome"] for order in orders),
                      key=lambda outcome: outcome["status"])
        self.assertEqual([end["status"] for end in ends], ["retryable", "success"], ends)
        self.assertEqual(ends[0]["error"]["type"], "serialization")

    def test_a_server_that_goes_away_asks_for_another_attempt(self):
        for kind in SERVERS:
            for transaction, status, error in (("attempt", "retryable", "connection"),
                                               ("none", "failed", "unknown_commit")):
                database = self.databases[kind]
                with self.subTest(database=kind, transaction=transaction):
                    started = self.started(database, {"statement": database.slow,
                                                      "transaction": transaction})
                    database.server.stop()
                    try:
                        answer = self.driver.finish(started)
                        refused = self.run_sql(database, {"statement": "SELECT 1 AS n"})
                    finally:
                        database.server.start()
                    # A shutdown of PostgreSQL says goodbye to each session, and then it is known.
                    if kind == "postgres" and transaction == "none":
                        self.assertIn(answer["outcome"]["error"]["type"], (error, "connection"))
                    else:
                        self.check(answer, {"status": status, "error": error})
                    self.check(refused, {"status": "retryable", "error": "connection"})
                    self.check(self.run_sql(database, {"statement": "SELECT 1 AS n"}),
                               {"rows": [{"n": 1}]})

    def test_a_killed_worker_leaves_nothing_in_the_server(self):
        for kind in SERVERS:
            database = self.databases[kind]
            with self.subTest(database=kind), Driver() as doomed:
                doomed.start(database.connection(), {"statement": database.slow})
                wait_until(lambda: database.sessions() > 0)
                doomed.process.kill()
                wait_until(lambda: database.sessions() == 0, 30)

    def test_many_rows_take_little_memory(self):
        many = {"postgres": "SELECT i, repeat('x', 100) AS t FROM generate_series(1, 300000) i",
                "mysql": "SELECT seq AS i, REPEAT('x', 100) AS t FROM seq_1_to_300000",
                "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT "
                          "300000) SELECT i, printf('%.*c', 100, 'x') AS t FROM n"}
        endless = {"postgres": "SELECT generate_series(1, 1000000000) AS i, repeat('x', 100) AS t",
                   "mysql": many["mysql"].replace("300000", "1000000000"),
                   "sqlite": many["sqlite"].replace("LIMIT 300000", "LIMIT 1000000000")}
        for kind in ALL:
            database = self.databases[kind]
            with self.subTest(database=kind), Driver() as driver:
                answer = driver.run(database.connection(), {"statement": many[kind], "rows": "log"},
                                    quiet=True)
                self.assertEqual(answer["outcome"]["result"]["row_count"], 300000)
                self.assertGreater(answer["bytes"], 30_000_000)
                answer = driver.run(database.connection(), {"statement": endless[kind]})
                self.check(answer, {"truncated": True, "row_count": 1000})
                # Programs and libraries of a sanitizer build take more than this by themselves.
                self.assertLess(driver.peak_memory(), 120_000_000)
                wait_until(lambda: database.sessions() == 0, 10)

    def test_an_unknown_commit_is_said_and_not_tried_again(self):
        for kind in SERVERS:
            database = self.databases[kind]
            proxy = Proxy(database.port(), SEED)
            self.addCleanup(proxy.close)
            proxy.ways = ["answered"]
            through = database.connection(port=proxy.address())
            with self.subTest(database=kind):
                answer = self.run_sql(database, {"statement": "DELETE FROM effect"}, through)
                self.check(answer, {"status": "failed", "error": "unknown_commit",
                                    "says": "may have been applied"})
                answer = self.run_sql(database, {"statement": "DELETE FROM effect",
                                                 "transaction": "run"}, through)
                self.check(answer, {"status": "retryable", "error": "unknown_commit",
                                    "says": "applies it once"})

    def test_attempts_of_one_run_cannot_interleave(self):
        for kind in ALL:
            database = self.databases[kind]
            run = f"run_{'0' * 31}{ALL.index(kind)}"
            sql = {"statement": f"INSERT INTO effect VALUES ({database.places[0]})", "bind": [run],
                   "transaction": "run"}
            with self.subTest(database=kind):
                self.run_sql(database, sql)  # the table is there
                orders = [self.driver.start(database.connection(), sql, run_id=run, attempt=number)
                          for number in range(1, 9)]
                for order in orders:
                    self.check(self.driver.finish(order), {"affected": 1})
                self.assertEqual(database.sql(f"SELECT count(*) FROM effect WHERE run = '{run}'"),
                                 "2")  # and the one above, which was another run

    def test_old_markers_are_removed(self):
        for kind in ALL:
            database = self.databases[kind]
            old = f"run_00000001{'0' * 24}"
            sql = {"statement": SELECT_ALL, "transaction": "run"}
            with self.subTest(database=kind):
                self.run_sql(database, sql)
                database.sql(f"INSERT INTO mainspring_runs VALUES ('{old}', 1, 1, 0, NULL)")
                for number in range(17):  # every sixteenth run cleans
                    run = f"run_01900000000070008000{number:012x}"
                    self.check(self.run_sql(database, sql, run_id=run), {"row_count": 3})
                count = database.sql("SELECT count(*) FROM mainspring_runs WHERE run_id = "
                                     f"'{old}'")
                self.assertEqual(count, "0")

    def effects(self, database):
        rows = database.sql("SELECT run, count(*) FROM effect WHERE run LIKE 'crash%' GROUP BY run "
                            "ORDER BY run").splitlines()
        return [tuple(row.replace("|", "\t").split("\t")) for row in rows]

    def apply_until_done(self, database, connection, number, **first):
        """The attempts of one run, as a worker makes them; how many it took."""
        run = f"run_{random.Random(f'{SEED} {self.id()} {number}').getrandbits(128):032x}"
        name = f"crash {number:06}"
        sql = {"statement": f"INSERT INTO effect VALUES ({database.places[0]})", "bind": [name],
               "transaction": "run"}
        for attempt in range(1, 100):
            answer = self.driver.run(connection, sql, run_id=run, attempt=attempt,
                                     **(first if attempt == 1 else {}))
            if answer.get("crashed") or answer["outcome"]["status"] == "retryable":
                continue
            self.check(answer, {"affected": 1})
            return attempt
        raise AssertionError(f"{name} never ended")

    def check_effects(self, database, runs):
        wanted = [(f"crash {number:06}", "1") for number in range(runs)]
        self.assertEqual(self.effects(database), wanted, f"replay with --seed {SEED}")
        database.sql("DELETE FROM effect")

    def test_connections_cut_at_the_commit_apply_once(self):
        for kind in SERVERS:
            database = self.databases[kind]
            self.run_sql(database, {"statement": SELECT_ALL, "transaction": "run"})
            database.sql("DELETE FROM effect")
            proxy = Proxy(database.port(), SEED)
            self.addCleanup(proxy.close)
            through = database.connection(port=proxy.address())
            began, runs = time.monotonic(), 0
            with self.subTest(database=kind), \
                    concurrent.futures.ThreadPoolExecutor(16) as threads:
                while proxy.crashes() < CRASHES:
                    batch = range(runs, runs + 32)
                    runs += 32
                    list(threads.map(
                        lambda number: self.apply_until_done(database, through, number), batch))
                self.check_effects(database, runs)
                print(f"{kind}: {runs} runs, COMMITs {proxy.cuts}, "
                      f"{time.monotonic() - began:.1f} s", file=sys.stderr)

    def test_processes_killed_after_the_commit_of_sqlite_apply_once(self):
        database = self.databases["sqlite"]
        self.run_sql(database, {"statement": SELECT_ALL, "transaction": "run"})
        database.sql("DELETE FROM effect")
        began = time.monotonic()
        for number in range(CRASHES):
            attempts = self.apply_until_done(database, database.connection(), number,
                                             crash="after_commit")
            self.assertEqual(attempts, 2)
        self.check_effects(database, CRASHES)
        print(f"sqlite: {CRASHES} kills after the commit, {time.monotonic() - began:.1f} s",
              file=sys.stderr)

    def test_processes_killed_at_any_moment_apply_once(self):
        draw = random.Random(SEED)
        for kind in ALL:
            database, runs = self.databases[kind], max(20, CRASHES // 10)
            self.run_sql(database, {"statement": SELECT_ALL, "transaction": "run"})
            database.sql("DELETE FROM effect")
            with self.subTest(database=kind), Driver() as crashing:
                self.driver, usual = crashing, self.driver
                try:
                    for number in range(runs):
                        self.apply_until_done(database, database.connection(), number,
                                              crash=draw.randrange(200, 40_000))
                finally:
                    self.driver = usual
                self.check_effects(database, runs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--crashes", type=int, default=CRASHES)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments, rest = parser.parse_known_args()
    CRASHES, SEED = arguments.crashes, arguments.seed
    unittest.main(argv=[sys.argv[0], *rest])
