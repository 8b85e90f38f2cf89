"""Translate generations and uploads into the Agents API's replies; pure functions, no I/O."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, assert_never

from rushes.core.generation import ArtifactKind, Generation, State
from rushes.core.spec import GenerationSpec, Kind, Medium, Role
from rushes.core.upload import Upload
from rushes.dialects.luma_agents import wire
from rushes.dialects.shared.states import failure_reason
from rushes.dialects.shared.timestamps import rfc3339
from rushes.http.gateway import MediaUrl


def from_generation(generation: Generation, *, url: MediaUrl) -> wire.Generation:
    """Return *generation*, from any dialect, as a reply."""
    code, reason = _failure(generation)
    return {
        "id": generation.id,
        "type": type_word(generation.spec),
        "state": state_word(generation.state),
        "model": model_word(generation.spec),
        "created_at": rfc3339(generation.created_at, timespec="auto"),
        "output": _output(generation, url),
        "failure_reason": reason,
        "failure_code": code,
    }


def state_word(state: State) -> Literal["queued", "processing", "completed", "failed"]:
    """Return this API's word; cancelled and expired are failed, as ``failure_reason`` says."""
    match state:
        case State.QUEUED:
            return "queued"
        case State.RUNNING:
            return "processing"
        case State.COMPLETED:
            return "completed"
        case State.FAILED | State.CANCELLED | State.EXPIRED:
            return "failed"
        case _:
            assert_never(state)


def type_word(spec: GenerationSpec) -> wire.Type:
    """Return the nearest of this API's types; it has none for upscaling and for added sound."""
    match spec.kind:
        case Kind.VIDEO:
            return "video"
        case Kind.IMAGE:
            references = spec.still.references if spec.still else ()
            changes = any(one.role is Role.MODIFY for one in references)
            return "image_edit" if changes else "image"
        case Kind.REFRAME:
            return "video_reframe" if spec.makes is Medium.VIDEO else "image_edit"
        case Kind.UPSCALE | Kind.AUDIO | Kind.MODIFY:
            return "video_edit"
        case _:
            assert_never(spec.kind)


def model_word(spec: GenerationSpec) -> wire.Model:
    """Return the nearest of this API's models; its clients know only these three names."""
    if spec.makes is Medium.VIDEO:
        return "ray-3.2"
    return "uni-1-max" if spec.model == "uni-1-max" else "uni-1"


def _output(generation: Generation, url: MediaUrl) -> list[wire.Output]:
    if generation.state is not State.COMPLETED:
        return []
    for kind, word in ((ArtifactKind.VIDEO, "video"), (ArtifactKind.IMAGE, "image")):
        file = generation.artifact(kind)
        if file is not None:
            return [{"type": word, "url": url(file.key)}]
    return []


def _failure(generation: Generation) -> tuple[wire.FailureCode | None, str | None]:
    reason = failure_reason(generation)
    if reason is None:
        return None, None
    failure = None if generation.state is State.CANCELLED else generation.failure
    code = failure.code if failure else ""
    return _FAILURES.get(code, "generation_failed"), reason


_FAILURES: Final[Mapping[str, wire.FailureCode]] = {"input_unusable": "corrupt_input"}
"""This API's codes for ours, where it has one that says more than ``generation_failed``."""


def from_upload(upload: Upload) -> wire.File:
    """Return an uploaded file as a reply."""
    return {
        "id": upload.id,
        "created_at": rfc3339(upload.created_at, timespec="auto"),
        "mime_type": upload.media_type,
        "purpose": upload.purpose.value,
        "size_bytes": upload.size_bytes,
        "state": upload.state.value,
        "deleted_at": _timestamp(upload.deleted_at),
        "expires_at": _timestamp(upload.expires_at),
        "failure_reason": upload.failure,
        "filename": upload.name,
        "user_id": upload.tag,
    }


def created_file(upload: Upload, target: wire.Upload | None) -> wire.CreatedFile:
    """Return a new file as a reply, with the *target* of its bytes unless they came with it."""
    file = from_upload(upload)
    return {"id": file["id"], "state": file["state"], "file": file, "upload": target}


def _timestamp(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at, timespec="auto")
