"""List the models on offer, and find the channels that can make a spec."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rushes.core.capabilities import Capabilities, union
from rushes.core.errors import InvalidRequest
from rushes.core.generation import Generation
from rushes.core.spec import GenerationSpec, Kind, Medium
from rushes.engines.base import Channel
from rushes.kit.quoting import quoted

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
    "luma_video_extend_api": "ray-2",
    "luma-video": "ray-2",
    "luma-video-ray2": "ray-2",
    "luma-video-ray2-flash": "ray-flash-2",
}
"""Other names under which real clients ask for a model, and the name that it has here."""

VIDEO_MODELS: Final = ("ray-1-6", "ray-2", "ray-flash-2", "ray-3")
PICTURE_MODELS: Final = ("photon-1", "photon-flash-1", "uni-1", "uni-1-max")
MODELS: Final = VIDEO_MODELS + PICTURE_MODELS
"""The models that a server offers without configuration."""

DEFAULT_MODEL: Final = "ray-2"
DEFAULT_PICTURE_MODEL: Final = "photon-1"

MOST_VIEWS: Final = 256
"""How many narrower views of a catalogue are kept: one for each set of models that keys have."""

_OF_PICTURES: Final = (Kind.IMAGE, Kind.REFRAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A name that a caller may ask for, and the channels behind it."""

    name: str
    channels: tuple[Channel, ...]
    """One at least; those that are chosen first come first."""

    aliases: tuple[str, ...] = field(default=())

    @property
    def engine(self) -> str:
        """What makes it, as callers are told."""
        return ", ".join(dict.fromkeys(channel.engine.name for channel in self.channels))

    @property
    def capabilities(self) -> Capabilities:
        """All that one channel or another can do."""
        return union(channel.engine.capabilities for channel in self.channels)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of work it does: its channels', less those that its name is not for."""
        able = self.capabilities.kinds
        if self.name in PICTURE_MODELS:
            return tuple(kind for kind in able if kind in _OF_PICTURES)
        if self.name in VIDEO_MODELS:
            return tuple(kind for kind in able if kind is not Kind.IMAGE)
        return able


