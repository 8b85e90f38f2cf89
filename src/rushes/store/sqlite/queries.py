"""Read and write generations in SQLite; each function takes a connection and parameters."""

import sqlite3
from datetime import datetime
from typing import Final

from rushes.core.errors import Conflict, IdempotencyMismatch, JobTaken
from rushes.core.generation import Generation
from rushes.core.ledger import must_hold_nothing
from rushes.store.base import (
    COUNT_AHEAD_LIMIT,
    ChannelLimit,
    Event,
    GenerationFilter,
    IdempotencyClaim,
    Lease,
)
from rushes.store.sql.archive import mark_removable, record_for_archive
from rushes.store.sql.connection import Row
from rushes.store.sql.deliveries import add_deliveries
from rushes.store.sql.keys import check_in_flight_limit
from rushes.store.sql.ledger import count, post
from rushes.store.sql.rows import (
    channel,
    folded,
    generation_of,
    moment,
)
from rushes.store.sql.writing import Writing

GENERATION: Final = "SELECT id, body, progress, phase FROM generation WHERE id = ?"

CHANGED_GENERATION: Final = """
    SELECT CASE WHEN version = ? AND progress = ? AND phase IS ? THEN NULL ELSE body END,
        progress, phase
    FROM generation WHERE id = ?
"""

WAITING: Final = """
    SELECT id, body, progress, phase, waits_from, seq FROM generation
    WHERE waits_from IS NOT NULL AND waits_from <= ?
        AND coalesce(channel, '') NOT IN (SELECT value FROM json_each(?))
    ORDER BY waits_from, seq
"""

BEGUN: Final = """
    SELECT id, body, progress, phase, waits_from, seq FROM generation
    WHERE channel IS NOT NULL AND waits_from IS NOT NULL AND waits_from <= ?
        AND channel NOT IN (SELECT value FROM json_each(?))
    ORDER BY waits_from, seq
"""

NEXT_TURN: Final = """
    SELECT id, body, progress, phase,
        coalesce((SELECT last_claim FROM model_queue WHERE model = generation.model), 0),
        waits_from, seq
    FROM generation
    WHERE channel IS NULL AND waits_from IS NOT NULL AND model = ? AND waits_from <= ?
    ORDER BY turn, seq
"""

OPEN_BY_CHANNEL: Final = """
    SELECT channel, count(*) FROM generation
    WHERE channel IS NOT NULL AND channel <> '' GROUP BY channel
"""

OPEN_ELSEWHERE: Final = """
    SELECT count(*) FROM generation WHERE channel = ? AND lease_worker IS NOT ?
"""

HOLDERS: Final = """
    SELECT DISTINCT lease_worker FROM generation
    WHERE channel IS NOT NULL AND lease_worker IS NOT NULL
"""

AHEAD: Final = f"""
    SELECT count(*) FROM (
        SELECT 1 FROM generation AS own JOIN generation AS other
            ON other.model = own.model AND other.turn <= own.turn
        WHERE own.id = ? AND own.channel IS NULL AND own.waits_from IS NOT NULL
            AND other.channel IS NULL AND other.waits_from IS NOT NULL
            AND (other.turn, other.seq) < (own.turn, own.seq)
        LIMIT {COUNT_AHEAD_LIMIT}
    )
"""  # noqa: S608  # every part is a constant

_SEQ_OF: Final = "(SELECT seq FROM generation WHERE id = ?)"

EVENTS: Final = f"""
    SELECT seq, type, at, body FROM event WHERE generation = {_SEQ_OF} ORDER BY seq
"""  # noqa: S608  # every part is a constant of this module, here and below

_ADD_EVENT: Final = f"""
    INSERT INTO event (generation, type, at, body) VALUES ({_SEQ_OF}, ?, ?, ?)
"""  # noqa: S608  # as above

_TURN: Final = """
    1 + max(
        coalesce((SELECT turn FROM model_queue WHERE model = ?), 0),
        coalesce((
            SELECT max(turn) FROM generation
            WHERE channel IS NULL AND waits_from IS NOT NULL AND model = ? AND account_id = ?
        ), 0)
    )
"""
"""The turn of a new generation, given its model, the model again, and its account."""

