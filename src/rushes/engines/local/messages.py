"""
Define the messages between the server and the worker process: JSON, one message per line.

Requests go to the worker's standard input, events come from its standard output. The worker may run
in an environment without this package, so it has its own copy of these shapes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from rushes.core.generation import RenderPhase

FailureKind = Literal["out of memory", "input", "model", "internal"]
Device = Literal["auto", "cuda", "cpu"]
Memory = Literal["auto", "resident", "model-offload", "group-offload"]
Quantisation = Literal["int8", "fp8"]

Solver = Literal["euler", "renoise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoraFile:
    """A LoRA of the model, as a file or folder on this machine."""

    path: Path
    strength: float = 1.0
    expert: Literal["high-noise", "low-noise"] | None = None
    """Of a model with two experts: the one that it changes; None: as the file's name says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelToLoad:
    """A checkpoint, and how the worker loads it."""

    family: str
    folder: Path
    """A folder in the format of diffusers."""

    dtype: Literal["bfloat16", "float16", "float32"] = "bfloat16"
    device: Device = "auto"
    memory: Memory = "auto"
    attention: str | None = None
    """The attention backend of diffusers; None: the worker's default."""

    compile: bool = False
    cache_threshold: float | None = None
    """The threshold of the first-block cache; None: no cache."""

    loras: tuple[LoraFile, ...] = field(default=())
    quantisation: Quantisation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The size of the file; the worker scales to cover it and crops around the centre."""

    width: int
    height: int
    crop: Literal["center"] = "center"


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateRequest:
    """One pass of the model. Every number is final: the worker rounds none."""

    id: str
    prompt: str
    negative_prompt: str | None
    seed: int
    width: int
    height: int
    frames: int
    fps: float
    steps: int
    guidance: float
    sigmas: tuple[float, ...] | None
    solver: Solver | None
    """How a distilled Wan goes from one noise level to the next; None: the family has one way."""

    first_image: Path | None
    last_image: Path | None
    clip: Path | None
    """An MP4 whose end the model continues."""

    clip_frames: int
    """The last frames of the clip that the first generated frames repeat."""

    keep: tuple[int, int]
    """The generated frames to write: from the first number up to before the second."""

    deliver: Delivery
    output: Path
    preview: Path | None
    """Where to leave a small JPEG of the unfinished video."""

    sound: bool = False
    """Whether the MP4 has the sound that the model makes."""

    second_sigmas: tuple[float, ...] | None = None
    """Noise levels of a second pass; the first one then has half the width and height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRequest:
    """A picture to draw. Every number is final: the worker rounds none."""

    id: str
    prompt: str
    negative_prompt: str | None
    seed: int
    width: int
    height: int
    steps: int
    guidance: float
    deliver: Delivery
    output: Path
    """An RGB PNG."""

    preview: Path | None
    """Where to leave a small JPEG of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthRequest:
    """A picture whose depth is wanted."""

    id: str
    model: Path
    """The folder of a depth model, which the worker keeps beside the one that it has loaded."""

    device: Device
    image: Path
    output: Path
    """A 16-bit grey PNG, 0 far and 65535 near, in a size of the model's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareRequest:
    """
    The prompt of a job that will follow the one that runs.

    The worker may encode it already. It answers nothing, and does the job without it as well.
    """

    prompt: str
    negative_prompt: str | None
    guidance: float


JobRequest = GenerateRequest | DrawRequest | DepthRequest
"""What a worker makes a file of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyEvent:
    """The worker has started, and found its libraries and a device."""

    event: Literal["ready"]
    device: str
    device_name: str = ""
    free_bytes: int = 0
    total_bytes: int = 0
    versions: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedEvent:
    """The model is in memory."""

    event: Literal["loaded"]
    family: str
    memory: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressEvent:
    """A step of a phase is done; the server itself adds the phases before the first."""

    event: Literal["progress"]
    id: str
    phase: RenderPhase
    step: int
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneEvent:
    """The file is complete."""

    event: Literal["done"]
    id: str
    width: int
    height: int
    frames: int
    """The number of frames in the file; 1 for a picture."""

    seconds: Mapping[str, float] = field(default_factory=dict[str, float])
    peak_bytes: int | None = None
    notice: str | None = None
    """A sentence for the caller: something that the model could not take into account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledEvent:
    """The job was stopped; the worker can take another one."""

    event: Literal["cancelled"]
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedEvent:
    """A job, a load or the start has failed."""

    event: Literal["failed"]
    kind: FailureKind
    message: str
    id: str | None = None
    """None: not a job, but the start or the load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEvent:
    """Something happened that needs no action, and shows that the worker is alive."""

    event: Literal["preview", "unloaded", "pong"]
    id: str | None = None


WorkerEvent = (
    ReadyEvent | LoadedEvent | ProgressEvent | DoneEvent | CancelledEvent | FailedEvent | NoteEvent
)

_EVENT: Final = TypeAdapter[WorkerEvent](Annotated[WorkerEvent, Field(discriminator="event")])
_MODEL: Final = TypeAdapter(ModelToLoad)
_PREPARE: Final = TypeAdapter(PrepareRequest)
_JOB: Final = TypeAdapter[JobRequest](JobRequest)
_OPERATIONS: Final[Mapping[type[JobRequest], str]] = {
    GenerateRequest: "generate",
    DrawRequest: "draw",
    DepthRequest: "depth",
}


def load_line(model: ModelToLoad) -> bytes:
    """Return the line that loads a model."""
    return _line({"op": "load", "model": _MODEL.dump_python(model, mode="json")})


def job_line(request: JobRequest) -> bytes:
    """Return the line that starts a job."""
    return _line({"op": _OPERATIONS[type(request)], **_JOB.dump_python(request, mode="json")})


def prepare_line(request: PrepareRequest) -> bytes:
    """Return the line that prepares a job."""
    return _line({"op": "prepare", **_PREPARE.dump_python(request, mode="json")})


def cancel_line(job_id: str) -> bytes:
    """Return the line that stops a job."""
    return _line({"op": "cancel", "id": job_id})


def exit_line() -> bytes:
    """Return the line that ends the worker."""
    return _line({"op": "exit"})


def parse_event(line: bytes) -> WorkerEvent | None:
    """Return the event in a line; None if it holds none that this version knows."""
    try:
        return _EVENT.validate_json(line)
    except ValidationError:
        return None


def _line(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"
