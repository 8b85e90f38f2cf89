-- The rates that all processes on this file count together.

CREATE TABLE rate_bucket (
    name TEXT PRIMARY KEY,
    -- When it is empty again, if nothing more is poured in.
    empty_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
