-- What an overview asks about all jobs at once, kept as it happens.

-- Jobs whose newest run that succeeded or failed has failed. since: the end of the first failure
-- after the last success; run, failed_at: the newest failure.
CREATE TABLE failing(
  job INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  since INTEGER NOT NULL,
  streak INTEGER NOT NULL,
  run BLOB NOT NULL CHECK(length(run) = 16),
  failed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX failing_by_time ON failing(tenant, failed_at, job);

-- How many runs ended in each minute of the last day. minute: since the Unix epoch.
CREATE TABLE ended_per_minute(
  tenant INTEGER NOT NULL,
  minute INTEGER NOT NULL,
  state INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY(tenant, minute, state)
) STRICT, WITHOUT ROWID;

INSERT INTO failing(job, tenant, since, streak, run, failed_at)
SELECT f.job, f.tenant, min(f.finished_at), count(*),
       (SELECT n.id FROM runs_done AS n WHERE n.job = f.job AND n.state IN (5, 7)
        ORDER BY n.finished_at DESC, n.id DESC LIMIT 1),
       max(f.finished_at)
FROM runs_done AS f
JOIN jobs AS j ON j.key = f.job AND j.deleted_at IS NULL
LEFT JOIN (SELECT job, max(finished_at) AS at FROM runs_done WHERE state = 4 GROUP BY job) AS s
  ON s.job = f.job
WHERE f.state IN (5, 7) AND (s.at IS NULL OR f.finished_at > s.at)
GROUP BY f.job, f.tenant;

CREATE VIEW failing_view AS
SELECT t.name AS tenant, j.name AS job, datetime(f.since / 1000, 'unixepoch') AS since, f.streak,
       'run_' || lower(hex(f.run)) AS run, datetime(f.failed_at / 1000, 'unixepoch') AS failed
FROM failing AS f
JOIN jobs AS j ON j.key = f.job
JOIN tenants AS t ON t.key = f.tenant;
