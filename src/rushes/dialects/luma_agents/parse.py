"""Parse requests of the Agents API and translate them into generation specs and new files."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar, assert_never

from pydantic import BaseModel, ValidationError

from rushes.core import spec
from rushes.core.errors import InvalidRequest, RequestError
from rushes.core.spec import (
    GenerationSpec,
    Keyframe,
    Kind,
    Medium,
    Position,
    Rectangle,
    Reframing,
    Role,
    Source,
    Still,
)
from rushes.dialects.luma_agents import wire
from rushes.http.field_names import rename_fields
from rushes.http.form_bodies import Part, parts
from rushes.http.gateway import Call
from rushes.http.json_bodies import invalid, parse
from rushes.service.uploads import NewFile

Body = TypeVar("Body", bound=BaseModel)

IMAGE_REF_WEIGHT: Final = 0.5
"""
The weight of an ``image_ref``, for which this API has no field: half, so that prompt and picture
count alike. With full weight the picture would override the prompt; see ``docs/engines/edits.md``.
"""

_FIELD_NAMES: Final = {
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
"""This API's names of fields that the service calls otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An ``ImageRef`` as the service takes it: the address of a file, or an earlier generation."""

    address: str | None = None
    generation_id: str | None = None


def parse_body(model: type[Body], call: Call) -> Body:
    """
    Return the body as a *model*.

    Raises:
        RequestError: The body has the wrong shape. This API answers that with 400, and any other
            invalid request with 422.
    """
    try:
        return parse(model, call.raw, unknown=call.unknown)
    except InvalidRequest as error:
        raise RequestError(str(error)) from None


async def parse_form(raw: bytes, content_type: str) -> tuple[wire.CreateFile, bytes]:
    """
    Return the description of the file in a form, and its bytes.

    Raises:
        RequestError: The form has the wrong shape.

        InvalidRequest: ``size_bytes`` is not the size of the file.
    """
    try:
        fields = await parts(raw, content_type)
        values = {name: value.data if isinstance(value, Part) else value for name, value in fields}
        form = wire.FileForm.model_validate(values)
    except ValidationError as error:
        raise RequestError(str(invalid(error))) from None
    except InvalidRequest as error:
        raise RequestError(str(error)) from None
    if len(values) < len(fields):
        raise RequestError("every field of the form must occur once")
    size_bytes = len(form.file)
    if form.size_bytes not in {None, size_bytes}:
        why = f"size_bytes must be {size_bytes}, the size of the file, not {form.size_bytes}"
        raise InvalidRequest(why, param="size_bytes")
    sent = dict(fields)["file"]
    file = sent if isinstance(sent, Part) else Part(name=None, media_type=None, data=b"")
    body = wire.CreateFile(
        mime_type=form.mime_type or (file.media_type or "")[:255],
        size_bytes=size_bytes,
        purpose=form.purpose,
        filename=form.filename or (file.name or "")[:1024] or None,
        user_id=form.user_id,
    )
    return body.model_copy(update={"expires_at": form.expires_at}), form.file


def image_refs(body: wire.CreateGeneration) -> Iterator[tuple[str, wire.ImageRef]]:
    """Yield the references of a request, each with the path of its field."""
    if body.source is not None:
        yield "source", body.source
    for order, ref in enumerate(body.image_ref or []):
        yield f"image_ref.{order}", ref
    options = body.video or wire.VideoOptions()
    for name, frame in (("start_frame", options.start_frame), ("end_frame", options.end_frame)):
        if frame is not None:
            yield f"video.{name}", frame
    for order, frame in enumerate(options.keyframes or []):
        yield f"video.keyframes.{order}", frame


def http_url(url: str, name: str) -> str:
    """Return *url*; refuse other text, which the service would take for the bytes of a picture."""
    if not url.lower().startswith(("http://", "https://")):
        raise InvalidRequest(f"{name}.url must be an http(s) URL", param=f"{name}.url")
    return url


