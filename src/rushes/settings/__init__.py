"""
Load the settings from flags, environment variables and ``rushes.toml``.

A value comes from the first of these that sets it: a flag, the environment
(``RUSHES_GROUP__FIELD``), ``rushes.toml``, the default. The file is the one given with
``--config`` or ``RUSHES_CONFIG``, else ``rushes.toml`` in the working directory, else
``rushes.toml`` in the data folder. Channels can be set only in that file. No other package reads
the environment.
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

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
from rushes.settings.former_names import FORMER_NAMES, with_present_names
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
    is_loopback,
)
from rushes.settings.media import Media
from rushes.settings.prices import Credits, unknown_channels
from rushes.settings.store import Store
from rushes.settings.worker import Worker, cores, half_the_cores

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
    "Media",
    "Metrics",
    "Models",
    "Network",
    "Prompts",
    "Relay",
    "Retention",
    "Server",
    "Settings",
    "Store",
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
"""Name of the table of channels. Its settings are not among :data:`NAMES`."""

SLATE_SLOTS: Final = 16
"""Default slots with the slate engine: many, because its jobs may wait as their prompts say."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Settings:
    """All settings of a server."""

    data: Folder = DEFAULT_FOLDER
    """Folder for the database, files and the server's own secrets. It is created if missing."""

    engine: Literal["animatic", "slate"] = "animatic"
    """
    The built-in engine, which makes the models that no channel serves.

    ``animatic`` draws previews. ``slate`` is for tests of clients: it returns a clapperboard card
    in a fraction of a second and obeys directives in prompts, such as ``[fail: moderation]``.
    """

    server: Server = field(default_factory=Server)
    store: Store = field(default_factory=Store)
    limits: Limits = field(default_factory=Limits)
    media: Media = field(default_factory=Media)
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
    """The channels, by name. If there are none, the built-in engine makes all models."""

    @property
    def slots(self) -> int:
        """How many generations the built-in engine renders at the same time."""
        default = SLATE_SLOTS if self.engine == "slate" else half_the_cores()
        return self.worker.slots or default


def values(settings: Settings) -> dict[str, object]:
    """Return every value by its dotted name, e.g. ``server.port``. Secrets stay hidden."""
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

_ACCEPTED: Final = (*NAMES, *FORMER_NAMES)


def variable(name: str) -> str:
    """Return the environment variable of a setting: ``RUSHES_SERVER__PORT``."""
    return PREFIX + name.upper().replace(".", "__")


def flag(name: str) -> str:
    """Return the flag of a setting, where a command has one: ``--port``."""
    return _FLAGS.get(name, "--" + name.rpartition(".")[2].replace("_", "-"))


