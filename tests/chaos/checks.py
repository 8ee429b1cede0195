"""The sentences that must hold after any faults, each a function that yields what breaks it.

They see a History: what clients were told, what the work itself wrote down, and the database of the
node after it has stopped. checks_test.py shows for each of them a history that breaks it.
"""
import collections
import dataclasses
import json
import sqlite3

SCHEDULED, QUEUED, RUNNING, WAITING, SUCCEEDED, FAILED, CANCELLED = range(7)
TIMED_TRIGGERS = (0, 1)  # cron, every
RAN = 0
PROMPT = 2.0  # seconds from a claim to the first mark of its work, on a busy machine


@dataclasses.dataclass(frozen=True)
class Mark:
    kind: str
    run: str
    attempt: int
    epoch: int
    at: float


def read_marks(path):
    for line in path.read_text().splitlines():
        kind, run, attempt, epoch, at = line.split()
        yield Mark(kind, run, int(attempt), int(epoch), float(at))


class History:
    def __init__(self, database):
        self.rows = sqlite3.connect(database)
        self.accepted = {}       # ref -> run
        self.unanswered = set()  # refs without an answer
        self.cancelled = {}      # run -> uptime
        self.prompt = PROMPT     # how long a worker may not have heard of a cancel
        self.marks = []

    def ask(self, sql, *values):
        return self.rows.execute(sql, values).fetchall()

    def ids(self, sql):
        return collections.Counter(run_text(row[0]) for row in self.ask(sql))


def run_text(raw):
    return f"run_{raw.hex()}"


def the_database_is_whole(history):
    answer = history.ask("PRAGMA integrity_check")
    if answer != [("ok",)]:
        yield f"integrity_check says {answer}"


def nothing_acknowledged_is_lost(history):
    live = history.ids("SELECT id FROM runs_live")
    done = history.ids("SELECT id FROM runs_done")
    for ref, run in history.accepted.items():
        if live[run] + done[run] != 1:
            yield (f"{run}, acknowledged for {ref}, is {live[run]} times live, "
                   f"{done[run]} times done")


def a_submission_counts_once(history):
    refs = collections.Counter()
    for run, params in history.ask("SELECT run, params FROM run_payloads"):
        refs[json.loads(params).get("ref")] += 1
    for ref in history.accepted:
        if refs[ref] != 1:
            yield f"{ref} was acknowledged once and stored {refs[ref]} times"
    for ref in history.unanswered:
        if refs[ref] > 1:
            yield f"{ref} was never answered and stored {refs[ref]} times"
    if len(set(history.accepted.values())) != len(history.accepted):
        yield "one run was acknowledged for two submissions"


def a_run_ends_once(history):
    done = history.ids("SELECT id FROM runs_done")
    ends = collections.Counter(row[0] for row in history.ask(
        "SELECT subject FROM events WHERE type IN ('run.succeeded', 'run.failed', 'run.cancelled',"
        " 'run.timed_out', 'run.skipped')"))
    for run in set(done) | set(ends):
        if done[run] != 1 or ends[run] != 1:
            yield f"{run} has {done[run]} endings in the history and {ends[run]} ending events"


def nothing_is_left_unfinished(history):
    """Nothing runs, and nothing that began waits: the test has let everything come to its end."""
    for raw, state in history.ask(
            "SELECT id, state FROM runs_live WHERE state != ? OR attempts > 0", SCHEDULED):
        yield f"{run_text(raw)} is still in state {state}"


def two_attempts_never_meet(history):
    """In the order of the marks, no attempt works after a later one of its run has begun, and no
    attempt finds a process of another one alive."""
    latest = {}
    for mark in history.marks:
        if mark.kind == "taken":
            yield f"{mark.run} epoch {mark.epoch} began while an earlier attempt was alive"
        elif mark.epoch < latest.get(mark.run, 0):
            yield f"{mark.run} epoch {mark.epoch} worked after epoch {latest[mark.run]} had begun"
        latest[mark.run] = max(latest.get(mark.run, 0), mark.epoch)


