-- Operations on many runs, and what retention needs to find.

INSERT INTO enum_names(kind, value, name) VALUES
  ('operation_kind', 0, 'cancel_runs'), ('operation_kind', 1, 'rerun_runs'),
  ('operation_kind', 2, 'delete_runs'), ('operation_kind', 3, 'backfill'),
  ('operation_state', 0, 'running'), ('operation_state', 1, 'completed'),
  ('operation_state', 2, 'cancelled'), ('operation_state', 3, 'failed');

-- open: something is left to do, be it to cancel what a cancelled backfill has waiting. job: the one
-- that is named, NULL for any. reached: runs up to this id are dealt with. planned_until: of a
-- backfill.
CREATE TABLE operations(
  key INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  tenant INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  open INTEGER NOT NULL,
  job INTEGER,
  spec TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  reached BLOB NOT NULL CHECK(length(reached) = 16),
  planned_until INTEGER,
  total INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  detail TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX operations_of_tenant ON operations(tenant, id);
CREATE INDEX operations_open ON operations(tenant, id) WHERE open = 1;
CREATE INDEX operations_by_finish ON operations(finished_at) WHERE finished_at IS NOT NULL;

-- The bytes of its log that are stored.
ALTER TABLE runs_live ADD COLUMN log_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs_done ADD COLUMN log_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE runs_live SET log_bytes =
  (SELECT coalesce(sum(length(bytes)), 0) FROM log_chunks WHERE run = runs_live.id);
UPDATE runs_done SET log_bytes =
  (SELECT coalesce(sum(length(bytes)), 0) FROM log_chunks WHERE run = runs_done.id);

-- Retention asks for the oldest and the newest of a job, and how much they wrote.
CREATE INDEX runs_done_by_finish ON runs_done(job, finished_at, id, log_bytes);

-- When a job's history is looked at again: after `pause`, which grows while there is nothing to do.
-- Jobs of higher keys than any here are new.
CREATE TABLE trims(
  job INTEGER PRIMARY KEY,
  due_at INTEGER NOT NULL,
  pause INTEGER NOT NULL
) STRICT;
CREATE INDEX trims_by_due ON trims(due_at);

CREATE VIEW operations_view AS
SELECT 'op_' || lower(hex(o.id)) AS operation, t.name AS tenant, k.name AS kind, s.name AS state,
       o.requested_by, o.total, o.done, o.skipped, o.detail,
       datetime(o.created_at / 1000, 'unixepoch') AS created,
       datetime(o.finished_at / 1000, 'unixepoch') AS finished
FROM operations AS o
JOIN tenants AS t ON t.key = o.tenant
JOIN enum_names AS k ON k.kind = 'operation_kind' AND k.value = o.kind
JOIN enum_names AS s ON s.kind = 'operation_state' AND s.value = o.state;
