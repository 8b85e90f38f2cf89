"""Keeps what is done now and again to so much a minute."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

BURST_S: Final = 1.0
"""What was not used may be made up for, as far as this many seconds would have allowed."""


class Pacer:
    """
    Lets callers pass one after the other, *per_minute* of them.

    Args:
        per_minute: How many, more than 0.

        monotonic_s: Tells the time that passes, in seconds.
    """

    def __init__(
        self, per_minute: float, *, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._step_s = 60.0 / per_minute
        self._monotonic_s = monotonic_s
        self._free_s = monotonic_s()

    def pause_s(self) -> float:
        """Take the next turn, and return the seconds until it comes."""
        now_s = self._monotonic_s()
        turn_s = max(self._free_s, now_s - BURST_S)
        self._free_s = turn_s + self._step_s
        return max(0.0, turn_s - now_s)

    async def turn(self) -> None:
        """Wait until it is this caller's turn."""
        if pause_s := self.pause_s():
            await asyncio.sleep(pause_s)
