"""The horizon of a place follows the framing: more ground from above, less from below."""

import pytest

from rushes.core.shot_plan import BUILT_SETS, ROOMS, Framing, ShotPlan
from rushes.engines.animatic.camera_path import Camera
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.eye_level import eye_level
from rushes.engines.animatic.sets.table import set_for
from rushes.engines.animatic.shot import Shot

WITH_A_FLOOR = (*ROOMS, *(name for name in BUILT_SETS if name not in {"studio", "table"}), "beach")


def horizon(name: str, framing: Framing) -> float:
    shot = Shot(words="", seed=3, width_px=128, height_px=72, duration_s=1.0)
    view = View(shot, Camera(shot))
    return set_for(shot, view, ShotPlan(set=name, framing=framing)).ground.horizon


@pytest.mark.parametrize("name", [*WITH_A_FLOOR, "meadow", "forest", "lake"])
def test_the_horizon_is_high_from_above_and_low_from_below(name: str) -> None:
    above, level, below = (
        horizon(name, framing) for framing in (Framing.AERIAL, Framing.WIDE, Framing.LOW_ANGLE)
    )

    assert above < level - 0.15
    assert below > level + 0.05


@pytest.mark.parametrize("framing", [Framing.AERIAL, Framing.LOW_ANGLE])
def test_rows_keep_their_order_and_the_frame_its_edges(framing: Framing) -> None:
    level = eye_level(0.5, framing)
    rows = [level.row(row / 20) for row in range(21)]

    assert rows == sorted(rows)
    assert (rows[0], rows[10], rows[-1]) == pytest.approx((0.0, level.horizon, 1.0))
