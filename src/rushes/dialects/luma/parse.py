"""What a body asks for in our words, and what the API itself refuses of it, in its own."""

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
from rushes.service.generation_ids import canonical_id

USUAL_DURATION_S: Final = 5.0
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
"""What cannot loop, by the types of its keyframes. Source: docs.lumalabs.ai/docs/errors."""

_SPELLINGS: Final[Mapping[str, str]] = {
    "first_image": "keyframes.frame0.url",
    "last_image": "keyframes.frame1.url",
    "extend": "keyframes",
    "kind": "generation_type",
    "source": "media.url",
    "crop": "x_start",
    "placement": "x_start",
}
"""What the service calls something, where this API calls it otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRequest:
    """A request in our words."""

    spec: GenerationSpec
    callback_url: str | None
    spelled: Mapping[str, str] = field(default_factory=dict[str, str])
    """What this request calls something that the service calls otherwise."""


def video(body: wire.CreateVideo) -> ParsedRequest:
    """
    Return a new video.

    Raises:
        RequestError: It cannot be made, in the documented words.

        NotFound: A keyframe's id is no id.
    """
    frames = body.keyframes
    if frames is not None and frames.frame0 is None and frames.frame1 is None:
        raise RequestError(NO_KEYFRAMES)
    given = (None, None) if frames is None else (frames.frame0, frames.frame1)
    types = (given[0].type if given[0] else None, given[1].type if given[1] else None)
    prompt = _prompt(body.prompt, required="image" not in types)
    if body.loop and (what := _LOOPS.get(types)):
        raise RequestError(f"Loop is not supported for {what}")
    return ParsedRequest(
        spec=GenerationSpec(
            prompt=prompt,
            model=body.model or "",
            keyframes=tuple(
                _keyframe(position, frame)
                for position, frame in zip(Position, given, strict=True)
                if frame is not None
            ),
            aspect_ratio=body.aspect_ratio,
            resolution=body.resolution or "",
            duration_s=float(body.duration[:-1]) if body.duration else USUAL_DURATION_S,
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
    """Return a new picture. Raises RequestError with a documented message."""
    prompt = _prompt(body.prompt, required=True)
    identity = body.character_ref.identity0.images if body.character_ref else []
    changed = [body.modify_image_ref] if body.modify_image_ref else []
    named = [
        *_weighed("image_ref", Role.CONTENT, body.image_ref or (), wire.IMAGE_WEIGHT),
        *_weighed("style_ref", Role.STYLE, body.style_ref or (), wire.STYLE_WEIGHT),
        *(
            (f"character_ref.identity0.images.{order}", Reference(role=Role.CHARACTER, image=url))
            for order, url in enumerate(identity)
        ),
        *(("modify_image_ref.url", _reference(Role.MODIFY, one, 1.0)) for one in changed),
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
        spelled={f"references.{order}": name for order, (name, _) in enumerate(named)},
    )


def _weighed(
    name: str, role: Role, given: Iterable[wire.Weighed], usual: float
) -> list[tuple[str, Reference]]:
    return [
        (f"{name}.{order}.url", _reference(role, one, usual)) for order, one in enumerate(given)
    ]


def _reference(role: Role, one: wire.Weighed, usual: float) -> Reference:
    return Reference(
        role=role, image=one.url, weight=usual if one.weight is None else float(one.weight)
    )


def upscale(body: wire.UpscaleVideo, generation_id: str) -> ParsedRequest:
    """Return an earlier video with more pixels."""
    return ParsedRequest(
        spec=GenerationSpec(
            kind=Kind.UPSCALE,
            prompt="",
            source=Source(generation_id=canonical_id(generation_id)),
            resolution=body.resolution or "",
        ),
        callback_url=body.callback_url,
        spelled={"source": "id"},
    )


def audio(body: wire.AddAudio, generation_id: str) -> ParsedRequest:
    """Return an earlier video with sound. Raises RequestError with a documented message."""
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
        spelled={"source": "id"},
    )


def reframing(body: wire.ReframeVideo | wire.ReframeImage) -> ParsedRequest:
    """
    Return a video or picture in another shape.

    Raises:
        RequestError: The prompt is too short or too long, in the documented words.

        InvalidRequest: Where the source is to lie makes no sense; or a first frame is given.
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
    """Return a video as the words say. Raises RequestError, InvalidRequest as above."""
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


def respelled(error: InvalidRequest, asked: ParsedRequest) -> InvalidRequest:
    """Return *error*, which uses the service's names, in those of this API."""
    return InvalidRequest.of([_respelled(name, why, asked) for name, why in error.problems])


def _respelled(name: str, why: str, asked: ParsedRequest) -> tuple[str, str]:
    spelling = asked.spelled.get(name) or _SPELLINGS.get(name, name)
    if why.startswith(name):
        why = spelling + why.removeprefix(name)
    if name == "resolution" and asked.spec.resolution == "4k" and asked.spec.kind is Kind.VIDEO:
        why += "; upscale a finished video to have it in 4k"
    return spelling, why


def _prompt(prompt: str | None, *, required: bool) -> str:
    """
    Return a prompt; empty text stands for a missing one, as ComfyUI's nodes send it.

    Raises:
        RequestError: It is required, too short or too long, in the documented words.
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
