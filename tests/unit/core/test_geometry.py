"""Frame sizes, ratios and frame counts: the laws, and the sizes that are documented."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.core.geometry import (
    DEFAULT_RATIO,
    DEFAULT_RESOLUTION,
    FPS,
    LONGEST_PX,
    RATIOS,
    SHORT_SIDES_PX,
    STILL_SIZES,
    UPSCALED_PX,
    frame_count,
    frame_size,
    nearest_ratio,
    nearest_resolution,
    size_problem,
    upscaled_size,
)

EVERY_RATIO = st.sampled_from(sorted(RATIOS))
EVERY_RESOLUTION = st.sampled_from(sorted(SHORT_SIDES_PX))
SIDES_PX = st.integers(1, 20_000)


def turned(ratio: str) -> str:
    across, down = ratio.split(":")
    return f"{down}:{across}"


class TestFrameSize:
    @pytest.mark.parametrize(
        ("ratio", "resolution", "size"),
        [
            ("16:9", "360p", (640, 360)),
            ("9:21", "360p", (360, 840)),
            ("16:9", "540p", (960, 540)),
            ("16:9", "720p", (1280, 720)),
            ("16:9", "1080p", (1920, 1080)),
            ("9:16", "720p", (720, 1280)),
            ("1:1", "720p", (720, 720)),
            ("4:3", "720p", (960, 720)),
            ("21:9", "720p", (1680, 720)),
            ("9:21", "1080p", (1080, 2520)),
            ("16:9", "4k", (3840, 2160)),
            ("1:1", "4k", (2160, 2160)),
            ("21:9", "4k", (4096, 1756)),
            ("9:21", "4k", (1756, 4096)),
        ],
    )
    def test_it_is_what_players_expect(
        self, ratio: str, resolution: str, size: tuple[int, int]
    ) -> None:
        assert frame_size(ratio, resolution) == size

    @given(EVERY_RATIO, EVERY_RESOLUTION)
    def test_both_sides_are_even_and_the_shorter_is_the_resolution_unless_the_longer_is_the_limit(
        self, ratio: str, resolution: str
    ) -> None:
        size = frame_size(ratio, resolution)
        assert all(side_px % 2 == 0 for side_px in size)
        shorter, longer = sorted(size)
        assert shorter == SHORT_SIDES_PX[resolution] or longer == LONGEST_PX

    @given(EVERY_RATIO, EVERY_RESOLUTION)
    def test_the_shape_is_the_ratio_to_a_pixel(self, ratio: str, resolution: str) -> None:
        width_px, height_px = frame_size(ratio, resolution)
        across, down = RATIOS[ratio]
        assert abs(width_px * down - height_px * across) <= max(across, down)

    @given(EVERY_RATIO, EVERY_RESOLUTION)
    def test_a_turned_ratio_gives_the_turned_frame(self, ratio: str, resolution: str) -> None:
        assert frame_size(turned(ratio), resolution) == frame_size(ratio, resolution)[::-1]

    @pytest.mark.parametrize(("ratio", "resolution"), [("2:1", "720p"), ("16:9", "8k")])
    def test_what_is_not_offered_is_a_key_error(self, ratio: str, resolution: str) -> None:
        with pytest.raises(KeyError):
            frame_size(ratio, resolution)

    def test_the_defaults_are_offered(self) -> None:
        assert frame_size(DEFAULT_RATIO, DEFAULT_RESOLUTION) == (1280, 720)


class TestStillSizes:
    @pytest.mark.parametrize("ratio", sorted(STILL_SIZES))
    def test_both_sides_are_even_and_the_shape_is_near_the_ratio(self, ratio: str) -> None:
        width_px, height_px = STILL_SIZES[ratio]
        across, down = map(int, ratio.split(":"))
        assert width_px % 2 == height_px % 2 == 0
        assert width_px / height_px == pytest.approx(across / down, rel=0.02)

    @pytest.mark.parametrize("ratio", sorted(STILL_SIZES))
    def test_a_turned_ratio_gives_the_turned_picture(self, ratio: str) -> None:
        assert STILL_SIZES[turned(ratio)] == STILL_SIZES[ratio][::-1]

    def test_every_ratio_of_a_video_is_one_of_a_picture(self) -> None:
        assert set(RATIOS) <= set(STILL_SIZES)


class TestUpscaledSize:
    @given(EVERY_RATIO, EVERY_RESOLUTION, st.sampled_from(sorted(UPSCALED_PX)))
    def test_it_is_even_keeps_the_shape_and_stays_in_bounds(
        self, ratio: str, resolution: str, target: str
    ) -> None:
        before = frame_size(ratio, resolution)
        after = upscaled_size(*before, target)
        short_px, longest_px = UPSCALED_PX[target]
        assert all(side_px % 2 == 0 for side_px in after)
        assert after[0] / after[1] == pytest.approx(before[0] / before[1], rel=0.005)
        assert min(after) <= short_px
        assert max(after) <= longest_px
        assert min(after) == short_px or max(after) == longest_px

    def test_a_wide_screen_becomes_what_players_expect(self) -> None:
        assert upscaled_size(1280, 720, "1080p") == (1920, 1080)
        assert upscaled_size(1280, 720, "4k") == (3840, 2160)


class TestNearestRatio:
    @given(EVERY_RATIO, EVERY_RESOLUTION)
    def test_a_frame_of_ours_has_its_own_ratio(self, ratio: str, resolution: str) -> None:
        assert nearest_ratio(*frame_size(ratio, resolution)) == ratio

    @given(SIDES_PX, SIDES_PX)
    def test_no_other_ratio_is_nearer(self, width_px: int, height_px: int) -> None:
        def apart(name: str) -> float:
            across, down = RATIOS[name]
            return abs(log(width_px / height_px) - log(across / down))

        assert apart(nearest_ratio(width_px, height_px)) == min(map(apart, RATIOS))

    @given(SIDES_PX, SIDES_PX, st.integers(2, 5))
    def test_only_the_shape_counts(self, width_px: int, height_px: int, scale: int) -> None:
        def apart(name: str) -> float:
            across, down = RATIOS[name]
            return abs(log(width_px / height_px) - log(across / down))

        small = nearest_ratio(width_px, height_px)
        large = nearest_ratio(width_px * scale, height_px * scale)
        assert apart(large) == pytest.approx(apart(small))


class TestFrameCount:
    @pytest.mark.parametrize("duration_s", [5.0, 9.0, 10.0])
    def test_a_clip_shows_both_its_ends(self, duration_s: float) -> None:
        assert frame_count(duration_s, loop=False) == duration_s * FPS + 1

    @given(st.floats(0.1, 60))
    def test_a_loop_leaves_out_the_end_that_is_its_start(self, duration_s: float) -> None:
        assert frame_count(duration_s, loop=True) == frame_count(duration_s, loop=False) - 1


class TestAnySize:
    @pytest.mark.parametrize("ratio", RATIOS)
    @pytest.mark.parametrize("resolution", SHORT_SIDES_PX)
    def test_every_named_size_may_be_asked_for_in_pixels(self, ratio: str, resolution: str) -> None:
        size = frame_size(ratio, resolution)
        assert size_problem(*size) is None
        assert nearest_resolution(*size) == resolution

    @pytest.mark.parametrize("size", [(720, 1280), (1024, 1792), (832, 480), (128, 128)])
    def test_sizes_that_other_apis_have_may_be_asked_for(self, size: tuple[int, int]) -> None:
        assert size_problem(*size) is None

    @pytest.mark.parametrize(
        ("size", "why"),
        [
            ((721, 1280), "even"),
            ((1280, 719), "even"),
            ((126, 1280), "sides"),
            ((1280, 2522), "sides"),
            ((2520, 2520), "pixels"),
            ((0, 0), "sides"),
        ],
    )
    def test_what_cannot_be_made_is_refused_with_its_reason(
        self, size: tuple[int, int], why: str
    ) -> None:
        assert why in str(size_problem(*size))
