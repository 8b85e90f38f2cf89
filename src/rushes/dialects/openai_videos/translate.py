"""From a generation to what this API tells of it, by pure functions."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, assert_never

from rushes.core.generation import Artifact, ArtifactKind, Generation, State
from rushes.core.geometry import (
    DEFAULT_RATIO,
    DEFAULT_RESOLUTION,
    RATIOS,
    SHORT_SIDES_PX,
    STILL_SIZES,
    UPSCALED_PX,
    frame_size,
    upscaled_size,
)
from rushes.core.spec import Kind, Medium, Position
from rushes.dialects.openai_videos import wire

NAME: Final = "openai_videos"
MODEL: Final = "model"
"""What the memo calls the model's name as it was asked for."""

REMIXED: Final = "remixed_from"
"""What the memo calls the id of the video that this one is a remix of."""

CLOSE_S: Final = 0.1
"""A clip shows both of its ends, so it is a frame longer than was asked; that is not told."""

Url = Callable[[str], str]
"""Turns a key of the media store into an absolute URL."""

Known = Mapping[str, Generation]
"""Generations that others go on from, by id."""


def video_id(generation_id: str) -> str:
    """Return an id as this API writes it."""
    return f"video_{uuid.UUID(generation_id).hex}"


def goes_on_from(generation: Generation) -> str | None:
    """Return the id of what must be known to tell how long and large *generation* will be."""
    if generation.artifacts or generation.spec.makes is Medium.IMAGE:
        return None
    spec = generation.spec
    source = spec.source.generation_id if spec.source else None
    return spec.extends or spec.leads_to or source


def from_generation(
    generation: Generation, known: Known | None = None, *, kept: timedelta | None = None
) -> wire.Video:
    """
    Return how a generation of any kind is told of, whichever dialect took it.

    Args:
        kept: How long what is made is kept. None: until it is deleted.
    """
    remixed = _memo(generation, REMIXED)
    return wire.Video(
        id=video_id(generation.id),
        model=_memo(generation, MODEL) or generation.spec.model,
        status=status_word(generation.state),
        progress=progress_percent(generation),
        created_at=unix_s(generation.created_at),
        completed_at=_completed_s(generation),
        expires_at=_expires_s(generation, kept),
        size=size_text(generation, known or {}),
        seconds=seconds_text(length_s(generation, known or {})),
        prompt=generation.spec.prompt or None,
        remixed_from_video_id=video_id(remixed) if remixed else None,
        error=_error(generation),
    )


def _memo(generation: Generation, name: str) -> str | None:
    return generation.memo.get(name) if generation.dialect == NAME else None


def as_task_video(
    generation: Generation, *, url: Url, known: Known | None = None
) -> wire.TaskVideo:
    """Return the same with what new-api adds."""
    video = _file(generation)
    told = from_generation(generation, known)
    return wire.TaskVideo(
        **dict(told),
        task_id=told.id,
        metadata=wire.Address(url=url(video.key)) if video else None,
    )


def as_task(generation: Generation, *, url: Url, known: Known | None = None) -> wire.TaskReply:
    """Return a generation as new-api's task."""
    video = _file(generation)
    task = wire.Task(
        id=uuid.UUID(generation.id).int >> 76,  # what JavaScript holds exactly
        created_at=unix_s(generation.created_at),
        updated_at=unix_s(generation.updated_at),
        task_id=video_id(generation.id),
        platform="rushes",
        action=_action(generation),
        status=_task_status(generation.state),
        fail_reason=_reason(generation),
        result_url=url(video.key) if video else "",
        submit_time=unix_s(generation.created_at),
        start_time=unix_s(generation.started_at),
        finish_time=unix_s(generation.finished_at),
        progress=f"{progress_percent(generation)}%",
        data=as_task_video(generation, url=url, known=known),
    )
    return wire.TaskReply(data=task)


def event_of(generation: Generation) -> wire.WebhookEvent:
    """Return what is announced of a generation that has ended."""
    done = generation.state is State.COMPLETED
    return wire.WebhookEvent(
        id=f"evt_{uuid.UUID(generation.id).hex}{generation.version:04x}",
        created_at=unix_s(generation.updated_at),
        type="video.completed" if done else "video.failed",
        data=wire.Subject(id=video_id(generation.id)),
    )


