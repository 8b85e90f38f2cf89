"""Finish every frame: vignette, a passing light, film grain."""

import math
from functools import lru_cache

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    Planes,
    blur,
    brighten,
    enlarge,
    to_bytes,
)
from rushes.engines.animatic.shot import Shot

_PLAY_PX = 64


class Finish:
    """Works on luma alone, in well under a millisecond."""

    def __init__(self, shot: Shot, *, grain: float, sweep: float, vignette: float) -> None:
        self._sweep = sweep
        self._vignette = vignette
        self._gain = _gain(shot.width_px, shot.height_px, vignette)
        rows, columns = np.mgrid[-1:1:45j, -1:1:80j].astype(F32)
        self._diagonal = columns * F32(0.8) + rows * F32(0.45)
        self._light = np.empty((shot.height_px, shot.width_px), np.uint8)
        self._soft = np.empty((shot.height_px, shot.width_px), F32)
        self._up, self._down = _grain(shot.height_px + _PLAY_PX, shot.width_px + _PLAY_PX, grain)
        self._offsets = shot.chance("grain").integers(0, _PLAY_PX, (shot.frames, 2))

    def draw(self, index: int, t: float, planes: Planes) -> None:
        y = planes.y
        if self._vignette:
            breath = 1 + 0.012 * math.sin(2 * math.pi * t)
            cv2.multiply(y, self._gain, dst=y, scale=breath / 255)
        if self._sweep and 0.04 < t < 0.96:
            self._pass_light(t, y)
        row, column = self._offsets[index]
        window = np.s_[row : row + y.shape[0], column : column + y.shape[1]]
        cv2.add(y, self._up[window], dst=y)
        cv2.subtract(y, self._down[window], dst=y)

    def _pass_light(self, t: float, y: Array) -> None:
        strength = self._sweep * math.sin(math.pi * t) ** 2
        bar = np.exp(-(((self._diagonal - 2.6 * t + 1.3) / 0.38) ** 2)) * strength
        soft = enlarge(bar.astype(F32), y.shape[1], y.shape[0], self._soft)
        brighten(y, cv2.convertScaleAbs(soft, dst=self._light))


def _gain(width: int, height: int, vignette: float) -> Array:
    """Return how much of the light reaches each pixel, 255 for all of it."""
    rows, columns = np.mgrid[-1 : 1 : height // 8 * 1j, -1 : 1 : width // 8 * 1j].astype(F32)
    distance = np.clip((columns * columns + rows * rows) * 0.75, 0, 1.4) ** 1.5
    return to_bytes(enlarge((1 - vignette * distance).astype(F32), width, height), 255)


@lru_cache(8)
def _grain(height: int, width: int, sigma: float) -> tuple[Array, Array]:
    """Return grain as what it adds and what it takes away, both uint8."""
    quarter = np.random.default_rng(7).standard_normal((height // 2, width // 2)).astype(F32)
    quarter = blur(quarter, 0.7)
    quarter *= sigma / quarter.std()
    sheet = np.block([[quarter, quarter[::-1]], [quarter[:, ::-1], quarter[::-1, ::-1]]])
    sheet = np.pad(sheet, ((0, height - sheet.shape[0]), (0, width - sheet.shape[1])), mode="wrap")
    return to_bytes(np.maximum(sheet, 0)), to_bytes(np.maximum(-sheet, 0))
