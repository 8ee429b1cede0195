-- The lines that a chunk lies on, and whether the last of them has not ended. NULL for what an
-- earlier version wrote: such a log is read from its beginning.
ALTER TABLE log_chunks ADD COLUMN first_line INTEGER;
ALTER TABLE log_chunks ADD COLUMN last_line INTEGER;
ALTER TABLE log_chunks ADD COLUMN is_open INTEGER;
