"""Translate generations into replies and webhook events; pure functions, no I/O."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
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
from rushes.dialects.shared.newapi import TASK_STATUS, numeric_id
from rushes.dialects.shared.states import progress_percent
from rushes.dialects.shared.timestamps import unix_s
from rushes.http.gateway import MediaUrl

NAME: Final = "openai_videos"
MODEL: Final = "model"
"""The key in a generation's memo for the model's name in the request."""

REMIXED: Final = "remixed_from"
"""The key in a generation's memo for the id of the original of a remix."""

TOLERANCE_S: Final = 0.1
"""Tolerance: a clip shows both of its ends and is one frame longer than requested."""

Known = Mapping[str, Generation]
"""The generations that others continue, by id."""


def video_id(generation_id: str) -> str:
    """Return an id in this API's format."""
    return f"video_{uuid.UUID(generation_id).hex}"


def goes_on_from(generation: Generation) -> str | None:
    """Return the id of the generation that decides the length and size of an unfinished one."""
    if generation.artifacts or generation.spec.makes is Medium.IMAGE:
        return None
    spec = generation.spec
    source = spec.source.generation_id if spec.source else None
    return spec.extends or spec.leads_to or source


def from_generation(
    generation: Generation, known: Known | None = None, *, kept: timedelta | None = None
) -> wire.Video:
    """
    Return a generation of any kind, from any dialect, as a reply.

    Args:
        known: The generations that this one continues.

        kept: How long the server keeps finished files. None: until they are deleted.
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
    generation: Generation, *, url: MediaUrl, known: Known | None = None
) -> wire.TaskVideo:
    """Return a generation as a reply with new-api's fields."""
    video = _file(generation)
    view = from_generation(generation, known)
    return wire.TaskVideo(
        **dict(view),
        task_id=view.id,
        metadata=wire.Address(url=url(video.key)) if video else None,
    )


def as_task(generation: Generation, *, url: MediaUrl, known: Known | None = None) -> wire.TaskReply:
    """Return a generation as new-api's task."""
    video = _file(generation)
    task = wire.Task(
        id=numeric_id(generation),
        created_at=unix_s(generation.created_at),
        updated_at=unix_s(generation.updated_at),
        task_id=video_id(generation.id),
        platform="rushes",
        action=_action(generation),
        status=TASK_STATUS.of(generation.state),
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
    """Return the webhook event of a final generation."""
    done = generation.state is State.COMPLETED
    return wire.WebhookEvent(
        id=f"evt_{uuid.UUID(generation.id).hex}{generation.version:04x}",
        created_at=unix_s(generation.updated_at),
        type="video.completed" if done else "video.failed",
        data=wire.Subject(id=video_id(generation.id)),
    )


def status_word(state: State) -> wire.Status:
    """Return this API's word; cancelled and expired are failed, as the error says."""
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


def _action(generation: Generation) -> Literal["textGenerate", "generate"]:
    return "generate" if generation.spec.keyframe(Position.FIRST) else "textGenerate"


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
    """Return the length of a video, finished or not; 0.0 for a picture or an unknown length."""
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
    """Return a length in this API's format: ``4``, or ``7.5``."""
    seconds = round(length)
    return str(seconds) if abs(length - seconds) <= TOLERANCE_S else f"{length:.2f}".rstrip("0")


def size_text(generation: Generation, known: Known) -> str:
    """Return the size of a video or picture, finished or not, like ``1280x720``."""
    width_px, height_px = _size(generation, known)
    return f"{width_px}x{height_px}"


def _size(generation: Generation, known: Known) -> tuple[int, int]:
    spec, file = generation.spec, _file(generation)
    if file is not None:
        return file.width_px, file.height_px
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


def _expires_s(generation: Generation, kept: timedelta | None) -> int | None:
    """Return when its files expire or have expired."""
    if generation.state is State.EXPIRED:
        return unix_s(generation.updated_at)
    if generation.state is not State.COMPLETED or kept is None or generation.finished_at is None:
        return None
    return unix_s(generation.finished_at + kept)
