"""An animal in the role of a person is the animal, and a baby beside its name is its young."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    ("prompt", "animal", "role"),
    [
        ("A tiny mouse knight", "mouse", "knight"),
        ("A panda scientist in a lab", "panda", "scientist"),
        ("A cat dressed as a chef", "cat", "a chef"),
        ("A detective dog", "dog", "A detective"),
        ("Ein Fuchs als Detektiv", "fox", "Detektiv"),
        ("Un gato chef", "cat", "chef"),
        ("Une souris chevalier", "mouse", "chevalier"),
        ("Кот-повар", "cat", "повар"),
        ("猫厨师在做菜", "cat", "厨师"),
        ("猫の騎士が歩く", "cat", "騎士"),
        ("여우 탐정이 걷는다", "fox", "탐정"),
    ],
)
def test_the_animal_is_drawn_and_its_role_is_told_as_missing(
    prompt: str, animal: str, role: str
) -> None:
    plan = plan_shot(prompt)
    assert [member.subject for member in plan.cast] == [animal]
    assert role in [one.words for one in plan.not_shown]


@pytest.mark.parametrize(
    ("prompt", "person"),
    [("A pig farmer", "farmer"), ("A bear hunter", "hunter"), ("A girl and her dog", "girl")],
)
def test_who_works_with_animals_is_a_person(prompt: str, person: str) -> None:
    assert plan_shot(prompt).cast[0].subject == person


def test_the_animal_does_what_its_role_does() -> None:
    assert [one.action for one in plan_shot("Лиса-детектив идёт под дождём").cast] == ["walk"]


def test_one_cat_samurai_is_one() -> None:
    assert [member.count for member in plan_shot("a cat samurai").cast] == [1]


@pytest.mark.parametrize(
    ("prompt", "animal"),
    [
        ("아기 판다가 대나무를 먹는다", "panda"),
        ("赤ちゃんパンダが笹を食べる", "panda"),
        ("象の赤ちゃん", "elephant"),
        ("熊猫宝宝吃竹子", "panda"),
    ],
)
def test_a_baby_beside_an_animal_is_a_small_animal(prompt: str, animal: str) -> None:
    plan = plan_shot(prompt)
    assert plan.cast[0].subject == animal
    assert plan.cast[0].height_m is not None
    assert not any(member.subject == "baby" for member in plan.cast)
