"""
Every knob of the server, with its unit, its default and its reason.

A value comes from the first of these that names it: a flag, the environment
(``RUSHES_GROUP__FIELD``), a ``rushes.toml``, the default written here. The file is the one given
with ``--config`` or ``RUSHES_CONFIG``, else ``rushes.toml`` in the working directory, else
``rushes.toml`` in the data folder. Nothing else in the house reads the environment.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import field, fields, is_dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.dataclasses import dataclass
from pydantic_core import ErrorDetails

from rushes.core.errors import SettingsError
from rushes.kit.layers import Layer, from_flags, from_toml, from_variables, merged
from rushes.kit.netrules import opening
from rushes.webhooks.sign import Signer

PREFIX: Final = "RUSHES_"
FILE: Final = "rushes.toml"
KEY_VARIABLE: Final = "RUSHES_KEY"
"""Holds the key of ``rushes generate --server``, off the command line; no setting of a server."""

_FILE_VARIABLE: Final = "RUSHES_CONFIG"
_CONFIG: Final = ConfigDict(extra="forbid", use_attribute_docstrings=True, validate_default=True)


def cores() -> int:
    """Return how many CPU cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_loopback(host: str) -> bool:
    """Tell whether only programs on this machine can reach a server that listens on *host*."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _half_the_cores() -> int:
    return max(1, cores() // 2)


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("must be like 'https://video.example.org', without a query")
    return text.rstrip("/")


def _listed(value: object) -> object:
    """Let a list be written as ``a, b`` where there are only strings."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _openings(entries: tuple[str, ...]) -> tuple[str, ...]:
    for entry in entries:
        opening(entry)
    return entries


def _folder(path: Path) -> Path:
    return path.expanduser().absolute()


def _signing(secret: SecretStr) -> SecretStr:
    Signer(secret.get_secret_value())
    return secret


