-- How to reach what is outside, and which jobs name it.

CREATE TABLE connections(
  key INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  name TEXT NOT NULL,
  spec TEXT NOT NULL,
  author TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE(tenant, name)
) STRICT;

-- Of the newest versions of jobs that are not deleted.
CREATE TABLE connection_users(
  tenant INTEGER NOT NULL,
  connection TEXT NOT NULL,
  job INTEGER NOT NULL,
  PRIMARY KEY(tenant, connection, job)
) STRICT, WITHOUT ROWID;
