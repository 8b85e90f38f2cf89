"""Mark videos: a small mark in the corner, if an operator wants one, and a label in the file."""

from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import Array, Planes, lay_over, shrink, to_bytes, weigh
from rushes.engines.video.mp4 import Label

_OPACITY = 0.55
_SHADE = 0.35

MARKED_CRF: Final = 20.5
"""Quality of the marked copy, beside which an unmarked one of higher quality is kept."""

_ENGINE: Final = "engine: animatic, not a neural model."
_DRAWN: Final = "Procedural previsualisation."


def label(made: str = _DRAWN) -> Label:
    """Return what our files say of themselves, given how they were made, as a sentence."""
    return Label(engine="animatic", comment=f"{made} {_ENGINE}")


class Mark:
    """Words in the lower right corner, drawn once and laid over each frame in luma."""

    def __init__(self, text: str, width: int, height: int) -> None:
        unit = min(width, height) / 720
        words = _drawn(text, unit)
        rows, columns = min(words.shape[0], height // 2), min(words.shape[1], width - 8)
        words = words[:rows, :columns]
        margin = int(18 * unit)
        self._top = (height - margin - rows) // 2 * 2
        self._left = max(0, (width - margin - columns) // 2 * 2)
        shadow = cv2.GaussianBlur(words, (0, 0), max(1.0, 2.2 * unit))
        alpha = cv2.max(to_bytes(words, _OPACITY), to_bytes(shadow, _SHADE))
        self._see_through = cv2.bitwise_not(alpha)
        self._luma = weigh(np.full_like(words, 235), to_bytes(words, _OPACITY))
        half = shrink(alpha, columns // 2, rows // 2)
        self._half_see_through = cv2.bitwise_not(half)
        self._grey = weigh(np.full_like(half, 128), half)

    def draw(self, planes: Planes) -> None:
        rows, columns = self._luma.shape
        top, left = self._top, self._left
        lay_over(planes.y[top : top + rows, left : left + columns], self._luma, self._see_through)
        half = np.s_[top // 2 : (top + rows) // 2, left // 2 : (left + columns) // 2]
        for plane in (planes.u, planes.v):
            lay_over(plane[half], self._grey, self._half_see_through)


def _drawn(text: str, unit: float) -> Array:
    """Return the text as uint8 coverage, its sides even, with room for its shadow."""
    font, scale = cv2.FONT_HERSHEY_DUPLEX, 0.62 * unit
    thickness = max(1, round(unit))
    (width, height), below = cv2.getTextSize(text, font, scale, thickness)
    room = int(8 * unit) + 2
    rows, columns = (height + below + 2 * room) // 2 * 2, (width + 2 * room) // 2 * 2
    words = np.zeros((rows, columns), np.uint8)
    origin = (room, room + height)
    cv2.putText(words, text, origin, font, scale, (255,), thickness, cv2.LINE_AA)
    return words
