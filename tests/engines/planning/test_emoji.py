"""Emoji are nouns, ornaments of a word that is there already, or told as missing."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("🐶🐱🚗", ["dog", "cat", "automobile"]),
        ("a 🐶 chases a 🐱", ["dog", "cat"]),
        ("a dog runs 🐶", ["dog"]),
        ("👩🏽\u200d🍳", ["cook"]),
        ("👨\u200d👩\u200d👧", ["man", "woman", "girl"]),
        ("✈️ over the sea", ["airplane"]),
        ("a cat 😀✨❤️👍", ["cat"]),
    ],
)
def test_emoji_cast_what_they_picture(prompt: str, cast: list[str]) -> None:
    plan = plan_shot(prompt)
    assert ([one.subject for one in plan.cast], plan.not_shown) == (cast, ())


def test_the_verb_after_an_emoji_is_what_it_does() -> None:
    assert plan_shot("a 🐶 runs").cast[0].action == "run"


@pytest.mark.parametrize(("prompt", "place"), [("🏜️", "desert"), ("🐪 🏜️", "desert")])
def test_an_emoji_may_be_a_place(prompt: str, place: str) -> None:
    assert plan_shot(prompt).set == place


def test_an_emoji_without_a_picture_is_told_as_missing() -> None:
    assert [one.words for one in plan_shot("a cat 🇫🇷").not_shown] == ["🇫🇷"]