def status_word(state: State) -> wire.Status:
    """Return the API's word. It has none for cancelled or expired; the error says it."""
    match state:
        case State.QUEUED:
            return "queued"
        case State.RUNNING:
            return "in_progress"
        case State.COMPLETED:
            return "completed"
        case State.FAILED | State.CANCELLED | State.EXPIRED:
            return "failed"
        case _:
            assert_never(state)


def _task_status(state: State) -> Literal["QUEUED", "IN_PROGRESS", "SUCCESS", "FAILURE"]:
    match state:
        case State.QUEUED:
            return "QUEUED"
        case State.RUNNING:
            return "IN_PROGRESS"
        case State.COMPLETED:
            return "SUCCESS"
        case State.FAILED | State.CANCELLED | State.EXPIRED:
            return "FAILURE"
        case _:
            assert_never(state)


def _action(generation: Generation) -> Literal["textGenerate", "generate"]:
    return "generate" if generation.spec.keyframe(Position.FIRST) else "textGenerate"


def progress_percent(generation: Generation) -> int:
    """Return 100 once it is completed, and less before."""
    if generation.state is State.COMPLETED:
        return 100
    return min(99, int(generation.progress * 100))


def _error(generation: Generation) -> wire.VideoError | None:
    reason = _reason(generation)
    if not reason:
        return None
    code = generation.failure.code if generation.failure else "cancelled"
    return wire.VideoError(code=code, message=reason)


def _reason(generation: Generation) -> str:
    if generation.failure is not None:
        return generation.failure.message
    return "it was cancelled" if generation.state is State.CANCELLED else ""


def _file(generation: Generation) -> Artifact | None:
    return generation.artifact(ArtifactKind.VIDEO) or generation.artifact(ArtifactKind.IMAGE)


def length_s(generation: Generation, known: Known) -> float:
    """Return how long a video is or will be; 0.0 of a picture, and where nobody knows yet."""
    video = generation.artifact(ArtifactKind.VIDEO)
    if video is not None and video.duration_s is not None:
        return video.duration_s
    spec = generation.spec
    if spec.makes is Medium.IMAGE:
        return 0.0
    earlier = known.get(goes_on_from(generation) or "")
    before_s = length_s(earlier, {}) if earlier else 0.0
    return before_s + spec.duration_s if spec.kind is Kind.VIDEO else before_s


def seconds_text(length: float) -> str:
    """Return a length as the wire writes it: ``4``, or ``7.5``."""
    whole = round(length)
    return str(whole) if abs(length - whole) <= CLOSE_S else f"{length:.2f}".rstrip("0")


def size_text(generation: Generation, known: Known) -> str:
    """Return how large a video or picture is or will be, like ``1280x720``."""
    width_px, height_px = _size(generation, known)
    return f"{width_px}x{height_px}"


def _size(generation: Generation, known: Known) -> tuple[int, int]:
    spec, made = generation.spec, _file(generation)
    if made is not None:
        return made.width_px, made.height_px
    if spec.size_px is not None:
        return spec.size_px
    ratio, resolution = spec.aspect_ratio, spec.resolution
    if spec.makes is Medium.IMAGE:
        return STILL_SIZES.get(ratio or DEFAULT_RATIO, STILL_SIZES[DEFAULT_RATIO])
    earlier = known.get(goes_on_from(generation) or "")
    if earlier is not None and spec.kind is not Kind.REFRAME:
        size = _size(earlier, {})
        enlarges = spec.kind is Kind.UPSCALE and resolution in UPSCALED_PX
        return upscaled_size(*size, resolution) if enlarges else size
    return frame_size(
        ratio if ratio is not None and ratio in RATIOS else DEFAULT_RATIO,
        resolution if resolution in SHORT_SIDES_PX else DEFAULT_RESOLUTION,
    )


def _completed_s(generation: Generation) -> int | None:
    return unix_s(generation.finished_at) if generation.state is State.COMPLETED else None


def unix_s(moment: datetime | None) -> int:
    """Return seconds since 1970; 0 for what has not happened."""
    return int(moment.timestamp()) if moment else 0


def _expires_s(generation: Generation, kept: timedelta | None) -> int | None:
    """Return when its files go, or went."""
    if generation.state is State.EXPIRED:
        return unix_s(generation.updated_at)
    if generation.state is not State.COMPLETED or kept is None or generation.finished_at is None:
        return None
    return unix_s(generation.finished_at + kept)
