"""A shot plan becomes a picture: any plan, in any shape, the same each time."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.core.shot_plan import (
    LIGHTS,
    SETS,
    TIMES,
    WEATHERS,
    Action,
    CameraMove,
    CastMember,
    Effect,
    Facing,
    Framing,
    Plane,
    ShotPlan,
)
from rushes.engines.animatic.camera_path import Camera
from rushes.engines.animatic.camera_words import CONCEPTS
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.composition import Composition
from rushes.engines.animatic.sets.table import SETS_MADE, set_for
from rushes.engines.animatic.shot import Shot
from rushes.engines.video.frames import blank_frame, planes_of, rgb_of

SIZE = (256, 144)
SIZES = (SIZE, (144, 256), (144, 144), (336, 144), (144, 336), (192, 144), (144, 192))


def shot(*, size: tuple[int, int] = SIZE, seed: int = 3, loop: bool = False) -> Shot:
    width, height = size
    return Shot(words="", seed=seed, width_px=width, height_px=height, duration_s=5.0, loop=loop)


def frames(
    plan: ShotPlan,
    *moments: float,
    size: tuple[int, int] = SIZE,
    seed: int = 3,
    loop: bool = False,
) -> list[Array]:
    one = shot(size=size, seed=seed, loop=loop)
    picture = Composition(one, plan)
    drawn: list[Array] = []
    for moment in moments:
        frame = blank_frame(one.width_px, one.height_px)
        index = round(moment * (one.frames - 1))
        picture.draw(index, one.phase(index), planes_of(frame))
        drawn.append(rgb_of(frame).astype(int))
    return drawn


def apart(one: Array, other: Array) -> float:
    """Return the mean difference of two frames in grey levels."""
    return float(np.abs(one - other).mean())


def test_every_set_of_a_plan_can_be_drawn() -> None:
    assert set(SETS_MADE) == set(SETS)


@pytest.mark.parametrize("name", SETS)
def test_every_set_shows_something_by_day_and_another_thing_at_night(name: str) -> None:
    by_day, at_night = (frames(ShotPlan(set=name, time=time), 0.5)[0] for time in ("day", "night"))

    assert by_day.std() > 6
    assert at_night.std() > 6
    if name not in {"abstract", "space", "underwater", "campfire", "stage"}:
        assert apart(by_day, at_night) > 12


@pytest.mark.parametrize("name", SETS)
def test_a_cast_stands_within_the_frame_of_every_set(name: str) -> None:
    empty, peopled = (
        frames(ShotPlan(set=name, cast=cast), 0.5)[0]
        for cast in ((), (CastMember(subject="woman"),))
    )
    changed = np.abs(empty - peopled).max(2) > 40
    rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))

    assert changed.mean() > 0.02
    assert len(rows) > SIZE[1] * 0.3
    assert 0.2 < columns.mean() / SIZE[0] < 0.8


@pytest.mark.parametrize("size", [(420, 180), (180, 420), (250, 140), (166, 166)])
@pytest.mark.parametrize("name", ["kitchen", "street", "beach", "forest"])
def test_a_set_is_drawn_in_frames_whose_sides_are_no_multiples_of_eight(
    name: str, size: tuple[int, int]
) -> None:
    assert frames(ShotPlan(set=name), 0.0, 0.9, size=size)[1].std() > 6


@pytest.mark.parametrize("name", SETS)
def test_what_flies_is_seen_before_walls_trees_and_mountains(name: str) -> None:
    empty, peopled = (
        frames(ShotPlan(set=name, cast=cast), 0.5)[0]
        for cast in ((), (CastMember(subject="superhero", plane=Plane.SKY, action=Action.FLY),))
    )

    assert (np.abs(empty - peopled).max(2) > 40).mean() > 0.012


@pytest.mark.parametrize("name", ["forest", "kitchen", "street", "lake", "table", "beach"])
def test_a_loop_closes(name: str) -> None:
    cast = (CastMember(subject="woman", action=Action.DANCE),)
    plan = ShotPlan(set=name, cast=cast, effects=(Effect.SNOW,))
    one = shot(loop=True)
    step = 1 / (one.frames - 1)
    first, second, third, last = frames(plan, 0.0, step, 2 * step, 1.0, loop=True)

    # Soft layers move from the second frame to the third, for they are drawn once for two frames.
    usual = max(apart(first, second), apart(second, third))
    assert apart(last, first) <= usual * 1.3 + 0.3


def test_the_same_plan_gives_the_same_frames() -> None:
    plan = plan_shot("two dogs run on a beach at sunset, the camera pans left")

    assert all(
        np.array_equal(once, again)
        for once, again in zip(frames(plan, 0.0, 0.7), frames(plan, 0.0, 0.7), strict=True)
    )


BASE = "a woman walks in a forest by day"


@pytest.mark.parametrize(
    "other",
    [
        "a dog walks in a forest by day",
        "a woman walks in a kitchen by day",
        "a woman walks in a forest at night",
        "a woman dances in a forest by day",
        "two women walk in a forest by day",
    ],
)
def test_another_subject_place_time_action_or_count_is_seen(other: str) -> None:
    one, two = (frames(plan_shot(words), 0.3, 0.6) for words in (BASE, other))

    assert max(apart(a, b) for a, b in zip(one, two, strict=True)) > 1.5


def test_members_are_drawn_where_the_plan_puts_them() -> None:
    empty = frames(ShotPlan(set="studio"), 0.5)[0]
    for x in (0.2, 0.8):
        cast = (CastMember(subject="sphere", x=x, y=0.8),)
        found = np.abs(frames(ShotPlan(set="studio", cast=cast), 0.5)[0] - empty).max(2) > 30
        columns, rows = np.flatnonzero(found.any(0)), np.flatnonzero(found.any(1))
        assert columns.mean() / SIZE[0] == pytest.approx(x, abs=0.06)
        assert rows.max() / SIZE[1] == pytest.approx(0.8, abs=0.08)


def test_a_mirrored_cast_gives_a_mirrored_picture_of_it() -> None:
    def cast_alone(facing: Facing, x: float | None) -> Array:
        cast = (CastMember(subject="horse", facing=facing, x=x),)
        still = (CameraMove(move="static"),)
        empty, peopled = (
            frames(ShotPlan(set="studio", camera=still, cast=members), 0.5)[0]
            for members in ((), cast)
        )
        return (np.abs(peopled - empty).max(2) > 30).astype(int)

    for right, left in ((0.3, 0.7), (None, None)):
        one, other = cast_alone(Facing.RIGHT, right), cast_alone(Facing.LEFT, left)
        assert np.abs(one - other[:, ::-1]).mean() < 0.03


def test_what_is_on_another_member_is_drawn_above_it_in_either_order() -> None:
    cat, chair = CastMember(subject="cat"), CastMember(subject="chair")
    seated = ((replace(cat, on=1), chair), (chair, replace(cat, on=0)))

    for cast in seated:
        assert frames(ShotPlan(set="studio", cast=cast), 0.5)[0].std() > 6


def test_members_on_each_other_in_a_circle_stand_on_the_ground() -> None:
    cast = (CastMember(subject="cat", on=1), CastMember(subject="dog", on=0))

    assert frames(ShotPlan(set="studio", cast=cast), 0.5)[0].std() > 6


MEMBERS = st.builds(
    CastMember,
    subject=st.sampled_from(sorted(subjects())),
    count=st.sampled_from([1, 1, 2, 7, 40]),
    plane=st.sampled_from(Plane),
    x=st.none() | st.floats(0, 1),
    y=st.none() | st.floats(0, 1),
    scale=st.sampled_from([1.0, 0.1, 3.0, 10.0]),
    facing=st.sampled_from(Facing),
    action=st.sampled_from(Action),
    colour=st.none() | st.just("#aa3355"),
    on=st.none() | st.integers(0, 2),
)
PLANS = st.builds(
    ShotPlan,
    set=st.sampled_from(SETS),
    time=st.sampled_from(TIMES),
    weather=st.sampled_from(WEATHERS),
    light=st.sampled_from(LIGHTS),
    palette=st.none() | st.sampled_from(["desert", "snowy", "golden", "unheard-of"]),
    framing=st.sampled_from(Framing),
    camera=st.lists(
        st.builds(
            CameraMove,
            move=st.sampled_from(CONCEPTS),
            start=st.floats(0, 1),
            end=st.floats(0, 1),
        ),
        max_size=2,
    ).map(tuple),
    pace=st.sampled_from([0.5, 1.0, 1.5]),
    cast=st.lists(MEMBERS, max_size=3).map(tuple),
    effects=st.lists(st.sampled_from(Effect), max_size=3, unique=True).map(tuple),
)


def test_somebody_sits_on_an_animal_with_a_drawn_body() -> None:
    bear = CastMember(subject="bear")
    riders = (replace(bear), CastMember(subject="girl", on=0, action=Action.SIT))
    bare, ridden = (frames(ShotPlan(set="studio", cast=cast), 0.5)[0] for cast in ((bear,), riders))

    assert np.abs(bare - ridden).max() > 60


@given(plan=PLANS, size=st.sampled_from(SIZES), loop=st.booleans(), seed=st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_any_plan_is_drawn_in_any_shape(
    plan: ShotPlan, size: tuple[int, int], loop: bool, seed: int
) -> None:
    drawn = frames(plan, 0.0, 0.6, size=size, loop=loop, seed=seed)

    assert all(one.shape == (size[1], size[0], 3) for one in drawn)


def test_heads_of_people_on_a_bench_are_in_the_frame_even_in_a_close_up() -> None:
    cast = (
        CastMember(subject="old-woman", count=2, action=Action.SIT, on=1),
        CastMember(subject="bench"),
        CastMember(subject="kitten", action=Action.SIT),
    )
    for framing in Framing:
        plan = ShotPlan(set="garden", cast=cast, framing=framing)
        places = Composition(shot(), plan).cast_places(0.5)
        assert places[0].top > -0.02, framing


def test_flowers_of_a_garden_do_not_hide_a_snail() -> None:
    plan = ShotPlan(set="garden", cast=(CastMember(subject="snail"),), framing=Framing.CLOSE_UP)
    picture, whole = Composition(shot(), plan), blank_frame(*SIZE)
    without = blank_frame(*SIZE)
    picture.draw(0, 0.0, planes_of(whole))
    picture.draw(0, 0.0, planes_of(without), without=0)
    changed = np.abs(rgb_of(whole).astype(int) - rgb_of(without)).max(2) > 16
    assert changed.mean() > 0.1


def test_a_cherry_tree_that_is_named_stands_there_once() -> None:
    plan = ShotPlan(set="garden", cast=(CastMember(subject="cherry-tree"),))
    decor = set_for(shot(), View(shot(), Camera(shot())), plan).decor
    assert "cherry-tree" not in {member.subject for member in decor}


def test_people_on_a_bridge_are_side_by_side_and_hide_no_castle() -> None:
    plan = ShotPlan(
        set="mountain",
        cast=(
            CastMember(subject="castle", plane=Plane.BACKGROUND),
            CastMember(subject="person-walking", count=8, on=2),
            CastMember(subject="bridge", plane=Plane.BACKGROUND),
        ),
    )
    castle, people, bridge = Composition(shot(), plan).cast_places(0.5)
    assert people.right - people.left > 0.15
    assert castle.x < bridge.x - 0.1
