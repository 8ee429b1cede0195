-- Fewer B-trees to write for each run. Both tables were looked up by these keys alone, through an
-- index beside the table.
CREATE TABLE new_run_payloads(
  run BLOB NOT NULL PRIMARY KEY CHECK(length(run) = 16),
  params TEXT NOT NULL,
  trace TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO new_run_payloads SELECT run, params, trace FROM run_payloads ORDER BY run;
DROP TABLE run_payloads;
ALTER TABLE new_run_payloads RENAME TO run_payloads;

CREATE TABLE new_attempts(
  run BLOB NOT NULL CHECK(length(run) = 16),
  number INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  worker INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  then_state INTEGER NOT NULL,
  retry_at INTEGER,
  PRIMARY KEY(run, number)
) STRICT, WITHOUT ROWID;
INSERT INTO new_attempts SELECT run, number, epoch, worker, started_at, finished_at, outcome,
  then_state, retry_at FROM attempts ORDER BY run, number;
DROP TABLE attempts;
ALTER TABLE new_attempts RENAME TO attempts;

-- A new event gets the position after the newest, which is never removed: no counter is needed to
-- give no position twice.
CREATE TABLE new_events(
  position INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  time INTEGER NOT NULL,
  payload TEXT NOT NULL
) STRICT;
INSERT INTO new_events SELECT position, tenant, type, subject, time, payload FROM events
  ORDER BY position;
DROP TABLE events;
ALTER TABLE new_events RENAME TO events;
CREATE INDEX events_of_tenant ON events(tenant, position);
CREATE INDEX events_of_subject ON events(subject, position);
