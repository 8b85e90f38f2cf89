"""Trains fit their stations, and insects are on the flowers where they land."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    ("prompt", "train"),
    [
        ("a train at a subway station", "light-rail"),
        ("a train arrives at the platform", "light-rail"),
        ("a steam train at the station", "steam-train"),
        ("a train in the mountains", "locomotive"),
    ],
)
def test_a_train_at_a_platform_is_electric_unless_it_steams(prompt: str, train: str) -> None:
    assert train in {one.subject for one in plan_shot(prompt).cast}


@pytest.mark.parametrize(
    "prompt", ["honeybee lands on a sunflower, macro", "a butterfly on a flower, close-up"]
)
def test_an_insect_that_lands_on_a_flower_is_on_it(prompt: str) -> None:
    insect, flower = plan_shot(prompt).cast
    assert insect.on == 1
    assert flower.on is None


def test_who_looks_out_of_a_window_of_a_bus_is_in_the_bus() -> None:
    girl, bus = plan_shot("a girl looks out of a bus window").cast
    assert (girl.on, bus.subject) == (1, "bus")
