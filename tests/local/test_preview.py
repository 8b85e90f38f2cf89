"""Previews look like what is being made, are small, and do not come too often."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from video_worker import generating
from video_worker.preview import (
    MAX_BYTES,
    Previews,
    encode_jpeg,
    expected_latents,
    fit_projection,
)
from video_worker.requests import Clip

from conftest import Generate, ModelOf


class LinearEncoder(torch.nn.Module):
    """An autoencoder whose latents are four mixtures of the colours of 16x16 pixels."""

    dtype = torch.float32
    mixture = torch.tensor([[1.0, 0.5, 0], [0, 1, 0.25], [0.5, 0, 1], [1, 1, 1]])

    def encode(self, video: torch.Tensor) -> object:
        small = torch.nn.functional.avg_pool2d(video[:, :, 0], 16)
        latent = torch.einsum("kc,bchw->bkhw", self.mixture, small).unsqueeze(2)

        class Encoded:
            class latent_dist:  # noqa: N801  # the name in diffusers
                mode = staticmethod(lambda: latent)

        return Encoded


def test_colours_come_out_of_latents_as_they_went_in() -> None:
    vae = LinearEncoder()
    projection = fit_projection(vae, torch.device("cpu"))
    colours = torch.rand(3, 4, 6, generator=torch.Generator().manual_seed(3))
    large = colours.repeat_interleave(16, 1).repeat_interleave(16, 2)
    latent = vae.encode((large * 2 - 1)[None, :, None]).latent_dist.mode()  # type: ignore[attr-defined]
    shown = np.asarray(projection.picture_of(latent)).transpose(2, 0, 1) / 255
    assert np.abs(shown - colours.numpy()).max() < 0.02


@pytest.mark.parametrize("family", ["wan2.2-ti2v", "wan2.1-vace", "ltx", "ltx2"])
def test_every_family_has_a_projection_of_its_latents(model_of: ModelOf, family: str) -> None:
    projection = model_of(family).projection
    assert projection is not None
    assert torch.isfinite(projection.weights).all()


def test_a_preview_is_replaced_in_one_step_and_at_most_twice_a_second(tmp_path: Path) -> None:
    now = [0.0]
    previews = Previews(tmp_path / "p.jpg", clock=lambda: now[0])
    assert previews.is_due()
    previews.write(Image.new("RGB", (20, 10), "red"))
    now[0] = 0.49
    assert not previews.is_due()
    now[0] = 0.5
    assert previews.is_due()
    assert [file.name for file in tmp_path.iterdir()] == ["p.jpg"]
    assert Image.open(tmp_path / "p.jpg").size == (480, 240)


def test_a_preview_is_small_whatever_it_shows() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (480, 480, 3), dtype=np.uint8)
    data = encode_jpeg(Image.fromarray(noise))
    assert 1000 < len(data) <= MAX_BYTES


def test_a_preview_shows_where_the_steps_lead_and_not_their_noise() -> None:
    clean, noise = torch.rand(1, 4, 3, 2, 2), torch.randn(1, 4, 3, 2, 2)
    before, after = ((1 - sigma) * clean + sigma * noise for sigma in (0.9, 0.7))
    assert torch.allclose(expected_latents(before, after, 0.9, 0.7), clean, atol=1e-5)


@pytest.mark.parametrize("family", ["wan2.2-ti2v", "wan2.1-vace", "wan2.2-i2v", "ltx", "ltx2"])
def test_a_preview_is_made_of_what_the_decoder_gets(
    model_of: ModelOf,
    clip_of: Callable[..., Clip],
    frames_of: Generate,
    picture: Callable[[int], Path],
    family: str,
) -> None:
    """With images, which LTX has as further tokens, before its own or after them."""
    model = model_of(family)
    has_images = family != "wan2.2-ti2v"  # it replaces its first latents after the last step
    images = {"first_image": picture(1), "last_image": picture(5)} if has_images else {}
    clip = clip_of(family, **images)
    last: list[Any] = []
    real = generating._Steps.__call__

    def record(self: Any, pipe: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> Any:
        last[:] = [model.family.latents(pipe, tensors["latents"], clip)]
        return real(self, pipe, step, timestep, tensors)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(generating._Steps, "__call__", record)
        frames = frames_of(model, clip)
    with torch.no_grad():
        decoded = model.pipe.vae.decode(last[0]).sample[0]
    shown = ((decoded / 2 + 0.5).clamp(0, 1) * 255).round().permute(1, 2, 3, 0).numpy()
    assert np.abs(shown - frames).max() <= 1
