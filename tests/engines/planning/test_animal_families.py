"""Whose mother, young and friends the animals of a prompt are."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("Elephants cross a river, a calf follows its mother", "elephant elephant elephant"),
        ("a calf and its mother", "calf cow"),
        ("a fox cub with its mother", "fox fox"),
        ("a cheetah mother and her cubs", "cheetah cheetah"),
        ("a lioness and her cubs", "lioness lion-cub"),
        ("a polar bear mother and her two cubs", "polar-bear polar-bear"),
        ("Una osa polar y sus dos oseznos", "polar-bear polar-bear"),
        ("Une ourse polaire et ses deux oursons", "polar-bear polar-bear"),
        ("a lion cub beside its mother", "lion-cub lioness"),
        ("a penguin chick with its parents", "penguin penguin penguin"),
        ("a girl and her mother", "girl woman"),
        ("a woman and her baby", "woman baby"),
        ("a calf on a farm", "calf"),
        ("a dog and its friend the cat", "dog cat"),
        ("a dog and its friend", "dog person-standing"),
    ],
)
def test_families_of_animals_are_of_one_species(prompt: str, cast: str) -> None:
    assert " ".join(member.subject for member in plan_shot(prompt).cast) == cast


def test_the_young_are_smaller_than_their_mothers() -> None:
    young, mother = plan_shot("a wolf cub beside its mother").cast
    assert young.height_m is not None
    assert mother.height_m is None


def test_two_cubs_are_two() -> None:
    assert [member.count for member in plan_shot("two fox cubs").cast] == [2]


def test_slow_motion_on_a_ball_puts_nobody_on_the_ball() -> None:
    plan = plan_shot("A player spins, a crowd cheers, slow motion on the ball")
    assert [member.on for member in plan.cast] == [None] * len(plan.cast)
