"""Token buckets: so many a minute, as many at once, counted in this process."""

from dataclasses import dataclass
from typing import Final

MINUTE_S: Final = 60.0
MOST: Final = 10_000
"""How many buckets are kept at once; beyond that, those that are full are forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How full a bucket is after something was taken from it, or was not."""

    taken: bool
    limit: int
    remaining: int
    wait_s: float
    """How long until one more may be taken; 0 if it may be now."""

    reset_s: float
    """How long until it is full, if nothing more is taken."""


class Bucket:
    """
    Holds *per_minute* tokens and gets as many back in a minute, evenly.

    Args:
        per_minute: At least 1.

        now_s: Any clock's seconds. One that is set back only delays what comes back.
    """

    __slots__ = ("_at_s", "_tokens", "per_minute")

    def __init__(self, per_minute: int, *, now_s: float) -> None:
        self.per_minute = per_minute
        self._tokens = float(per_minute)
        self._at_s = now_s

    def take(self, *, now_s: float, count: int = 1) -> Level:
        """Take one if it is there, or with 0 only look; return what is left."""
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
    """A bucket for each name that comes along."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[str, Bucket] = {}

    def take(self, name: str, *, per_minute: int, now_s: float, count: int = 1) -> Level:
        """Take from the bucket of *name*; one of another size is replaced by a full one."""
        bucket = self._kept.get(name)
        if bucket is None or bucket.per_minute != per_minute:
            if len(self._kept) >= self._most:
                self._forget(now_s)
            bucket = self._kept[name] = Bucket(per_minute, now_s=now_s)
        return bucket.take(now_s=now_s, count=count)

    def __len__(self) -> int:
        return len(self._kept)

    def _forget(self, now_s: float) -> None:
        """Forget those that are full, which lose nothing by it; else the half that came first."""
        kept = {n: b for n, b in self._kept.items() if b.take(now_s=now_s, count=0).reset_s > 0}
        if len(kept) >= self._most:
            kept = dict(list(kept.items())[self._most // 2 :])
        self._kept = kept