def work_has_a_lease(history):
    """Every attempt that began is recorded, under its own number; numbers only grow."""
    known, last = set(), {}
    for raw, number, epoch in history.ask(
            "SELECT run, number, epoch FROM attempts ORDER BY run, number"):
        run = run_text(raw)
        previous = last.get(run, (0, 0))
        if number != previous[0] + 1 or epoch <= previous[1]:
            yield f"{run}: attempt {number} epoch {epoch} follows {previous}"
        last[run] = (number, epoch)
        known.add((run, number, epoch))
    begun = collections.Counter((mark.run, mark.attempt, mark.epoch)
                                for mark in history.marks if mark.kind == "begin")
    for attempt, count in begun.items():
        if attempt not in known:
            yield f"work was done without a recorded attempt: {attempt}"
        if count > 1:
            yield f"one lease started work {count} times: {attempt}"


def success_is_work_that_ended(history):
    ended = {(mark.run, mark.epoch) for mark in history.marks if mark.kind == "end"}
    for raw, epoch in history.ask(
            "SELECT r.id, max(a.epoch) FROM runs_done AS r JOIN attempts AS a ON a.run = r.id"
            " WHERE r.state = ? GROUP BY r.id", SUCCEEDED):
        if (run_text(raw), epoch) not in ended:
            yield f"{run_text(raw)} succeeded, but its work under epoch {epoch} never ended"


def a_log_is_complete(history):
    """Of an attempt that succeeded, from its first line to its last."""
    for raw, number, epoch in history.ask(
            "SELECT a.run, a.number, a.epoch FROM attempts AS a JOIN runs_done AS r ON r.id = a.run"
            " WHERE r.state = ? AND a.number = r.attempts", SUCCEEDED):
        chunks = history.ask("SELECT bytes FROM log_chunks WHERE run = ? AND attempt = ?"
                             " ORDER BY seq", raw, number)
        text = b"".join(chunk for chunk, in chunks).decode()
        whole = text.startswith(f"begin {epoch}\n") and text.endswith(f"end {epoch}\n")
        numbers = [int(line) for line in text.splitlines() if line.isdigit()]
        if not whole or numbers != list(range(1, len(numbers) + 1)):
            yield f"the log of {run_text(raw)} attempt {number} has gaps: {text[:60]!r}..."


def one_attempt_is_one_start(history):
    """A job with one attempt is never started twice."""
    starts = collections.Counter(mark.run for mark in history.marks if mark.kind == "begin")
    for raw, in history.ask(
            "SELECT r.id FROM runs_done AS r JOIN job_versions AS v ON v.job = r.job"
            " AND v.version = r.version"
            " WHERE coalesce(json_extract(v.spec, '$.retry.max_attempts'), 1) = 1"):
        if starts[run_text(raw)] > 1:
            yield f"{run_text(raw)} may be tried once and was started {starts[run_text(raw)]} times"


def a_cancelled_run_starts_no_more(history):
    for mark in history.marks:
        asked = history.cancelled.get(mark.run)
        if asked is not None and mark.kind == "begin" and mark.at > asked + history.prompt:
            yield f"{mark.run} was cancelled at {asked:.2f} and began again at {mark.at:.2f}"


def every_instant_has_one_ending(history):
    """The ledger of each schedule has every instant from its first to the last that was planned,
    once, and only an instant whose run has not started is without an ending."""
    live = {row[0] for row in history.ask("SELECT id FROM runs_live")}
    for key, created, planned, spec in history.ask(
            "SELECT key, created_at, planned_until, spec FROM schedules WHERE trigger IN (0, 1)"):
        period, first = period_of(json.loads(spec), created)
        expected = first
        for at, through, count, ending, run in history.ask(
                "SELECT at, through, count, ending, run FROM occurrences WHERE schedule = ?"
                " ORDER BY at", key):
            if at != expected:
                yield f"schedule {key}: after {expected - period} comes {at}, not {expected}"
            last = at if through is None else through
            if last - at != (count - 1) * period:
                yield f"schedule {key}: the row at {at} counts {count} up to {last}"
            if ending is None and run not in live:
                yield f"schedule {key}: the instant {at} has neither an ending nor a live run"
            expected = last + period
        if expected <= planned:
            yield f"schedule {key}: planned up to {planned}, but {expected} is not in the ledger"


