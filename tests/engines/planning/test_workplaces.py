"""Who works stands before the anvil, and nobody holds twice what the picture already holds."""

import pytest

from rushes.core.shot_plan import Action
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sketch import Sketch


@pytest.mark.parametrize(
    ("prompt", "station"),
    [
        ("a blacksmith hammering at an anvil", "anvil"),
        ("a potter shaping clay at a wheel", "potters-wheel"),
        ("a painter painting at an easel", "easel"),
        ("a potter works on a spinning wheel", "potters-wheel"),
        ("a boxer hitting the heavy bag in a gym", "punching-bag"),
    ],
)
def test_who_works_stands_before_the_station_and_looks_at_it(prompt: str, station: str) -> None:
    worker, thing = plan_shot(prompt).cast
    assert (thing.subject, thing.on, worker.action) == (station, None, Action.WORK)
    assert 0 < (thing.x or 0) - (worker.x or 0) < 0.2


def test_a_sewing_machine_is_on_the_counter_of_the_workshop() -> None:
    tailor, machine = plan_shot("a seamstress at a sewing machine").cast
    assert (tailor.action, tailor.x, machine.x) == (Action.WORK, None, None)


@pytest.mark.parametrize(
    "prompt", ["a violinist playing violin with a bow", "a drummer playing drums with sticks"]
)
def test_the_picture_of_a_musician_has_the_instrument(prompt: str) -> None:
    plan = plan_shot(prompt)
    assert len(plan.cast) == 1
    assert plan.not_shown == ()


def test_an_instrument_that_is_described_is_drawn() -> None:
    assert len(plan_shot("a violinist with a red violin").cast) == 2


@pytest.mark.parametrize(
    "prompt",
    [
        "a baker kneads dough in a bakery",
        "an old man repairs a pocket watch at his workbench",
        "Una mujer amasa el pan en la cocina",
        "おばあさんが台所で野菜を切っている",
    ],
)
def test_what_is_worked_on_lies_on_the_counter_under_the_hands(prompt: str) -> None:
    worker, thing = plan_shot(prompt).cast
    assert (worker.action, thing.on) == (Action.WORK, None)
    drawn = Sketch(GenerationSpec(prompt=prompt, seed=7)).cast_places(0.5)
    assert 0 < drawn[1].x - drawn[0].x < 0.2
    assert drawn[1].top < 0.72 < drawn[0].bottom


def test_a_letter_is_written_on_the_desk_with_the_pencil_in_the_hand() -> None:
    girl, letter, pencil, desk = plan_shot("a girl writes a letter at a desk in her room").cast
    assert (letter.on, pencil.on) == (3, 0)
    assert abs((desk.x or 0) - (girl.x or 0)) < 0.1


def test_a_table_is_put_before_who_works_in_a_room_without_one() -> None:
    plan = plan_shot("an old man repairs a pocket watch in a church")
    assert [(one.subject, one.on) for one in plan.cast] == [
        ("old-man", None),
        ("pocket-watch", 2),
        ("table", None),
    ]


def test_in_a_close_up_what_is_worked_on_stays_in_the_hands() -> None:
    _, watch = plan_shot("close-up: an old man repairs a pocket watch, workshop").cast
    assert watch.on == 0
