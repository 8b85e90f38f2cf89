"""A video that is decoded in slices is the video that is decoded at once."""

from collections.abc import Callable
from typing import Any

import diffusers
import pytest
import tiny_models
import torch
from video_worker.decoding import Latents, decode_slices, slice_count, undecoded

from conftest import ModelOf

WAN = ("wan2.2-ti2v", "wan2.1-vace")
LTX = ("ltx", "ltx2")


def noise(vae: Any, frames: int, height: int = 2, width: int = 3) -> Latents:
    channels = getattr(vae.config, "z_dim", None) or vae.config.latent_channels
    generator = torch.Generator().manual_seed(3)
    return Latents(values=3 * torch.randn(1, channels, frames, height, width, generator=generator))


def decoded(vae: Any, latents: Latents) -> list[torch.Tensor]:
    with torch.no_grad():
        return list(decode_slices(vae, latents))


def at_once(vae: Any, latents: Latents) -> torch.Tensor:
    with torch.no_grad():
        return vae.decode(latents.values, return_dict=False)[0]


@pytest.mark.parametrize("family", WAN)
def test_each_latent_frame_of_wan_is_a_slice_and_together_they_are_the_video(
    model_of: ModelOf, family: str
) -> None:
    vae = model_of(family).pipe.vae
    vae.disable_tiling()
    latents = noise(vae, frames=5)
    slices = decoded(vae, latents)
    assert [each.shape[2] for each in slices] == [1, 4, 4, 4, 4]
    assert slice_count(vae, latents) == 5
    assert torch.equal(torch.cat(slices, dim=2), at_once(vae, latents))


def test_a_video_of_wan_that_was_cut_short_leaves_nothing_in_the_decoder(
    model_of: ModelOf,
) -> None:
    vae = model_of("wan2.2-ti2v").pipe.vae
    latents = noise(vae, frames=3)
    complete = at_once(vae, latents)
    with torch.no_grad():
        begun = decode_slices(vae, latents)
        next(begun)
        next(begun)
        begun.close()  # type: ignore[attr-defined]  # a generator
    assert torch.equal(torch.cat(decoded(vae, latents), dim=2), complete)


def test_a_frame_of_wan_that_needs_tiles_comes_with_all_others(model_of: ModelOf) -> None:
    vae = model_of("wan2.1-vace").pipe.vae
    latents = noise(vae, frames=2, height=34, width=2)
    vae.enable_tiling()
    try:
        (only,) = decoded(vae, latents)
        assert slice_count(vae, latents) == 1
        assert torch.equal(only, at_once(vae, latents))
    finally:
        vae.disable_tiling()


@pytest.mark.parametrize("family", LTX)
def test_a_clip_of_ltx_up_to_the_length_of_a_tile_is_decoded_at_once(
    model_of: ModelOf, family: str
) -> None:
    vae = model_of(family).pipe.vae
    latents = noise(vae, frames=9)
    (only,) = decoded(vae, latents)
    assert only.shape[2] == 65
    assert torch.equal(only, at_once(vae, latents))


@pytest.mark.parametrize("family", LTX)
def test_a_longer_clip_of_ltx_comes_in_tiles_and_is_nearly_the_same(
    model_of: ModelOf, family: str
) -> None:
    vae = model_of(family).pipe.vae
    latents = noise(vae, frames=20)
    slices = decoded(vae, latents)
    assert [each.shape[2] for each in slices] == [40, 40, 40, 33]
    assert slice_count(vae, latents) == 4
    video, complete = torch.cat(slices, dim=2), at_once(vae, latents)
    assert video.shape == complete.shape
    difference = (video - complete).abs()
    assert difference.mean() < 0.2 * complete.std()  # of frames of noise, which is the hardest case
    frame = difference.mean(dim=(0, 1, 3, 4))
    assert frame[:12].max() < 1e-5  # far from the edges of tiles
    shifted = (video[:, :, 1:] - complete[:, :, :-1]).abs().mean()
    assert difference.mean() < shifted / 4


@pytest.mark.parametrize("family", LTX)
def test_a_frame_of_ltx_that_needs_tiles_is_nearly_the_same(model_of: ModelOf, family: str) -> None:
    vae = model_of(family).pipe.vae
    latents = noise(vae, frames=2, height=20, width=20)
    complete = at_once(vae, latents)
    vae.enable_tiling()
    try:
        (tiled,) = decoded(vae, latents)
    finally:
        vae.disable_tiling()
    assert not torch.equal(tiled, complete)
    assert (tiled - complete).abs().mean() < 0.2 * complete.std()  # of noise, as above


def test_a_decoder_that_removes_noise_is_levels_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    vae = tiny_models.ltx().vae
    levels: list[Any] = []

    def decode(values: Any, timestep: Any = None, **ignored: Any) -> tuple[Any]:
        levels.append(timestep)
        frames = (values.shape[2] - 1) * 8 + 1
        return (torch.zeros(1, 3, frames, 64, 96),)

    monkeypatch.setattr(vae, "decode", decode)
    latents = noise(vae, frames=12)
    latents.timestep = torch.tensor([0.05])
    decoded(vae, latents)
    assert [float(each) for each in levels] == pytest.approx([0.05, 0.05])


def test_a_pipeline_leaves_its_latents_undecoded_and_decodes_again_later(
    model_of: ModelOf, clip_of: Callable[..., Any]
) -> None:
    vae = model_of("ltx").pipe.vae
    values = noise(vae, frames=2).values
    with undecoded(vae) as latents:
        assert vae.decode(values, torch.tensor([0.1]), return_dict=False)[0].numel() == 3
    assert latents.values is values
    assert float(latents.timestep) == pytest.approx(0.1)
    assert isinstance(vae.decode(values), diffusers.models.autoencoders.vae.DecoderOutput)
