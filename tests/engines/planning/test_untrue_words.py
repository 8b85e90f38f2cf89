"""Tests that adjectives and verbs which change nothing in the picture are listed as not shown."""

import pytest

from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning.plan import plan_shot

OWN_LOOK = "The picture has its own colours and forms."


def reasons(prompt: str) -> dict[str, str]:
    return {one.words: one.reason for one in plan_shot(prompt).not_shown}


@pytest.mark.parametrize(
    ("prompt", "word", "shown"),
    [
        ("a fat man dances", "fat", ("man", "dances")),
        ("two fat red birds", "fat", ("two", "red birds")),
        ("a striped shirt", "striped", ("shirt",)),
        ("a muscular man and a round table", "muscular", ("man", "table")),
    ],
)
def test_a_look_that_no_picture_has_is_not_shown(
    prompt: str, word: str, shown: tuple[str, ...]
) -> None:
    assert reasons(prompt)[word] == OWN_LOOK
    assert plan_shot(prompt).shown == shown


@pytest.mark.parametrize("prompt", ["a long snake", "a striped zebra", "a fat hippo"])
def test_a_look_that_the_picture_has_is_shown(prompt: str) -> None:
    plan = plan_shot(prompt)
    assert not plan.not_shown
    assert plan.shown == (prompt,)


def test_a_face_does_not_change() -> None:
    assert reasons("a sad woman") == {"sad": "Faces do not change."}
    assert not reasons("a smiling woman")


@pytest.mark.parametrize(
    ("prompt", "verb", "drawn"),
    [
        ("a cat kneels", "kneels", "sitting"),
        ("a baby crawls", "crawls", "walking"),
        ("a crawling baby", "crawling", "walking"),
        ("two women catch", "catch", "hands at work"),
        ("the people applaud", "applaud", "waving"),
        ("a dog digs", "digs", "moving legs"),
    ],
)
def test_a_verb_that_is_drawn_as_another_one_is_not_shown(
    prompt: str, verb: str, drawn: str
) -> None:
    assert reasons(prompt) == {verb: f"The picture shows {drawn} instead."}
    assert not any(verb in one for one in plan_shot(prompt).shown)


@pytest.mark.parametrize(
    "prompt",
    [
        "a spider crawls",
        "a woman eats",
        "a cat sleeps",
        "a man kneels",
        "two women hug",
        "a horse grazes",
    ],
)
def test_a_verb_that_is_drawn_is_shown(prompt: str) -> None:
    assert not reasons(prompt)


@pytest.mark.parametrize(
    ("prompt", "least", "most"),
    [("a tall man", 1.05, 1.2), ("a short woman", 0.8, 0.95), ("a little girl", 0.8, 0.95)],
)
def test_a_tall_person_is_no_giant(prompt: str, least: float, most: float) -> None:
    (member,) = plan_shot(prompt).cast
    assert least < (member.height_m or 0) / subjects()[member.subject].height_m < most


def test_a_giant_is_one() -> None:
    (member,) = plan_shot("a giant woman").cast
    assert (member.height_m or 0) > 3


def test_a_flower_in_bloom_stays_on_the_ground() -> None:
    (member,) = plan_shot("a flower blooms").cast
    assert member.action == "stand"


@pytest.mark.parametrize(
    ("prompt", "verb"),
    [
        ("a dog runs, then it starts jumping", "jumping"),
        ("a woman walks, singing a song", "singing"),
    ],
)
def test_the_second_thing_that_one_does_is_not_shown(prompt: str, verb: str) -> None:
    assert reasons(prompt)[verb] == "Each member does one thing in a shot, the first one."
    assert verb not in plan_shot(prompt).shown


def test_one_looks_and_smiles_beside_another_action() -> None:
    assert plan_shot("a man walks and smiles").shown == ("a man", "walks", "smiles")


@pytest.mark.parametrize(
    ("prompt", "action"),
    [
        ("a man takes off his hat", "work"),
        ("a plane takes off", "fly"),
        ("a girl drops the ball", "work"),
        ("a leaf drops", "fall"),
        ("a chef rolls the dough", "work"),
        ("a man in light clothes", "stand"),
    ],
)
def test_a_verb_with_an_object_is_what_a_person_does_to_it(prompt: str, action: str) -> None:
    assert plan_shot(prompt).cast[0].action == action
