"""Count failures in a row and pause what fails, in processes that share the counts in a store."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

FIRST_PAUSE_S: Final = 30.0
LONGEST_PAUSE_S: Final = 300.0

FORGET_AFTER: Final = timedelta(days=2)
"""How long a count is kept without another failure: longer than any pause between two tries."""

LOCAL_LIMIT: Final = 10_000
"""Counts that :class:`LocalFailureCounts` keeps; beyond that, the oldest are dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureCount:
    """Failures in a row."""

    failures: int = 0
    paused_until: datetime | None = None
    """It may also be in the past."""

    def pause_at(self, now: datetime) -> datetime | None:
        """Return the end of the pause; None when there is none now."""
        is_paused = self.paused_until is not None and self.paused_until > now
        return self.paused_until if is_paused else None


def count_failure(
    before: FailureCount, *, threshold: int, now: datetime, requested_s: float = 0.0
) -> FailureCount:
    """
    Count a failure, and begin a pause when there were enough.

    After *threshold* failures the pause is 30 seconds, then twice as long after each further
    failure, at most five minutes. A failure during a pause does not count: its try began before.

    Args:
        requested_s: The pause that was asked for, in seconds. It counts up to the longest pause.
    """
    failures, own_s = before.failures, 0.0
    if before.pause_at(now) is None:
        failures += 1
        if failures >= threshold:
            own_s = FIRST_PAUSE_S * 2.0 ** min(failures - threshold, 10)
    pause_s = min(max(own_s, requested_s), LONGEST_PAUSE_S)
    until = before.paused_until
    if pause_s:
        end = now + timedelta(seconds=pause_s)
        until = max(end, until or end)
    return FailureCount(failures=failures, paused_until=until)


class FailureCounts(Protocol):
    """Keeps failure counts by name."""

    async def failure_counts(self, names: Collection[str]) -> Mapping[str, FailureCount]:
        """Return the counts of those names that have failed since they last succeeded."""
        ...

    async def add_failure(
        self, name: str, *, threshold: int, now: datetime, requested_s: float = 0.0
    ) -> FailureCount:
        """Count a failure, as :func:`count_failure` does; return the count afterwards."""
        ...

    async def reset_failures(self, name: str) -> None:
        """Forget the failures of a name; ignores unknown names."""
        ...


class LocalFailureCounts:
    """Keeps the counts of this process only."""

    def __init__(self, *, limit: int = LOCAL_LIMIT) -> None:
        self._limit = limit
        self._counts: dict[str, FailureCount] = {}

    async def failure_counts(self, names: Collection[str]) -> Mapping[str, FailureCount]:
        """Return the counts of those names that have failed since they last succeeded."""
        return {name: self._counts[name] for name in names if name in self._counts}

    async def add_failure(
        self, name: str, *, threshold: int, now: datetime, requested_s: float = 0.0
    ) -> FailureCount:
        """Count a failure; return the count afterwards."""
        before = self._counts.pop(name, FailureCount())
        after = count_failure(before, threshold=threshold, now=now, requested_s=requested_s)
        self._counts[name] = after  # the last one of the dictionary
        if len(self._counts) > self._limit:
            del self._counts[next(iter(self._counts))]
        return after

    async def reset_failures(self, name: str) -> None:
        """Forget the failures of a name; ignores unknown names."""
        self._counts.pop(name, None)
