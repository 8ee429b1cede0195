-- Pauses that say who and for how long, queues, calendars, and what keeps a run from starting.

INSERT INTO enum_names(kind, value, name) VALUES
  ('ending', 10, 'skipped_limit'), ('ending', 11, 'shadowed'),
  ('on_limit', 0, 'queue'), ('on_limit', 1, 'skip'), ('on_limit', 2, 'cancel_running'),
  ('hold', 0, 'none'), ('hold', 1, 'paused'), ('hold', 2, 'overlap'), ('hold', 3, 'debounce');

-- `paused` stays, for the index; `pause` is a model::Pause.
ALTER TABLE jobs ADD COLUMN pause TEXT;
UPDATE jobs SET pause = json_object('by', '', 'note', pause_note, 'at',
                                    strftime('%Y-%m-%dT%H:%M:%S', updated_at / 1000, 'unixepoch')
                                      || '.000Z',
                                    'meanwhile', 'drop')
WHERE paused = 1;
ALTER TABLE jobs DROP COLUMN pause_note;
-- Runs that failed since the last success.
ALTER TABLE jobs ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;

-- The last pause that drops fires, and how many fires became runs.
ALTER TABLE schedules ADD COLUMN paused_at INTEGER;
ALTER TABLE schedules ADD COLUMN resumed_at INTEGER;
ALTER TABLE schedules ADD COLUMN shadow INTEGER NOT NULL DEFAULT 0;
ALTER TABLE schedules ADD COLUMN runs INTEGER NOT NULL DEFAULT 0;
-- Of the tenant; NULL when the definition names none.
ALTER TABLE schedules ADD COLUMN calendar TEXT;
CREATE INDEX schedules_of_calendar ON schedules(calendar)
  WHERE calendar IS NOT NULL AND retired_at IS NULL;
UPDATE schedules SET runs = (SELECT count(*) FROM occurrences AS o
                             WHERE o.schedule = schedules.key AND o.run IS NOT NULL
                               AND (o.ending IS NULL OR o.ending = 0));

-- overlap: of runs that time or a backfill fired. placement: the labels that a worker must have, or
-- NULL. key_text, key_limit, on_limit: the concurrency key
-- as it was evaluated. hold: why a queued or scheduled run cannot start although it is due.
-- queue_until: due_at + timeout.queue. debounce_until: the latest start of a debounced run.
ALTER TABLE runs_live ADD COLUMN overlap INTEGER;
ALTER TABLE runs_live ADD COLUMN slots INTEGER NOT NULL DEFAULT 1;
ALTER TABLE runs_live ADD COLUMN placement TEXT;
ALTER TABLE runs_live ADD COLUMN key_text TEXT;
ALTER TABLE runs_live ADD COLUMN key_limit INTEGER;
ALTER TABLE runs_live ADD COLUMN on_limit INTEGER;
ALTER TABLE runs_live ADD COLUMN hold INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs_live ADD COLUMN queue_until INTEGER;
ALTER TABLE runs_live ADD COLUMN extended_until INTEGER;
ALTER TABLE runs_live ADD COLUMN debounce_key TEXT;
ALTER TABLE runs_live ADD COLUMN debounce_until INTEGER;
ALTER TABLE runs_live ADD COLUMN rerun_of BLOB;
ALTER TABLE runs_live ADD COLUMN operation BLOB;
UPDATE runs_live SET overlap = (SELECT s.overlap FROM schedules AS s WHERE s.key = schedule)
WHERE schedule IS NOT NULL;
CREATE INDEX runs_live_of_operation ON runs_live(operation, id) WHERE operation IS NOT NULL;

ALTER TABLE runs_done ADD COLUMN key_text TEXT;
ALTER TABLE runs_done ADD COLUMN rerun_of BLOB;
ALTER TABLE runs_done ADD COLUMN operation BLOB;
CREATE INDEX runs_done_of_operation ON runs_done(operation, id) WHERE operation IS NOT NULL;

-- tokens: of the rate, as they were at tokens_at.
CREATE TABLE queues(
  key INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  name TEXT NOT NULL,
  spec TEXT NOT NULL,
  pause TEXT,
  tokens REAL,
  tokens_at INTEGER,
  UNIQUE(tenant, name)
) STRICT;

CREATE TABLE calendars(
  key INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  name TEXT NOT NULL,
  spec TEXT NOT NULL,
  author TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE(tenant, name)
) STRICT;

-- Submissions that are remembered until their window ends.
CREATE TABLE dedupe_keys(
  job INTEGER NOT NULL,
  key TEXT NOT NULL,
  run BLOB NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY(job, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX dedupe_keys_by_end ON dedupe_keys(until);
