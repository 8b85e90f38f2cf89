"""What a store promises about telling: where accounts want to be told, and what is owed to whom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from rushes.core.generation import AccountId, GenerationId
from rushes.core.lifecycle import Change
from rushes.store.base import Event


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    HELD = "held"
    """Its address is disabled; it waits until that is enabled again."""

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
    """The HTTP status that came back; None when none did."""

    error: str | None
    """Why it failed, as a sentence; None when it landed."""

    answer: str = ""
    """The first 4 KiB of what came back."""

    took_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One telling of one event to one address, with its tries so far."""

    id: str
    """Stable over every try: the receiver's means to see a repetition. ``msg_<event seq>`` for
    the address that a request named, else with the webhook's id behind it."""

    event: Event
    url: str
    dialect: str
    """Whose words it is told in."""

    format: str
    """Which of that dialect's wordings."""

    state: DeliveryState
    next_at: datetime
    tries: tuple[Try, ...] = field(default=())
    tries_before: int = 0
    """How many of the tries were made before it was last asked for anew."""

    webhook_id: str | None = None
    """The registered address that it is for; None: the one that the request named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """Which deliveries to list, newest first."""

    account_id: AccountId | None = None
    """None lists every account's; for operators."""

    generation_id: GenerationId | None = None
    states: frozenset[DeliveryState] = field(default=frozenset())
    """Empty means any."""

    webhook_id: str | None = None
    url: str | None = None
    before_id: str | None = None
    """Only those listed after this one: the cursor of the next page. After an unknown one: none."""

    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address of an account: what it wants to be told, and whether it may be told at all."""

    id: str
    account_id: AccountId
    url: str
    """An account has one webhook for an address."""

    created_at: datetime
    wording: str = "native"
    """A dialect's name, or that and one of its wordings: ``luma_relay:official``."""

    events: frozenset[str] = field(default=frozenset())
    """Empty: it is told only what a request names it for."""

    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Its own, the newest first; it is told with the server's signature in any case."""

    disabled_at: datetime | None = None
    disabled_why: str | None = None


class Outbox(Protocol):
    """
    Keeps what is owed to callers; the same object as the store, seen from the couriers' side.

    A store writes deliveries beside the event that they tell of: one for the address that the
    request named, and one for each webhook of the account that wants the event; but not two to
    one address. Those to an address that is disabled are held.

    The promises are checked for every implementation by ``tests/contract/test_outbox.py``.
    """

    async def claim_deliveries(
        self, *, now: datetime, until: datetime, limit: int, holder: str = ""
    ) -> tuple[Delivery, ...]:
        """
        Take deliveries that are due for *holder*; nobody else gets them before *until*.

        Of one generation and one target, the request's address or a webhook, only the oldest
        pending delivery is ever offered, so that a receiver hears of its events in order.
        """
        ...

    async def renew_deliveries(
        self, ids: Sequence[str], *, until: datetime, holder: str = ""
    ) -> frozenset[str]:
        """
        Let claims of *holder* stand until *until*.

        Returns:
            Those that are still held; the others are settled, or somebody else's by now.
        """
        ...

    async def release_deliveries(
        self, ids: Sequence[str], *, to: datetime | None = None, holder: str = ""
    ) -> None:
        """
        Let go of those of *ids* that *holder* has claimed and that were not settled.

        Args:
            to: They may not be claimed before this moment; None: not before they are due. The
                schedule stays as it is.
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
        Note a try and what follows of it, and let go of the delivery.

        A delivery that is delivered or failed stays so, and one that is held is not made pending;
        a late try of it is only noted.

        Args:
            holder: Whose try it was. If somebody else has claimed it by now, and *state* is not
                final, the try is only noted too.

        Raises:
            NotFound: There is none with this id; its generation may have been removed.
        """
        ...

    async def next_delivery_at(self) -> datetime | None:
        """Return when the next pending delivery is due or its claim ends; None: none pending."""
        ...

    async def deliveries(self, generation_id: GenerationId) -> tuple[Delivery, ...]:
        """Return what was and will be told of a generation, oldest first."""
        ...

    async def find_delivery(self, delivery_id: str) -> Delivery | None:
        """Return the delivery with this id."""
        ...

    async def list_deliveries(self, wanted: DeliveryFilter) -> tuple[Delivery, ...]:
        """Return the deliveries that *wanted* describes, newest first."""
        ...

    async def redeliver(self, delivery_id: str, *, now: datetime) -> Delivery:
        """
        Make a delivery due, under the same id; one that was settled begins its schedule anew.

        One that somebody has claimed stays claimed, one that is held stays held.

        Raises:
            NotFound: There is none with this id.
        """
        ...

    async def add_webhook(self, webhook: Webhook) -> None:
        """
        Write a new webhook.

        Raises:
            Conflict: Its id is taken, or the account has one for this address.
        """
        ...

    async def change_webhook(self, before: Webhook, after: Webhook, *, now: datetime) -> None:
        """
        Write *after* over *before*, which has the same id, account and address.

        Pending deliveries of the account to the address are held when *after* is disabled; held
        ones are due at *now* when it is not.

        Raises:
            Conflict: What is stored is not *before*. Nothing was written.
        """
        ...

    async def remove_webhook(self, webhook: Webhook, *, now: datetime) -> bool:
        """
        Forget a webhook; return whether there was one.

        Its open deliveries have failed; what requests named its address for, and was held, is due
        at *now*.
        """
        ...

    async def disable_address(
        self, account_id: AccountId, url: str, *, webhook_id: str, why: str, now: datetime
    ) -> None:
        """
        Disable an address for an account, and hold what is pending for it.

        Args:
            webhook_id: Of the webhook that is made for it if the account has none.
        """
        ...

    async def webhooks(self, account_id: AccountId | None = None) -> tuple[Webhook, ...]:
        """Return the webhooks of an account, or of all, oldest first."""
        ...

    def listen(self, told: Callable[[Change], None]) -> Callable[[], None]:
        """Call *told* after each change; see :meth:`rushes.store.base.Store.listen`."""
        ...

    async def find_webhook(self, webhook_id: str) -> Webhook | None:
        """Return the webhook with this id."""
        ...

    async def webhook_at(self, account_id: AccountId, url: str) -> Webhook | None:
        """Return an account's webhook for an address."""
        ...


def delivery_id(event_seq: int, webhook_id: str | None = None) -> str:
    """Return the name that a receiver knows a delivery by."""
    suffix = "" if webhook_id is None else f"_{webhook_id.rpartition('_')[2]}"
    return f"msg_{event_seq}{suffix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What one address is owed for one event, before it has a number."""

    url: str
    dialect: str
    format: str
    webhook_id: str | None
    is_held: bool


def owed(event: Event, webhooks: Sequence[Webhook], *, announces: bool) -> tuple[Owed, ...]:
    """
    Return what is owed for *event*, which is news, by an account with these webhooks.

    Args:
        announces: Whether the address that the request named is told.
    """
    generation = event.generation
    named = generation.announce if announces else None
    disabled = {webhook.url for webhook in webhooks if webhook.disabled_at is not None}
    found: list[Owed] = []
    if named is not None:
        found.append(
            Owed(
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
            Owed(
                url=webhook.url,
                dialect=dialect,
                format=wording,
                webhook_id=webhook.id,
                is_held=webhook.url in disabled,
            )
        )
    return tuple(found)