def canonical_id(text: str) -> str:
    """Return an id as the store writes it; other text unchanged, which the store will not find."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return text


def to_spec(body: wire.CreateGeneration, references: Mapping[str, Reference]) -> GenerationSpec:
    """
    Return the spec of a request that breaks no rule.

    Args:
        references: Its references, by the path of the field.
    """
    match body.type:
        case "image" | "image_edit":
            return _picture(body, references)
        case "video":
            return _video(body, references)
        case "video_reframe":
            return _reframed(body, references["source"])
        case "video_edit":
            return _edited(body, references["source"])
        case "layering":
            raise InvalidRequest("type layering is not possible", param="type")
        case _:
            assert_never(body.type)


def _picture(body: wire.CreateGeneration, references: Mapping[str, Reference]) -> GenerationSpec:
    pictures = [_reference(references[f"image_ref.{n}"]) for n in range(len(body.image_ref or []))]
    if "source" in references:
        pictures.append(_reference(references["source"], role=Role.MODIFY, weight=1.0))
    return GenerationSpec(
        kind=Kind.IMAGE,
        model=body.model or "uni-1",
        prompt=body.prompt,
        aspect_ratio=body.aspect_ratio,
        still=Still(
            format="png" if body.output_format == "png" else "jpg", references=tuple(pictures)
        ),
    )


def _reference(
    reference: Reference, *, role: Role = Role.CONTENT, weight: float = IMAGE_REF_WEIGHT
) -> spec.Reference:
    return spec.Reference(
        role=role,
        image=reference.address,
        generation_id=reference.generation_id,
        weight=weight,
    )


def _video(body: wire.CreateGeneration, references: Mapping[str, Reference]) -> GenerationSpec:
    options = body.video or wire.VideoOptions()
    frames = {
        Position.FIRST: references.get("video.start_frame"),
        Position.LAST: references.get("video.end_frame"),
    }
    for order, index in enumerate(options.keyframe_indexes or []):
        position = Position.LAST if index else Position.FIRST
        frames[position] = references[f"video.keyframes.{order}"]
    return GenerationSpec(
        model=body.model or "ray-3.2",
        prompt=body.prompt,
        keyframes=tuple(
            Keyframe(position=position, image=one.address, generation_id=one.generation_id)
            for position, one in frames.items()
            if one is not None
        ),
        aspect_ratio=body.aspect_ratio,
        resolution=options.resolution or "",
        duration_s=10.0 if options.duration == "10s" else 5.0,
        loop=options.loop or False,
    )


def _source(reference: Reference) -> Source:
    return Source(
        medium=Medium.VIDEO, file=reference.address, generation_id=reference.generation_id
    )


def _reframed(body: wire.CreateGeneration, source: Reference) -> GenerationSpec:
    options = body.video or wire.VideoOptions()
    at = options.source_position
    place = at and Rectangle(x=at.x_norm, y=at.y_norm, width=at.w_norm, height=at.h_norm)
    return GenerationSpec(
        kind=Kind.REFRAME,
        model=body.model or "ray-3.2",
        prompt=body.prompt,
        source=_source(source),
        aspect_ratio=body.aspect_ratio,
        resolution=options.resolution or "",
        reframing=Reframing(placement=place) if place else None,
    )


def _edited(body: wire.CreateGeneration, source: Reference) -> GenerationSpec:
    options = body.video or wire.VideoOptions()
    return GenerationSpec(
        kind=Kind.MODIFY,
        model=body.model or "ray-3.2",
        prompt=body.prompt,
        source=_source(source),
        aspect_ratio=body.aspect_ratio,
        resolution=options.resolution or "",
        mode=options.edit.strength if options.edit else None,
    )


def with_our_names(
    error: InvalidRequest, body: wire.CreateGeneration | None = None
) -> InvalidRequest:
    """Return *error* with this API's names of the fields, as *body* uses them."""
    return rename_fields(
        error,
        lambda name: _field_name(name, body) if body else _FIELD_NAMES.get(name, name),
        prefixes=True,
    )


def _field_name(name: str, body: wire.CreateGeneration) -> str:
    options = body.video or wire.VideoOptions()
    refs = len(body.image_ref or [])
    if name == f"references.{refs}":
        return "source"  # to_spec puts it after them
    if name.startswith("references."):
        return name.replace("references", "image_ref")
    if name in {"first_image", "last_image", "extend"} and options.keyframes is not None:
        return "video.keyframes"
    if name == "extend":
        return "video.start_frame" if options.start_frame is not None else "video.end_frame"
    frames = {"first_image": "video.start_frame", "last_image": "video.end_frame"}
    return frames.get(name) or _FIELD_NAMES.get(name, name)


def to_new_file(body: wire.CreateFile) -> NewFile:
    """Return the file that a body announces or carries."""
    return NewFile(
        media_type=body.mime_type,
        size_bytes=body.size_bytes,
        purpose=body.purpose,
        name=body.filename,
        tag=body.user_id,
        expires_at=body.expires_at,
    )
