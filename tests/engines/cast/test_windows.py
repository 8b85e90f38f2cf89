"""Who is in a vehicle is seen at its window, and who is on it is on its roof."""

import pytest

from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.windows import WINDOWS
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sketch import Sketch


def test_every_vehicle_with_windows_is_in_the_catalogue() -> None:
    assert set(WINDOWS) <= set(subjects())


@pytest.mark.parametrize(
    "prompt", ["a dog in a car", "a woman drives a car", "two children in a bus", "a man in a taxi"]
)
def test_who_is_in_a_vehicle_is_within_its_outline(prompt: str) -> None:
    rider, vehicle = Sketch(GenerationSpec(prompt=prompt, seed=7)).cast_places(0.2)
    assert vehicle.left < rider.left < rider.right < vehicle.right
    assert vehicle.top < rider.top


@pytest.mark.parametrize("prompt", ["a cat on a car", "a cat sits on a car"])
def test_an_animal_on_a_car_is_on_its_roof(prompt: str) -> None:
    cat, car = Sketch(GenerationSpec(prompt=prompt, seed=7)).cast_places(0.2)
    assert cat.top < car.top


def test_all_who_are_named_before_in_are_inside() -> None:
    man, dog, _ = plan_shot("a man and a dog in a car").cast
    assert (man.action.value, dog.action.value) == ("sit", "drive")
