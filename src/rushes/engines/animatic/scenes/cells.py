"""
Tell which parts of a canvas need full resolution, part by part of the screen.

Slopes, walls and the insides of trees look the same when they are drawn at half size, for
a third of the work. What has edges does not, and what is empty need not be drawn at all.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, enlarge, shrink
from rushes.engines.animatic.scenes.view import View

_LEAST_CELL_PX: Final = 32
_STEP_PX: Final = 8
"""Side of the squares in which a canvas is judged."""

_MOST_LOST: Final = 3
"""Steps of grey by which a smooth part may differ from itself at half size, in any pixel."""

_MOMENTS: Final = 20
"""Moments of a shot for which parts are worked out; in between nothing moves far."""

_SLACK_PX: Final = 5.0
_LARGEST: Final = 1.3
"""Canvas pixels per screen pixel, at most, at which parts are still distinct."""

_SHARP_COST, _SMOOTH_COST = 2.8, 1.0
"""Microseconds that a cell takes to draw, and below those that a part takes besides."""

_SHARP_EXTRA, _SMOOTH_EXTRA = 50.0, 40.0
_LEFT_OUT: Final = _SHARP_EXTRA / _SHARP_COST
"""Empty cells between two parts from which on it pays to leave them out."""

_SMOOTHED: Final = (_SHARP_EXTRA + _SMOOTH_EXTRA) / (_SHARP_COST - _SMOOTH_COST)
"""Smooth cells between two parts from which on it pays to draw them as such."""

Places = Callable[[float, Array, Array], Array]
"""Return the canvas places of screen columns and rows at a moment, ``(rows, columns, 2)``."""


class ScreenPart(NamedTuple):
    """A rectangle of the screen, in even pixels, and how it is to be drawn."""

    top: int
    left: int
    bottom: int
    right: int
    smooth: bool
    """Half size will do; such a part is opaque."""

    opaque: bool


class Cells:
    """The cells of the screen, and what of a canvas is in each of them at a moment."""

    def __init__(self, packed: Array, view: View, places: Places, *, top: int = 0) -> None:
        """
        Judge a canvas.

        Args:
            packed: ``(rows, width, 4)`` uint8: premultiplied Y, U, V, and 255 - alpha.

            places: Where the screen's pixels lie on the whole canvas.

            top: Row of the whole canvas at which *packed* begins.
        """
        self._places = places
        self._top = top
        short = min(view.width, view.height)
        cell = max(_LEAST_CELL_PX, short // 22 // _STEP_PX * _STEP_PX)
        self._size, self._cell = (view.width, view.height), cell
        self._columns = np.arange(-(-view.width // cell), dtype=F32) * cell + F32(cell / 2)
        self._rows = np.arange(-(-view.height // cell), dtype=F32) * cell + F32(cell / 2)
        reach = int(-(-(cell / 2 * _LARGEST + 2 + _SLACK_PX) // _STEP_PX))
        self._used, self._opaque, self._smooth = _judged(packed, reach)
        self._known: dict[int, tuple[Array, tuple[ScreenPart, ...]]] = {}

    def parts(self, t: float) -> tuple[ScreenPart, ...]:
        """Return what is to be drawn at a moment; no part overlaps another."""
        seen = self._places(t, self._columns, self._rows)
        moment = min(int(t * _MOMENTS), _MOMENTS - 1)
        if moment not in self._known:
            middle = self._places((moment + 0.5) / _MOMENTS, self._columns, self._rows)
            self._known = {moment: (middle, self._parts_at(middle))}
        middle, parts = self._known[moment]
        if float(np.abs(seen - middle).max()) <= _SLACK_PX:
            return parts
        return self._parts_at(seen)

    def _parts_at(self, seen: Array) -> tuple[ScreenPart, ...]:
        down = np.abs(np.diff(seen, axis=0)).max(initial=0)
        across = np.abs(np.diff(seen, axis=1)).max(initial=0)
        rows, columns = self._used.shape
        row = np.clip((seen[..., 1] - self._top) // _STEP_PX, 0, rows - 1).astype(int)
        column = np.clip(seen[..., 0] // _STEP_PX, 0, columns - 1).astype(int)
        used, opaque = self._used[row, column], self._opaque[row, column]
        smooth = self._smooth[row, column]
        if max(down, across) > _LARGEST * self._cell:
            used, opaque, smooth = (np.full_like(used, known) for known in (True, False, False))
        return tuple(self._on_screen(*part) for part in _divided(used, opaque, smooth))

    def _on_screen(
        self, rows: tuple[int, int], columns: tuple[int, int], smooth: bool, opaque: bool
    ) -> ScreenPart:
        cell, (width, height) = self._cell, self._size
        return ScreenPart(
            top=rows[0] * cell,
            left=columns[0] * cell,
            bottom=min(rows[1] * cell, height),
            right=min(columns[1] * cell, width),
            smooth=smooth,
            opaque=opaque,
        )


def _judged(packed: Array, reach: int) -> tuple[Array, Array, Array]:
    """
    Return what is used, what is opaque and what is smooth, within *reach* steps of each step.

    All are bool, one for each square of ``_STEP_PX``.
    """
    height, width = (length // 2 * 2 for length in packed.shape[:2])
    whole = packed[:height, :width]
    luma, see_through = cv2.extractChannel(whole, 0), cv2.extractChannel(whole, 3)
    half = shrink(luma, width // 2, height // 2)
    lost = cv2.absdiff(enlarge(half, width, height), luma)
    most_clear, least_clear = _most(see_through), 255 - _most(cv2.bitwise_not(see_through))
    around = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    opaque = cv2.dilate(most_clear, around) == 0
    smooth = opaque & (cv2.dilate(_most(lost), around) <= _MOST_LOST)
    return cv2.erode(least_clear, around) < 255, opaque, smooth


def _most(values: Array) -> Array:
    """Return the largest value in each square."""
    square = np.ones((_STEP_PX, _STEP_PX), np.uint8)
    highest: Array = cv2.dilate(values, square, anchor=(0, 0))[::_STEP_PX, ::_STEP_PX]
    return np.ascontiguousarray(highest)


_Span = tuple[int, int]


class _Band(NamedTuple):
    """Rows of cells that are drawn together; one bit for each column."""

    used: int
    opaque: int
    """Columns that are opaque in every row."""

    smooth: int

    def over(self, other: "_Band") -> "_Band":
        """Return both as one."""
        return _Band(self.used | other.used, self.opaque & other.opaque, self.smooth & other.smooth)

    def spans(self, rows: int) -> tuple[list[_Span], list[_Span]]:
        """Return the spans of columns to be drawn at full size, and those at half size."""
        sharp: list[_Span] = []
        for start, end in _runs(self.used & ~self.smooth):
            if sharp:
                gap = ((1 << (start - sharp[-1][1])) - 1) << sharp[-1][1]
                left_out = _LEFT_OUT if gap & ~self.smooth else _SMOOTHED
                if (start - sharp[-1][1]) * rows < left_out:
                    sharp[-1] = (sharp[-1][0], end)
                    continue
            sharp.append((start, end))
        taken = sum(((1 << (end - start)) - 1) << start for start, end in sharp)
        return sharp, _runs(self.smooth & ~taken)

    def cost(self, rows: int) -> float:
        """Return about how many microseconds it takes to draw so many rows."""
        sharp, smooth = self.spans(rows)
        sharp_cells = rows * sum(end - start for start, end in sharp)
        smooth_cells = rows * sum(end - start for start, end in smooth)
        work = sharp_cells * _SHARP_COST + smooth_cells * _SMOOTH_COST
        return work + len(sharp) * _SHARP_EXTRA + len(smooth) * _SMOOTH_EXTRA


def _divided(used: Array, opaque: Array, smooth: Array) -> list[tuple[_Span, _Span, bool, bool]]:
    """Return rows, columns, whether smooth and whether opaque, of the parts that cost least."""
    rows = zip(_bits(used), _bits(opaque), _bits(smooth), strict=True)
    lines = [_Band(*row) for row in rows]
    count = len(lines)
    best: dict[int, tuple[float, int, _Band]] = {}
    # Bands begin at even rows only: that is a quarter of the work.
    for start in range((count - 1) // 2 * 2, -1, -2):
        band = lines[start]
        for end in range(start + 1, count + 1):
            if end > start + 1:
                band = band.over(lines[end - 1])
            if end % 2 and end != count:
                continue
            cost = band.cost(end - start) + (best[end][0] if end < count else 0.0)
            if start not in best or cost < best[start][0]:
                best[start] = (cost, end, band)
    parts: list[tuple[_Span, _Span, bool, bool]] = []
    start = 0
    while start < count:
        _, end, band = best[start]
        sharp, soft = band.spans(end - start)
        for span in sharp:
            bits = ((1 << (span[1] - span[0])) - 1) << span[0]
            parts.append(((start, end), span, False, bits & ~band.opaque == 0))
        parts += [((start, end), span, True, True) for span in soft]
        start = end
    return parts


def _runs(bits: int) -> list[_Span]:
    """Return start and end of each run of ones, the lowest bit first."""
    runs: list[_Span] = []
    at = 0
    while bits:
        zeros = (bits & -bits).bit_length() - 1
        bits >>= zeros
        ones = (~bits & (bits + 1)).bit_length() - 1
        bits >>= ones
        runs.append((at + zeros, at + zeros + ones))
        at += zeros + ones
    return runs


def _bits(table: Array) -> list[int]:
    """Return each row of a bool table as the bits of a number, the first column the lowest."""
    packed = np.packbits(table, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]
