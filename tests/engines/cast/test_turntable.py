"""Round things turn as on a turntable."""

import numpy as np
import pytest

from rushes.core.shot_plan import Action
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.figure import figure_of


def spun(name: str, phase: float) -> np.ndarray:
    return figure_of(subjects()[name], 80.0, Action.SPIN).draw(phase).pixels.astype(int)


@pytest.mark.parametrize("name", ["hamburger", "perfume-bottle"])
def test_a_round_thing_keeps_its_outline_while_its_surface_turns(name: str) -> None:
    front, aside = spun(name, 0.0), spun(name, 0.2)
    assert np.array_equal(front[..., 3], aside[..., 3])
    assert np.abs(front - aside)[..., :3].mean() > 1


def test_the_back_of_a_round_thing_is_the_mirrored_front() -> None:
    front, back = spun("hamburger", 0.0), spun("hamburger", 0.5)
    middle = front.shape[1] // 2
    inner = np.s_[10:-10, middle - 15 : middle + 15, :3]
    assert np.abs(front[:, ::-1][inner] - back[inner]).mean() < 12


def test_a_cup_with_a_handle_is_not_round() -> None:
    figure = figure_of(subjects()["hot-beverage"], 80.0, Action.SPIN)
    assert abs(figure.shift(0.25).wide) < 1