def period_of(spec, created):
    """Milliseconds between two fires, and the first of them."""
    if "every" in spec:
        text = spec["every"]
        period = int(text[:-2]) if text.endswith("ms") else int(text[:-1]) * 1000
        return period, created + period
    seconds = int(spec["cron"].split()[0].removeprefix("*/"))
    period = seconds * 1000
    return period, (created // period + 1) * period


def a_timed_run_stands_in_the_ledger(history):
    stands = collections.Counter(row[0] for row in history.ask(
        "SELECT run FROM occurrences WHERE run IS NOT NULL AND ending IS NOT 4"))
    for table in ("runs_live", "runs_done"):
        for raw, in history.ask(f"SELECT id FROM {table} WHERE trigger IN (0, 1)"):
            if stands[raw] != 1:
                yield f"{run_text(raw)} stands in the ledger {stands[raw]} times"


# Of each: the sentence that is broken, and the rows that break it.
CONSISTENCY = (
    ("a run belongs to a version of a job",
     "SELECT id FROM (SELECT id, job, version FROM runs_live UNION ALL"
     " SELECT id, job, version FROM runs_done) AS r WHERE NOT EXISTS (SELECT 1 FROM job_versions"
     " AS v JOIN jobs AS j ON j.key = v.job WHERE v.job = r.job AND v.version = r.version)"),
    ("a run is live or done", "SELECT l.id FROM runs_live AS l JOIN runs_done AS d ON d.id = l.id"),
    ("a running run has a worker, a lease and an epoch",
     "SELECT id FROM runs_live WHERE state = 2"
     " AND (worker IS NULL OR lease_until IS NULL OR epoch < 1 OR attempts < 1)"),
    ("a live run's job exists",
     "SELECT l.id FROM runs_live AS l JOIN jobs AS j ON j.key = l.job"
     " WHERE j.deleted_at IS NOT NULL"),
    ("an attempt belongs to a run",
     "SELECT run FROM attempts WHERE run NOT IN (SELECT id FROM runs_live UNION ALL"
     " SELECT id FROM runs_done)"),
    ("a run that ended has as many attempts as it says",
     "SELECT id FROM runs_done AS r WHERE attempts !="
     " (SELECT count(*) FROM attempts AS a WHERE a.run = r.id)"),
    ("a log belongs to an attempt",
     "SELECT DISTINCT run FROM log_chunks AS c WHERE NOT EXISTS (SELECT 1 FROM attempts AS a"
     " WHERE a.run = c.run AND a.number = c.attempt) AND NOT EXISTS (SELECT 1 FROM runs_live AS l"
     " WHERE l.id = c.run AND l.attempts = c.attempt)"),
    ("input belongs to a run",
     "SELECT run FROM run_payloads WHERE run NOT IN (SELECT id FROM runs_live UNION ALL"
     " SELECT id FROM runs_done)"),
    ("an occurrence that ran has its run",
     "SELECT run FROM occurrences WHERE ending = 0 AND run NOT IN (SELECT id FROM runs_live"
     " UNION ALL SELECT id FROM runs_done)"),
    ("an occurrence belongs to a schedule of its job",
     "SELECT coalesce(run, x'00') FROM occurrences AS o WHERE NOT EXISTS (SELECT 1 FROM schedules"
     " AS s WHERE s.key = o.schedule AND s.job = o.job)"),
)


def rows_agree(history):
    for sentence, sql in CONSISTENCY:
        for raw, in history.ask(sql):
            yield f"not so: {sentence}: {run_text(raw)}"


ALL = (the_database_is_whole, nothing_acknowledged_is_lost, a_submission_counts_once,
       a_run_ends_once, nothing_is_left_unfinished, two_attempts_never_meet, work_has_a_lease,
       success_is_work_that_ended, a_log_is_complete, one_attempt_is_one_start,
       a_cancelled_run_starts_no_more, every_instant_has_one_ending,
       a_timed_run_stands_in_the_ledger, rows_agree)


def violations(history):
    """Of every sentence the first few lines that break it."""
    for check in ALL:
        sentence = check.__name__.replace("_", " ")
        for count, line in enumerate(check(history)):
            if count < 5:
                yield f"{sentence}: {line}"