class Catalogue:
    """
    The models on offer, and the judge of whether one can do what was asked.

    Args:
        default: The model of a request that names none.

        aliases: Other names of models, beside :data:`ALIASES`; where both have one, this counts.

        only: Offer no others than these; None: all that the channels have.
    """

    def __init__(
        self,
        channels: Sequence[Channel],
        *,
        default: str = DEFAULT_MODEL,
        aliases: Mapping[str, str] | None = None,
        only: frozenset[str] | None = None,
    ) -> None:
        self._whole = (channels, default, aliases)
        self._only: dict[frozenset[str], Catalogue] = {}
        served = dict.fromkeys(name for channel in channels for name in channel.models)
        offered = [name for name in served if only is None or name in only]
        first = sorted(channels, key=lambda channel: -channel.priority)
        self._channels = {
            name: tuple(channel for channel in first if name in channel.models) for name in offered
        }
        pictures = [name for name in offered if name in PICTURE_MODELS]
        meant = {**ALIASES, **(aliases or {})}
        default = meant.get(default.strip().lower(), default)
        self._default = default if default in offered else next(iter(offered), default)
        self._default_picture = (
            DEFAULT_PICTURE_MODEL
            if DEFAULT_PICTURE_MODEL in offered
            else next(iter(pictures), self._default)
        )
        self._names = {alias: name for alias, name in meant.items() if name in offered} | {
            name: name for name in offered
        }
        self._models = {name: self._model(name) for name in offered}
        self._capabilities = {name: model.capabilities for name, model in self._models.items()}

    def _model(self, name: str) -> Model:
        aliases = tuple(a for a, meant in self._names.items() if meant == name != a)
        return Model(name=name, channels=self._channels[name], aliases=aliases)

    def models(self) -> tuple[Model, ...]:
        """Return every model with the names that it answers to."""
        return tuple(self._models.values())

    def restricted_to(self, names: frozenset[str] | None) -> "Catalogue":
        """Return what is left of it for whoever may ask for no other models; None: all of it."""
        if names is None:
            return self
        if (kept := self._only.get(names)) is None:
            if len(self._only) >= MOST_VIEWS:
                self._only.clear()
            channels, default, aliases = self._whole
            kept = self._only[names] = Catalogue(
                channels, default=default, aliases=aliases, only=names
            )
        return kept

    def canonical(self, names: Iterable[str], *, param: str = "models") -> frozenset[str]:
        """Return the canonical names of models. Raises InvalidRequest for one that there is not."""
        return frozenset(self.resolve(name, param=param, makes=None) for name in names)

    def resolve(
        self, name: str | None, *, param: str = "model", makes: Medium | None = Medium.VIDEO
    ) -> str:
        """
        Return the canonical name of a model; of the default of what it *makes* when it is None.

        Args:
            makes: What it is wanted for; None: for anything.

        Raises:
            InvalidRequest: No such model; the message lists those that make this.
        """
        default = self._default_picture if makes is Medium.IMAGE else self._default
        canonical = self._names.get((name or default).strip().lower())
        if canonical is None:
            names = [one for one, model in self._names.items() if self._makes(model, makes)]
            offered = ", ".join(sorted(names)) or f"none: {_NO_MODEL[makes]}"
            raise InvalidRequest(
                f"{param} must be one of {offered}, not {quoted(name)}", param=param
            )
        return canonical

    def _makes(self, model: str, medium: Medium | None) -> bool:
        kinds = self._models[model].kinds
        match medium:
            case Medium.IMAGE:
                return Kind.IMAGE in kinds or model in PICTURE_MODELS
            case Medium.VIDEO:
                return model not in PICTURE_MODELS and kinds != (Kind.IMAGE,)
            case None:
                return True

    def capabilities(self, model: str) -> Capabilities:
        """Return what *model* can do. Raises InvalidRequest when it is no longer offered."""
        return self._capabilities[self.resolve(model)]

    def capable_channels(
        self, spec: GenerationSpec, parents: Sequence[Generation] = ()
    ) -> tuple[Channel, ...]:
        """Return the channels that can do all of *spec*; *kin* as for :meth:`refusals`."""
        serving = self._channels[self.resolve(spec.model)]
        return tuple(channel for channel in serving if not channel.problems(spec, parents))

    def refusals(
        self, spec: GenerationSpec, parents: Sequence[Generation] = ()
    ) -> tuple[tuple[str, str], ...]:
        """
        Return why no channel can do all of *spec*: field names with sentences.

        They are those of the channel that comes nearest.

        Args:
            parents: The generations that *spec* names, as ``spec.parents`` has them.
        """
        model = self.resolve(spec.model)
        wrong = self._wrong_model(spec)
        problems = [channel.problems(spec, parents) for channel in self._channels[model]]
        nearest = min(problems, key=len)
        return (*((("model", wrong),) if wrong else ()), *nearest)

    def _wrong_model(self, spec: GenerationSpec) -> str | None:
        """Refuse a model whose name says that it makes something else."""
        if spec.makes is Medium.VIDEO and spec.model in PICTURE_MODELS:
            told = f"model {spec.model} makes pictures"
        elif spec.makes is Medium.IMAGE and spec.model in VIDEO_MODELS:
            told = f"model {spec.model} makes videos"
        else:
            return None
        fit = " or ".join(name for name in self._models if self._makes(name, spec.makes))
        wanted = "a video" if spec.makes is Medium.VIDEO else "a picture"
        return f"{told}; for {wanted} ask for {fit}" if fit else f"{told}; {_NO_MODEL[spec.makes]}"


_NO_MODEL: Final[Mapping[Medium | None, str]] = {
    Medium.VIDEO: "this key may ask for no model of videos",
    Medium.IMAGE: "this key may ask for no model of pictures",
    None: "this key may ask for no model",
}
