"""Which receivers are left in peace for a while, because they failed again and again."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FIRST_REST_S: Final = 30.0
LONGEST_REST_S: Final = 300.0
MOST_KNOWN: Final = 10_000
"""Receivers in trouble that are remembered; of more, those in trouble longest are forgotten."""


@dataclass(slots=True)
class _Trouble:
    failures: int = 0
    rests_until: datetime | None = None


class CircuitBreaker:
    """
    Counts failures in a row, by whatever a caller knows receivers by.

    From *threshold* failures on a receiver rests, at first for 30 seconds and then twice as long
    each time that it fails again, five minutes at most; a success ends all that.
    """

    def __init__(self, *, threshold: int) -> None:
        self._threshold = threshold
        self._troubles: OrderedDict[Hashable, _Trouble] = OrderedDict()

    def rests_until(self, receiver: Hashable, *, now: datetime) -> datetime | None:
        """Return until when it rests; None when it may be tried."""
        trouble = self._troubles.get(receiver)
        until = trouble.rests_until if trouble else None
        return until if until is not None and until > now else None

    def succeeded(self, receiver: Hashable) -> None:
        """Note that it is well."""
        self._troubles.pop(receiver, None)

    def failed(self, receiver: Hashable, *, now: datetime, asked_s: float = 0.0) -> None:
        """
        Note a failure.

        Args:
            asked_s: So many seconds it asked to be left in peace itself, which it is, at most as
                long as the longest rest.
        """
        trouble = self._troubles.setdefault(receiver, _Trouble())
        self._troubles.move_to_end(receiver)
        rest_s = min(asked_s, LONGEST_REST_S)
        if self.rests_until(receiver, now=now) is None:
            trouble.failures += 1  # else it was under way when the rest began, and is no news
            beyond = trouble.failures - self._threshold
            own_s = 0.0 if beyond < 0 else FIRST_REST_S * 2.0 ** min(beyond, 10)
            rest_s = min(max(own_s, asked_s), LONGEST_REST_S)
        if rest_s:
            until = now + timedelta(seconds=rest_s)
            trouble.rests_until = max(until, trouble.rests_until or until)
        if len(self._troubles) > MOST_KNOWN:
            self._troubles.popitem(last=False)
