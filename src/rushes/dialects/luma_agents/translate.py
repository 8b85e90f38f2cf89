"""Between the Agents API's shapes and our own words; pure functions, no I/O."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, assert_never

from rushes.core.errors import InvalidRequest
from rushes.core.generation import ArtifactKind, Generation, State
from rushes.core.spec import (
    GenerationSpec,
    Keyframe,
    Kind,
    Medium,
    Position,
    Rectangle,
    Reference,
    Reframing,
    Role,
    Source,
    Still,
)
from rushes.core.upload import Upload
from rushes.dialects.luma_agents import wire
from rushes.service.uploads import NewFile

CANCELLED: Final = "cancelled by the caller"

FOLLOWED: Final = 0.5
"""
The weight of an ``image_ref``, which this API has no word for: the scene and the picture in equal
parts. A whole weight would leave nothing of the words; see ``docs/engines/edits.md``.
"""

Url = Callable[[str], str]
"""Turns a key of the media store into an absolute URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What an ``ImageRef`` comes to: an address that the service understands, or a generation."""

    address: str | None = None
    generation_id: str | None = None


def to_spec(asked: wire.CreateGeneration, named: Mapping[str, Named]) -> GenerationSpec:
    """
    Return what is asked for, by a request that breaks no rule.

    Args:
        named: What each ``ImageRef`` of it comes to, by the path of its field.
    """
    match asked.type:
        case "image" | "image_edit":
            return _picture(asked, named)
        case "video":
            return _video(asked, named)
        case "video_reframe":
            return _reframed(asked, named["source"])
        case "video_edit":
            return _edited(asked, named["source"])
        case "layering":
            raise InvalidRequest("type layering is not possible", param="type")
        case _:
            assert_never(asked.type)


def _picture(asked: wire.CreateGeneration, named: Mapping[str, Named]) -> GenerationSpec:
    references = [_reference(named[f"image_ref.{n}"]) for n in range(len(asked.image_ref or []))]
    if "source" in named:
        references.append(_reference(named["source"], role=Role.MODIFY, weight=1.0))
    return GenerationSpec(
        kind=Kind.IMAGE,
        model=asked.model or "uni-1",
        prompt=asked.prompt,
        aspect_ratio=asked.aspect_ratio,
        still=Still(
            format="png" if asked.output_format == "png" else "jpg", references=tuple(references)
        ),
    )


def _reference(named: Named, *, role: Role = Role.CONTENT, weight: float = FOLLOWED) -> Reference:
    return Reference(
        role=role, image=named.address, generation_id=named.generation_id, weight=weight
    )


def _video(asked: wire.CreateGeneration, named: Mapping[str, Named]) -> GenerationSpec:
    options = asked.video or wire.VideoOptions()
    pinned = {
        Position.FIRST: named.get("video.start_frame"),
        Position.LAST: named.get("video.end_frame"),
    }
    for order, index in enumerate(options.keyframe_indexes or []):
        position = Position.LAST if index else Position.FIRST
        pinned[position] = named[f"video.keyframes.{order}"]
    return GenerationSpec(
        model=asked.model or "ray-3.2",
        prompt=asked.prompt,
        keyframes=tuple(
            Keyframe(position=position, image=one.address, generation_id=one.generation_id)
            for position, one in pinned.items()
            if one is not None
        ),
        aspect_ratio=asked.aspect_ratio,
        resolution=options.resolution or "",
        duration_s=10.0 if options.duration == "10s" else 5.0,
        loop=options.loop or False,
    )


def _source(named: Named) -> Source:
    return Source(medium=Medium.VIDEO, file=named.address, generation_id=named.generation_id)


def _reframed(asked: wire.CreateGeneration, source: Named) -> GenerationSpec:
    options = asked.video or wire.VideoOptions()
    at = options.source_position
    place = at and Rectangle(x=at.x_norm, y=at.y_norm, width=at.w_norm, height=at.h_norm)
    return GenerationSpec(
        kind=Kind.REFRAME,
        model=asked.model or "ray-3.2",
        prompt=asked.prompt,
        source=_source(source),
        aspect_ratio=asked.aspect_ratio,
        resolution=options.resolution or "",
        reframing=Reframing(placement=place) if place else None,
    )


def _edited(asked: wire.CreateGeneration, source: Named) -> GenerationSpec:
    options = asked.video or wire.VideoOptions()
    return GenerationSpec(
        kind=Kind.MODIFY,
        model=asked.model or "ray-3.2",
        prompt=asked.prompt,
        source=_source(source),
        aspect_ratio=asked.aspect_ratio,
        resolution=options.resolution or "",
        mode=options.edit.strength if options.edit else None,
    )


_SPELLINGS: Final = {
    "resolution": "video.resolution",
    "duration": "video.duration",
    "loop": "video.loop",
    "kind": "type",
    "format": "output_format",
    "references": "image_ref",
    "placement": "video.source_position",
    "mode": "video.edit.strength",
    "media_type": "mime_type",
}
"""What the service calls something, where this API calls it otherwise."""


def respelled(error: InvalidRequest, asked: wire.CreateGeneration | None = None) -> InvalidRequest:
    """Return *error*, which uses the service's names, in those of this API and this request."""
    return InvalidRequest.of([_respelled(name, why, asked) for name, why in error.problems])


