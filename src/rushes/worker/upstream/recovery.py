"""Take over upstream jobs of dead workers, many at a time."""

import asyncio
from collections.abc import Collection
from typing import Final

import structlog

from rushes.core import lifecycle
from rushes.core.errors import Conflict
from rushes.core.generation import Generation, GenerationId
from rushes.worker.context import WorkerContext
from rushes.worker.upstream.acceptance import LEASES
from rushes.worker.upstream.channel_pool import ChannelPool

_log = structlog.get_logger()

ABSENT_LEASES: Final = 8.0
"""Leases for which a job waits when this worker has no channel of its name."""

MAX_CONCURRENT: Final = 64
"""Takeovers written at the same time; one by one, ten thousand would take minutes."""


class Recovery:
    """Take over jobs and hand them to the pollers of their channels."""

    def __init__(self, context: WorkerContext, pool: ChannelPool) -> None:
        self._context = context
        self._pool = pool
        self._under_way: dict[GenerationId, asyncio.Task[None]] = {}

    @property
    def under_way(self) -> Collection[GenerationId]:
        """The generations being taken over; the store still lists them as available."""
        return self._under_way.keys()

    async def take_over(self, waiting: Generation) -> None:
        """Start to take over a generation; wait first if many takeovers are under way."""
        if len(self._under_way) >= MAX_CONCURRENT:
            await self.wait()
        self._under_way[waiting.id] = asyncio.create_task(self._resume(waiting))

    async def wait(self) -> bool:
        """Wait for all takeovers under way; return whether there were any. Raises StoreError."""
        tasks = tuple(self._under_way.values())
        try:
            results = await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            self._under_way.clear()
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, Conflict):
                raise result  # a Conflict only means that another worker was faster
        return bool(tasks)

    async def _resume(self, waiting: Generation) -> None:
        context, name = self._context, waiting.attempts[-1].channel
        change = lifecycle.resume(waiting, now=context.clock.now())
        poller = self._pool.poller(name)
        leases = LEASES if poller is not None else ABSENT_LEASES
        await context.store.write(change, lease=context.lease(times=leases))
        if poller is not None:
            poller.follow(change.after, at_once=True)
        else:
            _log.error("channel_missing", generation=waiting.id, channel=name)
