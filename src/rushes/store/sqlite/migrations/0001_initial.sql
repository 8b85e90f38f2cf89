-- Moments are whole microseconds since 1970-01-01 UTC. Bodies are the JSON of a generation.

CREATE TABLE generation (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    model TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- Since when it waits for a worker: queued, from available_at; running, from the end of its
    -- lease, or from its last change if nobody holds one; final, never.
    waits_from INTEGER,
    lease_worker TEXT,
    -- Written beside the version; the body holds what it was at the last change.
    progress REAL NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE INDEX generation_waiting ON generation (waits_from) WHERE waits_from IS NOT NULL;
-- The columns behind seq let a filtered listing pass over a row without opening it.
CREATE INDEX generation_newest ON generation (created_at, seq, state, model);
CREATE INDEX generation_newest_of_account
    ON generation (account_id, created_at, seq, state, model);

-- How many generations are in each state, kept by the triggers below, so that asking is cheap.
CREATE TABLE tally (
    state TEXT PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER generation_added AFTER INSERT ON generation BEGIN
    INSERT INTO tally (state, count) VALUES (new.state, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER generation_moved AFTER UPDATE OF state ON generation
    WHEN old.state <> new.state BEGIN
    UPDATE tally SET count = count - 1 WHERE state = old.state;
    INSERT INTO tally (state, count) VALUES (new.state, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER generation_removed AFTER DELETE ON generation BEGIN
    UPDATE tally SET count = count - 1 WHERE state = old.state;
END;

-- What became true, with the generation as it was then. Numbers are never used again.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    generation INTEGER NOT NULL REFERENCES generation,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE INDEX event_of_generation ON event (generation);

-- What is to be told of an event; has the event's number.
CREATE TABLE delivery (
    seq INTEGER PRIMARY KEY REFERENCES event,
    generation INTEGER NOT NULL REFERENCES generation,
    url TEXT NOT NULL,
    format TEXT NOT NULL,
    state TEXT NOT NULL,
    next_at INTEGER NOT NULL,
    -- When it may be taken: next_at, or the end of the claim of whoever has it.
    free_at INTEGER NOT NULL,
    tries TEXT NOT NULL DEFAULT '[]'
) STRICT;

CREATE INDEX delivery_due ON delivery (free_at) WHERE state = 'pending';
CREATE INDEX delivery_of_generation ON delivery (generation);

CREATE TABLE once (
    account_id TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    generation_id TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE key (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    batch_format TEXT
) STRICT;
