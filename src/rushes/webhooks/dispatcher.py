"""Deliver webhooks from the outbox: at least once, and in order for each generation."""

import asyncio
import random
import secrets
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

import structlog

from rushes.core.errors import NotFound, StoreError
from rushes.core.lifecycle import Change
from rushes.kit.clock import Clock
from rushes.kit.failure_counts import FailureCounts
from rushes.store.base import RemoteChange
from rushes.store.outbox import Delivery, DeliveryState, Outbox, Try
from rushes.webhooks.retry_schedule import next_step
from rushes.webhooks.sender import Message, Outcome, Sender
from rushes.webhooks.target_health import TargetHealth
from rushes.webhooks.target_queues import TargetQueues, Ticket, host_of

_log = structlog.get_logger()

PER_TARGET: Final = 2
SLOW_SLOTS: Final = 4
"""Slow slots for each prompt one; a slow slot costs little more than an open connection."""

CLAIMED_AT_ONCE: Final = 128
MOST_WAITING: Final = 2048
"""Deliveries that wait in memory, a few KiB each."""

CLAIM_S: Final = 6.0
"""Seconds that a claim lasts without renewal, and so the delay after a dispatcher dies."""

RENEW_S: Final = 2.0
"""Seconds between renewals; two may fail before a claim ends."""

MARGIN_S: Final = 1.0
"""Seconds of a claim that must be left when a try begins."""

SHED_S: Final = 10.0
"""Seconds after which deliveries without room are offered again."""

SHORTEST_PAUSE_S: Final = 0.02


TryListener = Callable[[Delivery, Try, DeliveryState], object]


def _ignore(_delivery: Delivery, _tried: Try, _state: DeliveryState) -> None:
    """Do nothing."""