_FLAGS: Final = {"server.auth": "--no-auth", "worker.enabled": "--no-worker"}


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The settings, and the origin of each value."""

    settings: Settings
    sources: dict[str, str]
    """Dotted name to the file, variable or flag, or ``default``."""

    file: Path | None
    """The settings file, if there was one."""

    warnings: tuple[str, ...] = ()
    """Settings with the names of the last release, one sentence each."""


NeedsKeys = Callable[[Settings | None], bool]
"""Returns whether a command with these settings needs keys of channels; None: unreadable."""


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
        config_file: Read this file instead of searching for one.

        overrides: Values of flags by dotted name, e.g. ``{"server.port": 0}``; None: not given.

        needs_keys: Returns whether a missing key of a channel is a mistake.

    Raises:
        SettingsError: The settings are wrong. The message lists every mistake with its place.
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
    """Load settings as :func:`load` does, with the source of each value. Raises SettingsError."""
    flags = from_flags(overrides or {}, flag)
    variable_value = os.environ.get(variable("data"))
    data = folder(Path(flags.values.get("data") or variable_value or DEFAULT_FOLDER))
    path = settings_file(config_file, data)
    file = from_toml(path, names=_ACCEPTED, apart=(CHANNELS,)) if path else Layer()
    file, file_warnings = with_present_names(file)
    channels = channel_tables.read(
        file.apart.get(CHANNELS, {}), place=file.place, environ=os.environ
    )
    environment = _environment(others=channel_tables.variables(file.apart.get(CHANNELS, {})))
    environment, environment_warnings = with_present_names(environment)
    mistakes = [*file.mistakes, *channels.mistakes, *environment.mistakes, *flags.mistakes]
    if path == data / FILE and "data" in file.values:
        why = "a file inside the data folder cannot say where that is"
        mistakes.append(f"{file.spelling['data']}: {why}")
    tree, spelling = merged((file, environment, flags))
    tree, spelling = _with_aws_variables(tree, spelling)
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
    warnings = (*file_warnings, *channels.warnings, *environment_warnings)
    return Loaded(settings=settings, sources=sources, file=path, warnings=warnings)


def _environment(*, others: Collection[str]) -> Layer:
    """Read the ``RUSHES_`` variables. *others* have the prefix and are no settings."""
    ours = {k: v for k, v in os.environ.items() if k not in {KEY_VARIABLE, FILE_VARIABLE, *others}}
    begin = f"{PREFIX}{CHANNELS.upper()}_"
    lost = tuple(k for k in ours if k.startswith(begin))
    for name in lost:
        del ours[name]
    layer = from_variables(ours, prefix=PREFIX, names=_ACCEPTED, spell=variable)
    why = f"channels are set in {FILE} only; their keys come from variables that you name there"
    return replace(layer, mistakes=(*layer.mistakes, *(f"{name}: {why}" for name in lost)))


_AWS: Final = {
    "endpoint": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
    "region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
}
_AWS_KEYS: Final = {
    "access_key_id": ("AWS_ACCESS_KEY_ID",),
    "secret_access_key": ("AWS_SECRET_ACCESS_KEY",),
    "session_token": ("AWS_SESSION_TOKEN",),
}


def _with_aws_variables(
    tree: dict[str, Any], spelling: dict[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Add what the variables of Amazon's tools say about an S3 bucket, where nothing else does."""
    media: dict[str, Any] = tree.get("media", {})
    if not str(media.get("url", "")).startswith("s3:"):
        return tree, spelling
    wanted = _AWS if media.keys() & _AWS_KEYS.keys() else _AWS | _AWS_KEYS
    found = {
        name: next((one for one in variables if os.environ.get(one)), None)
        for name, variables in wanted.items()
        if name not in media
    }
    given = {name: one for name, one in found.items() if one is not None}
    return (
        {**tree, "media": {**media, **{name: os.environ[one] for name, one in given.items()}}},
        {**spelling, **{f"media.{name}": one for name, one in given.items()}},
    )


def _unserved(settings: Settings, spelling: Mapping[str, str]) -> Iterator[str]:
    """Yield mistakes that concern all channels together."""
    offered = {name for one in settings.channels.values() for name in one.models}
    if settings.animatic.enabled or settings.engine != "animatic":
        offered.update(MODELS)
    makers = [*settings.channels, *sorted(channel_tables.BUILT_IN)]
    for why in unknown_channels(settings.credits.prices, makers):
        yield f"{spelling.get('credits.prices', 'credits.prices')}: {why}"
    default = settings.models.default.strip().lower()
    if not offered:
        place = spelling.get("animatic.enabled", "animatic.enabled")
        yield f"{place}: no channel serves any model, so the server could make nothing; set one up"
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
    return SettingsError("\n  ".join(["the settings are wrong:", *mistakes]))


def _sentence(detail: ErrorDetails, spelling: Mapping[str, str]) -> str:
    name = ".".join(str(part) for part in detail["loc"][:2])
    message = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    if len(detail["loc"]) > 3:  # a row of a table
        message = f"rule {int(detail['loc'][2]) + 1}: {detail['loc'][3]} {message}"
    if detail["type"] == "bool_parsing":
        message = "must be true or false"
    elif detail["type"] in {"int_parsing", "float_parsing"}:
        message = "must be a number"
    if name not in NAMES:  # two values of a group contradict each other
        given = [spelled for key, spelled in spelling.items() if key.startswith(f"{name}.")]
        return f"{', '.join(given)}: {message}"
    is_hidden = name in _SECRETS or ", not " in message
    shown = "" if is_hidden else f", not {detail['input']!r}"
    return f"{spelling.get(name, name)}: {message}{shown}"


_SECRETS: Final = frozenset(
    {
        "webhooks.secret",
        "server.link_secret",
        "prompts.api_key",
        "metrics.token",
        "media.url",
        "media.secret_access_key",
        "media.session_token",
    }
)
