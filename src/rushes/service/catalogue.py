"""Which models can be asked for, who renders them, and what each of them can do."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from rushes.core.capabilities import Capabilities
from rushes.core.errors import InvalidRequest
from rushes.core.geometry import frame_size, size_problem
from rushes.core.spec import GenerationSpec, Kind, Medium, Position, Rectangle
from rushes.engines.base import Engine

ALIASES: Final[Mapping[str, str]] = {
    "ray-v1": "ray-1-6",
    "ray-1": "ray-1-6",
    "ray-1.6": "ray-1-6",
    "ray1.6": "ray-1-6",
    "ray-v2": "ray-2",
    "ray2": "ray-2",
    "ray-flash-v2": "ray-flash-2",
    "ray-v3": "ray-3",
    "ray3": "ray-3",
    "ray-3.14": "ray-3",
    "ray-3.2": "ray-3",
    "luma_video_api": "ray-2",
}
"""Other names under which real clients ask for a model, and the name that it has here."""

VIDEO_MODELS: Final = ("ray-1-6", "ray-2", "ray-flash-2", "ray-3")
PICTURE_MODELS: Final = ("photon-1", "photon-flash-1", "uni-1", "uni-1-max")
MODELS: Final = VIDEO_MODELS + PICTURE_MODELS
"""The models that a server offers without configuration."""

DEFAULT_MODEL: Final = "ray-2"
DEFAULT_PICTURE_MODEL: Final = "photon-1"

WORK: Final[Mapping[Kind, str]] = {
    Kind.VIDEO: "make a video",
    Kind.IMAGE: "make a picture",
    Kind.UPSCALE: "upscale a video",
    Kind.AUDIO: "add sound to a video",
    Kind.REFRAME: "reframe",
    Kind.MODIFY: "modify a video",
}
"""What each kind of work is called in a sentence."""

_Judge = Callable[[GenerationSpec, Capabilities], Iterator[tuple[str, str | None]]]

_OF_PICTURES: Final = (Kind.IMAGE, Kind.REFRAME)

SMALLEST_SHARE: Final = 0.01
LARGEST_SHARE: Final = 20.0
"""How small and how large a part of a frame may be asked for, against the frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A name that a caller may ask for, and the engine behind it."""

    name: str
    engine: Engine
    aliases: tuple[str, ...] = field(default=())

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of work it does: its engine's, less those that its name is not for."""
        able = self.engine.capabilities.kinds
        if self.name in PICTURE_MODELS:
            return tuple(kind for kind in able if kind in _OF_PICTURES)
        if self.name in VIDEO_MODELS:
            return tuple(kind for kind in able if kind is not Kind.IMAGE)
        return able


class Catalogue:
    """The models on offer, and the judge of whether one can do what was asked."""

    def __init__(self, engines: Mapping[str, Engine], *, default: str = DEFAULT_MODEL) -> None:
        self._engines = dict(engines)
        self._default = default
        self._default_picture = (
            DEFAULT_PICTURE_MODEL if DEFAULT_PICTURE_MODEL in engines else default
        )
        self._names = {alias: name for alias, name in ALIASES.items() if name in engines} | {
            name: name for name in engines
        }

    def models(self) -> tuple[Model, ...]:
        """Return every model with the names that it answers to."""
        return tuple(
            Model(
                name=name,
                engine=engine,
                aliases=tuple(a for a, meant in self._names.items() if meant == name != a),
            )
            for name, engine in self._engines.items()
        )

    def resolve(
        self, name: str | None, *, param: str = "model", makes: Medium = Medium.VIDEO
    ) -> str:
        """
        Return the canonical name of a model; of the default of what it *makes* when it is None.

        Raises:
            InvalidRequest: No such model; the message lists those there are.
        """
        default = self._default if makes is Medium.VIDEO else self._default_picture
        canonical = self._names.get((name or default).strip().lower())
        if canonical is None:
            offered = ", ".join(sorted(self._names))
            raise InvalidRequest(f"{param} must be one of {offered}, not {name!r}", param=param)
        return canonical

    def engine(self, model: str) -> Engine:
        """Return what renders *model*. Raises InvalidRequest when it is no longer offered."""
        return self._engines[self.resolve(model)]

    def refusals(self, spec: GenerationSpec) -> tuple[tuple[str, str], ...]:
        """Return what the model's engine cannot do of *spec*: field names with sentences."""
        can = self._engines[self.resolve(spec.model)].capabilities
        return tuple((field, why) for field, why in _refusals(spec, can) if why)


