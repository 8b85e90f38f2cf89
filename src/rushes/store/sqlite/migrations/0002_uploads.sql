-- Files that callers have brought. Their bytes are in the media store, under key.

CREATE TABLE upload (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    key TEXT,
    name TEXT,
    tag TEXT,
    expires_at INTEGER,
    deleted_at INTEGER,
    failure TEXT,
    -- When something has to be done about it without being asked; null: never.
    due_at INTEGER
) STRICT;

CREATE INDEX upload_newest_of_account ON upload (account_id, seq, state, purpose);
CREATE INDEX upload_due ON upload (due_at) WHERE due_at IS NOT NULL;
