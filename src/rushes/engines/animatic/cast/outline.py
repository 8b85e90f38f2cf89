"""Find in which columns a picture shows something, so that its empty corners are not drawn."""

from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.cast.affine import Affine
from rushes.engines.animatic.paint.arrays import Array

_ROWS: Final = 16
"""Rows of the picture that are looked at together."""

Span = tuple[int, int]
Outline = tuple[Span, ...]
"""First and last column, the latter exclusive, of every 16 rows; no width where all is clear."""


def outline_of(block: Array) -> Outline:
    """Return the outline of a ``(rows, columns, 4)`` uint8 block, 255 in its fourth is clear."""
    see_through = cv2.extractChannel(block, 3)
    found: list[Span] = []
    for first in range(0, len(see_through), _ROWS):
        columns = np.flatnonzero(see_through[first : first + _ROWS].min(0) < 255)
        shown = len(columns) > 0
        found.append((int(columns[0]), int(columns[-1]) + 1) if shown else (block.shape[1], 0))
    return tuple(found)


def columns_shown(outline: Outline, onto: Affine, rows: Span, columns: Span) -> Span | None:
    """
    Return the even columns of the screen in which some of its rows show something, if any do.

    Args:
        onto: From the block's pixels to the screen.
        rows: First and last row of the screen, the latter exclusive.
        columns: Those that are drawn at most.
    """
    back = onto.inverse()
    down = [back.d * x + back.e * y + back.f for x in columns for y in rows]
    low, high = max(0.0, min(down) - 1), min(float(len(outline) * _ROWS), max(down) + 1)
    spans = outline[int(low) // _ROWS : int(high) // _ROWS + 1] if high >= low else ()
    left, right = (
        min((one for one, _ in spans), default=0),
        max((end for _, end in spans), default=0),
    )
    if right <= left:
        return None
    across = [onto.a * x + onto.b * y + onto.c for x in (left - 1, right + 1) for y in (low, high)]
    first = max(columns[0], int(min(across) - 1) // 2 * 2)
    last = min(columns[1], int(max(across) + 3) // 2 * 2)
    return (first, last) if last - first > 1 else None
