"""Track failing addresses and hosts, and postpone the deliveries to them."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Final

from rushes.kit.failure_counts import FailureCount, FailureCounts
from rushes.store.outbox import Delivery
from rushes.webhooks.sender import Outcome
from rushes.webhooks.target_queues import address_of, host_of

FAILURES_PER_ADDRESS: Final = 5
"""Failures of any kind in a row after which an address is paused."""

FAILURES_PER_HOST: Final = 10
"""Tries in a row without a reply after which a host is paused, with all its paths."""

KNOWN_LIMIT: Final = 10_000
"""Failing receivers that a process remembers; beyond that, it drops those read longest ago."""


class TargetHealth:
    """
    Tracks receivers for each account separately, so that no account affects another.

    Every process counts in the same store, so that a pause holds for all of them.

    Args:
        counts: The counts that the processes share.
    """

    def __init__(self, counts: FailureCounts) -> None:
        self._counts = counts
        self._known: dict[str, FailureCount] = {}
        """The failing receivers of what this process has claimed, as last read or written."""

    async def refresh(self, deliveries: Iterable[Delivery]) -> None:
        """Read what all processes have counted for the receivers of *deliveries*."""
        names = {name for delivery in deliveries for name in _names(delivery)}
        found = await self._counts.failure_counts(names)
        for name in names:
            self._remember(name, found.get(name))

    def paused_until(self, delivery: Delivery, *, now: datetime) -> datetime | None:
        """
        Return the end of its receiver's pause; None when the delivery may be tried.

        A delivery that was redelivered by hand may always be tried once.
        """
        if delivery.tries_before and len(delivery.tries) == delivery.tries_before:
            return None
        counts = (self._known.get(name) for name in _names(delivery))
        ends = (count.pause_at(now) for count in counts if count is not None)
        return max((end for end in ends if end is not None), default=None)

    async def record(self, delivery: Delivery, outcome: Outcome, *, now: datetime) -> None:
        """Count the outcome of a try."""
        address, host = _names(delivery)
        result = outcome.result
        if result.error is None:
            await self._reset(address)
            await self._reset(host)
        elif result.may_repeat:  # else the reply was final, or nothing was sent
            count = await self._counts.add_failure(
                address, threshold=FAILURES_PER_ADDRESS, now=now, requested_s=result.wait_s
            )
            self._remember(address, count)
            if outcome.was_answered:
                await self._reset(host)
            else:
                count = await self._counts.add_failure(host, threshold=FAILURES_PER_HOST, now=now)
                self._remember(host, count)

    async def _reset(self, name: str) -> None:
        """Forget failures; a receiver that never failed costs no write."""
        if self._known.pop(name, None) is not None:
            await self._counts.reset_failures(name)

    def _remember(self, name: str, count: FailureCount | None) -> None:
        self._known.pop(name, None)
        if count is not None:
            self._known[name] = count
            if len(self._known) > KNOWN_LIMIT:
                del self._known[next(iter(self._known))]


def _names(delivery: Delivery) -> tuple[str, str]:
    """Return the names of the address and the host: short, and without secrets in a path."""
    account_id, url = delivery.event.generation.account_id, delivery.url
    parts = (("address", address_of(url)), ("host", host_of(url)))
    address, host = (
        sha256("\n".join(("webhook", account_id, *part)).encode()).hexdigest() for part in parts
    )
    return address, host
