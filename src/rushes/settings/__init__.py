"""
Every knob of the server, with its unit, its default and its reason.

A value comes from the first of these that names it: a flag, the environment
(``RUSHES_GROUP__FIELD``), a ``rushes.toml``, the default written here. The file is the one given
with ``--config`` or ``RUSHES_CONFIG``, else ``rushes.toml`` in the working directory, else
``rushes.toml`` in the data folder. Channels are in that file and nowhere else. Nothing else in the
house reads the environment.
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import field, fields, is_dataclass, replace
from pathlib import Path
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from pydantic_core import ErrorDetails

from rushes.core.errors import SettingsError
from rushes.core.keys import KEY_VARIABLE
from rushes.data_folder import DEFAULT_FOLDER, FILE, FILE_VARIABLE, folder, settings_file
from rushes.kit.config_layers import Layer, from_flags, from_toml, from_variables, merged
from rushes.service.catalogue import ALIASES, MODELS
from rushes.settings import channel_tables
from rushes.settings.channels import ChannelSettings
from rushes.settings.groups import (
    CONFIG,
    Animatic,
    Dialects,
    Folder,
    Health,
    Limits,
    Log,
    Metrics,
    Models,
    Network,
    Prompts,
    Relay,
    Retention,
    Server,
    Tracing,
    Webhooks,
    Worker,
    cores,
    half_the_cores,
    is_loopback,
)
from rushes.settings.prices import Credits, unknown_channels

__all__ = [
    "CHANNELS",
    "FILE",
    "NAMES",
    "PREFIX",
    "Animatic",
    "ChannelSettings",
    "Credits",
    "Dialects",
    "Health",
    "Limits",
    "Loaded",
    "Log",
    "Metrics",
    "Models",
    "Network",
    "Prompts",
    "Relay",
    "Retention",
    "Server",
    "Settings",
    "Tracing",
    "Webhooks",
    "Worker",
    "cores",
    "flag",
    "half_the_cores",
    "is_loopback",
    "load",
    "load_with_sources",
    "values",
    "variable",
]

PREFIX: Final = "RUSHES_"
CHANNELS: Final = "channels"
"""What the tables of channels begin with; theirs are not among :data:`NAMES`."""

SLATE_SLOTS: Final = 16
"""Many, for jobs of the slate engine may wait as long as their prompt says."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Settings:
    """All of it."""

    data: Folder = DEFAULT_FOLDER
    """Folder for the database, the files and the server's own secrets; made when missing."""

    engine: Literal["animatic", "slate"] = "animatic"
    """
    The built-in renderer: it makes what no channel serves.

    ``animatic`` draws a preview. ``slate`` delivers a clapperboard card in a fraction of a second
    and obeys directives such as ``[fail: moderation]`` in prompts; it is for tests of clients.
    """

    server: Server = field(default_factory=Server)
    limits: Limits = field(default_factory=Limits)
    worker: Worker = field(default_factory=Worker)
    animatic: Animatic = field(default_factory=Animatic)
    network: Network = field(default_factory=Network)
    webhooks: Webhooks = field(default_factory=Webhooks)
    prompts: Prompts = field(default_factory=Prompts)
    dialects: Dialects = field(default_factory=Dialects)
    relay: Relay = field(default_factory=Relay)
    models: Models = field(default_factory=Models)
    credits: Credits = field(default_factory=Credits)
    retention: Retention = field(default_factory=Retention)
    metrics: Metrics = field(default_factory=Metrics)
    tracing: Tracing = field(default_factory=Tracing)
    health: Health = field(default_factory=Health)
    log: Log = field(default_factory=Log)
    channels: dict[str, ChannelSettings] = field(default_factory=dict[str, ChannelSettings])
    """By name: who makes which models. Empty: the built-in renderer makes them all."""

    @property
    def slots(self) -> int:
        """How many generations are rendered here at once."""
        usual = SLATE_SLOTS if self.engine == "slate" else half_the_cores()
        return self.worker.slots or usual


def values(settings: Settings) -> dict[str, object]:
    """Return every value by its dotted name, e.g. ``server.port``; secrets stay wrapped."""
    found: dict[str, object] = {}
    for top in fields(settings):
        value: object = getattr(settings, top.name)
        if top.name == CHANNELS:
            for name, one in settings.channels.items():
                found |= {f"{CHANNELS}.{name}.{f.name}": getattr(one, f.name) for f in fields(one)}
        elif is_dataclass(value):
            found |= {f"{top.name}.{f.name}": getattr(value, f.name) for f in fields(value)}
        else:
            found[top.name] = value
    return found


NAMES: Final = tuple(values(Settings()))
"""The dotted name of every setting, e.g. ``server.port``."""


def variable(name: str) -> str:
    """Return the environment variable of a setting: ``RUSHES_SERVER__PORT``."""
    return PREFIX + name.upper().replace(".", "__")


def flag(name: str) -> str:
    """Return the flag of a setting, where a command has one: ``--port``."""
    return _FLAGS.get(name, "--" + name.rpartition(".")[2].replace("_", "-"))


_FLAGS: Final = {"server.auth": "--no-auth", "worker.enabled": "--no-worker"}


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """Settings together with where each of their values came from."""

    settings: Settings
    sources: dict[str, str]
    """Dotted name to the file, variable or flag, or ``default``."""

    file: Path | None
    """The file that was read."""


NeedsKeys = Callable[[Settings | None], bool]
"""Returns whether a command with these settings talks to channels; None: they could not be read."""


