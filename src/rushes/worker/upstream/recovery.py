"""Takes over what upstreams were asked for before its worker went away, many jobs together."""

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
"""How long what a channel was asked for waits when there is no such channel here, in leases."""

AT_ONCE: Final = 64
"""So many are written down together: one at a time, ten thousand would take minutes."""


class Recovery:
    """Has the crew follow what was another worker's."""

    def __init__(self, context: WorkerContext, pool: ChannelPool) -> None:
        self._context = context
        self._pool = pool
        self._under_way: dict[GenerationId, asyncio.Task[None]] = {}

    @property
    def under_way(self) -> Collection[GenerationId]:
        """Those that are being written down; they look free still."""
        return self._under_way.keys()

    async def take_over(self, waiting: Generation) -> None:
        """Begin to take one over; wait for those before it, if they are many."""
        if len(self._under_way) >= AT_ONCE:
            await self.wait()
        self._under_way[waiting.id] = asyncio.create_task(self._resume(waiting))

    async def wait(self) -> bool:
        """Wait for those under way; return whether there were any. Raises StoreError."""
        tasks = tuple(self._under_way.values())
        try:
            every = await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            self._under_way.clear()
        for what in every:
            if isinstance(what, BaseException) and not isinstance(what, Conflict):
                raise what  # of Conflict it is no matter: another worker was faster
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
