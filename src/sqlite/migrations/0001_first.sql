-- Conventions. Ids are 16 bytes (UUIDv7). Instants and durations are milliseconds, instants since
-- the Unix epoch, UTC. `tenant`, `job`, `schedule` and `worker` are the short integer keys of their
-- tables. Enumerations are the numbers listed in enum_names. The *_view views spell all of it out.

CREATE TABLE enum_names(
  kind TEXT NOT NULL,
  value INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY(kind, value)
) STRICT, WITHOUT ROWID;

INSERT INTO enum_names(kind, value, name) VALUES
  ('run_state', 0, 'scheduled'), ('run_state', 1, 'queued'), ('run_state', 2, 'running'),
  ('run_state', 3, 'waiting'), ('run_state', 4, 'succeeded'), ('run_state', 5, 'failed'),
  ('run_state', 6, 'cancelled'), ('run_state', 7, 'timed_out'), ('run_state', 8, 'skipped'),
  ('trigger', 0, 'cron'), ('trigger', 1, 'every'), ('trigger', 2, 'at'), ('trigger', 3, 'delay'),
  ('trigger', 4, 'event'), ('trigger', 5, 'webhook'), ('trigger', 6, 'stream'),
  ('trigger', 7, 'manual'), ('trigger', 8, 'api'), ('trigger', 9, 'pipeline'),
  ('trigger', 10, 'backfill'), ('trigger', 11, 'retry'),
  ('ending', 0, 'ran'), ('ending', 1, 'skipped_overlap'), ('ending', 2, 'skipped_calendar'),
  ('ending', 3, 'skipped_paused'), ('ending', 4, 'coalesced_into'),
  ('ending', 5, 'missed_expired'), ('ending', 6, 'deduplicated'), ('ending', 7, 'dst_skipped'),
  ('ending', 8, 'superseded'), ('ending', 9, 'cancelled'),
  ('overlap', 0, 'skip'), ('overlap', 1, 'buffer_one'), ('overlap', 2, 'buffer_all'),
  ('overlap', 3, 'cancel_other'), ('overlap', 4, 'terminate_other'), ('overlap', 5, 'allow'),
  ('worker_state', 0, 'online'), ('worker_state', 1, 'draining'), ('worker_state', 2, 'offline'),
  ('log_stream', 0, 'stdout'), ('log_stream', 1, 'stderr'), ('log_stream', 2, 'system');

