"""Carts are before who pushes them, clocks on walls, and people at their tables."""

import pytest

from rushes.core.shot_plan import Action, Facing, Plane
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sketch import Sketch


@pytest.mark.parametrize(
    "prompt",
    [
        "a mother pushing a stroller in the park",
        "a worker pushing a wheelbarrow",
        "a woman pushing a shopping cart in a supermarket",
        "eine Frau schiebt einen Kinderwagen",
    ],
)
def test_what_is_pushed_is_before_who_pushes_and_goes_along(prompt: str) -> None:
    pusher, cart = plan_shot(prompt).cast
    assert 0 < (cart.x or 0) - (pusher.x or 0) < 0.2
    assert pusher.action in {Action.WALK, Action.PUSH}
    assert cart.action is Action.WALK
    assert pusher.facing is cart.facing is Facing.RIGHT


def test_a_suitcase_follows_who_pulls_it() -> None:
    man, suitcase = plan_shot("a man pulling a suitcase through an airport").cast
    assert man.action is Action.WALK
    assert (suitcase.x or 1) < (man.x or 0)


@pytest.mark.parametrize("prompt", ["a boy climbing a tree", "a cat climbing a ladder"])
def test_who_climbs_is_half_way_up(prompt: str) -> None:
    climber, thing = Sketch(GenerationSpec(prompt=prompt, seed=7)).cast_places(0.5)
    assert thing.top < climber.bottom < thing.bottom
    assert thing.left < climber.x < thing.right


def test_a_clock_on_the_wall_hangs_above_the_floor() -> None:
    prompt = "a clock on the wall of a classroom"
    assert plan_shot(prompt).cast[0].plane is Plane.BACKGROUND
    (clock,) = Sketch(GenerationSpec(prompt=prompt, seed=7)).cast_places(0.5)
    assert clock.bottom < 0.6


def test_a_dog_between_two_cats_is_in_the_middle() -> None:
    dog, left, right = plan_shot("a dog between two cats").cast
    assert (left.subject, right.subject) == ("cat", "cat")
    assert (left.x or 1) < (dog.x or 0) < (right.x or 0)


@pytest.mark.parametrize(
    "prompt",
    ["a family having dinner at a table", "two women sitting at a table drinking wine"],
)
def test_people_sit_behind_the_table_that_they_are_at(prompt: str) -> None:
    plan = plan_shot(prompt, seed=7)
    table = next(at for at, one in enumerate(plan.cast) if one.subject == "table")
    seated = [one for one in plan.cast if one.action is Action.SIT]
    assert plan.set == "living_room"
    assert len(seated) >= 2
    places = Sketch(GenerationSpec(prompt=prompt, seed=7)).cast_places(0.5)
    feet = [place.y for place, one in zip(places, plan.cast, strict=True) if one in seated]
    assert max(feet) < places[table].y


@pytest.mark.parametrize("prompt", ["a child hiding behind a tree", "a fox behind a fence"])
def test_one_sees_a_part_of_who_is_behind_something(prompt: str) -> None:
    sketch = Sketch(GenerationSpec(prompt=prompt, seed=7))
    hidden, thing = sketch.cast_places(0.5)
    assert hidden.y < thing.y
    assert sketch.visible_shares(0.5)[0] > 0.004


def test_an_umbrella_that_somebody_walks_under_is_in_the_hand() -> None:
    woman, umbrella = plan_shot("a woman walking under an umbrella in the rain").cast
    assert (umbrella.on, woman.x) == (0, None)


def test_a_magician_does_not_ride_the_rabbit() -> None:
    magician, rabbit, _ = plan_shot("a magician pulling a rabbit out of a hat").cast
    assert (magician.on, magician.action, rabbit.on) == (None, Action.WORK, None)


@pytest.mark.parametrize(
    ("prompt", "vessel"),
    [
        ("a mother and her daughter look on from a wooden boat", "rowboat"),
        ("a man waves from a car", "automobile"),
    ],
)
def test_who_looks_or_waves_from_a_boat_or_a_car_is_in_it(prompt: str, vessel: str) -> None:
    *people, carrier = plan_shot(prompt).cast
    assert carrier.subject == vessel
    assert {one.on for one in people} == {len(people)}


def test_who_pushes_somebody_in_a_wheelchair_is_behind_it_with_the_hands_on_it() -> None:
    plan = plan_shot("a nurse in blue scrubs pushes an old man in a wheelchair")
    nurse, man, chair = plan.cast
    assert (nurse.action, man.action, man.on) == (Action.PUSH, Action.SIT, 2)
    assert 0 < (chair.x or 0) - (nurse.x or 0) < 0.2
    assert plan.not_shown == ()


def test_who_only_stands_beside_somebody_in_a_wheelchair_does_not_push() -> None:
    nurse, *_ = plan_shot("a nurse talks to an old man in a wheelchair").cast
    assert nurse.action is not Action.PUSH
