"""Read the requests of the server, and refuse fields that are missing or unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, TypeVar

from .errors import BadInput

_Request = TypeVar("_Request")

_PATHS: Final = ("first_image", "last_image", "clip", "model", "image", "output", "preview")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lora:
    """Weights that change a model's style or its number of steps."""

    path: Path
    strength: float = 1.0
    expert: str | None = None
    """``high-noise`` or ``low-noise``: the expert of a model that has two; None: the one that the
    file's name says, or both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model, and the options to load it with."""

    family: str
    folder: Path
    dtype: str = "bfloat16"
    device: str = "auto"
    memory: str = "auto"
    attention: str | None = None
    compile: bool = False
    cache_threshold: float | None = None
    loras: tuple[Lora, ...] = field(default=())
    quantisation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """The words of a job, as a text encoder takes them."""

    prompt: str
    negative_prompt: str | None = None
    is_guided: bool = False
    """Whether the model also has to know what to avoid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One clip to generate; no number in it is rounded."""

    id: str
    prompt: str
    negative_prompt: str | None = None
    seed: int
    width: int
    height: int
    frames: int
    fps: float
    steps: int
    guidance: float
    sigmas: tuple[float, ...] | None = None
    solver: str | None = None
    """How a distilled Wan goes from one noise level to the next: ``euler`` or ``renoise``."""

    second_sigmas: tuple[float, ...] | None = None
    """Noise levels of a second pass: then the first one has half the width and height, and its
    latents are enlarged."""

    first_image: Path | None = None
    last_image: Path | None = None
    clip: Path | None = None
    clip_frames: int = 0
    keep: tuple[int, int]
    """The generated frames that go into the file: from the first index up to before the second."""

    deliver_width: int
    deliver_height: int
    output: Path
    preview: Path | None = None
    sound: bool = False
    """Whether the file has the sound that the model makes."""

    @property
    def words(self) -> Prompt:
        return Prompt(
            prompt=self.prompt,
            negative_prompt=self.negative_prompt,
            is_guided=self.guidance > 1.0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture to draw; no number in it is rounded."""

    id: str
    prompt: str
    negative_prompt: str | None = None
    seed: int
    width: int
    height: int
    steps: int
    guidance: float
    deliver_width: int
    deliver_height: int
    output: Path
    preview: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """A picture whose depth is wanted, and the folder of the model that estimates it."""

    id: str
    model: Path
    image: Path
    output: Path
    device: str = "auto"


def read_model(message: Mapping[str, Any]) -> Model:
    """Return the model of a ``load`` request. Raises BadInput: A field is missing or unknown."""
    values = dict(message)
    loras = tuple(
        _build(Lora, {**each, "path": Path(each["path"])}) for each in values.pop("loras", ())
    )
    return _build(Model, {**values, "folder": Path(values.get("folder", "")), "loras": loras})


def read_clip(message: Mapping[str, Any]) -> Clip:
    """Return the clip of a ``generate`` request. Raises BadInput: A field is missing or unknown."""
    values = _read_job(message)
    for name in ("sigmas", "second_sigmas"):
        if values.get(name) is not None:
            values[name] = tuple(values[name])
    values["keep"] = tuple(values.get("keep") or (0, values.get("frames", 0)))
    return _build(Clip, values)


def read_prompt(message: Mapping[str, Any]) -> Prompt:
    """Return what ``prepare`` asks for. Raises BadInput: A field is missing or unknown."""
    values = _read_job(message)
    return _build(Prompt, values | {"is_guided": values.pop("guidance", 1.0) > 1.0})


def read_picture(message: Mapping[str, Any]) -> Picture:
    """Return the picture of a ``draw`` request. Raises BadInput: A field is missing or unknown."""
    return _build(Picture, _read_job(message))


def read_depth(message: Mapping[str, Any]) -> Depth:
    """Return what a ``depth`` request wants. Raises BadInput: A field is missing or unknown."""
    return _build(Depth, _read_job(message))


def _read_job(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that all jobs have in common as they are used, and the others as sent."""
    values = dict(message)
    values.pop("op", None)
    deliver = dict(values.pop("deliver", {}))
    if deliver.pop("crop", "center") != "center":
        raise BadInput("the worker crops around the centre only")
    for name in _PATHS:
        if values.get(name) is not None:
            values[name] = Path(values[name])
    return values | {f"deliver_{name}": size for name, size in deliver.items()}


def _build(kind: type[_Request], values: Mapping[str, Any]) -> _Request:
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]  # a dataclass of ours
    if unknown := sorted(set(values) - known):
        raise BadInput(f"this worker does not know the fields {', '.join(unknown)}")
    try:
        return kind(**values)
    except TypeError as error:
        raise BadInput(str(error)) from None
