"""Whoever does something with a tool holds it, though only the verb names it."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    ("prompt", "tool"),
    [
        ("a man shovels snow", "shovel"),
        ("一个人在挖掘", "shovel"),
        ("ein kleiner Junge gießt Blumen", "watering-can"),
        ("a woman writes a letter", "pencil"),
        ("a boy paints a fence", "paintbrush"),
        ("a girl mops the floor", "mop"),
        ("a man is hammering a nail", "hammer"),
    ],
)
def test_a_tool_that_a_verb_names_is_in_the_hand(prompt: str, tool: str) -> None:
    plan = plan_shot(prompt)
    held = [one.subject for one in plan.cast if one.on == 0]
    assert tool in held


def test_who_writes_with_a_named_pen_has_no_second_one() -> None:
    assert "pencil" not in [one.subject for one in plan_shot("a man writes with a pen").cast]


@pytest.mark.parametrize(
    ("prompt", "who", "action"),
    [
        ("She dances", "woman", "dance"),
        ("He walks through a forest", "man", "walk"),
        ("The car stops and she waves", "woman", "wave"),
    ],
)
def test_a_pronoun_stands_for_somebody_where_nobody_is_named(
    prompt: str, who: str, action: str
) -> None:
    assert (who, action) in [(one.subject, str(one.action)) for one in plan_shot(prompt).cast]


def test_a_pronoun_means_who_has_been_named() -> None:
    assert [one.subject for one in plan_shot("A robot sits. She waves.").cast] == ["robot"]


def test_both_of_a_couple_are_in_the_boat_that_they_ride() -> None:
    woman, man, boat = plan_shot("a couple rides a gondola").cast
    assert (woman.on, man.on, boat.subject) == (2, 2, "gondola")


def test_water_is_sprayed_at_a_house_from_the_ground() -> None:
    assert plan_shot("a firefighter sprays water on a burning house").cast[0].on is None
