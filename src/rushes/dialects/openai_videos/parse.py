"""Parse request bodies and translate them into generation specs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from rushes.core.capabilities import Capabilities
from rushes.core.errors import InvalidRequest
from rushes.core.geometry import (
    FPS,
    frame_size,
    nearest_ratio,
    nearest_resolution,
)
from rushes.core.spec import GenerationSpec, Keyframe, Kind, Position, Source
from rushes.dialects.openai_videos import wire
from rushes.http.field_names import Problem, rename_fields
from rushes.http.form_bodies import Fields
from rushes.http.json_bodies import invalid, validated_fields
from rushes.http.unknown import Unknown
from rushes.kit.quoting import quoted_json
from rushes.service.catalogue import Catalogue
from rushes.service.references import size_text

Body = TypeVar("Body", bound=BaseModel)


_NOTHING: Final[tuple[object, ...]] = ([], {}, "[]", "{}", "null")

UNSUPPORTED: Final[Mapping[str, tuple[str, ...]]] = {
    "num_inference_steps": (),
    "guidance_scale": ("1", "1.0"),
    "guidance_scale_2": ("1", "1.0"),
    "true_cfg_scale": ("1", "1.0"),
    "boundary_ratio": (),
    "flow_shift": (),
    "generate_sound": ("false",),
    "sound_duration": (),
    "enable_frame_interpolation": ("false",),
    "frame_interpolation_exp": (),
    "frame_interpolation_scale": ("1", "1.0"),
    "frame_interpolation_model_path": (),
    "lora": (),
    "extra_params": (),
    "video_reference": (),
    "audio_reference": (),
    "characters": (),
    "n": ("1",),
    "quality": ("standard", "auto"),
    "response_format": ("url",),
    "style": (),
}
"""Fields that this server does not support, with the values that change nothing, as text."""

TUNING: Final = frozenset(
    {
        "num_inference_steps",
        "guidance_scale",
        "guidance_scale_2",
        "true_cfg_scale",
        "boundary_ratio",
        "flow_shift",
        "quality",
    }
)
"""Fields about the quality of a video: the server may ignore them if it reports that."""

_FIELD_NAMES: Final = {
    "resolution": "size",
    "duration": "seconds",
    "first_image": "input_reference",
    "last_image": "last_reference",
    "extend": "video",
    "source": "video",
    "kind": "model",
}
"""This API's names of fields that the service calls otherwise."""


def read(shape: type[Body], fields: Fields, unknown: Unknown | None = None) -> Body:
    """
    Return the fields of a body as a *shape*.

    Args:
        unknown: Decides about unknown fields; by default they are refused.

    Raises:
        InvalidRequest: Each field that is missing, invalid or unknown.
    """
    given = {name: value for name, value in fields.items() if not _is_empty(name, value)}
    unsupported = list(_unsupported(given))
    if unknown is not None and unknown.reports:
        unknown.note([name for name, _ in unsupported if name in TUNING])
        unsupported = [one for one in unsupported if one[0] not in TUNING]
    kept = {name: value for name, value in given.items() if name not in UNSUPPORTED}
    try:
        body = validated_fields(shape, kept, unknown=unknown)
    except ValidationError as error:
        raise InvalidRequest.of([*unsupported, *_plainer(invalid(error))]) from None
    if unsupported:
        raise InvalidRequest.of(unsupported)
    return body


def _is_empty(name: str, value: object) -> bool:
    return value in (None, "") or (name in UNSUPPORTED and value in _NOTHING)


def _unsupported(given: Fields) -> Iterator[Problem]:
    for name in given.keys() & UNSUPPORTED.keys():
        neutral = UNSUPPORTED[name]
        if str(given[name]).strip().lower() not in neutral:
            leave = f"leave it out, or send {neutral[0]}" if neutral else "leave it out"
            yield name, f"{name} cannot be honoured here; {leave}"


def _plainer(error: InvalidRequest) -> Iterator[Problem]:
    for name, why in error.problems:
        extra = "Extra inputs are not permitted" in why
        yield name, f"{name} is not understood here; leave it out" if extra else why


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoRequest:
    """A new video, with parts that the handler has to resolve."""

    spec: GenerationSpec
    model: str | None
    """The name that the request uses for the model."""

    files: Mapping[Position, str]
    """The ids of uploaded files for its first and last frame."""


def new_video(body: wire.CreateVideo, catalogue: Catalogue) -> VideoRequest:
    """Return the request for a new video. Raises InvalidRequest with every contradiction."""
    model = named(body.model, catalogue)
    can = catalogue.capabilities(model)
    problems = [*_conflicts(body), *_rates(body)]
    duration_s = _duration_s(body, can, problems)
    if problems:
        raise InvalidRequest.of(problems)
    pictures = {
        Position.FIRST: body.input_reference or body.image_reference,
        Position.LAST: body.last_reference,
    }
    spec = GenerationSpec(
        prompt=body.prompt,
        model=model,
        keyframes=tuple(
            Keyframe(position=position, image=picture.image_url)
            for position, picture in pictures.items()
            if picture and picture.image_url
        ),
        duration_s=duration_s,
        seed=body.seed if body.seed != -1 else None,
        negative_prompt=body.negative_prompt,
        aspect_ratio=body.aspect_ratio,
        loop=body.loop or False,
    )
    if (size := _size(body)) is not None:
        spec = sized(spec, size, can)
    files = {at: picture.file_id for at, picture in pictures.items() if picture and picture.file_id}
    return VideoRequest(spec=spec, model=body.model, files=files)


