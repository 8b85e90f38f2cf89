"""Flat painted canvases laid over the frame: one sharp, one soft."""

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    INVERSE,
    Array,
    Planes,
    enlarge,
    lay_over,
    shrink,
)
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.scratch import scratch, split
from rushes.engines.animatic.scenes.ground import ground_of
from rushes.engines.animatic.scenes.view import View

_NOTHING = 1 << 30
_ROOM_PX = 48
_CELL_PX = 32
_STRIPS = 4
_LEAST_GAP_PX = 128
_SLANT = 16
"""Frame widths over rows by which the two sides of a row may differ, when the camera rolls."""


def lay(
    block: Array, row: int, column: int, planes: Planes, *, opaque_from: int = _NOTHING
) -> None:
    """
    Lay a premultiplied ``(rows, columns, 4)`` block over the planes at an even place.

    Args:
        opaque_from: Screen row from which on the block hides all, so that it can be copied.
    """
    height, width = block.shape[:2]
    mixed = min(max(opaque_from - row, 0), height) // 2 * 2
    target = planes.y[row : row + height, column : column + width]
    if mixed:
        luma, _, _, see_through = split("lay", block[:mixed])
        lay_over(target[:mixed], luma, see_through)
    if mixed < height:
        split("lay", block[mixed:], target[mixed:])
    half = scratch("lay/half", height // 2, width // 2, 4)
    shrink(block, width // 2, height // 2, half)
    _, u, v, see_through = split("lay", half)
    window = np.s_[row // 2 : (row + height) // 2, column // 2 : (column + width) // 2]
    lay_over(planes.u[window], u, see_through)
    lay_over(planes.v[window], v, see_through)


class FlatLayer:
    """A canvas at one distance, drawn only where it has something on it."""

    def __init__(
        self, canvas: Canvas, view: View, *, nearness: float, opaque_from: int | None = None
    ) -> None:
        """
        Keep the rows of the canvas that show something.

        Args:
            opaque_from: Row from which on the canvas hides all, so that it can be copied.
        """
        self._view = view
        self._nearness = nearness
        rows = np.flatnonzero(canvas.alpha.max(1))
        self._first, self._last = int(rows[0]), int(rows[-1])
        self._opaque_from = opaque_from
        self._used = _cells(canvas.alpha)
        self._spans_of: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._ground = None if opaque_from is None else ground_of(canvas, view, opaque_from)
        end = self._last + 1
        if self._ground is not None:
            end = self._ground.first + view.width // _SLANT  # seen beside it when the camera rolls
        # Clear rows around it, for beyond the stored rows the edge is mirrored.
        self._top = max(0, self._first - _ROOM_PX)
        self._canvas = canvas.packed(self._top, end + _ROOM_PX)

    def draw(self, t: float, planes: Planes, *, sway: float = 0.0) -> None:
        view = self._view
        matrix = view.inverse(t, self._nearness, sway=sway)
        start, end = view.screen_rows(matrix, self._first, self._last)
        opaque = _NOTHING
        if self._opaque_from is not None:
            opaque = view.screen_rows(matrix, self._opaque_from, self._opaque_from)[1]
        if self._ground is not None:
            soft = view.screen_rows(matrix, self._ground.first, self._ground.first)[1]
            if soft < end:
                self._ground.draw(t, self._nearness, soft, planes)
            end = min(end, soft)
        height = max(48, view.height // _STRIPS // 2 * 2)
        while start < end:
            strip = end if start >= opaque else min(end, start + height)
            if start < opaque < strip:
                strip = opaque
            for columns in self._columns(matrix, start, strip):
                self._draw_part(matrix, (start, strip), columns, planes, opaque)
            start = strip

    def _columns(self, matrix: Array, start: int, end: int) -> list[tuple[int, int]]:
        """Return the even spans of screen columns in which rows *start* to *end* show something."""
        width = self._view.width
        (size, lean, left_edge), (tilt, down, top) = matrix.tolist()
        touched = [tilt * x + down * y + top for x in (0, width) for y in (start, end)]
        first = max(0, int(min(touched)) // _CELL_PX - 1)
        last = min(len(self._used), int(max(touched)) // _CELL_PX + 2)
        cells = self._used.shape[1]
        slant = abs(lean) * (end - start) + 6
        middle = lean * (start + end) / 2 + left_edge
        spans: list[tuple[int, int]] = []
        for left, right in self._spans(min(first, len(self._used) - 1), max(last, first + 1)):
            begin = (left * _CELL_PX - middle) / size - slant
            stop = (right * _CELL_PX - middle) / size + slant
            begin = 0 if left == 0 else max(0, int(begin) // 2 * 2)
            stop = width if right == cells else min(width, int(stop + 1) // 2 * 2)
            if spans and begin - spans[-1][1] < _LEAST_GAP_PX:
                begin = spans.pop()[0]
            if stop > begin:
                spans.append((begin, stop))
        return spans

    def _spans(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return the spans of cells that show something in those rows of cells."""
        if (first, last) not in self._spans_of:
            used: Array = self._used[first:last].max(0)
            ends = np.flatnonzero(np.diff(np.concatenate(([False], used, [False])).astype(np.int8)))
            self._spans_of[first, last] = [(int(one), int(two)) for one, two in ends.reshape(-1, 2)]
        return self._spans_of[first, last]

    def _draw_part(
        self,
        matrix: Array,
        rows: tuple[int, int],
        columns: tuple[int, int],
        planes: Planes,
        opaque: int,
    ) -> None:
        moved = matrix.copy()
        moved[:, 2] += moved[:, 1] * rows[0] + moved[:, 0] * columns[0]
        moved[1, 2] -= self._top
        wide, tall = columns[1] - columns[0], rows[1] - rows[0]
        block = cv2.warpAffine(
            self._canvas,
            moved,
            (wide, tall),
            dst=scratch("flat", tall, wide, 4),
            flags=INVERSE,
            borderMode=cv2.BORDER_REFLECT_101,
        )
        lay(block, rows[0], columns[0], planes, opaque_from=opaque)


class SoftLayer:
    """A canvas far away, kept at half size: in haze no edge is so sharp that it would show."""

    def __init__(
        self, canvas: Canvas, view: View, *, nearness: float, opaque_from: int | None = None
    ) -> None:
        """
        Keep the rows of the canvas that show something, at half size.

        Args:
            opaque_from: Row from which on the canvas hides all, so that it can be copied.
        """
        self._view = view
        self._nearness = nearness
        self._opaque_from = opaque_from
        rows = np.flatnonzero(canvas.alpha.max(1))
        self._first, self._last = int(rows[0]), int(rows[-1])
        self._top = max(0, self._first - _ROOM_PX) // 2 * 2
        end = min(canvas.height, self._last + 1 + _ROOM_PX) // 2 * 2
        whole = canvas.packed(self._top, end)
        self._canvas = shrink(whole, canvas.width // 2, (end - self._top) // 2)

    def draw(self, t: float, planes: Planes) -> None:
        view = self._view
        matrix = view.inverse(t, self._nearness)
        start, end = view.screen_rows(matrix, self._first, self._last)
        if end <= start:
            return
        half = view.inverse(t, self._nearness, half=True)
        half[:, 2] += half[:, 1] * (start // 2)
        half[1, 2] -= self._top / 2
        block = cv2.warpAffine(
            self._canvas,
            half,
            (view.width // 2, (end - start) // 2),
            dst=scratch("soft", (end - start) // 2, view.width // 2, 4),
            flags=INVERSE,
            borderMode=cv2.BORDER_REFLECT_101,
        )
        luma, u, v, see_through = split("soft", block)
        window = slice(start // 2, end // 2)
        lay_over(planes.u[window], u, see_through)
        lay_over(planes.v[window], v, see_through)
        mixed = end
        if self._opaque_from is not None:
            opaque = view.screen_rows(matrix, self._opaque_from, self._opaque_from)[1]
            mixed = min(max(opaque, start), end)
        rows = (mixed - start) // 2
        if rows:
            size = (2 * rows, view.width)
            bright = enlarge(luma[:rows], view.width, 2 * rows, scratch("soft/luma", *size))
            seen = enlarge(see_through[:rows], view.width, 2 * rows, scratch("soft/seen", *size))
            lay_over(planes.y[start:mixed], bright, seen)
        if mixed < end:
            enlarge(luma[rows:], view.width, end - mixed, planes.y[mixed:end])


def _cells(alpha: Array) -> Array:
    """Return which cells of the canvas show something, ``(rows, columns)`` bool."""
    rows, columns = -(-alpha.shape[0] // _CELL_PX), -(-alpha.shape[1] // _CELL_PX)
    room = (0, rows * _CELL_PX - alpha.shape[0], 0, columns * _CELL_PX - alpha.shape[1])
    whole = cv2.copyMakeBorder(alpha, *room, cv2.BORDER_CONSTANT)
    found: Array = whole.reshape(rows, _CELL_PX, columns, _CELL_PX).max((1, 3)) > 0
    return found
