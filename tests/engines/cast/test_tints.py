"""What a colour word does to the pictures of the cast."""

import numpy as np
import pytest

from rushes.core.shot_plan import Action
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.figure import figure_of

RED, YELLOW, BLACK = "#d32f2f", "#fbc02d", "#212121"


def mean_colour(name: str, action: Action, tint: str | None) -> tuple[float, float, float]:
    pixels = figure_of(subjects()[name], 90.0, action, tint=tint).draw(0.2).pixels
    red, green, blue = np.mean(pixels[pixels[..., 3] > 200][:, :3], axis=0)
    return float(red), float(green), float(blue)


@pytest.mark.parametrize(
    "name", ["soccer-ball", "washing-machine", "polar-bear", "statue", "robot"]
)
def test_a_thing_without_a_colour_of_its_own_becomes_red(name: str) -> None:
    red, green, blue = mean_colour(name, Action.STAND, RED)
    assert red > 1.5 * max(green, blue)


def test_a_white_sheep_becomes_black() -> None:
    assert max(mean_colour("sheep", Action.STAND, BLACK)) < 110
    assert min(mean_colour("sheep", Action.STAND, None)) > 150


@pytest.mark.parametrize("name", ["bird", "swan", "owl"])
def test_a_bird_keeps_its_colour_when_it_flies(name: str) -> None:
    red, green, blue = mean_colour(name, Action.FLY, YELLOW)
    assert min(red, green) > 1.8 * blue


def test_the_face_of_a_person_keeps_its_colour() -> None:
    pixels = figure_of(subjects()["man"], 90.0, Action.STAND, tint="#1976d2").draw(0.0).pixels
    head = pixels[: len(pixels) // 5]
    red, _, blue = np.mean(head[head[..., 3] > 200][:, :3], axis=0)
    assert red > blue
