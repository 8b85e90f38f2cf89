"""Petals, leaves and bubbles that fall and float where one can recognise them."""

import pytest

from rushes.core.shot_plan import Effect
from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    ("prompt", "effect", "pieces"),
    [
        ("a couple on a bench, autumn leaves fall", Effect.LEAVES, "fallen-leaf fall"),
        ("a bottle of perfume, petals swirling around it", Effect.PETALS, "cherry-blossom fall"),
        ("Une fille souffle des bulles de savon", Effect.BUBBLES, "bubbles float"),
        ("아이가 비눗방울을 본다", Effect.BUBBLES, "bubbles float"),
    ],
)
def test_what_falls_or_floats_is_large_enough_to_be_recognised(
    prompt: str, effect: Effect, pieces: str
) -> None:
    plan = plan_shot(prompt)
    assert effect in plan.effects
    assert pieces in [f"{member.subject} {member.action}" for member in plan.cast]


def test_bubbles_under_water_are_small() -> None:
    assert [one.subject for one in plan_shot("a fish under water, bubbles rise").cast] == ["fish"]


def test_petals_that_dance_leave_who_runs_on_the_ground() -> None:
    cast = plan_shot("走る少年、花びらが舞う").cast
    assert [one.action for one in cast if one.subject == "boy"] == ["run"]


@pytest.mark.parametrize("prompt", ["They hold hands. Gentle piano mood", "soft guitar music"])
def test_music_is_heard_and_not_drawn(prompt: str) -> None:
    assert not plan_shot(prompt).cast


def test_who_plays_an_instrument_in_german_does_not_jump() -> None:
    pianist = plan_shot("Eine Pianistin spielt am Flügel").cast[0]
    assert pianist.action == "work"


@pytest.mark.parametrize("prompt", ["a man on a stone bridge", "a man walks over a stone bridge"])
def test_who_is_on_a_bridge_is_not_lost_on_it(prompt: str) -> None:
    man, bridge = plan_shot(prompt).cast
    assert man.on == 1
    assert bridge.plane == "ground"
    assert bridge.height_m is not None
    assert bridge.height_m < 5


def test_trees_of_a_wood_are_the_trees_of_the_set() -> None:
    plan = plan_shot("a hut in a forest with tall trees")
    assert [member.subject for member in plan.cast] == ["hut"]
    assert "tall trees" in plan.shown


def test_of_two_that_are_named_the_one_that_can_fly_flies() -> None:
    plan = plan_shot("Избушка в тёмном лесу, Баба-яга летит над деревьями")
    assert [f"{one.subject} {one.action}" for one in plan.cast] == ["house stand", "witch fly"]


def test_who_comes_by_bicycle_in_japanese_is_on_it() -> None:
    bicycle, boy = plan_shot("自転車で走る少年").cast
    assert (bicycle.subject, boy.subject, boy.on) == ("bicycle", "boy", 0)


def test_a_camera_that_glides_through_a_greenhouse_is_in_it() -> None:
    plan = plan_shot("The camera glides through a greenhouse, a fairy sits on a fern")
    assert plan.set == "greenhouse"


@pytest.mark.parametrize(
    ("prompt", "actions"),
    [
        ("uma passista samba na avenida, pombas voando", "dance fly"),
        ("pescador en barca, gaviotas volando", "sit drift fly"),
        ("a fisherman waits, seagulls flying above", "stand fly"),
        ("a cat, a dog and a horse running", "run run run"),
    ],
)
def test_a_participle_after_a_comma_is_about_the_noun_before_it(prompt: str, actions: str) -> None:
    assert " ".join(member.action for member in plan_shot(prompt).cast) == actions


def test_birds_over_a_tractor_fly_and_the_tractor_does_not() -> None:
    tractor, rooks = plan_shot("Трактор пашет поле, над ним летают грачи").cast
    assert (tractor.action, rooks.action) == ("drive", "fly")
