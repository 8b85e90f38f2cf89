"""Where a source lies in a new frame: what holds for every size and every asked rectangle."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rushes.core.frame_placement import Box, layout
from rushes.core.geometry import RATIOS, STILL_SIZES, UPSCALED_PX, frame_size, upscaled_size
from rushes.core.spec import Rectangle, Reframing

sides = st.integers(16, 4000)
sizes = st.tuples(sides, sides)
shares = st.floats(0.05, 3.0)
rectangles = st.builds(
    Rectangle, x=st.floats(-1, 0.9), y=st.floats(-1, 0.9), width=shares, height=shares
)
framings = st.builds(Reframing, crop=st.none() | rectangles, placement=st.none() | rectangles)


@given(sizes, sizes)
def test_by_default_the_frame_is_covered_and_nothing_is_stretched(source, frame):
    laid = layout(source, frame, Reframing())
    assert (laid.visible.left, laid.visible.top) == pytest.approx((0, 0), abs=1e-6)
    assert (laid.visible.width, laid.visible.height) == pytest.approx(frame)
    across, down = laid.full.width / source[0], laid.full.height / source[1]
    assert across == pytest.approx(down)
    touching = (laid.full.width - frame[0], laid.full.height - frame[1])
    assert min(touching) == pytest.approx(0, abs=1e-6)
    assert laid.full.left == pytest.approx((frame[0] - laid.full.width) / 2)


@given(sizes, sizes, framings)
def test_what_is_seen_lies_in_the_frame_and_in_the_source(source, frame, requested):
    laid = layout(source, frame, requested)
    assume(not laid.visible.is_empty)
    for outer in (Box(left=0, top=0, width=frame[0], height=frame[1]), laid.full):
        assert laid.visible.left >= outer.left - 1e-6
        assert laid.visible.top >= outer.top - 1e-6
        assert laid.visible.right <= outer.right + 1e-6
        assert laid.visible.bottom <= outer.bottom + 1e-6


@given(sizes, sizes, rectangles, rectangles)
def test_the_asked_part_lies_on_the_asked_place(source, frame, crop, placement):
    full = layout(source, frame, Reframing(crop=crop, placement=placement)).full
    left = full.left + crop.x * full.width
    bottom = full.top + (crop.y + crop.height) * full.height
    assert left == pytest.approx(placement.x * frame[0], abs=1e-6)
    assert bottom == pytest.approx((placement.y + placement.height) * frame[1], abs=1e-6)


@given(sizes, sizes)
def test_a_crop_without_a_place_covers_the_frame(source, frame):
    middle = Rectangle(x=0.25, y=0.25, width=0.5, height=0.5)
    laid = layout(source, frame, Reframing(crop=middle))
    assert (laid.visible.width, laid.visible.height) == pytest.approx(frame)


@given(sizes, st.sampled_from(sorted(UPSCALED_PX)))
def test_an_enlarged_frame_is_even_and_keeps_its_shape(size, resolution):
    assume(max(size) <= 8 * min(size))
    width_px, height_px = upscaled_size(*size, resolution)
    assert width_px % 2 == height_px % 2 == 0
    assert min(width_px, height_px) <= UPSCALED_PX[resolution][0]
    assert max(width_px, height_px) <= UPSCALED_PX[resolution][1]
    assert width_px / height_px == pytest.approx(size[0] / size[1], rel=0.02)


@pytest.mark.parametrize("ratio", RATIOS)
def test_a_clip_upscaled_to_1080p_is_as_large_as_one_made_so(ratio):
    assert upscaled_size(*frame_size(ratio, "720p"), "1080p") == frame_size(ratio, "1080p")
    assert upscaled_size(*frame_size(ratio, "540p"), "720p") == frame_size(ratio, "720p")


@pytest.mark.parametrize("ratio", STILL_SIZES)
def test_a_still_has_the_shape_of_its_name(ratio):
    across, down = map(int, ratio.split(":"))
    width_px, height_px = STILL_SIZES[ratio]
    assert width_px / height_px == pytest.approx(across / down, rel=0.03)
    assert 2_300_000 < width_px * height_px < 2_600_000
