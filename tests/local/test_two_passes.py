"""LTX-2 makes a video at half the size first, and then refines its enlarged latents."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest
import tiny_models
from video_worker.errors import BadInput, BadModel
from video_worker.loading import LoadedModel, load
from video_worker.requests import Clip, Model

from conftest import FolderOf, Generate, ModelOf, Recorder

Picture = Callable[[int], Path]


@pytest.fixture(scope="module")
def folder(folder_of: FolderOf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("two") / "ltx2"
    copytree(folder_of("ltx2"), path)
    tiny_models.add_upsampler(path)
    return path


@pytest.fixture(scope="module")
def model(folder: Path) -> LoadedModel:
    return load(Model(family="ltx2", folder=folder, dtype="float32", device="cpu"))


@pytest.fixture
def clip(clip_of: Callable[..., Clip]) -> Clip:
    return clip_of(
        "ltx2", width=128, deliver_width=128, sigmas=(1.0, 0.5), second_sigmas=(0.9, 0.7, 0.4)
    )


def test_the_second_pass_has_the_full_size_and_its_own_noise_levels(
    model: LoadedModel, clip: Clip, frames_of: Generate
) -> None:
    first = frames_of(model, clip)
    assert first.shape == (17, 64, 128, 3)
    assert np.array_equal(frames_of(model, clip), first)
    other = frames_of(model, replace(clip, second_sigmas=(0.9, 0.2, 0.1)))
    assert np.abs(other - first).max() > 2
    single = frames_of(model, replace(clip, second_sigmas=None))
    assert np.abs(single - first).max() > 2


def test_each_pass_sees_the_transformer_at_its_own_size(
    model: LoadedModel, clip: Clip, frames_of: Generate
) -> None:
    tokens: list[int] = []
    hook = model.pipe.transformer.register_forward_pre_hook(
        lambda _, __, named: tokens.append(named["hidden_states"].shape[1]), with_kwargs=True
    )
    try:
        frames_of(model, clip)
    finally:
        hook.remove()
    frames = 3
    assert tokens == [frames * 1 * 2] * 2 + [frames * 2 * 4] * 3


def test_the_steps_of_both_passes_are_counted_as_one(
    model: LoadedModel, clip: Clip, frames_of: Generate
) -> None:
    recorder = Recorder()
    frames_of(model, clip, recorder)
    steps = [(e["step"], e["steps"]) for e in recorder.events if e.get("phase") == "denoise"]
    assert steps == [(number, 5) for number in range(6)]


def test_the_content_of_the_last_image_decides(
    model: LoadedModel, clip: Clip, frames_of: Generate, picture: Picture
) -> None:
    one = frames_of(model, replace(clip, first_image=picture(1), last_image=picture(1)))
    other = frames_of(model, replace(clip, first_image=picture(1), last_image=picture(5)))
    assert np.abs(one - other).max() > 2


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"width": 96}, "grid of 32"), ({"height": 96}, "grid of 32")],
)
def test_a_size_whose_half_is_not_on_the_grid_is_refused(
    model: LoadedModel, clip: Clip, frames_of: Generate, fields: dict[str, Any], reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        frames_of(model, replace(clip, **fields))


def test_a_model_without_the_part_that_enlarges_refuses_a_second_pass(
    model_of: ModelOf, clip: Clip, frames_of: Generate, clip_of: Callable[..., Clip]
) -> None:
    with pytest.raises(BadInput, match="no latent_upsampler"):
        frames_of(model_of("ltx2"), clip)
    with pytest.raises(BadInput, match="no latent_upsampler"):
        frames_of(model_of("ltx"), clip_of("ltx", second_sigmas=(0.9,)))


def test_a_damaged_part_that_enlarges_is_named_when_the_model_is_loaded(
    folder: Path, tmp_path: Path
) -> None:
    copytree(folder, tmp_path / "cut")
    (weights,) = (tmp_path / "cut" / "latent_upsampler").glob("*.safetensors")
    weights.write_bytes(weights.read_bytes()[:-10])
    with pytest.raises(BadModel, match="latent_upsampler"):
        load(Model(family="ltx2", folder=tmp_path / "cut", dtype="float32", device="cpu"))
