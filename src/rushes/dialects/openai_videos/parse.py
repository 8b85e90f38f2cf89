"""From what this API's callers ask for to a spec in our words."""

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
from rushes.http.form_bodies import Fields
from rushes.http.json_bodies import invalid, validated_fields
from rushes.http.unknown import Unknown
from rushes.kit.quoting import quoted_json
from rushes.service.catalogue import Catalogue
from rushes.service.references import size_text

Body = TypeVar("Body", bound=BaseModel)
Problem = tuple[str, str]


_NOTHING: Final[tuple[object, ...]] = ([], {}, "[]", "{}", "null")

USUAL: Final[Mapping[str, tuple[str, ...]]] = {
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
"""Fields that nothing here can honour, with the values that ask for nothing, as text."""

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
"""Those that say how well a video is made, not what it shows: they may be ignored if told of."""

_SPELLINGS: Final = {
    "resolution": "size",
    "duration": "seconds",
    "first_image": "input_reference",
    "last_image": "last_reference",
    "extend": "video",
    "source": "video",
    "kind": "model",
}
"""What the service calls something, where this API calls it otherwise."""


def read(shape: type[Body], fields: Fields, unknown: Unknown | None = None) -> Body:
    """
    Return the fields of a body as a *shape*.

    Args:
        unknown: What becomes of fields that are not understood; by default it refuses them.

    Raises:
        InvalidRequest: Each field that is missing, makes no sense, or is not understood here.
    """
    given = {name: value for name, value in fields.items() if not _is_nothing(name, value)}
    unfit = list(_unfit(shape, given))
    if unknown is not None and unknown.reports:
        unknown.note([name for name, _ in unfit if name in TUNING])
        unfit = [one for one in unfit if one[0] not in TUNING]
    kept = {name: value for name, value in given.items() if name not in USUAL}
    try:
        asked = validated_fields(shape, kept, unknown=unknown)
    except ValidationError as error:
        raise InvalidRequest.of([*unfit, *_plainer(invalid(error))]) from None
    if unfit:
        raise InvalidRequest.of(unfit)
    return asked


def _is_nothing(name: str, value: object) -> bool:
    return value in (None, "") or (name in USUAL and value in _NOTHING)


def _unfit(shape: type[BaseModel], given: Fields) -> Iterator[Problem]:
    for name in given.keys() & USUAL.keys():
        usual = USUAL[name]
        if str(given[name]).strip().lower() not in usual:
            leave = f"leave it out, or send {usual[0]}" if usual else "leave it out"
            yield name, f"{name} cannot be honoured here; {leave}"


def _plainer(error: InvalidRequest) -> Iterator[Problem]:
    for name, why in error.problems:
        extra = "Extra inputs are not permitted" in why
        yield name, f"{name} is not understood here; leave it out" if extra else why


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A new video as it was asked for."""

    spec: GenerationSpec
    model: str | None
    """Its name in the caller's words."""

    files: Mapping[Position, str]
    """The ids of files that it begins or ends with, which are still to be found."""


def new_video(asked: wire.CreateVideo, catalogue: Catalogue) -> Asked:
    """Return a new video. Raises InvalidRequest with all that contradicts itself."""
    model = named(asked.model, catalogue)
    can = catalogue.capabilities(model)
    problems = [*_conflicts(asked), *_rates(asked)]
    duration_s = _duration_s(asked, can, problems)
    if problems:
        raise InvalidRequest.of(problems)
    pictures = {
        Position.FIRST: asked.input_reference or asked.image_reference,
        Position.LAST: asked.last_reference,
    }
    spec = GenerationSpec(
        prompt=asked.prompt,
        model=model,
        keyframes=tuple(
            Keyframe(position=position, image=picture.image_url)
            for position, picture in pictures.items()
            if picture and picture.image_url
        ),
        duration_s=duration_s,
        seed=asked.seed if asked.seed != -1 else None,
        negative_prompt=asked.negative_prompt,
        aspect_ratio=asked.aspect_ratio,
        loop=asked.loop or False,
    )
    if (size := _size(asked)) is not None:
        spec = sized(spec, size, can)
    files = {at: picture.file_id for at, picture in pictures.items() if picture and picture.file_id}
    return Asked(spec=spec, model=asked.model, files=files)


def named(name: str | None, catalogue: Catalogue) -> str:
    """Return the canonical name of a model; Sora's names mean the default, unless it is here."""
    try:
        return catalogue.resolve(name)
    except InvalidRequest as error:
        if name is not None and name.strip().lower() in wire.SORA:
            return catalogue.resolve(None)
        told = str(error).replace("must be one of ", f"must be one of {', '.join(wire.SORA)}, ")
        raise InvalidRequest(told, param="model") from None


def _conflicts(asked: wire.CreateVideo) -> Iterator[Problem]:
    if (asked.width is None) != (asked.height is None):
        yield "width", "width and height are given together or not at all"
    if asked.input_reference and asked.image_reference:
        yield "image_reference", "image_reference and input_reference mean the same; send one"
    pixels = _pixels(asked)
    if pixels and asked.size and pixels != asked.size:
        yield "size", f"size is {size_text(asked.size)}, but width and height {size_text(pixels)}"
    size = asked.size or pixels
    if size and asked.aspect_ratio and 0 not in size and nearest_ratio(*size) != asked.aspect_ratio:
        told = f"aspect_ratio is {asked.aspect_ratio}, but the size {size_text(size)}; send one"
        yield "aspect_ratio", told


def _rates(asked: wire.CreateVideo) -> Iterator[Problem]:
    if asked.fps not in (None, FPS):
        yield "fps", f"fps must be {FPS}, which is all there is here, not {asked.fps}"


def _pixels(asked: wire.CreateVideo) -> tuple[int, int] | None:
    return (asked.width, asked.height) if asked.width and asked.height else None


def _size(asked: wire.CreateVideo) -> tuple[int, int] | None:
    if size := asked.size or _pixels(asked):
        return size
    return None if asked.aspect_ratio else wire.DEFAULT_SIZE


def sized(spec: GenerationSpec, size: tuple[int, int], can: Capabilities) -> GenerationSpec:
    """Return *spec* of exactly this size: by its name where it has one, else in pixels."""
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


def _duration_s(asked: wire.CreateVideo, can: Capabilities, problems: list[Problem]) -> float:
    """Return how long the video is to be; what is wrong with that is added to *problems*."""
    told = asked.seconds
    if asked.num_frames is not None:
        found = frames_s(asked.num_frames, can)
        if found is None:
            offered = ", ".join(f"{length * FPS:g}" for length in can.durations_s)
            why = f"num_frames must be one of {offered}, or one more, not {asked.num_frames}"
            problems.append(("num_frames", why))
            return wire.DEFAULT_S
        if told is not None and told != found:
            why = f"num_frames are {found:g} seconds, but seconds is {told:g}; send one"
            problems.append(("num_frames", why))
        told = found
    if told is None:
        return min(can.durations_s, key=lambda length: abs(length - wire.DEFAULT_S))
    problems += no_length(told, can)
    return told


def frames_s(count: int, can: Capabilities) -> float | None:
    """Return the length that has so many frames, its last one counted or not."""
    return next((s for s in can.durations_s if count - round(s * FPS) in {0, 1}), None)


def no_length(length_s: float, can: Capabilities) -> list[Problem]:
    """Refuse a length that the engine does not make."""
    if length_s in can.durations_s:
        return []
    offered = ", ".join(f"{length:g}" for length in can.durations_s)
    return [("seconds", f"seconds must be one of {offered}, not {length_s:g}")]


def extension(asked: wire.ExtendVideo, source: Source) -> GenerationSpec:
    """Return what goes on where a video ends, in its shape and, if it was made here, its model."""
    spec = GenerationSpec(prompt=asked.prompt, duration_s=asked.seconds)
    if source.generation_id is None:
        return replace(spec, source=source)
    earlier = Keyframe(position=Position.FIRST, generation_id=source.generation_id)
    return replace(spec, keyframes=(earlier,))


def remix_alias(
    name: str | None, *, model: str, alias: str | None, catalogue: Catalogue
) -> str | None:
    """
    Return the alias under which a remix shows its model; None: it shows the model's own name.

    Args:
        name: The model that the request names; new-api always names one, OpenAI's clients never.

        model: The model of the video that is remixed.

        alias: The name under which that video shows it, if it is another.

    Raises:
        InvalidRequest: The request names another model than the video's.
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


def edit(asked: wire.EditVideo, source: Source) -> GenerationSpec:
    """Return a video made again as the words say."""
    return GenerationSpec(prompt=asked.prompt, kind=Kind.MODIFY, source=source)


def respelled(error: InvalidRequest) -> InvalidRequest:
    """Return *error*, which uses the service's names, in those of this API."""
    return InvalidRequest.of([_respelled(name, why) for name, why in error.problems])


def _respelled(name: str, why: str) -> Problem:
    spelling = _SPELLINGS.get(name, name)
    return spelling, spelling + why.removeprefix(name) if why.startswith(name) else why
