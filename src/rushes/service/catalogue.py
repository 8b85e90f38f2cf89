"""List the models on offer, and find the channels that can make a spec."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rushes.core.capabilities import Capabilities, union
from rushes.core.errors import InvalidRequest
from rushes.core.generation import Generation
from rushes.core.spec import GenerationSpec, Kind, Medium
from rushes.engines.base import Channel, capable_channels
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
"""Names that real clients use for models, and the canonical names."""

VIDEO_MODELS: Final = ("ray-1-6", "ray-2", "ray-flash-2", "ray-3")
PICTURE_MODELS: Final = ("photon-1", "photon-flash-1", "uni-1", "uni-1-max")
MODELS: Final = VIDEO_MODELS + PICTURE_MODELS
"""The models that a server offers without configuration."""

DEFAULT_MODEL: Final = "ray-2"
DEFAULT_PICTURE_MODEL: Final = "photon-1"

MOST_VIEWS: Final = 256
"""The number of cached restricted catalogues: one for each set of models that keys have."""

_OF_PICTURES: Final = (Kind.IMAGE, Kind.REFRAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model on offer, and the channels that serve it."""

    name: str
    channels: tuple[Channel, ...]
    """At least one, in the order of their priority, and fallbacks last."""

    aliases: tuple[str, ...] = field(default=())

    @property
    def engine(self) -> str:
        """The names of its engines, as replies show them."""
        return ", ".join(dict.fromkeys(channel.engine.name for channel in self.channels))

    @property
    def capabilities(self) -> Capabilities:
        """The union of its channels' capabilities."""
        return union(channel.engine.capabilities for channel in self.channels)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of work of its channels, without those that contradict the model's name."""
        able = self.capabilities.kinds
        if self.name in PICTURE_MODELS:
            return tuple(kind for kind in able if kind in _OF_PICTURES)
        if self.name in VIDEO_MODELS:
            return tuple(kind for kind in able if kind is not Kind.IMAGE)
        return able


class Catalogue:
    """
    Holds the models on offer, and checks specs against them.

    Args:
        default: The model of a request without one.

        aliases: Other names of models, in addition to :data:`ALIASES`, which they override.

        only: The models to offer; None: all models of the channels.
    """

    def __init__(
        self,
        channels: Sequence[Channel],
        *,
        default: str = DEFAULT_MODEL,
        aliases: Mapping[str, str] | None = None,
        only: frozenset[str] | None = None,
    ) -> None:
        self._default_name, self._aliases, self._offers = default, aliases, only
        self.replace_channels(channels)

    def replace_channels(self, channels: Sequence[Channel]) -> None:
        """Offer the models of these channels from now on."""
        default, aliases, only = self._default_name, self._aliases, self._offers
        self._all_channels = channels
        self._only: dict[frozenset[str], Catalogue] = {}
        served = dict.fromkeys(name for channel in channels for name in channel.models)
        offered = [name for name in served if only is None or name in only]
        self._channels = {name: _serving(channels, name) for name in offered}
        pictures = [name for name in offered if name in PICTURE_MODELS]
        names = {**ALIASES, **(aliases or {})}
        default = names.get(default.strip().lower(), default)
        self._default = default if default in offered else next(iter(offered), default)
        self._default_picture = (
            DEFAULT_PICTURE_MODEL
            if DEFAULT_PICTURE_MODEL in offered
            else next(iter(pictures), self._default)
        )
        self._names = {alias: name for alias, name in names.items() if name in offered} | {
            name: name for name in offered
        }
        self._models = {name: self._model(name) for name in offered}
        self._capabilities = {name: model.capabilities for name, model in self._models.items()}

    def _model(self, name: str) -> Model:
        aliases = tuple(a for a, canonical in self._names.items() if canonical == name != a)
        return Model(name=name, channels=self._channels[name], aliases=aliases)

    def models(self) -> tuple[Model, ...]:
        """Return every model with its aliases."""
        return tuple(self._models.values())

    def restricted_to(self, names: frozenset[str] | None) -> "Catalogue":
        """Return a catalogue with only the models in *names*; None: this one."""
        if names is None:
            return self
        if (view := self._only.get(names)) is None:
            if len(self._only) >= MOST_VIEWS:
                self._only.clear()
            view = self._only[names] = Catalogue(
                self._all_channels, default=self._default_name, aliases=self._aliases, only=names
            )
        return view

    def canonical(self, names: Iterable[str], *, param: str = "models") -> frozenset[str]:
        """Return the canonical names of models. Raises InvalidRequest for an unknown one."""
        return frozenset(self.resolve(name, param=param, makes=None) for name in names)

    def resolve(
        self, name: str | None, *, param: str = "model", makes: Medium | None = Medium.VIDEO
    ) -> str:
        """
        Return the canonical name of a model; of the default model for *makes* if *name* is None.

        Args:
            makes: The medium that the model must make; None: any.

        Raises:
            InvalidRequest: There is no such model; the message lists the models for this medium.
        """
        default = self._default_picture if makes is Medium.IMAGE else self._default
        wanted = name or default
        canonical = self._names.get(wanted) or self._names.get(wanted.strip().lower())
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
        """Return the capabilities of *model*. Raises InvalidRequest if it is not on offer."""
        return self._capabilities[self.resolve(model)]

    def capable_channels(
        self, spec: GenerationSpec, parents: Sequence[Generation] = ()
    ) -> tuple[Channel, ...]:
        """Return the channels that can make *spec*; *parents* as for :meth:`refusals`."""
        return capable_channels(self._channels[self.resolve(spec.model)], spec, parents)

    def refusals(
        self, spec: GenerationSpec, parents: Sequence[Generation] = ()
    ) -> tuple[tuple[str, str], ...]:
        """
        Return the reasons why no channel can make *spec*: field names with sentences.

        They are the reasons of the channel with the fewest.

        Args:
            parents: The generations of ``spec.parents``.
        """
        model = self.resolve(spec.model)
        wrong = self._wrong_model(spec)
        problems = [channel.problems(spec, parents) for channel in self._channels[model]]
        nearest = min(problems, key=len)
        return (*((("model", wrong),) if wrong else ()), *nearest)

    def _wrong_model(self, spec: GenerationSpec) -> str | None:
        """Refuse a model whose name says that it makes something else."""
        makes = spec.makes
        if makes is Medium.VIDEO and spec.model in PICTURE_MODELS:
            problem = f"model {spec.model} makes pictures"
        elif makes is Medium.IMAGE and spec.model in VIDEO_MODELS:
            problem = f"model {spec.model} makes videos"
        else:
            return None
        fit = " or ".join(name for name in self._models if self._makes(name, makes))
        wanted = "a video" if makes is Medium.VIDEO else "a picture"
        return f"{problem}; for {wanted} ask for {fit}" if fit else f"{problem}; {_NO_MODEL[makes]}"


def _serving(channels: Sequence[Channel], model: str) -> tuple[Channel, ...]:
    """Return the channels of a model by falling priority, and fallbacks last."""
    serving = [channel for channel in channels if model in channel.models]
    return tuple(sorted(serving, key=lambda one: (model in one.fallback_for, -one.priority)))


_NO_MODEL: Final[Mapping[Medium | None, str]] = {
    Medium.VIDEO: "this key may ask for no model of videos",
    Medium.IMAGE: "this key may ask for no model of pictures",
    None: "this key may ask for no model",
}
