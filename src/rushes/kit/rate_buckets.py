"""Limit rates with leaky buckets, which several processes can share through a store."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

LOCAL_LIMIT: Final = 10_000
"""Buckets that :class:`LocalRateBuckets` keeps; beyond that, it drops empty ones first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """The outcome of a reservation."""

    granted: bool
    level: timedelta
    """The level of the bucket afterwards: the time until it is empty, without further ones."""


class RateBuckets(Protocol):
    """
    Keeps leaky buckets by name.

    A bucket contains time and drains by one second in a second. Each call that a limit counts pours
    its cost in; a limit of 60 calls a minute has a cost of one second.
    """

    async def reserve(
        self, bucket: str, *, cost: timedelta, capacity: timedelta | None, now: datetime
    ) -> Reservation:
        """
        Pour *cost* into a bucket, unless the level would rise above *capacity*.

        Args:
            capacity: None: the bucket never overflows, and the caller waits its level out.

            now: The present. A clock that goes back only delays the draining.
        """
        ...


def pour(
    empty_at: datetime | None, *, cost: timedelta, capacity: timedelta | None, now: datetime
) -> tuple[Reservation, datetime]:
    """
    Return the outcome of pouring *cost* into a bucket, and when the bucket is empty afterwards.

    Args:
        empty_at: When the bucket is empty without this reservation; None: it always was.
    """
    before = max(empty_at or now, now)
    if capacity is not None:
        before = min(before, now + capacity)  # it is later only where the clock was set back
    if capacity is not None and before - now + cost > capacity:
        return Reservation(granted=False, level=before - now), before
    after = before + cost
    return Reservation(granted=True, level=after - now), after


class LocalRateBuckets:
    """Keeps the buckets of this process only."""

    def __init__(self, *, limit: int = LOCAL_LIMIT) -> None:
        self._limit = limit
        self._empty_at: dict[str, datetime] = {}

    async def reserve(
        self, bucket: str, *, cost: timedelta, capacity: timedelta | None, now: datetime
    ) -> Reservation:
        """Pour *cost* into a bucket, unless the level would rise above *capacity*."""
        if bucket not in self._empty_at and len(self._empty_at) >= self._limit:
            self._forget(now)
        reservation, self._empty_at[bucket] = pour(
            self._empty_at.get(bucket), cost=cost, capacity=capacity, now=now
        )
        return reservation

    def __len__(self) -> int:
        return len(self._empty_at)

    def _forget(self, now: datetime) -> None:
        """Drop the empty buckets, which changes nothing; if none is empty, the older half."""
        kept = {name: empty_at for name, empty_at in self._empty_at.items() if empty_at > now}
        if len(kept) >= self._limit:
            kept = dict(list(kept.items())[self._limit // 2 :])
        self._empty_at = kept
