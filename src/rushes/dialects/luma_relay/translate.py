"""Between the wire and our own words; pure functions, no I/O."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, assert_never

from rushes.core.capability_check import format_seconds
from rushes.core.generation import Artifact, ArtifactKind, Generation, State
from rushes.core.geometry import DEFAULT_RATIO, nearest_ratio
from rushes.core.spec import GenerationSpec, Keyframe, Position
from rushes.dialects.luma_relay.parse import ParsedRequest
from rushes.dialects.luma_relay.wire import (
    MODEL_NAMES,
    Artifacts,
    Assets,
    Data,
    Picture,
    Request,
    Row,
    Task,
    Video,
    VideoRaw,
)

CANCELLED: Final = "cancelled by the caller"

Url = Callable[[str], str]
"""Turns a key of the media store into an absolute URL."""


def to_spec(asked: ParsedRequest) -> GenerationSpec:
    """Return what was asked for in our words; what was not is left open."""
    first = asked.first_image if asked.extends is None else None
    keyframes: list[Keyframe] = []
    if first is not None or asked.extends is not None:
        keyframes.append(
            Keyframe(position=Position.FIRST, image=first, generation_id=asked.extends)
        )
    if asked.last_image is not None:
        keyframes.append(Keyframe(position=Position.LAST, image=asked.last_image))
    return GenerationSpec(
        prompt=asked.prompt,
        model=asked.model or "",
        keyframes=tuple(keyframes),
        aspect_ratio=asked.aspect_ratio,
        resolution=asked.resolution or "",
        duration_s=5.0 if asked.duration_s is None else asked.duration_s,
        loop=asked.loop,
        expand_prompt=asked.expand_prompt,
        seed=asked.seed,
    )


def from_generation(generation: Generation, *, url: Url, request_id: str) -> Task:
    """Return what this API tells of *generation*."""
    spec = generation.spec
    state = state_word(generation.state)
    reason = failure_reason(generation)
    task: Task = {
        "id": generation.id,
        "task_id": generation.id,
        "state": state,
        "status": state,
        "prompt": spec.prompt,
        "queue_state": None,
        "created_at": moment(generation.created_at),
        "batch_id": "",
        "user_id": "",
        "video": None,
        "video_raw": None,
        "liked": None,
        "estimate_wait_seconds": None,
        "thumbnail": None,
        "last_frame": None,
        "assets": None,
        "artifact": None,
        "failure_reason": reason,
        "progress": progress_percent(generation),
        "model": spec.model,
        "model_name": MODEL_NAMES.get(spec.model, spec.model),
        "engine": generation.engine,
        "request": _request(generation),
        "code": 0,
        "message": "success" if reason is None else reason,
        "request_id": request_id,
        "data": {
            "task_id": generation.id,
            "task_status": kling_status(generation.state),
            "task_status_msg": reason or "",
            "created_at": _unix_ms(generation.created_at),
            "updated_at": _unix_ms(generation.updated_at),
        },
    }
    if generation.note is not None:
        task["note"] = generation.note
    if reason is not None:
        code = generation.failure.code if generation.failure else "cancelled"
        task["error"] = {"message": reason, "type": "generation_failed", "code": code}
    if generation.state is State.COMPLETED:
        _add_files(task, generation, url)
    return task


def to_row(generation: Generation, *, url: Url, request_id: str) -> Row:
    """Return *generation* as an entry of a wrapped batch."""
    return {
        "id": uuid.UUID(generation.id).int >> 76,  # what JavaScript holds exactly
        "created_at": moment(generation.created_at),
        "updated_at": moment(generation.updated_at),
        "task_id": generation.id,
        "platform": "luma",
        "action": "LUMA_EXTEND" if generation.spec.extends else "LUMA_VIDEO",
        "status": row_status(generation.state),
        "fail_reason": failure_reason(generation) or "",
        "submit_time": unix_s(generation.created_at),
        "start_time": unix_s(generation.started_at),
        "finish_time": unix_s(generation.finished_at),
        "progress": f"{progress_percent(generation)}%",
        "data": from_generation(generation, url=url, request_id=request_id),
    }


def state_word(state: State) -> str:
    """Return the relays' word. They have none for cancelled or expired; the reason says it."""
    match state:
        case State.QUEUED:
            return "pending"
        case State.RUNNING:
            return "processing"
        case State.COMPLETED:
            return "completed"
        case State.FAILED | State.CANCELLED | State.EXPIRED:
            return "failed"
        case _:
            assert_never(state)


