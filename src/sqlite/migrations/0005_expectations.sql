-- What is expected of runs and jobs. Only jobs with `expect` have rows here.

INSERT INTO enum_names(kind, value, name) VALUES
  ('expectation', 0, 'start'), ('expectation', 1, 'finish'), ('expectation', 2, 'predicted');

-- Of runs that have not ended. deadline: of the start or the finish; for `predicted` too that of the
-- finish. due_at: what it counts from. at: when to look; NULL: nothing is to be told any more, or not
-- before a retry.
CREATE TABLE expectations(
  run BLOB NOT NULL CHECK(length(run) = 16),
  kind INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  deadline INTEGER NOT NULL,
  at INTEGER,
  told INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(run, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX expectations_by_time ON expectations(at) WHERE at IS NOT NULL;

-- One row for each job with expect.every. since: its last success, or when it began to count. at:
-- when its silence is told; NULL: it was told, or the job is paused.
CREATE TABLE silences(
  job INTEGER PRIMARY KEY,
  every INTEGER NOT NULL,
  since INTEGER NOT NULL,
  at INTEGER
) STRICT;
CREATE INDEX silences_by_time ON silences(at) WHERE at IS NOT NULL;

-- When the run was due before a retry moved that; NULL where none did.
ALTER TABLE runs_live ADD COLUMN first_due_at INTEGER;
ALTER TABLE runs_done ADD COLUMN first_due_at INTEGER;
