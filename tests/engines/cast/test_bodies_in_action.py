"""How a drawn person's body is placed in an action: lying, kneeling, drinking, pushing."""

import numpy as np
import pytest

from rushes.core.shot_plan import Action, CastMember, Facing
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.figure import figure_of
from rushes.engines.animatic.cast.hands import spot_in_hands
from rushes.engines.animatic.layers import Spot

HEIGHT_PX = 120.0


def drawn_height(action: Action) -> float:
    pixels = figure_of(subjects()["man"], HEIGHT_PX, action).draw(0.0).pixels
    rows = np.flatnonzero(pixels[..., 3].max(1) > 128)
    return float(rows[-1] - rows[0]) / HEIGHT_PX


def test_who_kneels_is_lower_than_who_stands() -> None:
    assert drawn_height(Action.KNEEL) < 0.85 * drawn_height(Action.STAND)


@pytest.mark.parametrize("phase", [0.0, 0.25, 0.5, 0.75])
def test_who_lies_is_turned_onto_the_back_and_brought_down_to_the_ground(phase: float) -> None:
    shift = figure_of(subjects()["man"], HEIGHT_PX, Action.LIE).shift(phase)
    assert 1.3 < shift.turn < 1.7
    assert -0.5 < shift.up < -0.35


def test_a_cup_is_higher_in_the_hand_of_who_drinks_than_of_who_stands() -> None:
    def foot_px(action: Action) -> float:
        host = CastMember(subject="man", action=action, facing=Facing.RIGHT)
        spot = Spot(x_px=100.0, foot_px=300.0, px_per_m=100.0, nearness=0.5, haze=0.0)
        return spot_in_hands(host, spot, 0.1, over_head=False).foot_px

    assert foot_px(Action.EAT) < foot_px(Action.STAND) - 30
    assert foot_px(Action.KNEEL) > foot_px(Action.STAND) + 30


def test_the_legs_of_who_kicks_swing_far() -> None:
    figure = figure_of(subjects()["man"], HEIGHT_PX, Action.KICK)
    widths = [figure.draw(phase).pixels.shape[1] for phase in (0.0, 0.25, 0.5)]
    assert max(widths) > 1.15 * min(widths)
