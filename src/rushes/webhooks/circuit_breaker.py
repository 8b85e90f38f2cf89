"""Pause receivers that fail again and again."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FIRST_PAUSE_S: Final = 30.0
LONGEST_PAUSE_S: Final = 300.0
MAX_TARGETS: Final = 10_000
"""Failing receivers that are remembered. Beyond that, those that failed longest ago are dropped."""


@dataclass(slots=True)
class _FailureCount:
    failures: int = 0
    paused_until: datetime | None = None


class CircuitBreaker:
    """
    Counts failures in a row for each receiver, which is any hashable key.

    After *threshold* failures a receiver is paused: first for 30 seconds, then twice as long after
    each further failure, at most five minutes. A success resets it.
    """

    def __init__(self, *, threshold: int) -> None:
        self._threshold = threshold
        self._counts: OrderedDict[Hashable, _FailureCount] = OrderedDict()

    def paused_until(self, receiver: Hashable, *, now: datetime) -> datetime | None:
        """Return the end of the pause; None when the receiver may be tried."""
        count = self._counts.get(receiver)
        until = count.paused_until if count else None
        return until if until is not None and until > now else None

    def record_success(self, receiver: Hashable) -> None:
        """Reset the receiver after a success."""
        self._counts.pop(receiver, None)

    def record_failure(
        self, receiver: Hashable, *, now: datetime, requested_s: float = 0.0
    ) -> None:
        """
        Count a failure, and pause the receiver when there were enough.

        Args:
            requested_s: The pause that the receiver itself asked for, in seconds. It counts up to
                the longest pause.
        """
        count = self._counts.setdefault(receiver, _FailureCount())
        self._counts.move_to_end(receiver)
        pause_s = min(requested_s, LONGEST_PAUSE_S)
        if self.paused_until(receiver, now=now) is None:
            count.failures += 1  # a try that began before the pause does not count
            beyond = count.failures - self._threshold
            own_s = 0.0 if beyond < 0 else FIRST_PAUSE_S * 2.0 ** min(beyond, 10)
            pause_s = min(max(own_s, requested_s), LONGEST_PAUSE_S)
        if pause_s:
            until = now + timedelta(seconds=pause_s)
            count.paused_until = max(until, count.paused_until or until)
        if len(self._counts) > MAX_TARGETS:
            self._counts.popitem(last=False)