def kling_status(state: State) -> str:
    """Return the word of ``data.task_status``, and of crazyrouter's callbacks."""
    match state:
        case State.QUEUED:
            return "submitted"
        case State.RUNNING:
            return "processing"
        case State.COMPLETED:
            return "succeed"
        case State.FAILED | State.CANCELLED | State.EXPIRED:
            return "failed"
        case _:
            assert_never(state)


def official_state(state: State) -> str:
    """Return Luma's own word."""
    match state:
        case State.QUEUED:
            return "queued"
        case State.RUNNING:
            return "dreaming"
        case State.COMPLETED:
            return "completed"
        case State.FAILED | State.CANCELLED | State.EXPIRED:
            return "failed"
        case _:
            assert_never(state)


def row_status(state: State) -> str:
    """Return new-api's word."""
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


def failure_reason(generation: Generation) -> str | None:
    """Return why there will be no video; None when there is or may be one."""
    if generation.state is State.CANCELLED:
        return CANCELLED
    if generation.state not in {State.FAILED, State.EXPIRED}:
        return None
    return generation.failure.message if generation.failure else "the generation failed"


def progress_percent(generation: Generation) -> int:
    """Return a whole number; 100 means that the video is there."""
    if generation.state is State.COMPLETED:
        return 100
    return min(int(generation.progress * 100), 99)


def ratio(generation: Generation) -> str:
    """
    Return the aspect ratio that was asked for, or that follows from what was.

    Empty while it is not known: the first picture decides it, and that is fetched by a worker.
    """
    spec = generation.spec
    if spec.aspect_ratio is not None:
        return spec.aspect_ratio
    video = generation.artifact(ArtifactKind.VIDEO)
    if video is not None:
        return nearest_ratio(video.width_px, video.height_px)
    return "" if spec.keyframes else DEFAULT_RATIO


def moment(at: datetime) -> str:
    """Return a moment in UTC with microseconds, as the seeds print it."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def unix_s(at: datetime | None) -> int:
    """Return whole seconds; 0 for what has not happened."""
    return int(at.timestamp()) if at else 0


def _unix_ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _request(generation: Generation) -> Request:
    spec = generation.spec
    request: Request = {
        "prompt": spec.prompt,
        "aspect_ratio": ratio(generation),
        "loop": spec.loop,
        "resolution": spec.resolution,
        "duration": format_seconds(spec.duration_s),
        "expand_prompt": spec.expand_prompt,
    }
    if generation.prompt_used is not None:
        request["prompt_used"] = generation.prompt_used
    return request


def _add_files(task: Task, generation: Generation, url: Url) -> None:
    film = generation.artifact(ArtifactKind.VIDEO)
    if film is None:  # no engine may complete without; a client is told nothing false
        return
    raw_film = generation.artifact(ArtifactKind.VIDEO_RAW) or film
    address = url(film.key)
    thumbnail = _picture(generation.artifact(ArtifactKind.THUMBNAIL), url, palette={"grid": ""})
    last_frame = _picture(generation.artifact(ArtifactKind.LAST_FRAME), url, palette=None)
    video: Video = {
        "url": address,
        "width": film.width_px,
        "height": film.height_px,
        "thumbnail": thumbnail["url"] if thumbnail else None,
        "download_url": address,
    }
    video_raw: VideoRaw = {
        "url": url(raw_film.key),
        "width": raw_film.width_px,
        "height": raw_film.height_px,
        "duration": raw_film.duration_s,
        "media_type": "video",
    }
    artifacts: Artifacts = {
        "video": video,
        "video_raw": video_raw,
        "thumbnail": thumbnail,
        "last_frame": last_frame,
        "created_at": moment(generation.finished_at or generation.updated_at),
    }
    assets: Assets = {"video": address, "image": video["thumbnail"], "progress_video": None}
    task["video"] = video
    task["video_raw"] = video_raw
    task["thumbnail"] = thumbnail
    task["last_frame"] = last_frame
    task["artifact"] = artifacts
    task["assets"] = assets
    task["video_url"] = address
    task["result"] = {"video_url": address}
    task["data"] = _with_result(task["data"], generation, film, address)


def _with_result(data: Data, generation: Generation, film: Artifact, address: str) -> Data:
    duration = f"{film.duration_s or generation.spec.duration_s:.1f}"
    data["task_result"] = {
        "video": address,
        "video_url": address,
        "videos": [{"id": generation.id, "url": address, "duration": duration}],
    }
    return data


def _picture(
    artifact: Artifact | None, url: Url, *, palette: dict[str, str] | None
) -> Picture | None:
    if artifact is None:
        return None
    return {
        "url": url(artifact.key),
        "width": artifact.width_px,
        "height": artifact.height_px,
        "palette": palette,
        "media_type": "image",
    }
