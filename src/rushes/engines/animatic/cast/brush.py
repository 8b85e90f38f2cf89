"""Paint the parts of a drawn body: limbs, cloth and panels, on a premultiplied RGBA picture."""

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.paint.scratch import clear

Point = tuple[float, float]
Colour = tuple[int, int, int]

_FRACTION: Final = 4
_ARC: Final = 7
"""Points on each round end of a limb."""


@cache
def colour_of(code: str) -> Colour:
    """Return ``#rrggbb`` as three numbers of 0 to 255."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


@lru_cache(1024)
def shade(colour: Colour, amount: float) -> Colour:
    """Return the colour made darker (below 1.0) or lighter (above 1.0)."""
    if amount <= 1:
        red, green, blue = (round(value * amount) for value in colour)
    else:
        share = min(amount - 1, 1.0)
        red, green, blue = (round(value + (255 - value) * share) for value in colour)
    return red, green, blue


class Brush:
    """
    Draws in units of a body's height, x to the right and y up from the ground.

    Its pixels are good until the same thread draws the next pose.
    """

    def __init__(self, width: int, height: int, *, origin: Point, unit_px: float) -> None:
        self.pixels: Array = clear("pose", height, width, 4)
        self._origin = origin
        self.unit_px = unit_px

    def at(self, point: Point) -> Point:
        """Return the pixel of a place on the body."""
        return (
            self._origin[0] + point[0] * self.unit_px,
            self._origin[1] - point[1] * self.unit_px,
        )

    def fill(self, points: Sequence[Point] | Array, colour: Colour, opacity: float = 1.0) -> None:
        """Fill a polygon with a smooth edge."""
        polygon = self._polygon(points)
        if opacity >= 1:
            ink = (*colour, 255)
            cv2.fillPoly(self.pixels, [polygon], ink, cv2.LINE_AA, _FRACTION)
            return
        self._fill_thinly(polygon, colour, opacity)

    def limb(
        self,
        start: Point,
        end: Point,
        start_radius: float,
        end_radius: float,
        colour: Colour,
        *,
        rim: float = 0.8,
    ) -> None:
        """Draw a limb that tapers between two round ends; *rim* is how dark its outline is."""
        self.fill(_capsule(start, end, start_radius, end_radius), shade(colour, rim))
        lift = min(start_radius, end_radius) * 0.12
        inner = _capsule(
            (start[0] - lift * 0.5, start[1] + lift), (end[0] - lift * 0.5, end[1] + lift),
            start_radius * 0.74, end_radius * 0.74,
        )  # fmt: skip
        self.fill(inner, colour)

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        """Draw a filled circle."""
        x, y = self._fixed(centre)
        size = max(1, round(radius * self.unit_px * (1 << _FRACTION)))
        cv2.circle(self.pixels, (x, y), size, (*colour, 255), -1, cv2.LINE_AA, _FRACTION)

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """Draw an open line."""
        thickness = max(1, round(width * self.unit_px))
        path = self._polygon(points)
        cv2.polylines(self.pixels, [path], False, (*colour, 255), thickness, cv2.LINE_AA, _FRACTION)

    def stamp(self, picture: Array, matrix: Array) -> None:
        """Lay a premultiplied picture over this one; *matrix* maps its pixels to ours."""
        lay_moved(self.pixels, picture, matrix)

    def _polygon(self, points: Sequence[Point] | Array) -> Array:
        scale = 1 << _FRACTION
        places = np.asarray(points, np.float64) * (self.unit_px * scale, -self.unit_px * scale)
        places += (self._origin[0] * scale, self._origin[1] * scale)
        polygon: Array = np.rint(places).astype(np.int32)
        return polygon

    def _fixed(self, point: Point) -> tuple[int, int]:
        x, y = self.at(point)
        return round(x * (1 << _FRACTION)), round(y * (1 << _FRACTION))

    def _fill_thinly(self, polygon: Array, colour: Colour, opacity: float) -> None:
        height, width = self.pixels.shape[:2]
        first = np.maximum((polygon.min(0) >> _FRACTION) - 1, 0)
        last = np.minimum((polygon.max(0) >> _FRACTION) + 2, (width, height))
        if (last <= first).any():
            return
        mask = np.zeros((last - first)[::-1], np.uint8)
        moved = polygon - (first << _FRACTION)
        cv2.fillPoly(mask, [moved], (round(255 * opacity),), cv2.LINE_AA, _FRACTION)
        inks = [cv2.convertScaleAbs(mask, alpha=value / 255) for value in colour]
        window = self.pixels[first[1] : last[1], first[0] : last[0]]
        over(window, cv2.merge([*inks, mask]))


def lay_moved(below: Array, picture: Array, matrix: Array) -> None:
    """
    Lay a premultiplied RGBA picture over another, in place.

    Args:
        matrix: ``(2, 3)``, from pixels of the upper picture to those of the lower.
    """
    height, width = picture.shape[:2]
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]])
    reached = corners @ np.asarray(matrix, float).T
    limit = np.array([below.shape[1], below.shape[0]])
    left, top = np.clip(np.floor(reached.min(0)).astype(int) - 1, 0, limit)
    right, bottom = np.clip(np.ceil(reached.max(0)).astype(int) + 1, 0, limit)
    if right <= left or bottom <= top:
        return
    moved = np.array(matrix, float)
    moved[:, 2] -= (left, top)
    size = (int(right - left), int(bottom - top))
    laid = cv2.warpAffine(picture, moved, size, flags=cv2.INTER_LINEAR)
    over(below[top:bottom, left:right], laid)


def over(below: Array, above: Array) -> None:
    """Lay premultiplied RGBA over premultiplied RGBA of the same size, in place."""
    rest = cv2.bitwise_not(above[..., 3])
    cv2.multiply(below, cv2.merge([rest, rest, rest, rest]), dst=below, scale=1 / 255)
    cv2.add(below, above, dst=below)


def _capsule(start: Point, end: Point, start_radius: float, end_radius: float) -> Array:
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    cosine, sine = math.cos(angle), math.sin(angle)
    outline: Array = _ROUND_ENDS @ np.array([[cosine, sine], [-sine, cosine]])
    outline[:_ARC] *= start_radius
    outline[_ARC:] *= end_radius
    outline[:_ARC] += start
    outline[_ARC:] += end
    return outline


def _round_ends() -> Array:
    """Return the two half circles of a limb of radius 1 along the x axis."""
    turns = np.pi * np.arange(_ARC) / (_ARC - 1)
    angles = np.concatenate([turns + np.pi / 2, turns - np.pi / 2])
    return np.stack([np.cos(angles), np.sin(angles)], 1)


_ROUND_ENDS: Final = _round_ends()
