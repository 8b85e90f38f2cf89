"""A worker's hold on all the jobs of a channel: their leases and progress, in as few writes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from rushes.core.errors import Conflict
from rushes.worker.context import WorkerContext
from rushes.worker.upstream.acceptance import LEASES
from rushes.worker.upstream.schedule import FollowedJob, PollSchedule

_log = structlog.get_logger()

WORTH_TELLING: Final = 0.05
"""Progress is written down in steps of this share, or with the next lease."""

MANY: Final = 1000
"""With more jobs than so many the steps grow, so that there are no more writes than with these."""

FOREVER: Final = datetime.max.replace(tzinfo=UTC)
"""Until when a job is held whose lease somebody else renews."""


class BatchLeases:
    """
    Renews what is held only when that is about to end, or there is something to tell of it.

    Args:
        lost: Told of a job that turns out to be somebody else's.
    """

    def __init__(
        self,
        context: WorkerContext,
        jobs: PollSchedule,
        lost: Callable[[FollowedJob], Awaitable[None]],
    ) -> None:
        self._context = context
        self._jobs = jobs
        self._lost = lost
        self._lease = timedelta(seconds=context.limits.lease_s)

    async def renew(self, job: FollowedJob, until: datetime, share: float) -> bool:
        """Hold a job until then and note its progress; False: somebody else has it."""
        step = WORTH_TELLING * max(1.0, len(self._jobs) / MANY)
        is_news = share - job.generation.progress >= step
        if job.held_until >= until + self._lease and not is_news:
            return True
        lease = replace(self._context.lease(), until=until + LEASES * self._lease)
        try:
            await self._context.store.renew(job.generation, lease=lease, progress=share)
        except Conflict:
            await self._lost(job)
            return False
        job.held_until = lease.until
        job.generation = replace(job.generation, progress=share)
        return True

    async def keep(self) -> None:
        """Hold what is late to be looked at or fetched, for as long as this is not cancelled."""
        while True:
            await asyncio.sleep(self._context.limits.lease_s)
            await self.renew_expiring()

    async def renew_expiring(self) -> None:
        """Renew what would soon be free for others: it would lose its turn."""
        soon = self._context.clock.now() + 2 * self._lease
        slipping = [job for job in self._jobs if job.held_until < soon]
        keeping = [self.renew(job, soon, job.generation.progress) for job in slipping]
        for what in await asyncio.gather(*keeping, return_exceptions=True):
            if isinstance(what, Exception):  # it may be well before the lease ends
                _log.error("renewal_failed", exc_info=what)
