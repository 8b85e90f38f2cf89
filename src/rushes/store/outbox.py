"""Define the seam to the outbox: webhooks of accounts, and their deliveries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from rushes.core.generation import AccountId, GenerationId
from rushes.core.lifecycle import Change
from rushes.store.base import Event, RemoteChange


class DeliveryState(StrEnum):
    """Whether a delivery waits for a try, for its address, or has ended."""

    PENDING = "pending"
    HELD = "held"
    """The address is disabled; the delivery waits until it is enabled again."""

    DELIVERED = "delivered"
    FAILED = "failed"

    @property
    def is_open(self) -> bool:
        return self in {DeliveryState.PENDING, DeliveryState.HELD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try of one delivery."""

    at: datetime
    status: int | None
    """The HTTP status of the reply; None without a reply."""

    error: str | None
    """Why it failed, as a sentence; None when it was delivered."""

    answer: str = ""
    """The first 4 KiB of the reply's body."""

    took_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The delivery of one event to one address, with its tries so far."""

    id: str
    """The same for every try, so that the receiver can recognize repetitions. ``msg_<event seq>``
    for the address in a request, with the webhook's id appended for a registered one."""

    event: Event
    url: str
    dialect: str
    """The dialect whose format the body has."""

    format: str
    """One of that dialect's body formats."""

    state: DeliveryState
    next_at: datetime
    tries: tuple[Try, ...] = field(default=())
    tries_before: int = 0
    """How many of the tries came before the last request to redeliver."""

    webhook_id: str | None = None
    """The registered webhook; None for the address in the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """Selects deliveries, newest first."""

    account_id: AccountId | None = None
    """None lists all accounts; for operators."""

    generation_id: GenerationId | None = None
    states: frozenset[DeliveryState] = field(default=frozenset())
    """Empty means any."""

    webhook_id: str | None = None
    url: str | None = None
    before_id: str | None = None
    """The cursor of the next page: only entries after this one. An unknown id selects none."""

    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address of an account, with the events it receives, and whether it is enabled."""

    id: str
    account_id: AccountId
    url: str
    """An account has at most one webhook for an address."""

    created_at: datetime
    wording: str = "native"
    """A dialect's name, with a body format where it has several: ``luma_relay:official``."""

    events: frozenset[str] = field(default=frozenset())
    """Empty: it receives only events of requests that name it."""

    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Its own secrets, the newest first. The server's signature is always added."""

    disabled_at: datetime | None = None
    disabled_why: str | None = None


