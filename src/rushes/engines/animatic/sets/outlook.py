"""Paint what is outside of the windows of a room: rain, snow, fireworks or the lights of a city."""

import math
from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array
from rushes.engines.animatic.sets.shell import as_bytes

_TONES: Final = ((255, 196, 84), (255, 92, 122), (120, 208, 255), (168, 240, 130))
_NEON: Final = ((255, 63, 174), (42, 214, 255), (255, 196, 60))


def look_out(glass: Array, outside: str) -> None:
    """Paint what is outside over the sky of a window, (rows, columns, 3) uint8."""
    if outside:
        _OUTLOOKS[outside](glass, np.random.default_rng(11))


def _size(glass: Array) -> tuple[int, int]:
    return int(glass.shape[0]), int(glass.shape[1])


def _rain(glass: Array, chance: np.random.Generator) -> None:
    glass[:] = as_bytes(glass.astype(F32) * F32(0.72) + F32(34))
    rows, columns = _size(glass)
    for _ in range(70):
        x, y = int(chance.integers(columns)), int(chance.integers(rows))
        end = (x - 4, y + int(chance.integers(14, 40)))
        cv2.line(glass, (x, y), end, (214, 226, 238), 2, cv2.LINE_AA)
        cv2.circle(glass, end, 3, (232, 240, 248), -1, cv2.LINE_AA)


def _snow(glass: Array, chance: np.random.Generator) -> None:
    rows, columns = _size(glass)
    for _ in range(80):
        place = (int(chance.integers(columns)), int(chance.integers(rows)))
        cv2.circle(glass, place, int(chance.integers(2, 5)), (250, 250, 252), -1, cv2.LINE_AA)


def _fireworks(glass: Array, chance: np.random.Generator) -> None:
    rows, columns = _size(glass)
    for order in range(4):
        x, y = (0.2 + 0.6 * chance.random()) * columns, (0.14 + 0.19 * order) * rows
        long = columns * (0.2 + 0.05 * (order % 2))
        for ray in range(18):
            turn = 2 * math.pi * ray / 18
            ahead, down = long * math.cos(turn), long * math.sin(turn)
            tip = (round(x + ahead), round(y + down))
            start = (round(x + ahead / 4), round(y + down / 4))
            cv2.line(glass, start, tip, _TONES[order % 4], 3, cv2.LINE_AA)
            cv2.circle(glass, tip, 4, (255, 244, 214), -1, cv2.LINE_AA)


def _neon(glass: Array, chance: np.random.Generator) -> None:
    rows, columns = _size(glass)
    for order in range(7):
        left = int(chance.integers(columns))
        top = int((0.2 + 0.5 * chance.random()) * rows)
        wide, tall = int(chance.integers(14, 34)), int(chance.integers(40, 90))
        cv2.rectangle(glass, (left, top), (left + wide, top + tall), _NEON[order % 3], -1)
    for _ in range(26):
        place = (int(chance.integers(columns)), int((0.3 + 0.7 * chance.random()) * rows))
        cv2.circle(glass, place, 4, (255, 214, 140), -1, cv2.LINE_AA)


_OUTLOOKS: Final[Mapping[str, Callable[[Array, np.random.Generator], None]]] = {
    "rain": _rain,
    "snow": _snow,
    "fireworks": _fireworks,
    "neon": _neon,
}
