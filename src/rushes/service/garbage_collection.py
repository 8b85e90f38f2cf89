"""Delete what retention rules no longer keep, in small steps, in one process at a time."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from rushes.core.errors import Conflict, RushesError
from rushes.kit.clock import Clock
from rushes.service.garbage_search import GarbageSearch
from rushes.service.retention import ExpiredItem, Step
from rushes.store.base import Archive

_log = structlog.get_logger()

TURN: Final = "tidying"
"""What one janitor does at a time."""

TURN_LASTS: Final = timedelta(minutes=2)
_PAUSE_S: Final = 0.005
"""Between two steps: whoever makes requests comes first."""


class GarbageCollector:
    """
    Makes the rounds, one janitor at a time over all processes.

    Args:
        who: Names this janitor among those of other processes.

        every_s: How often :meth:`run` looks.
    """

    def __init__(
        self,
        *,
        archive: Archive,
        rounds: GarbageSearch,
        clock: Clock,
        who: str,
        every_s: float = 600.0,
    ) -> None:
        self._archive = archive
        self._rounds = rounds
        self._clock = clock
        self._who = who
        self._every_s = every_s

    async def run(self) -> None:
        """Tidy up now and then, until cancelled."""
        while True:
            try:
                if gone := await self.collect():
                    _log.info(
                        "tidied", things=len(gone), size_bytes=sum(one.size_bytes for one in gone)
                    )
            except Conflict:
                _log.debug("tidied_by_another")
            except Exception:  # noqa: BLE001  # the border: a store in trouble now may be well later
                _log.exception("not_tidied")
            await asyncio.sleep(self._every_s)

    async def preview(self) -> tuple[ExpiredItem, ...]:
        """Return what would go now, and change nothing."""
        return tuple([step.doomed async for step in self._rounds.steps()])

    async def collect(
        self, told: Callable[[ExpiredItem], None] | None = None
    ) -> tuple[ExpiredItem, ...]:
        """
        Let go what is to go; return what has gone.

        Args:
            told: Called with each thing that has gone.

        Raises:
            Conflict: Another janitor is at it.
        """
        gone: list[ExpiredItem] = []
        turn_until = await self._my_turn()
        try:
            async for step in self._rounds.steps():
                if self._clock.now() + TURN_LASTS / 2 > turn_until:
                    turn_until = await self._my_turn()
                if not await self._taken(step):
                    continue
                gone.append(step.doomed)
                if told is not None:
                    told(step.doomed)
                await asyncio.sleep(_PAUSE_S)
        finally:
            await self._archive.end_turn(TURN, who=self._who)
        return tuple(gone)

    async def _my_turn(self) -> datetime:
        now = self._clock.now()
        until = now + TURN_LASTS
        if not await self._archive.take_turn(TURN, who=self._who, now=now, until=until):
            raise Conflict("somebody else is tidying up at this moment; try again in a minute")
        return until

    async def _taken(self, step: Step) -> bool:
        """Take a step; what goes wrong with one thing must not keep the others."""
        try:
            step.is_done = await step.take()
        except Conflict:
            return False  # it was changed or removed meanwhile
        except RushesError:
            _log.exception("not_removed", sort=step.doomed.sort, name=step.doomed.name)
            return False
        return step.is_done
