"""Find and remove old data."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

from rushes.core.generation import Generation, State
from rushes.core.lifecycle import Change
from rushes.store.base import History, Tally
from rushes.store.sql.connection import Connection, Reader, Row, Writer, rows
from rushes.store.sql.rows import first, moment, when

_TALLY: Final = """
    SELECT
        (SELECT coalesce(sum(media_bytes), 0) FROM generation
            WHERE state = 'completed' AND finished_at IS NOT NULL),
        (SELECT min(created_at) FROM generation
            WHERE waits_from IS NOT NULL AND state = 'queued'),
        (SELECT count(*) FROM delivery WHERE state = 'pending'),
        (SELECT min(event.at) FROM delivery JOIN event ON event.seq = delivery.event
            WHERE delivery.state = 'pending')
"""

_LITTER: Final = "SELECT folder FROM litter ORDER BY seq LIMIT ?"

_WITH_FILES: Final = "SELECT id FROM generation WHERE id IN ({marks}) AND state <> 'expired'"

_NAMED: Final = """
    SELECT DISTINCT input.key FROM input JOIN generation ON generation.seq = input.generation
    WHERE input.key IN ({marks}) AND generation.state IN ('queued', 'running', 'completed')
"""

_OLD: Final = """
    FROM event JOIN generation ON generation.seq = event.generation {more}
    WHERE event.at < ? AND generation.waits_from IS NULL AND {condition}
"""
_WITHOUT_DELIVERY: Final = """
    NOT EXISTS (
        SELECT 1 FROM delivery
        WHERE delivery.generation = event.generation AND delivery.event = event.seq
    )
"""
_FORGETTABLE: Final[dict[History, tuple[str, str]]] = {
    History.EVENTS: ("event", _OLD.format(more="", condition=_WITHOUT_DELIVERY)),
    History.DELIVERIES: (
        "delivery",
        _OLD.format(
            more="""JOIN delivery
                ON delivery.generation = event.generation AND delivery.event = event.seq""",
            condition="delivery.state IN ('delivered', 'failed')",
        ),
    ),
}
_PAST: Final = {
    what: f"SELECT {table}.seq {old} ORDER BY event.at LIMIT ?"
    for what, (table, old) in _FORGETTABLE.items()
}
_COUNT_PAST: Final = {what: f"SELECT count(*) {old}" for what, (_, old) in _FORGETTABLE.items()}
_FORGET: Final = {
    History.EVENTS: """
        DELETE FROM event WHERE seq = ? AND NOT EXISTS (
            SELECT 1 FROM delivery
            WHERE delivery.generation = event.generation AND delivery.event = event.seq
        )
    """,
    History.DELIVERIES: "DELETE FROM delivery WHERE seq = ? AND state IN ('delivered', 'failed')",
}

_NAMES_AT_ONCE: Final = 500

_INPUT: Final = re.compile(rb'"media:(inputs/[^"\\]+)"')


def _ended(states: frozenset[State], *, before: datetime | None) -> tuple[str, Row]:
    """Return the query of the generations that ended longest ago, with what it binds."""
    marks = ", ".join("?" * len(states))
    last = moment(before) if before is not None else 1 << 62
    query = f"""
        SELECT id, body, progress, phase FROM generation
        WHERE state IN ({marks}) AND finished_at IS NOT NULL AND finished_at <= ?
        ORDER BY finished_at, seq
    """  # noqa: S608  # question marks
    return query, (*states, last)


def _tally_of(row: Row) -> Tally:
    """Return the tally of a row of the query above."""
    media_bytes, queued_since, deliveries, pending_since = row
    return Tally(
        media_bytes=media_bytes,
        queued_since=None if queued_since is None else when(queued_since),
        deliveries=deliveries,
        pending_since=None if pending_since is None else when(pending_since),
    )


def inputs_of(body: bytes) -> frozenset[str]:
    """Return the keys of the media below ``inputs/`` that a generation's JSON names."""
    return frozenset(key.decode() for key in _INPUT.findall(body))


def record_for_archive(db: Connection, change: Change, body: bytes) -> None:
    """Record what the archive needs to know about a change that was just written."""
    after = change.after
    if change.before is None:
        found = inputs_of(body)
        db.executemany(
            "INSERT INTO input (key, generation) SELECT ?, seq FROM generation WHERE id = ?",
            [(key, after.id) for key in found],
        )
    if not after.state.is_final:
        return
    db.execute(
        "UPDATE generation SET finished_at = ?, media_bytes = ? WHERE id = ?",
        (
            moment(after.finished_at or after.updated_at),
            sum(file.size_bytes for file in after.artifacts),
            after.id,
        ),
    )
    if after.state is State.EXPIRED:
        mark_removable(db, after)


