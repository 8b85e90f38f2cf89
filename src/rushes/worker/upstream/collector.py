"""Collect the files of a channel's finished jobs, with retries."""

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
from rushes.worker.retry_policy import after_undelivered
from rushes.worker.undelivered import Cause
from rushes.worker.upstream.batch_leases import FOREVER
from rushes.worker.upstream.channel_health import ChannelHealth
from rushes.worker.upstream.results import collect_results
from rushes.worker.upstream.schedule import FollowedJob, PollSchedule

_log = structlog.get_logger()

MAX_CONCURRENT_FETCHES: Final = 4
"""Results fetched at the same time; each takes a download and a check of the file."""

REPORT_AFTER: Final = 3
"""Failed tries for a job's file after which the failure counts against the channel's health."""

PROGRESS_BEFORE_FETCH: Final = 0.99
"""The progress of a job that is finished except for its files."""


class Reschedule(Protocol):
    """Makes a job due again."""

    async def __call__(self, job: FollowedJob, pause_s: float, /) -> None:
        """Make *job* due after a pause and hold its lease until then."""
        ...


class Collector:
    """
    Fetch and store the files of finished jobs, and settle the jobs.

    Args:
        settle: Writes how a job ended; returns False if its generation was lost before.

        drop_lost: Stops following a job whose generation another process changed.

        reschedule: Makes a job due again.
    """

    def __init__(
        self,
        context: WorkerContext,
        channel: UpstreamChannel,
        health: ChannelHealth,
        jobs: PollSchedule,
        *,
        settle: Callable[[FollowedJob, Change], Awaitable[bool]],
        drop_lost: Callable[[FollowedJob], Awaitable[None]],
        reschedule: Reschedule,
    ) -> None:
        self._context = context
        self._channel = channel
        self._health = health
        self._jobs = jobs
        self._settle = settle
        self._drop_lost = drop_lost
        self._reschedule = reschedule
        self._slots = asyncio.Semaphore(MAX_CONCURRENT_FETCHES)

    async def collect(self, job: FollowedJob, status: JobStatus) -> None:
        """Fetch and store a job's files and settle it; or poll it again later."""
        try:
            async with self._slots:
                if job in self._jobs and await self._fetch_and_settle(job, status):
                    self._health.record_delivery(self._channel.name)
        except (EngineError, MediaError) as error:
            if isinstance(error, MediaError):
                _log.exception("files_not_stored", generation=job.generation.id)
            else:
                _log.info("result_not_fetched", generation=job.generation.id, reason=str(error))
            is_lost = await self.retry_or_give_up(job, error)
            await self._report_to_health(job, error, is_lost=is_lost)

    async def retry_or_give_up(self, job: FollowedJob, error: EngineError | MediaError) -> bool:
        """
        Try for a finished job's file again later, or fail the job when its time is over.

        Returns:
            Whether the job was failed.
        """
        now, failed_tries = self._context.clock.now(), job.undelivered
        failed_tries.note(error, now)
        if job in self._jobs and failed_tries.is_over(self._channel.terms, now):
            return await self._settle(
                job, after_undelivered(job.generation, error, failed_tries, now=now)
            )
        await self._reschedule(job, failed_tries.pause_s)
        return False

    async def _fetch_and_settle(self, job: FollowedJob, status: JobStatus) -> bool:
        """Fetch and store a job's files; return whether its generation was completed."""
        keeper = LeaseKeeper(self._context, job.generation)
        keeper.report_progress(PROGRESS_BEFORE_FETCH)
        collecting = collect_results(self._context, job.generation, self._channel, status)
        job.held_until = FOREVER
        try:
            change = await keeper.keep_during(asyncio.ensure_future(collecting))
        finally:
            job.is_fetching, job.held_until = False, self._context.clock.now()
        if change is None:
            await self._drop_lost(job)
        if change is not None and await self._settle(job, change):
            await delete_results(self._context, *earlier_held_folders(job.generation))
            return True
        await delete_results(self._context, held_folder(job.generation))
        return False

    async def _report_to_health(
        self, job: FollowedJob, error: EngineError | MediaError, *, is_lost: bool
    ) -> None:
        """Count a job against its channel once when its file keeps missing, and when it is lost."""
        failed_tries = job.undelivered
        is_news = failed_tries.tries >= REPORT_AFTER and not failed_tries.is_reported
        if failed_tries.cause is not Cause.OURS and (is_news or is_lost):
            failed_tries.is_reported = True
            await self._health.record_undelivered(self._channel.name, str(error), is_lost=is_lost)
