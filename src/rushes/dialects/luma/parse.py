"""Translate request bodies into generation specs, with the API's documented refusals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, assert_never

from rushes.core.errors import InvalidRequest, RequestError
from rushes.core.spec import (
    GenerationSpec,
    Keyframe,
    Kind,
    Medium,
    Position,
    Reference,
    Role,
    Source,
    Still,
)
from rushes.dialects.luma import wire
from rushes.dialects.luma.grid import to_reframing
from rushes.http.field_names import rename_fields
from rushes.service.generation_ids import canonical_id

DEFAULT_DURATION_S: Final = 5.0
PROMPT_REQUIRED: Final = "Prompt is required"
PROMPT_TOO_SHORT: Final = (
    f"Prompt is too short, minimum length is {wire.SHORTEST_PROMPT} characters"
)
PROMPT_TOO_LONG: Final = f"Prompt is too long, maximum length is {wire.LONGEST_PROMPT} characters"
NO_KEYFRAMES: Final = "No keyframes provided"

_LOOPS: Final[Mapping[tuple[str | None, str | None], str]] = {
    (None, "image"): "end frame",
    ("image", "image"): "keyframes",
    (None, "generation"): "extend reverse",
    ("generation", "image"): "interpolate video to image",
    ("image", "generation"): "interpolate image to video",
    ("generation", "generation"): "interpolate between two videos",
}
"""Requests that cannot loop, by types of keyframes. Source: docs.lumalabs.ai/docs/errors."""

_FIELD_NAMES: Final[Mapping[str, str]] = {
    "first_image": "keyframes.frame0.url",
    "last_image": "keyframes.frame1.url",
    "extend": "keyframes",
    "kind": "generation_type",
    "source": "media.url",
    "crop": "x_start",
    "placement": "x_start",
}
"""This API's names of fields that the service calls otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRequest:
    """A request as a spec."""

    spec: GenerationSpec
    callback_url: str | None
    field_names: Mapping[str, str] = field(default_factory=dict[str, str])
    """This request's names of fields, by the service's names, where they are not the usual ones."""


def video(body: wire.CreateVideo) -> ParsedRequest:
    """
    Return the request for a new video.

    Raises:
        RequestError: The video cannot be made; the message is the documented one.

        NotFound: The id of a keyframe is malformed.
    """
    frames = body.keyframes
    if frames is not None and frames.frame0 is None and frames.frame1 is None:
        raise RequestError(NO_KEYFRAMES)
    ends = (None, None) if frames is None else (frames.frame0, frames.frame1)
    types = (ends[0].type if ends[0] else None, ends[1].type if ends[1] else None)
    prompt = _prompt(body.prompt, required="image" not in types)
    if body.loop and (what := _LOOPS.get(types)):
        raise RequestError(f"Loop is not supported for {what}")
    return ParsedRequest(
        spec=GenerationSpec(
            prompt=prompt,
            model=body.model or "",
            keyframes=tuple(
                _keyframe(position, frame)
                for position, frame in zip(Position, ends, strict=True)
                if frame is not None
            ),
            aspect_ratio=body.aspect_ratio,
            resolution=body.resolution or "",
            duration_s=float(body.duration[:-1]) if body.duration else DEFAULT_DURATION_S,
            loop=body.loop or False,
            concepts=tuple(concept.key for concept in body.concepts or ()),
        ),
        callback_url=body.callback_url,
    )


def _keyframe(position: Position, frame: wire.ImageFrame | wire.GenerationFrame) -> Keyframe:
    match frame:
        case wire.ImageFrame():
            return Keyframe(position=position, image=frame.url)
        case wire.GenerationFrame():
            return Keyframe(position=position, generation_id=canonical_id(frame.id))
        case _:
            assert_never(frame)


def picture(body: wire.CreateImage) -> ParsedRequest:
    """Return the request for a new picture. Raises RequestError with a documented message."""
    prompt = _prompt(body.prompt, required=True)
    identity = body.character_ref.identity0.images if body.character_ref else []
    modified = [body.modify_image_ref] if body.modify_image_ref else []
    named = [
        *_weighted("image_ref", Role.CONTENT, body.image_ref or (), wire.IMAGE_WEIGHT),
        *_weighted("style_ref", Role.STYLE, body.style_ref or (), wire.STYLE_WEIGHT),
        *(
            (f"character_ref.identity0.images.{order}", Reference(role=Role.CHARACTER, image=url))
            for order, url in enumerate(identity)
        ),
        *(("modify_image_ref.url", _reference(Role.MODIFY, one, 1.0)) for one in modified),
    ]
    return ParsedRequest(
        spec=GenerationSpec(
            kind=Kind.IMAGE,
            prompt=prompt,
            model=body.model or "",
            aspect_ratio=body.aspect_ratio,
            still=Still(
                format=body.format or "jpg", references=tuple(reference for _, reference in named)
            ),
        ),
        callback_url=body.callback_url,
        field_names={f"references.{order}": name for order, (name, _) in enumerate(named)},
    )


