"""The durable record at the heart of the house."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

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

    @property
    def is_final(self) -> bool:
        return self in {State.COMPLETED, State.FAILED, State.CANCELLED}


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

    engine: str | None = None
    """The engine of the last attempt, so that a reply can say what made the video."""

    prompt_used: str | None = None
    """What the engine was given when it differs from the caller's prompt."""

    note: str | None = None
    """Something that the caller should know about how it was made, as one sentence."""

    started_at: datetime | None = None
    finished_at: datetime | None = None
    artifacts: tuple[Artifact, ...] = field(default=())
    failure: Failure | None = None

    def artifact(self, kind: ArtifactKind) -> Artifact | None:
        """Return the file of this kind, if there is one."""
        return next((a for a in self.artifacts if a.kind is kind), None)
