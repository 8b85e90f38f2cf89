"""
Show unfinished latents as a small picture, without the decoder.

A colour is nearly a linear function of the channels of a latent. The function is fitted once for
each loaded model: its own encoder turns patches of known colours into latents.
"""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from PIL import Image

MAX_BYTES: Final = 40_000
LONGEST_PX: Final = 480
_INTERVAL_S: Final = 0.5
_PATCHES: Final = 8
"""Patches of colour in each direction of the picture that is encoded."""

_PATCH_PX: Final = 64


@dataclass(frozen=True, slots=True)
class Projection:
    """A linear function from the channels of a latent, and 1, to red, green and blue."""

    weights: Any
    """``(channels + 1, 3)``, for colours from 0 to 1."""

    def picture_of(self, latents: Any) -> Image.Image:
        """Return the middle frame of ``(1, channels, frames, height, width)`` latents."""
        frame = latents[0, :, latents.shape[2] // 2].float().cpu()
        colours = _with_one(frame.flatten(1).T) @ self.weights
        rgb = (colours.clamp(0, 1) * 255).round().to(torch.uint8)
        return Image.fromarray(rgb.reshape(*frame.shape[1:], 3).numpy())


def fit_projection(vae: Any, device: torch.device) -> Projection:
    """Fit the projection of an autoencoder, which works on *device*."""
    generator = torch.Generator().manual_seed(0)
    patches = torch.rand(1, 3, _PATCHES, _PATCHES, generator=generator)
    side = _PATCHES * _PATCH_PX
    picture = torch.nn.functional.interpolate(patches, size=(side, side), mode="bilinear")
    with torch.no_grad():
        video = (picture * 2 - 1).unsqueeze(2).to(device, vae.dtype)
        latent = vae.encode(video).latent_dist.mode()[0, :, 0].float().cpu()
    small = torch.nn.functional.interpolate(picture, size=latent.shape[1:], mode="area")
    channels, colours = latent.flatten(1).T, small[0].flatten(1).T
    # A little ridge: some channels hardly differ between colours.
    known = _with_one(channels).double()
    ridge = 1e-6 * torch.eye(known.shape[1], dtype=torch.float64) * known.square().mean()
    weights = torch.linalg.solve(known.T @ known + ridge * len(known), known.T @ colours.double())
    return Projection(weights.float())


def expected_latents(earlier: Any, latents: Any, earlier_sigma: Any, sigma: Any) -> Any:
    """
    Return the latents without noise to which the last step leads in a straight line.

    Args:
        earlier, latents: Before and after the step.

        earlier_sigma, sigma: The level of noise before and after it.
    """
    return latents - sigma * (latents - earlier) / (sigma - earlier_sigma)


class Previews:
    """Writes a preview from time to time."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._next_s = float("-inf")

    def is_due(self) -> bool:
        """Tell whether enough time has passed since the last one."""
        return self._clock() >= self._next_s

    def write(self, picture: Image.Image) -> None:
        """Replace the file by *picture*, enlarged or reduced to its usual size."""
        self._next_s = self._clock() + _INTERVAL_S
        scale = LONGEST_PX / max(picture.size)
        size = [max(1, round(side * scale)) for side in picture.size]
        data = encode_jpeg(picture.resize((size[0], size[1]), Image.Resampling.BICUBIC))
        part = self._path.with_name(self._path.name + ".part")
        part.write_bytes(data)
        part.replace(self._path)


def encode_jpeg(picture: Image.Image) -> bytes:
    """Return a JPEG of at most ``MAX_BYTES``."""
    data = b""
    for quality in (80, 60, 40, 20, 5):
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality)
        data = buffer.getvalue()
        if len(data) <= MAX_BYTES:
            break
    return data


def _with_one(channels: Any) -> Any:
    return torch.cat([channels, torch.ones(len(channels), 1)], dim=1)
