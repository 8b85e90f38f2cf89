"""Tells callers what became of their generations: at least once, in order, signed."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import structlog

from rushes.core.errors import NotFound, StoreError
from rushes.core.lifecycle import Change
from rushes.core.links import Links
from rushes.kit.clock import Clock
from rushes.kit.netguard import Forbidden, GuardedHttp, Reply, Unreachable
from rushes.store.base import Delivery, DeliveryState, Store, Try
from rushes.webhooks.base import Announcer
from rushes.webhooks.lanes import Lanes, Ticket
from rushes.webhooks.schedule import Verdict, judge, what_follows
from rushes.webhooks.sign import Signer

_log = structlog.get_logger()

ANSWER_KEPT_BYTES: Final = 4096
PER_TARGET: Final = 2
SLOW_PLACES: Final = 4
"""For each prompt place so many slow ones; one costs little more than an open connection."""

CLAIMED_AT_ONCE: Final = 128
MOST_WAITING: Final = 4096
"""Deliveries held in memory until it is their turn, a few KiB each."""

TURN_S: Final = 30.0
"""Seconds that a claimed delivery may wait for its turn."""

SETTLE_S: Final = 10.0
"""Seconds allowed for writing the outcome down; then the claim ends and others may try."""

SHORTEST_PAUSE_S: Final = 0.02

AGENT: Final = "rushes-webhooks/1"


class Courier:
    """
    Makes the deliveries that the store says are due.

    Everything is in the store: a courier that dies loses nothing, and its claims end by
    themselves. Several couriers, in one process or many, never make the same try at once.

    Args:
        announcers: Who words the announcements of each dialect, by its name.

        secret: ``whsec_<base64>``; several, separated by spaces, while one is being replaced.

        deadline_s: Seconds for a receiver's whole answer.

        concurrency: Tries under way at once that are not slow.

        public_url: Where callers reach us; None: the address that each came to.

        patience_s: A try that takes longer is slow, and makes way for others.

        poll_s: Other processes may write to the store, so look again after so many seconds.

        grace_s: Seconds that tries under way may still take when :meth:`run` is cancelled.

        chance: Returns 0.0 to 1.0; spreads the retries.

    Raises:
        ValueError: The secret is not one.
    """

    def __init__(
        self,
        *,
        store: Store,
        announcers: Mapping[str, Announcer],
        links: Links,
        http: GuardedHttp,
        clock: Clock,
        secret: str,
        deadline_s: float = 10.0,
        concurrency: int = 16,
        public_url: str | None = None,
        patience_s: float = 0.25,
        poll_s: float = 1.0,
        grace_s: float = 2.0,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._announcers = announcers
        self._links = links
        self._http = http
        self._clock = clock
        self._signer = Signer(secret)
        self._deadline_s = deadline_s
        self._public_url = public_url
        self._patience_s = patience_s
        self._poll_s = poll_s
        self._grace_s = grace_s
        self._chance = chance
        self._lanes = Lanes[Delivery](
            prompt=concurrency,
            slow=concurrency * SLOW_PLACES,
            per_target=PER_TARGET,
            most=MOST_WAITING,
        )
        self._under_way: dict[asyncio.Task[None], Ticket[Delivery]] = {}
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Deliver until cancelled; then give those under way a little time, and the rest back."""
        forget = self._store.listen(self._hear)
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
            await self._stop()

    async def deliver_due(self) -> int:
        """Make every try that is due now, and those that become due by it; return how many."""
        count = await self._begin_due()
        while self._under_way:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            count += await self._begin_due()
        return count

    def _hear(self, change: Change) -> None:
        if change.announces:
            self._wake.set()

    async def _pass(self) -> float:
        """Begin what is due; return the seconds until it is worth looking again."""
        try:
            await self._begin_due()
            return await self._idle_s()
        except Exception:  # noqa: BLE001  # the border: a store in trouble now may be well later
            _log.exception("deliveries_not_read")
            return self._poll_s

    async def _idle_s(self) -> float:
        due_at = await self._store.next_delivery_at()
        if due_at is None or not self._lanes.has_room:
            return self._poll_s
        ahead_s = (due_at - self._clock.now()).total_seconds()
        return min(max(ahead_s, SHORTEST_PAUSE_S), self._poll_s)

    async def _begin_due(self) -> int:
        """Begin the tries that are due, as far as there is room; return how many."""
        count = self._begin_waiting()
        while self._lanes.has_room:
            now = self._clock.now()
            begin_by = now + timedelta(seconds=TURN_S)
            due = await self._store.claim_deliveries(
                now=now,
                until=self._claimed_until(begin_by),
                limit=CLAIMED_AT_ONCE,
            )
            for delivery in due:
                self._lanes.enqueue(Ticket(delivery, _target(delivery.url), begin_by))
            count += self._begin_waiting()
            if len(due) < CLAIMED_AT_ONCE:
                break
        return count

    def _claimed_until(self, begin_by: datetime) -> datetime:
        return begin_by + timedelta(seconds=self._deadline_s + SETTLE_S)

    def _begin_waiting(self) -> int:
        count = 0
        while ticket := self._lanes.begin(now=self._clock.now()):
            task = asyncio.create_task(self._carry(ticket))
            self._under_way[task] = ticket
            task.add_done_callback(self._under_way.pop)
            count += 1
        return count

    async def _carry(self, ticket: Ticket[Delivery]) -> None:
        """Make one try in its place, and leave the place whatever happens."""
        made_way = False

        def make_way() -> None:
            nonlocal made_way
            made_way = self._lanes.make_way()
            self._wake.set()

        timer = asyncio.get_running_loop().call_later(self._patience_s, make_way)
        try:
            await self._deliver(ticket.item)
        except NotFound:
            _log.info("delivery_removed_meanwhile", delivery=ticket.item.id)
        except Exception:  # noqa: BLE001  # the border: its claim ends, and it is tried again
            _log.exception("delivery_not_settled", delivery=ticket.item.id)
        finally:
            timer.cancel()
            self._lanes.end(ticket, made_way=made_way)
            self._wake.set()

    async def _deliver(self, delivery: Delivery) -> None:
        """Make one try and write down what came of it."""
        began_at, began_s = self._clock.now(), time.perf_counter()
        verdict, reply = await self._told(delivery)
        tried = Try(
            at=began_at,
            status=reply.status if reply else None,
            error=verdict.error,
            answer=_text(reply.body) if reply else "",
            took_s=round(time.perf_counter() - began_s, 3),
        )
        announcer = self._announcers.get(delivery.event.generation.dialect)
        state, next_at = what_follows(
            verdict,
            failures=len(delivery.tries) + 1,
            fast_retries_s=announcer.fast_retries_s if announcer else (),
            chance=self._chance(),
            now=self._clock.now(),
        )
        await self._store.settle_delivery(delivery.id, tried, state=state, next_at=next_at)
        _tell_log(delivery, tried, state)

    async def _told(self, delivery: Delivery) -> tuple[Verdict, Reply | None]:
        """Word the announcement and post it; every failure is a verdict."""
        try:
            body = self._body(delivery)
            headers = self._headers(delivery, body)
        except Exception:  # noqa: BLE001  # the border: one dialect's mistake must not stop the others' webhooks
            _log.exception("announcement_not_worded", delivery=delivery.id)
            dialect = delivery.event.generation.dialect
            return _vain(f"this could not be put into the words of {dialect!r}"), None
        return await self._post(delivery.url, headers, body)

    async def _post(
        self, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[Verdict, Reply | None]:
        try:
            reply = await self._http.request(
                "POST",
                url,
                headers=headers,
                body=body,
                limit_bytes=ANSWER_KEPT_BYTES,
                deadline_s=self._deadline_s,
                truncate=True,
            )
        except Forbidden as error:
            return _vain(str(error)), None
        except Unreachable as error:
            return Verdict(error=str(error)), None
        except Exception:  # noqa: BLE001  # the border: no thread, no socket, our own mistake; it counts as a try
            _log.exception("announcement_not_sent", target=_target(url))
            return Verdict(error="this could not be sent"), None
        return judge(reply.status, reply.headers, now=self._clock.now()), reply

    def _body(self, delivery: Delivery) -> bytes:
        generation = delivery.event.generation
        base, now = self._public_url or generation.origin, self._clock.now()
        return self._announcers[generation.dialect].announcement(
            generation,
            wording=delivery.format,
            url=lambda key: base + self._links.path(key, now=now),
        )

    def _headers(self, delivery: Delivery, body: bytes) -> dict[str, str]:
        signed = self._signer.headers(delivery.id, body, now=self._clock.now())
        return {"content-type": "application/json", "user-agent": AGENT, **signed}

    async def _stop(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=self._grace_s)
        left = dict(self._under_way)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._give_back([*self._lanes.drain(), *left.values()])

    async def _give_back(self, tickets: list[Ticket[Delivery]]) -> None:
        """Let go of what was claimed and not done, so that whoever comes next need not wait."""
        by_claim: dict[datetime, list[str]] = {}
        for ticket in tickets:
            by_claim.setdefault(self._claimed_until(ticket.begin_by), []).append(ticket.item.id)
        try:
            for until, ids in by_claim.items():
                await self._store.release_deliveries(ids, until=until)
        except StoreError:
            _log.exception("deliveries_not_given_back")  # their claims end by themselves


def _vain(why: str) -> Verdict:
    return Verdict(error=why, may_repeat=False)


def _target(url: str) -> str:
    """Return what is slow when this URL is: its host and port, whatever path and query say."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return url


def _text(answer: bytes) -> str:
    """Return an answer as text that every store can keep."""
    return answer.decode(errors="replace").replace("\x00", "\ufffd")


def _tell_log(delivery: Delivery, tried: Try, state: DeliveryState) -> None:
    # the path and query of the URL may hold the receiver's own secrets
    _log.info(
        "delivery_tried",
        delivery=delivery.id,
        generation=delivery.event.generation.id,
        about=delivery.event.type,
        target=_target(delivery.url),
        state=state,
        status=tried.status,
        error=tried.error,
    )
