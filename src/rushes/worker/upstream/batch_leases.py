"""Renew leases and record progress for a channel's jobs in few writes."""

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

PROGRESS_STEP: Final = 0.05
"""Progress is written in steps of this share, or with the next lease."""

MAX_FINE_JOBS: Final = 1000
"""With more jobs than this the steps grow, so that the rate of writes stays the same."""

FOREVER: Final = datetime.max.replace(tzinfo=UTC)
"""The lease end of a job whose lease another task renews."""


class BatchLeases:
    """
    Renew leases of followed jobs, but only when they are about to end or progress has grown.

    Args:
        drop_lost: Called with a job whose generation another process has changed.
    """

    def __init__(
        self,
        context: WorkerContext,
        jobs: PollSchedule,
        drop_lost: Callable[[FollowedJob], Awaitable[None]],
    ) -> None:
        self._context = context
        self._jobs = jobs
        self._drop_lost = drop_lost
        self._lease = timedelta(seconds=context.limits.lease_s)

    async def renew(self, job: FollowedJob, until: datetime, share: float) -> bool:
        """Hold a job's lease until then and record its progress; return False if it was lost."""
        step = PROGRESS_STEP * max(1.0, len(self._jobs) / MAX_FINE_JOBS)
        has_progressed = share - job.generation.progress >= step
        if job.held_until >= until + self._lease and not has_progressed:
            return True
        lease = replace(self._context.lease(), until=until + LEASES * self._lease)
        try:
            await self._context.store.renew(job.generation, lease=lease, progress=share)
        except Conflict:
            await self._drop_lost(job)
            return False
        job.held_until = lease.until
        job.generation = replace(job.generation, progress=share)
        return True

    async def renew_regularly(self) -> None:
        """Renew expiring leases until cancelled."""
        while True:
            await asyncio.sleep(self._context.limits.lease_s)
            await self.renew_expiring()

    async def renew_expiring(self) -> None:
        """Renew leases that end soon, of jobs that are late to be polled or fetched."""
        soon = self._context.clock.now() + 2 * self._lease
        expiring = [job for job in self._jobs if job.held_until < soon]
        renewals = [self.renew(job, soon, job.generation.progress) for job in expiring]
        for result in await asyncio.gather(*renewals, return_exceptions=True):
            if isinstance(result, Exception):  # the next renewal may succeed before the lease ends
                _log.error("renewal_failed", exc_info=result)
