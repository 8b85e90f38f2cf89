"""
Decode latents slice by slice, so that the first frames are encoded while later ones are decoded.

Wan's decoder is causal and keeps its features from one latent frame to the next: its slices are
exactly the frames that it makes at once. LTX's decoder looks at later frames, too: a clip that is
longer than a tile is decoded in tiles that overlap in time, as its authors do, and blended.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import diffusers
import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import unpatchify

TILE_FRAMES: Final = 64
"""The frames of a tile of LTX, beside its first one."""

_TILE_STRIDE: Final = 40
"""From one tile to the next; they share 24 frames, as in the code of its authors."""

_LTX: Final = (diffusers.AutoencoderKLLTXVideo, diffusers.AutoencoderKLLTX2Video)


@dataclass(slots=True)
class Latents:
    """What a pipeline would have decoded."""

    values: Any = None
    """``(1, channels, frames, height, width)``."""

    timestep: Any = None
    """The level of noise that is left, for a decoder that removes it; else None."""


@contextmanager
def undecoded(vae: Any) -> Generator[Latents, None, None]:
    """
    Have a pipeline leave its latents as they are when it would decode them.

    The pipeline gets one black pixel in the place of a video, and does the rest of its work.
    """
    latents = Latents()

    def keep(values: Any, timestep: Any = None, **ignored: Any) -> tuple[Any]:
        latents.values, latents.timestep = values, timestep
        return (torch.zeros(1, 3, 1, 1, 1, device=values.device),)

    vae.decode = keep
    try:
        yield latents
    finally:
        del vae.decode


def slice_count(vae: Any, latents: Latents) -> int:
    """Return the number of slices that :func:`decode_slices` makes."""
    frames = latents.values.shape[2]
    if _is_causal(vae, latents):
        return int(frames)
    if isinstance(vae, _LTX):
        return len(_tile_starts(vae, frames))
    return 1


def decode_slices(vae: Any, latents: Latents) -> Iterator[Any]:
    """
    Yield a video in slices, ``(1, 3, frames, height, width)`` from -1 to 1.

    Only the features or the frames that the next slice needs are kept from one to the next. Where
    the decoder works on tiles of a frame for lack of memory, Wan's video comes in one slice.
    """
    if _is_causal(vae, latents):
        return _decode_causally(vae, latents.values)
    if isinstance(vae, _LTX):
        return _decode_tiles(vae, latents)
    return iter([vae.decode(latents.values, return_dict=False)[0]])


def _is_causal(vae: Any, latents: Latents) -> bool:
    if not isinstance(vae, diffusers.AutoencoderKLWan):
        return False
    ratio = vae.spatial_compression_ratio
    height, width = latents.values.shape[3:]
    is_tiled = vae.use_tiling and (
        height > vae.tile_sample_min_height // ratio or width > vae.tile_sample_min_width // ratio
    )
    return not is_tiled


def _decode_causally(vae: Any, values: Any) -> Iterator[Any]:
    """Do as Wan's autoencoder itself does, and yield what it would join."""
    hook: Any = getattr(vae, "_hf_hook", None)  # as the decorator of the method "decode" does
    if hasattr(hook, "pre_forward"):
        hook.pre_forward(vae)
    vae.clear_cache()
    try:
        prepared = vae.post_quant_conv(values)
        for number in range(prepared.shape[2]):
            video = vae.decoder(
                prepared[:, :, number : number + 1],
                feat_cache=vae._feat_map,  # noqa: SLF001  # there is no public way
                feat_idx=[0],
                first_chunk=number == 0,
            )
            if vae.config.patch_size is not None:
                video = unpatchify(video, vae.config.patch_size)
            yield video.clamp(-1, 1)
    finally:
        vae.clear_cache()


def _tile_starts(vae: Any, frames: int) -> list[int]:
    """Return the first latent frame of each tile."""
    ratio = vae.temporal_compression_ratio
    tile, stride = TILE_FRAMES // ratio, _TILE_STRIDE // ratio
    starts = [0]
    while starts[-1] + tile + 1 < frames:
        starts.append(starts[-1] + stride)
    return starts


def _decode_tiles(vae: Any, latents: Latents) -> Iterator[Any]:
    """
    Yield the frames of each tile that no later tile shares, the shared ones blended.

    A tile's first latent frame gives one frame of video, and each other one as many as the ratio.
    """
    ratio = vae.temporal_compression_ratio
    starts = _tile_starts(vae, latents.values.shape[2])
    earlier: Any = None
    for start in starts:
        tile = latents.values[:, :, start : start + TILE_FRAMES // ratio + 1]
        video = vae.decode(tile, latents.timestep, return_dict=False)[0]
        if earlier is not None:
            shared = earlier.shape[2]
            share = torch.linspace(0, 1, shared + 2, device=video.device, dtype=torch.float32)
            share = share[1:-1].view(1, 1, -1, 1, 1).to(video.dtype)
            video[:, :, :shared] = earlier * (1 - share) + video[:, :, :shared] * share
        if start == starts[-1]:
            yield video
        else:
            yield video[:, :, :_TILE_STRIDE]
            earlier = video[:, :, _TILE_STRIDE:]
