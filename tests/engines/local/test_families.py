"""The table of local families: what each claims, and what it refuses with a way out."""

import pytest

from rushes.core.capability_check import refusals
from rushes.core.errors import NotFound
from rushes.core.spec import GenerationSpec, Keyframe, Position
from rushes.engines.local.families import FAMILIES, Sampling, family_named

FIRST = Keyframe(position=Position.FIRST, image="https://example.com/a.png")
LAST = Keyframe(position=Position.LAST, image="https://example.com/b.png")
EARLIER = Keyframe(position=Position.FIRST, generation_id="g1")
LATER = Keyframe(position=Position.LAST, generation_id="g2")

MODES = {
    "text": {},
    "first": {"keyframes": (FIRST,)},
    "first and last": {"keyframes": (FIRST, LAST)},
    "last": {"keyframes": (LAST,)},
    "loop of words": {"loop": True},
    "loop of an image": {"loop": True, "keyframes": (FIRST,)},
    "extend": {"keyframes": (EARLIER,)},
    "extend backwards": {"keyframes": (LATER,)},
    "interpolate": {"keyframes": (EARLIER, LATER)},
}
CANNOT = {
    "wan2.2-ti2v": {
        "first and last",
        "last",
        "loop of words",
        "loop of an image",
        "extend backwards",
        "interpolate",
    },
    "wan2.2-i2v": {"text", "last", "loop of words", "extend backwards"},
    "wan2.1-vace": set(),
    "ltx": set(),
    "ltx2": set(),
}


def spec_of(**values):
    return GenerationSpec(
        prompt="a lake", model="ray-2", aspect_ratio="16:9", resolution="720p", **values
    )


def problems_of(family, spec):
    return (*refusals(spec, family.capabilities()), *family.problems(spec))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_refuses_what_its_pipeline_would_ignore_and_nothing_else(name, mode):
    found = problems_of(FAMILIES[name], spec_of(**MODES[mode]))
    assert bool(found) == (mode in CANNOT[name])


def test_a_model_for_images_says_that_it_needs_one():
    ((field, why),) = problems_of(FAMILIES["wan2.2-i2v"], spec_of())
    assert field == "first_image"
    assert "send a first image" in why


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_each_duration_ends_on_a_frame_that_the_model_can_make(family):
    assert family.most_frames % family.frame_step == 1
    assert family.clip_frames == 0 or family.clip_frames % family.frame_step == 1
    assert all((one * family.fps) % family.frame_step == 0 for one in family.durations_s)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_the_largest_size_lies_on_the_grid(family):
    assert all(side % family.grid_px == 0 for side in family.largest_px)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_noise_levels_fall_and_there_is_one_for_each_step(family):
    sigmas = family.sampling.sigmas
    assert sigmas is None or len(sigmas) == family.sampling.steps
    assert sigmas is None or sorted(sigmas, reverse=True) == list(sigmas)


def test_without_guidance_a_description_of_what_to_avoid_is_refused():
    rainless = spec_of(negative_prompt="rain")
    ltx = FAMILIES["ltx"]
    assert [name for name, _ in problems_of(ltx, rainless)] == ["negative_prompt"]
    assert not refusals(rainless, ltx.capabilities(Sampling(steps=30, guidance=3.0)))


def test_an_unknown_family_is_answered_with_the_known_ones():
    with pytest.raises(NotFound, match=r"wan2\.2-ti2v"):
        family_named("sora")
