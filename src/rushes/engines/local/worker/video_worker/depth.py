"""Estimate the depth of a picture with a model of the Depth Anything architecture."""

import os
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
import transformers
from PIL import Image, ImageOps
from transformers.utils import logging as transformers_logging

from .devices import choose_device
from .errors import BadInput, BadModel, is_out_of_memory
from .folder_check import check_weights
from .requests import Depth

_SHORTER_PX: Final = 518
"""The shorter side of what the model sees, as it was trained; smaller pictures stay as they are."""

_LONGER_PX: Final = 1204
"""The longer side at most; extreme shapes would need much memory."""

_MEAN: Final = (0.485, 0.456, 0.406)
_DEVIATION: Final = (0.229, 0.224, 0.225)
"""Of the colours of ImageNet, with which the model was trained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthModel:
    """A model that is ready to estimate."""

    wanted: Depth
    """The request that it was loaded for."""

    model: Any
    device: torch.device

    def is_for(self, wanted: Depth) -> bool:
        """Tell whether a request names the same model and device."""
        return (wanted.model, wanted.device) == (self.wanted.model, self.wanted.device)

    def measure(self, wanted: Depth) -> dict[str, Any]:
        """
        Write the depth of a picture and return the fields of the event ``done``.

        Raises:
            BadInput: The picture cannot be read.

            BadModel: The model gives no usable values.
        """
        pixels = _pixels_of(wanted, self.model.config.patch_size)
        with torch.no_grad():
            found = self.model(pixel_values=pixels.to(self.device)).predicted_depth[0]
        values = found.float().cpu().numpy()
        if not np.isfinite(values).all():
            raise BadModel("the depth model gave values that are no numbers")
        low, high = float(values.min()), float(values.max())
        near = (values - low) / ((high - low) or 1.0)
        part = wanted.output.with_name(wanted.output.name + ".part")
        with part.open("wb") as opened:
            Image.fromarray((near * 65535).round().astype(np.uint16)).save(opened, "PNG")
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(wanted.output)
        return {"width": values.shape[1], "height": values.shape[0], "frames": 1}


def load_depth(wanted: Depth) -> DepthModel:
    """
    Load the model that a request names.

    Raises:
        BadModel: The folder is damaged, or holds another kind of model.
    """
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    if not (wanted.model / "config.json").is_file():
        raise BadModel(f"{wanted.model} has no config.json; this is no depth model")
    check_weights(wanted.model / "model.safetensors")
    device = choose_device(wanted.device)
    try:
        model = transformers.DepthAnythingForDepthEstimation.from_pretrained(
            wanted.model, local_files_only=True, use_safetensors=True, dtype=torch.float32
        )
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise BadModel(f"{wanted.model} cannot be loaded: {error}") from error
    if model.config.depth_estimation_type != "relative":
        raise BadModel(f"{wanted.model} estimates metres, and a relative depth is needed")
    return DepthModel(wanted=wanted, model=model.to(device).eval(), device=device)


def input_size(width: int, height: int, patch_px: int) -> tuple[int, int]:
    """Return the size in which the model sees a picture, in multiples of its patches."""
    scale = min(1.0, _SHORTER_PX / min(width, height), _LONGER_PX / max(width, height))
    across, down = (max(1, round(side * scale / patch_px)) for side in (width, height))
    return across * patch_px, down * patch_px


def _pixels_of(wanted: Depth, patch_px: int) -> torch.Tensor:
    """Return the picture as the model takes it: ``(1, 3, height, width)`` float32."""
    try:
        with Image.open(wanted.image) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except OSError as error:
        raise BadInput(f"{wanted.image} cannot be read as a picture: {error}") from None
    size = input_size(*image.size, patch_px)
    rgb = np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.float32) / 255
    normal = (rgb - np.array(_MEAN, np.float32)) / np.array(_DEVIATION, np.float32)
    return torch.from_numpy(normal).permute(2, 0, 1).unsqueeze(0)
