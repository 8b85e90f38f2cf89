"""Two by three matrices as six numbers: a frame with a crowd needs thousands, small and fast."""

import math
from typing import NamedTuple

import numpy as np

from rushes.engines.animatic.paint.arrays import Array


class Affine(NamedTuple):
    """Maps (x, y) to (a x + b y + c, d x + e y + f)."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def after(self, first: "Affine") -> "Affine":
        """Return the map that applies *first* and then this one."""
        return Affine(
            self.a * first.a + self.b * first.d,
            self.a * first.b + self.b * first.e,
            self.a * first.c + self.b * first.f + self.c,
            self.d * first.a + self.e * first.d,
            self.d * first.b + self.e * first.e,
            self.d * first.c + self.e * first.f + self.f,
        )

    def inverse(self) -> "Affine":
        """Return the map back."""
        scale = self.a * self.e - self.b * self.d
        a, b, d, e = self.e / scale, -self.b / scale, -self.d / scale, self.a / scale
        return Affine(a, b, -(a * self.c + b * self.f), d, e, -(d * self.c + e * self.f))

    def box(self, width: float, height: float) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of what a rectangle at the origin becomes."""
        across, down = (0.0, self.a * width), (0.0, self.b * height)
        over, below = (0.0, self.d * width), (0.0, self.e * height)
        return (
            self.c + min(across) + min(down),
            self.f + min(over) + min(below),
            self.c + max(across) + max(down),
            self.f + max(over) + max(below),
        )

    def matrix(self) -> Array:
        """Return it as OpenCV wants it."""
        return np.array(self, np.float64).reshape(2, 3)


def of(matrix: Array) -> Affine:
    """Return a ``(2, 3)`` array as an ``Affine``."""
    return Affine(*(float(number) for number in matrix.reshape(6)))


def moved(x: float, y: float) -> Affine:
    """Return the map that moves."""
    return Affine(1.0, 0.0, x, 0.0, 1.0, y)


def scaled(across: float, down: float, x: float = 0.0, y: float = 0.0) -> Affine:
    """Return the map that scales about the origin and then moves."""
    return Affine(across, 0.0, x, 0.0, down, y)


def turned(angle: float) -> Affine:
    """Return the turn about the origin, against the clock as seen on a screen."""
    cosine, sine = math.cos(angle), math.sin(angle)
    return Affine(cosine, sine, 0.0, -sine, cosine, 0.0)