def named(name: str | None, catalogue: Catalogue) -> str:
    """Return the canonical name of a model; Sora's names mean the default model."""
    try:
        return catalogue.resolve(name)
    except InvalidRequest as error:
        if name is not None and name.strip().lower() in wire.SORA:
            return catalogue.resolve(None)
        why = str(error).replace("must be one of ", f"must be one of {', '.join(wire.SORA)}, ")
        raise InvalidRequest(why, param="model") from None


def _conflicts(body: wire.CreateVideo) -> Iterator[Problem]:
    if (body.width is None) != (body.height is None):
        yield "width", "width and height must be sent together or not at all"
    if body.input_reference and body.image_reference:
        yield "image_reference", "image_reference and input_reference mean the same; send one"
    pixels = _pixels(body)
    if pixels and body.size and pixels != body.size:
        yield "size", f"size is {size_text(body.size)}, but width and height {size_text(pixels)}"
    size = body.size or pixels
    if size and body.aspect_ratio and 0 not in size and nearest_ratio(*size) != body.aspect_ratio:
        why = f"aspect_ratio is {body.aspect_ratio}, but the size {size_text(size)}; send one"
        yield "aspect_ratio", why


def _rates(body: wire.CreateVideo) -> Iterator[Problem]:
    if body.fps not in (None, FPS):
        yield "fps", f"fps must be {FPS}, the only rate here, not {body.fps}"


def _pixels(body: wire.CreateVideo) -> tuple[int, int] | None:
    return (body.width, body.height) if body.width and body.height else None


def _size(body: wire.CreateVideo) -> tuple[int, int] | None:
    if size := body.size or _pixels(body):
        return size
    return None if body.aspect_ratio else wire.DEFAULT_SIZE


def sized(spec: GenerationSpec, size: tuple[int, int], can: Capabilities) -> GenerationSpec:
    """Return *spec* with exactly this size, by resolution and ratio if possible, else in pixels."""
    for ratio in can.ratios:
        for resolution in can.resolutions:
            if frame_size(ratio, resolution) == size:
                return replace(spec, aspect_ratio=ratio, resolution=resolution)
    if 0 in size:
        return replace(spec, size_px=size)
    return replace(
        spec,
        size_px=size,
        aspect_ratio=nearest_ratio(*size),
        resolution=nearest_resolution(*size),
    )


def _duration_s(body: wire.CreateVideo, can: Capabilities, problems: list[Problem]) -> float:
    """Return the length of the video, and add what is wrong with it to *problems*."""
    seconds = body.seconds
    if body.num_frames is not None:
        found = frames_s(body.num_frames, can)
        if found is None:
            offered = ", ".join(f"{length * FPS:g}" for length in can.durations_s)
            why = f"num_frames must be one of {offered}, or one more, not {body.num_frames}"
            problems.append(("num_frames", why))
            return wire.DEFAULT_S
        if seconds is not None and seconds != found:
            why = f"num_frames are {found:g} seconds, but seconds is {seconds:g}; send one"
            problems.append(("num_frames", why))
        seconds = found
    if seconds is None:
        return min(can.durations_s, key=lambda length: abs(length - wire.DEFAULT_S))
    problems += check_length(seconds, can)
    return seconds


def frames_s(count: int, can: Capabilities) -> float | None:
    """Return the length of a video with *count* frames, with or without the one that ends it."""
    return next((s for s in can.durations_s if count - round(s * FPS) in {0, 1}), None)


def check_length(length_s: float, can: Capabilities) -> list[Problem]:
    """Return a problem if the engine does not support a length."""
    if length_s in can.durations_s:
        return []
    offered = ", ".join(f"{length:g}" for length in can.durations_s)
    return [("seconds", f"seconds must be one of {offered}, not {length_s:g}")]


def extension(body: wire.ExtendVideo, source: Source) -> GenerationSpec:
    """Return the spec that extends a video; it inherits the shape, and the model if made here."""
    spec = GenerationSpec(prompt=body.prompt, duration_s=body.seconds)
    if source.generation_id is None:
        return replace(spec, source=source)
    earlier = Keyframe(position=Position.FIRST, generation_id=source.generation_id)
    return replace(spec, keyframes=(earlier,))


def remix_alias(
    name: str | None, *, model: str, alias: str | None, catalogue: Catalogue
) -> str | None:
    """
    Return the alias under which a remix shows its model; None if it shows the model's own name.

    Args:
        name: The model in the request; new-api always sends one, OpenAI's clients never.

        model: The model of the original video.

        alias: The alias under which the original video shows its model, if any.

    Raises:
        InvalidRequest: The request names another model than the original's.
    """
    if name is None or name == alias:
        return alias
    try:
        is_own = named(name, catalogue) == model
    except InvalidRequest:
        is_own = False
    if not is_own:
        why = f"model must be {alias or model}, which made this video, not {quoted_json(name)}"
        raise InvalidRequest(f"{why}; a remix keeps its video's model", param="model")
    return name if name != model else None


def edit(body: wire.EditVideo, source: Source) -> GenerationSpec:
    """Return the spec that edits a video."""
    return GenerationSpec(prompt=body.prompt, kind=Kind.MODIFY, source=source)


def with_our_names(error: InvalidRequest) -> InvalidRequest:
    """Return *error* with this API's names of the fields."""
    return rename_fields(error, lambda name: _FIELD_NAMES.get(name, name))
