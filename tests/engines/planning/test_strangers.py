"""Tests of sentences as strangers write them: made of something, framed by a camera, with verbs."""

import pytest

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.planning.plan import plan_shot


def cast_of(plan: ShotPlan) -> list[str]:
    return [one.subject for one in plan.cast]


@pytest.mark.parametrize(
    ("prompt", "cast", "shown"),
    [
        ("a boat made of paper", ["sailboat"], ("a boat", "paper")),
        ("a car made of ice drives", ["automobile"], ("a car", "ice", "drives")),
        ("a statue carved from marble", ["statue"], ("a statue", "marble")),
        ("a vase made of pink glass", ["vase"], ("a vase", "pink", "glass")),
    ],
)
def test_a_thing_has_the_colour_of_what_it_is_made_of(
    prompt: str, cast: list[str], shown: tuple[str, ...]
) -> None:
    plan = plan_shot(prompt)
    assert cast_of(plan) == cast
    assert plan.cast[0].colour is not None
    assert plan.shown == shown


def test_a_thing_that_is_made_of_things_is_drawn_without_them() -> None:
    plan = plan_shot("a robot made of old clocks walks")
    assert cast_of(plan) == ["robot"]
    assert plan.cast[0].action == "walk"
    (missing,) = plan.not_shown
    assert missing.words == "clocks"
    assert missing.reason == "What is made of it has the material of its picture."


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("FPV drone flies through a factory", []),
        ("a red kayak cuts through mirror-still water", ["kayak"]),
        ("split screen: a barista and a DJ", ["barista", "dj"]),
        ("once upon a time a little hedgehog walks", ["hedgehog"]),
        ("a lighthouse, helicopter shot", ["lighthouse"]),
        ("a dog wearing aviator goggles", ["dog", "goggles"]),
        ("a traffic jam", ["automobile"]),
        ("sweeping aerial shot of a castle", ["castle"]),
        ("an alcoholic drink", ["cocktail-glass"]),
        ("a plant pot", ["flower-pot"]),
        ("so does a gecko", ["gecko"]),
    ],
)
def test_words_beside_a_subject_cast_nobody(prompt: str, cast: list[str]) -> None:
    assert cast_of(plan_shot(prompt)) == cast


def test_several_things_fly_although_a_fly_is_an_insect() -> None:
    books, birds = plan_shot("books fly like birds").cast
    assert (books.subject, books.action, birds.subject) == ("open-book", "fly", "bird")


def test_who_pulls_a_rabbit_from_a_hat_is_no_rider() -> None:
    magician, *_ = plan_shot("a magician pulls a rabbit from a hat").cast
    assert magician.on is None
    assert magician.action != "sit"


def test_a_diver_glides_under_water_by_swimming() -> None:
    (diver,) = plan_shot("Underwater, a freediver glides").cast
    assert diver.action == "swim"


def test_who_lands_is_the_wearer_and_not_the_bow_tie() -> None:
    penguin, tie, _ = plan_shot("a penguin wearing a bow tie and lands on a drum kit").cast
    assert (tie.subject, tie.action) == ("bow-tie", "stand")
    assert penguin.subject == "penguin"


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("two tents and one camera", [("tent", 2), ("camera", 1)]),
        ("three pillows and three cameras", [("pillow", 3), ("camera", 3)]),
        ("a camera moves through a forest", []),
        ("two microwaves and two desks", [("microwave", 2), ("desk", 2)]),
    ],
)
def test_counted_cameras_and_tables_are_things(prompt: str, cast: list[tuple[str, int]]) -> None:
    assert [(one.subject, one.count) for one in plan_shot(prompt).cast] == cast


def test_who_sits_while_looking_at_a_thing_is_the_one_who_looks() -> None:
    plan = plan_shot("A woman is looking at her phone while sitting on a park bench.")
    by_subject = {one.subject: one for one in plan.cast}
    assert plan.cast[by_subject["woman"].on or 0].subject == "bench"
    assert by_subject["woman"].action == "sit"
    assert by_subject["mobile-phone"].action != "sit"


@pytest.mark.parametrize(
    "prompt",
    [
        "A person is looking at a painting in a museum",
        "A person is looking at a beautiful garden and feels relaxed",
        "hikers gaze over the sweeping vista",
        "people look down from a tall building",
    ],
)
def test_a_word_like_a_verb_is_nothing_that_who_looks_does(prompt: str) -> None:
    assert plan_shot(prompt).cast[0].action == "stand"
