-- oldest: 1
-- The processes that share this store, each as of its last heartbeat.

CREATE TABLE node (
    name text COLLATE "C" PRIMARY KEY,
    host text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    -- Separated by spaces.
    roles text COLLATE "C" NOT NULL,
    -- One a line.
    channels text COLLATE "C" NOT NULL,
    slots bigint NOT NULL,
    running bigint NOT NULL,
    -- Separated by spaces; a few of them only.
    running_ids text COLLATE "C" NOT NULL,
    started_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    draining bigint NOT NULL
);
