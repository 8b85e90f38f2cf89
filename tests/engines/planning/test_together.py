"""Two who do something with each other face each other, and one runs after the other."""

import pytest

from rushes.core.shot_plan import Action, Facing
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sketch import Sketch


@pytest.mark.parametrize(
    "prompt",
    [
        "a mother hugging her child",
        "a couple kissing in the rain",
        "two businessmen shaking hands",
        "a man and a woman looking at each other",
        "two women talking in a cafe",
        "two knights fighting",
        "two cats fighting",
        "eine Frau umarmt einen Mann",
        "两个男人握手",
    ],
)
def test_two_who_do_something_with_each_other_face_each_other(prompt: str) -> None:
    first, second = plan_shot(prompt).cast
    assert (first.facing, second.facing) == (Facing.RIGHT, Facing.LEFT)
    assert (first.count, second.count) == (1, 1)


@pytest.mark.parametrize(
    "prompt", ["a couple kissing in the rain", "a woman and a man looking at each other"]
)
def test_who_looks_to_the_right_is_on_the_left(prompt: str) -> None:
    first, second = Sketch(GenerationSpec(prompt=prompt, seed=7)).cast_places(0.5)
    assert first.x < second.x


def test_those_who_kiss_are_closer_than_those_who_look() -> None:
    gaps: list[float] = []
    for verb in ("kissing", "looking at each other"):
        spec = GenerationSpec(prompt=f"a woman and a man {verb} in a park", seed=7)
        first, second = Sketch(spec).cast_places(0.5)
        gaps.append(second.left - first.right)
    assert gaps[0] < 0 < gaps[1]


def test_what_one_hands_to_another_is_in_the_hands_of_the_first() -> None:
    man, flower, woman = plan_shot("a man handing a flower to a woman").cast
    assert flower.on == 0
    assert (man.facing, woman.facing) == (Facing.RIGHT, Facing.LEFT)


def test_who_is_chased_runs_ahead() -> None:
    dog, bear = plan_shot("a dog chased by a bear").cast
    assert (dog.facing, bear.facing) == (Facing.RIGHT, Facing.RIGHT)
    assert (dog.x or 0) > (bear.x or 1)
    assert dog.action is bear.action is Action.RUN


def test_a_knight_has_one_sword_in_his_hand() -> None:
    cast = plan_shot("two knights fighting with swords").cast
    assert [one.subject for one in cast] == ["knight", "knight"]


def test_three_people_do_not_become_a_pair() -> None:
    assert [one.count for one in plan_shot("three women talking in a cafe").cast] == [3]


@pytest.mark.parametrize(
    "prompt",
    [
        "two men carry boxes into a house",
        "a farmer and his wife paint fences",
        "a man and a woman walk hand in hand to the sea",
    ],
)
def test_boxes_fences_and_hands_that_are_no_verbs_turn_nobody(prompt: str) -> None:
    people = [one for one in plan_shot(prompt).cast if one.subject in {"man", "farmer", "woman"}]
    assert people[-1].facing is not Facing.LEFT
    assert {one.action for one in people} <= {Action.WALK, Action.WORK}


def test_pigeons_do_not_keep_two_from_sitting_at_their_chessboard() -> None:
    prompt = "two old men play chess, one slaps the table, pigeons fly up"
    men = [one for one in plan_shot(prompt).cast if one.subject == "old-man"]
    assert [(one.action, one.facing) for one in men] == [
        (Action.SIT, Facing.RIGHT),
        (Action.SIT, Facing.LEFT),
    ]
