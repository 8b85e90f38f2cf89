"""Read and change generations in PostgreSQL outside :mod:`rushes.store.postgres.decide`."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from rushes.core.errors import Conflict
from rushes.core.generation import Generation, GenerationId
from rushes.core.ledger import must_hold_nothing
from rushes.store.base import COUNT_AHEAD_LIMIT, GenerationFilter
from rushes.store.postgres.connections import PgConnection
from rushes.store.sql.archive import mark_removable
from rushes.store.sql.connection import Row
from rushes.store.sql.rows import folded, moment

GENERATION: Final = "SELECT id, body, progress, phase FROM generation WHERE id = ?"

CHANGED_GENERATION: Final = """
    SELECT
        CASE WHEN version = ? AND progress = ? AND phase IS NOT DISTINCT FROM ? THEN NULL
            ELSE body END,
        progress, phase
    FROM generation WHERE id = ?
"""

GENERATIONS: Final = "SELECT id, body, progress, phase FROM generation WHERE id = ANY(?)"

OPEN_BY_CHANNEL: Final = """
    SELECT channel, count(*) FROM generation
    WHERE channel IS NOT NULL AND channel <> '' GROUP BY channel
"""

HOLDERS: Final = """
    SELECT DISTINCT lease_worker FROM generation
    WHERE channel IS NOT NULL AND lease_worker IS NOT NULL
"""

AHEAD: Final = f"""
    SELECT count(*) FROM (
        SELECT 1 FROM generation AS own JOIN generation AS other ON other.model = own.model
        WHERE own.id = ? AND own.channel IS NULL AND own.waits_from IS NOT NULL
            AND other.channel IS NULL AND other.waits_from IS NOT NULL
            AND (other.turn, other.seq) < (own.turn, own.seq)
        LIMIT {COUNT_AHEAD_LIMIT}
    ) AS ahead
"""  # noqa: S608  # every part is a constant, here and below

EVENTS: Final = """
    SELECT seq, type, at, body FROM event
    WHERE generation = (SELECT seq FROM generation WHERE id = ?) ORDER BY seq
"""

TALLY: Final = """
    SELECT state, sum(count)::bigint FROM tally GROUP BY state HAVING sum(count) > 0
"""

FOLD_TALLY: Final = """
    WITH folded AS (DELETE FROM tally RETURNING state, count)
    INSERT INTO tally (state, count) SELECT state, sum(count) FROM folded GROUP BY state
"""

AUDIT: Final = """
    WITH counted AS (
        SELECT account_id, sum(balance)::bigint AS balance, sum(held)::bigint AS held
        FROM ledger GROUP BY account_id
    ), going_on AS (
        SELECT account_id, sum(held)::bigint AS held
        FROM generation WHERE waits_from IS NOT NULL GROUP BY account_id
    ), every AS (
        SELECT account_id FROM funds UNION SELECT account_id FROM counted
        UNION SELECT account_id FROM going_on WHERE held > 0
    )
    SELECT account_id,
        coalesce(funds.balance, 0), coalesce(funds.held, 0),
        coalesce(counted.balance, 0), coalesce(counted.held, 0),
        coalesce(going_on.held, 0)
    FROM every
        LEFT JOIN funds USING (account_id)
        LEFT JOIN counted USING (account_id)
        LEFT JOIN going_on USING (account_id)
    ORDER BY account_id
"""

OFFER_S: Final = 1.0
"""For how many seconds other workers pass over a generation that one is about to claim."""

_IS_FREE: Final = "(offered_until IS NULL OR offered_until < clock_timestamp() OR offered_to = ?)"

_HEADS: Final = f"""
    SELECT seq FROM (
        SELECT * FROM (
            SELECT 0 AS place, 0::bigint AS last_claim, waits_from, seq FROM generation
            WHERE channel IS NOT NULL AND waits_from IS NOT NULL AND waits_from <= ?
                AND id <> ALL(?) AND channel <> ALL(?) AND {_IS_FREE}
            ORDER BY waits_from, seq LIMIT 1 FOR UPDATE SKIP LOCKED
        ) AS begun
        UNION ALL
        SELECT 1, coalesce(model_queue.last_claim, 0), head.waits_from, head.seq
        FROM unnest(?::text[]) AS wanted (model)
        LEFT JOIN model_queue ON model_queue.model = wanted.model, LATERAL (
            SELECT seq, waits_from FROM generation
            WHERE channel IS NULL AND waits_from IS NOT NULL AND model = wanted.model
                AND waits_from <= ? AND id <> ALL(?) AND {_IS_FREE}
            ORDER BY turn, seq LIMIT 1 FOR UPDATE SKIP LOCKED
        ) AS head
    ) AS heads ORDER BY place, last_claim, waits_from, seq LIMIT 1
