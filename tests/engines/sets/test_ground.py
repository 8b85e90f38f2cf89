"""Soft ground is drawn at half size, and looks as it does at full size."""

import numpy as np
import pytest

from rushes.core.shot_plan import CameraMove, ShotPlan
from rushes.engines.animatic.camera_path import Camera, timed_moves
from rushes.engines.animatic.paint.arrays import F32, Planes, blank_planes
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.scenes.ground import ground_of
from rushes.engines.animatic.scenes.layers import FlatLayer
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.shot import Shot

SHOT = Shot(words="", seed=3, width_px=1280, height_px=720, duration_s=5.0)


def view(move: str) -> View:
    plan = ShotPlan(camera=(CameraMove(move=move),))
    return View(SHOT, Camera(SHOT, timed_moves(plan, seed=SHOT.seed)))


def meadow() -> tuple[Canvas, int]:
    """Return a canvas whose lower half is grass, and the row from which on it hides all."""
    canvas = Canvas(SHOT)
    first = canvas.height // 4 * 2
    rows = (canvas.height - first) // 2
    noise = canvas.noise(rows, tile_px=500, seed=5, beta=1.6)
    body = (0.2 + 0.5 * noise)[..., None] * np.array([0.6, 1.0, 0.4], F32)
    canvas.put(first, np.full((2 * rows, canvas.width), 255, np.uint8), body.astype(F32))
    return canvas, first


def drawn(canvas: Canvas, looking: View, t: float, opaque_from: int | None) -> Planes:
    planes = blank_planes(SHOT.width_px, SHOT.height_px)
    for plane in planes:
        plane[:] = 128
    FlatLayer(canvas, looking, nearness=0.6, opaque_from=opaque_from).draw(t, planes)
    return planes


@pytest.mark.parametrize("move", ["static", "push_in", "roll_left"])
def test_soft_ground_looks_as_at_full_size(move: str) -> None:
    canvas, first = meadow()
    looking = view(move)
    assert ground_of(canvas, looking, first) is not None

    for t in (0.0, 1.0):
        half, full = (drawn(canvas, looking, t, opaque) for opaque in (first, None))
        for one, other in zip(half, full, strict=True):
            assert np.abs(one.astype(int) - other).mean() < 1.2
            assert np.abs(one.astype(int) - other).max() < 24


def test_ground_with_sharp_edges_is_drawn_at_full_size() -> None:
    canvas, first = meadow()
    canvas.yuv[first:, ::7] = 235

    assert ground_of(canvas, view("static"), first) is None


def test_ground_begins_below_the_last_sharp_edge() -> None:
    canvas, first = meadow()
    fence = first + 100
    canvas.yuv[first:fence, ::7] = 235
    ground = ground_of(canvas, view("static"), first)

    assert ground is not None
    assert fence <= ground.first < fence + 32
