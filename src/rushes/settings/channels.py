"""Declare the settings of one channel in ``rushes.toml``."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr
from pydantic.dataclasses import dataclass

from rushes.core.credit_amounts import MICRO
from rushes.settings.groups import CONFIG, BaseUrl, Folder, Seconds

KindName = Literal[
    "relay", "dream-machine", "agents", "openai-videos", "lightx2v", "local", "animatic"
]
FlavourName = Literal["openai", "sglang", "vllm-omni", "fastvideo", "trtllm", "rushes"]


def _table(value: object) -> object:
    """Read a list of models as a table in which both names are the same."""
    if isinstance(value, list | tuple):
        return {name: name for name in value}  # pyright: ignore[reportUnknownVariableType]  # judged next
    return value


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Lora:
    """A LoRA of a local channel."""

    file: Folder
    strength: Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)] = 1.0
    expert: Literal["high-noise", "low-noise"] | None = None


def _lora(value: object) -> object:
    """Read the path of a file as a LoRA of full strength."""
    return {"file": value} if isinstance(value, str) else value


Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[dict[Name, Name], BeforeValidator(_table), Field(min_length=1)]
Price = Annotated[
    Decimal, Field(ge=0, le=1_000_000, max_digits=13, decimal_places=6, allow_inf_nan=False)
]
Loras = tuple[Annotated[Lora, BeforeValidator(_lora)], ...]
Status = Annotated[int, Field(ge=400, le=599)]


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class ChannelSettings:
    """
    A channel is an account at a service that makes videos, a local model, or the built-in engine.

    Choose ``NAME`` yourself: up to 40 lower-case letters, digits and ``-``.
    """

    kind: KindName
    """
    The API that the upstream speaks. Always needed.

    ``relay``: any service with ``/luma/generations``; ``dream-machine`` and ``agents``: Luma's own
    APIs; ``openai-videos``: any service with ``/v1/videos``; ``lightx2v``: LightX2V's tasks;
    ``local``: a model with open weights on this machine; ``animatic``: the built-in engine, as one
    channel among others.
    """

    base_url: BaseUrl | None = None
    """
    The part of the upstream's URLs that all of them share, e.g. ``http://10.0.0.5:30000/v1``.

    ``dream-machine`` and ``agents`` default to Luma's address; all other kinds need one. It may be
    in your private network without an entry in ``network.allow``. If results come from another
    private host, that host needs an entry.
    """

    key_env: str | None = None
    """Name of the environment variable that holds the key. The key itself is refused."""

    key_file: Folder | None = None
    """File that holds only the key, e.g. a mounted secret. Replaces ``key_env``."""

    key: SecretStr | None = None
    """The key that was found. It cannot be written in this file, and prints as ``***``."""

    models: Names
    """
    The models that it serves: a list, or a table from names here to names at the upstream.

    ``["ray-2"]`` or ``{ "ray-2" = "luma-ray2", "wan-2.2" = "Wan-AI/Wan2.2" }``. If a channel serves
    a model, the built-in engine never makes it.
    """

    priority: int = 0
    """The server chooses the capable channel with the largest priority first."""

    weight: Annotated[int, Field(ge=1, le=1000)] = 1
    """Share among channels of one priority: weight 3 is chosen three times as often as weight 1."""

    concurrency: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """
    Generations that the channel makes at the same time. Others wait in the queue.

    The default is 10 for services and 1 for ``openai-videos`` and ``lightx2v``, which mostly run
    one model on one machine. An ``animatic`` channel uses ``worker.slots``. A ``local`` one makes
    one generation at a time whatever this says: with ``2``, the next one waits beside it, with its
    inputs read and its prompt encoded.
    """

    requests_per_minute: Annotated[float, Field(gt=0, le=1_000_000)] = 600.0
    """Requests of all kinds a minute. Requests over the limit wait, and submits go first."""

    price: Price = Decimal(0)
    """Credits for a second of video or for one picture, e.g. ``0.32``. At most six decimals."""

    refunds_cancelled: bool = False
    """
    Whether the upstream charges nothing for a job that is cancelled while it runs.

    It matters only with credits: if it is ``false``, a caller who cancels pays the price. The
    default is ``true`` for ``openai-videos`` and ``lightx2v``, which are mostly your own machines,
    and ``false`` for services, none of which documents a refund.
    """

    connect_s: Seconds = 10.0
    """Seconds to connect."""

    answer_s: Seconds = 30.0
    """Seconds for the reply to a request that costs nothing, such as a poll."""

    submit_s: Seconds = 120.0
    """Seconds for the reply to a submit. Long, because a submit without a reply may cost money."""

    expected_duration_s: Seconds = 60.0
    """Seconds that a job usually takes. It shapes the polls; the server learns it from jobs."""

    min_poll_interval_s: Seconds = 2.0
    """Seconds between two polls of a job, at least."""

    max_poll_interval_s: Seconds = 30.0
    """Seconds between two polls of a job, at most."""

    deadline_s: Seconds = 3600.0
    """
    Seconds after which an accepted job that has not finished fails.

    For a ``local`` channel: seconds that one generation may take, without the wait for its turn.
    """

    result_missing_after_s: Seconds = 900.0
    """
    Seconds for which the file of a finished job may be missing at the upstream.

    After that the generation fails as ``result_missing``. Until then the server asks for the file
    again, with pauses of up to two minutes, and the channel makes other jobs meanwhile.
    """

    ambiguous_after_s: Seconds = 300.0
    """
    Seconds to look for a job whose submit got no reply. Then ``on_ambiguous`` applies.

    While the upstream replies to no search either, the server searches on, until ``deadline_s``.
    """

    on_ambiguous: Literal["fail", "resubmit"] = "fail"
    """
    What to do if a submit got no reply and no job was found.

    ``fail`` fails the generation as ``submit_unconfirmed``. ``resubmit`` submits it again: you may
    pay twice for one video.
    """

    honours_idempotency: bool = False
    """Whether two submits with the same ``Idempotency-Key`` make one job. Most relays make two."""

    loses_jobs: bool = False
    """Whether it forgets jobs when it restarts. Then a job that it does not know is retried."""

    refusal_statuses: tuple[Status, ...] = ()
    """
    HTTP statuses that prove that the upstream refused a submit, if you know any, e.g. ``503``.

    Without an entry, a status of 500 or more leaves open whether it accepted the job.
    """

    batch: Annotated[int, Field(ge=0, le=1000)] = 0
    """Jobs that one poll may ask for, at a ``relay`` with ``POST /luma/tasks``; 0: one."""

    pictures: Literal["url", "data", "upload"] | None = None
    """
    How pictures reach the upstream: by a link to this server, as data URIs, or as uploads.

    The default is ``url`` for ``dream-machine``, ``upload`` for ``openai-videos`` and ``data`` for
    the others. ``url`` needs ``server.public_url``. Luma's Dream Machine accepts only links, so
    without it that channel takes no pictures; other kinds then send them in another way.
    """

    flavour: FlavourName = "openai"
    """Which server an ``openai-videos`` is. They differ in the fields that they accept."""

    fields: Literal["target_shape", "size"] = "target_shape"
    """Name of the size field of a ``lightx2v``: ``size`` for versions from mid-2026 on."""

    fps: Annotated[int, Field(ge=1, le=120)] | None = None
    """Frames a second of the model. ``openai-videos`` and ``lightx2v`` need it in some requests."""

    file_limit_mb: Annotated[int, Field(ge=1, le=1 << 20)] = 1024
    """Largest result to download, in MiB."""

    file_deadline_s: Seconds = 600.0
    """Seconds to download one result."""

    model: Name | None = None
    """
    The model of a ``local`` channel: a pulled one, such as ``wan2.2-ti2v-5b``, or a folder.

    A folder is a path with a slash in it. It holds a pipeline in the format of diffusers. Relative
    paths begin at the working directory.
    """

    python: Folder | None = None
    """
    Interpreter of a ``local`` channel's worker; it needs torch and diffusers, but not rushes.

    When it is unset, the server's own interpreter runs the worker.
    """

    device: Annotated[str, Field(pattern=r"^(auto|cpu|cuda|cuda:[0-9]{1,2})$")] = "auto"
    """
    Device of a ``local`` channel: ``auto``, ``cpu``, ``cuda`` or a certain GPU, e.g. ``cuda:1``.

    Channels on one device take turns: the model of one leaves the memory before another is loaded.
    """

    memory: Literal["auto", "resident", "model-offload", "group-offload"] = "auto"
    """
    How a ``local`` channel uses GPU memory.

    ``resident`` keeps the model on the GPU; ``model-offload`` one component at a time;
    ``group-offload`` a few layers at a time, which is slowest and needs least. ``auto`` chooses by
    the free memory.
    """

    attention: Name | None = None
    """Attention backend of diffusers for a ``local`` channel, e.g. ``_flash_3_hub``."""

    compile: bool = False
    """Compile the model of a ``local`` channel: the first video takes minutes, others less."""

    cache_threshold: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] | None = None
    """
    Threshold of the first-block cache of a ``local`` channel, e.g. ``0.05``; unset: no cache.

    The cache skips the blocks of a step whose input has hardly changed. Larger is faster and worse.
    """

    loras: Loras = ()
    """
    LoRAs of a ``local`` channel: a list of safetensors files, or of tables.

    A table has ``file`` and may have ``strength``, and for a model of two experts ``expert``,
    ``high-noise`` or ``low-noise``; without it the name of the file decides, if it contains one of
    these, or else both get it. A LoRA for few steps also needs ``steps`` and ``guidance``.
    """

    quantisation: Literal["int8", "fp8"] | None = None
    """Number format of the weights of a ``local`` channel; unset: 16 bits. int8 needs torchao."""

    steps: Annotated[int, Field(ge=1, le=200)] | None = None
    """Steps of a ``local`` channel; by default as its family is made for."""

    guidance: Annotated[float, Field(ge=1, le=30, allow_inf_nan=False)] | None = None
    """Guidance of a ``local`` channel; ``1`` turns it off, which halves the time of a step."""

    sound: bool = False
    """
    Deliver the sound that the model of a ``local`` channel makes with a video: LTX-2 does.

    Videos that are joined from several parts have none, and say so.
    """

    idle_unload_s: Seconds = 600.0
    """Seconds without work after which a ``local`` channel's worker ends and frees the memory."""

    can: Mapping[str, Any] = Field(default_factory=dict[str, Any])
    """
    Capabilities that differ from those of its kind: a table ``[channels.NAME.can]``.

    A field there replaces the kind's value. The fields are listed below.
    """

    @property
    def price_micro(self) -> int:
        """The price in micro-credits, as an exact integer."""
        return int(self.price * MICRO)
