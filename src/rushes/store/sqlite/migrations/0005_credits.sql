-- What accounts have, and why. Amounts are micro-credits; nothing here is ever a float.

-- Only added to. A line outlives the generation that it is about.
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The id of a generation or of a grant.
    reference TEXT NOT NULL,
    -- By how much the balance, and what is held, grows.
    balance INTEGER NOT NULL,
    held INTEGER NOT NULL,
    at INTEGER NOT NULL,
    note TEXT,
    UNIQUE (reference, kind)
) STRICT;

CREATE INDEX ledger_of_account ON ledger (account_id, seq);

CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger BEGIN
    SELECT raise(ABORT, 'the ledger is only added to');
END;

CREATE TRIGGER ledger_is_not_removed BEFORE DELETE ON ledger BEGIN
    SELECT raise(ABORT, 'the ledger is only added to');
END;

-- The sums over the ledger, kept so that asking is cheap. `rushes credits verify` counts them anew.
CREATE TABLE funds (
    account_id TEXT PRIMARY KEY,
    balance INTEGER NOT NULL CHECK (balance >= 0),
    held INTEGER NOT NULL CHECK (held >= 0)
) STRICT, WITHOUT ROWID;

-- How many generations have ended, counted when they do; outlives them, too.
CREATE TABLE used (
    day TEXT NOT NULL,
    account_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    model TEXT NOT NULL,
    state TEXT NOT NULL,
    count INTEGER NOT NULL,
    micro INTEGER NOT NULL,
    PRIMARY KEY (day, account_id, key_id, model, state)
) STRICT, WITHOUT ROWID;

CREATE INDEX used_by_account ON used (account_id, day);

INSERT INTO used (day, account_id, key_id, model, state, count, micro)
SELECT
    substr(coalesce(
        json_extract(CAST(body AS TEXT), '$.finished_at'),
        json_extract(CAST(body AS TEXT), '$.updated_at')
    ), 1, 10) AS ended,
    account_id, '', model, state, count(*), 0
FROM generation
WHERE state IN ('completed', 'failed', 'cancelled') AND json_valid(CAST(body AS TEXT))
GROUP BY ended, account_id, model, state;
