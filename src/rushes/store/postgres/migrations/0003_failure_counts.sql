-- oldest: 1
-- Failures in a row of the receivers of webhooks, by a hash of account and address.

CREATE TABLE failure_count (
    name text COLLATE "C" PRIMARY KEY,
    failures bigint NOT NULL,
    paused_until bigint,
    failed_at bigint NOT NULL
);

CREATE INDEX failure_count_by_age ON failure_count (failed_at);
