"""Keep generations, deliveries, keys and uploads in one SQLite file."""

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from rushes.core.channel_pause import ChannelPause
from rushes.core.errors import NotFound
from rushes.core.generation import AccountId, Generation, GenerationId, State
from rushes.core.keys import Account, InFlightLimit, Key
from rushes.core.lifecycle import Change
from rushes.core.upload import Upload
from rushes.kit.rate_buckets import Reservation
from rushes.store.base import (
    ChannelLimit,
    Event,
    GenerationFilter,
    IdempotencyClaim,
    Lease,
    UploadFilter,
)
from rushes.store.sqlite.archive import SqliteArchive
from rushes.store.sqlite.channel_pauses import PAUSES, end_pause, pause_of, set_pause
from rushes.store.sqlite.group_commit import GroupCommitWriter, OnCommit
from rushes.store.sqlite.keys import (
    ACCOUNTS,
    IN_FLIGHT,
    KEY,
    KEY_BY_DIGEST,
    KEYS,
    account_of,
    add_account,
    add_key,
    change_key,
    key_of,
    note_use,
    remove_account,
    revoke_key,
)
from rushes.store.sqlite.ledger import SqliteLedger
from rushes.store.sqlite.outbox import SqliteOutbox
from rushes.store.sqlite.queries import (
    AHEAD,
    BEGUN,
    EVENTS,
    GENERATION,
    HOLDERS,
    NEXT_TURN,
    OPEN_BY_CHANNEL,
    TALLY,
    WAITING,
    Writing,
    end_leases,
    listing,
    remove,
    remove_ended_keys,
    renew,
    write,
)
from rushes.store.sqlite.rate_buckets import remove_empty_buckets, reserve
from rushes.store.sqlite.reader_thread import ReaderThread, unreadable
from rushes.store.sqlite.rows import (
    Row,
    first,
    generation_of,
    moment,
    readable,
    readable_events,
)
from rushes.store.sqlite.schema import open_reader, open_writer
from rushes.store.sqlite.uploads import UPLOAD, add_upload, change_upload, upload_listing, upload_of

_FORGET_EVERY: Final = timedelta(hours=1)
"""How often the store removes ended idempotency keys."""


@dataclass(frozen=True, slots=True, order=True)
class _Head:
    """The first generation of a queue; the queue with the smallest position goes first."""

    position: tuple[int, ...]
    generation: Generation = field(compare=False)


