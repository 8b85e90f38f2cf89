"""Draw one picture with any text-to-image pipeline of diffusers."""

import inspect
import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Final

import diffusers
import torch
from PIL import Image

from .conditions import cover
from .devices import choose_device, free_bytes
from .errors import BadInput, BadModel
from .exchange import Events
from .folder_check import check_folder
from .generating import IsCancelled, Run
from .loading import dtype_of, read_weights
from .memory import DRAWING_BYTES, apply_profile, choose_profile, component_bytes, needs_tiles
from .options import apply_options, denoisers
from .preview import Previews
from .requests import Model, Picture

FAMILY: Final = "text-to-image"
"""The name of the family in a ``load`` request."""

_NEEDED: Final = ("prompt", "width", "height", "num_inference_steps", "guidance_scale", "generator")
"""The arguments that a pipeline must take to draw what a request says."""

_CLIP_TOKENIZER: Final = "CLIPTokenizer"
_QUOTED: Final = 40
"""Characters of a prompt's end that a notice quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPictures:
    """A text-to-image model that is ready to draw."""

    pipe: Any
    """The pipeline of diffusers."""

    device: torch.device
    memory: str
    takes: frozenset[str]
    """The names of the arguments that the pipeline takes."""


def load_pictures(model: Model) -> LoadedPictures:
    """
    Load a text-to-image model.

    Where ``auto`` finds no GPU it is loaded as float32: 16-bit formats are slow on a processor.

    Raises:
        BadModel: The folder is damaged or holds no such model, or an option does not fit.
    """
    check_folder(model.folder, denoiser=None)
    device = choose_device(model.device)
    if device.type == "cpu" and model.device == "auto":
        model = replace(model, dtype="float32")
    pipe = read_weights(diffusers.DiffusionPipeline, model)
    takes = frozenset(inspect.signature(type(pipe).__call__).parameters)
    if not takes.issuperset(_NEEDED) or "num_frames" in takes:
        raise BadModel(
            f"{model.folder} has a {type(pipe).__name__}, which draws no picture from words alone"
        )
    pipe.set_progress_bar_config(disable=True)
    apply_options(pipe, model, dtype_of(model))
    memory = choose_profile(
        model.memory,
        component_bytes(pipe),
        free_bytes(device),
        has_gpu=device.type == "cuda",
        working=DRAWING_BYTES,
    )
    apply_profile(pipe, memory, device)
    return LoadedPictures(pipe=pipe, device=device, memory=memory, takes=takes)


def draw(
    loaded: LoadedPictures, picture: Picture, events: Events, is_cancelled: IsCancelled
) -> dict[str, Any]:
    """
    Draw a picture and return the fields of the event ``done``.

    Raises:
        Cancelled: The server cancelled it. The model can draw the next picture.

        BadInput: The request does not fit the model, or its own safety checker objects.

        BadModel: The model gives no usable picture.
    """
    _check(loaded, picture)
    pipe = loaded.pipe
    run = Run(picture.id, events, is_cancelled)
    if loaded.device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(loaded.device)
    try:
        with torch.no_grad(), ExitStack() as hooks:
            _set_tiles(loaded, picture)
            run.begin("encode prompt", 1)
            steps = _Steps(picture, run)
            for denoiser in denoisers(pipe):
                hooks.callback(denoiser.register_forward_pre_hook(steps.before).remove)
            drawn = pipe(**_arguments(loaded, picture, steps), output_type="pt")
            image = _image_of(drawn, picture)
            run.begin("write", 1)
            _write(image, picture)
            run.report(1, 1)
            run.end()
    finally:
        pipe.maybe_free_model_hooks()
    peak = torch.cuda.max_memory_allocated(loaded.device) if loaded.device.type == "cuda" else None
    return {
        "width": picture.deliver_width,
        "height": picture.deliver_height,
        "frames": 1,
        "seconds": run.seconds,
        "peak_bytes": peak,
        "notice": _unread(pipe, picture.prompt),
    }


class _Steps:
    """Begins the phases of denoising and decoding; raising leaves the pipeline at once."""

    def __init__(self, picture: Picture, run: Run) -> None:
        self._steps = picture.steps
        self._run = run
        self._done = 0
        self._is_denoising = False

    def before(self, *ignored: object) -> None:
        """Take the call before each pass of the model that is denoising."""
        if not self._is_denoising:
            self._is_denoising = True
            self._run.report(1, 1)
            self._run.begin("denoise", self._steps)
        else:
            self._run.report(self._done, self._steps)

    def __call__(self, pipe: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> Any:
        """Take the call of the pipeline after each step."""
        self._done = min(step + 1, self._steps)
        self._run.report(self._done, self._steps)
        if self._done == self._steps:
            self._run.begin("decode", 1)
        return tensors


def _arguments(loaded: LoadedPictures, picture: Picture, steps: _Steps) -> Mapping[str, Any]:
    optional: dict[str, Any] = {}
    if "callback_on_step_end" in loaded.takes:
        optional["callback_on_step_end"] = steps
    if picture.negative_prompt is not None:
        optional["negative_prompt"] = picture.negative_prompt
        if "true_cfg_scale" in loaded.takes:  # else such a pipeline ignores the negative prompt
            optional["true_cfg_scale"] = picture.guidance
    return {
        "prompt": picture.prompt,
        "width": picture.width,
        "height": picture.height,
        "num_inference_steps": picture.steps,
        "guidance_scale": picture.guidance,
        "generator": torch.Generator("cpu").manual_seed(picture.seed),
        **optional,
    }


def _check(loaded: LoadedPictures, picture: Picture) -> None:
    """Raise BadInput for what the pipeline would drop or change."""
    if picture.negative_prompt is not None and "negative_prompt" not in loaded.takes:
        raise BadInput(f"{type(loaded.pipe).__name__} takes no negative_prompt")
    processor = getattr(loaded.pipe, "image_processor", None)
    grid = processor.config.vae_scale_factor if processor is not None else 1
    if picture.width % grid or picture.height % grid:
        raise BadInput(f"{picture.width}x{picture.height} is not on the grid of {grid} pixels")


def _image_of(drawn: Any, picture: Picture) -> Image.Image:
    """Return the picture that a pipeline has drawn, in the size of the request."""
    if any(getattr(drawn, "nsfw_content_detected", None) or ()):
        raise BadInput("the model's own safety checker objects to the picture; change the prompt")
    pixels = drawn.images[0]
    if tuple(pixels.shape) != (3, picture.height, picture.width):
        raise BadModel(
            f"the model drew {tuple(pixels.shape)}, and not {picture.width}x{picture.height}"
        )
    if not torch.isfinite(pixels).all():
        raise BadModel("the model gave values that are no numbers; load it as bfloat16 or float32")
    rgb = (pixels.float().clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0)
    return Image.fromarray(rgb.cpu().numpy())


def _write(image: Image.Image, picture: Picture) -> None:
    """Write the PNG, which is complete or absent, and the preview."""
    if picture.preview is not None:
        Previews(picture.preview).write(image)
    part = picture.output.with_name(picture.output.name + ".part")
    with part.open("wb") as opened:
        size = (picture.deliver_width, picture.deliver_height)
        cover(image, size).save(opened, "PNG", compress_level=1)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(picture.output)


def _set_tiles(loaded: LoadedPictures, picture: Picture) -> None:
    vae: Any = getattr(loaded.pipe, "vae", None)
    if not hasattr(vae, "enable_tiling"):
        return
    if needs_tiles(picture.width, picture.height, free_bytes(loaded.device)):
        vae.enable_tiling()
    else:
        vae.disable_tiling()


def _unread(pipe: Any, prompt: str) -> str | None:
    """Return a sentence if all text encoders read less than the prompt: CLIP has 77 tokens."""
    found = (getattr(pipe, name, None) for name in ("tokenizer", "tokenizer_2", "tokenizer_3"))
    tokenizers = [each for each in found if each is not None]
    if any(not type(each).__name__.startswith(_CLIP_TOKENIZER) for each in tokenizers):
        return None
    for each in tokenizers:
        tokens = each(prompt, truncation=False, verbose=False).input_ids
        if len(tokens) > each.model_max_length:
            read = each.decode(tokens[: each.model_max_length - 1], skip_special_tokens=True)
            return f'The model read the prompt only up to "...{read[-_QUOTED:]}".'
    return None
