"""A puff that is kept at its size looks as one that is drawn anew."""

import numpy as np
import pytest

from rushes.engines.animatic.cast.affine import scaled
from rushes.engines.animatic.cast.compositing import draw_soft_block, draw_stamp, stamp_of
from rushes.engines.animatic.paint.arrays import Array, Planes

PUFF_PX = 64


def puff() -> Array:
    """Return a soft white ball."""
    rows, columns = np.mgrid[-1 : 1 : PUFF_PX * 1j, -1 : 1 : PUFF_PX * 1j]
    alpha = np.clip(1 - np.hypot(rows, columns), 0, 1)
    inks = [alpha * ink for ink in (235, 128, 128)]
    return np.dstack([*inks, 255 * (1 - alpha)]).round().astype(np.uint8)


def frame() -> Planes:
    return Planes(*(np.full(size, 90, np.uint8) for size in ((180, 320), *[(90, 160)] * 2)))


@pytest.mark.parametrize("size", [40, 64, 120])
@pytest.mark.parametrize(
    "place", [(160, 90), (4, 90), (310, 176)], ids=["inside", "left", "corner"]
)
def test_a_stamp_shows_what_the_block_shows(size: int, place: tuple[int, int]) -> None:
    drawn, stamped = frame(), frame()
    x, y = place
    across = size / PUFF_PX

    draw_soft_block(puff(), scaled(across, across, x - size / 2, y - size / 2), drawn)
    draw_stamp(stamp_of(puff(), size), x, y, stamped)

    assert (stamped.y != 90).any()
    for one, other in zip(drawn, stamped, strict=True):
        assert np.abs(one.astype(int) - other).mean() < 0.5
        assert np.abs(one.astype(int) - other).max() < 16


def test_what_is_outside_the_frame_is_not_drawn() -> None:
    planes = frame()

    draw_stamp(stamp_of(puff(), 40), -100.0, 500.0, planes)

    assert all((plane == 90).all() for plane in planes)
