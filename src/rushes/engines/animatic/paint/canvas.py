"""The canvas that scenery is painted on once, before the first frame."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    blend,
    enlarge,
    shrink,
    to_bytes,
    weigh,
)
from rushes.engines.animatic.paint.colour import yuv
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.shot import Shot

OVERSCAN: Final = 1.2
"""Canvas pixels per frame pixel: the room that the camera has to move in."""

_DEPTH_PX: Final = 8
_STRIP_ROWS: Final = 64
_HALF: Final = 127
_TILE_PX: Final = 512


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
        """Return the uint8 mask of what is under the line, from row *first* down."""
        count = 2 * half_rows
        mask = np.zeros((count, self.width), np.uint8)
        start, end = np.clip([int(top.min()) - first - 1, int(top.max()) - first + 2], 0, count)
        if start < end:  # OpenCV wants rows
            rows = np.arange(first + start, first + end, dtype=F32)[:, None]
            mask[start:end] = to_bytes(np.clip(rows - top[None] + F32(0.5), 0, 1), 255)
        mask[end:] = 255
        return mask

    def put(self, first: int, mask: Array, body: Array, depth: float | None = None) -> None:
        """
        Lay a body over the canvas, through a mask, from row *first* down.

        Args:
            first: Even.

            mask: ``(rows, width)``, uint8 or float of 0 to 1.

            body: ``(rows / 2, width / 2, 3)`` RGB of 0 to 1.

            depth: Nearness of the body; None leaves what was there.
        """
        bytes_mask = mask if mask.dtype == np.uint8 else to_bytes(mask, 255)
        count = len(bytes_mask)
        for start in range(0, count, _STRIP_ROWS):
            # In strips, which stay in the processor's cache; most of a mask is empty.
            end = min(start + _STRIP_ROWS, count)
            seen = bytes_mask[start:end]
            if not cv2.hasNonZero(seen):
                continue
            rows = slice(first + start, first + end)
            blend(self.yuv[rows], self._enlarged(body, start, end), seen)
            weigh(self.alpha[rows], cv2.bitwise_not(seen), out=self.alpha[rows])
            cv2.add(self.alpha[rows], seen, dst=self.alpha[rows])
        if depth is not None:
            self._set_depth(first, bytes_mask, depth)

    def _enlarged(self, body: Array, start: int, end: int) -> Array:
        """Return rows *start* to *end* of a body of half size as YUV of full size."""
        above = max(0, start // 2 - 1)
        part = yuv(body[above : end // 2 + 1])
        return enlarge(part, self.width, 2 * len(part))[start - 2 * above : end - 2 * above]

    def put_colour(self, mask: Array, colour: Array, depth: float) -> None:
        """Lay one colour over the canvas through a whole mask."""
        rows = np.flatnonzero(mask.max(1))
        if not len(rows):
            return
        first, end = int(rows[0]) // 2 * 2, min(self.height, (int(rows[-1]) // 2 + 1) * 2)
        body = np.broadcast_to(colour.astype(F32), ((end - first) // 2, self.width // 2, 3))
        self.put(first, mask[first:end], np.ascontiguousarray(body), depth)

    def _set_depth(self, first: int, mask: Array, depth: float) -> None:
        start = first // _DEPTH_PX
        end = min(self.depth.shape[0], -(-(first + len(mask)) // _DEPTH_PX))
        if end <= start:
            return
        covered = shrink(mask, self.depth.shape[1], end - start) > _HALF
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
        across = _stretched(beta, 3 + seed % 3, (seed * 173) % 500, width, self.width // 2)
        upper, lower, share = _mixed_from((seed * 97) % 500, height, rows)
        mixed: Array = across[upper] * (1 - share[:, None])
        mixed += across[lower] * share[:, None]
        return mixed

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


def forget_noise() -> None:
    """Free what was kept for the next body, as soon as all canvases of a picture are painted."""
    _stretched.cache_clear()


@lru_cache(2)  # each takes one or two megabytes
def _stretched(beta: float, seed: int, start: int, length: int, width: int) -> Array:
    """Return the tile of noise with so many of its columns, from *start* on, shown as *width*."""
    sheet = tile(_TILE_PX, beta, seed)
    left, right, share = _mixed_from(start, length, width)
    mixed: Array = sheet.take(left, 1) * (1 - share) + sheet.take(right, 1) * share
    return mixed


def _mixed_from(start: int, length: int, count: int) -> tuple[Array, Array, Array]:
    """
    Return which two lines of a tile each of *count* new lines is mixed from.

    The third array is the share of the second; *length* lines from *start* on are shown.
    """
    places = np.clip((np.arange(count) + 0.5) * (length / count) - 0.5, 0, length - 1)
    lower = places.astype(int)
    upper = np.minimum(lower + 1, length - 1)
    share = (places - lower).astype(F32)
    return (start + lower) % _TILE_PX, (start + upper) % _TILE_PX, share


def fill(mask: Array, points: Sequence[tuple[float, float]] | Array) -> None:
    """Fill a polygon into the mask with a smooth edge; points are ``(x, y)`` in pixels."""
    corners = (np.asarray(points, float) * 16).astype(np.int32)
    cv2.fillPoly(mask, [corners], (255,), cv2.LINE_AA, 4)
