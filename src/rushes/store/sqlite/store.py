"""Keep generations, deliveries, keys and uploads in one SQLite file."""

import json
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from rushes.core.errors import GenerationNotFound
from rushes.core.generation import Generation, GenerationId, Revision, State
from rushes.core.keys import InFlightLimit
from rushes.core.lifecycle import Change
from rushes.store.base import (
    ChannelLimit,
    Event,
    GenerationFilter,
    IdempotencyClaim,
    Lease,
    RemoteChange,
)
from rushes.store.sql.archive import SqlArchive
from rushes.store.sql.connection import Row
from rushes.store.sql.failure_counts import REMOVE_OLD, last_kept
from rushes.store.sql.group_commit import OnCommit
from rushes.store.sql.ledger import SqlLedger
from rushes.store.sql.listeners import Listeners
from rushes.store.sql.outbox import SqlOutbox
from rushes.store.sql.rate_buckets import remove_empty_buckets
from rushes.store.sql.records import SqlRecords
from rushes.store.sql.rows import first, generation_of, moment, readable, readable_events
from rushes.store.sql.writing import Writing
from rushes.store.sqlite.group_commit import GroupCommitWriter
from rushes.store.sqlite.queries import (
    AHEAD,
    AUDIT,
    BEGUN,
    CHANGED_GENERATION,
    EVENTS,
    GENERATION,
    HOLDERS,
    NEXT_TURN,
    OPEN_BY_CHANNEL,
    TALLY,
    WAITING,
    end_leases,
    listing,
    remove,
    remove_ended_keys,
    renew,
    write,
)
from rushes.store.sqlite.reader_thread import InlineReader, ReaderThread, unreadable
from rushes.store.sqlite.schema import open_reader, open_writer

_FORGET_EVERY: Final = timedelta(hours=1)
"""How often the store removes ended idempotency keys."""


@dataclass(frozen=True, slots=True, order=True)
class _Head:
    """The first generation of a queue; the queue with the smallest position goes first."""

    position: tuple[int, ...]
    generation: Generation = field(compare=False)


