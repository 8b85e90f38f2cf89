"""Who works stands before the anvil, and nobody holds twice what the picture already holds."""

import pytest

from rushes.core.shot_plan import Action
from rushes.engines.animatic.planning.plan import plan_shot


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
