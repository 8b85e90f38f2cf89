"""The life of a stand-in's jobs: accepted, aged by the clock, and ended as the script says."""

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
    """How far a job has come."""

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
        """Return one that is known by this name, or says this."""
        return cls(*FAULTS.get(text, ("generation_failed", text)))


FAULTS: Final = {
    "job": ("generation_failed", "Job failed"),
    "dispatch": ("generation_failed", "Error dispatching job"),
    "moderation": ("content_moderated", "Advanced prompt moderation failed"),
    "input": ("corrupt_input", "Failed to read user input frames"),
    "budget": ("budget_exhausted", "The budget is used up"),
}
"""What Luma's services say. Source: docs.lumalabs.ai, errors; the types of ``luma-agents``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of one job; what is not told here is as the part says."""

    takes_s: float | None = None
    fails: Fault | None = None
    completes: bool = False
    """It does not fail, whatever the share of those that do."""

    @classmethod
    def of(cls, told: Mapping[str, object]) -> Self:
        """Read ``{"takes": "2s", "fails": "moderation"}``; ``"fails": false`` completes."""
        takes, fails = told.get("takes"), told.get("fails")
        return cls(
            takes_s=None if takes is None else seconds(str(takes)),
            fails=Fault.of(fails) if isinstance(fails, str) else None,
            completes=fails is False,
        )


@dataclass(slots=True, kw_only=True, eq=False)
class Job:
    """One that was accepted. Times are seconds since 1970."""

    id: str
    number: int
    kind: str
    """``video``, ``image``, or what else the API calls it."""

    path: str
    asked: Mapping[str, object]
    """The body of the submit."""

    prompt: str
    model: str
    key: str | None
    credential: str
    callback_url: str | None
    origin: str
    """The base URL at which the submit reached us; where the links to its files begin."""

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
        """Return the share that is done."""
        whole = self.ends_at - self.starts_at
        return min(1.0, max(0.0, (now - self.starts_at) / whole)) if whole > 0 else 1.0


@dataclass(kw_only=True)
class Submit:
    """What is kept of a submit; see :class:`Job`."""

    kind: str
    path: str
    asked: Mapping[str, object]
    prompt: str
    model: str
    key: str | None
    credential: str
    callback_url: str | None
    origin: str
    prefix: str = ""
    """What the id begins with; then its digits stand without dashes."""

    chosen_id: str | None = None
    """The id that the client wants."""


@dataclass(kw_only=True)
class Jobs:
    """
    All that a stand-in works on, in memory; nothing runs, a job is as old as the clock says.

    Args:
        clock: What the jobs age by.

        part: How long they take, and how many of them fail.
    """

    clock: Clock
    part: Role
    accepted: list[Job] = field(default_factory=list[Job])
    """Every job ever, oldest first, also those that were forgotten."""

    repeated: int = 0
    """Submits that were known by their idempotency key, and made no job."""

    def __post_init__(self) -> None:
        self._random = Random(self.part.seed)
        self._known: dict[str, Job] = {}
        self._by_key: dict[tuple[str, str], Job] = {}
        self._fates: deque[Fate] = deque()

    def now(self) -> float:
        return self.clock.now().timestamp()

    def then(self, fates: Iterable[Fate]) -> None:
        """Let the next jobs have these fates, one after the other."""
        self._fates.extend(fates)

    def accept(self, submit: Submit) -> Job:
        """Make a job, or return the one that was made of an earlier submit with the same key."""
        keyed = (submit.credential, submit.key or "")
        if self.part.honours_keys and submit.key and keyed in self._by_key:
            self.repeated += 1
            return self._by_key[keyed]
        job = self._made(submit)
        self.accepted.append(job)
        self._known[job.id] = job
        if submit.key:
            self._by_key[keyed] = job
        return job

    def _made(self, submit: Submit) -> Job:
        fate = self._fates.popleft() if self._fates else Fate()
        drawn_s, share = self.part.takes.draw(self._random), self._random.random()
        takes_s = drawn_s if fate.takes_s is None else fate.takes_s
        fault = fate.fails
        if fault is None and not fate.completes and share < self.part.fails:
            fault = Fault.of("job")
        now = self.now()
        return Job(
            id=submit.chosen_id or self._id(submit.prefix),
            number=len(self.accepted) + 1,
            kind=submit.kind,
            path=submit.path,
            asked=submit.asked,
            prompt=submit.prompt,
            model=submit.model,
            key=submit.key,
            credential=submit.credential,
            callback_url=submit.callback_url,
            origin=submit.origin,
            accepted_at=now,
            starts_at=now + takes_s * self.part.waits,
            ends_at=now + takes_s,
            fault=fault,
        )

    def _id(self, prefix: str) -> str:
        made = UUID(int=self._random.getrandbits(128), version=4)
        return f"{prefix}{made.hex}" if prefix else str(made)

    def get(self, job_id: str, credential: str) -> Job | None:
        """Return a job that this key may see."""
        job = self._known.get(job_id)
        return job if job is not None and job.credential == credential else None

    def newest(self, credential: str) -> list[Job]:
        """Return the jobs that this key may see, newest first."""
        return [
            job
            for job in reversed(self.accepted)
            if not job.forgotten and job.credential == credential
        ]

    def cancel(self, job: Job) -> bool:
        """Stop a job that is not over; return whether it was stopped."""
        now = self.now()
        if job.phase(now) not in {Phase.WAITING, Phase.WORKING}:
            return False
        job.cancelled_at = now
        return True

    def drop(self, job: Job) -> None:
        """Know nothing of a job from now on; it goes on all the same."""
        job.forgotten = True
        self._known.pop(job.id, None)

    def forget(self) -> None:
        """Know nothing of any job from now on, as after a restart."""
        for job in list(self._known.values()):
            self.drop(job)
        self._by_key.clear()
