"""The soft ground at the foot of a canvas, drawn at half size."""

from typing import Final

import cv2

from rushes.engines.animatic.paint.arrays import (
    INVERSE,
    Array,
    Planes,
    blur,
    channel,
    enlarge,
    shrink,
)
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.scratch import scratch
from rushes.engines.animatic.scenes.view import View

_BAND_PX: Final = 16
_MOST_LOST: Final = 1.3
"""
Steps of grey by which a band may differ from itself at half size, root mean square.

Grounds are painted at half size, so that little is lost, and film grain of the same size hides it.
"""

_SHARPENED: Final = 0.6
"""How much of what halving takes from details is put back."""


class Ground:
    """Rows of a canvas that hide everything and have no sharp edges."""

    def __init__(self, half: Array, view: View, *, top: int, first: int) -> None:
        """
        Keep the rows.

        Args:
            half: ``(rows, columns, 4)`` uint8: premultiplied Y, U, V, and 255 - alpha.
            top: Row of the whole canvas at which *half* begins.
            first: Row of the whole canvas from which on it is soft.
        """
        self._half, self._view, self._top = half, view, top
        self.first: Final = first

    def draw(self, t: float, nearness: float, start: int, planes: Planes) -> None:
        """Draw from the even screen row *start* down to the frame's lower edge."""
        wide, tall = self._view.width // 2, self._view.height // 2 - start // 2
        matrix = self._view.inverse(t, nearness, half=True)
        matrix[:, 2] += matrix[:, 1] * (start // 2)
        matrix[1, 2] -= self._top / 2
        block = cv2.warpAffine(
            self._half,
            matrix,
            (wide, tall),
            dst=scratch("ground", tall, wide, 4),
            flags=INVERSE,
            borderMode=cv2.BORDER_REFLECT_101,
        )
        luma, rest = scratch("ground/channels", 2, tall, wide)
        cv2.split(block, [luma, planes.u[start // 2 :], planes.v[start // 2 :], rest])
        enlarge(luma, 2 * wide, 2 * tall, planes.y[start:])


def ground_of(canvas: Canvas, view: View, opaque_from: int) -> Ground | None:
    """
    Return the ground at the foot of a canvas; None: its details reach down to its edge.

    Args:
        opaque_from: Row from which on the canvas hides all.
    """
    top = opaque_from // 2 * 2
    packed = canvas.packed(top)
    height, width = packed.shape[:2]
    half = shrink(packed, width // 2, height // 2)
    half = cv2.addWeighted(half, 1 + _SHARPENED, blur(half, 0.8), -_SHARPENED, 0)
    lost = cv2.absdiff(enlarge(channel(half, 0), width, height), channel(packed, 0))
    bands = [lost[row : row + _BAND_PX] for row in range(0, height, _BAND_PX)]
    sharp = [cv2.norm(band) > _MOST_LOST * band.size**0.5 for band in bands]
    first = top + _BAND_PX * (len(sharp) - sharp[::-1].index(True) if True in sharp else 0)
    first = max(first, opaque_from)
    return Ground(half, view, top=top, first=first) if first < canvas.height - _BAND_PX else None
