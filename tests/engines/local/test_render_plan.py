"""The plan of a local render: sizes on the grid, frames by the rule, the promised length."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.core.geometry import RATIOS, SIDES_PX, frame_size
from rushes.core.spec import GenerationSpec
from rushes.engines.local.families import FAMILIES, RESOLUTIONS
from rushes.engines.local.render_plan import End, Given, Start, generated_size, plan_render

FAMILY = st.sampled_from(sorted(FAMILIES))


@st.composite
def cases(draw):
    """Return a family, a spec and inputs that the family accepts."""
    family = FAMILIES[draw(FAMILY)]
    can = family.capabilities()
    earlier = draw(st.none() | st.integers(1, 400))
    first = earlier is not None or draw(st.booleans()) or not family.from_text
    last = can.last_image and draw(st.booleans()) and (first or family.last_alone)
    loop = can.loop and draw(st.booleans())
    later = last and not loop and family.last_alone and draw(st.booleans())
    spec = GenerationSpec(
        prompt="a lake",
        aspect_ratio=draw(st.sampled_from(sorted(RATIOS))),
        resolution=draw(st.sampled_from(RESOLUTIONS)),
        duration_s=draw(st.sampled_from(family.durations_s)),
        loop=loop,
    )
    given_inputs = Given(
        first_image=first, last_image=last, earlier_frames=earlier, later_clip=later
    )
    return family, spec, given_inputs


def planned(case):
    family, spec, inputs = case
    assert spec.aspect_ratio
    return plan_render(spec, family, inputs, frame_size(spec.aspect_ratio, spec.resolution))


@given(cases())
def test_every_part_has_a_number_of_frames_that_the_model_can_make(case):
    family = case[0]
    for part in planned(case).parts:
        assert part.frames % family.frame_step == 1
        assert part.frames <= family.most_frames
        assert 0 <= part.keep[0] < part.keep[1] <= part.frames


@given(cases())
def test_the_new_part_has_the_requested_length_to_the_frame(case):
    family, spec, inputs = case
    expected = round(spec.duration_s * family.fps) + 1
    expected -= inputs.earlier_frames is not None  # the earlier clip shows the first frame
    expected -= spec.loop or inputs.later_clip  # the opening, or the later clip, shows the last
    assert planned(case).frames == expected


@given(cases())
def test_the_generated_size_is_on_the_grid_and_no_larger_than_the_model_makes_well(case):
    family = case[0]
    width, height = planned(case).generated_px
    assert (width % family.grid_px, height % family.grid_px) == (0, 0)
    assert width * height <= family.most_pixels


@given(cases())
def test_the_delivered_size_is_the_one_that_the_server_promises(case):
    spec = case[1]
    assert planned(case).delivered_px == frame_size(spec.aspect_ratio, spec.resolution)


@given(FAMILY, st.sampled_from(SIDES_PX), st.sampled_from(SIDES_PX))
def test_a_frame_of_any_size_loses_little_to_the_crop(name, width, height):
    family = FAMILIES[name]
    made = generated_size(family, width, height)
    assert all(side % family.grid_px == 0 for side in made)
    scale = min(width / made[0], height / made[1]) / max(width / made[0], height / made[1])
    short = min(made)
    assert scale >= 1 - family.grid_px / (short - family.grid_px / 2 + 1)


@given(cases())
def test_each_part_begins_where_the_one_before_it_ends(case):
    family, _, inputs = case
    parts = planned(case).parts
    for before, part in pairwise(parts):
        assert part.start is Start.PREVIOUS
        assert part.overlap <= before.keep[1] - before.keep[0] or part.overlap == 1
    for part in parts:
        continues = part.start is Start.PREVIOUS
        assert bool(part.overlap) == continues
        assert part.keep[0] == part.overlap
        assert part.overlap in {0, 1} or part.overlap <= family.clip_frames
    if inputs.earlier_frames is not None:
        assert parts[0].start is Start.PREVIOUS
        assert parts[0].overlap <= inputs.earlier_frames


@given(cases())
def test_every_image_is_used_and_a_loop_arrives_at_its_opening(case):
    _, spec, inputs = case
    parts = planned(case).parts
    used = {part.end for part in parts} | {part.start for part in parts}
    if inputs.last_image:
        assert End.LAST_IMAGE in used or Start.LAST_IMAGE in used
    if inputs.first_image and inputs.earlier_frames is None:
        assert parts[0].start is Start.FIRST_IMAGE
    assert (parts[-1].end is End.OPENING) == spec.loop


@pytest.mark.parametrize(
    ("name", "resolution", "size"),
    [
        ("wan2.2-ti2v", "720p", (1280, 704)),
        ("wan2.2-ti2v", "540p", (960, 544)),
        ("wan2.2-i2v", "720p", (1280, 720)),
        ("wan2.1-vace", "720p", (832, 480)),
        ("ltx", "540p", (960, 544)),
        ("ltx2", "1080p", (1280, 736)),
    ],
)
def test_a_wide_frame_is_made_in_the_size_that_the_model_knows(name, resolution, size):
    assert generated_size(FAMILIES[name], *frame_size("16:9", resolution)) == size


def test_a_clip_in_one_native_pass_has_no_note():
    spec = GenerationSpec(prompt="a lake", duration_s=5.0)
    plan = plan_render(spec, FAMILIES["wan2.2-ti2v"], Given(), (1280, 720))
    assert [part.frames for part in plan.parts] == [121]
    assert plan.note is None


def test_a_longer_and_larger_clip_says_that_it_was_chained_and_enlarged():
    spec = GenerationSpec(prompt="a lake", duration_s=9.0)
    plan = plan_render(spec, FAMILIES["wan2.2-ti2v"], Given(), (1920, 1080))
    assert [part.frames for part in plan.parts] == [109, 109]
    assert plan.duration_s == 217 / 24
    assert plan.note is not None
    assert "1280x704" in plan.note
    assert "enlarged to 1920x1080" in plan.note
    assert "2 parts" in plan.note


def test_a_loop_of_words_goes_away_and_comes_back():
    spec = GenerationSpec(prompt="a lake", duration_s=5.0, loop=True)
    away, back = plan_render(spec, FAMILIES["ltx"], Given(), (960, 540)).parts
    assert (away.start, away.end) == (Start.WORDS, End.OPEN)
    assert (back.start, back.end) == (Start.PREVIOUS, End.OPENING)
    assert away.keep[1] + back.keep[1] - back.keep[0] == 120