def _always(_settings: Settings | None) -> bool:
    return True


def load(
    *,
    config_file: Path | None = None,
    overrides: Mapping[str, object] | None = None,
    needs_keys: NeedsKeys = _always,
) -> Settings:
    """
    Return the settings of this process.

    Args:
        config_file: Read this file, and no other.

        overrides: Values by dotted name, e.g. ``{"server.port": 0}``; None stands for not given.

        needs_keys: Whether it is a mistake that the key of a channel is not where it should be.

    Raises:
        SettingsError: Something does not work; the message lists every mistake with its place.
    """
    return load_with_sources(
        config_file=config_file, overrides=overrides, needs_keys=needs_keys
    ).settings


def load_with_sources(
    *,
    config_file: Path | None = None,
    overrides: Mapping[str, object] | None = None,
    needs_keys: NeedsKeys = _always,
) -> Loaded:
    """Do as :func:`load` does, and tell where each value came from. Raises SettingsError."""
    flags = from_flags(overrides or {}, flag)
    told = os.environ.get(variable("data"))
    data = folder(Path(flags.values.get("data") or told or DEFAULT_FOLDER))
    path = settings_file(config_file, data)
    file = from_toml(path, names=NAMES, apart=(CHANNELS,)) if path else Layer()
    channels = channel_tables.read(
        file.apart.get(CHANNELS, {}), place=file.place, environ=os.environ
    )
    environment = _environment(others=channel_tables.variables(file.apart.get(CHANNELS, {})))
    mistakes = [*file.mistakes, *channels.mistakes, *environment.mistakes, *flags.mistakes]
    if path == data / FILE and "data" in file.values:
        why = "a file inside the data folder cannot say where that is"
        mistakes.append(f"{file.spelling['data']}: {why}")
    tree, spelling = merged((file, environment, flags))
    try:
        settings = TypeAdapter(Settings).validate_python({**tree, CHANNELS: channels.channels})
    except ValidationError as error:
        mistakes += channels.absent if needs_keys(None) else ()
        mistakes += [_sentence(detail, spelling) for detail in error.errors()]
        raise _wrong(mistakes) from None
    mistakes += channels.absent if needs_keys(settings) else ()
    if not channels.mistakes:
        mistakes += _unserved(settings, spelling)
    if mistakes:
        raise _wrong(mistakes)
    sources = dict.fromkeys(values(settings), "default") | spelling | channels.spelling
    return Loaded(settings=settings, sources=sources, file=path)


def _environment(*, others: Collection[str]) -> Layer:
    """Return what our variables say; *others* are ours in name, and no settings."""
    ours = {k: v for k, v in os.environ.items() if k not in {KEY_VARIABLE, FILE_VARIABLE, *others}}
    begin = f"{PREFIX}{CHANNELS.upper()}_"
    lost = tuple(k for k in ours if k.startswith(begin))
    for name in lost:
        del ours[name]
    layer = from_variables(ours, prefix=PREFIX, names=NAMES, spell=variable)
    why = f"channels are set in {FILE} only; their keys come from variables that you name there"
    return replace(layer, mistakes=(*layer.mistakes, *(f"{name}: {why}" for name in lost)))


def _unserved(settings: Settings, spelling: Mapping[str, str]) -> Iterator[str]:
    """Yield what speaks against the channels as a whole."""
    offered = {name for one in settings.channels.values() for name in one.models}
    if settings.animatic.enabled or settings.engine != "animatic":
        offered.update(MODELS)
    makers = [*settings.channels, *channel_tables.BUILT_IN]
    for why in unknown_channels(settings.credits.prices, makers):
        yield f"{spelling.get('credits.prices', 'credits.prices')}: {why}"
    default = settings.models.default.strip().lower()
    if not offered:
        place = spelling.get("animatic.enabled", "animatic.enabled")
        yield f"{place}: no channel serves anything, so nothing could be made; set one up"
    aliases = settings.models.aliases
    known = ", ".join(sorted(offered))
    meant = {**ALIASES, **aliases}.get(default, default)
    if offered and "models.default" in spelling and meant not in offered:
        yield f"{spelling['models.default']}: must be one of {known}, not {default!r}"
    for alias, model in aliases.items():
        place = spelling.get("models.aliases", "models.aliases")
        if alias in offered:
            yield f"{place}: {alias} is a model itself"
        elif offered and model not in offered:
            yield f"{place}: {alias} must be one of {known}, not {model!r}"


def _wrong(mistakes: Sequence[str]) -> SettingsError:
    return SettingsError("\n  ".join(["the settings do not work:", *mistakes]))


def _sentence(detail: ErrorDetails, spelling: Mapping[str, str]) -> str:
    name = ".".join(str(part) for part in detail["loc"][:2])
    message = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    if len(detail["loc"]) > 3:  # of one table among several
        message = f"rule {int(detail['loc'][2]) + 1}: {detail['loc'][3]} {message}"
    if detail["type"] == "bool_parsing":
        message = "must be true or false"
    elif detail["type"] in {"int_parsing", "float_parsing"}:
        message = "must be a number"
    if name not in NAMES:  # the values of a group do not go together
        given = [spelled for key, spelled in spelling.items() if key.startswith(f"{name}.")]
        return f"{', '.join(given)}: {message}"
    is_told = name in _SECRETS or ", not " in message
    shown = "" if is_told else f", not {detail['input']!r}"
    return f"{spelling.get(name, name)}: {message}{shown}"


_SECRETS: Final = frozenset({"webhooks.secret", "prompts.api_key", "metrics.token"})
