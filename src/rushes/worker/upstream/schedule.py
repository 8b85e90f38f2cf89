"""Keep upstream jobs in the order in which they are due for a poll."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rushes.core.generation import Attempt, AttemptState, Generation, GenerationId
from rushes.worker.undelivered import Undelivered


@dataclass(slots=True, eq=False)
class FollowedJob:
    """A job's state between two polls."""

    generation: Generation
    held_until: datetime
    due_at: datetime
    polls: int = 0
    failed_polls: int = 0
    """Polls in a row that failed."""

    unknown_polls: int = 0
    """Polls in a row at which the upstream did not know the job."""

    is_finished: bool = False
    """Whether the upstream reports it as finished; see :meth:`PollSchedule.mark_finished`."""

    undelivered: Undelivered = field(default_factory=Undelivered)
    """The failed tries for its file since it was finished."""

    is_polling: bool = False
    """Whether it was taken from the schedule and not put back yet."""

    is_fetching: bool = False
    """Whether its files are being fetched."""

    was_called_back: bool = False
    """Whether its upstream called back while it was being polled."""

    hastened_at: datetime | None = None
    """When it was last due because of a callback."""

    @property
    def attempt(self) -> Attempt:
        return self.generation.attempts[-1]

    @property
    def upstream_id(self) -> str:
        return self.attempt.upstream_id or ""

    @property
    def is_ambiguous(self) -> bool:
        """Whether its submit got no answer, so that its job must be found first."""
        return self.attempt.state is AttemptState.AMBIGUOUS


class PollSchedule:
    """
    The followed jobs of one channel, each of them once, ordered by due time.

    Args:
        on_sooner: Called when a job becomes due before all others.
    """

    def __init__(self, on_sooner: Callable[[], None]) -> None:
        self._jobs: dict[GenerationId, FollowedJob] = {}
        self._due: list[tuple[datetime, int, FollowedJob]] = []
        self._count = 0
        self._finished = 0
        self._on_sooner = on_sooner

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[FollowedJob]:
        return iter(tuple(self._jobs.values()))

    def __contains__(self, job: FollowedJob) -> bool:
        return self._jobs.get(job.generation.id) is job

    @property
    def finished_count(self) -> int:
        """The number of jobs that their upstream has finished and whose files are still missing."""
        return self._finished

    def mark_finished(self, job: FollowedJob, *, is_finished: bool) -> None:
        """Record whether a job is finished at its upstream, which frees its channel slot."""
        if job in self:
            self._finished += is_finished - job.is_finished
        job.is_finished = is_finished

    def get(self, generation_id: GenerationId) -> FollowedJob | None:
        """Return the followed job of a generation, if there is one."""
        return self._jobs.get(generation_id)

    def put(self, job: FollowedJob, due_at: datetime) -> None:
        """Add a job, replacing an older one of its generation, or change its due time."""
        before = self._jobs.get(job.generation.id)
        if before is not job:
            self._finished += job.is_finished - (before is not None and before.is_finished)
        self._jobs[job.generation.id] = job
        job.due_at = due_at
        job.is_polling = False
        self._count += 1
        heapq.heappush(self._due, (due_at, self._count, job))
        if self._due[0][2] is job:
            self._on_sooner()

    def hasten(self, job: FollowedJob, now: datetime, *, pause: timedelta) -> None:
        """Make a job due now because of a callback, but not twice within *pause*."""
        job.was_called_back = job.is_polling  # then it is hastened when it is put back
        due_at = max(now, job.hastened_at + pause) if job.hastened_at else now
        if not job.is_polling and due_at < job.due_at:
            job.hastened_at = due_at
            self.put(job, due_at)

    def drop(self, job: FollowedJob) -> None:
        """Stop following a job."""
        if job in self:
            del self._jobs[job.generation.id]
            self._finished -= job.is_finished

    def take(
        self, now: datetime, *, most: int, ahead: timedelta = timedelta(0)
    ) -> Sequence[FollowedJob]:
        """
        Take the jobs that are due, the longest due first, until they are put back.

        An ambiguous job comes alone: it is reconciled, not polled.

        Args:
            most: The largest number of jobs to take.

            ahead: If at least one job is due, also take jobs that will be due within this time.
        """
        taken: list[FollowedJob] = []
        until = now
        while len(taken) < most and self._due and self._due[0][0] <= until:
            due_at, _, job = self._due[0]
            is_current = job in self and job.due_at == due_at and not job.is_polling
            if is_current and job.is_ambiguous and taken:
                break
            heapq.heappop(self._due)
            if is_current:
                job.is_polling = True
                taken.append(job)
                until = now + ahead
                if job.is_ambiguous:
                    break
        return taken

    def next_at(self) -> datetime | None:
        """Return when the next job is due; None if no job is waiting."""
        while self._due:
            due_at, _, job = self._due[0]
            if job in self and job.due_at == due_at and not job.is_polling:
                return due_at
            heapq.heappop(self._due)
        return None