def _respelled(name: str, why: str, asked: wire.CreateGeneration | None) -> tuple[str, str]:
    spelling = _spelling(name, asked) if asked else _SPELLINGS.get(name, name)
    if why.startswith(name):
        return spelling, spelling + why.removeprefix(name)
    return spelling, f"{spelling}: {why}"


def _spelling(name: str, asked: wire.CreateGeneration) -> str:
    options = asked.video or wire.VideoOptions()
    refs = len(asked.image_ref or [])
    if name == f"references.{refs}":
        return "source"  # it comes after them
    if name.startswith("references."):
        return name.replace("references", "image_ref")
    if name in {"first_image", "last_image", "extend"} and options.keyframes is not None:
        return "video.keyframes"
    if name == "extend":
        return "video.start_frame" if options.start_frame is not None else "video.end_frame"
    frames = {"first_image": "video.start_frame", "last_image": "video.end_frame"}
    return frames.get(name) or _SPELLINGS.get(name, name)


def from_generation(generation: Generation, *, url: Url) -> wire.Generation:
    """Return what this API tells of *generation*, whichever API it was asked for by."""
    code, reason = _failure(generation)
    return {
        "id": generation.id,
        "type": type_word(generation.spec),
        "state": state_word(generation.state),
        "model": model_word(generation.spec),
        "created_at": moment(generation.created_at),
        "output": _output(generation, url),
        "failure_reason": reason,
        "failure_code": code,
    }


def state_word(state: State) -> Literal["queued", "processing", "completed", "failed"]:
    """Return the API's word. It has none for cancelled or expired; ``failure_reason`` says it."""
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
    """Return the nearest of the API's types: it has none to upscale or to add sound."""
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
    """Return the API's model, or the nearest: its clients know three names and no other."""
    if spec.makes is Medium.VIDEO:
        return "ray-3.2"
    return "uni-1-max" if spec.model == "uni-1-max" else "uni-1"


def _output(generation: Generation, url: Url) -> list[wire.Output]:
    if generation.state is not State.COMPLETED:
        return []
    for kind, word in ((ArtifactKind.VIDEO, "video"), (ArtifactKind.IMAGE, "image")):
        file = generation.artifact(kind)
        if file is not None:
            return [{"type": word, "url": url(file.key)}]
    return []


def _failure(generation: Generation) -> tuple[wire.FailureCode | None, str | None]:
    if generation.state is State.CANCELLED:
        return "generation_failed", CANCELLED
    if generation.state not in {State.FAILED, State.EXPIRED}:
        return None, None
    failure = generation.failure
    if failure is None:
        return "generation_failed", "the generation failed"
    return _FAILURES.get(failure.code, "generation_failed"), failure.message


_FAILURES: Final[Mapping[str, wire.FailureCode]] = {"input_unusable": "corrupt_input"}
"""Our codes that mean more than that it failed; ours does not say what of an input is wrong."""


def to_new_file(asked: wire.CreateFile) -> NewFile:
    """Return what is announced."""
    return NewFile(
        media_type=asked.mime_type,
        size_bytes=asked.size_bytes,
        purpose=asked.purpose,
        name=asked.filename,
        tag=asked.user_id,
        expires_at=asked.expires_at,
    )


def from_upload(upload: Upload) -> wire.File:
    """Return what this API tells of a file."""
    return {
        "id": upload.id,
        "created_at": moment(upload.created_at),
        "mime_type": upload.media_type,
        "purpose": upload.purpose.value,
        "size_bytes": upload.size_bytes,
        "state": upload.state.value,
        "deleted_at": _moment(upload.deleted_at),
        "expires_at": _moment(upload.expires_at),
        "failure_reason": upload.failure,
        "filename": upload.name,
        "user_id": upload.tag,
    }


def moment(at: datetime) -> str:
    """Return a moment in UTC, as RFC 3339 writes it."""
    return at.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def _moment(at: datetime | None) -> str | None:
    return None if at is None else moment(at)
