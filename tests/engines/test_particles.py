"""Particles slide over a frame and begin again at its edges, few of them as well as many."""

import numpy as np
import pytest

from rushes.engines.animatic import particles
from rushes.engines.animatic.paint.arrays import Array, Planes
from rushes.engines.animatic.particles import Particles
from rushes.engines.animatic.shot import Shot

SHOT = Shot(words="", seed=3, width_px=320, height_px=180, duration_s=5)
MOMENTS = (0.0, 0.13, 0.5, 0.97)


def frames(kind: str) -> list[Array]:
    """Return the planes of some moments, one after another in one row of numbers each."""
    drawing = Particles(SHOT, (kind,))
    found: list[Array] = []
    for t in MOMENTS:
        planes = Planes(*(np.full(size, 120, np.uint8) for size in ((180, 320), *[(90, 160)] * 2)))
        drawing.draw(t, planes, strength=0.7)
        found.append(np.concatenate([plane.reshape(-1) for plane in planes]))
    return found


@pytest.mark.parametrize("kind", ["leaves", "embers", "fireflies", "rain"])
def test_single_dots_are_drawn_as_their_sheet_would_be(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(particles, "_SPARSE", 0)
    as_dots = frames(kind)
    monkeypatch.setattr(particles, "_SPARSE", 1 << 20)
    as_sheets = frames(kind)

    for one, other in zip(as_dots, as_sheets, strict=True):
        assert np.array_equal(one, other)
        assert (one != 120).any()