class Dispatcher:
    """
    Delivers the webhooks that are due in the outbox.

    All state is in the store: a dispatcher that dies loses nothing, and its claims end by
    themselves. Several dispatchers, in one process or many, never make the same try at once.

    Args:
        failures: The failures of receivers, as all dispatchers count them.

        concurrency: How many tries that are not slow may run at once.

        patience_s: Seconds after which a try is slow and moves to a slow slot.

        poll_s: Seconds between reads of the outbox, since other processes may write to it.

        grace_s: Seconds that running tries may still take when :meth:`run` is cancelled.

        renew_s: Seconds between renewals of claims.

        on_try: Called with each try, and the state of the delivery after it.

        chance: Returns 0.0 to 1.0, the jitter of a retry.
    """

    def __init__(
        self,
        *,
        outbox: Outbox,
        failures: FailureCounts,
        sender: Sender,
        clock: Clock,
        concurrency: int = 16,
        patience_s: float = 0.25,
        poll_s: float = 1.0,
        grace_s: float = 2.0,
        renew_s: float = RENEW_S,
        on_try: TryListener = _ignore,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._outbox = outbox
        self._sender = sender
        self._clock = clock
        self._patience_s = patience_s
        self._poll_s = poll_s
        self._grace_s = grace_s
        self._renew_s = renew_s
        self._on_try = on_try
        self._chance = chance
        self._holder = secrets.token_hex(8)
        self._health = TargetHealth(failures)
        self._queues = TargetQueues[Delivery](
            prompt=concurrency,
            slow=concurrency * SLOW_SLOTS,
            per_target=PER_TARGET,
            most=MOST_WAITING,
        )
        self._under_way: dict[asyncio.Task[None], Ticket[Delivery]] = {}
        self._settling: set[str] = set()
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Deliver until cancelled; then wait briefly for running tries, and release the others."""
        forget = self._outbox.listen(self._on_change)
        forget_elsewhere = self._outbox.listen_elsewhere(self._on_change)
        async with self._keeping_claims():
            try:
                while True:
                    self._wake.clear()
                    pause_s = await self._pass()
                    # not wait_for: in Python 3.11 it can swallow a cancellation that meets a wake
                    with suppress(TimeoutError):
                        async with asyncio.timeout(pause_s):
                            await self._wake.wait()
            finally:
                forget()
                forget_elsewhere()
                await self._stop()

    async def deliver_due(self) -> int:
        """Make every try that is due, and those that become due by it; return how many."""
        async with self._keeping_claims():
            count = await self._begin_due()
            while self._under_way:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
                count += await self._begin_due()
            return count

    def _on_change(self, change: Change | RemoteChange) -> None:
        if change.is_news:
            self._wake.set()

    async def _pass(self) -> float:
        """Begin the due tries; return the seconds until the next read of the outbox."""
        try:
            await self._begin_due()
            return await self._idle_s()
        except Exception:  # noqa: BLE001  # the store may work again later
            _log.exception("deliveries_read_failed")
            return self._poll_s

    async def _idle_s(self) -> float:
        due_at = await self._outbox.next_delivery_at()
        if due_at is None or not self._queues.has_room:
            return self._poll_s
        ahead_s = (due_at - self._clock.now()).total_seconds()
        return min(max(ahead_s, SHORTEST_PAUSE_S), self._poll_s)

    async def _begin_due(self) -> int:
        """Begin the due tries, as many as there is room for; return how many."""
        count = self._begin_waiting()
        while self._queues.has_room:
            now = self._clock.now()
            due_at = await self._outbox.next_delivery_at()
            if due_at is None or due_at > now:
                break  # a claim writes to the store, and this read does not
            due = await self._outbox.claim_deliveries(
                now=now, until=_after(now, CLAIM_S), limit=CLAIMED_AT_ONCE, holder=self._holder
            )
            await self._enqueue(due, now)
            count += self._begin_waiting()
            if len(due) < CLAIMED_AT_ONCE:
                break
        return count

    async def _enqueue(self, due: Sequence[Delivery], now: datetime) -> None:
        """Queue claimed deliveries, and release those whose receiver is paused."""
        await self._health.refresh(due)
        in_hand = {ticket.item.id for ticket in self._tickets()}
        paused: list[Delivery] = []
        shed: list[Ticket[Delivery]] = []
        for delivery in due:
            if delivery.id in in_hand:
                continue  # its claim had ended, but no other dispatcher took it
            if self._health.paused_until(delivery, now=now) is not None:
                paused.append(delivery)
                continue
            begin_by = _after(now, CLAIM_S - MARGIN_S)
            shed += self._queues.enqueue(Ticket(delivery, _queue_key(delivery), begin_by))
        await self._postpone(paused)
        await self._release([ticket.item.id for ticket in shed], to=_after(now, SHED_S))

    async def _postpone(self, deliveries: Iterable[Delivery]) -> None:
        """Release deliveries until the pauses of their receivers end."""
        now = self._clock.now()
        by_end: dict[datetime, list[str]] = {}
        for delivery in deliveries:
            until = self._health.paused_until(delivery, now=now) or now
            by_end.setdefault(until, []).append(delivery.id)
        for until, ids in by_end.items():
            await self._release(ids, to=until)

    def _begin_waiting(self) -> int:
        count = 0
        while ticket := self._queues.begin(now=self._clock.now()):
            self._begin(ticket)
            count += 1
        return count

    def _begin(self, ticket: Ticket[Delivery]) -> None:
        """Make one try in a slot, and free the slot whatever happens."""

        def make_way() -> None:
            self._queues.make_way(ticket)
            self._wake.set()

        def end(task: asyncio.Task[None]) -> None:
            timer.cancel()
            del self._under_way[task]
            self._settling.discard(ticket.item.id)
            self._queues.end(ticket)
            self._wake.set()

        timer = asyncio.get_running_loop().call_later(self._patience_s, make_way)
        task = asyncio.create_task(self._run_try(ticket))
        self._under_way[task] = ticket
        task.add_done_callback(end)

    async def _run_try(self, ticket: Ticket[Delivery]) -> None:
        """Make one try, and log every error."""
        try:
            await self._deliver(ticket)
        except NotFound:
            _log.info("delivery_removed", delivery=ticket.item.id)
        except Exception:  # noqa: BLE001  # its claim ends, and it is tried again
            _log.exception("delivery_settle_failed", delivery=ticket.item.id)

    async def _deliver(self, ticket: Ticket[Delivery]) -> None:
        """Make one try and store its outcome."""
        delivery = ticket.item
        outcome = await self._sender.send(await self._message(delivery))
        self._settling.add(delivery.id)
        if outcome.result.wants_no_more:
            await self._disable(delivery)
        state, next_at = next_step(
            outcome.result,
            failures=len(delivery.tries) - delivery.tries_before + 1,
            fast_retries_s=self._sender.fast_retries_s(delivery.dialect),
            chance=self._chance(),
            now=self._clock.now(),
        )
        await self._outbox.settle_delivery(
            delivery.id, outcome.tried, state=state, next_at=next_at, holder=self._holder
        )
        _log_try(delivery, outcome.tried, state)
        self._on_try(delivery, outcome.tried, state)
        await self._record_health(ticket, outcome)

    async def _message(self, delivery: Delivery) -> Message:
        generation = delivery.event.generation
        webhook = await self._outbox.webhook_at(generation.account_id, delivery.url)
        return Message(
            id=delivery.id,
            url=delivery.url,
            generation=generation,
            dialect=delivery.dialect,
            format=delivery.format,
            secrets=webhook.secrets if webhook else (),
        )

    async def _disable(self, delivery: Delivery) -> None:
        await self._outbox.disable_address(
            delivery.event.generation.account_id,
            delivery.url,
            webhook_id=f"wh_{secrets.token_hex(6)}",
            why=f"it answered 410 to {delivery.id}: it wants no more webhooks",
            now=self._clock.now(),
        )

    async def _record_health(self, ticket: Ticket[Delivery], outcome: Outcome) -> None:
        """Count the outcome, and postpone what waits for a receiver that is now paused."""
        now = self._clock.now()
        await self._health.record(ticket.item, outcome, now=now)
        if self._health.paused_until(ticket.item, now=now) is None:
            return
        _log.info("webhook_target_paused", target=host_of(ticket.item.url))
        waiting = self._queues.take(
            ticket.target,
            lambda one: self._health.paused_until(one.item, now=now) is not None,
        )
        await self._postpone(one.item for one in waiting)

    @asynccontextmanager
    async def _keeping_claims(self) -> AsyncGenerator[None]:
        """Renew claims while the block runs."""
        keeper = asyncio.create_task(self._keep_claims())
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _keep_claims(self) -> None:
        while True:
            await asyncio.sleep(self._renew_s)
            tickets = self._tickets()
            if not tickets:
                continue
            until = _after(self._clock.now(), CLAIM_S)
            ids = [ticket.item.id for ticket in tickets]
            try:
                kept = await self._outbox.renew_deliveries(ids, until=until, holder=self._holder)
            except Exception:  # noqa: BLE001  # the store may work again later
                _log.exception("delivery_claims_renewal_failed")
                self._drop([ticket for ticket in tickets if self._has_ended(ticket)])
                continue
            for ticket in tickets:
                if ticket.item.id in kept:
                    ticket.begin_by = _after(until, -MARGIN_S)
            self._drop([ticket for ticket in tickets if ticket.item.id not in kept])

    def _has_ended(self, ticket: Ticket[Delivery]) -> bool:
        return self._clock.now() >= _after(ticket.begin_by, MARGIN_S)

    def _drop(self, lost: list[Ticket[Delivery]]) -> None:
        """Cancel tries whose claim is lost: another dispatcher may make them now."""
        names = {ticket.item.id for ticket in lost} - self._settling
        for ticket in lost:
            ticket.begin_by = _after(self._clock.now(), -MARGIN_S)
        for task, ticket in list(self._under_way.items()):
            if ticket.item.id in names:
                _log.warning("delivery_claim_lost", delivery=ticket.item.id)
                task.cancel()

    def _tickets(self) -> list[Ticket[Delivery]]:
        return [*self._queues.waiting(), *self._under_way.values()]

    async def _stop(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=self._grace_s)
        left = dict(self._under_way)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        mine = [ticket.item.id for ticket in (*self._queues.drain(), *left.values())]
        try:
            await self._release(mine)  # so that the next dispatcher need not wait
        except StoreError:
            _log.exception("deliveries_release_failed")  # their claims end by themselves

    async def _release(self, ids: list[str], *, to: datetime | None = None) -> None:
        if ids:
            await self._outbox.release_deliveries(ids, to=to, holder=self._holder)


def _after(moment: datetime, seconds: float) -> datetime:
    return moment + timedelta(seconds=seconds)


def _queue_key(delivery: Delivery) -> tuple[str, str]:
    """Return the key of a queue: deliveries of one account to one host share their limits."""
    return delivery.event.generation.account_id, host_of(delivery.url)


def _log_try(delivery: Delivery, tried: Try, state: DeliveryState) -> None:
    # only the host: path and query of the URL may hold the receiver's secrets
    _log.info(
        "delivery_tried",
        delivery=delivery.id,
        generation=delivery.event.generation.id,
        about=delivery.event.type,
        target=host_of(delivery.url),
        state=state,
        status=tried.status,
        error=tried.error,
    )
