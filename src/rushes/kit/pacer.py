"""Limit calls to a number per minute."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

BURST_S: Final = 1.0
"""Unused calls of this many seconds may be made up for."""


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
