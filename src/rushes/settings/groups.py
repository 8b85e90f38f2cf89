"""The groups of settings: every knob with its unit, its default and its reason."""

import os
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


def half_the_cores() -> int:
    """Return half as many as there are CPU cores, at least one."""
    return max(1, cores() // 2)


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


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Limits:
    """How often callers may come, beyond what each key allows by itself."""

    requests_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 6000
    """
    Requests of one key a minute that ask for no generation; 0 is any number.

    Generous, for clients poll: a hundred that look twice a second share a key's default.
    """

    strangers_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 6000
    """
    Requests of one address a minute without a good key, links to files among them; 0 is any number.

    Who guesses at keys, or calls for nothing, gets no more of the server than this.
    """

    on_loopback: bool = False
    """Whether these two hold for callers on this machine too; a proxy here tells who calls it."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Worker:
    """How generations are run."""

    enabled: bool = True
    """Whether ``rushes serve`` also renders; off where ``rushes worker`` does it elsewhere."""

    slots: Annotated[int, Field(ge=1, le=256)] | None = None
    """
    Renders at once.

    Unset, half the cores, for one render keeps about two busy; 16 with ``engine = "slate"``, whose
    jobs mostly wait.
    """

    lease_s: Seconds = 15.0
    """Seconds after which another worker takes over from one that no longer renews its claim."""

    max_attempts: Annotated[int, Field(ge=1, le=100)] = 5
    """Attempts before a generation is failed; only temporary errors and crashes are repeated."""

    render_timeout_s: Seconds = 900.0
    """Seconds that one attempt may take; the longest clip we know takes a fraction of it."""

    stop_grace_s: Annotated[float, Field(ge=0)] = 5.0
    """Seconds that a stop waits for renders; what is not done is given back to the queue."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Animatic:
    """The built-in renderer."""

    enabled: bool = True
    """
    Whether it makes what no channel serves.

    Off, a model that no channel serves is not on offer, and nobody takes a preview for a video.
    """

    threads: Annotated[int, Field(ge=1, le=64)] = 2
    """Threads of one render; more than two help little, more slots help more."""

    watermark: str | None = None
    """Text of a small mark in the corner of ``video``; unset, there is none."""

    credentials: bool = False
    """Sign videos with content credentials (C2PA); needs ``rushes[credentials]`` installed."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
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


@dataclass(frozen=True, kw_only=True, config=CONFIG)
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


@dataclass(frozen=True, kw_only=True, config=CONFIG)
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


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Dialects:
    """What the APIs have in common."""

    unknown_fields: Literal["refuse", "report"] = "refuse"
    """
    What becomes of a field that an API does not list, such as ``negative_prompt`` at Luma's.

    ``refuse`` answers with an error. ``report`` ignores the field, and names it in the header
    ``X-Ignored-Fields`` and in ``ignored_fields`` of ``/api/v1/generations``. A field that brings
    a picture, a video or a sound, such as ``image_url``, is refused all the same. ``/luma``
    ignores and names all others, whatever is set here.
    """


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Relay:
    """Where the relays that we stand in for differ from each other."""

    batch_format: Literal["array", "wrapped"] = "array"
    """What ``POST /luma/tasks`` answers when the key does not say: a bare list, or an envelope."""

    notify_format: Literal["superset", "official", "crazyrouter", "newapi"] = "superset"
    """The body of a ``notify_hook``; the superset carries the fields of all the others."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Models:
    """What can be asked for."""

    default: Annotated[str, Field(min_length=1)] = "ray-2"
    """The model of a request that names none."""

    aliases: Aliases = Field(default_factory=dict[str, str])
    """
    Other names of models, as a table ``[models.aliases]``; Luma's Agents API has no other names.

    ``"my-model" = "ray-2"``. In the variable, ``my-model=ray-2, other=ray-3`` or a JSON object. An
    alias counts more than a built-in one of the same name.
    """


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Retention:
    """How long things are kept. What is unset is kept until somebody deletes it."""

    artifacts_days: Days | None = None
    """
    Days after which the files of a finished generation go, and it says ``expired``.

    Parts of a day are understood. What a generation that is under way goes on from stays.
    """

    artifacts_gb: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """GiB that all finished files may have together; those finished longest ago go first."""

    generations_days: Days | None = None
    """Days after which a generation that has ended is forgotten, with all that is known of it."""

    events_days: Days | None = None
    """Days after which what became true of a generation that has ended is forgotten."""

    deliveries_days: Days | None = None
    """Days after which webhooks that were settled are forgotten; an event goes after its own."""

    inputs_days: Days | None = None
    """
    Days after which pictures that came inside requests go, since somebody last named them.

    Those stay that a generation names which waits, runs, or still has its files.
    """

    uploads_days: Days | None = None
    """Days after which uploaded files go that have no ``expires_at`` of their own."""

    every_s: Seconds = 600.0
    """
    Seconds from one tidying to the next.

    It also removes what crashes have left, a day later, whatever else is set.
    """


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Metrics:
    """What a monitor may read at ``/metrics``."""

    enabled: bool = True
    """Whether there is ``/metrics``, in Prometheus's text format."""

    token: SecretStr | None = None
    """
    A secret with which a monitor may read them, as ``Authorization: Bearer <token>``.

    An operator's key is as good. On a loopback address, with no ``public_url``, programs on the
    same machine need neither.
    """


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Tracing:
    """Where traces go, one for each generation; needs ``rushes[tracing]`` installed."""

    endpoint: BaseUrl | None = None
    """
    Where to send spans, by OTLP over HTTP, e.g. ``http://127.0.0.1:4318/v1/traces``.

    Unset, there are none, and nothing of OpenTelemetry is loaded.
    """

    tell_upstreams: bool = False
    """Send a ``traceparent`` with requests to upstreams; off, for it tells them of each other."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Health:
    """When a server calls itself ready."""

    free_mb: Annotated[int, Field(ge=0)] = 256
    """MiB that must be free on the disk with the data; below it the server is not ready."""


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Log:
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important lines that are still written."""

    json: bool = False
    """One JSON object a line, for machines, instead of text for people."""