_RECORD_CLAIM: Final = """
    INSERT INTO model_queue (model, turn, last_claim)
        SELECT model, turn, ? FROM generation WHERE id = ?
    ON CONFLICT (model) DO UPDATE
        SET turn = max(turn, excluded.turn), last_claim = excluded.last_claim
"""

AUDIT: Final = """
    WITH counted AS (
        SELECT account_id, sum(balance) AS balance, sum(held) AS held
        FROM ledger GROUP BY account_id
    ), going_on AS (
        SELECT account_id, sum(json_extract(CAST(body AS TEXT), '$.quote.held')) AS held
        FROM generation WHERE waits_from IS NOT NULL GROUP BY account_id
    ), every AS (
        SELECT account_id FROM funds UNION SELECT account_id FROM counted
        UNION SELECT account_id FROM going_on WHERE held IS NOT NULL
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

TALLY: Final = "SELECT state, count FROM tally WHERE count > 0"


def write(db: sqlite3.Connection, writing: Writing) -> Generation | None:
    """Write a change; if *once* has made a generation before, return that and write nothing."""
    once = writing.once
    if once is not None and once.is_repeat and (earlier := _made_by(db, writing, once)):
        return earlier
    if writing.in_flight_limit is not None:
        check_in_flight_limit(db, writing.in_flight_limit)
    if writing.channel_limit is not None:
        _check_room(db, writing.channel_limit)
    if writing.change.before is None:
        _insert(db, writing)
    else:
        _update(db, writing, version=writing.change.before.version)
    record_for_archive(db, writing.change, writing.body)
    if job := writing.change.new_job:
        _take_job(db, *job, writing.change.after)
    for line in writing.lines:
        post(db, line)
    if writing.used is not None:
        count(db, writing.used)
    _add_event(db, writing)
    if once is not None:
        _record_idempotency_key(db, writing, once)
    return None


def _insert(db: sqlite3.Connection, writing: Writing) -> None:
    after = writing.change.after
    written = db.execute(
        "INSERT INTO generation (account_id, model, created_at, id, state, version, waits_from,"  # noqa: S608  # constants
        " lease_worker, progress, channel, key_id, body, turn)"
        f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {_TURN})"
        " ON CONFLICT (id) DO NOTHING",
        (
            after.account_id,
            after.spec.model,
            moment(after.created_at),
            after.id,
            after.state,
            after.version,
            writing.waits_from,
            writing.lease_worker,
            after.progress,
            channel(after),
            after.key_id,
            writing.body,
            after.spec.model,
            after.spec.model,
            after.account_id,
        ),
    )
    if written.rowcount != 1:
        raise Conflict(f"there is a generation {after.id} already")


def _update(db: sqlite3.Connection, writing: Writing, *, version: int) -> None:
    after = writing.change.after
    written = db.execute(
        "UPDATE generation SET state = ?, version = ?, waits_from = ?, lease_worker = ?,"
        " progress = ?, phase = NULL, channel = ?, body = ? WHERE id = ? AND version = ?",
        (
            after.state,
            after.version,
            writing.waits_from,
            writing.lease_worker,
            after.progress,
            channel(after),
            writing.body,
            after.id,
            version,
        ),
    )
    if written.rowcount != 1:
        raise Conflict(f"generation {after.id} was changed by somebody else")


def _check_room(db: sqlite3.Connection, room: ChannelLimit) -> None:
    elsewhere = db.execute(OPEN_ELSEWHERE, (room.channel, room.worker)).fetchone()[0]
    room.check(int(elsewhere))


def _take_job(db: sqlite3.Connection, name: str, job_id: str, owner: Generation) -> None:
    taken = db.execute(
        f"INSERT INTO upstream_job (channel, upstream_id, generation) VALUES (?, ?, {_SEQ_OF})"  # noqa: S608  # as above
        " ON CONFLICT (channel, upstream_id) DO UPDATE SET generation = generation"
        " WHERE generation = excluded.generation",
        (name, job_id, owner.id),
    )
    if taken.rowcount != 1:
        raise JobTaken(f"job {job_id} of {name} belongs to another generation")


def _add_event(db: sqlite3.Connection, writing: Writing) -> None:
    after, at = writing.change.after, writing.at
    added = db.execute(_ADD_EVENT, (after.id, writing.change.event, at, writing.body))
    if writing.change.takes_turn:
        db.execute(_RECORD_CLAIM, (added.lastrowid, after.id))
    if writing.change.is_news and added.lastrowid is not None:
        event = Event(
            seq=added.lastrowid, type=writing.change.event, at=after.updated_at, generation=after
        )
        add_deliveries(db, event, announces=writing.change.announces)


def _made_by(db: sqlite3.Connection, writing: Writing, once: IdempotencyClaim) -> Generation | None:
    found = db.execute(
        "SELECT fingerprint, generation_id FROM once"
        " WHERE account_id = ? AND key = ? AND until > ?",
        (writing.change.after.account_id, once.key, writing.at),
    ).fetchone()
    if found is None:
        return None
    fingerprint, generation_id = found
    made = db.execute(GENERATION, (generation_id,)).fetchone()
    if made is None:
        return None  # removed meanwhile: the key is free again
    if fingerprint != once.fingerprint:
        raise IdempotencyMismatch("this idempotency key was used for another request")
    return generation_of(*made[1:])


def remove(db: sqlite3.Connection, generation: Generation) -> None:
    """Remove a generation with its events and deliveries, if its version is still this one."""
    must_hold_nothing(generation)
    mark_removable(db, generation)
    db.execute(f"DELETE FROM delivery WHERE generation = {_SEQ_OF}", (generation.id,))  # noqa: S608  # as above
    db.execute(f"DELETE FROM upstream_job WHERE generation = {_SEQ_OF}", (generation.id,))  # noqa: S608  # as above
    db.execute(f"DELETE FROM event WHERE generation = {_SEQ_OF}", (generation.id,))  # noqa: S608  # as above
    removed = db.execute(
        "DELETE FROM generation WHERE id = ? AND version = ?", (generation.id, generation.version)
    )
    if removed.rowcount != 1:
        raise Conflict(f"generation {generation.id} was changed by somebody else")


def _record_idempotency_key(
    db: sqlite3.Connection, writing: Writing, once: IdempotencyClaim
) -> None:
    after = writing.change.after
    db.execute(
        "INSERT OR REPLACE INTO once (account_id, key, fingerprint, generation_id, until)"
        " VALUES (?, ?, ?, ?, ?)",
        (after.account_id, once.key, once.fingerprint, after.id, moment(once.until)),
    )


def remove_ended_keys(db: sqlite3.Connection, *, before: int) -> None:
    """Remove the idempotency keys that ended at or before *before*."""
    db.execute("DELETE FROM once WHERE until <= ?", (before,))


def renew(
    db: sqlite3.Connection,
    generation: Generation,
    *,
    lease: Lease,
    progress: float,
    phase: str | None,
) -> None:
    """Extend a lease that the worker still holds."""
    written = db.execute(
        "UPDATE generation SET waits_from = ?, progress = ?, phase = ?"
        " WHERE id = ? AND version = ? AND state = 'running' AND lease_worker = ?",
        (moment(lease.until), progress, phase, generation.id, generation.version, lease.worker),
    )
    if written.rowcount != 1:
        raise Conflict(f"generation {generation.id} is no longer {lease.worker}'s")


def end_leases(db: sqlite3.Connection, worker: str, *, now: datetime) -> int:
    """End a worker's leases at *now*."""
    return db.execute(
        "UPDATE generation SET waits_from = ? WHERE channel IS NOT NULL AND lease_worker = ?",
        (moment(now), worker),
    ).rowcount


def listing(wanted: GenerationFilter) -> tuple[str, Row]:
    """Return the query of a listing, in order and without a limit, and its parameters."""
    conditions: list[str] = []
    values: list[object] = []

    def require(condition: str, *bound: object) -> None:
        conditions.append(condition)
        values.extend(bound)

    if wanted.account_id is not None:
        require("account_id = ?", wanted.account_id)
    if wanted.states:
        require(f"state IN ({', '.join('?' * len(wanted.states))})", *wanted.states)
    if wanted.model is not None:
        require("model = ?", wanted.model)
    if wanted.makes is not None:
        require("makes(body) = ?", wanted.makes.value)
    for word in wanted.words:
        require("instr(folded_prompt(body), ?)", folded(word))
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
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    order = "created_at, seq" if wanted.oldest_first else "created_at DESC, seq DESC"
    query = f"""
        SELECT id, body, progress, phase FROM generation {where}
        ORDER BY {order}
    """  # noqa: S608  # the parts are written above, the values are bound
    return query, tuple(values)
