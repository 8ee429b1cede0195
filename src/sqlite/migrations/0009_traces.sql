-- The trace that a run was asked for in, W3C Trace Context as JSON; NULL: the run begins its own.
ALTER TABLE run_payloads ADD COLUMN trace TEXT;
