"""Track failing addresses and hosts, and postpone the deliveries to them."""

from datetime import datetime
from typing import Final

from rushes.store.outbox import Delivery
from rushes.webhooks.circuit_breaker import CircuitBreaker
from rushes.webhooks.sender import Outcome
from rushes.webhooks.target_queues import address_of, host_of

FAILURES_PER_ADDRESS: Final = 5
"""Failures of any kind in a row after which an address is paused."""

FAILURES_PER_HOST: Final = 10
"""Tries in a row without a reply after which a host is paused, with all its paths."""


class TargetHealth:
    """Tracks receivers for each account separately, so that no account affects another."""

    def __init__(self) -> None:
        self._addresses = CircuitBreaker(threshold=FAILURES_PER_ADDRESS)
        self._hosts = CircuitBreaker(threshold=FAILURES_PER_HOST)

    def paused_until(self, delivery: Delivery, *, now: datetime) -> datetime | None:
        """
        Return the end of its receiver's pause; None when the delivery may be tried.

        A delivery that was redelivered by hand may always be tried once.
        """
        if delivery.tries_before and len(delivery.tries) == delivery.tries_before:
            return None
        address, host = _keys(delivery)
        ends = (
            self._addresses.paused_until(address, now=now),
            self._hosts.paused_until(host, now=now),
        )
        return max((end for end in ends if end is not None), default=None)

    def record(self, delivery: Delivery, outcome: Outcome, *, now: datetime) -> None:
        """Count the outcome of a try."""
        address, host = _keys(delivery)
        result = outcome.result
        if result.error is None:
            self._addresses.record_success(address)
            self._hosts.record_success(host)
        elif result.may_repeat:  # else the reply was final, or nothing was sent
            self._addresses.record_failure(address, now=now, requested_s=result.wait_s)
            if outcome.was_answered:
                self._hosts.record_success(host)
            else:
                self._hosts.record_failure(host, now=now)


def _keys(delivery: Delivery) -> tuple[tuple[str, str], tuple[str, str]]:
    account_id = delivery.event.generation.account_id
    return (account_id, address_of(delivery.url)), (account_id, host_of(delivery.url))
