"""Parse request bodies and cursors of the native API, and translate them into the core's types."""

from datetime import UTC, datetime, timedelta
from typing import Final, assert_never
from uuid import UUID

from rushes.core.errors import InvalidRequest
from rushes.core.generation import Generation, GenerationId
from rushes.core.shot_plan import ShotPlan
from rushes.core.spec import (
    GenerationSpec,
    Keyframe,
    Kind,
    Position,
    Rectangle,
    Reference,
    Reframing,
    Source,
    Still,
)
from rushes.dialects.native.generations import wire
from rushes.http.field_names import rename_fields
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

_FIELD_NAMES: Final = {
    "duration": "duration_s",
    "first_image": "keyframes.first.image",
    "last_image": "keyframes.last.image",
    "extend": "keyframes",
    "format": "still.format",
    "crop": "reframing.crop",
    "placement": "reframing.placement",
}
"""This API's names of fields that the service calls otherwise."""


def create_body(call: Call) -> wire.Create:
    """
    Return the body of a create request, parsed as its kind requires.

    A union of all kinds would name the fields of every kind in its errors.

    Raises:
        InvalidRequest: Each offending field, with a sentence.
    """
    kind = parse(wire.KindOnly, call.raw).kind
    return parse(wire.BODIES[kind], call.raw, unknown=call.unknown)


def with_our_names(error: InvalidRequest) -> InvalidRequest:
    """Return *error* with this API's names of the fields."""
    return rename_fields(error, _field_name)


def _field_name(name: str) -> str:
    return f"still.{name}" if name.startswith("references") else _FIELD_NAMES.get(name, name)


def cursor(last: Generation) -> str:
    """Return the cursor after *last*; it stays valid when that generation is deleted."""
    at = (last.created_at - _EPOCH) // _MICROSECOND
    return f"{at:016d}.{UUID(last.id).hex}"


def to_spec(body: wire.Create, *, plan: ShotPlan | None = None) -> GenerationSpec:
    """Return the spec that a body describes; *plan* is the parsed plan of the body."""
    match body:
        case wire.CreateVideo():
            return _video(body, plan)
        case wire.CreateImage():
            return GenerationSpec(
                kind=Kind.IMAGE,
                model=body.model or "",
                prompt=body.prompt,
                aspect_ratio=body.aspect_ratio,
                still=_still(body.still),
                expand_prompt=body.expand_prompt,
                seed=body.seed,
                shot_plan=plan,
            )
        case wire.CreateUpscale():
            return GenerationSpec(
                kind=Kind.UPSCALE,
                model=body.model or "",
                prompt="",
                source=_source(body.source),
                resolution=body.resolution or "",
            )
        case wire.CreateAudio():
            return GenerationSpec(
                kind=Kind.AUDIO,
                model=body.model or "",
                prompt=body.prompt or "",
                negative_prompt=body.negative_prompt,
                source=_source(body.source),
                seed=body.seed,
            )
        case wire.CreateReframing():
            return GenerationSpec(
                kind=Kind.REFRAME,
                model=body.model or "",
                prompt=body.prompt or "",
                source=_source(body.source),
                aspect_ratio=body.aspect_ratio,
                resolution=body.resolution or "",
                reframing=_reframing(body.reframing),
                still=_still(body.still) if body.still else None,
            )
        case wire.CreateModification():
            return GenerationSpec(
                kind=Kind.MODIFY,
                model=body.model or "",
                prompt=body.prompt,
                source=_source(body.source),
                mode=body.mode,
                seed=body.seed,
            )
        case _:
            assert_never(body)


def _video(body: wire.CreateVideo, plan: ShotPlan | None) -> GenerationSpec:
    frames = body.keyframes or wire.KeyframesBody()
    by_position = ((Position.FIRST, frames.first), (Position.LAST, frames.last))
    defaults = GenerationSpec(prompt="")
    return GenerationSpec(
        model=body.model or "",
        prompt=body.prompt,
        keyframes=tuple(
            Keyframe(position=position, image=frame.image, generation_id=_id(frame.generation_id))
            for position, frame in by_position
            if frame is not None
        ),
        aspect_ratio=body.aspect_ratio,
        resolution=body.resolution or "",
        duration_s=body.duration_s or defaults.duration_s,
        loop=body.loop,
        expand_prompt=body.expand_prompt,
        negative_prompt=body.negative_prompt,
        concepts=tuple(body.concepts),
        seed=body.seed,
        shot_plan=plan,
    )


def _id(text: str | None) -> str | None:
    """Return an id as the store writes it; other text unchanged, which the store will not find."""
    try:
        return text and str(UUID(text))
    except ValueError:
        return text


def _source(body: wire.SourceBody) -> Source:
    return Source(medium=body.medium, file=body.file, generation_id=_id(body.generation_id))


def _still(body: wire.StillBody | None) -> Still:
    body = body or wire.StillBody()
    return Still(
        format=body.format,
        references=tuple(
            Reference(
                role=reference.role,
                image=reference.image,
                generation_id=_id(reference.generation_id),
                weight=reference.weight,
            )
            for reference in body.references
        ),
    )


def _reframing(body: wire.ReframingBody | None) -> Reframing | None:
    if body is None:
        return None
    return Reframing(crop=_rectangle(body.crop), placement=_rectangle(body.placement))


def _rectangle(body: wire.RectangleBody | None) -> Rectangle | None:
    if body is None:
        return None
    return Rectangle(x=body.x, y=body.y, width=body.width, height=body.height)


def parse_cursor(text: str) -> tuple[datetime, GenerationId]:
    """Return the moment and the id in a well-formed cursor."""
    at, _, id_ = text.partition(".")
    return _EPOCH + int(at) * _MICROSECOND, GenerationId(str(UUID(id_)))