def _weighted(
    name: str, role: Role, pictures: Iterable[wire.WeightedPicture], default: float
) -> list[tuple[str, Reference]]:
    return [
        (f"{name}.{order}.url", _reference(role, one, default))
        for order, one in enumerate(pictures)
    ]


def _reference(role: Role, one: wire.WeightedPicture, default: float) -> Reference:
    return Reference(
        role=role, image=one.url, weight=default if one.weight is None else float(one.weight)
    )


def upscale(body: wire.UpscaleVideo, generation_id: str) -> ParsedRequest:
    """Return the request to upscale a video."""
    return ParsedRequest(
        spec=GenerationSpec(
            kind=Kind.UPSCALE,
            prompt="",
            source=Source(generation_id=canonical_id(generation_id)),
            resolution=body.resolution or "",
        ),
        callback_url=body.callback_url,
        field_names={"source": "id"},
    )


def audio(body: wire.AddAudio, generation_id: str) -> ParsedRequest:
    """Return the request to add sound. Raises RequestError with a documented message."""
    prompt = _prompt(body.prompt, required=False)
    negative_prompt = _prompt(body.negative_prompt, required=False) or None
    return ParsedRequest(
        spec=GenerationSpec(
            kind=Kind.AUDIO,
            prompt=prompt,
            negative_prompt=negative_prompt,
            source=Source(generation_id=canonical_id(generation_id)),
        ),
        callback_url=body.callback_url,
        field_names={"source": "id"},
    )


def reframing(body: wire.ReframeVideo | wire.ReframeImage) -> ParsedRequest:
    """
    Return the request to reframe a video or picture.

    Raises:
        RequestError: The prompt is too short or too long; the message is the documented one.

        InvalidRequest: The position of the source contradicts itself, or there is a first frame.
    """
    prompt = _prompt(body.prompt, required=False)
    medium, still = Medium.VIDEO, None
    if isinstance(body, wire.ReframeImage):
        medium, still = Medium.IMAGE, Still(format=body.format or "jpg")
    elif body.first_frame is not None:
        raise _no_first_frame("reframe")
    return ParsedRequest(
        spec=GenerationSpec(
            kind=Kind.REFRAME,
            prompt=prompt,
            model=body.model or "",
            source=Source(medium=medium, file=body.media.url),
            aspect_ratio=body.aspect_ratio,
            reframing=to_reframing(body),
            still=still,
        ),
        callback_url=body.callback_url,
    )


def modification(body: wire.ModifyVideo) -> ParsedRequest:
    """Return the request to modify a video. Raises RequestError, InvalidRequest as above."""
    prompt = _prompt(body.prompt, required=False)
    if body.first_frame is not None:
        raise _no_first_frame("modify")
    return ParsedRequest(
        spec=GenerationSpec(
            kind=Kind.MODIFY,
            prompt=prompt,
            model=body.model or "",
            source=Source(file=body.media.url),
            mode=body.mode,
        ),
        callback_url=body.callback_url,
    )


def with_our_names(error: InvalidRequest, request: ParsedRequest) -> InvalidRequest:
    """Return *error* with the names of the fields that the caller sent."""
    renamed = rename_fields(
        error, lambda name: request.field_names.get(name) or _FIELD_NAMES.get(name, name)
    )
    if request.spec.resolution != "4k" or request.spec.kind is not Kind.VIDEO:
        return renamed
    hint = "; upscale a finished video to have it in 4k"
    return InvalidRequest.of(
        [(name, why + hint if name == "resolution" else why) for name, why in renamed.problems]
    )


def _prompt(prompt: str | None, *, required: bool) -> str:
    """
    Return a prompt; empty text means none, since ComfyUI's nodes send it for none.

    Raises:
        RequestError: It is missing, too short or too long; the message is the documented one.
    """
    if prompt is None or not prompt.strip():
        if required:
            raise RequestError(PROMPT_REQUIRED)
        return ""
    if len(prompt.strip()) < wire.SHORTEST_PROMPT:
        raise RequestError(PROMPT_TOO_SHORT)
    if len(prompt) > wire.LONGEST_PROMPT:
        raise RequestError(PROMPT_TOO_LONG)
    return prompt


def _no_first_frame(verb: str) -> InvalidRequest:
    return InvalidRequest(
        f"first_frame cannot be used to {verb} here: no engine takes one; leave it out",
        param="first_frame",
    )
