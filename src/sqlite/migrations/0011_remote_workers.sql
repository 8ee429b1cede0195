-- What a worker's machine has (WorkerResources as JSON), what people told it, and those that join
-- with a token from anywhere. A worker that was removed keeps its row: attempts name it.
ALTER TABLE workers ADD COLUMN resources TEXT NOT NULL DEFAULT '{}';
ALTER TABLE workers ADD COLUMN remote INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workers ADD COLUMN cordoned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workers ADD COLUMN drain_until INTEGER;
ALTER TABLE workers ADD COLUMN removed_at INTEGER;

CREATE TABLE join_tokens(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  tenant INTEGER NOT NULL,
  sha256 BLOB NOT NULL UNIQUE,
  uses INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0,
  labels TEXT NOT NULL,
  slots_limit INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX join_tokens_of_tenant ON join_tokens(tenant, id);

-- The credential of each worker that joined, and what its join token bound it to.
CREATE TABLE worker_credentials(
  worker BLOB PRIMARY KEY CHECK(length(worker) = 16),
  tenant INTEGER NOT NULL,
  sha256 BLOB NOT NULL UNIQUE,
  join_sha256 BLOB NOT NULL,
  labels TEXT NOT NULL,
  slots_limit INTEGER,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