BaseUrl = Annotated[str, AfterValidator(_base_url)]
Folder = Annotated[Path, AfterValidator(_folder)]
Openings = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_openings)]
Signing = Annotated[SecretStr, AfterValidator(_signing)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Server:
    """How the API is reached."""

    host: str = "127.0.0.1"
    """Address to listen on. Loopback unless you say otherwise: a new server is private."""

    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """TCP port to listen on; 0 takes a free one and prints it."""

    public_url: BaseUrl | None = None
    """
    Base URL that goes into links to files, e.g. ``https://video.example.org``.

    Unset, links follow the host that the caller used, which is right unless a proxy hides it.
    """

    auth: bool = True
    """Ask for an API key. Can be turned off on a loopback address only."""

    body_limit_mb: Annotated[int, Field(ge=1, le=1024)] = 32
    """Largest request body in MiB: two inline pictures of ten megabytes, in base64, fit."""

    link_lifetime_s: Annotated[int, Field(ge=60)] = 86400
    """Seconds for which a link to a file is good; a day, as the services we stand in for have."""

    @model_validator(mode="after")
    def _is_not_open_to_the_network(self) -> "Server":
        if not self.auth and not is_loopback(self.host):
            raise ValueError(
                "auth can be off only on a loopback address such as 127.0.0.1,"
                f" and host is {self.host!r}"
            )
        return self


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Worker:
    """How generations are run."""

    enabled: bool = True
    """Whether ``rushes serve`` also renders; off where ``rushes worker`` does it elsewhere."""

    slots: Annotated[int, Field(ge=1, le=256)] = field(default_factory=_half_the_cores)
    """Renders at once; by default half the cores, for one render keeps about two busy."""

    lease_s: Seconds = 15.0
    """Seconds after which another worker takes over from one that no longer renews its claim."""

    max_attempts: Annotated[int, Field(ge=1, le=100)] = 5
    """Attempts before a generation is failed; only temporary errors and crashes are repeated."""

    render_timeout_s: Seconds = 900.0
    """Seconds that one attempt may take; the longest clip we know takes a fraction of it."""

    stop_grace_s: Annotated[float, Field(ge=0)] = 5.0
    """Seconds that a stop waits for renders; what is not done is given back to the queue."""


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Animatic:
    """The built-in renderer."""

    threads: Annotated[int, Field(ge=1, le=64)] = 2
    """Threads of one render; more than two help little, more slots help more."""

    watermark: str | None = None
    """Text of a small mark in the corner of ``video``; unset, there is none."""

    credentials: bool = False
    """Sign videos with content credentials (C2PA); needs ``rushes[credentials]`` installed."""


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Network:
    """What may be fetched for a caller."""

    allow: Openings = ()
    """
    Addresses that pictures and webhooks may be at although they are not public.

    Entries are networks, addresses or names, the last two with a port if you like:
    ``10.0.0.0/8``, ``10.1.2.3:9000``, ``minio.internal:9000``. Empty by default: a caller must not
    reach the inside of your network through this server.
    """

    fetch_limit_mb: Annotated[int, Field(ge=1, le=1024)] = 20
    """Largest picture to fetch, in MiB; a 40 megapixel JPEG stays under it."""

    fetch_deadline_s: Seconds = 20.0
    """Seconds for one picture, redirects included; a slow host must not hold a worker."""


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Webhooks:
    """How callers are told."""

    secret: Signing | None = None
    """
    Signs webhooks: ``whsec_`` and the base64 of 24 to 64 bytes (Standard Webhooks).

    While receivers change over, several with spaces between them, the newest first. Unset, one is
    made and kept with the data; ``rushes webhooks secret`` shows it.
    """

    deadline_s: Seconds = 10.0
    """Seconds for a receiver to answer one try."""

    concurrency: Annotated[int, Field(ge=1, le=1024)] = 16
    """Deliveries under way at once; one slow receiver must not hold up the others."""


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Prompts:
    """Who expands a prompt when ``expand_prompt`` is asked for."""

    base_url: BaseUrl | None = None
    """An OpenAI-compatible endpoint, e.g. ``http://127.0.0.1:11434/v1``; unset: built in."""

    model: str | None = None
    """The chat model to ask; needed with ``base_url``."""

    api_key: SecretStr | None = None
    """The endpoint's key, if it wants one."""

    deadline_s: Seconds = 8.0
    """Seconds after which the caller's own prompt is used instead, and the reply says so."""

    @model_validator(mode="after")
    def _names_its_model(self) -> "Prompts":
        if (self.base_url is None) != (self.model is None):
            raise ValueError("base_url and model go together: set both, or neither")
        return self


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Relay:
    """Where the relays that we stand in for differ from each other."""

    batch_format: Literal["array", "wrapped"] = "array"
    """What ``POST /luma/tasks`` answers when the key does not say: a bare list, or an envelope."""

    notify_format: Literal["superset", "official", "crazyrouter", "newapi"] = "superset"
    """The body of a ``notify_hook``; the superset carries the fields of all the others."""


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Models:
    """What can be asked for."""

    default: Annotated[str, Field(min_length=1)] = "ray-2"
    """The model of a request that names none."""


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Log:
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important lines that are still written."""

    json: bool = False
    """One JSON object a line, for machines, instead of text for people."""


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Settings:
    """All of it."""

    data: Folder = Path("rushes-data")
    """Folder for the database, the files and the server's own secrets; made when missing."""

    server: Server = field(default_factory=Server)
    worker: Worker = field(default_factory=Worker)
    animatic: Animatic = field(default_factory=Animatic)
    network: Network = field(default_factory=Network)
    webhooks: Webhooks = field(default_factory=Webhooks)
    prompts: Prompts = field(default_factory=Prompts)
    relay: Relay = field(default_factory=Relay)
    models: Models = field(default_factory=Models)
    log: Log = field(default_factory=Log)


def values(settings: Settings) -> dict[str, object]:
    """Return every value by its dotted name, e.g. ``server.port``; secrets stay wrapped."""
    found: dict[str, object] = {}
    for top in fields(settings):
        value: object = getattr(settings, top.name)
        if is_dataclass(value):
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


def load(
    *, config_file: Path | None = None, overrides: Mapping[str, object] | None = None
) -> Settings:
    """
    Return the settings of this process.

    Args:
        config_file: Read this file, and no other.

        overrides: Values by dotted name, e.g. ``{"server.port": 0}``; None stands for not given.

    Raises:
        SettingsError: Something does not work; the message lists every mistake with its place.
    """
    return load_with_sources(config_file=config_file, overrides=overrides).settings


def load_with_sources(
    *, config_file: Path | None = None, overrides: Mapping[str, object] | None = None
) -> Loaded:
    """Do as :func:`load` does, and tell where each value came from. Raises SettingsError."""
    flags = from_flags(overrides or {}, flag)
    others = {KEY_VARIABLE, _FILE_VARIABLE}
    environ = {k: v for k, v in os.environ.items() if k not in others}
    environment = from_variables(environ, prefix=PREFIX, names=NAMES, spell=variable)
    data = _folder(
        Path(flags.values.get("data") or environment.values.get("data") or Settings().data)
    )
    path = _file(config_file or os.environ.get(_FILE_VARIABLE), data)
    file = from_toml(path, names=NAMES) if path else Layer()
    mistakes = [*file.mistakes, *environment.mistakes, *flags.mistakes]
    if path == data / FILE and "data" in file.values:
        mistakes.append(f"{path}: data: a file inside the data folder cannot say where that is")
    tree, spelling = merged((file, environment, flags))
    try:
        settings = TypeAdapter(Settings).validate_python(tree)
    except ValidationError as error:
        mistakes += [_sentence(detail, spelling) for detail in error.errors()]
        raise _wrong(mistakes) from None
    if mistakes:
        raise _wrong(mistakes)
    return Loaded(settings=settings, sources=dict.fromkeys(NAMES, "default") | spelling, file=path)


def _wrong(mistakes: Sequence[str]) -> SettingsError:
    return SettingsError("\n  ".join(["the settings do not work:", *mistakes]))


def _file(asked: Path | str | None, data: Path) -> Path | None:
    if asked:
        return Path(asked).expanduser()
    return next((path for path in (Path(FILE), data / FILE) if path.is_file()), None)


def _sentence(detail: ErrorDetails, spelling: Mapping[str, str]) -> str:
    name = ".".join(str(part) for part in detail["loc"][:2])
    message = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    if detail["type"] == "bool_parsing":
        message = "must be true or false"
    elif detail["type"] in {"int_parsing", "float_parsing"}:
        message = "must be a number"
    if name not in NAMES:  # the values of a group do not go together
        given = [spelled for key, spelled in spelling.items() if key.startswith(f"{name}.")]
        return f"{', '.join(given)}: {message}"
    shown = "" if name in _SECRETS else f", not {detail['input']!r}"
    return f"{spelling.get(name, name)}: {message}{shown}"


_SECRETS: Final = frozenset({"webhooks.secret", "prompts.api_key"})