def _refusals(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    yield "model", _wrong_model(spec)
    if spec.kind not in can.kinds:
        able = ", ".join(WORK[kind] for kind in can.kinds)
        yield "kind", f"{spec.model} cannot {WORK[spec.kind]} here; what it can: {able}"
        return
    if spec.kind is not Kind.VIDEO:
        yield from _of_other_work(spec)
    judge = _JUDGES.get(spec.kind)
    if judge is not None:
        yield from judge(spec, can)


def _wrong_model(spec: GenerationSpec) -> str | None:
    """Refuse a model whose name says that it makes something else; of others nothing is known."""
    if spec.makes is Medium.VIDEO and spec.model in PICTURE_MODELS:
        return f"model {spec.model} makes pictures; for a video ask for {_either(VIDEO_MODELS)}"
    if spec.makes is Medium.IMAGE and spec.model in VIDEO_MODELS:
        return f"model {spec.model} makes videos; for a picture ask for {_either(PICTURE_MODELS)}"
    return None


def _of_a_video(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    yield from _of_a_size(spec, can)
    yield (
        "duration",
        _not_among("duration", seconds(spec.duration_s), tuple(map(seconds, can.durations_s))),
    )
    for concept in spec.concepts:
        yield "concepts", _not_among("concepts", concept, can.concepts)
    if spec.loop and not can.loop:
        yield "loop", f"loop is not possible with {spec.model}"
    if spec.keyframes:
        yield from _of_keyframes(spec, can)


def _of_keyframes(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.loop and (spec.leads_to or spec.interpolates):
        yield "loop", "loop is not possible before a video or between two"
    first, last = spec.keyframe(Position.FIRST), spec.keyframe(Position.LAST)
    if first and first.image and not can.first_image:
        yield "first_image", f"{spec.model} takes no first image"
    if last and last.image and not can.last_image:
        yield "last_image", f"{spec.model} takes no last image"
    if (spec.extends or spec.source) and not can.extend:
        yield "extend", f"{spec.model} cannot extend a video"
    if spec.leads_to and not can.extend_backwards:
        yield "extend", f"{spec.model} cannot make what comes before a video"
    if spec.interpolates and not can.interpolate:
        yield "extend", f"{spec.model} cannot make what comes between two videos"


def _of_a_size(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.size_px is not None:
        yield "size", _no_size(spec.size_px, can)
        return
    yield "resolution", _not_among("resolution", spec.resolution, can.resolutions)
    if spec.aspect_ratio is not None:
        yield "aspect_ratio", _not_among("aspect_ratio", spec.aspect_ratio, can.ratios)


def _of_other_work(spec: GenerationSpec) -> Iterator[tuple[str, str | None]]:
    """Refuse what belongs to a new video only, and work on a source that is not named."""
    if spec.keyframes:
        yield "keyframes", f"keyframes are for a new video; to {WORK[spec.kind]} takes none"
    if spec.loop:
        yield "loop", f"loop is for a new video, not to {WORK[spec.kind]}"
    if spec.kind is Kind.IMAGE:
        return
    if spec.source is None or not (spec.source.file or spec.source.generation_id):
        yield "source", f"source is needed to {WORK[spec.kind]}: a URL, or an earlier generation"
    elif spec.source.medium is Medium.IMAGE and spec.kind is not Kind.REFRAME:
        yield "source", f"source must be a video to {WORK[spec.kind]}, not a picture"


def _of_a_still(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.aspect_ratio is not None:
        yield "aspect_ratio", _not_among("aspect_ratio", spec.aspect_ratio, can.still_ratios)
    if spec.still is None:
        return
    yield "format", _not_among("format", spec.still.format, can.still_formats)
    for reference in spec.still.references:
        if reference.role not in can.references:
            yield "references", f"{spec.model} takes no {reference.role} reference"
        if not 0 <= reference.weight <= 1:
            yield "references", f"weight must be 0 to 1, not {reference.weight:g}"


def _of_an_upscale(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    yield "resolution", _not_among("resolution", spec.resolution, can.upscales)


def _of_a_reframing(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.makes not in can.reframes:
        yield "kind", f"{spec.model} cannot reframe a {spec.makes}"
    if spec.aspect_ratio is None:
        yield "aspect_ratio", "aspect_ratio is needed to reframe: it is the new shape"
        return
    is_still = spec.makes is Medium.IMAGE
    ratios = can.still_ratios if is_still else can.ratios
    yield "aspect_ratio", _not_among("aspect_ratio", spec.aspect_ratio, ratios)
    if is_still and spec.still is not None:
        yield "format", _not_among("format", spec.still.format, can.still_formats)
    if not is_still:
        yield "resolution", _not_among("resolution", spec.resolution, can.resolutions)
    if spec.reframing is not None:
        yield "crop", _no_rectangle("crop", spec.reframing.crop)
        yield "placement", _no_rectangle("placement", spec.reframing.placement)


def _of_a_modification(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.mode is not None:
        yield "mode", _not_among("mode", spec.mode, can.modes)


_JUDGES: Final[Mapping[Kind, _Judge]] = {
    Kind.VIDEO: _of_a_video,
    Kind.IMAGE: _of_a_still,
    Kind.UPSCALE: _of_an_upscale,
    Kind.REFRAME: _of_a_reframing,
    Kind.MODIFY: _of_a_modification,
}


def _no_rectangle(name: str, asked: Rectangle | None) -> str | None:
    """Refuse a rectangle in which nothing can be seen, and one too far off to reckon with."""
    if asked is None:
        return None
    if not (SMALLEST_SHARE <= asked.width <= LARGEST_SHARE) or not (
        SMALLEST_SHARE <= asked.height <= LARGEST_SHARE
    ):
        return (
            f"{name} must be {SMALLEST_SHARE:g} to {LARGEST_SHARE:g} times the frame"
            f" in width and height, not {asked.width:g} x {asked.height:g}"
        )
    outside = asked.x >= 1 or asked.y >= 1 or asked.x + asked.width <= 0
    if outside or asked.y + asked.height <= 0:
        return f"{name} must show something: it lies beyond the edge"
    return None


def _no_size(size_px: tuple[int, int], can: Capabilities) -> str | None:
    asked = f"{size_px[0]}x{size_px[1]}"
    if can.sizes:
        why = size_problem(*size_px)
        return f"size {why}, not {asked}" if why else None
    known = sorted({frame_size(r, p) for r in can.ratios for p in can.resolutions})
    offered = ", ".join(f"{width}x{height}" for width, height in known)
    return f"size must be one of {offered}, not {asked}"


def _either(names: Iterable[str]) -> str:
    return " or ".join(names)


def _not_among(name: str, asked: str, offered: tuple[str, ...]) -> str | None:
    if asked in offered:
        return None
    return f"{name} must be one of {', '.join(offered)}, not {asked!r}"


@lru_cache(maxsize=256)
def seconds(duration_s: float) -> str:
    """Return a duration as the wire writes it: ``5s``; kept, as each submit compares several."""
    return f"{duration_s:g}s"
