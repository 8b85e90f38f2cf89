"""Who is on a windowsill or looks out of a window is at a large window of a room."""

import pytest

from rushes.core.shot_plan import ROOMS, Facing, Plane
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sets.outside_words import outside_of
from rushes.engines.animatic.sketch import Sketch


@pytest.mark.parametrize(
    ("prompt", "window"),
    [
        ("a cat on the windowsill, rain outside", "rainy-window"),
        ("a cat sitting on a windowsill", "window-sill"),
        ("potted plants on a windowsill", "window-sill"),
        ("a cup of coffee on the windowsill at night", "night-window"),
    ],
)
def test_what_is_on_a_windowsill_is_on_a_window_of_the_room(prompt: str, window: str) -> None:
    plan = plan_shot(prompt)
    first, sill = plan.cast
    assert plan.set == "living_room"
    assert (sill.subject, sill.plane, first.on) == (window, Plane.BACKGROUND, 1)


@pytest.mark.parametrize(
    ("prompt", "window"),
    [
        ("a woman looks out of the window at the rain", "rainy-window"),
        ("a boy looks out of the window at the snow", "snowy-window"),
        ("a cat looks out of the window, rain", "rainy-window"),
        ("eine Frau schaut aus dem Fenster", "window-sill"),
        ("一个女人看着窗外", "window-sill"),
    ],
)
def test_who_looks_out_of_a_window_turns_to_it(prompt: str, window: str) -> None:
    looker, seen = plan_shot(prompt).cast
    assert (seen.subject, looker.facing) == (window, Facing.RIGHT)
    assert looker.x is not None
    assert seen.x is not None
    assert looker.x < seen.x


def test_rain_behind_the_window_is_shown_and_does_not_fall_in_the_room() -> None:
    plan = plan_shot("a woman looks out of the window at the rain")
    assert plan.effects == ()
    assert "rain" in plan.shown
    assert plan.not_shown == ()


def test_the_window_hangs_on_the_wall_and_the_cat_sits_before_its_panes() -> None:
    cat, window = Sketch(
        GenerationSpec(prompt="a cat sitting on a windowsill", seed=7)
    ).cast_places(0.5)
    assert window.bottom < 0.8
    assert window.left < cat.left < cat.right < window.right
    assert window.top < cat.top < cat.bottom < window.bottom


@pytest.mark.parametrize("prompt", ["a cat by the window in the kitchen", "a red window"])
def test_a_window_that_nobody_looks_out_of_stays_as_it_is(prompt: str) -> None:
    assert not {"window-sill", "rainy-window"} & {one.subject for one in plan_shot(prompt).cast}


@pytest.mark.parametrize(
    ("prompt", "outside"),
    [
        ("a nurse in a hospital corridor, rain on the windows", "rain"),
        ("a student writes in a classroom, rain on the windows", "rain"),
        ("a cat at a window with fireworks outside", "fireworks"),
        ("一家人围坐在圆桌旁，窗外放烟花", "fireworks"),
        ("a cat by the window, snow outside", "snow"),
        ("a couple at the window at night, neon light", "neon"),
    ],
)
def test_the_windows_of_the_room_show_what_is_outside(prompt: str, outside: str) -> None:
    plan = plan_shot(prompt)

    assert plan.set in ROOMS
    assert "window" not in {one.subject for one in plan.cast}
    assert plan.effects == ()
    assert outside_of(plan) == outside


def test_a_coloured_window_and_windows_outdoors_are_cast() -> None:
    blue = plan_shot("a house with blue windows")

    assert "window" in {one.subject for one in blue.cast}
    assert blue.set not in ROOMS
