"""Define what the worker must know of a family of models."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from ..conditions import Conditions
from ..errors import BadInput
from ..folder_check import ModelFolder
from ..requests import Clip, Prompt

Arguments = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The sizes and lengths that a checkpoint can make."""

    px: int
    """Width and height are multiples of this."""

    frames: int
    """The number of frames is a multiple of this, and one."""

    def check(self, clip: Clip) -> None:
        """Raise BadInput if the pipeline would silently change a number of *clip*."""
        if clip.width % self.px or clip.height % self.px:
            raise BadInput(f"{clip.width}x{clip.height} is not on the grid of {self.px} pixels")
        counts = [("frames", clip.frames)]
        if clip.clip is not None:
            counts.append(("clip_frames", clip.clip_frames))
        for name, count in counts:
            if count < 1 or count % self.frames != 1 % self.frames:
                raise BadInput(f"{name} is {count}, and must be {self.frames}k + 1")
        if clip.clip is not None and clip.clip_frames >= clip.frames:
            raise BadInput("a clip must leave frames to generate")
        if not 0 <= clip.keep[0] < clip.keep[1] <= clip.frames:
            raise BadInput(f"keep is {list(clip.keep)}, and there are {clip.frames} frames")
        if clip.sigmas is not None and len(clip.sigmas) != clip.steps:
            raise BadInput(f"there are {len(clip.sigmas)} sigmas for {clip.steps} steps")


@contextmanager
def lend_scheduler(pipe: Any, scheduler: Any) -> Generator[None, None, None]:
    """Have a pipeline use another scheduler for a while."""
    own, pipe.scheduler = pipe.scheduler, scheduler
    try:
        yield
    finally:
        pipe.scheduler = own


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One family: its pipeline, and how to call it."""

    pipeline: str
    """The class in diffusers; ``model_index.json`` may name another one of the same parts."""

    transformer: str
    """The class of the model that removes noise."""

    exact: tuple[str, ...] = ()
    """The components that stay in float32."""

    check: Callable[[ModelFolder], None]
    """Raises BadModel if the folder holds another checkpoint of this architecture."""

    grid: Callable[[Any], Grid]
    encode: Callable[[Any, Prompt], Arguments]
    """Encodes the prompt into arguments of the pipeline."""

    upsampler: str | None = None
    """The class of the model that enlarges latents between two passes; its folder is named
    ``latent_upsampler``, and a checkpoint may lack it."""

    inputs: Callable[[Any, Clip, Conditions], tuple[Any, Arguments]]
    """Returns the pipeline to call, which may share the loaded one's parts, and its arguments."""

    schedule: Callable[[Any, Clip, Any], AbstractContextManager[None]]
    """Has a pipeline use the noise levels of a clip as they are, if the clip has any; the last
    argument is the clip's source of random numbers."""

    sound_rate: Callable[[Any], int] | None = None
    """Returns the samples a second of the pipeline's sound; None: it makes none."""

    latents: Callable[[Any, Any, Clip], Any]
    """Returns what the decoder takes, ``(1, channels, frames, height, width)``, from the latents
    of a step."""


def refuse(condition: object, message: str) -> None:
    """Raise BadInput if *condition* is true."""
    if condition:
        raise BadInput(message)
