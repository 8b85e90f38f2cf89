"""Call the pipelines of Wan: TI2V-5B, I2V-A14B and VACE."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import diffusers
import torch
from PIL import Image

from ..conditions import Conditions
from ..errors import BadModel
from ..folder_check import ModelFolder
from ..requests import Clip, Prompt
from .base import Arguments, Family, Grid, lend_scheduler, refuse

_TOKENS: Final = 512
"""Tokens of a prompt, as Wan was trained."""

_GREY: Final = (127, 127, 127)
"""VACE's colour for a frame to make."""

_MASK_KEEP: Final = 0
_MASK_MAKE: Final = 255

_SOLVERS: Final[Mapping[str, Any]] = {
    "euler": diffusers.FlowMatchEulerDiscreteScheduler,
    "renoise": diffusers.FlowMatchLCMScheduler,
}


def _grid(pipe: Any) -> Grid:
    return Grid(
        px=pipe.vae_scale_factor_spatial * pipe.transformer.config.patch_size[1],
        frames=pipe.vae_scale_factor_temporal,
    )


def _encode(pipe: Any, words: Prompt) -> Arguments:
    positive, negative = pipe.encode_prompt(
        prompt=words.prompt,
        negative_prompt=words.negative_prompt or "",
        do_classifier_free_guidance=words.is_guided,
        max_sequence_length=_TOKENS,
    )
    return {"prompt_embeds": positive, "negative_prompt_embeds": negative}


def _latents(pipe: Any, latents: Any, clip: Clip) -> Any:
    shape = 1, -1, 1, 1, 1
    mean = torch.tensor(pipe.vae.config.latents_mean, device=latents.device).view(shape)
    deviation = torch.tensor(pipe.vae.config.latents_std, device=latents.device).view(shape)
    return latents * deviation + mean


def _check_ti2v(folder: ModelFolder) -> None:
    if not folder.index.get("expand_timesteps"):
        raise BadModel("this is a Wan checkpoint, but not TI2V: it has no expand_timesteps")


def _check_i2v(folder: ModelFolder) -> None:
    channels = folder.transformer.get("in_channels"), folder.transformer.get("out_channels")
    if channels[0] == channels[1]:
        raise BadModel(
            f"this is a Wan checkpoint for text: it takes {channels[0]} channels, and one for"
            " images takes more than it gives"
        )


def _check_vace(folder: ModelFolder) -> None:
    if not folder.transformer.get("vace_layers"):
        raise BadModel("this Wan checkpoint has no layers of VACE")


def _ti2v(pipe: Any, clip: Clip, conditions: Conditions) -> tuple[Any, Arguments]:
    refuse(conditions.last, "TI2V cannot arrive at a last image: its pipeline ignores one")
    refuse(conditions.clip, "TI2V continues from an image, not from a clip")
    if conditions.first is None:
        return pipe, _common(clip)
    # Not from_pipe: it casts the shared weights.
    from_image = diffusers.WanImageToVideoPipeline(
        **pipe.components, expand_timesteps=pipe.config.expand_timesteps
    )
    return from_image, {**_common(clip), "image": conditions.first}


def _i2v(pipe: Any, clip: Clip, conditions: Conditions) -> tuple[Any, Arguments]:
    refuse(conditions.clip, "I2V continues from an image, not from a clip")
    refuse(conditions.first is None, "I2V needs a first image")
    images = {"image": conditions.first, "last_image": conditions.last}
    return pipe, {**_common(clip), **images}


def _vace(pipe: Any, clip: Clip, conditions: Conditions) -> tuple[Any, Arguments]:
    size = clip.width, clip.height
    keep, make = (Image.new("L", size, value) for value in (_MASK_KEEP, _MASK_MAKE))
    video = [Image.new("RGB", size, _GREY)] * clip.frames
    mask = [make] * clip.frames
    given = dict(enumerate(conditions.clip))
    if conditions.first is not None:
        given[0] = conditions.first
    if conditions.last is not None:
        given[clip.frames - 1] = conditions.last
    for index, image in given.items():
        video[index], mask[index] = image, keep
    return pipe, {**_common(clip), "video": video, "mask": mask}


def _common(clip: Clip) -> Arguments:
    return {"num_inference_steps": clip.steps}


@contextmanager
def _schedule(pipe: Any, clip: Clip, generator: Any) -> Generator[None, None, None]:
    """
    Lend the pipeline a scheduler with the noise levels of a clip, which its own one has no say in.

    A distilled model predicts the finished video at each level. ``euler`` goes straight towards it
    to the next level; ``renoise`` takes it and adds new noise, as FastWan was trained.
    """
    if clip.sigmas is None:
        refuse(clip.solver, "a solver needs sigmas")
        yield
        return
    solver = clip.solver or "euler"
    refuse(
        solver not in _SOLVERS, f"there is no solver {solver!r}; there are {', '.join(_SOLVERS)}"
    )
    scheduler: Any = _SOLVERS[solver](pipe.scheduler.config.num_train_timesteps, shift=1.0)
    scheduler.set_timesteps = partial(scheduler.set_timesteps, sigmas=list(clip.sigmas))
    if solver == "renoise":
        scheduler.step = partial(scheduler.step, generator=generator)
    with lend_scheduler(pipe, scheduler):
        yield


TI2V: Final = Family(
    pipeline="WanPipeline",
    transformer="WanTransformer3DModel",
    exact=("vae",),
    check=_check_ti2v,
    grid=_grid,
    encode=_encode,
    inputs=_ti2v,
    schedule=_schedule,
    latents=_latents,
)

I2V: Final = Family(
    pipeline="WanImageToVideoPipeline",
    transformer="WanTransformer3DModel",
    exact=("vae", "image_encoder"),
    check=_check_i2v,
    grid=_grid,
    encode=_encode,
    inputs=_i2v,
    schedule=_schedule,
    latents=_latents,
)

VACE: Final = Family(
    pipeline="WanVACEPipeline",
    transformer="WanVACETransformer3DModel",
    exact=("vae",),
    check=_check_vace,
    grid=_grid,
    encode=_encode,
    inputs=_vace,
    schedule=_schedule,
    latents=_latents,
)
