"""Declare the groups of settings; each field says its unit, its default and why."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic.dataclasses import dataclass

from rushes.data_folder import folder
from rushes.kit.address_rules import opening
from rushes.settings.written import Aliases, Listed
from rushes.webhooks.signing import Signer

CONFIG: Final = ConfigDict(extra="forbid", use_attribute_docstrings=True, validate_default=True)


def is_loopback(host: str) -> bool:
    """Return whether only programs on this machine can reach a server that listens on *host*."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("must be like 'https://video.example.org', without a query")
    return text.rstrip("/")


def _openings(entries: tuple[str, ...]) -> tuple[str, ...]:
    for entry in entries:
        opening(entry)
    return entries


def _signing(secret: SecretStr) -> SecretStr:
    Signer(secret.get_secret_value())
    return secret


BaseUrl = Annotated[str, AfterValidator(_base_url)]
Folder = Annotated[Path, AfterValidator(folder)]
Openings = Annotated[Listed, AfterValidator(_openings)]
Signing = Annotated[SecretStr, AfterValidator(_signing)]
Days = Annotated[float, Field(gt=0, le=36500, allow_inf_nan=False)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Server:
    """Address, links and authentication of the HTTP server."""

    host: str = "127.0.0.1"
    """Address to listen on. The default is reachable from this machine only."""

    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """TCP port to listen on. With 0 the server takes a free port and prints it."""

    processes: Annotated[int, Field(ge=1, le=64)] = 1
    """
    Processes that answer requests on the port. The first one also has the worker.

    More than one pays off when a processor is busy with requests. ``/metrics`` has the sums of all
    of them.
    """

    start_timeout_s: Annotated[float, Field(ge=0, le=3600)] = 60
    """
    Seconds for which ``serve`` and ``worker`` wait at their start for PostgreSQL and the object
    store. Then they end with an error. 0: they do not wait.
    """

    public_url: BaseUrl | None = None
    """
    Base URL of links to files, e.g. ``https://video.example.org``.

    When it is unset, links use the host name of the request. Set it behind a proxy that does not
    pass that name on, and for channels that fetch pictures from this server.
    """

    auth: bool = True
    """Require an API key. It can be turned off only while ``host`` is a loopback address."""

    body_limit_mb: Annotated[int, Field(ge=1, le=1024)] = 32
    """Largest request body, in MiB. The default holds two pictures of 10 MB in base64."""

    link_lifetime_s: Annotated[int, Field(ge=60)] = 86400
    """Seconds for which a link to a file works. The default is a day, as at Luma."""

    link_secret: Annotated[SecretStr, Field(min_length=32)] | None = None
    """
    Secret that signs links to files and for uploads, at least 32 characters.

    When it is unset, the server makes secrets and keeps them in the data folder. Servers with one
    database and separate data folders need the same ``link_secret`` and ``webhooks.secret``, or a
    link that one of them gives fails at another.
    """

    @model_validator(mode="after")
    def _is_not_open_to_the_network(self) -> "Server":
        if not self.auth and not is_loopback(self.host):
            raise ValueError(
                "auth can be off only on a loopback address such as 127.0.0.1,"
                f" and host is {self.host!r}"
            )
        return self


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Limits:
    """Rate limits of the server, in addition to the limits of each key."""

    requests_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 6000
    """
    Requests a minute with one key, other than requests for a generation; 0 means no limit.

    The default is high because clients poll: it allows one key 100 requests a second.
    """

    anonymous_requests_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 6000
    """
    Requests a minute from one IP address without a valid key; 0 means no limit.

    Downloads by link count too. The limit slows down clients that guess keys.
    """

    on_loopback: bool = False
    """Apply both limits to callers on this machine too. Useful behind a local proxy."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Animatic:
    """The built-in animatic engine, which draws previews."""

    enabled: bool = True
    """
    Make the models that no channel serves.

    When it is off, the server does not offer those models, so nobody mistakes a preview for a
    video.
    """

    threads: Annotated[int, Field(ge=1, le=64)] = 2
    """Threads of one render. More than 2 help little; raise ``worker.slots`` instead."""

    watermark: str | None = None
    """Text of a small mark in the corner of each video. When it is unset there is none."""

    credentials: bool = False
    """Sign videos with content credentials (C2PA); needs ``rushes[credentials]`` installed."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Network:
    """What the server may fetch for a caller, and where it may post webhooks."""

    allow: Openings = ()
    """
    Private addresses that the server may fetch pictures from and post webhooks to.

    Each entry is a network, an address or a host name; the last two may have a port:
    ``10.0.0.0/8``, ``10.1.2.3:9000``, ``minio.internal:9000``. The list is empty by default, so
    that no caller can reach your network through this server.
    """

    fetch_limit_mb: Annotated[int, Field(ge=1, le=1024)] = 20
    """Largest picture to fetch, in MiB. A JPEG of 40 megapixels is smaller than the default."""

    fetch_deadline_s: Seconds = 20.0
    """Seconds to fetch one picture, redirects included, so that no slow host holds up a worker."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Webhooks:
    """How the server signs and sends webhooks."""

    secret: Signing | None = None
    """
    Secret that signs webhooks: ``whsec_`` and the base64 of 24 to 64 bytes (Standard Webhooks).

    To rotate it, write several with spaces between them, the newest first. When it is unset the
    server makes one and keeps it in the data folder; ``rushes webhooks secret`` shows it.
    """

    deadline_s: Seconds = 10.0
    """Seconds for a receiver to answer one request."""

    concurrency: Annotated[int, Field(ge=1, le=1024)] = 16
    """Requests to receivers at the same time, so that one slow receiver delays no other."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Prompts:
    """The chat model that expands prompts for requests with ``expand_prompt``, and makes plans."""

    base_url: BaseUrl | None = None
    """An OpenAI-compatible API, e.g. ``http://127.0.0.1:11434/v1``; unset: built-in rules."""

    model: str | None = None
    """Name of the chat model. Needed with ``base_url``."""

    api_key: SecretStr | None = None
    """API key for ``base_url``, if it needs one."""

    deadline_s: Seconds = 8.0
    """
    Seconds to wait for the model. Then the server uses the caller's prompt, or the plan that the
    rules made, and the reply says so.
    """

    plan: Literal["rules", "chat_model"] = "rules"
    """
    What makes the shot plans of the animatic engine. With ``chat_model`` the model of ``base_url``
    corrects the plans of the built-in rules, which takes seconds instead of milliseconds.
    """

    @model_validator(mode="after")
    def _names_its_model(self) -> "Prompts":
        if (self.base_url is None) != (self.model is None):
            raise ValueError("base_url and model go together: set both, or neither")
        if self.plan == "chat_model" and self.base_url is None:
            raise ValueError('plan = "chat_model" needs base_url and model: set both')
        return self


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Dialects:
    """Behaviour that all APIs share."""

    unknown_fields: Literal["refuse", "report"] = "refuse"
    """
    What to do with a field that an API does not have, such as ``negative_prompt`` at Luma's.

    ``refuse`` answers with an error. ``report`` ignores the field, and names it in the header
    ``X-Ignored-Fields`` and in ``ignored_fields`` of ``/api/v1/generations``. A field with a
    picture, a video or a sound, such as ``image_url``, is always refused. ``/luma`` always ignores
    and names other fields.
    """


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Relay:
    """Which relay service the API under ``/luma`` imitates, where those services differ."""

    batch_format: Literal["array", "wrapped"] = "array"
    """Reply of ``POST /luma/tasks`` if the key sets none: a bare list, or a list in an object."""

    notify_format: Literal["superset", "official", "crazyrouter", "newapi"] = "superset"
    """Body of a ``notify_hook``. ``superset`` has the fields of all the others."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Models:
    """Names of models, and the folder of local models."""

    default: Annotated[str, Field(min_length=1)] = "ray-2"
    """Model of a request that names none."""

    aliases: Aliases = Field(default_factory=dict[str, str])
    """
    Other names of models: a table ``[models.aliases]``, e.g. ``"my-model" = "ray-2"``.

    In the environment variable, write ``my-model=ray-2, other=ray-3`` or a JSON object. An alias
    replaces a built-in alias of the same name. Luma's Agents API accepts no aliases.
    """

    folder: Folder | None = None
    """
    Folder of the local models that ``rushes models pull`` downloads; they take 0.1 to 126 GB each.

    When it is unset, it is ``models`` in the data folder.
    """


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Retention:
    """How long the server keeps things. Without a value they stay until someone deletes them."""

    artifacts_days: Days | None = None
    """
    Days until the files of a completed generation are deleted and its state becomes ``expired``.

    Fractions of a day work. Files that a waiting or running generation needs are kept.
    """

    artifacts_gb: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """Most GiB that all finished files may take. The oldest are deleted first."""

    generations_days: Days | None = None
    """Days until an ended generation is deleted with its files, events and deliveries."""

    events_days: Days | None = None
    """Days until the events of an ended generation are deleted."""

    deliveries_days: Days | None = None
    """Days until finished webhook deliveries are deleted. Events outlive their deliveries."""

    inputs_days: Days | None = None
    """
    Days until pictures that came inside requests are deleted, counted from their last use.

    Pictures of a generation that waits, runs or still has its files are kept.
    """

    uploads_days: Days | None = None
    """Days until uploaded files without an ``expires_at`` of their own are deleted."""

    every_s: Seconds = 600.0
    """
    Seconds between two garbage collections.

    Each one also deletes files that a crash left behind more than a day ago.
    """


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Metrics:
    """Metrics for a monitor, at ``/metrics``."""

    enabled: bool = True
    """Serve ``/metrics`` in Prometheus's text format."""

    token: SecretStr | None = None
    """
    Secret for reading metrics, sent as ``Authorization: Bearer <token>``.

    An operator's key works too. While ``server.host`` is a loopback address and
    ``server.public_url`` is unset, programs on this machine need neither.
    """


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Tracing:
    """OpenTelemetry traces, one for each generation. Needs ``rushes[tracing]`` installed."""

    endpoint: BaseUrl | None = None
    """
    Where to send spans, by OTLP over HTTP, e.g. ``http://127.0.0.1:4318/v1/traces``.

    When it is unset there are no traces, and OpenTelemetry is not loaded.
    """

    tell_upstreams: bool = False
    """Send ``traceparent`` to upstreams. Off: upstreams could link your requests by it."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Health:
    """When the server reports that it is ready."""

    free_mb: Annotated[int, Field(ge=0)] = 256
    """MiB that must be free on the disk of the data folder for the server to be ready."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Log:
    """Log lines on standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """Lowest level that is written."""

    json: bool = False
    """Write one JSON object a line instead of text."""
