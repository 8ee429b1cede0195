-- Real executions by another scheduler: of jobs that shadow it, and of those that somebody waits
-- for. One row per job, beginning and host.
CREATE TABLE pings(
  job INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  host TEXT NOT NULL,
  finished_at INTEGER,
  exit_code INTEGER,
  at INTEGER NOT NULL,
  PRIMARY KEY(job, started_at, host)
) WITHOUT ROWID, STRICT;

CREATE VIEW pings_view AS
SELECT t.name AS tenant, j.name AS job, p.host,
       datetime(p.started_at / 1000, 'unixepoch') AS started,
       datetime(p.finished_at / 1000, 'unixepoch') AS finished,
       p.exit_code, datetime(p.at / 1000, 'unixepoch') AS reported
FROM pings AS p
JOIN jobs AS j ON j.key = p.job
JOIN tenants AS t ON t.key = j.tenant;
