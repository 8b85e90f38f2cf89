-- Addresses of accounts, and deliveries to several of them for one event.

CREATE TABLE webhook (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    url TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    wording TEXT NOT NULL,
    -- Both separated by spaces.
    events TEXT NOT NULL,
    secrets TEXT NOT NULL,
    disabled_at INTEGER,
    disabled_why TEXT,
    UNIQUE (account_id, url)
) STRICT;

CREATE INDEX webhook_of_account ON webhook (account_id, seq);

ALTER TABLE delivery RENAME TO delivery_before;

CREATE TABLE delivery (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    event INTEGER NOT NULL REFERENCES event,
    generation INTEGER NOT NULL REFERENCES generation,
    account_id TEXT NOT NULL,
    -- The id of a webhook; '' for the address that the request named.
    webhook TEXT NOT NULL,
    url TEXT NOT NULL,
    dialect TEXT NOT NULL,
    format TEXT NOT NULL,
    state TEXT NOT NULL,
    next_at INTEGER NOT NULL,
    -- When it may be taken: next_at, or the end of the claim of whoever has it.
    free_at INTEGER NOT NULL,
    -- Who has claimed it, until free_at.
    holder TEXT,
    tries TEXT NOT NULL DEFAULT '[]',
    -- How many of the tries were made before it was last asked for anew.
    tries_before INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO delivery (
    seq, id, event, generation, account_id, webhook, url, dialect, format, state, next_at, free_at,
    tries
)
SELECT
    old.seq, 'msg_' || old.seq, old.seq, old.generation, generation.account_id, '', old.url,
    generation.body ->> 'dialect', old.format, old.state, old.next_at, old.free_at, old.tries
FROM delivery_before AS old JOIN generation ON generation.seq = old.generation;

DROP TABLE delivery_before;

CREATE INDEX delivery_due ON delivery (free_at) WHERE state = 'pending';
CREATE INDEX delivery_pending_of_generation ON delivery (generation, webhook, seq)
    WHERE state = 'pending';
CREATE INDEX delivery_of_generation ON delivery (generation);
CREATE INDEX delivery_newest_of_account ON delivery (account_id, seq, state);
CREATE INDEX delivery_open_to ON delivery (account_id, url) WHERE state IN ('pending', 'held');
