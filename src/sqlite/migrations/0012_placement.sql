-- What runs take of a worker beside slots, where they are placed, and the shares of queues.

-- takes: NULL where a run takes nothing but slots; what was accepted before takes nothing.
-- placement: was a map of labels, and is a whole placement now.
ALTER TABLE runs_live ADD COLUMN takes TEXT;
UPDATE runs_live SET placement = json_object('labels', json(placement)) WHERE placement IS NOT NULL;

-- Of the queues of tenants in which one has a weight. tag: of the queue's last start; work: what it
-- has begun, in slots by weight.
CREATE TABLE queue_shares(
  tenant INTEGER NOT NULL,
  name TEXT NOT NULL,
  tag REAL NOT NULL,
  work REAL NOT NULL,
  PRIMARY KEY(tenant, name)
) STRICT, WITHOUT ROWID;
