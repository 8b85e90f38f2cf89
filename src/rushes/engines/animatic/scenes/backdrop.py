"""A half-size picture as the whole background."""

import cv2

from rushes.engines.animatic.paint.arrays import INVERSE, Array, Planes, blank_planes, enlarge
from rushes.engines.animatic.paint.scratch import scratch
from rushes.engines.animatic.scenes.view import View


class Backdrop:
    """Something soft that fills the frame, and is as far away as can be."""

    def __init__(self, picture: Array, view: View) -> None:
        """
        Keep it.

        Args:
            picture: ``(rows, columns, 4)`` uint8 YUV at half size, and filling.
        """
        self._picture, self._view = picture, view
        self._held = blank_planes(view.width, view.height)
        self._held_at = -1.0

    def draw(self, t: float, planes: Planes) -> None:
        moment = self._view.held(t, 0.0)
        if moment != self._held_at:
            self._hold(moment)
        for plane, held in zip(planes, self._held, strict=True):
            plane[:] = held

    def _hold(self, t: float) -> None:
        tall, wide = self._held.u.shape
        seen = cv2.warpAffine(
            self._picture,
            self._view.inverse(t, 0.0, half=True),
            (wide, tall),
            dst=scratch("backdrop", tall, wide, 4),
            flags=INVERSE,
            borderMode=cv2.BORDER_REFLECT_101,
        )
        luma, rest = scratch("backdrop/luma", 2, tall, wide)
        cv2.split(seen, [luma, self._held.u, self._held.v, rest])
        enlarge(luma, 2 * wide, 2 * tall, self._held.y)
        self._held_at = t
