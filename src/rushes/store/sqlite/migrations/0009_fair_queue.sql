-- Each account gets its turn, however many generations another account has queued.

-- The round of its model's queue in which a generation is claimed; see store/base.py.
ALTER TABLE generation ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;

UPDATE generation SET turn = numbered.turn FROM (
    SELECT seq, row_number() OVER (
        PARTITION BY model, account_id ORDER BY waits_from, seq
    ) AS turn
    FROM generation WHERE channel IS NULL AND waits_from IS NOT NULL
) AS numbered WHERE generation.seq = numbered.seq;

DROP INDEX generation_not_begun;
CREATE INDEX generation_queued ON generation (model, turn)
    WHERE channel IS NULL AND waits_from IS NOT NULL;
CREATE INDEX generation_queued_by_account ON generation (model, account_id, turn)
    WHERE channel IS NULL AND waits_from IS NOT NULL;

-- How far each model's queue has come: the latest turn of which something was claimed, and the
-- event of the last claim.
CREATE TABLE model_queue (
    model TEXT PRIMARY KEY,
    turn INTEGER NOT NULL,
    last_claim INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
