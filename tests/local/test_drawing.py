"""Pictures are drawn by any text-to-image pipeline, as the request says or not at all."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_pictures
import torch
from PIL import Image
from video_worker import drawing
from video_worker.drawing import LoadedPictures, draw, load_pictures
from video_worker.errors import BadInput, BadModel, Cancelled
from video_worker.requests import Model, Picture

from conftest import FolderOf, Recorder

EVERY = tuple(tiny_pictures.PIPELINES)
ModelOf = Callable[[str], LoadedPictures]
PictureOf = Callable[..., Picture]


@pytest.fixture(scope="module")
def pictures_of(tmp_path_factory: pytest.TempPathFactory) -> ModelOf:
    """Return a function from a pipeline to its loaded tiny model."""
    folder = tmp_path_factory.mktemp("pictures")

    def loaded(name: str) -> LoadedPictures:
        path = tiny_pictures.write_pictures(name, folder)
        return load_pictures(
            Model(family="text-to-image", folder=path, device="cpu", dtype="float32")
        )

    return cache(loaded)


@pytest.fixture
def wanted(tmp_path: Path) -> PictureOf:
    """Return a maker of small requests; other fields are given by name."""

    def make(**more: Any) -> Picture:
        fields: dict[str, Any] = {
            "id": "job", "prompt": "a cat", "seed": 1, "width": 96, "height": 64, "steps": 3,
            "guidance": 1.0, "deliver_width": 96, "deliver_height": 64,
            "output": tmp_path / "drawn.png",
        }  # fmt: skip
        return Picture(**fields | more)

    return make


def drawn(loaded: LoadedPictures, picture: Picture, recorder: Recorder | None = None) -> np.ndarray:
    events: Any = recorder or Recorder()
    draw(loaded, picture, events, events.is_cancelled)
    return np.asarray(Image.open(picture.output)).astype(int)


@pytest.mark.parametrize("name", EVERY)
def test_the_words_and_the_seed_decide_and_the_same_again_is_the_same(
    pictures_of: ModelOf, wanted: PictureOf, name: str
) -> None:
    model = pictures_of(name)
    first = drawn(model, wanted())
    assert first.shape == (64, 96, 3)
    assert np.array_equal(drawn(model, wanted()), first)
    assert not np.array_equal(drawn(model, wanted(seed=2)), first)
    before = latents_of(model, wanted())
    assert torch.equal(latents_of(model, wanted()), before)
    assert not torch.equal(latents_of(model, wanted(prompt="zz 99 zz")), before)


def latents_of(loaded: LoadedPictures, picture: Picture) -> torch.Tensor:
    """Return the latents after the last step, in which words show more than in 8 bits."""
    kept: list[torch.Tensor] = []

    def keep(pipe: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        kept.append(tensors["latents"].clone())
        return tensors

    steps: Any = keep
    loaded.pipe(**drawing._arguments(loaded, picture, steps), output_type="latent")
    return kept[-1]


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_is_announced_phase_by_phase_and_step_by_step(
    pictures_of: ModelOf, wanted: PictureOf, name: str, tmp_path: Path
) -> None:
    recorder = Recorder()
    drawn(pictures_of(name), wanted(preview=tmp_path / "preview.jpg"), recorder)
    progress = [e for e in recorder.events if e["event"] == "progress"]
    phases = list(dict.fromkeys(e["phase"] for e in progress))
    assert phases == ["encode prompt", "denoise", "decode", "write"]
    steps = [e["step"] for e in progress if e["phase"] == "denoise"]
    assert list(dict.fromkeys(steps)) == [0, 1, 2, 3]
    assert steps == sorted(steps)
    assert Image.open(tmp_path / "preview.jpg").format == "JPEG"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["drawn.png", "preview.jpg"]


@pytest.mark.parametrize("name", ["lcm", "flux"])
def test_a_cancelled_picture_leaves_no_file_and_the_next_is_as_if_nothing_had_been(
    pictures_of: ModelOf, wanted: PictureOf, name: str
) -> None:
    model = pictures_of(name)
    before = drawn(model, wanted())
    wanted().output.unlink()
    recorder = Recorder(lambda event: event.get("phase") == "denoise" and event["step"] == 2)
    with pytest.raises(Cancelled):
        drawn(model, wanted(prompt="another", steps=50), recorder)
    assert recorder.events[-1]["step"] == 2
    assert not wanted().output.exists()
    assert np.array_equal(drawn(model, wanted()), before)


def test_a_picture_is_delivered_in_another_size_and_shape(
    pictures_of: ModelOf, wanted: PictureOf
) -> None:
    picture = drawn(pictures_of("lcm"), wanted(deliver_width=200, deliver_height=200))
    assert picture.shape == (200, 200, 3)


@pytest.mark.parametrize(("name", "width"), [("sd", 100), ("flux", 104)])
def test_a_size_that_the_pipeline_would_round_is_refused(
    pictures_of: ModelOf, wanted: PictureOf, name: str, width: int
) -> None:
    with pytest.raises(BadInput, match="grid"):
        drawn(pictures_of(name), wanted(width=width))


@pytest.mark.parametrize("name", ["sd", "sdxl", "flux", "z-image", "lumina"])
def test_what_to_avoid_reaches_a_guided_model(
    pictures_of: ModelOf, wanted: PictureOf, name: str
) -> None:
    model = pictures_of(name)
    one = latents_of(model, wanted(guidance=7.0, negative_prompt="rain"))
    assert not torch.equal(latents_of(model, wanted(guidance=7.0, negative_prompt="zz 9")), one)


def test_what_to_avoid_is_refused_by_a_pipeline_that_takes_none(
    pictures_of: ModelOf, wanted: PictureOf
) -> None:
    with pytest.raises(BadInput, match="takes no negative_prompt"):
        drawn(pictures_of("lcm"), wanted(negative_prompt="rain"))


@pytest.mark.parametrize(("name", "is_read"), [("sd", False), ("sdxl", False), ("flux", True)])
def test_a_prompt_that_is_longer_than_the_model_reads_is_noted(
    pictures_of: ModelOf, wanted: PictureOf, name: str, is_read: bool
) -> None:
    model, events = pictures_of(name), Recorder()
    taken: Any = events
    long = draw(model, wanted(prompt="a cat " * 40), taken, events.is_cancelled)
    short = draw(model, wanted(), taken, events.is_cancelled)
    assert short["notice"] is None
    assert (long["notice"] is None) == is_read


def test_a_picture_that_the_models_own_checker_objects_to_is_no_result(
    pictures_of: ModelOf, wanted: PictureOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = pictures_of("sd")

    def objects(self: Any, image: Any, *ignored: Any) -> tuple[Any, list[bool]]:
        return torch.zeros_like(image), [True]

    monkeypatch.setattr(type(model.pipe), "run_safety_checker", objects)
    with pytest.raises(BadInput, match="safety checker"):
        drawn(model, wanted())
    assert not wanted().output.exists()


def test_values_that_are_no_numbers_are_no_picture(
    pictures_of: ModelOf, wanted: PictureOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = pictures_of("lcm")
    broken = model.pipe.vae.decoder.conv_out.bias
    kept = broken.detach().clone()
    with torch.no_grad():
        broken.fill_(float("nan"))
    try:
        with pytest.raises(BadModel, match="no numbers"):
            drawn(model, wanted())
    finally:
        with torch.no_grad():
            broken.copy_(kept)


def test_a_pipeline_of_videos_is_no_text_to_image_model(
    folder_of: FolderOf, tmp_path: Path
) -> None:
    with pytest.raises(BadModel, match="draws no picture"):
        load_pictures(Model(family="text-to-image", folder=folder_of("wan2.1-vace"), device="cpu"))


def test_where_no_gpu_is_found_weights_are_float32(pictures_of: ModelOf) -> None:
    folder = Path(pictures_of("lcm").pipe.config._name_or_path)
    auto = load_pictures(Model(family="text-to-image", folder=folder, dtype="bfloat16"))
    expected = torch.float32 if auto.device.type == "cpu" else torch.bfloat16
    assert auto.pipe.unet.dtype == expected
