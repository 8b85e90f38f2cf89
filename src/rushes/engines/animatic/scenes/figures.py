"""Small stand-ins for whoever and whatever a prompt puts into a landscape."""

from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.paint.canvas import Canvas, fill

_COAT: Final = (
    (-0.13, -0.80), (-0.06, -0.85), (0.06, -0.85), (0.13, -0.80),
    (0.16, -0.42), (0.12, -0.38), (-0.12, -0.38), (-0.16, -0.42),
)  # fmt: skip
_LEFT_LEG: Final = ((-0.11, -0.40), (0.0, -0.40), (-0.02, 0.0), (-0.09, 0.0))
_RIGHT_LEG: Final = ((0.0, -0.40), (0.11, -0.40), (0.10, 0.0), (0.03, 0.0))
_HULL: Final = ((-0.42, -0.10), (0.46, -0.10), (0.34, 0.02), (-0.32, 0.02))
_MAST: Final = ((-0.02, -1.0), (0.0, -1.0), (0.01, -0.1), (-0.03, -0.1))
_MAIN_SAIL: Final = ((0.03, -0.95), (0.06, -0.75), (0.36, -0.17), (0.03, -0.15))
_FORE_SAIL: Final = ((-0.05, -0.86), (-0.32, -0.18), (-0.05, -0.16))
_TOWER: Final = ((-0.10, 0.0), (-0.065, -0.78), (0.065, -0.78), (0.10, 0.0))
_GALLERY: Final = ((-0.09, -0.78), (-0.09, -0.81), (0.09, -0.81), (0.09, -0.78))
_LANTERN: Final = ((-0.05, -0.81), (-0.05, -0.91), (0.05, -0.91), (0.05, -0.81))
_ROCK: Final = (
    (-0.55, 0.06), (-0.42, -0.03), (-0.22, -0.06), (-0.12, -0.11), (0.08, -0.12), (0.2, -0.06),
    (0.38, -0.04), (0.6, 0.06),
)  # fmt: skip
_DOME: Final = ((-0.07, -0.91), (0.0, -1.0), (0.07, -0.91))


def paint_figure(canvas: Canvas, at: tuple[float, float], height: float, colour: Array) -> None:
    """Paint a standing person in a coat, whose feet are at *at*."""
    mask = _silhouette(canvas, (_COAT, _LEFT_LEG, _RIGHT_LEG), at, height)
    head = (int(at[0] * 16), int((at[1] - 0.92 * height) * 16))
    cv2.circle(mask, head, int(0.078 * height * 16), (255,), -1, cv2.LINE_AA, 4)
    canvas.put_colour(mask, colour, 0.5)


def paint_sailboat(
    canvas: Canvas, at: tuple[float, float], height: float, colour: Array, *, sails: Array
) -> None:
    """Paint a sailing boat whose waterline is at *at*."""
    canvas.put_colour(_silhouette(canvas, (_MAIN_SAIL, _FORE_SAIL), at, height), sails, 0.3)
    canvas.put_colour(_silhouette(canvas, (_HULL, _MAST), at, height), colour, 0.3)


def paint_lighthouse(canvas: Canvas, at: tuple[float, float], height: float, colour: Array) -> None:
    """Paint a lighthouse on a rock; the water's edge is at *at*."""
    mask = _silhouette(canvas, (_ROCK, _TOWER, _GALLERY, _LANTERN, _DOME), at, height)
    canvas.put_colour(mask, colour, 0.25)


def _silhouette(
    canvas: Canvas,
    shapes: tuple[tuple[tuple[float, float], ...], ...],
    at: tuple[float, float],
    height: float,
) -> Array:
    mask = np.zeros_like(canvas.alpha)
    for shape in shapes:
        fill(mask, np.array(shape) * height + at)
    return mask
