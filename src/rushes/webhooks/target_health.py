"""Which deliveries are not worth a try at present, since their receiver failed again and again."""

from datetime import datetime
from typing import Final

from rushes.store.outbox import Delivery
from rushes.webhooks.circuit_breaker import CircuitBreaker
from rushes.webhooks.sender import Outcome
from rushes.webhooks.url_grouping import spot_of, target_of

AT_ONE_SPOT: Final = 5
"""Failures in a row, of whatever sort, after which an address rests."""

AT_ONE_HOST: Final = 10
"""Tries in a row without an answer after which a host rests, whatever its paths."""


class TargetHealth:
    """How the receivers do; each account's for itself, so that none suffers from another's."""

    def __init__(self) -> None:
        self._spots = CircuitBreaker(threshold=AT_ONE_SPOT)
        self._hosts = CircuitBreaker(threshold=AT_ONE_HOST)

    def rests_until(self, delivery: Delivery, *, now: datetime) -> datetime | None:
        """
        Return until when its receiver rests; None when it may be tried.

        What somebody has just asked for by hand is tried all the same.
        """
        if delivery.tries_before and len(delivery.tries) == delivery.tries_before:
            return None
        spot, host = _names(delivery)
        ends = (self._spots.rests_until(spot, now=now), self._hosts.rests_until(host, now=now))
        return max((end for end in ends if end is not None), default=None)

    def note(self, delivery: Delivery, outcome: Outcome, *, now: datetime) -> None:
        """Learn from a try."""
        spot, host = _names(delivery)
        verdict = outcome.verdict
        if verdict.error is None:
            self._spots.succeeded(spot)
            self._hosts.succeeded(host)
        elif verdict.may_repeat:  # else it was told off, or never asked
            self._spots.failed(spot, now=now, asked_s=verdict.wait_s)
            if outcome.was_answered:
                self._hosts.succeeded(host)
            else:
                self._hosts.failed(host, now=now)


def _names(delivery: Delivery) -> tuple[tuple[str, str], tuple[str, str]]:
    account_id = delivery.event.generation.account_id
    return (account_id, spot_of(delivery.url)), (account_id, target_of(delivery.url))
