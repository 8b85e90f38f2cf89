"""Implement the outbox."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from rushes.core.errors import NotFound
from rushes.core.generation import AccountId, GenerationId
from rushes.store.outbox import Delivery, DeliveryFilter, DeliveryState, Try, Webhook
from rushes.store.sql.connection import Reader, Writer, rows
from rushes.store.sql.deliveries import (
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
from rushes.store.sql.rows import when


class SqlOutbox:
    """
    Keeps deliveries and webhooks.

    Args:
        writer: Runs every write.

        reader: Runs every read.

        claim_lock: What the query for due deliveries ends with; see :func:`claim_deliveries`.
    """

    def __init__(self, writer: Writer, reader: Reader, *, claim_lock: str = "") -> None:
        self._writer = writer
        self._reader = reader
        self._claim_lock = claim_lock

    async def claim_deliveries(
        self, *, now: datetime, until: datetime, limit: int, holder: str = ""
    ) -> tuple[Delivery, ...]:
        return await self._writer.run(
            partial(
                claim_deliveries,
                now=now,
                until=until,
                limit=limit,
                holder=holder,
                lock=self._claim_lock,
            )
        )

    async def renew_deliveries(
        self, ids: Sequence[str], *, until: datetime, holder: str = ""
    ) -> frozenset[str]:
        return await self._writer.run(
            lambda db: renew_deliveries(db, ids, until=until, holder=holder)
        )

    async def release_deliveries(
        self, ids: Sequence[str], *, to: datetime | None = None, holder: str = ""
    ) -> None:
        await self._writer.run(lambda db: release_deliveries(db, ids, to=to, holder=holder))

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
        await self._writer.run(
            lambda db: settle_delivery(
                db, delivery_id, tried=text, state=state, next_at=next_at, holder=holder
            )
        )

    async def next_delivery_at(self) -> datetime | None:
        found = await rows(self._reader, NEXT_DELIVERY)
        return when(found[0][0]) if found else None

    async def deliveries(self, generation_id: GenerationId) -> tuple[Delivery, ...]:
        return tuple(readable_deliveries(await rows(self._reader, DELIVERIES, generation_id)))

    async def find_delivery(self, delivery_id: str) -> Delivery | None:
        found = readable_deliveries(await rows(self._reader, DELIVERY, delivery_id))
        return next(found, None)

    async def list_deliveries(self, wanted: DeliveryFilter) -> tuple[Delivery, ...]:
        query, values = delivery_listing(wanted)
        return tuple(readable_deliveries(await rows(self._reader, query, *values)))

    async def redeliver(self, delivery_id: str, *, now: datetime) -> Delivery:
        found = await self.find_delivery(delivery_id)
        if found is None:
            raise NotFound(f"there is no delivery {delivery_id!r}")
        return await self._writer.run(
            lambda db: redeliver(db, delivery_id, now=now),
            alone_for=found.event.generation.account_id,
        )

    async def add_webhook(self, webhook: Webhook) -> None:
        await self._writer.run(lambda db: add_webhook(db, webhook), alone_for=webhook.account_id)

    async def change_webhook(self, before: Webhook, after: Webhook, *, now: datetime) -> None:
        await self._writer.run(
            lambda db: change_webhook(db, before, after, now=now), alone_for=after.account_id
        )

    async def remove_webhook(self, webhook: Webhook, *, now: datetime) -> bool:
        return await self._writer.run(
            lambda db: remove_webhook(db, webhook, now=now), alone_for=webhook.account_id
        )

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
        await self._writer.run(lambda db: disable_address(db, disabled), alone_for=account_id)

    async def webhooks(self, account_id: AccountId | None = None) -> tuple[Webhook, ...]:
        if account_id is None:
            return tuple(map(webhook_of, await rows(self._reader, WEBHOOKS)))
        return tuple(map(webhook_of, await rows(self._reader, WEBHOOKS_OF, account_id)))

    async def find_webhook(self, webhook_id: str) -> Webhook | None:
        return next(map(webhook_of, await rows(self._reader, WEBHOOK, webhook_id)), None)

    async def webhook_at(self, account_id: AccountId, url: str) -> Webhook | None:
        return next(map(webhook_of, await rows(self._reader, WEBHOOK_AT, account_id, url)), None)
