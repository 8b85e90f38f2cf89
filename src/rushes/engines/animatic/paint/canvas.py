"""The canvas that scenery is painted on once, before the first frame."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, enlarge, floats, shrink, to_bytes
from rushes.engines.animatic.paint.colour import yuv
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.shot import Shot

OVERSCAN: Final = 1.2
"""Canvas pixels per frame pixel: the room that the camera has to move in."""

_DEPTH_PX: Final = 8


def canvas_size(shot: Shot) -> tuple[int, int]:
    """Return the canvas's width and height in pixels, both divisible by four."""
    return int(shot.width_px * OVERSCAN) // 4 * 4, int(shot.height_px * OVERSCAN) // 4 * 4


class Canvas:
    """
    Premultiplied YUV 4:4:4 with alpha and depth, larger than the frame.

    Bodies of colour are painted at half size and silhouettes at full size, so that a whole
    landscape takes a tenth of a second.
    """

    def __init__(self, shot: Shot) -> None:
        self.width, self.height = canvas_size(shot)
        wide = shot.width_px >= shot.height_px
        self.unit = shot.height_px / 720 if wide else shot.width_px / 720 * 1.25
        """Pixels for each pixel of a 1280 x 720 frame."""

        self.yuv = np.zeros((self.height, self.width, 3), np.uint8)
        self.alpha = np.zeros((self.height, self.width), np.uint8)
        self.depth = np.zeros((self.height // _DEPTH_PX, self.width // _DEPTH_PX), F32)
        """Nearness of what is seen, 0 far to 1 near."""

        self.columns = np.arange(self.width, dtype=F32)

    def rows_below(self, top: Array, covered_from: Array | None = None) -> tuple[int, Array]:
        """
        Return the first row of a body under the line *top*, and its rows at half size.

        Args:
            top: ``(width,)`` rows.

            covered_from: The line from which on something nearer hides the body; without it
                the body reaches down to the canvas's edge.
        """
        first = max(0, int(top.min()) - 2) // 2 * 2
        last = self.height
        if covered_from is not None:
            last = min(last, max(first + 16, int(covered_from.max()) // 8 * 8 + 16))
        return first, np.arange(first, last, 2, dtype=F32)[:, None] + F32(0.5)

    def mask_below(self, first: int, top: Array, half_rows: int) -> Array:
        """Return the float mask of what is under the line, from row *first* down."""
        rows = np.arange(first, first + 2 * half_rows, dtype=F32)[:, None]
        return floats(np.clip(rows - top[None] + F32(0.5), 0, 1))

    def put(self, first: int, mask: Array, body: Array, depth: float | None = None) -> None:
        """
        Lay a body over the canvas, through a mask, from row *first* down.

        Args:
            first: Even.

            mask: ``(rows, width)``, uint8 or float of 0 to 1.

            body: ``(rows / 2, width / 2, 3)`` RGB of 0 to 1.

            depth: Nearness of the body; None leaves what was there.
        """
        count = mask.shape[0]
        rows = slice(first, first + count)
        bytes_mask = mask if mask.dtype == np.uint8 else to_bytes(mask, 255)
        colour = enlarge(yuv(body), self.width, count)
        weight = bytes_mask.astype(F32) * F32(1 / 255)
        rest = 1 - weight
        cv2.blendLinear(colour, self.yuv[rows], weight, rest, dst=self.yuv[rows])
        kept = cv2.multiply(self.alpha[rows], rest, dtype=cv2.CV_8U)
        cv2.add(kept, bytes_mask, dst=self.alpha[rows])
        if depth is not None:
            self._set_depth(first, weight, depth)

    def put_colour(self, mask: Array, colour: Array, depth: float) -> None:
        """Lay one colour over the canvas through a whole mask."""
        rows = np.flatnonzero(mask.max(1))
        if not len(rows):
            return
        first, end = int(rows[0]) // 2 * 2, min(self.height, (int(rows[-1]) // 2 + 1) * 2)
        body = np.broadcast_to(colour.astype(F32), ((end - first) // 2, self.width // 2, 3))
        self.put(first, mask[first:end], np.ascontiguousarray(body), depth)

    def _set_depth(self, first: int, weight: Array, depth: float) -> None:
        start = first // _DEPTH_PX
        end = min(self.depth.shape[0], -(-(first + len(weight)) // _DEPTH_PX))
        if end <= start:
            return
        covered = shrink(weight, self.depth.shape[1], end - start) > 0.5
        self.depth[start:end][covered] = depth

    def noise(
        self, rows: int, *, tile_px: float, seed: int, beta: float = 1.9, squeeze: float = 1.0
    ) -> Array:
        """
        Return ``(rows, width / 2)`` noise of 0 to 1.

        Args:
            tile_px: Pixels of a 720 px high frame for one period; over 380 hides that it repeats.

            squeeze: Above 1, features are flatter than wide.
        """
        scale = tile_px * self.unit / 1024
        width, height = int(self.width / 2 / scale) + 2, int(rows * squeeze / scale) + 2
        sheet = tile(512, beta, 3 + seed % 3)
        row, column = (seed * 97) % 500, (seed * 173) % 500
        # One direction after the other, so that the tiles are never all laid out.
        above = cv2.repeat(sheet, (row + height) // 512 + 1, 1)[row : row + height]
        tall = enlarge(above, 512, rows)
        beside = cv2.repeat(tall, 1, (column + width) // 512 + 1)[:, column : column + width]
        return enlarge(beside, self.width // 2, rows)

    def erase_below(self, row: int) -> None:
        self.alpha[row:] = 0
        self.yuv[row:] = 0

    def packed(self, first: int = 0, end: int | None = None) -> Array:
        """
        Return ``(rows, width, 4)`` uint8: premultiplied Y, U, V, and 255 - alpha.

        Args:
            first: The first row to return.
            end: The row after the last.
        """
        rows = slice(first, end)
        return cv2.merge([*cv2.split(self.yuv[rows]), cv2.bitwise_not(self.alpha[rows])])

    def opaque_from(self) -> int | None:
        """Return the row from which on the canvas hides all, if there is one."""
        opaque = self.alpha.min(1) == 255
        if not opaque[-1]:
            return None
        return 0 if opaque.all() else len(opaque) - int(np.argmin(opaque[::-1]))

    def is_empty(self) -> bool:
        return not self.alpha.any()


def fill(mask: Array, points: Sequence[tuple[float, float]] | Array) -> None:
    """Fill a polygon into the mask with a smooth edge; points are ``(x, y)`` in pixels."""
    corners = (np.asarray(points, float) * 16).astype(np.int32)
    cv2.fillPoly(mask, [corners], (255,), cv2.LINE_AA, 4)
