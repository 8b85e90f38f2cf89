"""Painted canvases laid over the frame: one with depth of its own, one flat."""

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    F32,
    INVERSE,
    Array,
    Planes,
    blur,
    channel,
    enlarge,
    lay_over,
    look_up,
    shrink,
)
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.scratch import scratch, split
from rushes.engines.animatic.scenes.cells import Cells, ScreenPart
from rushes.engines.animatic.scenes.view import View

_GRID_PX = 8
_NOTHING = 1 << 30
_DEEP_ROWS = 240
"""Rows that a layer with depth draws at once, a multiple of the grid."""

_ROOM_PX = 48
_CELL_PX = 32
_STRIPS = 4
_LEAST_GAP_PX = 128


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


def draw_smooth(half: Array, part: ScreenPart, planes: Planes, *, luma: bool = True) -> None:
    """
    Draw an opaque part of the screen from a block of half size.

    Args:
        luma: Whether brightness is drawn too, or only colour.
    """
    tall, wide = half.shape[:2]
    window = np.s_[part.top // 2 : part.bottom // 2, part.left // 2 : part.right // 2]
    bright, rest = scratch("smooth", 2, tall, wide)
    cv2.split(half, [bright, planes.u[window], planes.v[window], rest])
    if luma:
        target = planes.y[part.top : part.bottom, part.left : part.right]
        enlarge(bright, 2 * wide, 2 * tall, target)


class DepthLayer:
    """A canvas whose parts lie at different distances: nearer ones move more."""

    def __init__(self, canvas: Canvas, view: View, *, soften: float = 1.6) -> None:
        self._view = view
        packed = canvas.packed()
        grid_rows, grid_columns = view.height // _GRID_PX + 3, view.width // _GRID_PX + 3
        self._nearness = enlarge(_filled_depth(canvas, soften), grid_columns, grid_rows)
        across = (np.arange(grid_columns, dtype=F32) - 0.5) * _GRID_PX - 0.5 - view.width / 2
        down = (np.arange(grid_rows, dtype=F32) - 0.5) * _GRID_PX - 0.5 - view.height / 2
        self._across, self._down = np.meshgrid(across, down)
        self._cells = Cells(packed, view, self._cell_places)
        self._half = shrink(packed, canvas.width // 2, canvas.height // 2)
        # Where nothing shows through, colours are drawn at half size only, as videos keep them:
        # that leaves a quarter to be read at full size.
        self._whole = channel(packed, 0) if canvas.alpha.min() == 255 else packed

    def draw(self, t: float, planes: Planes) -> None:
        grid = self._grid(t)
        for part in self._cells.parts(t):
            if part.smooth or self._whole.ndim == 2:
                draw_smooth(self._seen(grid, part, half=True), part, planes, luma=part.smooth)
            if part.smooth:
                continue
            target = planes.y[part.top : part.bottom, part.left : part.right]
            if self._whole.ndim == 2:
                self._seen(grid, part, target)
            else:
                opaque = 0 if part.opaque else _NOTHING
                lay(self._seen(grid, part), part.top, part.left, planes, opaque_from=opaque)

    def _cell_places(self, t: float, columns: Array, rows: Array) -> Array:
        grid = self._grid(t)
        across = np.round(columns / _GRID_PX).astype(int) + 1
        down = np.round(rows / _GRID_PX).astype(int) + 1
        found: Array = grid[
            down[:, None].clip(max=len(grid) - 1), across[None].clip(max=grid.shape[1] - 1)
        ]
        return found

    def _grid(self, t: float) -> Array:
        """Return where each point of the coarse grid lies on the canvas."""
        view = self._view
        pose = view.pose(t)
        scale = view.scale(pose, self._nearness)
        across, down = view.centre(pose, self._nearness)
        cosine, sine = np.cos(F32(pose.roll)), np.sin(F32(pose.roll))
        x, y = self._across, self._down
        grid = np.dstack(
            [
                (x * cosine - y * sine) * scale + across + view.canvas_width / 2,
                (x * sine + y * cosine) * scale + down + view.canvas_height / 2,
            ]
        )
        return grid.astype(F32, copy=False)

    def _seen(
        self, grid: Array, part: ScreenPart, out: Array | None = None, *, half: bool = False
    ) -> Array:
        """Return what is seen in a part of the screen, from the whole canvas or from its half."""
        first, left = part.top // _GRID_PX, part.left // _GRID_PX
        last, right = -(-part.bottom // _GRID_PX) + 2, -(-part.right // _GRID_PX) + 2
        window = grid[first:last, left:right]
        step = _GRID_PX
        tall, wide = part.bottom - part.top, part.right - part.left
        if half:
            window = window * F32(0.5) - F32(0.25)
            step, tall, wide = step // 2, tall // 2, wide // 2
        rows, columns = step * window.shape[0], step * window.shape[1]
        places = scratch("deep/places", rows, columns, 8).view(F32)
        enlarge(window, columns, rows, places)
        inner = places[step : step + tall, step : step + wide]
        if out is None:
            out = scratch("deep", tall, wide, 4)
        return look_up(self._half if half else self._whole, inner, out, mirrored=True)


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
        # Clear rows around it, for beyond the stored rows the edge is mirrored.
        self._top = max(0, self._first - _ROOM_PX)
        self._canvas = canvas.packed(self._top, self._last + 1 + _ROOM_PX)

    def draw(self, t: float, planes: Planes, *, sway: float = 0.0) -> None:
        view = self._view
        matrix = view.inverse(t, self._nearness, sway=sway)
        start, end = view.screen_rows(matrix, self._first, self._last)
        opaque = _NOTHING
        if self._opaque_from is not None:
            opaque = view.screen_rows(matrix, self._opaque_from, self._opaque_from)[1]
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


def _filled_depth(canvas: Canvas, soften: float) -> Array:
    """Return the canvas's depth, what is empty taken to be as far as its farthest part."""
    depth = canvas.depth.copy()
    empty = shrink(canvas.alpha, depth.shape[1], depth.shape[0]) < 100
    depth[empty] = depth[~empty].min() if (~empty).any() else 0
    return blur(depth, soften)


def _cells(alpha: Array) -> Array:
    """Return which cells of the canvas show something, ``(rows, columns)`` bool."""
    rows, columns = -(-alpha.shape[0] // _CELL_PX), -(-alpha.shape[1] // _CELL_PX)
    room = (0, rows * _CELL_PX - alpha.shape[0], 0, columns * _CELL_PX - alpha.shape[1])
    whole = cv2.copyMakeBorder(alpha, *room, cv2.BORDER_CONSTANT)
    found: Array = whole.reshape(rows, _CELL_PX, columns, _CELL_PX).max((1, 3)) > 0
    return found
