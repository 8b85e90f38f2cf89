"""Landmarks of the cities that a prompt names."""

import pytest

from rushes.core.shot_plan import Plane
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning.english_places import LANDMARKS
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.planning.tables import rows_of


@pytest.mark.parametrize(
    ("prompt", "landmark"),
    [
        ("a woman walks through Paris", "eiffel-tower"),
        ("a couple in a cafe in New York", "statue-of-liberty"),
        ("Rio de Janeiro at sunset", "christ-the-redeemer"),
        ("a camel in Egypt", "pyramid"),
        ("Ein Mann in Rom", "colosseum"),
        ("Une femme à Londres", "big-ben"),
        ("Una mujer en Moscú", "st-basils-cathedral"),
        ("Um homem em Tóquio", "tokyo-tower"),
        ("Женщина в Берлине", "brandenburg-gate"),
        ("一个女人走在纽约街头", "statue-of-liberty"),
        ("パリのカフェで女性がコーヒーを飲む", "eiffel-tower"),
        ("두바이에서 걷는 남자", "burj-khalifa"),
    ],
)
def test_a_city_has_its_landmark_behind_the_cast(prompt: str, landmark: str) -> None:
    plan = plan_shot(prompt, seed=1)
    behind = next(one for one in plan.cast if one.subject == landmark)

    assert behind.plane is Plane.BACKGROUND
    assert behind.words in plan.shown
    assert plan.not_shown == ()


def test_a_landmark_that_the_prompt_names_is_drawn_once() -> None:
    plan = plan_shot("a woman in Paris before the Eiffel Tower", seed=1)
    assert [one.subject for one in plan.cast].count("eiffel-tower") == 1


@pytest.mark.parametrize("place", ["a subway station", "a spaceship", "a table"])
def test_no_landmark_is_seen_where_no_window_is(place: str) -> None:
    plan = plan_shot(f"an apple on {place} in Paris", seed=1)
    assert "eiffel-tower" not in {one.subject for one in plan.cast}


def test_every_landmark_has_a_picture() -> None:
    assert {landmark for landmark, _ in rows_of(LANDMARKS)} <= set(subjects())


@pytest.mark.parametrize(
    ("prompt", "place", "behind"),
    [
        ("a horse in a canyon with snowy mountains", "canyon", "mountain-range"),
        ("a woman in a vineyard, mountains in the background", "vineyard", "mountain-range"),
        ("a man in a city by the sea", "ocean", "skyline"),
        ("a girl in a village in the mountains", "village", "mountain-range"),
        ("Ein Kind im Park, im Hintergrund die Stadt", "park", "skyline"),
        ("草原上的马，远处是雪山", "meadow", "mountain-range"),
    ],
)
def test_a_second_place_is_far_behind_the_first(prompt: str, place: str, behind: str) -> None:
    plan = plan_shot(prompt, seed=1)

    assert plan.set == place
    assert plan.cast[-1].subject == behind
    assert plan.cast[-1].plane is Plane.BACKGROUND
    assert plan.not_shown == ()


@pytest.mark.parametrize("place", ["a lake in the mountains", "a street in the city"])
def test_a_set_that_has_it_itself_gets_no_backdrop(place: str) -> None:
    plan = plan_shot(f"a woman at {place}", seed=1)
    assert [one.subject for one in plan.cast] == ["woman"]
