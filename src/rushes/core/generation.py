"""Define a generation: a request, its state, its attempts and its results."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple, NewType

from rushes.core.pricing import Quote
from rushes.core.shot_plan import ShotPlan
from rushes.core.spec import GenerationSpec

GenerationId = NewType("GenerationId", str)
AccountId = NewType("AccountId", str)

RenderPhase = Literal[
    "waiting for the device",
    "load model",
    "encode prompt",
    "denoise",
    "decode",
    "write",
    "measure depth",
    "move camera",
]
"""What an engine with a local model does at the moment."""


class State(StrEnum):
    """The state of a generation. :mod:`rushes.core.lifecycle` lists the transitions."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """It was completed, and its files were deleted after their retention time."""

    @property
    def is_final(self) -> bool:
        """Whether no worker changes it any more; a completed generation may still expire."""
        return self not in {State.QUEUED, State.RUNNING}


class ArtifactKind(StrEnum):
    """The purpose of a stored file."""

    VIDEO = "video"
    VIDEO_RAW = "video_raw"
    THUMBNAIL = "thumbnail"
    LAST_FRAME = "last_frame"
    IMAGE = "image"
    """A still, at its own size; its thumbnail is a smaller one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A finished file in the media store."""

    kind: ArtifactKind
    key: str
    """Its key in the media store, e.g. ``<generation id>/video.mp4``."""

    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    duration_s: float | None = None
    """The length of a video; None for a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The reason of a failure, as a value; the exception itself is in the log."""

    code: str
    message: str


class AttemptState(StrEnum):
    """The state of one attempt. :mod:`rushes.core.lifecycle` lists the transitions."""

    RENDERING = "rendering"
    """An engine of this machine renders it, or a worker prepares its inputs."""

    SUBMITTING = "submitting"
    """A worker submits it to an upstream. Until the reply is known, no worker may submit again."""

    AMBIGUOUS = "ambiguous"
    """It is unknown whether the upstream accepted the submit; a worker looks for the job."""

    ACCEPTED = "accepted"
    """The upstream has accepted the job and given it an id."""

    COMPLETED = "completed"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    """No job was found in time; it stays unknown whether the upstream accepted the submit."""

    LOST = "lost"
    """Its worker died before it submitted anything to an upstream."""

    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self in _OPEN

    @property
    def is_paid(self) -> bool:
        """Whether an upstream may work on it, so that no other attempt may begin."""
        return self in _PAID


_PAID = frozenset({AttemptState.SUBMITTING, AttemptState.AMBIGUOUS, AttemptState.ACCEPTED})
_OPEN = _PAID | {AttemptState.RENDERING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One run of a generation on a channel; it records every submit to an upstream."""

    number: int
    channel: str
    state: AttemptState
    began_at: datetime
    token: str = ""
    """A random secret in the callback URL, which proves that a callback comes from the upstream."""

    credential: str = ""
    """Identifies the key of the channel that the submit used; see ``Upstream.credential``."""

    upstream_id: str | None = None
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    failure: Failure | None = None
    """The reason why it failed or is ambiguous."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """The webhook of a request: its address and the format of its bodies."""

    url: str
    format: str = "superset"
    """One of the body formats of the generation's dialect."""

    only_final: bool = False
    """Whether it receives only the final state."""


class Revision(NamedTuple):
    """Everything that changes when a stored generation does: with the same revision it is equal."""

    version: int
    progress: float
    phase: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """A request for a video or picture, with its state, its attempts and its results."""

    id: GenerationId
    account_id: AccountId
    spec: GenerationSpec
    dialect: str
    """The dialect of the request; it also formats the webhook bodies."""

    origin: str
    """The base URL at which the caller reached the server, without a slash at its end."""

    created_at: datetime
    updated_at: datetime
    available_at: datetime
    """A worker may claim it from this moment on; a retry moves it forward."""

    key_id: str | None = None
    """The key of the request; None without authentication, or if an older version received it."""

    state: State = State.QUEUED
    version: int = 1
    """Grows by one with every change; the store refuses a change of an old version."""

    attempt: int = 0
    """The number of attempts, including the present one."""

    progress: float = 0.0
    """The finished share of the present attempt, 0.0 to 1.0; a write of it keeps the version."""

    phase: str | None = None
    """The step at which the present attempt is, one of ``RenderPhase``, where its engine says so; a
    write of it keeps the version, and every change of the version clears it."""

    announce: Announce | None = None
    memo: Mapping[str, str] = field(default_factory=dict[str, str])
    """Data that the dialect of the request needs for its replies; no other module reads it."""

    ignored_fields: tuple[str, ...] = field(default=())
    """Unknown fields of the request, which the server ignored because the settings allow it."""

    quote: Quote | None = None
    """The price at submission; None: it is free."""

    charged: int | None = None
    """The micro-credits charged at the end; None before the end, and when it is free."""

    engine: str | None = None
    """The engine of the last attempt; replies name it."""

    prompt_used: str | None = None
    """The prompt that the engine received, if it differs from the caller's."""

    shot_plan: ShotPlan | None = None
    """The plan that the engine made of the prompt; None: the engine makes no plans, the caller
    sent a plan, or the engine has not made one yet."""

    note: str | None = None
    """A sentence for the caller about how it was made."""

    attempts: tuple[Attempt, ...] = field(default=())
    """The attempts, oldest first, without those that a worker released. Generations of old
    versions have none."""

    started_at: datetime | None = None
    finished_at: datetime | None = None
    artifacts: tuple[Artifact, ...] = field(default=())
    failure: Failure | None = None
    """The reason why there is no result: it failed or expired."""

    @property
    def revision(self) -> Revision:
        """The revision of the generation as it was read."""
        return Revision(self.version, self.progress, self.phase)

    @property
    def price(self) -> int:
        """The micro-credits held at submission; 0: it is free."""
        return self.quote.held if self.quote is not None else 0

    @property
    def drawn_plan(self) -> ShotPlan | None:
        """The plan of the picture, the caller's or the engine's, if there is one yet."""
        return self.spec.shot_plan or self.shot_plan

    @property
    def open_attempt(self) -> Attempt | None:
        """The unfinished attempt, if there is one; only the last attempt can be unfinished."""
        last = self.attempts[-1] if self.attempts else None
        return last if last is not None and last.state.is_open else None

    @property
    def paid_attempt(self) -> Attempt | None:
        """The attempt on which an upstream may work, if there is one."""
        attempt = self.open_attempt
        return attempt if attempt is not None and attempt.state.is_paid else None

    @property
    def made_by(self) -> Attempt | None:
        """The attempt that completed the generation, if there is one."""
        last = self.attempts[-1] if self.attempts else None
        return last if last is not None and last.state is AttemptState.COMPLETED else None

    def artifact(self, kind: ArtifactKind) -> Artifact | None:
        """Return the file of this kind, if there is one."""
        return next((a for a in self.artifacts if a.kind is kind), None)