class Outbox(Protocol):
    """
    Keeps webhooks and their deliveries. The store implements this, too.

    A store writes deliveries in the transaction of their event: one for the address in the request,
    and one for each webhook of the account with that event, but only one for each address.
    Deliveries to a disabled address are held.

    The promises are checked for every implementation by ``tests/contract/test_outbox.py``.
    """

    async def claim_deliveries(
        self, *, now: datetime, until: datetime, limit: int, holder: str = ""
    ) -> tuple[Delivery, ...]:
        """
        Claim due deliveries for *holder*; no other holder gets them before *until*.

        For each generation and target only the oldest pending delivery is offered, so that a
        receiver gets the events in order. A target is the request's address or a webhook.
        """
        ...

    async def renew_deliveries(
        self, ids: Sequence[str], *, until: datetime, holder: str = ""
    ) -> frozenset[str]:
        """
        Extend the claims of *holder* to *until*.

        Returns:
            The ids that it still holds; the others are settled or claimed by another holder.
        """
        ...

    async def release_deliveries(
        self, ids: Sequence[str], *, to: datetime | None = None, holder: str = ""
    ) -> None:
        """
        Release the unsettled claims of *holder* on *ids*.

        Args:
            to: The deliveries may not be claimed before this moment; None: not before they are
                due. The schedule does not change.
        """
        ...

    async def settle_delivery(
        self,
        delivery_id: str,
        tried: Try,
        *,
        state: DeliveryState,
        next_at: datetime,
        holder: str | None = None,
    ) -> None:
        """
        Record a try and the new state of its delivery, and release the claim.

        A delivered, failed or held delivery keeps its state; a late try is only recorded.

        Args:
            holder: The holder that made the try. If another holder has a claim now, and *state* is
                not final, the try is only recorded, too.

        Raises:
            NotFound: The id is unknown; its generation may have been removed.
        """
        ...

    async def next_delivery_at(self) -> datetime | None:
        """Return when the next pending delivery can be claimed; None when none is pending."""
        ...

    async def deliveries(self, generation_id: GenerationId) -> tuple[Delivery, ...]:
        """Return the deliveries of a generation, oldest first."""
        ...

    async def find_delivery(self, delivery_id: str) -> Delivery | None:
        """Return the delivery with this id."""
        ...

    async def list_deliveries(self, wanted: DeliveryFilter) -> tuple[Delivery, ...]:
        """Return the deliveries that *wanted* selects, newest first."""
        ...

    async def redeliver(self, delivery_id: str, *, now: datetime) -> Delivery:
        """
        Make a delivery due with the same id; a settled one restarts its schedule.

        A claimed delivery stays claimed, and a held one stays held.

        Raises:
            NotFound: The id is unknown.
        """
        ...

    async def add_webhook(self, webhook: Webhook) -> None:
        """
        Write a new webhook.

        Raises:
            Conflict: The id is taken, or the account has a webhook for this address.
        """
        ...

    async def change_webhook(self, before: Webhook, after: Webhook, *, now: datetime) -> None:
        """
        Replace *before* by *after*, which has the same id, account and address.

        If *after* is disabled, the account's pending deliveries to the address are held; otherwise
        held ones are due at *now*.

        Raises:
            Conflict: The stored webhook differs from *before*. Nothing was written.
        """
        ...

    async def remove_webhook(self, webhook: Webhook, *, now: datetime) -> bool:
        """
        Remove a webhook; return whether there was one.

        Its open deliveries fail. Held ones of requests that name its address are due at *now*.
        """
        ...

    async def disable_address(
        self, account_id: AccountId, url: str, *, webhook_id: str, why: str, now: datetime
    ) -> None:
        """
        Disable an address for an account, and hold its pending deliveries.

        Args:
            webhook_id: The id of the new webhook if the account has none for the address.
        """
        ...

    async def webhooks(self, account_id: AccountId | None = None) -> tuple[Webhook, ...]:
        """Return the webhooks of an account, or of all, oldest first."""
        ...

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call *listener* after each change; see :meth:`rushes.store.base.Store.listen`."""
        ...

    def listen_elsewhere(self, listener: Callable[[RemoteChange], None]) -> Callable[[], None]:
        """Call *listener* after changes by others; see :meth:`Store.listen_elsewhere`."""
        ...

    async def find_webhook(self, webhook_id: str) -> Webhook | None:
        """Return the webhook with this id."""
        ...

    async def webhook_at(self, account_id: AccountId, url: str) -> Webhook | None:
        """Return an account's webhook for an address."""
        ...


def delivery_id(event_seq: int, webhook_id: str | None = None) -> str:
    """Return the id of a delivery, as receivers see it."""
    suffix = "" if webhook_id is None else f"_{webhook_id.rpartition('_')[2]}"
    return f"msg_{event_seq}{suffix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDelivery:
    """A delivery of one event to one address, before it has an id."""

    url: str
    dialect: str
    format: str
    webhook_id: str | None
    is_held: bool


def plan_deliveries(
    event: Event, webhooks: Sequence[Webhook], *, announces: bool
) -> tuple[PlannedDelivery, ...]:
    """
    Return the deliveries of *event* to the request's address and to the account's webhooks.

    Args:
        announces: Whether the address in the request receives this event.
    """
    generation = event.generation
    named = generation.announce if announces else None
    disabled = {webhook.url for webhook in webhooks if webhook.disabled_at is not None}
    found: list[PlannedDelivery] = []
    if named is not None:
        found.append(
            PlannedDelivery(
                url=named.url,
                dialect=generation.dialect,
                format=named.format,
                webhook_id=None,
                is_held=named.url in disabled,
            )
        )
    for webhook in webhooks:
        if event.type not in webhook.events or (named and named.url == webhook.url):
            continue
        dialect, _, wording = webhook.wording.partition(":")
        found.append(
            PlannedDelivery(
                url=webhook.url,
                dialect=dialect,
                format=wording,
                webhook_id=webhook.id,
                is_held=webhook.url in disabled,
            )
        )
    return tuple(found)
