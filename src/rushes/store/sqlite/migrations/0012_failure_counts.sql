-- Failures in a row of the receivers of webhooks, by a hash of account and address.

CREATE TABLE failure_count (
    name TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    paused_until INTEGER,
    failed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX failure_count_by_age ON failure_count (failed_at);
