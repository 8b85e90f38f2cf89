"""Keep generations, deliveries, keys and uploads in a PostgreSQL database."""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from contextvars import copy_context
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

import psycopg

from rushes.core.errors import GenerationNotFound, SettingsError, StoreError
from rushes.core.generation import Generation, GenerationId, Revision, State
from rushes.core.keys import InFlightLimit
from rushes.core.lifecycle import Change
from rushes.kit.clock import SharedClock
from rushes.store.base import (
    ChannelLimit,
    Event,
    GenerationFilter,
    IdempotencyClaim,
    Lease,
    RemoteChange,
)
from rushes.store.postgres.changes import ChangeWriter
from rushes.store.postgres.connections import Connections, has_pooler
from rushes.store.postgres.queries import (
    AHEAD,
    AUDIT,
    CHANGED_GENERATION,
    EVENTS,
    GENERATION,
    GENERATIONS,
    HOLDERS,
    OPEN_BY_CHANNEL,
    TALLY,
    end_leases,
    listing,
    look,
    offer,
    remove,
    withdraw,
)
from rushes.store.postgres.renewals import Renewal, Renewals
from rushes.store.postgres.schema import migrate
from rushes.store.postgres.threads import DatabaseThreads, ThreadReader, ThreadWriter
from rushes.store.postgres.wake_ups import WakeUps, read_clock
from rushes.store.sql.archive import SqlArchive
from rushes.store.sql.group_commit import GroupCommit, OnCommit
from rushes.store.sql.ledger import SqlLedger
from rushes.store.sql.listeners import Listeners
from rushes.store.sql.outbox import SqlOutbox
from rushes.store.sql.records import SqlRecords
from rushes.store.sql.rows import first, generation_of, readable, readable_events
from rushes.store.sql.writing import Writing

T = TypeVar("T")

CONNECTIONS: Final = 8
"""Connections for everything but the groups of changes, which have one of their own."""

CLAIM_LOCK: Final = "FOR UPDATE OF delivery SKIP LOCKED"
"""Lets dispatchers that claim deliveries at the same time pass over each other's."""


