"""Implement the outbox in SQLite."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from rushes.core.generation import AccountId, GenerationId
from rushes.store.outbox import Delivery, DeliveryFilter, DeliveryState, Try, Webhook
from rushes.store.sqlite.deliveries import (
    DELIVERIES,
    DELIVERY,
    NEXT_DELIVERY,
    WEBHOOK,
    WEBHOOK_AT,
    WEBHOOKS,
    WEBHOOKS_OF,
    add_webhook,
    change_webhook,
    claim_deliveries,
    delivery_listing,
    disable_address,
    readable_deliveries,
    redeliver,
    release_deliveries,
    remove_webhook,
    renew_deliveries,
    settle_delivery,
    try_text,
    webhook_of,
)
from rushes.store.sqlite.group_commit import GroupCommitWriter
from rushes.store.sqlite.rows import Row, when


class SqliteOutbox:
    """
    Keeps deliveries and webhooks.

    Args:
        writer: Runs every write.

        read: Returns the rows of a query.
    """

    def __init__(self, writer: GroupCommitWriter, read: Callable[..., Sequence[Row]]) -> None:
        self._outbox_writer = writer
        self._outbox_read = read

    async def claim_deliveries(
        self, *, now: datetime, until: datetime, limit: int, holder: str = ""
    ) -> tuple[Delivery, ...]:
        return await self._outbox_writer.run(
            partial(claim_deliveries, now=now, until=until, limit=limit, holder=holder)
        )

    async def renew_deliveries(
        self, ids: Sequence[str], *, until: datetime, holder: str = ""
    ) -> frozenset[str]:
        return await self._outbox_writer.run(
            lambda db: renew_deliveries(db, ids, until=until, holder=holder)
        )

    async def release_deliveries(
        self, ids: Sequence[str], *, to: datetime | None = None, holder: str = ""
    ) -> None:
        await self._outbox_writer.run(lambda db: release_deliveries(db, ids, to=to, holder=holder))

    async def settle_delivery(
        self,
        delivery_id: str,
        tried: Try,
        *,
        state: DeliveryState,
        next_at: datetime,
        holder: str | None = None,
    ) -> None:
        text = try_text(tried)
        await self._outbox_writer.run(
            lambda db: settle_delivery(
                db, delivery_id, tried=text, state=state, next_at=next_at, holder=holder
            )
        )

    async def next_delivery_at(self) -> datetime | None:
        found = self._outbox_read(NEXT_DELIVERY)
        return when(found[0][0]) if found else None

    async def deliveries(self, generation_id: GenerationId) -> tuple[Delivery, ...]:
        return tuple(readable_deliveries(self._outbox_read(DELIVERIES, generation_id)))

    async def find_delivery(self, delivery_id: str) -> Delivery | None:
        found = readable_deliveries(self._outbox_read(DELIVERY, delivery_id))
        return next(found, None)

    async def list_deliveries(self, wanted: DeliveryFilter) -> tuple[Delivery, ...]:
        query, values = delivery_listing(wanted)
        return tuple(readable_deliveries(self._outbox_read(query, *values)))

    async def redeliver(self, delivery_id: str, *, now: datetime) -> Delivery:
        return await self._outbox_writer.run(lambda db: redeliver(db, delivery_id, now=now))

    async def add_webhook(self, webhook: Webhook) -> None:
        await self._outbox_writer.run(lambda db: add_webhook(db, webhook))

    async def change_webhook(self, before: Webhook, after: Webhook, *, now: datetime) -> None:
        await self._outbox_writer.run(lambda db: change_webhook(db, before, after, now=now))

    async def remove_webhook(self, webhook: Webhook, *, now: datetime) -> bool:
        return await self._outbox_writer.run(lambda db: remove_webhook(db, webhook, now=now))

    async def disable_address(
        self, account_id: AccountId, url: str, *, webhook_id: str, why: str, now: datetime
    ) -> None:
        disabled = Webhook(
            id=webhook_id,
            account_id=account_id,
            url=url,
            created_at=now,
            disabled_at=now,
            disabled_why=why,
        )
        await self._outbox_writer.run(lambda db: disable_address(db, disabled))

    async def webhooks(self, account_id: AccountId | None = None) -> tuple[Webhook, ...]:
        if account_id is None:
            return tuple(map(webhook_of, self._outbox_read(WEBHOOKS)))
        return tuple(map(webhook_of, self._outbox_read(WEBHOOKS_OF, account_id)))

    async def find_webhook(self, webhook_id: str) -> Webhook | None:
        return next(map(webhook_of, self._outbox_read(WEBHOOK, webhook_id)), None)

    async def webhook_at(self, account_id: AccountId, url: str) -> Webhook | None:
        return next(map(webhook_of, self._outbox_read(WEBHOOK_AT, account_id, url)), None)
