"""A picture moved by squares of pixels looks as one that is moved pixel by pixel."""

import numpy as np
import pytest

from rushes.engines.animatic.paint.arrays import F32, Array, blur, look_up
from rushes.engines.animatic.paint.quads import Quads

HEIGHT, WIDTH = 60, 90


def picture() -> Array:
    noise = np.random.default_rng(3).uniform(0, 255, (120, 160)).astype(F32)
    soft = blur(noise, 2.0)
    return np.clip((soft - 127) * 3 + 127, 0, 255).astype(np.uint8)


def places(spacing: float, first: float, rows: int, columns: int) -> Array:
    """Return the column and row of each pixel of a frame, *spacing* apart."""
    down, across = np.mgrid[:rows, :columns].astype(F32)
    return np.dstack([across * spacing + first, down * spacing + first]).astype(F32)


@pytest.mark.parametrize("spacing", [0.9, 1.0, 1.2, 1.5])
@pytest.mark.parametrize("first", [8.0, 8.3, 8.5])
def test_each_pixel_of_a_square_is_its_own(spacing: float, first: float) -> None:
    out = np.zeros((HEIGHT, WIDTH), np.uint8)
    middle = places(2 * spacing, first + spacing / 2, HEIGHT // 2, WIDTH // 2)
    Quads(picture(), spacing).draw(middle, out)

    exact = look_up(picture(), places(spacing, first, HEIGHT, WIDTH), mirrored=True)
    lost = np.abs(out.astype(int) - exact)
    assert lost.mean() < 2.0
    assert lost.max() < 14


def test_a_slightly_different_distance_is_hardly_seen() -> None:
    out = np.zeros((HEIGHT, WIDTH), np.uint8)
    middle = places(2 * 1.1, 8.55, HEIGHT // 2, WIDTH // 2)
    Quads(picture(), 1.2).draw(middle, out)

    exact = look_up(picture(), places(1.1, 8.0, HEIGHT, WIDTH), mirrored=True)
    assert np.abs(out.astype(int) - exact).mean() < 3.0


def test_only_the_window_is_drawn_into() -> None:
    frame = np.full((HEIGHT + 20, WIDTH + 38), 7, np.uint8)
    window = frame[10 : 10 + HEIGHT, 16 : 16 + WIDTH]
    Quads(picture(), 1.0).draw(places(2.0, 8.5, HEIGHT // 2, WIDTH // 2), window)

    assert (window != 7).mean() > 0.9
    window[:] = 7
    assert (frame == 7).all()