class PostgresStore(SqlRecords, SqlOutbox):
    """
    Keeps everything in a PostgreSQL database, which any number of processes may use.

    Changes of generations run in one thread and share transactions. Everything else runs in a pool
    of threads, each with a connection of its own.

    Args:
        url: Where the database is, as libpq reads it: ``postgresql://user@host/name``.

        listen_url: The same database without a pooler, for wake-ups between processes. It is needed
            only if *url* leads through a pooler.

        connections: How many connections reads and other writes may use.

        clock: A clock that is to follow the clock of the database.

        on_commit: Called after each commit of changes, in the writer's thread.

    Raises:
        SettingsError: The database cannot be reached, belongs to another program or to a newer
            release, or this user may not create its tables.
    """

    def __init__(
        self,
        url: str,
        *,
        listen_url: str | None = None,
        connections: int = CONNECTIONS,
        clock: SharedClock | None = None,
        on_commit: OnCommit | None = None,
    ) -> None:
        self._connections = _prepared(url, listen_url, clock)
        self._name = secrets.token_hex(8)
        self._threads = DatabaseThreads(self._connections, connections)
        self._reads, self._writes = ThreadReader(self._threads), ThreadWriter(self._threads)
        SqlRecords.__init__(self, self._writes, self._reads)
        SqlOutbox.__init__(self, self._writes, self._reads, claim_lock=CLAIM_LOCK)
        self._group = GroupCommit(
            ChangeWriter(self._connections).write_together,
            end=lambda: None,
            on_commit=on_commit,
        )
        self._renewals = Renewals(self._reads)
        self._listeners = Listeners()
        self._wake_ups = WakeUps(self._connections, clock=clock)
        self._offered: set[GenerationId] = set()
        self.ledger = SqlLedger(self._writes, self._reads, audit=AUDIT)
        self.archive = SqlArchive(self._writes, self._reads)

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
        self._offered.discard(change.after.id)
        context = copy_context()

        def on_written(earlier: Generation | None) -> None:
            if earlier is None:
                self._wake_ups.announce(change)
                self._listeners.tell(change, context)

        earlier: Generation | None = await self._group.run(writing, on_written=on_written)
        return earlier or change.after

    async def renew(
        self, generation: Generation, *, lease: Lease, progress: float, phase: str | None = None
    ) -> None:
        await self._renewals.renew(Renewal(generation, lease, progress, phase))

    async def holders(self) -> frozenset[str]:
        return frozenset(row[0] for row in await self._rows(HOLDERS))

    async def end_leases(self, worker: str, *, now: datetime) -> int:
        return await self._reads.run(partial(end_leases, worker=worker, now=now))

    async def get(self, generation_id: GenerationId) -> Generation:
        for row in await self._rows(GENERATION, generation_id):
            return generation_of(*row[1:])
        raise GenerationNotFound(f"there is no generation {generation_id!r}")

    async def get_changed(self, generation_id: GenerationId, known: Revision) -> Generation | None:
        for row in await self._rows(CHANGED_GENERATION, *known, generation_id):
            return None if row[0] is None else generation_of(*row)
        raise GenerationNotFound(f"there is no generation {generation_id!r}")

    async def get_many(self, ids: Sequence[GenerationId]) -> tuple[Generation, ...]:
        found = {one.id: one for one in readable(await self._rows(GENERATIONS, list(ids)))}
        return tuple(found[one] for one in ids if one in found)

    async def list(self, wanted: GenerationFilter) -> tuple[Generation, ...]:
        query, values = listing(wanted)
        return await self._reads.run(
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
        skipped = set(skip)
        while True:
            row = await self._reads.run(
                partial(look, now=now, skip=skipped, other_channels=other_channels)
                if models is None
                else partial(
                    offer,
                    to=self._name,
                    now=now,
                    models=models,
                    skip=skipped,
                    other_channels=other_channels,
                    withdrawn=self._offered & skipped,
                )
            )
            self._offered -= skipped
            if row is None:
                return None
            if models is not None:
                self._offered.add(row[0])
            for generation in readable([row]):
                return generation
            skipped.add(row[0])  # this release cannot read it

    async def count_open(self) -> Mapping[str, int]:
        return dict(await self._rows(OPEN_BY_CHANNEL))

    async def count_ahead(self, generation_id: GenerationId) -> int:
        return int((await self._rows(AHEAD, generation_id))[0][0])

    async def remove(self, generation: Generation) -> None:
        await self._writes.run(lambda db: remove(db, generation))

    async def events(self, generation_id: GenerationId) -> tuple[Event, ...]:
        return tuple(readable_events(await self._rows(EVENTS, generation_id)))

    async def count_by_state(self) -> dict[State, int]:
        tally: dict[str, int] = dict(await self._rows(TALLY))
        return {state: tally[state] for state in State if state in tally}

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        return self._listeners.add(listener)

    def listen_elsewhere(self, listener: Callable[[RemoteChange], None]) -> Callable[[], None]:
        return self._wake_ups.listen(listener)

    async def close(self) -> None:
        """Make the waiting writes and close the connections. A second close does nothing."""
        await self._group.close()
        if self._offered:
            with suppress(StoreError):  # others may have them a second later in any case
                await self._writes.run(partial(withdraw, ids=self._offered, to=self._name))
            self._offered = set()
        await self._wake_ups.close()
        await self._threads.close()
        self._connections.close()


def _prepared(url: str, listen_url: str | None, clock: SharedClock | None) -> Connections:
    """Return the connections to a database whose tables are up to date."""
    try:
        connections = Connections(url, listen_url=listen_url)
        with connections.open() as raw:
            connections.is_pooled = has_pooler(raw)
            migrate(raw)
            if clock is not None:
                read_clock(raw, clock)
    except psycopg.Error as error:
        why = str(error).strip().splitlines()
        raise SettingsError(
            f"the database of store.url cannot be used: {why[0] if why else error!r}"
        ) from error
    return connections
