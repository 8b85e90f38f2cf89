"""A half-size picture as the whole background."""

import cv2

from rushes.engines.animatic.paint.arrays import INVERSE, Array, Planes, channel, enlarge


def draw_backdrop(picture: Array, matrix: Array, planes: Planes) -> None:
    """Draw a half-size ``(rows, columns, 4)`` YUV picture through a half-size inverse matrix."""
    height, width = planes.y.shape
    seen = cv2.warpAffine(
        picture,
        matrix,
        (width // 2, height // 2),
        flags=INVERSE,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    enlarge(channel(seen, 0), width, height, planes.y)
    channel(seen, 1, planes.u)
    channel(seen, 2, planes.v)
