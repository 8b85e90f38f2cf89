-- Keys that may see and direct the server itself, not only the generations of an account.

ALTER TABLE key ADD COLUMN operates INTEGER NOT NULL DEFAULT 0;
