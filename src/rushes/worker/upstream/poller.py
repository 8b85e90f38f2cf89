"""Poll the jobs of one upstream channel until they end."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from rushes.core.errors import (
    EngineError,
    StoreError,
    TemporaryEngineError,
    UpstreamBusy,
    UpstreamLost,
    UpstreamUnreachable,
)
from rushes.core.generation import AttemptState, Generation, GenerationId
from rushes.core.lifecycle import Change
from rushes.engines.upstream.base import JobStatus, Phase, UpstreamChannel
from rushes.kit.backoff import exponential_s
from rushes.kit.pacer import Pace
from rushes.worker.context import WorkerContext
from rushes.worker.undelivered import Undelivered
from rushes.worker.upstream.acceptance import LEASES, cancel_job
from rushes.worker.upstream.batch_leases import BatchLeases
from rushes.worker.upstream.channel_health import ChannelHealth
from rushes.worker.upstream.collector import PROGRESS_BEFORE_FETCH, Collector
from rushes.worker.upstream.duration_estimate import DurationEstimate
from rushes.worker.upstream.reconcile import Reconciler
from rushes.worker.upstream.schedule import FollowedJob, PollSchedule
from rushes.worker.upstream.settlement import Settlement

_log = structlog.get_logger()

MAX_CONCURRENT_POLLS: Final = 16
"""Status requests of one channel that run at the same time."""

BACKOFF_BASE_S: Final = 2.0
BACKOFF_CAP_S: Final = 120.0
MAX_UNKNOWN_POLLS: Final = 3
"""After this many polls in a row, believe an upstream that loses jobs and says it has none."""

_LEFT_OUT: Final = UpstreamUnreachable("the upstream's list leaves the job out for now")

_AHEAD: Final = 0.25
"""Jobs due within this share of the shortest pause are polled together with the one due now."""

_SPREAD: Final = 0.1
"""Pauses vary by this share, so that jobs submitted together are not polled together for ever."""


class JobPoller:
    """
    Poll every job of one channel that this worker holds, and settle those that end.

    A followed job costs one entry in the schedule: no task and no timer. It is written to the
    store only when its lease must be renewed or its progress has grown noticeably.

    Args:
        resubmit: Repeats a submit under the same idempotency key, where the upstream honours keys;
            returns the generation if this worker recorded its job.

        chance: Returns 0.0 to below 1.0; spreads the polls.
    """

    def __init__(
        self,
        context: WorkerContext,
        channel: UpstreamChannel,
        *,
        pace: Pace,
        health: ChannelHealth,
        resubmit: Callable[[Generation], Coroutine[Any, Any, Generation | None]],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._context = context
        self._channel = channel
        self._pace = pace
        self._health = health
        self._chance = chance
        self._duration = DurationEstimate(channel.terms.expected_duration_s)
        self._ahead = timedelta(seconds=channel.terms.min_poll_interval_s * _AHEAD)
        self._reconciler = Reconciler(context, channel, resubmit)
        self._wake = asyncio.Event()
        self._jobs = PollSchedule(self._wake.set)
        self._settlement = Settlement(context, channel, self._jobs)
        self._leases = BatchLeases(context, self._jobs, self._settlement.drop_lost)
        self._polling = asyncio.Semaphore(MAX_CONCURRENT_POLLS)
        self._collector = Collector(
            context,
            channel,
            health,
            self._jobs,
            settle=self._settlement.settle,
            drop_lost=self._settlement.drop_lost,
            reschedule=self._reschedule,
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy_until: datetime | None = None

    @property
    def job_count(self) -> int:
        """The number of followed jobs."""
        return len(self._jobs)

    @property
    def finished_count(self) -> int:
        """The number of jobs that the upstream has finished and whose files are still missing."""
        return self._jobs.finished_count

    @property
    def unproven_count(self) -> int:
        """The number of jobs that may still prove that the channel delivers its files."""
        return sum(not job.undelivered.is_reported for job in self._jobs)

    def follow(self, generation: Generation, *, at_once: bool = False) -> None:
        """Follow the job of a generation whose lease this worker has just taken or renewed."""
        known = self._jobs.get(generation.id)
        if known is not None and known.generation.version == generation.version:
            return  # both the submit and the reconciliation after it report the same job
        now = self._context.clock.now()
        held_until = self._context.lease(times=LEASES).until
        job = FollowedJob(generation=generation, held_until=held_until, due_at=now)
        latest = held_until - timedelta(seconds=self._context.limits.lease_s)
        usual = now + timedelta(seconds=self._pause_s(job))
        self._jobs.put(job, now if at_once else min(usual, latest))

    def followed(self) -> Iterator[GenerationId]:
        """Yield the generations of the followed jobs."""
        return (job.generation.id for job in self._jobs)

    async def release_jobs(self) -> None:
        """End the leases of all jobs that are neither polled nor downloaded at this moment."""
        idle = [job for job in self._jobs if not job.is_polling]
        for job in idle:
            self._jobs.drop(job)
        await self._end_leases(idle)

    def poll_now(self, generation_id: GenerationId) -> bool:
        """Poll a generation's job at once; return False if it is not followed here."""
        job = self._jobs.get(generation_id)
        if job is not None:
            self._hasten(job)
        return job is not None

    def drop_cancelled(self, change: Change) -> None:
        """Stop following a job that the caller has cancelled, and cancel it at the upstream."""
        job = self._jobs.get(change.after.id)
        attempts = change.after.attempts
        if job is None or not attempts or attempts[-1].state is not AttemptState.CANCELLED:
            return
        self._jobs.drop(job)
        if job.upstream_id:
            self._start(cancel_job(self._channel.upstream, job.generation, job.upstream_id))

    async def run(self) -> None:
        """Poll jobs as they become due until cancelled, then end their leases."""
        renewing = asyncio.create_task(self._leases.renew_regularly())
        try:
            while True:
                pause_s = await self._start_due()
                # Not wait_for: in Python 3.11 it can swallow a cancellation.
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause_s):
                        await self._wake.wait()
                self._wake.clear()
        finally:
            renewing.cancel()
            await self._stop()

    async def poll_due(self) -> None:
        """Renew expiring leases, poll all jobs that are due now, and wait for what follows."""
        await self._leases.renew_expiring()
        await self._start_due()
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _start_due(self) -> float | None:
        """Start the polls that are due; return the seconds until the next one."""
        while True:
            now = self._context.clock.now()
            if self._busy_until is not None and self._busy_until > now:
                return (self._busy_until - now).total_seconds()
            due = self._jobs.take(
                now, most=self._channel.upstream.poll_batch_size, ahead=self._ahead
            )
            if not due:
                due_at = self._jobs.next_at()
                return max((due_at - now).total_seconds(), 0.001) if due_at else None
            await self._polling.acquire()
            try:
                await self._pace.wait()
            except StoreError:  # the pace is shared through the store, which may be away
                _log.exception("pace_failed", channel=self._channel.name)
                self._polling.release()
                for job in due:
                    self._make_due(job, now + timedelta(seconds=BACKOFF_BASE_S))
                return BACKOFF_BASE_S
            self._context.record_polls(self._channel.name, [job.due_at for job in due])
            self._start(self._poll(due), self._polling.release)

    def _start(
        self, work: Coroutine[Any, Any, None], then: Callable[[], None] = lambda: None
    ) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)

        def on_end(_: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            then()

        task.add_done_callback(on_end)

    async def _poll(self, due: Sequence[FollowedJob]) -> None:
        """Poll several jobs, or reconcile a single one whose submit got no answer."""
        is_ambiguous = due[0].is_ambiguous
        await self._guard(due, self._reconcile(due[0]) if is_ambiguous else self._poll_jobs(due))

    async def _guard(self, jobs: Sequence[FollowedJob], work: Coroutine[Any, Any, None]) -> None:
        """Await *work* on some jobs; make them due again if it fails unexpectedly."""
        try:
            await work
        except Exception as error:  # noqa: BLE001  # trouble with one job must not stop the others
            _log.exception("poll_crashed", channel=self._channel.name)
            now = self._context.clock.now()
            for job in jobs:
                if job in self._jobs and job.is_polling and not job.is_fetching:
                    pause_s = BACKOFF_BASE_S
                    if job.is_finished:  # each try downloads the whole file, so back off
                        job.undelivered.note(error, now)
                        pause_s = job.undelivered.pause_s
                    self._make_due(job, now + timedelta(seconds=pause_s))

    async def _poll_jobs(self, jobs: Sequence[FollowedJob]) -> None:
        name = self._channel.name
        try:
            statuses = await self._fetch_statuses([job.upstream_id for job in jobs])
        except UpstreamLost as error:
            for job in jobs:
                await self._handle_unknown(job, error)
        except TemporaryEngineError as error:
            if isinstance(error, UpstreamBusy):
                self._pause_while_busy(error)
            else:
                await self._health.record_failure(name, str(error))
            for job in jobs:
                await self._back_off(job, error)
        else:
            self._health.record_success(name)
            # Together, so that their writes share a commit.
            every = [
                self._guard([job], self._apply_status(job, statuses.get(job.upstream_id)))
                for job in jobs
            ]
            await asyncio.gather(*every)

    async def _fetch_statuses(self, ids: Sequence[str]) -> dict[str, JobStatus]:
        upstream = self._channel.upstream
        if len(ids) > 1:
            return dict(await upstream.poll_many(ids))
        return {ids[0]: await upstream.poll(ids[0])}

    def _pause_while_busy(self, error: UpstreamBusy) -> None:
        pause_s = error.retry_after_s if error.retry_after_s is not None else BACKOFF_BASE_S
        now = self._context.clock.now()
        self._busy_until = now + timedelta(seconds=min(pause_s, BACKOFF_CAP_S))

    async def _apply_status(self, job: FollowedJob, status: JobStatus | None) -> None:
        """Do what a job's status calls for: fetch its files, fail it, or poll it again later."""
        if status is None:
            await self._back_off(job, _LEFT_OUT)
            return
        job.failed_polls = job.unknown_polls = 0
        job.polls += 1
        match status.phase:
            case Phase.COMPLETED:
                self._mark_finished(job)
                job.is_fetching = True
                self._start(self._guard([job], self._collector.collect(job, status)))
            case Phase.FAILED:
                await self._settlement.fail_as_reported(job, status)
            case Phase.WAITING | Phase.WORKING:
                if job.is_finished:  # the upstream reported its end too early
                    self._jobs.mark_finished(job, is_finished=False)
                    job.undelivered = Undelivered()
                pause_s = self._pause_s(job) * (1 + _SPREAD * (2 * self._chance() - 1))
                await self._reschedule(job, pause_s, status.progress)

    def _mark_finished(self, job: FollowedJob) -> None:
        """Record that an upstream finished a job, which frees a slot of the channel."""
        if (
            not job.is_finished and job.polls > 1
        ):  # before the first poll it may have ended long ago
            self._duration.learn(self._elapsed_s(job))
        self._jobs.mark_finished(job, is_finished=True)

    async def _reschedule(
        self, job: FollowedJob, pause_s: float, progress: float | None = None
    ) -> None:
        """
        Poll a job again after a pause and hold its lease until then; or fail it at its deadline.

        The deadline is for jobs that the upstream has not finished: neither for the file of a
        finished job nor for a submit that is still being reconciled.
        """
        if job not in self._jobs:
            return
        has_deadline = not (job.is_ambiguous or job.is_finished)
        if has_deadline and self._elapsed_s(job) >= self._channel.terms.deadline_s:
            await self._settlement.fail_late(job)
            return
        due_at = self._context.clock.now() + timedelta(seconds=pause_s)
        if await self._leases.renew(job, due_at, self._progress_of(job, progress)):
            self._make_due(job, due_at)

    def _make_due(self, job: FollowedJob, due_at: datetime) -> None:
        """Make a job due, sooner if its upstream called back in the meantime."""
        self._jobs.put(job, due_at)
        if job.was_called_back:
            self._hasten(job)

    def _hasten(self, job: FollowedJob) -> None:
        pause = timedelta(seconds=self._channel.terms.min_poll_interval_s)
        self._jobs.hasten(job, self._context.clock.now(), pause=pause)

    def _progress_of(self, job: FollowedJob, reported: float | None) -> float:
        """Return the reported progress, or a guess, but never less than before."""
        if job.is_finished:
            return PROGRESS_BEFORE_FETCH
        if reported is not None:
            share = min(max(reported, 0.0), PROGRESS_BEFORE_FETCH)
        else:
            share = 0.0 if job.is_ambiguous else self._duration.progress(self._elapsed_s(job))
        return max(share, job.generation.progress)

    async def _back_off(self, job: FollowedJob, error: EngineError) -> None:
        """Poll again later, after a pause that grows with each failed poll in a row."""
        if job.is_finished:
            await self._collector.retry_or_give_up(job, error)
            return
        job.failed_polls += 1
        pause_s = exponential_s(job.failed_polls, base_s=BACKOFF_BASE_S, cap_s=BACKOFF_CAP_S)
        await self._reschedule(job, pause_s)

    async def _handle_unknown(self, job: FollowedJob, error: UpstreamLost) -> None:
        """Fail a job that an upstream which loses jobs keeps denying; else poll again later."""
        job.unknown_polls += 1
        if self._channel.terms.loses_jobs and job.unknown_polls >= MAX_UNKNOWN_POLLS:
            await self._settlement.fail(job, error)
        else:
            await self._back_off(job, error)

    async def _reconcile(self, job: FollowedJob) -> None:
        """Search for the job of a submit that got no answer."""
        result = await self._reconciler.reconcile(job.generation)
        if result.change is not None:
            await self._settlement.settle(job, result.change)
        elif result.generation is not None:
            self.follow(result.generation, at_once=True)
        else:
            await self._reschedule(job, result.pause_s)

    def _elapsed_s(self, job: FollowedJob) -> float:
        since = job.attempt.accepted_at or job.attempt.submitted_at or job.attempt.began_at
        return (self._context.clock.now() - since).total_seconds()

    def _pause_s(self, job: FollowedJob) -> float:
        if job.is_ambiguous:
            return self._channel.terms.min_poll_interval_s
        return self._duration.pause_s(
            self._elapsed_s(job),
            shortest_s=self._channel.terms.min_poll_interval_s,
            longest_s=self._channel.terms.max_poll_interval_s,
        )

    async def _stop(self) -> None:
        """Stop all tasks and end the leases, so that another worker can take over at once."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._end_leases(tuple(self._jobs))

    async def _end_leases(self, jobs: Sequence[FollowedJob]) -> None:
        """End the leases of some jobs; those that cannot be ended expire a little later."""
        lease = self._context.lease(times=0.0)
        ending = [
            self._context.store.renew(job.generation, lease=lease, progress=job.generation.progress)
            for job in jobs
        ]
        await asyncio.gather(*ending, return_exceptions=True)
