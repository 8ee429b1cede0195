-- Nodes that share the store. The worker of a node has an id of the same bytes.
CREATE TABLE nodes(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16),
  name TEXT NOT NULL,
  state INTEGER NOT NULL,
  roles TEXT NOT NULL,
  version TEXT NOT NULL,
  protocol INTEGER NOT NULL,
  address TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  heartbeat_at INTEGER NOT NULL,
  clock_offset_ms INTEGER
) STRICT, WITHOUT ROWID;
