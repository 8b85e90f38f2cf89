"""Prompts that describe a picture, and writing that prompts quote."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    "prompt",
    [
        "a photograph of a cat",
        "A close-up photo of a cat",
        "an oil painting of a cat",
        "a black and white picture showing a cat",
    ],
)
def test_a_photograph_of_something_shows_it(prompt: str) -> None:
    plan = plan_shot(prompt)
    assert [one.subject for one in plan.cast] == ["cat"]
    assert not plan.not_shown


def test_a_painting_in_the_scene_is_a_thing() -> None:
    assert "framed-picture" in {
        one.subject for one in plan_shot("a woman looks at a photograph on the wall").cast
    }


@pytest.mark.parametrize(
    ("prompt", "writing"),
    [
        ('a sign that says "Deep Learning wombat"', "Deep Learning wombat"),
        ("the words 'KEEP OFF THE GRASS' on a wall", "KEEP OFF THE GRASS"),
        ('"No dogs" sign at a door', "No dogs"),
        ("a boat with 'WOMBAT' written on its hull", "WOMBAT"),
        ("a wall with the word \u2018dog\u2019 in black letters", "dog"),
    ],
)
def test_writing_is_told_as_missing_and_names_no_subject(prompt: str, writing: str) -> None:
    plan = plan_shot(prompt)
    assert writing in {one.words for one in plan.not_shown}
    assert not {"wombat", "dog"} & {one.subject for one in plan.cast}
