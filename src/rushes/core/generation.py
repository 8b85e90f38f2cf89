"""Define a generation: a request with everything that has happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from rushes.core.pricing import Quote
from rushes.core.shot_plan import ShotPlan
from rushes.core.spec import GenerationSpec

GenerationId = NewType("GenerationId", str)
AccountId = NewType("AccountId", str)


class State(StrEnum):
    """Where a generation stands. See :mod:`rushes.core.lifecycle` for the moves."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """It was completed, and its files were removed when their time was over."""

    @property
    def is_final(self) -> bool:
        """Whether no worker will touch it again; a completed one may still expire."""
        return self not in {State.QUEUED, State.RUNNING}


class ArtifactKind(StrEnum):
    """What a stored file is for."""

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
    """Where it is in the media store, e.g. ``<generation id>/video.mp4``."""

    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    duration_s: float | None = None
    """Of a video; None for a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a generation failed, as a value; the exception itself stays in the log."""

    code: str
    message: str


class AttemptState(StrEnum):
    """How far one attempt has come. See :mod:`rushes.core.lifecycle` for the moves."""

    RENDERING = "rendering"
    """An engine of this machine works on it, or its inputs are being made ready."""

    SUBMITTING = "submitting"
    """An upstream is being asked; nobody may ask again before it is known what came of it."""

    AMBIGUOUS = "ambiguous"
    """The upstream was asked, and may have accepted or not; it is being looked for."""

    ACCEPTED = "accepted"
    """The upstream works on it, under the id that it gave it."""

    COMPLETED = "completed"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    """It was not found in time; whether it was accepted will never be known."""

    LOST = "lost"
    """Its worker died before anybody else was asked."""

    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self in _OPEN

    @property
    def is_paid(self) -> bool:
        """Whether an upstream may be at work on it: it must not be begun again."""
        return self in _PAID


_PAID = frozenset({AttemptState.SUBMITTING, AttemptState.AMBIGUOUS, AttemptState.ACCEPTED})
_OPEN = _PAID | {AttemptState.RENDERING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One run of one channel for one generation; the ledger of what was asked of an upstream."""

    number: int
    channel: str
    state: AttemptState
    began_at: datetime
    token: str = ""
    """Unguessable; the upstream proves with it that it is it who calls us back."""

    credential: str = ""
    """Which of a channel's keys was used; see ``Upstream.credential``."""

    upstream_id: str | None = None
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    failure: Failure | None = None
    """Why it failed; of an ambiguous one, why it is in doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """Whom to tell when something becomes true of a generation, and in whose words."""

    url: str
    format: str = "superset"
    """A wording that the generation's dialect knows."""

    only_final: bool = False
    """Whether to tell of nothing but how it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """A request for a video together with everything that has happened to it."""

    id: GenerationId
    account_id: AccountId
    spec: GenerationSpec
    dialect: str
    """The dialect that took the request; it words the announcements."""

    origin: str
    """The base URL at which the caller reached us, without a slash at its end."""

    created_at: datetime
    updated_at: datetime
    available_at: datetime
    """Not before this moment may a worker claim it; moved forward by a retry."""

    key_id: str | None = None
    """The key that asked for it; None: no key was asked for, or an older version took it."""

    state: State = State.QUEUED
    version: int = 1
    """Grows by one with every change; the store refuses a change made from an old one."""

    attempt: int = 0
    """How many attempts were begun, the present one included."""

    progress: float = 0.0
    """Share of the present attempt that is done, 0.0 to 1.0; written beside the version."""

    announce: Announce | None = None
    memo: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the dialect that took the request must remember to tell of it; nobody else reads it."""

    ignored_fields: tuple[str, ...] = field(default=())
    """Fields of the request that nobody knows, and that were left out as the settings allow."""

    quote: Quote | None = None
    """What it may cost, fixed when it was asked for; None: it is free."""

    charged: int | None = None
    """Micro-credits that were due in the end; None before that, and when it is free."""

    engine: str | None = None
    """The engine of the last attempt, so that a reply can say what made the video."""

    prompt_used: str | None = None
    """What the engine was given when it differs from the caller's prompt."""

    shot_plan: ShotPlan | None = None
    """What the engine understood of the prompt and drew; None: the engine makes no plans, the
    caller's own plan was drawn, or it is not known yet."""

    note: str | None = None
    """Something that the caller should know about how it was made, as one sentence."""

    attempts: tuple[Attempt, ...] = field(default=())
    """Those that were begun, oldest first, except for those given back before they came to
    anything; of an old generation, none."""

    started_at: datetime | None = None
    finished_at: datetime | None = None
    artifacts: tuple[Artifact, ...] = field(default=())
    failure: Failure | None = None
    """Why there is no video: it failed, or it has expired."""

    @property
    def price(self) -> int:
        """Micro-credits that were held for it when it was asked for; 0: it is free."""
        return self.quote.held if self.quote is not None else 0

    @property
    def drawn_plan(self) -> ShotPlan | None:
        """The plan that is or was drawn, the caller's or the engine's, as far as it is known."""
        return self.spec.shot_plan or self.shot_plan

    @property
    def open_attempt(self) -> Attempt | None:
        """The attempt that is under way, if one is; only the last can be."""
        last = self.attempts[-1] if self.attempts else None
        return last if last is not None and last.state.is_open else None

    @property
    def paid_attempt(self) -> Attempt | None:
        """The attempt that an upstream may be at work on, if there is one."""
        attempt = self.open_attempt
        return attempt if attempt is not None and attempt.state.is_paid else None

    @property
    def made_by(self) -> Attempt | None:
        """The attempt that a completed generation came of."""
        last = self.attempts[-1] if self.attempts else None
        return last if last is not None and last.state is AttemptState.COMPLETED else None

    def artifact(self, kind: ArtifactKind) -> Artifact | None:
        """Return the file of this kind, if there is one."""
        return next((a for a in self.artifacts if a.kind is kind), None)