class SqliteStore(SqliteOutbox):
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
        self._writer = GroupCommitWriter(open_writer(path), on_commit)
        self._reader = open_reader(path)
        self._lister = ReaderThread(open_reader(path))
        super().__init__(self._writer, self._read)
        self._listeners: list[Callable[[Change], None]] = []
        self._forget_at: int | None = None
        self.ledger = SqliteLedger(self._writer, self._read)
        self.archive = SqliteArchive(self._writer, self._lister)

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
        earlier = await self._writer.run(
            partial(self._write, writing), on_written=partial(self._tell, change, copy_context())
        )
        return earlier or change.after

    def _write(self, writing: Writing, db: sqlite3.Connection) -> Generation | None:
        if writing.once is not None and writing.at >= (self._forget_at or writing.at):
            remove_ended_keys(db, before=writing.at)
            remove_empty_buckets(db, before=writing.at)
            self._forget_at = writing.at + _FORGET_EVERY // timedelta(microseconds=1)
        return write(db, writing)

    def _tell(self, change: Change, context: Context, earlier: Generation | None) -> None:
        if earlier is None:
            for listener in self._listeners:
                asyncio.get_running_loop().call_soon(listener, change, context=context)

    async def renew(self, generation: Generation, *, lease: Lease, progress: float) -> None:
        await self._writer.run(lambda db: renew(db, generation, lease=lease, progress=progress))

    async def holders(self) -> frozenset[str]:
        return frozenset(row[0] for row in self._read(HOLDERS))

    async def end_leases(self, worker: str, *, now: datetime) -> int:
        return await self._writer.run(lambda db: end_leases(db, worker, now=now))

    async def get(self, generation_id: GenerationId) -> Generation:
        for _, body, progress in self._read(GENERATION, generation_id):
            return generation_of(body, progress)
        raise NotFound(f"there is no generation {generation_id!r}")

    async def get_many(self, ids: Sequence[GenerationId]) -> tuple[Generation, ...]:
        found = (row for one in ids for row in self._read(GENERATION, one))
        return tuple(readable(found))

    async def list(self, wanted: GenerationFilter) -> tuple[Generation, ...]:
        query, values = listing(wanted)
        return await self._lister.run(lambda db: first(db, query, values, limit=wanted.limit))

    async def next_available(
        self,
        *,
        now: datetime,
        models: Collection[str] | None = None,
        skip: Collection[GenerationId] = (),
    ) -> Generation | None:
        at = moment(now)
        if models is None:
            first = self._head(WAITING, (at,), skip)
        elif (first := self._head(BEGUN, (at,), skip)) is None:
            heads = [self._head(NEXT_TURN, (model, at), skip) for model in models]
            first = min((head for head in heads if head is not None), default=None)
        return first.generation if first is not None else None

    async def count_open(self) -> Mapping[str, int]:
        return dict(self._read(OPEN_BY_CHANNEL))

    async def count_ahead(self, generation_id: GenerationId) -> int:
        return int(self._read(AHEAD, generation_id)[0][0])

    async def remove(self, generation: Generation) -> None:
        await self._writer.run(lambda db: remove(db, generation))

    async def events(self, generation_id: GenerationId) -> tuple[Event, ...]:
        return tuple(readable_events(self._read(EVENTS, generation_id)))

    async def count_by_state(self) -> dict[State, int]:
        tally: dict[str, int] = dict(self._read(TALLY))
        return {state: tally[state] for state in State if state in tally}

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        def call(change: Change) -> None:
            # A new function each time, so that a listener added twice can be removed once.
            listener(change)

        self._listeners = [*self._listeners, call]

        def remove_listener() -> None:
            self._listeners = [other for other in self._listeners if other is not call]

        return remove_listener

    async def add_account(self, account: Account) -> None:
        await self._writer.run(lambda db: add_account(db, account))

    async def accounts(self) -> tuple[Account, ...]:
        return tuple(account_of(row) for row in self._read(ACCOUNTS))

    async def remove_account(self, account_id: AccountId) -> bool:
        return await self._writer.run(lambda db: remove_account(db, account_id))

    async def add_key(self, key: Key) -> None:
        await self._writer.run(lambda db: add_key(db, key))

    async def find_key(self, digest: str) -> Key | None:
        found = self._read(KEY_BY_DIGEST, digest)
        return key_of(found[0]) if found else None

    async def get_key(self, key_id: str) -> Key:
        for row in self._read(KEY, key_id):
            return key_of(row)
        raise NotFound(f"there is no key {key_id!r}")

    async def keys(self) -> tuple[Key, ...]:
        return tuple(key_of(row) for row in self._read(KEYS))

    async def change_key(self, before: Key, after: Key) -> None:
        await self._writer.run(lambda db: change_key(db, before, after))

    async def note_use(self, key_id: str, *, at: datetime) -> None:
        await self._writer.run(lambda db: note_use(db, key_id, at=at))

    async def revoke_key(self, key_id: str, *, now: datetime) -> Key:
        return await self._writer.run(lambda db: revoke_key(db, key_id, now=now))

    async def count_in_flight(self, key_id: str) -> int:
        return int(self._read(IN_FLIGHT, key_id)[0][0])

    async def pauses(self) -> tuple[ChannelPause, ...]:
        return tuple(pause_of(row) for row in self._read(PAUSES))

    async def set_pause(self, pause: ChannelPause) -> None:
        await self._writer.run(lambda db: set_pause(db, pause))

    async def end_pause(self, channel: str) -> bool:
        return await self._writer.run(lambda db: end_pause(db, channel))

    async def reserve(
        self, bucket: str, *, cost: timedelta, capacity: timedelta | None, now: datetime
    ) -> Reservation:
        return await self._writer.run(
            lambda db: reserve(db, bucket, cost=cost, capacity=capacity, now=now)
        )

    async def add_upload(self, upload: Upload) -> None:
        await self._writer.run(lambda db: add_upload(db, upload))

    async def change_upload(self, before: Upload, after: Upload) -> None:
        await self._writer.run(lambda db: change_upload(db, before, after))

    async def find_upload(self, upload_id: str) -> Upload | None:
        found = self._read(UPLOAD, upload_id)
        return upload_of(found[0]) if found else None

    async def uploads(self, wanted: UploadFilter) -> tuple[Upload, ...]:
        query, values = upload_listing(wanted)
        return tuple(upload_of(row) for row in self._read(query, *values))

    async def close(self) -> None:
        """Make the waiting writes and close the file. A second close does nothing."""
        await self._lister.close()
        self._reader.close()
        await self._writer.close()  # last, so that SQLite folds its log into the file

    def _head(self, query: str, values: Row, skip: Collection[GenerationId]) -> "_Head | None":
        """Return the first readable generation that is not to be skipped, with its position."""
        try:
            with closing(self._reader.execute(query, values)) as found:
                for row in found:
                    for generation in () if row[0] in skip else readable([row[:3]]):
                        return _Head(row[3:], generation)
                return None
        except sqlite3.Error as error:
            raise unreadable(error) from error

    def _read(self, query: str, *values: object) -> Sequence[Row]:
        try:
            return self._reader.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise unreadable(error) from error
