"""Who jumps and what falls into water is in it, with a splash."""

import pytest

from rushes.core.shot_plan import Action, Plane
from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    "prompt",
    [
        "a dog jumps into a lake",
        "a boy jumps into a pool",
        "ein Hund springt ins Wasser am See",
        "собака прыгает в озеро",
    ],
)
def test_who_jumps_into_water_is_in_it_with_a_splash(prompt: str) -> None:
    jumper, drops = plan_shot(prompt).cast
    assert (jumper.plane, jumper.action) == (Plane.WATER, Action.JUMP)
    assert (drops.subject, drops.plane, drops.x) == ("splash", Plane.WATER, jumper.x)


def test_what_falls_into_water_comes_down_on_a_lake() -> None:
    plan = plan_shot("oranges falling into water")
    oranges, drops = plan.cast
    assert (plan.set, oranges.action, oranges.plane) == ("lake", Action.FALL, Plane.SKY)
    assert drops.subject == "splash"


@pytest.mark.parametrize("prompt", ["a dog jumps over a fence by the lake", "a boat on a lake"])
def test_nobody_splashes_who_falls_into_no_water(prompt: str) -> None:
    assert "splash" not in {one.subject for one in plan_shot(prompt).cast}


@pytest.mark.parametrize(
    "prompt", ["a whale jumping out of the water", "a humpback whale breaching"]
)
def test_a_whale_that_leaps_out_of_the_water_is_seen_from_above(prompt: str) -> None:
    plan = plan_shot(prompt)
    assert (plan.set, [one.subject for one in plan.cast]) == ("ocean", ["whale", "splash"])


def test_who_lands_on_a_rock_in_a_river_is_not_in_the_water() -> None:
    eagle, rock = plan_shot("an eagle lands on a rock in a river").cast
    assert (eagle.subject, eagle.plane) == ("eagle", Plane.SKY)
    assert rock.subject == "rock"


def test_a_bird_that_flies_past_what_falls_stays_in_the_air() -> None:
    bird, stone, _ = plan_shot("a bird flies while a stone falls into the lake").cast
    assert (bird.plane, bird.action) == (Plane.SKY, Action.FLY)
    assert (stone.action, stone.x) == (Action.FALL, 0.5)
