"""Delete expired items in small steps, in one process at a time."""

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

LOCK: Final = "tidying"
"""Name of the lock in the store; one process collects at a time."""

LOCK_DURATION: Final = timedelta(minutes=2)
_PAUSE_S: Final = 0.005
"""Pause between two deletions, so that requests go first."""


class GarbageCollector:
    """
    Deletes expired items. Only one process does so at a time.

    Args:
        search: Finds the expired items.

        who: A name of this process, unique among all processes on the store.

        every_s: Seconds between two collections of :meth:`run`.
    """

    def __init__(
        self,
        *,
        archive: Archive,
        search: GarbageSearch,
        clock: Clock,
        who: str,
        every_s: float = 600.0,
    ) -> None:
        self._archive = archive
        self._search = search
        self._clock = clock
        self._who = who
        self._every_s = every_s

    async def run(self) -> None:
        """Collect every ``every_s`` seconds until cancelled."""
        while True:
            try:
                if deleted := await self.collect():
                    _log.info(
                        "garbage_collected",
                        items=len(deleted),
                        size_bytes=sum(one.size_bytes for one in deleted),
                    )
            except Conflict:
                _log.debug("garbage_collected_elsewhere")
            except Exception:  # noqa: BLE001  # border: a failing store may recover
                _log.exception("garbage_collection_failed")
            await asyncio.sleep(self._every_s)

    async def preview(self) -> tuple[ExpiredItem, ...]:
        """Return the items that :meth:`collect` would delete now, and change nothing."""
        return tuple([step.item async for step in self._search.steps()])

    async def collect(
        self, on_deleted: Callable[[ExpiredItem], None] | None = None
    ) -> tuple[ExpiredItem, ...]:
        """
        Delete the expired items, and return them.

        Args:
            on_deleted: Called with each deleted item.

        Raises:
            Conflict: Another process is collecting.
        """
        deleted: list[ExpiredItem] = []
        locked_until = await self._take_lock()
        try:
            async for step in self._search.steps():
                if self._clock.now() + LOCK_DURATION / 2 > locked_until:
                    locked_until = await self._take_lock()
                if not await self._run_step(step):
                    continue
                deleted.append(step.item)
                if on_deleted is not None:
                    on_deleted(step.item)
                await asyncio.sleep(_PAUSE_S)
        finally:
            await self._archive.release_lock(LOCK, who=self._who)
        return tuple(deleted)

    async def _take_lock(self) -> datetime:
        now = self._clock.now()
        until = now + LOCK_DURATION
        if not await self._archive.take_lock(LOCK, who=self._who, now=now, until=until):
            raise Conflict("another process is collecting garbage now; try again in a minute")
        return until

    async def _run_step(self, step: Step) -> bool:
        """Run a step. An error with one item must not keep the others."""
        try:
            step.is_done = await step.run()
        except Conflict:
            return False  # another process changed or deleted it
        except RushesError:
            _log.exception("removal_failed", sort=step.item.sort, name=step.item.name)
            return False
        return step.is_done
