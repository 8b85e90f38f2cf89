"""Tests that each thing an English prompt names is listed as shown or as not shown."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.planning.plan import plan_shot

PROMPTS = Path(__file__).parents[3] / "bench"
SETS = ["prompts.tsv", *(f"prompts_fresh_{number}.tsv" for number in range(1, 12))]


def named_in(file: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the English prompts of a set, each with the subjects that it names."""
    with (PROMPTS / file).open(encoding="utf-8") as lines:
        for language, prompt, subjects, *_ in csv.reader(lines, delimiter="\t"):
            if language == "en":
                yield prompt, [subject.strip() for subject in subjects.split(";")]


def unlisted(plan: ShotPlan, subjects: list[str]) -> list[str]:
    """Return the subjects of which a word is in neither list and in no words of the cast."""
    listed = [
        *plan.shown,
        *(one.words for one in plan.cast),
        *(one.words for one in plan.not_shown),
    ]
    words = " ; ".join(listed).lower()
    return [one for one in subjects if any(word not in words for word in one.lower().split())]


def reason_for(prompt: str, words: str) -> str:
    """Return why a plan does not show words, or nothing where it does not tell of them."""
    listed = {one.words: one.reason for one in plan_shot(prompt).not_shown}
    return listed.get(words, "")


@pytest.mark.parametrize("file", SETS)
def test_each_named_subject_is_listed(file: str) -> None:
    missed = {
        prompt: unlisted(plan_shot(prompt, seed=7), named) for prompt, named in named_in(file)
    }
    assert {prompt: words for prompt, words in missed.items() if words} == {}


@pytest.mark.parametrize(
    ("prompt", "nouns"),
    [
        ("a mechanic leans on a wall beside a machine", "mechanic wall machine"),
        ("a dragon asleep on a pile of gold", "dragon gold"),
        ("a kitchen with an oval sink and a jar without a lid", "kitchen sink jar"),
        ("a steel beam above the city", "beam city"),
        ("two cracks in a block of ice", "cracks block"),
        ("the circus parade passes a landmark", "parade landmark"),
        ("an old chair with a jagged rim and a floral pattern of symbols", "chair rim symbols"),
        ("a snowboarder on a steep slope, her scarf in the wind", "snowboarder slope scarf"),
        ("a blue hexagon and a red circle on cardboard", "hexagon circle cardboard"),
        ("three creatures behind rubble and debris", "creatures rubble debris"),
        ("a grandmother with Wilmerhaus Zarnikow at Machu Picchu", "grandmother Zarnikow Picchu"),
        ("robot with tentacles, display case, vegetation", "robot tentacles case vegetation"),
    ],
)
def test_each_noun_is_listed(prompt: str, nouns: str) -> None:
    assert unlisted(plan_shot(prompt), nouns.split()) == []


def test_what_a_set_or_a_body_shows_is_shown() -> None:
    assert {"wall", "ceiling"} <= set(plan_shot("a wall and a ceiling in a bedroom").shown)
    assert "wall" not in plan_shot("a dog at a wall on a meadow").shown
    assert "nose" in plan_shot("a clown with a red nose").shown
    assert reason_for("a table with a red nose", "red nose") == "The engine has no picture of it."


def test_colours_of_what_a_set_draws_are_listed() -> None:
    listed = reason_for("a red wall in a bedroom", "red")
    assert listed == "The picture has its own colours and forms."


def test_words_that_no_table_lists_are_listed_in_a_row() -> None:
    assert reason_for("Zorb Quaxil and a dog", "Zorb Quaxil") == "The rules do not know this word."
    assert reason_for("a qwolfing dog", "qwolfing") == "The rules do not know this word."
    assert plan_shot("a qwolfing dog").shown == ("dog",)


@pytest.mark.parametrize(
    ("prompt", "verb"),
    [
        ("a dog wagging its tail", "wagging"),
        ("the woman nods", "nods"),
        ("she shrugs", "shrugs"),
        ("a candle melts", "melts"),
    ],
)
def test_an_action_that_no_picture_does_is_listed(prompt: str, verb: str) -> None:
    assert reason_for(prompt, verb) == "The engine does not draw this action."


@pytest.mark.parametrize(
    "prompt",
    [
        "a room without walls",
        "a man boards a train",
        "a display of affection between two dogs",
        "a cat in a case study of elegance",
        "there has been a dog for years, during the day",
        "a food truck",
    ],
)
def test_what_is_denied_or_no_thing_is_not_listed(prompt: str) -> None:
    assert not plan_shot(prompt).not_shown


def test_prompts_in_other_languages_are_left_to_their_rules() -> None:
    assert not plan_shot("ein Hund läuft schnurstracks über die Wiese").not_shown
