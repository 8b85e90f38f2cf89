"""Translate parsed requests into specs and generations into replies; pure functions, no I/O."""

from typing import Final, assert_never

from rushes.core.capability_check import format_seconds
from rushes.core.generation import Artifact, ArtifactKind, Generation, State
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
from rushes.dialects.shared.files import aspect_ratio
from rushes.dialects.shared.newapi import TASK_STATUS, numeric_id
from rushes.dialects.shared.states import StateWords, failure_reason, progress_percent
from rushes.dialects.shared.timestamps import rfc3339, unix_ms, unix_s
from rushes.http.gateway import MediaUrl

OFFICIAL_STATE: Final = StateWords(
    queued="queued", running="dreaming", completed="completed", failed="failed"
)
"""Luma's own words."""

KLING_STATUS: Final = StateWords(
    queued="submitted", running="processing", completed="succeed", failed="failed"
)
"""The words of ``data.task_status``, and of crazyrouter's callbacks."""


def to_spec(request: ParsedRequest) -> GenerationSpec:
    """Return the spec of a request; fields that it leaves open stay open."""
    first = request.first_image if request.extends is None else None
    keyframes: list[Keyframe] = []
    if first is not None or request.extends is not None:
        keyframes.append(
            Keyframe(position=Position.FIRST, image=first, generation_id=request.extends)
        )
    if request.last_image is not None:
        keyframes.append(Keyframe(position=Position.LAST, image=request.last_image))
    return GenerationSpec(
        prompt=request.prompt,
        model=request.model or "",
        keyframes=tuple(keyframes),
        aspect_ratio=request.aspect_ratio,
        resolution=request.resolution or "",
        duration_s=5.0 if request.duration_s is None else request.duration_s,
        loop=request.loop,
        expand_prompt=request.expand_prompt,
        seed=request.seed,
    )


def from_generation(generation: Generation, *, url: MediaUrl, request_id: str) -> Task:
    """Return *generation* as a reply."""
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
        "created_at": rfc3339(generation.created_at),
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
            "task_status": KLING_STATUS.of(generation.state),
            "task_status_msg": reason or "",
            "created_at": unix_ms(generation.created_at),
            "updated_at": unix_ms(generation.updated_at),
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


def to_row(generation: Generation, *, url: MediaUrl, request_id: str) -> Row:
    """Return *generation* as an entry of a wrapped batch, in new-api's format."""
    return {
        "id": numeric_id(generation),
        "created_at": rfc3339(generation.created_at),
        "updated_at": rfc3339(generation.updated_at),
        "task_id": generation.id,
        "platform": "luma",
        "action": "LUMA_EXTEND" if generation.spec.extends else "LUMA_VIDEO",
        "status": TASK_STATUS.of(generation.state),
        "fail_reason": failure_reason(generation) or "",
        "submit_time": unix_s(generation.created_at),
        "start_time": unix_s(generation.started_at),
        "finish_time": unix_s(generation.finished_at),
        "progress": f"{progress_percent(generation)}%",
        "data": from_generation(generation, url=url, request_id=request_id),
    }


def state_word(state: State) -> str:
    """Return the relays' word; cancelled and expired are failed, as ``failure_reason`` says."""
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


def ratio(generation: Generation) -> str:
    """Return the aspect ratio; empty while it is not known, since clients expect text."""
    return aspect_ratio(generation) or ""


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


def _add_files(task: Task, generation: Generation, url: MediaUrl) -> None:
    film = generation.artifact(ArtifactKind.VIDEO)
    if film is None:  # engines never complete without one; better no file than a false one
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
        "created_at": rfc3339(generation.finished_at or generation.updated_at),
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
    artifact: Artifact | None, url: MediaUrl, *, palette: dict[str, str] | None
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
