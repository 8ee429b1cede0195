-- Tokens may end by themselves; NULL: never.
ALTER TABLE tokens ADD COLUMN expires_at INTEGER;
