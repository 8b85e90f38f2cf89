-- What is asked of upstreams, and which channels take no work at present.

-- The channel of the attempt that is under way; '' where a running one has none on record.
ALTER TABLE generation ADD COLUMN channel TEXT;
UPDATE generation SET channel = '' WHERE state = 'running';
CREATE INDEX generation_under_way ON generation (channel) WHERE channel IS NOT NULL;
-- To find what a worker has left behind, and what waits for one model, without passing over
-- everything that waits for another.
CREATE INDEX generation_begun ON generation (waits_from)
    WHERE channel IS NOT NULL AND waits_from IS NOT NULL;
CREATE INDEX generation_not_begun ON generation (model, waits_from)
    WHERE channel IS NULL AND waits_from IS NOT NULL;

-- Each job that an upstream has accepted. One belongs to one generation, also when it has ended.
CREATE TABLE upstream_job (
    channel TEXT NOT NULL,
    upstream_id TEXT NOT NULL,
    generation INTEGER NOT NULL REFERENCES generation,
    PRIMARY KEY (channel, upstream_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX upstream_job_of_generation ON upstream_job (generation);

CREATE TABLE rest (
    channel TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
