"""Write how upstream jobs ended, and stop following them."""

import structlog

from rushes.core.errors import Conflict, EngineError
from rushes.core.generation import AttemptState
from rushes.core.lifecycle import Change
from rushes.engines.upstream.base import JobStatus, UpstreamChannel
from rushes.worker.context import WorkerContext
from rushes.worker.retry_policy import after_deadline, after_failure, after_upstream_failure
from rushes.worker.upstream.acceptance import cancel_job
from rushes.worker.upstream.schedule import FollowedJob, PollSchedule

_log = structlog.get_logger()


class Settlement:
    """Settle the jobs of one channel and remove them from its schedule."""

    def __init__(
        self, context: WorkerContext, channel: UpstreamChannel, jobs: PollSchedule
    ) -> None:
        self._context = context
        self._channel = channel
        self._jobs = jobs

    async def settle(self, job: FollowedJob, change: Change) -> bool:
        """Write how a job ended; return False if the generation was lost before."""
        try:
            await self._context.store.write(change)
        except Conflict:
            await self.drop_lost(job)
            return False
        self._jobs.drop(job)
        after = change.after
        _log.info("settled", generation=after.id, state=after.state, attempt=after.attempt)
        return True

    async def fail(self, job: FollowedJob, error: EngineError) -> None:
        """Fail a job, or queue another attempt where one may help."""
        change = after_failure(
            job.generation,
            error,
            max_attempts=self._context.limits.max_attempts,
            now=self._context.clock.now(),
        )
        await self.settle(job, change)

    async def fail_as_reported(self, job: FollowedJob, status: JobStatus) -> None:
        """Fail a job that its upstream reports as failed, or queue another attempt."""
        change = after_upstream_failure(
            job.generation,
            status,
            max_attempts=self._context.limits.max_attempts,
            now=self._context.clock.now(),
        )
        await self.settle(job, change)

    async def fail_late(self, job: FollowedJob) -> None:
        """Fail a job that passed its channel's deadline."""
        deadline_s = self._channel.terms.deadline_s
        now = self._context.clock.now()
        await self.settle(job, after_deadline(job.generation, deadline_s=deadline_s, now=now))

    async def drop_lost(self, job: FollowedJob) -> None:
        """Stop following a job whose generation another process changed; cancel it if unwanted."""
        self._jobs.drop(job)
        _log.info("attempt_lost", generation=job.generation.id)
        found = await self._context.store.get_many([job.generation.id])
        last = found[0].attempts[-1] if found and found[0].attempts else None
        is_wanted = last is not None and last.state is not AttemptState.CANCELLED
        if not is_wanted and job.upstream_id:
            await cancel_job(self._channel.upstream, job.generation, job.upstream_id)
