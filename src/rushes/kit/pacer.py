"""Limit calls to a number per minute, in one process or in all that share a store."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from rushes.kit.rate_buckets import RateBuckets

BURST_S: Final = 1.0
"""Unused calls of this many seconds may be made up for."""

SHARE_S: Final = 0.25
"""A process reserves the calls of this many seconds at once in a shared pace."""


class Pace(Protocol):
    """Lets callers proceed one after the other."""

    async def wait(self) -> None:
        """Wait until the caller may proceed."""
        ...


class Pacer:
    """
    Lets callers proceed one after the other, at most *per_minute* in a minute.

    Args:
        per_minute: The limit, greater than 0.

        monotonic_s: A monotonic clock, in seconds.
    """

    def __init__(
        self, per_minute: float, *, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._step_s = 60.0 / per_minute
        self._monotonic_s = monotonic_s
        self._free_s = monotonic_s()

    def pause_s(self) -> float:
        """Reserve the next slot, and return the seconds until it begins."""
        now_s = self._monotonic_s()
        turn_s = max(self._free_s, now_s - BURST_S)
        self._free_s = turn_s + self._step_s
        return max(0.0, turn_s - now_s)

    async def wait(self) -> None:
        """Wait until the caller may proceed."""
        if pause_s := self.pause_s():
            await asyncio.sleep(pause_s)


class SharedPacer:
    """
    Lets the callers of all processes together proceed at most *per_minute* times in a minute.

    Calls that a process has reserved and does not make within a second are lost.

    Args:
        buckets: The buckets that the processes share.

        name: The bucket of this pace.

        per_minute: The limit, greater than 0.

        clock: Returns the present.

        monotonic_s: A monotonic clock, in seconds.
    """

    def __init__(
        self,
        buckets: RateBuckets,
        name: str,
        per_minute: float,
        *,
        clock: Callable[[], datetime],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._buckets = buckets
        self._name = name
        self._step_s = 60.0 / per_minute
        self._share = max(1, int(SHARE_S / self._step_s))
        self._clock = clock
        self._monotonic_s = monotonic_s
        self._reserving = asyncio.Lock()
        self._next_s = 0.0
        self._left = 0

    async def pause_s(self) -> float:
        """
        Reserve the next slot, and return the seconds until it begins.

        Raises:
            StoreError: The buckets cannot be used.
        """
        async with self._reserving:
            if not self._left or self._next_s < self._monotonic_s() - BURST_S:
                await self._reserve()
            self._left -= 1
            slot_s, self._next_s = self._next_s, self._next_s + self._step_s
        return max(0.0, slot_s - self._monotonic_s())

    async def wait(self) -> None:
        """Wait until the caller may proceed."""
        if pause_s := await self.pause_s():
            await asyncio.sleep(pause_s)

    async def _reserve(self) -> None:
        cost = timedelta(seconds=self._step_s * self._share)
        reserved = await self._buckets.reserve(
            self._name, cost=cost, capacity=None, now=self._clock()
        )
        begins_in_s = (reserved.level - cost).total_seconds() - BURST_S
        self._next_s = self._monotonic_s() + begins_in_s
        self._left = self._share
