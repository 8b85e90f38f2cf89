"""Which upstream jobs are followed, and in what order they are due to be looked at."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rushes.core.generation import Attempt, AttemptState, Generation, GenerationId
from rushes.worker.undelivered import Undelivered


@dataclass(slots=True, eq=False)
class FollowedJob:
    """What is remembered of a job between two looks."""

    generation: Generation
    held_until: datetime
    due_at: datetime
    polls: int = 0
    failed_polls: int = 0
    """Looks in a row of which nothing could be learnt."""

    unknown_polls: int = 0
    """Looks in a row at which the upstream did not know it."""

    is_finished: bool = False
    """Whether its upstream was last seen to be done with it; see :meth:`Rota.mark_finished`."""

    undelivered: Undelivered = field(default_factory=Undelivered)
    """The tries for its file that have failed since it was finished."""

    is_polling: bool = False
    """Whether it was taken, and is not due again yet."""

    is_fetching: bool = False
    """Whether what it has made is being fetched: then nobody else need look."""

    was_called_back: bool = False
    """Whether its upstream called while it was out."""

    hastened_at: datetime | None = None
    """When it was last due because its upstream had called."""

    @property
    def attempt(self) -> Attempt:
        return self.generation.attempts[-1]

    @property
    def upstream_id(self) -> str:
        return self.attempt.upstream_id or ""

    @property
    def is_ambiguous(self) -> bool:
        """Whether it is to be found first."""
        return self.attempt.state is AttemptState.AMBIGUOUS


class PollSchedule:
    """
    The jobs of one channel, by when they are due; each of them once.

    Args:
        sooner: Called when a job has become due before all others.
    """

    def __init__(self, sooner: Callable[[], None]) -> None:
        self._jobs: dict[GenerationId, FollowedJob] = {}
        self._due: list[tuple[datetime, int, FollowedJob]] = []
        self._count = 0
        self._finished = 0
        self._sooner = sooner

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[FollowedJob]:
        return iter(tuple(self._jobs.values()))

    def __contains__(self, job: FollowedJob) -> bool:
        return self._jobs.get(job.generation.id) is job

    @property
    def finished_count(self) -> int:
        """How many of them their upstream is done with, so that only their files are awaited."""
        return self._finished

    def mark_finished(self, job: FollowedJob, *, is_finished: bool) -> None:
        """Note whether a job's upstream is done with it: then it holds no slot of its channel."""
        if job in self:
            self._finished += is_finished - job.is_finished
        job.is_finished = is_finished

    def get(self, generation_id: GenerationId) -> FollowedJob | None:
        """Return the job of a generation, if it is followed."""
        return self._jobs.get(generation_id)

    def put(self, job: FollowedJob, due_at: datetime) -> None:
        """Take a job in, instead of another of its generation, or make it due at another time."""
        before = self._jobs.get(job.generation.id)
        if before is not job:
            self._finished += job.is_finished - (before is not None and before.is_finished)
        self._jobs[job.generation.id] = job
        job.due_at = due_at
        job.is_polling = False
        self._count += 1
        heapq.heappush(self._due, (due_at, self._count, job))
        if self._due[0][2] is job:
            self._sooner()

    def hasten(self, job: FollowedJob, now: datetime, *, pause: timedelta) -> None:
        """Make a job due now, because its upstream calls, but not twice within *pause*."""
        job.was_called_back = job.is_polling  # then it is hastened once it is back
        due_at = max(now, job.hastened_at + pause) if job.hastened_at else now
        if not job.is_polling and due_at < job.due_at:
            job.hastened_at = due_at
            self.put(job, due_at)

    def drop(self, job: FollowedJob) -> None:
        """Forget a job."""
        if job in self:
            del self._jobs[job.generation.id]
            self._finished -= job.is_finished

    def take(
        self, now: datetime, *, most: int, ahead: timedelta = timedelta(0)
    ) -> Sequence[FollowedJob]:
        """
        Return jobs that are due, the longest due first; they are due again once they are put.

        There are *most* of them at most, and one that is to be found comes alone.

        Args:
            ahead: Together with one that is due come those that will be so within this.
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
        """Return when the next job is due; None: none is."""
        while self._due:
            due_at, _, job = self._due[0]
            if job in self and job.due_at == due_at and not job.is_polling:
                return due_at
            heapq.heappop(self._due)
        return None
