"""The channels of a ``rushes.toml``: who makes which models, on which terms, with which key."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr
from pydantic.dataclasses import dataclass

from rushes.core.credit_amounts import MICRO
from rushes.settings.groups import CONFIG, BaseUrl, Folder, Seconds

KindName = Literal["relay", "dream-machine", "agents", "openai-videos", "lightx2v", "animatic"]
FlavourName = Literal["openai", "sglang", "vllm-omni", "fastvideo", "trtllm", "rushes"]


def _table(value: object) -> object:
    """Let models that have the same name on both sides be listed."""
    if isinstance(value, list | tuple):
        return {name: name for name in value}  # pyright: ignore[reportUnknownVariableType]  # judged next
    return value


Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[dict[Name, Name], BeforeValidator(_table), Field(min_length=1)]
Price = Annotated[
    Decimal, Field(ge=0, le=1_000_000, max_digits=13, decimal_places=6, allow_inf_nan=False)
]
Status = Annotated[int, Field(ge=400, le=599)]


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class ChannelSettings:
    """
    One channel: an account at a service that makes videos, or the built-in renderer.

    ``NAME`` is yours to choose: lower-case letters, digits and ``-``, up to 40 of them.
    """

    kind: KindName
    """
    Which API is spoken there; always needed.

    ``relay``: anything with ``/luma/generations``; ``dream-machine`` and ``agents``: Luma's own
    APIs; ``openai-videos``: anything with ``/v1/videos``; ``lightx2v``: LightX2V's tasks;
    ``animatic``: the built-in renderer, as a channel among the others.
    """

    base_url: BaseUrl | None = None
    """
    Where it is, e.g. ``http://10.0.0.5:30000/v1``, up to what all of its paths begin with.

    Luma's own address for ``dream-machine`` and ``agents``, needed for all others. It may be inside
    your network without being in ``network.allow``; the host of results that lie elsewhere may not.
    """

    key_env: str | None = None
    """Name of the environment variable that holds the key: a key in this file would get about."""

    key_file: Folder | None = None
    """File that holds the key and nothing else, e.g. a mounted secret; instead of ``key_env``."""

    key: SecretStr | None = None
    """What was found there. It cannot be written into this file, and prints as ``***``."""

    models: Names
    """
    What it serves: a list of names, or a table of our names and theirs.

    ``["ray-2"]`` or ``{ "ray-2" = "luma-ray2", "wan-2.2" = "Wan-AI/Wan2.2" }``. A model that a
    channel serves is made by channels only, never by a preview instead.
    """

    priority: int = 0
    """Of the channels that can do all of what was asked, those with the largest come first."""

    weight: Annotated[int, Field(ge=1, le=1000)] = 1
    """Of equals, one with weight 3 is chosen three times as often as one with weight 1."""

    concurrency: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """
    Generations that it works on at a time; the others wait here.

    By default 10 for services, 1 for ``openai-videos`` and ``lightx2v``, which are mostly one
    model on one machine; an ``animatic`` shares ``worker.slots``.
    """

    requests_per_minute: Annotated[float, Field(gt=0, le=1_000_000)] = 600.0
    """Requests of all sorts a minute, submits first; those beyond wait for their turn."""

    price: Price = Decimal(0)
    """Credits for a second of video, or for one picture, e.g. ``0.32``; six decimals at most."""

    refunds_cancelled: bool = False
    """
    Whether it takes no money for a job that is cancelled while it runs; matters with credits only.

    Then the caller pays nothing for one that he cancels, else its price. By default ``true`` for
    ``openai-videos`` and ``lightx2v``, which are mostly machines of your own, and ``false`` for the
    services, none of which documents a refund.
    """

    connect_s: Seconds = 10.0
    """Seconds for an address to accept a connection."""

    answer_s: Seconds = 30.0
    """Seconds for the answer to a question that costs nothing, such as how far a job is."""

    submit_s: Seconds = 120.0
    """Seconds for the answer to a submit; generous, for giving up on one costs most."""

    usual_s: Seconds = 60.0
    """Seconds that a job usually takes, which shapes when it is looked at; learnt as it goes."""

    look_every_s: Seconds = 2.0
    """The shortest pause between two looks at a job, in seconds."""

    look_rarest_s: Seconds = 30.0
    """The longest, in seconds."""

    deadline_s: Seconds = 3600.0
    """Seconds after which an accepted job that is not done is given up."""

    result_missing_after_s: Seconds = 900.0
    """
    Seconds for which the file of a finished job may be missing there before it is given up.

    It then fails as ``result_missing``. The file is asked for again and again until then, at most
    every two minutes, while the channel goes on with other jobs.
    """

    ambiguous_after_s: Seconds = 300.0
    """Seconds for which a submit whose answer never came is looked for before it is settled."""

    on_ambiguous: Literal["fail", "resubmit"] = "fail"
    """
    What becomes of it then: it fails as ``submit_unconfirmed``, or is submitted again.

    With ``resubmit`` you may pay twice for one video, so nothing but your word does that.
    """

    honours_idempotency: bool = False
    """Whether it makes one job of two submits with one ``Idempotency-Key``. Most relays do not."""

    loses_jobs: bool = False
    """Whether it forgets its jobs when it restarts: then one that it does not know is lost."""

    refusal_statuses: tuple[Status, ...] = ()
    """
    HTTP statuses with which it surely refuses a submit, where you know that, e.g. ``503``.

    By themselves, statuses of 500 and more leave open whether it was accepted.
    """

    batch: Annotated[int, Field(ge=0, le=1000)] = 0
    """Jobs that a look may be about at once, of a ``relay`` with ``POST /luma/tasks``; 0: one."""

    pictures: Literal["url", "data", "upload"] | None = None
    """
    How it is handed pictures: an address of ours, data URIs, or uploaded files.

    By default ``url`` for ``dream-machine``, ``upload`` for ``openai-videos``, ``data`` for the
    others. ``url`` needs ``server.public_url``. Luma's Dream Machine takes nothing else, so without
    that it takes no pictures; the others get them in another way then.
    """

    flavour: FlavourName = "openai"
    """Which server an ``openai-videos`` is; they differ in what they take."""

    fields: Literal["target_shape", "size"] = "target_shape"
    """How a ``lightx2v`` calls the size of a video: ``size`` if it is of mid-2026 or later."""

    fps: Annotated[int, Field(ge=1, le=120)] | None = None
    """Frames a second of the model, for an ``openai-videos`` or a ``lightx2v`` to be told."""

    file_limit_mb: Annotated[int, Field(ge=1, le=1 << 20)] = 1024
    """Largest result to fetch, in MiB."""

    file_deadline_s: Seconds = 600.0
    """Seconds for fetching one result."""

    can: Mapping[str, Any] = Field(default_factory=dict[str, Any])
    """
    What it can do, where that is not what its kind usually can: a table ``[channels.NAME.can]``.

    What stands there replaces what the kind says; the fields are below.
    """

    @property
    def price_micro(self) -> int:
        """The price in micro-credits, which is exact."""
        return int(self.price * MICRO)
