"""Move a picture by squares of 2 x 2 pixels, which takes half as long as pixel by pixel."""

from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, look_up
from rushes.engines.animatic.paint.scratch import scratch

_SHARPNESS: Final = -0.9
"""Of the cubic filter that shifts the picture; it makes up for what a look-up blurs."""


class Quads:
    """
    A picture of one channel, kept as it looks from the four corners of a square.

    OpenCV looks up four channels in the time of one. The four pixels of a square of the frame
    are therefore four channels of one look-up. Their distance on the picture is the same
    everywhere; where it should differ a little, a pixel is off by a few hundredths.
    """

    def __init__(self, picture: Array, spacing: float) -> None:
        """
        Keep the picture.

        Args:
            picture: ``(rows, columns)`` uint8.
            spacing: Pixels of the picture from one pixel of the frame to the next, 0.0 to 2.0.
        """
        before, after = _shift(-spacing / 2), _shift(spacing / 2)
        corners = ((before, before), (after, before), (before, after), (after, after))
        self._corners = cv2.merge(
            [
                cv2.sepFilter2D(picture, -1, across, down, borderType=cv2.BORDER_REFLECT_101)
                for across, down in corners
            ]
        )

    def draw(self, places: Array, out: Array) -> None:
        """
        Draw the picture with each square of pixels fetched from its place.

        Args:
            places: ``(rows, columns, 2)`` float32: the picture's column and row in the middle of
                each square; beyond its edges is its mirror image.
            out: ``(2 * rows, 2 * columns)`` uint8, drawn into.
        """
        squares = scratch("quads", *places.shape[:2], 4)
        look_up(self._corners, places, squares, mirrored=True)
        pairs = out.view(np.uint16)
        cv2.split(squares.view(np.uint16), [pairs[::2], pairs[1::2]])


def _shift(amount: float) -> Array:
    """Return the five taps that show a picture from so many pixels further on."""
    taps = np.zeros(5, F32)
    distance = np.abs(np.arange(-2, 3, dtype=F32) - F32(amount))
    near, far = distance < 1, (distance >= 1) & (distance < 2)
    taps[near] = ((_SHARPNESS + 2) * distance - (_SHARPNESS + 3))[near] * distance[near] ** 2 + 1
    taps[far] = (_SHARPNESS * (((distance - 5) * distance + 8) * distance - 4))[far]
    return taps
