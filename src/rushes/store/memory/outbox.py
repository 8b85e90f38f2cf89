"""Keep webhooks and deliveries in dictionaries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from rushes.core.errors import Conflict, NotFound
from rushes.core.generation import AccountId, GenerationId
from rushes.store.base import Event
from rushes.store.outbox import (
    Delivery,
    DeliveryFilter,
    DeliveryState,
    Try,
    Webhook,
    delivery_id,
    plan_deliveries,
)


@dataclass(slots=True)
class _StoredDelivery:
    delivery: Delivery
    free_at: datetime
    """When it can be claimed: when it is due, or when the present holder's claim ends."""

    holder: str | None = None

    @property
    def target(self) -> tuple[GenerationId, str | None]:
        """The generation and target whose deliveries keep their order."""
        return self.delivery.event.generation.id, self.delivery.webhook_id

    def is_for(self, account_id: AccountId, url: str) -> bool:
        delivery = self.delivery
        return delivery.url == url and delivery.event.generation.account_id == account_id

    def become(self, state: DeliveryState, at: datetime) -> None:
        self.delivery = replace(self.delivery, state=state, next_at=at)
        self.free_at = at
        self.holder = None

    def resume(self, now: datetime) -> None:
        """Make the delivery due; a claim on it stays."""
        self.delivery = replace(self.delivery, state=DeliveryState.PENDING, next_at=now)
        if self.holder is None or self.free_at <= now:
            self.become(DeliveryState.PENDING, now)


