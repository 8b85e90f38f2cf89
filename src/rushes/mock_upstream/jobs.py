"""Keep the jobs of a mock upstream: accept them, age them by the clock, end them by the script."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Final, Self
from uuid import UUID

from rushes.kit.clock import Clock
from rushes.mock_upstream.role import Role, seconds


class Phase(StrEnum):
    """The state of a job."""

    WAITING = "waiting"
    WORKING = "working"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a job fails."""

    code: str
    message: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the failure of this name, or one with this message."""
        return cls(*FAULTS.get(text, ("generation_failed", text)))


FAULTS: Final = {
    "job": ("generation_failed", "Job failed"),
    "dispatch": ("generation_failed", "Error dispatching job"),
    "moderation": ("content_moderated", "Advanced prompt moderation failed"),
    "input": ("corrupt_input", "Failed to read user input frames"),
    "budget": ("budget_exhausted", "The budget is used up"),
}
"""Failures of Luma's services. Source: docs.lumalabs.ai, errors; types of ``luma-agents``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """The outcome of one job; fields that are not set follow the role."""

    takes_s: float | None = None
    fails: Fault | None = None
    completes: bool = False
    """The job completes, whatever the share of failures."""

    @classmethod
    def of(cls, body: Mapping[str, object]) -> Self:
        """Read ``{"takes": "2s", "fails": "moderation"}``; ``"fails": false`` completes."""
        takes, fails = body.get("takes"), body.get("fails")
        return cls(
            takes_s=None if takes is None else seconds(str(takes)),
            fails=Fault.of(fails) if isinstance(fails, str) else None,
            completes=fails is False,
        )


@dataclass(slots=True, kw_only=True, eq=False)
class Job:
    """An accepted job. Times are seconds since 1970."""

    id: str
    number: int
    kind: str
    """``video``, ``image``, or another name of the API."""

    path: str
    request_fields: Mapping[str, object]
    """The body of the submit."""

    prompt: str
    model: str
    key: str | None
    credential: str
    callback_url: str | None
    origin: str
    """The base URL of the submit, and of the links to its files."""

    accepted_at: float
    starts_at: float
    ends_at: float
    fault: Fault | None = None
    cancelled_at: float | None = None
    forgotten: bool = False

    @property
    def is_still(self) -> bool:
        return "image" in self.kind

    def phase(self, now: float) -> Phase:
        if self.cancelled_at is not None:
            return Phase.CANCELLED
        if now < self.starts_at:
            return Phase.WAITING
        if now < self.ends_at:
            return Phase.WORKING
        return Phase.FAILED if self.fault else Phase.COMPLETED

    def progress(self, now: float) -> float:
        """Return the share of the work that is done, 0.0 to 1.0."""
        length_s = self.ends_at - self.starts_at
        return min(1.0, max(0.0, (now - self.starts_at) / length_s)) if length_s > 0 else 1.0


@dataclass(kw_only=True)
class Submit:
    """The data of a submit; see :class:`Job`."""

    kind: str
    path: str
    request_fields: Mapping[str, object]
    prompt: str
    model: str
    key: str | None
    credential: str
    callback_url: str | None
    origin: str
    prefix: str = ""
    """The beginning of the id, whose digits then have no dashes."""

    chosen_id: str | None = None
    """The id that the client chose."""


@dataclass(kw_only=True)
class Jobs:
    """
    The jobs of a mock upstream, in memory. Nothing runs: a job's state follows from the clock.

    Args:
        clock: The time by which jobs progress.

        role: The durations of jobs, and the share of failures.
    """

    clock: Clock
    role: Role
    accepted: list[Job] = field(default_factory=list[Job])
    """All jobs, oldest first, including forgotten ones."""

    repeated: int = 0
    """Submits that repeated an idempotency key and made no job."""

    def __post_init__(self) -> None:
        self._random = Random(self.role.seed)
        self._known: dict[str, Job] = {}
        self._by_key: dict[tuple[str, str], Job] = {}
        self._fates: deque[Fate] = deque()

    def now(self) -> float:
        return self.clock.now().timestamp()

    def then(self, fates: Iterable[Fate]) -> None:
        """Set the outcomes of the next jobs, in this order."""
        self._fates.extend(fates)

    def accept(self, submit: Submit) -> Job:
        """Create a job, or return the job of an earlier submit with the same idempotency key."""
        keyed = (submit.credential, submit.key or "")
        if self.role.honours_keys and submit.key and keyed in self._by_key:
            self.repeated += 1
            return self._by_key[keyed]
        job = self._create(submit)
        self.accepted.append(job)
        self._known[job.id] = job
        if submit.key:
            self._by_key[keyed] = job
        return job

    def _create(self, submit: Submit) -> Job:
        fate = self._fates.popleft() if self._fates else Fate()
        drawn_s, share = self.role.takes.draw(self._random), self._random.random()
        takes_s = drawn_s if fate.takes_s is None else fate.takes_s
        fault = fate.fails
        if fault is None and not fate.completes and share < self.role.fails:
            fault = Fault.of("job")
        now = self.now()
        return Job(
            id=submit.chosen_id or self._id(submit.prefix),
            number=len(self.accepted) + 1,
            kind=submit.kind,
            path=submit.path,
            request_fields=submit.request_fields,
            prompt=submit.prompt,
            model=submit.model,
            key=submit.key,
            credential=submit.credential,
            callback_url=submit.callback_url,
            origin=submit.origin,
            accepted_at=now,
            starts_at=now + takes_s * self.role.waits,
            ends_at=now + takes_s,
            fault=fault,
        )

    def _id(self, prefix: str) -> str:
        made = UUID(int=self._random.getrandbits(128), version=4)
        return f"{prefix}{made.hex}" if prefix else str(made)

    def get(self, job_id: str, credential: str) -> Job | None:
        """Return a job of this key."""
        job = self._known.get(job_id)
        return job if job is not None and job.credential == credential else None

    def newest(self, credential: str) -> list[Job]:
        """Return the jobs of this key, newest first."""
        return [
            job
            for job in reversed(self.accepted)
            if not job.forgotten and job.credential == credential
        ]

    def cancel(self, job: Job) -> bool:
        """Cancel a job; return False if it has ended already."""
        now = self.now()
        if job.phase(now) not in {Phase.WAITING, Phase.WORKING}:
            return False
        job.cancelled_at = now
        return True

    def drop(self, job: Job) -> None:
        """Forget a job, which continues all the same."""
        job.forgotten = True
        self._known.pop(job.id, None)

    def forget(self) -> None:
        """Forget all jobs, as after a restart."""
        for job in list(self._known.values()):
            self.drop(job)
        self._by_key.clear()
