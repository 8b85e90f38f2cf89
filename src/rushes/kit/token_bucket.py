"""Limit rates with token buckets in this process."""

from dataclasses import dataclass
from typing import Final

MINUTE_S: Final = 60.0
MOST: Final = 10_000
"""How many buckets are kept; beyond that, full ones are dropped first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The level of a bucket after an attempt to take from it."""

    taken: bool
    limit: int
    remaining: int
    wait_s: float
    """Seconds until one more token is there; 0 if there is one now."""

    reset_s: float
    """Seconds until the bucket is full, if nothing more is taken."""


class Bucket:
    """
    Holds *per_minute* tokens, and refills evenly by as many in a minute.

    Args:
        per_minute: At least 1.

        now_s: The seconds of any clock. A clock that is set back only delays the refill.
    """

    __slots__ = ("_at_s", "_tokens", "per_minute")

    def __init__(self, per_minute: int, *, now_s: float) -> None:
        self.per_minute = per_minute
        self._tokens = float(per_minute)
        self._at_s = now_s

    def take(self, *, now_s: float, count: int = 1) -> Level:
        """Take *count* tokens if they are there; return the level. With 0 nothing is taken."""
        since_s = max(0.0, now_s - self._at_s)
        self._at_s = now_s
        rate = self.per_minute / MINUTE_S
        self._tokens = min(self.per_minute, self._tokens + since_s * rate)
        taken = self._tokens >= count
        if taken:
            self._tokens -= count
        return Level(
            taken=taken,
            limit=self.per_minute,
            remaining=int(self._tokens),
            wait_s=max(0.0, (1 - self._tokens) / rate),
            reset_s=(self.per_minute - self._tokens) / rate,
        )


class Buckets:
    """Holds one bucket for each name."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[str, Bucket] = {}

    def take(self, name: str, *, per_minute: int, now_s: float, count: int = 1) -> Level:
        """Take from the bucket of *name*; a new *per_minute* starts a new full bucket."""
        bucket = self._kept.get(name)
        if bucket is None or bucket.per_minute != per_minute:
            if len(self._kept) >= self._most:
                self._forget(now_s)
            bucket = self._kept[name] = Bucket(per_minute, now_s=now_s)
        return bucket.take(now_s=now_s, count=count)

    def __len__(self) -> int:
        return len(self._kept)

    def _forget(self, now_s: float) -> None:
        """Drop the full buckets, which changes nothing; if none is full, the older half."""
        kept = {n: b for n, b in self._kept.items() if b.take(now_s=now_s, count=0).reset_s > 0}
        if len(kept) >= self._most:
            kept = dict(list(kept.items())[self._most // 2 :])
        self._kept = kept
