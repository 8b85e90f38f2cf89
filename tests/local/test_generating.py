"""A clip that was cut short, in whatever way, leaves nothing behind in the model."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from video_worker import generating
from video_worker.errors import BadModel, Cancelled, kind_of
from video_worker.loading import LoadedModel, load
from video_worker.requests import Clip, Model

from conftest import FolderOf, Generate, ModelOf, Recorder

ClipOf = Callable[..., Clip]
FAMILIES = ("wan2.2-ti2v", "ltx")


@pytest.fixture(scope="module")
def cached(folder_of: FolderOf) -> Callable[[str], LoadedModel]:
    """Return a function from a family to a model with a cache that would be spoilt."""

    def loaded(family: str) -> LoadedModel:
        model = Model(
            family=family,
            folder=folder_of(family),
            dtype="float32",
            device="cpu",
            cache_threshold=0.9,
        )
        return load(model)

    return loaded


@pytest.mark.parametrize("family", FAMILIES)
def test_the_clip_after_a_cancelled_one_is_as_if_nothing_had_been_with_a_cache(
    cached: Callable[[str], LoadedModel], clip_of: ClipOf, frames_of: Generate, family: str
) -> None:
    model = cached(family)
    before = frames_of(model, clip_of(family, steps=6))
    third = Recorder(lambda event: event.get("phase") == "denoise" and event["step"] == 2)
    with pytest.raises(Cancelled):
        frames_of(model, clip_of(family, steps=6, prompt="another prompt", seed=9), third)
    assert np.array_equal(frames_of(model, clip_of(family, steps=6)), before)


def test_a_cancelled_clip_leaves_at_the_step_and_decodes_nothing(
    model_of: ModelOf, clip_of: ClipOf, frames_of: Generate
) -> None:
    recorder = Recorder(lambda event: event.get("phase") == "denoise" and event["step"] == 1)
    with pytest.raises(Cancelled):
        frames_of(model_of("ltx"), clip_of("ltx", steps=40), recorder)
    steps = [event["step"] for event in recorder.events if event.get("phase") == "denoise"]
    assert steps == [0, 1]
    assert "decode" not in {event.get("phase") for event in recorder.events}


def test_a_clip_can_be_cancelled_between_the_frames_of_the_decoder(
    model_of: ModelOf, clip_of: ClipOf, frames_of: Generate
) -> None:
    model, clip = model_of("wan2.2-ti2v"), clip_of("wan2.2-ti2v")
    before = frames_of(model, clip)
    recorder = Recorder(lambda event: event.get("phase") == "decode" and event["step"] == 1)
    with pytest.raises(Cancelled):
        frames_of(model, replace(clip, seed=5), recorder)
    assert recorder.events[-1]["phase"] == "decode"
    assert np.array_equal(frames_of(model, clip), before)


def test_a_clip_that_is_cancelled_while_it_is_written_leaves_no_file(
    model_of: ModelOf, clip_of: ClipOf, tmp_path: Path
) -> None:
    recorder: Any = Recorder(lambda event: event.get("phase") == "decode" and event["step"] == 2)
    model, clip = model_of("wan2.2-ti2v"), clip_of("wan2.2-ti2v")
    with pytest.raises(Cancelled):
        generating.generate(model, clip, recorder, recorder.is_cancelled)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("CUDA error: out of memory"),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
        MemoryError(),
    ],
    ids=lambda error: str(error)[:20],
)
def test_memory_that_runs_out_in_a_step_is_recognised_and_the_next_clip_is_the_same(
    cached: Callable[[str], LoadedModel],
    clip_of: ClipOf,
    frames_of: Generate,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    model, clip = cached("ltx"), clip_of("ltx", steps=4)
    before = frames_of(model, clip)

    def run_out(*ignored: object, **more: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(model.pipe.transformer.transformer_blocks[1], "forward", run_out)
        with pytest.raises(type(error)) as caught:
            frames_of(model, clip)
    assert kind_of(caught.value) == "out of memory"
    assert np.array_equal(frames_of(model, clip), before)


def test_another_error_is_not_taken_for_memory() -> None:
    assert kind_of(RuntimeError("shape mismatch")) == "internal"
    assert kind_of(BadModel("broken")) == "model"


def test_values_that_are_no_numbers_are_no_video(
    model_of: ModelOf, clip_of: ClipOf, frames_of: Generate, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_of("ltx")
    decoder = model.pipe.vae.decoder
    real = decoder.forward
    monkeypatch.setattr(decoder, "forward", lambda *a, **k: real(*a, **k) * float("nan"))
    with pytest.raises(BadModel, match="no numbers"):
        frames_of(model, clip_of("ltx"))


@pytest.mark.parametrize("slices", [[9], [9, 9], [9, 7], []])
def test_frames_that_are_not_as_many_as_planned_are_no_video(
    model_of: ModelOf,
    clip_of: ClipOf,
    frames_of: Generate,
    monkeypatch: pytest.MonkeyPatch,
    slices: list[int],
) -> None:
    def decode(*ignored: object) -> list[torch.Tensor]:
        return [torch.zeros(1, 3, frames, 64, 96) for frames in slices]

    monkeypatch.setattr(generating, "decode_slices", decode)
    with pytest.raises(BadModel, match=f"made {sum(slices)} frames, and not 17"):
        frames_of(model_of("ltx"), clip_of("ltx"))


def test_frames_of_another_size_are_no_video(
    model_of: ModelOf, clip_of: ClipOf, frames_of: Generate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        generating, "decode_slices", lambda *ignored: [torch.zeros(1, 3, 17, 32, 96)]
    )
    with pytest.raises(BadModel, match="frames of 96x32, and not of 96x64"):
        frames_of(model_of("ltx"), clip_of("ltx"))


def test_each_phase_has_its_time_and_steps_are_counted_once(
    model_of: ModelOf, clip_of: ClipOf
) -> None:
    recorder: Any = Recorder()
    clip = replace(clip_of("ltx"), steps=4)
    done = generating.generate(model_of("ltx"), clip, recorder, recorder.is_cancelled)
    assert list(done["seconds"]) == ["encode prompt", "denoise", "decode", "write"]
    assert (done["width"], done["height"], done["frames"]) == (96, 64, 17)
    progress = [event for event in recorder.events if event["event"] == "progress"]
    assert [e["step"] for e in progress if e["phase"] == "denoise"] == [0, 1, 2, 3, 4]
    assert [(e["step"], e["steps"]) for e in progress if e["phase"] == "write"] == [(0, 17)]
    assert {e["steps"] for e in progress if e["phase"] == "denoise"} == {4}


def test_the_parts_of_a_long_clip_share_their_encoded_prompt(
    model_of: ModelOf, clip_of: ClipOf, frames_of: Generate, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_of("wan2.1-vace")
    encoded: list[str] = []
    real = model.pipe.encode_prompt

    def record(**fields: Any) -> Any:
        if fields["prompt"] is not None:  # the pipeline asks again, with what is encoded already
            encoded.append(fields["prompt"])
        return real(**fields)

    monkeypatch.setattr(model.pipe, "encode_prompt", record)
    one, other = clip_of("wan2.1-vace", prompt="one"), clip_of("wan2.1-vace", prompt="other")
    first = frames_of(model, one)
    frames_of(model, replace(one, seed=2))
    assert encoded == ["one"]
    assert np.array_equal(frames_of(model, one), first)
    frames_of(model, other)
    frames_of(model, replace(other, negative_prompt="blurry"))
    assert encoded == ["one", "other", "other"]
    assert np.array_equal(frames_of(model, one), first)
