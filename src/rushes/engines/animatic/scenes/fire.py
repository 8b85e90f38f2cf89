"""Fire: flames that rise and lick, and the light that they throw."""

import math
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    Planes,
    brighten,
    enlarge,
    enlarge_softly,
    floats,
    look_up,
    shifted,
    to_bytes,
)
from rushes.engines.animatic.paint.colour import light_of, ramp, rgb, smooth_step
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.shot import Shot

_TILE_PX: Final = 256
_COLOURS: Final = ("#000000", "#3a0a02", "#a8260a", "#f0691a", "#ffb845", "#fff0b8")


class Fire:
    """Flames on a small grid: two sheets of noise rising at two speeds, cut by height."""

    def __init__(
        self, shot: Shot, *, centre: float, foot: float, width: float, height: float
    ) -> None:
        """
        Place the fire.

        Args:
            centre: Of its base, across the frame: 0 to 1.

            foot: Of its base, down the frame: 0 to 1.

            width: Half of its base, in frame widths; above 0.5 a wall of flames.

            height: Of the flames, in frame heights.
        """
        self._shot = shot
        self._rows, self._columns = 120, max(40, round(120 * shot.width_px / shot.height_px))
        rows, columns = np.mgrid[0 : self._rows, 0 : self._columns].astype(F32)
        self._above = (F32(foot) - (rows + 0.5) / self._rows) / F32(height)
        across = ((columns + 0.5) / self._columns - F32(centre)) / F32(width)
        self._inside = self._shape(across)
        first, second = tile(_TILE_PX, 1.15, 43), tile(_TILE_PX, 1.25, 42)
        self._tile = np.tile(np.dstack([first, second, first, second]), (3, 3, 1))
        self._near = np.dstack([columns * 1.1 + 3, rows * 0.62 + 3]).astype(F32)
        self._far = np.dstack([columns * 1.9 + 40, rows * 1.15 + 9]).astype(F32)
        self._ramp = ramp(_COLOURS).astype(F32) - np.array([16, 128, 128], F32)
        self._glow = self._glow_at(centre, foot, width)

    def draw(self, t: float, planes: Planes) -> None:
        rise = t * self._shot.rounds(3) * _TILE_PX
        first = look_up(self._tile, shifted(self._near, 0, rise % _TILE_PX))[..., 0]
        second = look_up(self._tile, shifted(self._far, 0, (rise * 2) % _TILE_PX))[..., 1]
        fuel = self._inside - np.maximum(self._above, 0) * 1.15
        heat = fuel + (first - 0.5) * 1.1 + (second - 0.5) * 0.7
        heat = np.clip(heat * 0.95, 0, 1) * smooth_step(-0.06, 0.02, self._above)
        self._add(heat, self._flicker(t), planes)

    def _shape(self, across: Array) -> Array:
        """Return how much burns at each point of the base: most in the middle."""
        narrow = np.abs(across) + np.maximum(self._above, 0) * 0.35
        return floats(np.clip(1.15 - narrow**2.2, -2, 1))

    def _glow_at(self, centre: float, foot: float, width: float) -> Array:
        rows, columns = np.mgrid[0 : self._rows, 0 : self._columns].astype(F32)
        x = (columns / self._columns - centre) * (self._columns / self._rows)
        y = rows / self._rows - (foot - 0.08)
        return floats(np.exp(-((x / (0.5 + width)) ** 2) - (y / 0.5) ** 2))

    def _flicker(self, t: float) -> float:
        turn = 2 * math.pi * t * self._shot.rounds(5)
        return 0.8 + 0.12 * math.sin(turn) + 0.08 * math.sin(2 * turn + 1.3)

    def _add(self, heat: Array, flicker: float, planes: Planes) -> None:
        colours = self._ramp[(heat * 255).astype(np.uint8)]
        warmth = light_of(rgb("#ff7a2a")) * F32(0.26 * flicker)
        height, width = planes.y.shape
        for index, plane in enumerate(planes):
            light = colours[..., index] + self._glow * warmth[index]
            soft = enlarge_softly(light, width // 2, height // 2)
            if index:
                cv2.add(plane, soft, dst=plane, dtype=cv2.CV_8U)
            else:
                brighten(plane, enlarge(to_bytes(soft), width, height))
