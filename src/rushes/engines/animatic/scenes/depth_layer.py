"""A painted canvas whose parts lie at different distances: nearer ones move more."""

from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    Planes,
    blur,
    channel,
    enlarge,
    floats,
    look_up,
    shrink,
)
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.quads import Quads
from rushes.engines.animatic.paint.scratch import scratch
from rushes.engines.animatic.scenes.layers import lay
from rushes.engines.animatic.scenes.view import View

_GRID_PX: Final = 8
_STRIP_PX: Final = 240
"""Rows that are drawn at once, a multiple of the grid."""

_ROOM_PX: Final = 16
"""Rows that are kept beyond those that are drawn, for pixels are mixed from their neighbours."""


class DepthLayer:
    """
    A room, or a floor that hides all below it.

    From the row on at which the canvas hides everything, brightness is moved by squares of pixels
    and colours at half size, as videos keep them. Only the edge above that row is blended.
    """

    def __init__(self, canvas: Canvas, view: View, *, soften: float = 1.6) -> None:
        """
        Keep the canvas.

        Args:
            canvas: Something is painted on it.
            soften: How far its depth is blurred, in squares of the canvas's depth.
        """
        self._view = view
        grid_rows, grid_columns = view.height // _GRID_PX + 3, view.width // _GRID_PX + 3
        self._nearness = enlarge(_filled_depth(canvas, soften), grid_columns, grid_rows)
        across = (np.arange(grid_columns, dtype=F32) - 0.5) * _GRID_PX - 0.5 - view.width / 2
        down = (np.arange(grid_rows, dtype=F32) - 0.5) * _GRID_PX - 0.5 - view.height / 2
        self._across, self._down = np.meshgrid(across, down)
        opaque_from = canvas.opaque_from()
        self._opaque_from = canvas.height if opaque_from is None else opaque_from
        self._first = int(np.flatnonzero(canvas.alpha.any(1))[0])
        self._top = max(0, self._first - _ROOM_PX) // 2 * 2
        self._edge = canvas.packed(self._top, self._opaque_from + _ROOM_PX)
        self._opaque_top = max(0, self._opaque_from - _ROOM_PX) // 2 * 2
        opaque = canvas.packed(self._opaque_top)
        self._half = shrink(opaque, canvas.width // 2, len(opaque) // 2)
        spacing = float(np.median(view.scale(view.pose(0.5), self._nearness)))
        self._luma = Quads(channel(opaque, 0), spacing)

    def draw(self, t: float, planes: Planes) -> None:
        across, down = self._grid(t)
        start, opaque = self._screen_rows(down)
        if start < opaque:
            edge = cv2.merge([across, down - F32(self._top)])
            for rows in _strips(start, opaque):
                self._blend(edge, rows, planes)
        if opaque < self._view.height:
            down = down - F32(self._opaque_top)
            grid = cv2.merge([across, down])
            half = cv2.merge([across * F32(0.5) - F32(0.25), down * F32(0.5) - F32(0.25)])
            for rows in _strips(opaque, self._view.height):
                self._cover(grid, half, rows, planes)

    def _screen_rows(self, down: Array) -> tuple[int, int]:
        """
        Return the screen rows at which something begins, and from which on all is hidden.

        Args:
            down: Canvas rows of the coarse grid.
        """
        height = self._view.height
        lowest, highest = down.max(1), down.min(1)
        start = int((lowest < self._first).sum() - 2) * _GRID_PX
        opaque = int((highest < self._opaque_from).sum()) * _GRID_PX if self._opaque_from else 0
        return min(max(start, 0), height), min(opaque, height)

    def _blend(self, grid: Array, rows: tuple[int, int], planes: Planes) -> None:
        places = self._places(grid, rows, _GRID_PX)
        block = scratch("deep", *places.shape[:2], 4)
        lay(look_up(self._edge, places, block, mirrored=True), rows[0], 0, planes)

    def _cover(self, grid: Array, half_grid: Array, rows: tuple[int, int], planes: Planes) -> None:
        half = _GRID_PX // 2
        self._luma.draw(self._places(grid, rows, half), planes.y[slice(*rows)])
        places = self._places(half_grid, rows, half)
        tall, wide = places.shape[:2]
        colours = look_up(self._half, places, scratch("deep", tall, wide, 4), mirrored=True)
        bright, rest = scratch("deep/rest", 2, tall, wide)
        window = slice(rows[0] // 2, rows[1] // 2)
        cv2.split(colours, [bright, planes.u[window], planes.v[window], rest])

    def _grid(self, t: float) -> tuple[Array, Array]:
        """Return the canvas columns and rows of the points of the coarse grid; float32."""
        view = self._view
        pose = view.pose(t)
        scale = view.scale(pose, self._nearness)
        across, down = view.centre(pose, self._nearness)
        x, y = self._across, self._down
        if pose.roll:
            cosine, sine = np.cos(F32(pose.roll)), np.sin(F32(pose.roll))
            x, y = x * cosine - y * sine, x * sine + y * cosine
        return (
            floats(x * scale + (across + view.canvas_width / 2)),
            floats(y * scale + (down + view.canvas_height / 2)),
        )

    def _places(self, grid: Array, rows: tuple[int, int], step: int) -> Array:
        """Return where the grid puts pixels of some rows, if *step* of them are between points."""
        times = _GRID_PX // step
        window = grid[rows[0] // _GRID_PX : -(-rows[1] // _GRID_PX) + 2]
        tall, wide = step * window.shape[0], step * window.shape[1]
        places = scratch("deep/places", tall, wide, 8).view(F32)
        enlarge(window, wide, tall, places)
        height, width = (rows[1] - rows[0]) // times, self._view.width // times
        return places[step : step + height, step : step + width]


def _strips(start: int, end: int) -> list[tuple[int, int]]:
    return [(row, min(row + _STRIP_PX, end)) for row in range(start, end, _STRIP_PX)]


def _filled_depth(canvas: Canvas, soften: float) -> Array:
    """Return the canvas's depth, what is empty taken to be as far as its farthest part."""
    depth = canvas.depth.copy()
    empty = shrink(canvas.alpha, depth.shape[1], depth.shape[0]) < 100
    depth[empty] = depth[~empty].min() if (~empty).any() else 0
    return blur(depth, soften)
