"""A large sprite is drawn in strips that leave its empty corners out, and looks the same."""

import math

import cv2
import numpy as np
import pytest

from rushes.engines.animatic.cast.affine import Affine, moved, scaled, turned
from rushes.engines.animatic.cast.compositing import draw_block
from rushes.engines.animatic.cast.outline import columns_shown, outline_of
from rushes.engines.animatic.paint.arrays import Array, Planes

SIZE = 640


def block() -> Array:
    """Return a bright triangle that stands on its tip."""
    mask = np.zeros((SIZE, SIZE), np.uint8)
    corners = np.array([[5, 5], [SIZE - 5, 5], [SIZE // 2, SIZE - 5]])
    cv2.fillPoly(mask, [corners], (255,), cv2.LINE_AA)
    half = mask // 2
    return cv2.merge([mask, half, half, cv2.bitwise_not(mask)])


def frame() -> Planes:
    sizes = ((720, 1280), (360, 640), (360, 640))
    return Planes(*(np.full(size, 90, np.uint8) for size in sizes))


@pytest.mark.parametrize(
    "onto",
    [
        moved(300.3, 20.7),
        scaled(1.1, -0.9, 200.0, 650.0),
        moved(640.0, 360.0).after(turned(math.radians(40))).after(moved(-320.0, -320.0)),
        moved(-200.0, 300.0),
    ],
    ids=["upright", "mirrored", "turned", "cut off"],
)
def test_strips_show_what_one_piece_shows(onto: Affine) -> None:
    complete, strips = frame(), frame()

    draw_block(block(), onto, complete)
    draw_block(block(), onto, strips, outline=outline_of(block()))

    for one, other in zip(complete, strips, strict=True):
        assert np.abs(one.astype(int) - other).max() <= 1


def test_empty_corners_are_left_out() -> None:
    outline = outline_of(block())

    upper = columns_shown(outline, moved(0.0, 0.0), (0, 40), (0, SIZE))
    lower = columns_shown(outline, moved(0.0, 0.0), (600, SIZE), (0, SIZE))

    assert upper is not None
    assert lower is not None
    assert upper[1] - upper[0] > 0.9 * SIZE
    assert lower[1] - lower[0] < 0.2 * SIZE
    assert columns_shown(outline, moved(0.0, 0.0), (700, 720), (0, SIZE)) is None
