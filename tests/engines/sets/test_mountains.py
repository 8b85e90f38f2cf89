"""The shape of mountains."""

import numpy as np
import pytest

from rushes.engines.animatic.paint.noise import peaks
from rushes.engines.animatic.scenes.ranges import STEEPEST, without_needles

COLUMNS = np.arange(-60, 1340, dtype=np.float32)


@pytest.mark.parametrize("height", [150, 330, 400])
def test_no_mountain_of_any_seed_is_a_needle(height: int) -> None:
    for seed in range(120):
        chance = np.random.default_rng(seed)
        rough = height * peaks(chance, COLUMNS, frequency=0.62, jagged=0.75)
        skyline = without_needles(rough, COLUMNS)
        assert np.abs(np.diff(skyline)).max() <= STEEPEST + 0.01
        assert (skyline <= rough + 0.01).all()
        assert skyline.max() > 0.75 * rough.max()


def test_a_needle_is_cut_and_a_mountain_stays() -> None:
    mountain = np.clip(200 - np.abs(COLUMNS - 600), 0, None)
    needle = np.clip(160 - 8 * np.abs(COLUMNS - 1000), 0, None)
    skyline = without_needles(np.maximum(mountain, needle), COLUMNS)
    assert np.allclose(skyline[COLUMNS < 900], mountain[COLUMNS < 900], atol=0.01)
    assert skyline[COLUMNS > 900].max() < 30
