"""Each family makes what it claims: the content of what it is given shows in its frames."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from diffusers import FlowMatchEulerDiscreteScheduler
from video_worker.errors import BadInput
from video_worker.loading import FAMILIES
from video_worker.requests import Clip

from conftest import SIZES, Generate, ModelOf

EVERY = tuple(FAMILIES)
FROM_TEXT = ("wan2.2-ti2v", "wan2.1-vace", "ltx", "ltx2")
TO_LAST = ("wan2.1-vace", "wan2.2-i2v", "ltx", "ltx2")
TO_LAST_ALONE = ("wan2.1-vace", "ltx", "ltx2")
FROM_CLIP = ("wan2.1-vace", "ltx", "ltx2")

ClipOf = Callable[..., Clip]
Picture = Callable[[int], Path]


@pytest.fixture
def make(model_of: ModelOf, clip_of: ClipOf, frames_of: Generate) -> Callable[..., np.ndarray]:
    """Return a function from a family and fields of a clip to the frames."""

    def run(family: str, **fields: Any) -> np.ndarray:
        return frames_of(model_of(family), clip_of(family, **fields))

    return run


MadeOf = Callable[..., np.ndarray]


def differ(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.abs(one - other).max() > 2)


@pytest.mark.parametrize("family", FROM_TEXT)
def test_the_words_and_the_seed_decide_and_the_same_again_is_the_same(
    make: MadeOf, family: str
) -> None:
    first = make(family)
    width, height, frames = SIZES[family]
    assert first.shape == (frames, height, width, 3)
    assert np.array_equal(make(family), first)
    assert not np.array_equal(make(family, prompt="zz 99 zz"), first)
    assert differ(make(family, seed=2), first)


@pytest.mark.parametrize("family", EVERY)
def test_another_first_image_makes_another_video(
    make: MadeOf, picture: Picture, family: str
) -> None:
    one = make(family, first_image=picture(1))
    assert differ(make(family, first_image=picture(5)), one)


@pytest.mark.parametrize("family", TO_LAST)
def test_with_the_same_first_image_the_content_of_the_last_one_decides(
    make: MadeOf, picture: Picture, family: str
) -> None:
    """Compared with a loop: against no last image, its mask alone would make a difference."""
    last = make(family, first_image=picture(1), last_image=picture(5))
    loop = make(family, first_image=picture(1), last_image=picture(1))
    assert differ(last, loop)
    assert np.array_equal(make(family, first_image=picture(1), last_image=picture(5)), last)


@pytest.mark.parametrize("family", TO_LAST_ALONE)
def test_the_content_of_a_last_image_alone_decides(
    make: MadeOf, picture: Picture, family: str
) -> None:
    assert differ(make(family, last_image=picture(5)), make(family, last_image=picture(1)))


def write_clip(path: Path, seeds: list[int]) -> Path:
    """Write a clip of plain colours."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv444p"
        for seed in seeds:
            colour = np.random.default_rng(seed).integers(0, 255, (1, 1, 3), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(np.tile(colour, (64, 96, 1)), format="rgb24")
            container.mux(stream.encode(frame.reformat(format="yuv444p")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("family", FROM_CLIP)
def test_a_clip_can_lead_to_a_last_image(
    make: MadeOf, picture: Picture, tmp_path: Path, family: str
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", list(range(10, 25)))
    one = make(family, clip=clip, clip_frames=9, last_image=picture(1))
    assert differ(make(family, clip=clip, clip_frames=9, last_image=picture(5)), one)
    assert differ(make(family, last_image=picture(1)), one)


@pytest.mark.parametrize("family", FROM_CLIP)
def test_the_end_of_a_clip_decides_and_its_beginning_does_not(
    make: MadeOf, tmp_path: Path, family: str
) -> None:
    def clip(name: str, seeds: list[int]) -> Path:
        return write_clip(tmp_path / f"{name}.mp4", seeds)

    tail = list(range(10, 19))
    one = make(family, clip=clip("one", [1] * 12 + tail), clip_frames=9)
    assert differ(make(family, clip=clip("two", [1] * 12 + tail[::-1]), clip_frames=9), one)
    longer = make(family, clip=clip("three", [1] * 40 + tail), clip_frames=9)
    assert np.abs(longer - one).mean() < np.abs(make(family, seed=2) - one).mean() / 10


@pytest.mark.parametrize(
    ("family", "fields", "reason"),
    [
        ("wan2.2-ti2v", {"last_image": 1}, "last image"),
        ("wan2.2-ti2v", {"first_image": 1, "last_image": 2}, "last image"),
        ("wan2.2-i2v", {}, "first image"),
        ("wan2.2-i2v", {"last_image": 1}, "first image"),
        ("wan2.2-ti2v", {"sound": True}, "makes no sound"),
        ("wan2.2-ti2v", {"solver": "euler"}, "needs sigmas"),
        ("wan2.2-ti2v", {"sigmas": (1.0, 0.5), "solver": "leap"}, "no solver 'leap'"),
        ("ltx", {"sigmas": (1.0, 0.5), "solver": "euler"}, "one way only"),
    ],
)
def test_what_a_pipeline_would_ignore_is_refused(
    make: MadeOf, picture: Picture, family: str, fields: dict[str, Any], reason: str
) -> None:
    images = {name: picture(value) for name, value in fields.items() if name.endswith("image")}
    with pytest.raises(BadInput, match=reason):
        make(family, **fields | images)


@pytest.mark.parametrize(
    ("family", "fields"),
    [
        ("wan2.2-ti2v", {"frames": 10}),
        ("wan2.2-ti2v", {"width": 80}),  # on Wan's grid of 16, but not on this checkpoint's
        ("wan2.1-vace", {"frames": 16}),
        ("wan2.1-vace", {"height": 40}),
        ("wan2.2-i2v", {"width": 72}),
        ("ltx", {"frames": 16}),
        ("ltx", {"width": 100}),
        ("ltx2", {"frames": 20}),
        ("ltx2", {"keep": (0, 18)}),
        ("ltx2", {"keep": (5, 5)}),
        ("ltx", {"sigmas": (1.0,)}),
    ],
)
def test_numbers_that_a_pipeline_would_round_are_refused(
    make: MadeOf, family: str, fields: dict[str, Any]
) -> None:
    with pytest.raises(BadInput):
        make(family, **fields)


def test_only_the_frames_to_keep_are_written(make: MadeOf) -> None:
    assert np.array_equal(make("ltx", keep=(3, 9)), make("ltx")[3:9])


@pytest.mark.parametrize("family", ["ltx", "ltx2"])
def test_noise_levels_are_used_as_they_are_whatever_the_checkpoints_scheduler_does_with_them(
    make: MadeOf, model_of: ModelOf, monkeypatch: pytest.MonkeyPatch, family: str
) -> None:
    pipe = model_of(family).pipe
    exact = make(family, sigmas=(1.0, 0.4))
    own = make(family)
    moving = FlowMatchEulerDiscreteScheduler(shift=3.0, shift_terminal=0.1)
    monkeypatch.setattr(pipe, "scheduler", moving)
    assert np.array_equal(make(family, sigmas=(1.0, 0.4)), exact)
    assert differ(make(family), own)
    assert pipe.scheduler is moving


def test_the_noise_levels_of_a_distilled_checkpoint_are_used(make: MadeOf) -> None:
    for family in ("ltx", "ltx2"):
        assert differ(make(family, sigmas=(1.0, 0.2)), make(family, sigmas=(1.0, 0.9)))


@pytest.mark.parametrize("solver", ["euler", "renoise"])
@pytest.mark.parametrize("family", ["wan2.2-ti2v", "wan2.1-vace", "wan2.2-i2v"])
def test_a_distilled_wan_uses_its_noise_levels_and_then_its_own_scheduler_again(
    make: MadeOf, picture: Picture, model_of: ModelOf, family: str, solver: str
) -> None:
    more: dict[str, Any] = {"first_image": picture(1), "guidance": 1.0}
    usual = make(family, **more)
    own = model_of(family).pipe.scheduler
    one = make(family, sigmas=(1.0, 0.9), solver=solver, **more)
    assert np.array_equal(make(family, sigmas=(1.0, 0.9), solver=solver, **more), one)
    assert differ(make(family, sigmas=(1.0, 0.2), solver=solver, **more), one)
    assert differ(make(family, seed=2, sigmas=(1.0, 0.9), solver=solver, **more), one)
    assert model_of(family).pipe.scheduler is own
    assert np.array_equal(make(family, **more), usual)


def test_each_step_of_a_distilled_wan_predicts_the_video_and_adds_new_noise(
    model_of: ModelOf, clip_of: ClipOf, frames_of: Generate
) -> None:
    """Compared with the formula: x0 = x - s v, and then x = (1 - s') x0 + s' noise."""
    model = model_of("wan2.2-ti2v")
    noisy: list[Any] = []
    velocities: list[Any] = []
    hooks = [
        model.pipe.transformer.register_forward_pre_hook(
            lambda _, __, named: noisy.append(named["hidden_states"].clone()), with_kwargs=True
        ),
        model.pipe.transformer.register_forward_hook(
            lambda _, __, out: velocities.append(out[0].clone())
        ),
    ]
    sigmas = (1.0, 0.757, 0.522)
    clip = clip_of("wan2.2-ti2v", steps=3, sigmas=sigmas, solver="renoise", guidance=1.0)
    try:
        frames_of(model, clip)
    finally:
        for hook in hooks:
            hook.remove()
    added = []
    for step in (0, 1):
        clean = noisy[step] - sigmas[step] * velocities[step]
        added.append((noisy[step + 1] - (1 - sigmas[step + 1]) * clean) / sigmas[step + 1])
    for noise in added:
        assert abs(float(noise.mean())) < 0.1
        assert float(noise.std()) == pytest.approx(1, abs=0.1)
    all_noise = np.stack([each.flatten().numpy() for each in (noisy[0], *added)])
    assert np.abs(np.corrcoef(all_noise) - np.eye(3)).max() < 0.2


def test_the_two_experts_of_a_distilled_model_share_the_steps_as_they_were_trained(
    model_of: ModelOf, clip_of: ClipOf, frames_of: Generate, picture: Picture
) -> None:
    model, used = model_of("wan2.2-i2v"), list[str]()
    hooks = [
        getattr(model.pipe, name).register_forward_pre_hook(lambda *_, name=name: used.append(name))
        for name in ("transformer", "transformer_2")
    ]
    sigmas = (1.0, 0.9375, 0.833333, 0.625)
    clip = clip_of("wan2.2-i2v", steps=4, sigmas=sigmas, guidance=1.0, first_image=picture(1))
    try:
        frames_of(model, clip)
    finally:
        for hook in hooks:
            hook.remove()
    assert used == ["transformer", "transformer", "transformer_2", "transformer_2"]


def test_a_guided_checkpoint_of_ltx_2_avoids_what_it_should(make: MadeOf) -> None:
    one = make("ltx2", guidance=3.0, negative_prompt="blurry")
    assert not np.array_equal(make("ltx2", guidance=3.0, negative_prompt="zz 99"), one)