def mark_removable(db: Connection, generation: Generation) -> None:
    """Record the media folder of a generation as removable, and its inputs as not needed."""
    db.execute("INSERT INTO litter (folder) VALUES (?) ON CONFLICT DO NOTHING", (generation.id,))
    db.execute(
        "DELETE FROM input WHERE generation = (SELECT seq FROM generation WHERE id = ?)",
        (generation.id,),
    )


def _forget(db: Connection, what: History, seqs: Collection[int]) -> int:
    """Remove what the query found, if it is still removable."""
    return sum(db.execute(_FORGET[what], (seq,)).rowcount for seq in seqs)


def _forget_folders(db: Connection, folders: Collection[str]) -> None:
    """Remove the records of media folders that were deleted."""
    db.executemany("DELETE FROM litter WHERE folder = ?", [(folder,) for folder in folders])


def _take_lock(db: Connection, what: str, *, who: str, now: datetime, until: datetime) -> bool:
    """Take a lock that is free or already held by the caller; return whether it worked."""
    taken = db.execute(
        "INSERT INTO turn (what, who, until) VALUES (?, ?, ?)"
        " ON CONFLICT (what) DO UPDATE SET who = excluded.who, until = excluded.until"
        " WHERE turn.who = excluded.who OR turn.until <= ?",
        (what, who, moment(until), moment(now)),
    )
    return taken.rowcount == 1


def _release_lock(db: Connection, what: str, *, who: str) -> None:
    """Release a lock that the caller holds."""
    db.execute("DELETE FROM turn WHERE what = ? AND who = ?", (what, who))


def _groups(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Split names into groups that one statement can bind."""
    for start in range(0, len(names), _NAMES_AT_ONCE):
        yield names[start : start + _NAMES_AT_ONCE]


class SqlArchive:
    """Implements :class:`Archive`; its queries may be slow, so the reader must not block."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def tally(self) -> Tally:
        return _tally_of((await rows(self._reader, _TALLY))[0])

    async def ended(
        self,
        states: frozenset[State],
        *,
        before: datetime | None = None,
        offset: int = 0,
        limit: int = 100,
    ) -> tuple[Generation, ...]:
        query, values = _ended(states, before=before)
        return await self._reader.run(
            lambda db: first(db, query, values, offset=offset, limit=limit)
        )

    async def past(self, what: History, *, before: datetime) -> int:
        return int((await rows(self._reader, _COUNT_PAST[what], moment(before)))[0][0])

    async def forget(self, what: History, *, before: datetime, limit: int) -> int:
        found = await rows(self._reader, _PAST[what], moment(before), limit)
        seqs = [int(row[0]) for row in found]
        if not seqs:
            return 0
        return await self._writer.run(lambda db: _forget(db, what, seqs))

    async def named(self, keys: Collection[str]) -> frozenset[str]:
        return await self._those(_NAMED, keys)

    async def with_files(self, ids: Collection[str]) -> frozenset[str]:
        return await self._those(_WITH_FILES, ids)

    async def removable_folders(self, *, limit: int) -> tuple[str, ...]:
        return tuple(row[0] for row in await rows(self._reader, _LITTER, limit))

    async def mark_removed(self, folders: Collection[str]) -> None:
        await self._writer.run(lambda db: _forget_folders(db, folders))

    async def take_lock(self, what: str, *, who: str, now: datetime, until: datetime) -> bool:
        return await self._writer.run(
            lambda db: _take_lock(db, what, who=who, now=now, until=until)
        )

    async def release_lock(self, what: str, *, who: str) -> None:
        await self._writer.run(lambda db: _release_lock(db, what, who=who))

    async def _those(self, query: str, names: Collection[str]) -> frozenset[str]:
        """Return the names that a query finds."""

        def reading(db: Connection) -> frozenset[str]:
            found: set[str] = set()
            for some in _groups(list(names)):
                marked = query.format(marks=", ".join("?" * len(some)))
                found.update(row[0] for row in db.execute(marked, some))
            return frozenset(found)

        return await self._reader.run(reading)
