-- Accounts with names of their own, and keys with scopes, limits, an end and a former secret.

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO account (id, name, created_at)
    SELECT account_id, account_id, min(created_at) FROM (
        SELECT account_id, created_at FROM key
        UNION ALL SELECT account_id, created_at FROM generation
        UNION ALL SELECT account_id, created_at FROM upload
    ) GROUP BY account_id;

-- Names with spaces between them.
ALTER TABLE key ADD COLUMN scopes TEXT NOT NULL DEFAULT 'generate read';
UPDATE key SET scopes = 'generate operate read' WHERE operates;
ALTER TABLE key DROP COLUMN operates;
ALTER TABLE key ADD COLUMN submits_per_minute INTEGER;
ALTER TABLE key ADD COLUMN in_flight INTEGER;
-- A JSON array of names; null: every model.
ALTER TABLE key ADD COLUMN models TEXT;
ALTER TABLE key ADD COLUMN expires_at INTEGER;
ALTER TABLE key ADD COLUMN used_at INTEGER;
ALTER TABLE key ADD COLUMN former_digest TEXT;
ALTER TABLE key ADD COLUMN former_until INTEGER;
CREATE UNIQUE INDEX key_former ON key (former_digest) WHERE former_digest IS NOT NULL;

-- Who asked for it, so that it can be counted what of a key is under way.
ALTER TABLE generation ADD COLUMN key_id TEXT;
CREATE INDEX generation_in_flight ON generation (key_id)
    WHERE key_id IS NOT NULL AND waits_from IS NOT NULL;