"""  # noqa: S608  # as above

_OFFER: Final = f"""
    UPDATE generation
    SET offered_to = ?, offered_until = clock_timestamp() + make_interval(secs => {OFFER_S})
    WHERE seq = ({_HEADS}) RETURNING id, body, progress, phase
"""  # noqa: S608  # as above

_WITHDRAW: Final = """
    UPDATE generation SET offered_to = NULL, offered_until = NULL
    WHERE id = ANY(?) AND offered_to = ?
"""

_LOOK: Final = """
    SELECT id, body, progress, phase FROM generation
    WHERE waits_from IS NOT NULL AND waits_from <= ? AND id <> ALL(?)
        AND coalesce(channel, '') <> ALL(?)
    ORDER BY waits_from, seq LIMIT 1
"""


def look(
    db: PgConnection,
    *,
    now: datetime,
    skip: Collection[GenerationId],
    other_channels: Collection[str],
) -> Row | None:
    """Return the row of the generation that has waited longest, without reserving it."""
    values = (moment(now), list(skip), list(other_channels))
    row: Row | None = db.execute(_LOOK, values).fetchone()
    return row


def offer(
    db: PgConnection,
    *,
    to: str,
    now: datetime,
    models: Collection[str],
    skip: Collection[GenerationId],
    other_channels: Collection[str],
    withdrawn: Collection[GenerationId],
) -> Row | None:
    """
    Return the row of the generation to claim next, and let other workers pass over it for a moment.

    Without this, all workers would go for the same generation, and one could have it.

    Args:
        to: This store.

        withdrawn: What was offered to it, and what others may have after all.
    """
    at, without = moment(now), list(skip)
    with db.raw.pipeline():
        db.execute("BEGIN")
        db.execute("SET LOCAL synchronous_commit = off")  # nothing that is lost would be missed
        if withdrawn:
            db.execute(_WITHDRAW, (list(withdrawn), to))
        others = list(other_channels)
        found = db.execute(_OFFER, (to, at, without, others, to, list(models), at, without, to))
        db.execute("COMMIT")
    row: Row | None = found.fetchone()
    return row


def withdraw(db: PgConnection, ids: Collection[GenerationId], *, to: str) -> None:
    """Let other stores have what was offered to this one."""
    db.execute(_WITHDRAW, (list(ids), to))


def end_leases(db: PgConnection, worker: str, *, now: datetime) -> int:
    """End a worker's leases at *now*."""
    return db.execute(
        "UPDATE generation SET waits_from = ? WHERE channel IS NOT NULL AND lease_worker = ?",
        (moment(now), worker),
    ).rowcount


def remove(db: PgConnection, generation: Generation) -> None:
    """Remove a generation with its events and deliveries, if its version is still this one."""
    must_hold_nothing(generation)
    found = db.execute(
        "SELECT seq FROM generation WHERE id = ? AND version = ? FOR UPDATE",
        (generation.id, generation.version),
    ).fetchone()
    if found is None:
        raise Conflict(f"generation {generation.id} was changed by somebody else")
    mark_removable(db, generation)
    for table in ("delivery", "upstream_job", "event"):
        db.execute(f"DELETE FROM {table} WHERE generation = ?", (found[0],))  # noqa: S608  # as above
    db.execute("DELETE FROM generation WHERE seq = ?", (found[0],))


def listing(wanted: GenerationFilter) -> tuple[str, Row]:
    """Return the query of a listing, in order and without a limit, and its parameters."""
    conditions: list[str] = ["TRUE"]
    values: list[object] = []

    def require(condition: str, *bound: object) -> None:
        conditions.append(condition)
        values.extend(bound)

    if wanted.account_id is not None:
        require("account_id = ?", wanted.account_id)
    if wanted.states:
        require("state = ANY(?)", [state.value for state in wanted.states])
    if wanted.model is not None:
        require("model = ?", wanted.model)
    if wanted.makes is not None:
        require("makes = ?", wanted.makes.value)
    for word in wanted.words:
        require("strpos(folded_prompt, ?) > 0", folded(word))
    if wanted.created_from is not None:
        require("created_at >= ?", moment(wanted.created_from))
    if wanted.created_before is not None:
        require("created_at < ?", moment(wanted.created_before))
    if wanted.before_id is not None:
        beyond = ">" if wanted.oldest_first else "<"
        require(
            f"(created_at, seq) {beyond} (SELECT created_at, seq FROM generation WHERE id = ?)",  # noqa: S608  # a sign of ours
            wanted.before_id,
        )
    order = "created_at, seq" if wanted.oldest_first else "created_at DESC, seq DESC"
    query = f"""
        SELECT id, body, progress, phase FROM generation
        WHERE {" AND ".join(conditions)} ORDER BY {order}
    """  # noqa: S608  # the parts are written above, the values are bound
    return query, tuple(values)