class OutboxInMemory:
    """Keeps deliveries, the oldest first, and webhooks."""

    def __init__(self) -> None:
        super().__init__()
        self._stored: dict[str, _StoredDelivery] = {}
        self._webhooks: dict[str, Webhook] = {}

    def check_open(self) -> None:
        """Raise StoreError once the store is closed."""
        raise NotImplementedError

    def add_deliveries(self, event: Event, *, announces: bool) -> None:
        """Add the deliveries of *event*."""
        account_id = event.generation.account_id
        theirs = [one for one in self._webhooks.values() if one.account_id == account_id]
        for one in plan_deliveries(event, theirs, announces=announces):
            delivery = Delivery(
                id=delivery_id(event.seq, one.webhook_id),
                event=event,
                url=one.url,
                dialect=one.dialect,
                format=one.format,
                state=DeliveryState.HELD if one.is_held else DeliveryState.PENDING,
                next_at=event.at,
                webhook_id=one.webhook_id,
            )
            self._stored[delivery.id] = _StoredDelivery(delivery, event.at)

    def forget_deliveries(self, generation_id: GenerationId) -> None:
        """Remove the deliveries of a generation."""
        kept = self._stored.items()
        self._stored = {id_: one for id_, one in kept if one.target[0] != generation_id}

    def forget_webhooks(self, account_id: AccountId) -> bool:
        """Remove an account's webhooks; return whether there were any."""
        every = self._webhooks.items()
        kept = {id_: one for id_, one in every if one.account_id != account_id}
        found = len(kept) < len(self._webhooks)
        self._webhooks = kept
        return found

    async def claim_deliveries(
        self, *, now: datetime, until: datetime, limit: int, holder: str = ""
    ) -> tuple[Delivery, ...]:
        self.check_open()
        due = [one for one in self._offered() if one.free_at <= now]
        due.sort(key=lambda one: one.free_at)  # of equals the older first: sorting keeps order
        for one in due[:limit]:
            one.free_at, one.holder = until, holder
        return tuple(one.delivery for one in due[:limit])

    def _offered(self) -> Iterator[_StoredDelivery]:
        """Yield the oldest pending delivery of each generation and target."""
        offered: set[tuple[GenerationId, str | None]] = set()
        for one in self._stored.values():
            if one.delivery.state is DeliveryState.PENDING and one.target not in offered:
                offered.add(one.target)
                yield one

    async def renew_deliveries(
        self, ids: Sequence[str], *, until: datetime, holder: str = ""
    ) -> frozenset[str]:
        self.check_open()
        held = self._claimed(ids, holder)
        for one in held:
            one.free_at = until
        return frozenset(one.delivery.id for one in held)

    async def release_deliveries(
        self, ids: Sequence[str], *, to: datetime | None = None, holder: str = ""
    ) -> None:
        self.check_open()
        for one in self._claimed(ids, holder):
            one.free_at, one.holder = to or one.delivery.next_at, None

    def _claimed(self, ids: Sequence[str], holder: str) -> list[_StoredDelivery]:
        found = (self._stored[id_] for id_ in ids if id_ in self._stored)
        pending = DeliveryState.PENDING
        return [one for one in found if one.holder == holder and one.delivery.state is pending]

    async def settle_delivery(
        self,
        delivery_id: str,
        tried: Try,
        *,
        state: DeliveryState,
        next_at: datetime,
        holder: str | None = None,
    ) -> None:
        self.check_open()
        one = self._found(delivery_id)
        before = one.delivery.state
        one.delivery = replace(one.delivery, tries=(*one.delivery.tries, tried))
        is_ours = holder is None or one.holder == holder
        if state.is_open and (before is not DeliveryState.PENDING or not is_ours):
            return
        if before.is_open:
            one.become(state, next_at)

    def _found(self, name: str) -> _StoredDelivery:
        if name not in self._stored:
            raise NotFound(f"there is no delivery {name!r}")
        return self._stored[name]

    async def next_delivery_at(self) -> datetime | None:
        self.check_open()
        return min((one.free_at for one in self._offered()), default=None)

    async def deliveries(self, generation_id: GenerationId) -> tuple[Delivery, ...]:
        self.check_open()
        every = self._stored.values()
        return tuple(one.delivery for one in every if one.target[0] == generation_id)

    async def find_delivery(self, delivery_id: str) -> Delivery | None:
        self.check_open()
        found = self._stored.get(delivery_id)
        return found.delivery if found is not None else None

    async def list_deliveries(self, wanted: DeliveryFilter) -> tuple[Delivery, ...]:
        self.check_open()
        newest_first = [one.delivery for one in reversed(self._stored.values())]
        if wanted.before_id is not None:
            ids = [one.id for one in newest_first]
            here = ids.index(wanted.before_id) if wanted.before_id in ids else len(ids)
            newest_first = newest_first[here + 1 :]
        found = (one for one in newest_first if _is_wanted(one, wanted))
        return tuple(islice(found, wanted.limit))

    async def redeliver(self, delivery_id: str, *, now: datetime) -> Delivery:
        self.check_open()
        one = self._found(delivery_id)
        if one.delivery.state.is_open:
            raise Conflict(f"delivery {delivery_id} is {one.delivery.state} already")
        one.delivery = replace(one.delivery, tries_before=len(one.delivery.tries))
        webhook = self._at(one.delivery.event.generation.account_id, one.delivery.url)
        is_held = webhook is not None and webhook.disabled_at is not None
        one.become(DeliveryState.HELD if is_held else DeliveryState.PENDING, now)
        return one.delivery

    async def add_webhook(self, webhook: Webhook) -> None:
        self.check_open()
        if webhook.id in self._webhooks or self._at(webhook.account_id, webhook.url):
            raise Conflict(f"there is a webhook for {webhook.url} already")
        self._webhooks[webhook.id] = webhook
        self._hold_or_resume(webhook, now=webhook.created_at)

    async def change_webhook(self, before: Webhook, after: Webhook, *, now: datetime) -> None:
        self.check_open()
        if self._webhooks.get(before.id) != before:
            raise Conflict(f"webhook {before.id} was changed by somebody else")
        self._webhooks[after.id] = after
        self._hold_or_resume(after, now=now)

    def _hold_or_resume(self, webhook: Webhook, *, now: datetime) -> None:
        """Hold or resume the deliveries to an address, as the webhook is disabled or enabled."""
        is_disabled = webhook.disabled_at is not None
        for one in self._to(webhook):
            if is_disabled:
                one.delivery = replace(one.delivery, state=DeliveryState.HELD)
            elif one.delivery.state is DeliveryState.HELD:
                one.resume(now)

    def _to(self, webhook: Webhook) -> Iterable[_StoredDelivery]:
        """Yield the open deliveries of an account to an address."""
        for one in self._stored.values():
            if one.delivery.state.is_open and one.is_for(webhook.account_id, webhook.url):
                yield one

    async def remove_webhook(self, webhook: Webhook, *, now: datetime) -> bool:
        self.check_open()
        if self._webhooks.pop(webhook.id, None) is None:
            return False
        for one in self._to(webhook):
            if one.delivery.webhook_id == webhook.id:
                one.become(DeliveryState.FAILED, now)
            elif one.delivery.state is DeliveryState.HELD:
                one.resume(now)
        return True

    async def disable_address(
        self, account_id: AccountId, url: str, *, webhook_id: str, why: str, now: datetime
    ) -> None:
        self.check_open()
        found = self._at(account_id, url) or Webhook(
            id=webhook_id, account_id=account_id, url=url, created_at=now
        )
        if found.disabled_at is None:
            found = replace(found, disabled_at=now, disabled_why=why)
        self._webhooks[found.id] = found
        self._hold_or_resume(found, now=now)

    async def webhooks(self, account_id: AccountId | None = None) -> tuple[Webhook, ...]:
        self.check_open()
        every = self._webhooks.values()
        return tuple(one for one in every if account_id in {None, one.account_id})

    async def find_webhook(self, webhook_id: str) -> Webhook | None:
        self.check_open()
        return self._webhooks.get(webhook_id)

    async def webhook_at(self, account_id: AccountId, url: str) -> Webhook | None:
        self.check_open()
        return self._at(account_id, url)

    def _at(self, account_id: AccountId, url: str) -> Webhook | None:
        every = self._webhooks.values()
        place = (account_id, url)
        return next((one for one in every if (one.account_id, one.url) == place), None)


def _is_wanted(delivery: Delivery, wanted: DeliveryFilter) -> bool:
    generation = delivery.event.generation
    return (
        (wanted.account_id is None or generation.account_id == wanted.account_id)
        and (wanted.generation_id is None or generation.id == wanted.generation_id)
        and (not wanted.states or delivery.state in wanted.states)
        and (wanted.webhook_id is None or delivery.webhook_id == wanted.webhook_id)
        and (wanted.url is None or delivery.url == wanted.url)
    )
