"""Beards, hair and jerseys of persons are drawn in every language."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    ("prompt", "who"),
    [
        ("ein bärtiger Mann", "man-beard"), ("ein Mann mit Bart", "man-beard"), ("un hombre con barba", "man-beard"), ("hombre calvo", "man-bald"),
        ("un homme avec une barbe", "man-beard"), ("um homem com barba", "man-beard"), ("мужчина с бородой", "man-beard"), ("留胡子的男人", "man-beard"),
        ("ひげの男", "man-beard"), ("수염 난 남자", "man-beard"), ("eine Frau mit lockigen Haaren", "woman-curly-hair"), ("una mujer con pelo rojo", "woman-red-hair"),
        ("лысый мужчина", "man-bald"), ("a man with a beard", "man-beard"),
    ],
)  # fmt: skip
def test_a_person_has_the_hair_that_the_prompt_says(prompt: str, who: str) -> None:
    assert [one.subject for one in plan_shot(prompt).cast] == [who]


def test_a_jersey_is_worn() -> None:
    cast = plan_shot("a woman in a red football jersey").cast
    assert [(one.subject, one.on) for one in cast] == [("woman", None), ("t-shirt", 0)]


@pytest.mark.parametrize(
    ("prompt", "who"),
    [
        ("a woman cooks vegetables in a wok", "woman"),
        ("a woman guards a castle", "woman"),
        ("a man surfs a wave", "man-surfing"),
        ("a young woman skis down a hill", "skier"),
        ("a boy is skateboarding", "skateboarder"),
    ],
)
def test_a_person_and_a_verb_are_one_person(prompt: str, who: str) -> None:
    first = plan_shot(prompt).cast[0]
    assert (first.subject, first.count) == (who, 1)
