-- The processes that share this store, each as of its last heartbeat.

CREATE TABLE node (
    name TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    version TEXT NOT NULL,
    -- Separated by spaces.
    roles TEXT NOT NULL,
    -- One a line.
    channels TEXT NOT NULL,
    slots INTEGER NOT NULL,
    running INTEGER NOT NULL,
    -- Separated by spaces; a few of them only.
    running_ids TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    draining INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
