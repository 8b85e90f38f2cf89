-- What is needed to find what is old, and to remove its files whatever happens in between.

ALTER TABLE generation ADD COLUMN finished_at INTEGER;
-- Of the files that it has.
ALTER TABLE generation ADD COLUMN media_bytes INTEGER NOT NULL DEFAULT 0;

UPDATE generation SET
    -- The last change of a final generation is its end; its event tells when that was.
    finished_at = (SELECT max(at) FROM event WHERE event.generation = generation.seq),
    media_bytes = (
        SELECT coalesce(sum(json_extract(file.value, '$.size_bytes')), 0)
        FROM json_each(CAST(body AS TEXT), '$.artifacts') AS file
    )
    WHERE waits_from IS NULL;

CREATE INDEX generation_ended ON generation (state, finished_at, media_bytes)
    WHERE finished_at IS NOT NULL;

-- Which generation names which of the files in inputs/, where each is kept once for all of them.
CREATE TABLE input (
    key TEXT NOT NULL,
    generation INTEGER NOT NULL REFERENCES generation,
    PRIMARY KEY (key, generation)
) STRICT, WITHOUT ROWID;

CREATE INDEX input_of_generation ON input (generation);

INSERT INTO input (key, generation)
    SELECT DISTINCT substr(told.value, 7), generation.seq
    FROM generation, json_tree(CAST(generation.body AS TEXT), '$.spec') AS told
    WHERE told.type = 'text' AND told.value LIKE 'media:inputs/%';

CREATE INDEX event_by_age ON event (at, generation);

-- Folders of media that nobody needs any more, until they are gone.
CREATE TABLE litter (
    seq INTEGER PRIMARY KEY,
    folder TEXT NOT NULL UNIQUE
) STRICT;

-- Whose turn it is at what one does at a time over all processes.
CREATE TABLE turn (
    what TEXT PRIMARY KEY,
    who TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
