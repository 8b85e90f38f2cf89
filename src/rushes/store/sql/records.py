"""Keep accounts, keys, uploads, pauses of channels, rate buckets, failure counts and nodes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from rushes.core.channel_pause import ChannelPause
from rushes.core.errors import NotFound
from rushes.core.generation import AccountId
from rushes.core.keys import Account, Key
from rushes.core.node import Node
from rushes.core.upload import Upload
from rushes.kit.failure_counts import FailureCount
from rushes.kit.rate_buckets import Reservation
from rushes.store.base import UploadFilter
from rushes.store.sql.channel_pauses import PAUSES, end_pause, pause_of, set_pause
from rushes.store.sql.connection import Reader, Row, Writer, rows
from rushes.store.sql.failure_counts import add_failure, failure_counts, reset_failures
from rushes.store.sql.keys import (
    ACCOUNTS,
    IN_FLIGHT,
    KEY,
    KEY_BY_DIGEST,
    KEYS,
    account_of,
    add_account,
    add_first_key,
    add_key,
    change_key,
    key_of,
    note_use,
    remove_account,
    revoke_key,
)
from rushes.store.sql.nodes import NODES, heartbeat, node_of, remove_node, set_draining
from rushes.store.sql.rate_buckets import reserve
from rushes.store.sql.uploads import UPLOAD, add_upload, change_upload, upload_listing, upload_of


class SqlRecords:
    """Implements the other seams: keys, uploads, pauses, rate buckets, failure counts, nodes."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def add_account(self, account: Account) -> None:
        await self._writer.run(lambda db: add_account(db, account))

    async def accounts(self) -> tuple[Account, ...]:
        return tuple(account_of(row) for row in await self._rows(ACCOUNTS))

    async def remove_account(self, account_id: AccountId) -> bool:
        return await self._writer.run(
            lambda db: remove_account(db, account_id), alone_for=account_id
        )

    async def add_key(self, key: Key) -> None:
        await self._writer.run(lambda db: add_key(db, key))

    async def add_first_key(self, key: Key) -> bool:
        return await self._writer.run(lambda db: add_first_key(db, key), locked="first key")

    async def find_key(self, digest: str) -> Key | None:
        found = await self._rows(KEY_BY_DIGEST, digest, digest)
        return key_of(found[0]) if found else None

    async def get_key(self, key_id: str) -> Key:
        for row in await self._rows(KEY, key_id):
            return key_of(row)
        raise NotFound(f"there is no key {key_id!r}")

    async def keys(self) -> tuple[Key, ...]:
        return tuple(key_of(row) for row in await self._rows(KEYS))

    async def change_key(self, before: Key, after: Key) -> None:
        await self._writer.run(lambda db: change_key(db, before, after), locked=f"key {before.id}")

    async def note_use(self, key_id: str, *, at: datetime) -> None:
        await self._writer.run(lambda db: note_use(db, key_id, at=at))

    async def revoke_key(self, key_id: str, *, now: datetime) -> Key:
        return await self._writer.run(
            lambda db: revoke_key(db, key_id, now=now), locked=f"key {key_id}"
        )

    async def count_in_flight(self, key_id: str) -> int:
        return int((await self._rows(IN_FLIGHT, key_id))[0][0])

    async def pauses(self) -> tuple[ChannelPause, ...]:
        return tuple(pause_of(row) for row in await self._rows(PAUSES))

    async def set_pause(self, pause: ChannelPause) -> None:
        await self._writer.run(lambda db: set_pause(db, pause))

    async def end_pause(self, channel: str) -> bool:
        return await self._writer.run(lambda db: end_pause(db, channel))

    async def reserve(
        self, bucket: str, *, cost: timedelta, capacity: timedelta | None, now: datetime
    ) -> Reservation:
        return await self._writer.run(
            lambda db: reserve(db, bucket, cost=cost, capacity=capacity, now=now),
            locked=f"bucket {bucket}",
        )

    async def failure_counts(self, names: Collection[str]) -> Mapping[str, FailureCount]:
        return await self._reader.run(lambda db: failure_counts(db, names))

    async def add_failure(
        self, name: str, *, threshold: int, now: datetime, requested_s: float = 0.0
    ) -> FailureCount:
        return await self._writer.run(
            lambda db: add_failure(db, name, threshold=threshold, now=now, requested_s=requested_s),
            locked=f"failures {name}",
        )

    async def reset_failures(self, name: str) -> None:
        await self._writer.run(lambda db: reset_failures(db, name))

    async def nodes(self) -> tuple[Node, ...]:
        return tuple(node_of(row) for row in await self._rows(NODES))

    async def heartbeat(self, node: Node) -> Node:
        return await self._writer.run(lambda db: heartbeat(db, node))

    async def set_draining(self, name: str, *, is_draining: bool) -> Node:
        return await self._writer.run(lambda db: set_draining(db, name, is_draining=is_draining))

    async def remove_node(self, name: str) -> None:
        await self._writer.run(lambda db: remove_node(db, name))

    async def add_upload(self, upload: Upload) -> None:
        await self._writer.run(lambda db: add_upload(db, upload))

    async def change_upload(self, before: Upload, after: Upload) -> None:
        await self._writer.run(lambda db: change_upload(db, before, after))

    async def find_upload(self, upload_id: str) -> Upload | None:
        found = await self._rows(UPLOAD, upload_id)
        return upload_of(found[0]) if found else None

    async def uploads(self, wanted: UploadFilter) -> tuple[Upload, ...]:
        query, values = upload_listing(wanted)
        return tuple(upload_of(row) for row in await self._rows(query, *values))

    async def _rows(self, query: str, *values: object) -> Sequence[Row]:
        return await rows(self._reader, query, *values)
