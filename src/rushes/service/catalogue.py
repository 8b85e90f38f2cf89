"""Which models can be asked for, who renders them, and what each of them can do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from rushes.core.errors import InvalidRequest
from rushes.core.spec import GenerationSpec, Position
from rushes.engines.base import Capabilities, Engine

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

MODELS: Final = ("ray-1-6", "ray-2", "ray-flash-2", "ray-3")
"""The models that a server offers without configuration."""

DEFAULT_MODEL: Final = "ray-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A name that a caller may ask for, and the engine behind it."""

    name: str
    engine: Engine
    aliases: tuple[str, ...] = field(default=())


class Catalogue:
    """The models on offer, and the judge of whether one can do what was asked."""

    def __init__(self, engines: Mapping[str, Engine], *, default: str = DEFAULT_MODEL) -> None:
        self._engines = dict(engines)
        self._default = default
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

    def resolve(self, name: str | None, *, param: str = "model") -> str:
        """
        Return the canonical name of a model; of the default when *name* is None.

        Raises:
            InvalidRequest: No such model; the message lists those there are.
        """
        canonical = self._names.get((name or self._default).strip().lower())
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


def _refusals(spec: GenerationSpec, can: Capabilities) -> Iterable[tuple[str, str | None]]:
    yield "resolution", _not_among("resolution", spec.resolution, can.resolutions)
    if spec.aspect_ratio is not None:
        yield "aspect_ratio", _not_among("aspect_ratio", spec.aspect_ratio, can.ratios)
    yield (
        "duration",
        _not_among("duration", seconds(spec.duration_s), tuple(map(seconds, can.durations_s))),
    )
    if spec.loop and not can.loop:
        yield "loop", f"loop is not possible with {spec.model}"
    first, last = spec.keyframe(Position.FIRST), spec.keyframe(Position.LAST)
    if first and first.image and not can.first_image:
        yield "first_image", f"{spec.model} takes no first image"
    if last and not can.last_image:
        yield "last_image", f"{spec.model} takes no last image"
    if spec.extends and not can.extend:
        yield "extend", f"{spec.model} cannot extend a video"


def _not_among(name: str, asked: str, offered: tuple[str, ...]) -> str | None:
    if asked in offered:
        return None
    return f"{name} must be one of {', '.join(offered)}, not {asked!r}"


def seconds(duration_s: float) -> str:
    """Return a duration as the wire writes it: ``5s``."""
    return f"{duration_s:g}s"
