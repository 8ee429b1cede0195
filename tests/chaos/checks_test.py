#!/usr/bin/env python3
"""The checker must see what it is there for: one broken history for each of its sentences."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import checks  # noqa: E402
from node import ROOT  # noqa: E402

RUN, OTHER = b"\1" * 16, b"\2" * 16
NAME = checks.run_text(RUN)
START = 1_000_000


def mark(kind, epoch, at=1.0, attempt=None):
    return checks.Mark(kind, NAME, attempt or epoch, epoch, at)


class ChecksTest(unittest.TestCase):
    """Begins with a history in which everything holds: one job, one schedule, one run of it."""

    def setUp(self):
        self.history = checks.History(":memory:")
        self.addCleanup(self.history.rows.close)
        for migration in sorted((ROOT / "src/sqlite/migrations").glob("*.sql")):
            self.history.rows.executescript(migration.read_text())
        self.change("INSERT INTO jobs(key, id, tenant, name, version, created_at, updated_at)"
                    " VALUES (1, ?, 1, 'tick', 1, 0, 0)", OTHER)
        self.change("INSERT INTO job_versions VALUES (1, 1, '{\"retry\": {\"max_attempts\": 5}}',"
                    " 'ada', 0)")
        self.change("INSERT INTO schedules(key, id, job, version, trigger, overlap, spec,"
                    " created_at, planned_until) VALUES (1, ?, 1, 1, 1, 0, '{\"every\": \"1s\"}',"
                    " ?, ?)", OTHER, START, START + 2000)
        for number, run in ((1, RUN), (2, None)):
            self.change("INSERT INTO occurrences(schedule, at, local, tenant, job, ending, run)"
                        " VALUES (1, ?, '', 1, 1, ?, ?)", START + 1000 * number,
                        0 if run else 1, run)
        self.add_done(RUN)
        self.change("INSERT INTO attempts VALUES (?, 1, 1, 1, 0, 0, '{}', 4, NULL)", RUN)
        self.change("INSERT INTO log_chunks(run, attempt, seq, stream, at, bytes)"
                    " VALUES (?, 1, 1, 0, 0, ?)", RUN, b"begin 1\n1\n2\nend 1\n")
        self.change("INSERT INTO run_payloads(run, params) VALUES (?, '{\"ref\": \"a\"}')", RUN)
        self.history.accepted = {"a": NAME}
        self.history.marks = [mark("begin", 1), mark("end", 1)]

    def change(self, sql, *values):
        self.history.rows.execute(sql, values)

    def add_done(self, run):
        self.change("INSERT INTO runs_done(tenant, id, job, version, schedule, state, reason,"
                    " trigger, requested_by, queue, priority, attempts, created_at, scheduled_at,"
                    " due_at, finished_at)"
                    " VALUES (1, ?, 1, 1, 1, 4, '', 1, '', 'default', 0, 1, 0, 0, 0, 0)", run)
        self.change("INSERT INTO events(tenant, type, subject, time, payload)"
                    " VALUES (1, 'run.succeeded', ?, 0, '{}')", checks.run_text(run))

    def add_live(self, run, state):
        self.change("INSERT INTO runs_live(tenant, id, job, version, state, trigger, requested_by,"
                    " queue, priority, attempts, created_at, scheduled_at, due_at)"
                    " VALUES (1, ?, 1, 1, ?, 7, '', 'default', 0, 0, 0, 0, 0)", run, state)

    def breaks(self, check, words):
        lines = list(checks.violations(self.history))
        sentence = check.__name__.replace("_", " ")
        self.assertTrue([line for line in lines if line.startswith(sentence) and words in line],
                        lines)

    def test_a_history_without_faults_breaks_nothing(self):
        self.assertEqual(list(checks.violations(self.history)), [])

    def test_a_lost_run(self):
        self.change("DELETE FROM runs_done")
        self.breaks(checks.nothing_acknowledged_is_lost, "0 times live, 0 times done")

    def test_a_run_that_is_there_twice(self):
        self.add_live(RUN, checks.SCHEDULED)
        self.breaks(checks.nothing_acknowledged_is_lost, "1 times live, 1 times done")
        self.breaks(checks.rows_agree, "a run is live or done")

    def test_a_submission_stored_twice(self):
        self.add_done(OTHER)
        self.change("INSERT INTO run_payloads(run, params) VALUES (?, '{\"ref\": \"a\"}')", OTHER)
        self.breaks(checks.a_submission_counts_once, "stored 2 times")
        self.history.accepted, self.history.unanswered = {}, {"a"}
        self.breaks(checks.a_submission_counts_once, "never answered and stored 2 times")

    def test_two_endings(self):
        self.change("INSERT INTO events(tenant, type, subject, time, payload)"
                    " VALUES (1, 'run.failed', ?, 0, '{}')", NAME)
        self.breaks(checks.a_run_ends_once, "2 ending events")

    def test_work_that_hangs(self):
        self.add_live(OTHER, checks.RUNNING)
        self.breaks(checks.nothing_is_left_unfinished, "state 2")
        self.breaks(checks.rows_agree, "a worker, a lease and an epoch")

    def test_two_attempts_at_once(self):
        self.history.marks = [mark("begin", 1), mark("begin", 2), mark("work", 1)]
        self.breaks(checks.two_attempts_never_meet, "epoch 1 worked after epoch 2 had begun")
        self.history.marks = [mark("begin", 1), mark("taken", 2)]
        self.breaks(checks.two_attempts_never_meet, "while an earlier attempt was alive")

    def test_work_without_a_lease(self):
        self.history.marks.append(mark("begin", 2))
        self.breaks(checks.work_has_a_lease, "without a recorded attempt")
        self.history.marks = [mark("begin", 1), mark("begin", 1)]
        self.breaks(checks.work_has_a_lease, "started work 2 times")

    def test_an_epoch_given_twice(self):
        self.change("INSERT INTO attempts VALUES (?, 2, 1, 1, 0, 0, '{}', 4, NULL)", RUN)
        self.breaks(checks.work_has_a_lease, "attempt 2 epoch 1 follows (1, 1)")
        self.breaks(checks.rows_agree, "as many attempts as it says")

    def test_success_without_an_end(self):
        self.history.marks.pop()
        self.breaks(checks.success_is_work_that_ended, "never ended")

    def test_a_log_with_a_gap(self):
        self.change("UPDATE log_chunks SET bytes = ?", b"begin 1\n1\n3\nend 1\n")
        self.breaks(checks.a_log_is_complete, "has gaps")

    def test_one_attempt_started_twice(self):
        self.change("UPDATE job_versions SET spec = '{}'")
        self.history.marks += [mark("begin", 2)]
        self.breaks(checks.one_attempt_is_one_start, "was started 2 times")

    def test_a_cancelled_run_that_begins_again(self):
        self.history.cancelled = {NAME: 1.0}
        self.history.marks.append(mark("begin", 2, at=1.0 + checks.PROMPT + 1))
        self.breaks(checks.a_cancelled_run_starts_no_more, "began again")

    def test_an_instant_that_is_missing_or_there_twice(self):
        self.change("UPDATE schedules SET planned_until = planned_until + 1000")
        self.breaks(checks.every_instant_has_one_ending, "is not in the ledger")
        self.change("UPDATE occurrences SET at = at + 1 WHERE run IS NULL")
        self.breaks(checks.every_instant_has_one_ending, "not 1002000")
        self.change("UPDATE occurrences SET at = 1001000, local = 'b' WHERE run IS NULL")
        self.breaks(checks.every_instant_has_one_ending, "comes 1001000, not 1002000")

    def test_an_instant_without_an_ending(self):
        self.change("UPDATE occurrences SET ending = NULL WHERE run IS NULL")
        self.breaks(checks.every_instant_has_one_ending, "neither an ending nor a live run")

    def test_a_fire_outside_the_ledger(self):
        self.change("UPDATE occurrences SET run = NULL, ending = 3")
        self.breaks(checks.a_timed_run_stands_in_the_ledger, "0 times")

    def test_rows_that_point_nowhere(self):
        self.change("UPDATE runs_done SET version = 9")
        self.breaks(checks.rows_agree, "a run belongs to a version of a job")
        self.change("UPDATE occurrences SET job = 9")
        self.breaks(checks.rows_agree, "an occurrence belongs to a schedule of its job")


if __name__ == "__main__":
    unittest.main()