CREATE TABLE tenants(
  key INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO tenants(key, name) VALUES (1, 'default');

-- A deleted job keeps its row, so that its history can still name it.
CREATE TABLE jobs(
  key INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  tenant INTEGER NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  paused INTEGER NOT NULL DEFAULT 0,
  pause_note TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX jobs_by_name ON jobs(tenant, name) WHERE deleted_at IS NULL;
CREATE INDEX jobs_by_pause ON jobs(tenant, paused, name) WHERE deleted_at IS NULL;

-- How many jobs exist, so that the limit costs no count.
CREATE TABLE job_counts(
  tenant INTEGER PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT;

CREATE TABLE job_versions(
  job INTEGER NOT NULL,
  version INTEGER NOT NULL,
  spec TEXT NOT NULL,
  author TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE(job, version)
) STRICT;

-- Labels of the newest version of jobs that exist, one row per "key=value".
CREATE TABLE job_labels(
  tenant INTEGER NOT NULL,
  label TEXT NOT NULL,
  name TEXT NOT NULL,
  job INTEGER NOT NULL,
  PRIMARY KEY(tenant, label, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE schedules(
  key INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  job INTEGER NOT NULL,
  version INTEGER NOT NULL,
  trigger INTEGER NOT NULL,
  overlap INTEGER NOT NULL,
  spec TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  planned_until INTEGER NOT NULL,
  exhausted INTEGER NOT NULL DEFAULT 0,
  retired_at INTEGER
) STRICT;
CREATE INDEX schedules_of_job ON schedules(job) WHERE retired_at IS NULL;
CREATE INDEX schedules_active ON schedules(id) WHERE retired_at IS NULL AND exhausted = 0;

-- The ledger. `ending` is absent while the fire is written ahead.
CREATE TABLE occurrences(
  schedule INTEGER NOT NULL,
  at INTEGER NOT NULL,
  local TEXT NOT NULL,
  tenant INTEGER NOT NULL,
  job INTEGER NOT NULL,
  through INTEGER,
  count INTEGER NOT NULL DEFAULT 1,
  ending INTEGER,
  run BLOB,
  detail TEXT NOT NULL DEFAULT '',
  decided_at INTEGER,
  PRIMARY KEY(schedule, at, local)
) STRICT, WITHOUT ROWID;
CREATE INDEX occurrences_of_tenant ON occurrences(tenant, at, schedule, local);
CREATE INDEX occurrences_of_job ON occurrences(job, at, schedule, local);
CREATE INDEX occurrences_not_ran ON occurrences(tenant, ending, at, schedule, local)
  WHERE ending > 0;
CREATE INDEX occurrence_ranges ON occurrences(job, through, at) WHERE through IS NOT NULL;

-- Runs that have not ended: small and hot. Their order, dues and leases are indexed in the writer's
-- memory, so the table carries only what reads need: by job, and the few that are under way.
CREATE TABLE runs_live(
  tenant INTEGER NOT NULL,
  id BLOB NOT NULL CHECK(length(id) = 16),
  job INTEGER NOT NULL,
  version INTEGER NOT NULL,
  schedule INTEGER,
  state INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  trigger INTEGER NOT NULL,
  requested_by TEXT NOT NULL,
  queue TEXT NOT NULL,
  priority INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  scheduled_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  started_at INTEGER,
  exit_code INTEGER,
  parent_run BLOB,
  cancel TEXT,
  progress TEXT,
  epoch INTEGER NOT NULL DEFAULT 0,
  worker INTEGER,
  lease_until INTEGER,
  attempt_started_at INTEGER,
  PRIMARY KEY(tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX runs_live_of_job ON runs_live(job, id);
CREATE INDEX runs_under_way ON runs_live(tenant, state, id) WHERE state IN (2, 3);

-- The history that screens ask about.
CREATE TABLE runs_done(
  tenant INTEGER NOT NULL,
  id BLOB NOT NULL CHECK(length(id) = 16),
  job INTEGER NOT NULL,
  version INTEGER NOT NULL,
  schedule INTEGER,
  state INTEGER NOT NULL,
  reason TEXT NOT NULL,
  trigger INTEGER NOT NULL,
  requested_by TEXT NOT NULL,
  queue TEXT NOT NULL,
  priority INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  scheduled_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  started_at INTEGER,
  exit_code INTEGER,
  parent_run BLOB,
  cancel TEXT,
  progress TEXT,
  finished_at INTEGER NOT NULL,
  PRIMARY KEY(tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX runs_done_of_job ON runs_done(job, id);
CREATE INDEX runs_done_by_state ON runs_done(tenant, state, id);

-- Cold: what a run was given. No row when it was given nothing.
CREATE TABLE run_payloads(
  run BLOB NOT NULL UNIQUE CHECK(length(run) = 16),
  params TEXT NOT NULL
) STRICT;

-- Attempts that have ended; the one that runs stands in runs_live. `then_state` and `retry_at` are
-- what its report was answered, for a report that comes twice.
CREATE TABLE attempts(
  run BLOB NOT NULL CHECK(length(run) = 16),
  number INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  worker INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  then_state INTEGER NOT NULL,
  retry_at INTEGER,
  UNIQUE(run, number)
) STRICT;

CREATE TABLE log_chunks(
  run BLOB NOT NULL CHECK(length(run) = 16),
  attempt INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  stream INTEGER NOT NULL,
  at INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE(run, attempt, seq)
) STRICT;

-- AUTOINCREMENT: a position is never given twice, even after old events are removed.
CREATE TABLE events(
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant INTEGER NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  time INTEGER NOT NULL,
  payload TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_tenant ON events(tenant, position);
CREATE INDEX events_of_subject ON events(subject, position);

CREATE TABLE workers(
  key INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  name TEXT NOT NULL,
  state INTEGER NOT NULL,
  slots INTEGER NOT NULL,
  labels TEXT NOT NULL,
  version TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  heartbeat_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens(
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  tenant INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 BLOB NOT NULL UNIQUE,
  permissions TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE(tenant, name)
) STRICT;

CREATE TABLE idempotency(
  tenant INTEGER NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  reply TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY(tenant, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_expiry ON idempotency(expires_at);

-- For a person at the sqlite3 shell.
CREATE VIEW runs_view AS
SELECT 'run_' || lower(hex(r.id)) AS run, t.name AS tenant, j.name AS job, r.version, n.name AS state,
       r.reason, r.attempts, r.exit_code, datetime(r.created_at / 1000, 'unixepoch') AS created,
       datetime(r.due_at / 1000, 'unixepoch') AS due,
       datetime(r.started_at / 1000, 'unixepoch') AS started,
       datetime(r.finished_at / 1000, 'unixepoch') AS finished
FROM (SELECT tenant, id, job, version, state, reason, attempts, exit_code, created_at, due_at,
             started_at, NULL AS finished_at FROM runs_live
      UNION ALL
      SELECT tenant, id, job, version, state, reason, attempts, exit_code, created_at, due_at,
             started_at, finished_at FROM runs_done) AS r
JOIN tenants AS t ON t.key = r.tenant
JOIN jobs AS j ON j.key = r.job
JOIN enum_names AS n ON n.kind = 'run_state' AND n.value = r.state;

CREATE VIEW occurrences_view AS
SELECT t.name AS tenant, j.name AS job, datetime(o.at / 1000, 'unixepoch') AS at, o.local,
       coalesce(n.name, 'planned') AS ending, o.count, 'run_' || lower(hex(o.run)) AS run, o.detail
FROM occurrences AS o
JOIN tenants AS t ON t.key = o.tenant
JOIN jobs AS j ON j.key = o.job
LEFT JOIN enum_names AS n ON n.kind = 'ending' AND n.value = o.ending;

CREATE VIEW jobs_view AS
SELECT 'job_' || lower(hex(j.id)) AS job, t.name AS tenant, j.name, j.version, j.paused,
       datetime(j.updated_at / 1000, 'unixepoch') AS updated, v.spec
FROM jobs AS j
JOIN tenants AS t ON t.key = j.tenant
JOIN job_versions AS v ON v.job = j.key AND v.version = j.version
WHERE j.deleted_at IS NULL;
