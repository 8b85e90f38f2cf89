"""What the animatic engine draws: same words, same frames; loops close; pictures stay whole."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.paint.picture import Picture
from rushes.engines.animatic.photo.framing import covered, framed
from rushes.engines.animatic.photo.passage import Passage
from rushes.engines.animatic.photo.still import Still
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sets.composition import Composition
from rushes.engines.animatic.shot import Shot
from rushes.engines.video.frames import blank_frame, planes_of, rgb_of

SIZE = (320, 180)
PROMPTS = (
    "waves on the ocean at sunset",
    "a lake at dawn, camera orbits left",
    "a neon city in the rain",
    "fireflies in a forest at night, handheld",
    "a drone shot over dunes",
    "snow falls on the mountains, camera pans left",
    "a horse in a golden meadow, tilt up",
    "a planet in space, dolly zoom",
    "a school of fish under water, zoom out",
    "aurora over a snowy forest",
    "a thunderstorm over the sea",
    "a campfire in the fog, static shot",
    "a wall of fire, an inferno",
    "an idea takes shape",
)
GRAIN = 3.5
"""Grey levels: what grain and resampling may differ by."""


def shot_of(words: str, *, loop: bool = False, size: tuple[int, int] = SIZE, seed: int = 7) -> Shot:
    width, height = size
    return Shot(words=words, seed=seed, width_px=width, height_px=height, duration_s=5.0, loop=loop)


def scene_for(shot: Shot) -> Picture:
    return Composition(shot, plan_shot(shot.words, seed=shot.seed))


def frame(picture: Picture, shot: Shot, index: int) -> Array:
    drawn = blank_frame(shot.width_px, shot.height_px)
    picture.draw(index, shot.phase(index), planes_of(drawn))
    return rgb_of(drawn).astype(int)


def difference(one: Array, other: Array) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.fixture(scope="module")
def day() -> Array:
    return drawn_picture("a lake by day", (400, 300))


@pytest.fixture(scope="module")
def night() -> Array:
    return drawn_picture("a city at night", (300, 200))


def drawn_picture(words: str, size: tuple[int, int]) -> Array:
    shot = shot_of(words, size=size)
    return frame(scene_for(shot), shot, 40).astype(np.uint8)


@pytest.mark.parametrize("words", PROMPTS)
def test_the_same_words_and_seed_draw_the_same_frames(words: str) -> None:
    shot = shot_of(words)
    once, again = scene_for(shot), scene_for(shot)

    for index in (0, 17, 120):
        assert np.array_equal(frame(once, shot, index), frame(again, shot, index))


def test_another_seed_draws_other_frames() -> None:
    one, other = (shot_of("mountains", seed=seed) for seed in (1, 2))

    assert difference(frame(scene_for(one), one, 0), frame(scene_for(other), other, 0)) > 5


@pytest.mark.parametrize("words", PROMPTS)
def test_every_scene_moves_and_shows_something(words: str) -> None:
    shot = shot_of(words)
    picture = scene_for(shot)
    first, later = frame(picture, shot, 5), frame(picture, shot, 90)

    assert difference(first, later) > 0.8
    assert first.std() > 8


def seam_and_steps(picture: Picture, shot: Shot) -> tuple[float, list[float]]:
    """Return the step from the last frame to the first, and those between neighbours."""
    last = shot.frames - 1
    seam = difference(frame(picture, shot, last), frame(picture, shot, 0))
    sampled = range(0, last, 6)
    steps = [
        difference(frame(picture, shot, index), frame(picture, shot, index + 1))
        for index in sampled
    ]
    return seam, steps


@pytest.mark.parametrize("words", PROMPTS)
def test_a_loop_of_a_scene_has_no_seam(words: str) -> None:
    shot = shot_of(words, loop=True)
    seam, steps = seam_and_steps(scene_for(shot), shot)

    assert seam <= max(steps) * 1.1


def test_without_a_loop_there_is_a_seam_to_be_seen() -> None:
    shot = shot_of("mountains, camera pans left")
    seam, steps = seam_and_steps(scene_for(shot), shot)

    assert seam > max(steps) * 1.5


def test_a_loop_of_a_picture_has_no_seam(day: Array) -> None:
    shot = shot_of("snow falls, camera pans left, wind", loop=True)
    seam, steps = seam_and_steps(Still(shot, day, at=0.0), shot)

    assert seam <= max(steps) * 1.1


def test_a_loop_through_two_pictures_has_no_seam(day: Array, night: Array) -> None:
    shot = shot_of("camera push in", loop=True)
    picture = Passage(shot, (day, night, day))
    seam, steps = seam_and_steps(picture, shot)

    assert seam <= max(steps) * 1.1
    middle = frame(picture, shot, shot.frames // 2)
    assert difference(middle, framed(night, *SIZE)) < GRAIN


@pytest.mark.parametrize(
    "words", ["wind and snow, camera pans left", "rain, camera pulls out", "handheld, waves"]
)
def test_a_transition_starts_and_ends_exactly_on_its_pictures(
    day: Array, night: Array, words: str
) -> None:
    shot = shot_of(words)
    picture = Passage(shot, (day, night))

    assert difference(frame(picture, shot, 0), framed(day, *SIZE)) < GRAIN
    assert difference(frame(picture, shot, shot.frames - 1), framed(night, *SIZE)) < GRAIN


def test_a_transition_passes_by_small_steps(day: Array, night: Array) -> None:
    shot = shot_of("camera push in")
    picture = Passage(shot, (day, night))
    frames = [frame(picture, shot, index) for index in range(0, shot.frames, 4)]
    whole = difference(frames[0], frames[-1])

    assert max(difference(a, b) for a, b in itertools.pairwise(frames)) < whole / 3


@pytest.mark.parametrize("words", ["wind, camera pans left", "snow, camera push in", "orbit shot"])
def test_a_first_picture_alone_is_where_the_clip_starts(day: Array, words: str) -> None:
    shot = shot_of(words)
    picture = Still(shot, day, at=0.0)

    assert difference(frame(picture, shot, 0), framed(day, *SIZE)) < GRAIN
    assert difference(frame(picture, shot, shot.frames - 1), framed(day, *SIZE)) > GRAIN


@pytest.mark.parametrize("words", ["wind, camera pans left", "snow, camera push in", "pull out"])
def test_a_last_picture_alone_is_where_the_clip_ends(day: Array, words: str) -> None:
    shot = shot_of(words)
    picture = Still(shot, day, at=1.0)

    assert difference(frame(picture, shot, shot.frames - 1), framed(day, *SIZE)) < GRAIN
    assert difference(frame(picture, shot, 0), framed(day, *SIZE)) > GRAIN


def test_a_continuation_starts_on_its_picture_even_when_it_pulls_out(day: Array) -> None:
    shot = Shot(
        words="camera pulls out",
        seed=7,
        width_px=SIZE[0],
        height_px=SIZE[1],
        duration_s=5.0,
        continues=True,
    )

    assert difference(frame(Still(shot, day, at=0.0), shot, 0), framed(day, *SIZE)) < GRAIN


def circle_in(width: int, height: int) -> Array:
    """Return a dark picture with a white disc in its middle, as wide as half the shorter side."""
    rows, columns = np.mgrid[0:height, 0:width]
    distance = np.hypot(rows - height / 2 + 0.5, columns - width / 2 + 0.5)
    disc = distance < min(width, height) / 4
    return np.repeat(np.where(disc, 255, 30).astype(np.uint8)[..., None], 3, 2)


def extent(picture: Array) -> tuple[int, int]:
    lit = picture[..., 0] > 170  # brighter than any blur behind
    return int(lit.any(0).sum()), int(lit.any(1).sum())


@given(
    st.tuples(st.integers(64, 400), st.integers(64, 400)),
    st.tuples(st.integers(32, 200).map(lambda n: n * 2), st.integers(32, 200).map(lambda n: n * 2)),
    st.sampled_from([framed, covered]),
)
@settings(max_examples=30, deadline=None)
def test_a_picture_is_never_stretched(
    size: tuple[int, int],
    requested: tuple[int, int],
    way: Callable[[Array, int, int], Array],
) -> None:
    drawn = way(circle_in(*size), *requested)

    assert drawn.shape == (requested[1], requested[0], 3)
    across, down = extent(drawn)
    whole = across < requested[0] - 2 and down < requested[1] - 2
    assert not whole or abs(across - down) <= 2 + 0.06 * max(across, down)


def test_a_crop_that_would_lose_more_than_half_shows_the_whole_picture() -> None:
    tall = np.full((400, 100, 3), 90, np.uint8)
    tall[:8], tall[-8:] = (250, 20, 20), (20, 250, 20)

    drawn = framed(tall, 320, 180)

    middle = drawn[:, 160].astype(int)
    assert middle[0, 0] > middle[0, 1] + 80, "the upper edge is to be seen"
    assert middle[-1, 1] > middle[-1, 0] + 80, "the lower edge is to be seen"


@pytest.mark.parametrize("size", [(180, 320), (180, 180), (420, 180), (180, 420), (240, 180)])
@pytest.mark.parametrize("words", ["a lake at dawn", "a city", "deep space", "fish under water"])
def test_every_shape_of_frame_is_filled(words: str, size: tuple[int, int]) -> None:
    shot = shot_of(words, size=size)
    drawn = frame(scene_for(shot), shot, 60)

    assert drawn.shape == (size[1], size[0], 3)
    assert drawn.std() > 5