class SqliteStore(SqlRecords, SqlOutbox):
    """
    Keeps everything in one file, which several processes of one machine may have open.

    Writes run in one thread and share commits. Reads do not wait for them: reads by id run in the
    caller's thread and take microseconds; listings run in a thread of their own.

    Args:
        path: The file; it and its folder are created if missing.

        on_commit: Called after each commit, in the writer's thread.

    Raises:
        SettingsError: The file is no database of rushes, belongs to a newer version, or cannot be
            opened.
    """

    def __init__(self, path: Path, *, on_commit: OnCommit | None = None) -> None:
        self._group = GroupCommitWriter(open_writer(path), on_commit)
        self._db = open_reader(path)
        self._lister = ReaderThread(open_reader(path))
        reader = InlineReader(self._db)
        SqlRecords.__init__(self, self._group, reader)
        SqlOutbox.__init__(self, self._group, reader)
        self._listeners = Listeners()
        self._forget_at: int | None = None
        self.ledger = SqlLedger(self._group, reader, audit=AUDIT)
        self.archive = SqlArchive(self._group, self._lister)

    async def write(
        self,
        change: Change,
        *,
        lease: Lease | None = None,
        once: IdempotencyClaim | None = None,
        in_flight_limit: InFlightLimit | None = None,
        channel_limit: ChannelLimit | None = None,
    ) -> Generation:
        writing = Writing.of(change, lease, once, in_flight_limit, channel_limit)
        earlier = await self._group.run(
            partial(self._write, writing), on_written=partial(self._tell, change, copy_context())
        )
        return earlier or change.after

    def _write(self, writing: Writing, db: sqlite3.Connection) -> Generation | None:
        if writing.once is not None and writing.at >= (self._forget_at or writing.at):
            remove_ended_keys(db, before=writing.at)
            remove_empty_buckets(db, before=writing.at)
            db.execute(REMOVE_OLD, (last_kept(writing.at),))
            self._forget_at = writing.at + _FORGET_EVERY // timedelta(microseconds=1)
        return write(db, writing)

    def _tell(self, change: Change, context: Context, earlier: Generation | None) -> None:
        if earlier is None:
            self._listeners.tell(change, context)

    async def renew(
        self, generation: Generation, *, lease: Lease, progress: float, phase: str | None = None
    ) -> None:
        await self._group.run(
            lambda db: renew(db, generation, lease=lease, progress=progress, phase=phase)
        )

    async def holders(self) -> frozenset[str]:
        return frozenset(row[0] for row in await self._rows(HOLDERS))

    async def end_leases(self, worker: str, *, now: datetime) -> int:
        return await self._group.run(lambda db: end_leases(db, worker, now=now))

    async def get(self, generation_id: GenerationId) -> Generation:
        _, text, progress, phase = self._one(GENERATION, generation_id)
        return generation_of(text, progress, phase)

    async def get_changed(self, generation_id: GenerationId, known: Revision) -> Generation | None:
        text, progress, phase = self._one(CHANGED_GENERATION, *known, generation_id)
        return None if text is None else generation_of(text, progress, phase)

    def _one(self, query: str, *values: object) -> Row:
        """Return the row of the generation whose id is the last value."""
        try:
            row: Row | None = self._db.execute(query, values).fetchone()
        except sqlite3.Error as error:
            raise unreadable(error) from error
        if row is None:
            raise GenerationNotFound(f"there is no generation {values[-1]!r}")
        return row

    async def get_many(self, ids: Sequence[GenerationId]) -> tuple[Generation, ...]:
        found = [row for one in ids for row in await self._rows(GENERATION, one)]
        return tuple(readable(found))

    async def list(self, wanted: GenerationFilter) -> tuple[Generation, ...]:
        query, values = listing(wanted)
        return await self._lister.run(
            lambda db: first(db, query, values, offset=wanted.offset, limit=wanted.limit)
        )

    async def next_available(
        self,
        *,
        now: datetime,
        models: Collection[str] | None = None,
        skip: Collection[GenerationId] = (),
        other_channels: Collection[str] = (),
    ) -> Generation | None:
        at, others = moment(now), json.dumps(list(other_channels))
        if models is None:
            first = self._head(WAITING, (at, others), skip)
        elif (first := self._head(BEGUN, (at, others), skip)) is None:
            heads = [self._head(NEXT_TURN, (model, at), skip) for model in models]
            first = min((head for head in heads if head is not None), default=None)
        return first.generation if first is not None else None

    async def count_open(self) -> Mapping[str, int]:
        return dict(await self._rows(OPEN_BY_CHANNEL))

    async def count_ahead(self, generation_id: GenerationId) -> int:
        return int((await self._rows(AHEAD, generation_id))[0][0])

    async def remove(self, generation: Generation) -> None:
        await self._group.run(lambda db: remove(db, generation))

    async def events(self, generation_id: GenerationId) -> tuple[Event, ...]:
        return tuple(readable_events(await self._rows(EVENTS, generation_id)))

    async def count_by_state(self) -> dict[State, int]:
        tally: dict[str, int] = dict(await self._rows(TALLY))
        return {state: tally[state] for state in State if state in tally}

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        return self._listeners.add(listener)

    def listen_elsewhere(self, listener: Callable[[RemoteChange], None]) -> Callable[[], None]:
        return lambda: None  # nobody tells; processes look every second or two

    async def close(self) -> None:
        """Make the waiting writes and close the file. A second close does nothing."""
        await self._lister.close()
        self._db.close()
        await self._group.close()  # last, so that SQLite folds its log into the file

    def _head(self, query: str, values: Row, skip: Collection[GenerationId]) -> "_Head | None":
        """Return the first readable generation that is not to be skipped, with its position."""
        try:
            with closing(self._db.execute(query, values)) as found:
                for row in found:
                    for generation in () if row[0] in skip else readable([row[:4]]):
                        return _Head(row[4:], generation)
                return None
        except sqlite3.Error as error:
            raise unreadable(error) from error
