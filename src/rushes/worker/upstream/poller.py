"""Follows the jobs of one upstream: each is looked at when it is likely to be done."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from rushes.core.errors import (
    Conflict,
    EngineError,
    TemporaryEngineError,
    UpstreamBusy,
    UpstreamLost,
    UpstreamUnreachable,
)
from rushes.core.generation import AttemptState, Generation, GenerationId
from rushes.core.lifecycle import Change
from rushes.engines.upstream.base import JobStatus, Phase, UpstreamChannel
from rushes.kit.backoff import exponential_s
from rushes.kit.pacer import Pacer
from rushes.worker.context import WorkerContext
from rushes.worker.retry_policy import after_deadline, after_failure, after_upstream_failure
from rushes.worker.undelivered import Undelivered
from rushes.worker.upstream.acceptance import LEASES, cancel_job
from rushes.worker.upstream.batch_leases import BatchLeases
from rushes.worker.upstream.channel_health import ChannelHealth
from rushes.worker.upstream.collector import MADE, Collector
from rushes.worker.upstream.duration_estimate import DurationEstimate
from rushes.worker.upstream.reconcile import Reconciler
from rushes.worker.upstream.schedule import FollowedJob, PollSchedule

_log = structlog.get_logger()

LOOKS_AT_ONCE: Final = 16
"""Requests about jobs that are under way together."""

TROUBLE_BASE_S: Final = 2.0
TROUBLE_CAP_S: Final = 120.0
LOST_AFTER: Final = 3
"""So often in a row a forgetful upstream must say that it does not know a job."""

_LEFT_OUT: Final = UpstreamUnreachable("the upstream's list leaves the job out for now")

_AHEAD: Final = 0.25
"""Of the shortest pause, how much too early a job may be looked at together with others."""

_SPREAD: Final = 0.1
"""Looks are spread by so much, so that jobs which began together are not looked at together."""


class JobPoller:
    """
    Knows every job of one channel that this worker holds, and settles those that end.

    A job costs an entry here and nothing else: no task, no timer, and a write only when its
    lease would end before the next look or it has come on.

    Args:
        again: Submits what is in doubt again under its key, where the upstream honours keys.

        chance: 0.0 to below 1.0; spreads the looks.
    """

    def __init__(
        self,
        context: WorkerContext,
        channel: UpstreamChannel,
        *,
        pace: Pacer,
        health: ChannelHealth,
        again: Callable[[Generation], Coroutine[Any, Any, None]],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._context = context
        self._channel = channel
        self._pace = pace
        self._health = health
        self._chance = chance
        self._duration = DurationEstimate(channel.terms.usual_s)
        self._ahead = timedelta(seconds=channel.terms.look_every_s * _AHEAD)
        self._reconciler = Reconciler(context, channel, again)
        self._wake = asyncio.Event()
        self._jobs = PollSchedule(self._wake.set)
        self._leases = BatchLeases(context, self._jobs, self._lost_to_another)
        self._looking = asyncio.Semaphore(LOOKS_AT_ONCE)
        self._collector = Collector(
            context,
            channel,
            health,
            self._jobs,
            settle=self._settle,
            again=self._again,
            lost=self._lost_to_another,
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy_until: datetime | None = None

    @property
    def job_count(self) -> int:
        """How many jobs are followed."""
        return len(self._jobs)

    @property
    def finished_count(self) -> int:
        """How many of them are finished at the upstream, so that only their files are awaited."""
        return self._jobs.finished_count

    @property
    def unproven_count(self) -> int:
        """How many of them may still show whether the channel delivers what it makes."""
        return sum(not job.undelivered.is_told for job in self._jobs)

    def follow(self, generation: Generation, *, at_once: bool = False) -> None:
        """Follow the job of a generation that this worker has just taken, for several leases."""
        known = self._jobs.get(generation.id)
        if known is not None and known.generation.version == generation.version:
            return  # its submit has told of it, and then its search
        now = self._context.clock.now()
        held_until = self._context.lease(times=LEASES).until
        job = FollowedJob(generation=generation, held_until=held_until, due_at=now)
        late = held_until - timedelta(seconds=self._context.limits.lease_s)
        usual = now + timedelta(seconds=self._pause_s(job))
        self._jobs.put(job, now if at_once else min(usual, late))

    def poll_now(self, generation_id: GenerationId) -> bool:
        """Look at a job now, if it is followed here; return whether it is."""
        job = self._jobs.get(generation_id)
        if job is not None:
            self._hasten(job)
        return job is not None

    def drop_cancelled(self, change: Change) -> None:
        """Let go of a job that its caller has cancelled, and stop it."""
        job = self._jobs.get(change.after.id)
        attempts = change.after.attempts
        if job is None or not attempts or attempts[-1].state is not AttemptState.CANCELLED:
            return
        self._jobs.drop(job)
        if job.upstream_id:
            self._begin(cancel_job(self._channel.upstream, job.generation, job.upstream_id))

    async def run(self) -> None:
        """Look at jobs as they become due, until cancelled; then let others have them at once."""
        keeping = asyncio.create_task(self._leases.keep())
        try:
            while True:
                pause_s = await self._begin_due()
                # Not wait_for: in Python 3.11 it can swallow a cancellation.
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause_s):
                        await self._wake.wait()
                self._wake.clear()
        finally:
            keeping.cancel()
            await self._stop()

    async def poll_due(self) -> None:
        """Hold what is held, look at all that is due now, and see to what follows of it."""
        await self._leases.renew_expiring()
        await self._begin_due()
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _begin_due(self) -> float | None:
        """Begin the looks that are due; return the seconds until the next one is."""
        while True:
            now = self._context.clock.now()
            if self._busy_until is not None and self._busy_until > now:
                return (self._busy_until - now).total_seconds()
            due = self._jobs.take(now, most=self._channel.upstream.looks_at_once, ahead=self._ahead)
            if not due:
                due_at = self._jobs.next_at()
                return max((due_at - now).total_seconds(), 0.001) if due_at else None
            await self._looking.acquire()
            await self._pace.turn()
            self._context.record_polls(self._channel.name, [job.due_at for job in due])
            self._begin(self._look(due), self._looking.release)

    def _begin(
        self, work: Coroutine[Any, Any, None], then: Callable[[], None] = lambda: None
    ) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)

        def ended(_: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            then()

        task.add_done_callback(ended)

    async def _look(self, chunk: Sequence[FollowedJob]) -> None:
        """Ask how far some jobs are, or look for one."""
        await self._about(
            chunk, self._seek(chunk[0]) if chunk[0].is_ambiguous else self._ask(chunk)
        )

    async def _about(self, jobs: Sequence[FollowedJob], work: Coroutine[Any, Any, None]) -> None:
        """Do something about *jobs*; if that fails as it should not, they are due again."""
        try:
            await work
        except Exception as error:  # noqa: BLE001  # the border: one job's trouble must not stop the others
            _log.exception("look_crashed", channel=self._channel.name)
            now = self._context.clock.now()
            for job in jobs:
                if job in self._jobs and job.is_polling and not job.is_fetching:
                    pause_s = TROUBLE_BASE_S
                    if job.is_finished:  # its whole file is fetched again with each try
                        job.undelivered.note(error, now)
                        pause_s = job.undelivered.pause_s
                    self._put(job, now + timedelta(seconds=pause_s))

    async def _ask(self, chunk: Sequence[FollowedJob]) -> None:
        name = self._channel.name
        try:
            seen = await self._seen([job.upstream_id for job in chunk])
        except UpstreamLost as error:
            for job in chunk:
                await self._unknown(job, error)
        except TemporaryEngineError as error:
            if isinstance(error, UpstreamBusy):
                self._leave_in_peace(error)
            else:
                await self._health.record_failure(name, str(error))
            for job in chunk:
                await self._troubled(job, error)
        else:
            self._health.record_success(name)
            # Together, so that what is written of them shares a commit.
            every = [
                self._about([job], self._judge(job, seen.get(job.upstream_id))) for job in chunk
            ]
            await asyncio.gather(*every)

    async def _seen(self, ids: Sequence[str]) -> dict[str, JobStatus]:
        upstream = self._channel.upstream
        if len(ids) > 1:
            return dict(await upstream.look_many(ids))
        return {ids[0]: await upstream.look(ids[0])}

    def _leave_in_peace(self, error: UpstreamBusy) -> None:
        pause_s = error.retry_after_s if error.retry_after_s is not None else TROUBLE_BASE_S
        self._busy_until = self._context.clock.now() + timedelta(
            seconds=min(pause_s, TROUBLE_CAP_S)
        )

    async def _judge(self, job: FollowedJob, sighting: JobStatus | None) -> None:
        if sighting is None:
            await self._troubled(job, _LEFT_OUT)
            return
        job.failed_polls = job.unknown_polls = 0
        job.polls += 1
        match sighting.phase:
            case Phase.COMPLETED:
                self._finished(job)
                job.is_fetching = True
                self._begin(self._about([job], self._collector.collect(job, sighting)))
            case Phase.FAILED:
                await self._failed_there(job, sighting)
            case Phase.WAITING | Phase.WORKING:
                if job.is_finished:  # the upstream had told of its end too early
                    self._jobs.mark_finished(job, is_finished=False)
                    job.undelivered = Undelivered()
                pause_s = self._pause_s(job) * (1 + _SPREAD * (2 * self._chance() - 1))
                await self._again(job, pause_s, sighting.progress)

    def _finished(self, job: FollowedJob) -> None:
        """Note that an upstream is done with a job, which gives its slot back."""
        if not job.is_finished and job.polls > 1:  # at the first look it may be over for long
            self._duration.learn(self._elapsed_s(job))
        self._jobs.mark_finished(job, is_finished=True)

    async def _again(self, job: FollowedJob, pause_s: float, progress: float | None = None) -> None:
        """
        Make a job due again, held until then; or give it up when its time is over.

        The time of one that is finished is not over at its deadline: it was done before that.
        """
        if job not in self._jobs:
            return
        is_made = not (job.is_ambiguous or job.is_finished)
        if is_made and self._elapsed_s(job) >= self._channel.terms.deadline_s:
            await self._settle(job, self._too_late(job))
            return
        due_at = self._context.clock.now() + timedelta(seconds=pause_s)
        if await self._leases.renew(job, due_at, self._share(job, progress)):
            self._put(job, due_at)

    def _put(self, job: FollowedJob, due_at: datetime) -> None:
        """Make a job due, sooner if its upstream has called meanwhile."""
        self._jobs.put(job, due_at)
        if job.was_called_back:
            self._hasten(job)

    def _hasten(self, job: FollowedJob) -> None:
        pause = timedelta(seconds=self._channel.terms.look_every_s)
        self._jobs.hasten(job, self._context.clock.now(), pause=pause)

    def _share(self, job: FollowedJob, progress: float | None) -> float:
        """Return how much is done, as the upstream says, or a guess; it never goes back."""
        if job.is_finished:
            return MADE
        guess = 0.0 if job.is_ambiguous else self._duration.progress(self._elapsed_s(job))
        share = guess if progress is None else min(max(progress, 0.0), MADE)
        return max(share, job.generation.progress)

    async def _lost_to_another(self, job: FollowedJob) -> None:
        """Let go of a job that somebody else has; stop it if nobody wants it any more."""
        self._jobs.drop(job)
        _log.info("attempt_lost", generation=job.generation.id)
        found = await self._context.store.get_many([job.generation.id])
        last = found[0].attempts[-1] if found and found[0].attempts else None
        is_wanted = last is not None and last.state is not AttemptState.CANCELLED
        if not is_wanted and job.upstream_id:
            await cancel_job(self._channel.upstream, job.generation, job.upstream_id)

    async def _troubled(self, job: FollowedJob, error: EngineError) -> None:
        """Look again later, the later the longer nothing can be learnt of it."""
        if job.is_finished:
            await self._collector.undelivered(job, error)
            return
        job.failed_polls += 1
        pause_s = exponential_s(job.failed_polls, base_s=TROUBLE_BASE_S, cap_s=TROUBLE_CAP_S)
        await self._again(job, pause_s)

    async def _unknown(self, job: FollowedJob, error: UpstreamLost) -> None:
        """Bear with a job that is not known now and then; where jobs are forgotten, believe it."""
        job.unknown_polls += 1
        if self._channel.terms.loses_jobs and job.unknown_polls >= LOST_AFTER:
            await self._settle(job, self._failed(job, error))
        else:
            await self._troubled(job, error)

    async def _failed_there(self, job: FollowedJob, sighting: JobStatus) -> None:
        most, now = self._context.limits.max_attempts, self._context.clock.now()
        await self._settle(
            job, after_upstream_failure(job.generation, sighting, max_attempts=most, now=now)
        )

    def _failed(self, job: FollowedJob, error: EngineError) -> Change:
        return after_failure(
            job.generation,
            error,
            max_attempts=self._context.limits.max_attempts,
            now=self._context.clock.now(),
        )

    def _too_late(self, job: FollowedJob) -> Change:
        deadline_s = self._channel.terms.deadline_s
        return after_deadline(job.generation, deadline_s=deadline_s, now=self._context.clock.now())

    async def _settle(self, job: FollowedJob, change: Change) -> bool:
        """Write how a job ended, and let go of it; False: it was no longer ours."""
        try:
            await self._context.store.write(change)
        except Conflict:
            await self._lost_to_another(job)
            return False
        self._jobs.drop(job)
        after = change.after
        _log.info("settled", generation=after.id, state=after.state, attempt=after.attempt)
        return True

    async def _seek(self, job: FollowedJob) -> None:
        """Look for what a submit without an answer has made."""
        result = await self._reconciler.reconcile(job.generation)
        if result.change is not None:
            await self._settle(job, result.change)
        elif result.generation is not None:
            self.follow(result.generation, at_once=True)
        else:
            await self._again(job, result.pause_s)

    def _elapsed_s(self, job: FollowedJob) -> float:
        since = job.attempt.accepted_at or job.attempt.submitted_at or job.attempt.began_at
        return (self._context.clock.now() - since).total_seconds()

    def _pause_s(self, job: FollowedJob) -> float:
        if job.is_ambiguous:
            return self._channel.terms.look_every_s
        return self._duration.pause_s(
            self._elapsed_s(job),
            shortest_s=self._channel.terms.look_every_s,
            longest_s=self._channel.terms.look_rarest_s,
        )

    async def _stop(self) -> None:
        """Stop what is under way, and end the leases, so that whoever comes next need not wait."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        lease = self._context.lease(times=0.0)
        ending = [
            self._context.store.renew(job.generation, lease=lease, progress=job.generation.progress)
            for job in self._jobs
        ]
        await asyncio.gather(*ending, return_exceptions=True)
