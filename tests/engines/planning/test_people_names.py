"""A name of a person casts the person."""

import pytest

from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning.people_names import FIRST_NAMES
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.planning.tables import lines_in


@pytest.mark.parametrize(
    ("prompt", "who"),
    [
        ("Kanye West eating spaghetti", "man"),
        ("Amelia dances", "woman"),
        ("Tom Cruise runs through the city", "man"),
        ("Elon Musk walks on Mars", "man"),
        ("close up of Walter White working in a lab", "man"),
    ],
)
def test_a_name_before_a_verb_of_persons_is_a_person(prompt: str, who: str) -> None:
    assert plan_shot(prompt).cast[0].subject == who


@pytest.mark.parametrize(
    "prompt",
    ["Sunlight dances on the water", "Everyone dances", "Tokyo walking tour", "Pikachu dancing"],
)
def test_what_is_no_name_of_a_person_casts_none(prompt: str) -> None:
    assert not {one.subject for one in plan_shot(prompt).cast} & {"man", "woman"}


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("portrait of Maria in the park", ["woman"]),
        ("Kofi and Amara dance", ["man", "woman"]),
        ("Jennifer Aniston's face shows joy", ["woman"]),
        ("Little Timmy plays", ["man"]),
        ("Zorbo dances", ["person"]),
        ("Emma, a dog and a cat walk", ["woman", "dog", "cat"]),
        ("Mary gave the child an apple", ["woman", "child", "red-apple"]),
    ],
)
def test_a_common_first_name_is_a_person_and_another_name_a_neutral_figure(
    prompt: str, cast: list[str]
) -> None:
    assert [one.subject for one in plan_shot(prompt).cast] == cast


@pytest.mark.parametrize(
    ("prompt", "who", "action"),
    [
        ("Tom walks into a room. Tom dances.", "man", "walk"),
        ("A young girl named Emily lives here. Emily dances.", "girl", "dance"),
        ("Mia the mouse is here. Mia runs.", "mouse", "run"),
        ("Max, a golden retriever, runs. Max jumps.", "golden-retriever", "run"),
        ("detective Miller walks. Miller runs.", "detective", "walk"),
        ("a robot called Bolt dances", "robot", "dance"),
    ],
)
def test_a_name_and_what_it_is_the_name_of_are_one_member(
    prompt: str, who: str, action: str
) -> None:
    assert [(one.subject, one.action) for one in plan_shot(prompt).cast] == [(who, action)]


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("a cat in the style of Leonardo da Vinci", ["cat"]),
        ("a cat by Romero Britto", ["cat"]),
        ("a Roy Lichtenstein painting of a cat", ["cat"]),
        ("a street in Florence", []),
        ("Victoria Falls at dawn", []),
        ("a Saint Bernard", ["dog"]),
        ("Tom's car", ["automobile"]),
        ("the Mona Lisa", []),
    ],
)
def test_a_name_of_who_is_not_seen_casts_nobody(prompt: str, cast: list[str]) -> None:
    assert [
        one.subject for one in plan_shot(prompt).cast if one.subject != "framed-picture"
    ] == cast


def test_each_first_name_has_one_figure_of_the_catalogue() -> None:
    rows = dict(line.split(": ") for line in lines_in(FIRST_NAMES))
    names = [name for listed in rows.values() for name in listed.split(",")]
    assert set(rows) <= set(subjects())
    assert len(names) == len(set(names))
    assert all(name.isalpha() and name == name.lower() for name in names)
