"""Collect the files of a channel's finished jobs: try until they come or are given up."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import structlog

from rushes.core.errors import EngineError, MediaError
from rushes.core.lifecycle import Change
from rushes.engines.upstream.base import JobStatus, UpstreamChannel
from rushes.worker.context import WorkerContext
from rushes.worker.lease import LeaseKeeper
from rushes.worker.result_files import delete_results, earlier_held_folders, held_folder
from rushes.worker.retry_policy import given_up
from rushes.worker.undelivered import Cause
from rushes.worker.upstream.batch_leases import FOREVER
from rushes.worker.upstream.channel_health import ChannelHealth
from rushes.worker.upstream.results import collect_results
from rushes.worker.upstream.schedule import FollowedJob, PollSchedule

_log = structlog.get_logger()

AT_ONCE: Final = 4
"""Results that are being fetched together: each is a download and a look into the file."""

TOLD_AFTER: Final = 3
"""Failed tries for a finished job's file after which they count against the channel's health."""

MADE: Final = 0.99
"""The share that is done of a job whose file alone is missing."""


class Again(Protocol):
    """Makes a job due again."""

    async def __call__(self, job: FollowedJob, pause_s: float, /) -> None:
        """Make *job* due after a pause, held until then."""
        ...


class Collector:
    """
    Fetches what finished jobs have made, keeps it, and settles them.

    Args:
        settle: Writes how a job ended; returns False when it was no longer ours.

        again: Makes a job due again.

        lost: Lets go of a job that somebody else has.
    """

    def __init__(
        self,
        context: WorkerContext,
        channel: UpstreamChannel,
        health: ChannelHealth,
        jobs: PollSchedule,
        *,
        settle: Callable[[FollowedJob, Change], Awaitable[bool]],
        again: Again,
        lost: Callable[[FollowedJob], Awaitable[None]],
    ) -> None:
        self._context = context
        self._channel = channel
        self._health = health
        self._jobs = jobs
        self._settle = settle
        self._again = again
        self._lost = lost
        self._room = asyncio.Semaphore(AT_ONCE)

    async def collect(self, job: FollowedJob, sighting: JobStatus) -> None:
        """Fetch and keep what a job has made, and settle; or look at it again later."""
        try:
            async with self._room:
                if job in self._jobs and await self._collected(job, sighting):
                    self._health.record_delivery(self._channel.name)
        except (EngineError, MediaError) as error:
            if isinstance(error, MediaError):
                _log.exception("files_not_kept", generation=job.generation.id)
            else:
                _log.info("result_not_fetched", generation=job.generation.id, reason=str(error))
            is_lost = await self.undelivered(job, error)
            await self._tell_health(job, error, is_lost=is_lost)

    async def undelivered(self, job: FollowedJob, error: EngineError | MediaError) -> bool:
        """
        Try for a finished job's file again later, or fail the job when its time is over.

        Returns:
            Whether the job was failed.
        """
        now, failed_tries = self._context.clock.now(), job.undelivered
        failed_tries.note(error, now)
        if job in self._jobs and failed_tries.is_over(self._channel.terms, now):
            return await self._settle(job, given_up(job.generation, error, failed_tries, now=now))
        await self._again(job, failed_tries.pause_s)
        return False

    async def _collected(self, job: FollowedJob, sighting: JobStatus) -> bool:
        """Fetch and keep what a job has made; return whether its generation was completed."""
        keeper = LeaseKeeper(self._context, job.generation)
        keeper.report_progress(MADE)
        collecting = collect_results(self._context, job.generation, self._channel, sighting)
        job.held_until = FOREVER
        try:
            change = await keeper.keep_during(asyncio.ensure_future(collecting))
        finally:
            job.is_fetching, job.held_until = False, self._context.clock.now()
        if change is None:
            await self._lost(job)
        if change is not None and await self._settle(job, change):
            await delete_results(self._context, *earlier_held_folders(job.generation))
            return True
        await delete_results(self._context, held_folder(job.generation))
        return False

    async def _tell_health(
        self, job: FollowedJob, error: EngineError | MediaError, *, is_lost: bool
    ) -> None:
        """Count a job against its channel when its file keeps missing, and when it is lost."""
        failed_tries = job.undelivered
        is_news = failed_tries.tries >= TOLD_AFTER and not failed_tries.is_told
        if failed_tries.cause is not Cause.OURS and (is_news or is_lost):
            failed_tries.is_told = True
            await self._health.record_undelivered(self._channel.name, str(error), is_lost=is_lost)
