"""Lay single blocks over a frame: sprites, shadows and puffs."""

from typing import Final, NamedTuple

import cv2
import numpy as np

from rushes.engines.animatic.cast.affine import Affine, moved, scaled
from rushes.engines.animatic.cast.lighting import CLEAR
from rushes.engines.animatic.cast.outline import Outline, Span, columns_shown
from rushes.engines.animatic.paint.arrays import (
    F32,
    INVERSE,
    Array,
    Planes,
    blur,
    enlarge,
    lay_over,
    shrink,
)
from rushes.engines.animatic.paint.scratch import scratch, split
from rushes.engines.animatic.scenes.layers import lay

_ALL: Final = 1 << 30
_MOST_STRIPS: Final = 6
_STRIP_PX: Final = 140_000
"""Pixels of a strip: with fewer, more time is lost with the strip than won with its corners."""


def draw_block(
    block: Array,
    onto: Affine,
    planes: Planes,
    *,
    end_row: int = _ALL,
    outline: Outline | None = None,
) -> None:
    """
    Lay the block over the planes; *onto* maps its pixels to the screen.

    Args:
        end_row: Even screen row from which on nothing is drawn.
        outline: Of the block: it is drawn in strips then, each as wide as what it shows.
    """
    height, width = planes.y.shape
    rows, columns = block.shape[:2]
    left, top, right, bottom = onto.box(columns, rows)
    first, start = max(0, int(left)) // 2 * 2, max(0, int(top)) // 2 * 2
    last = min(width, int(right) + 2) // 2 * 2
    end = min(height, int(bottom) + 2, end_row) // 2 * 2
    if last - first < 2 or end - start < 2:
        return
    strips = min(_MOST_STRIPS, (last - first) * (end - start) // _STRIP_PX)
    if outline is None or strips < 2:
        _draw_part(block, onto, (start, end), (first, last), planes)
        return
    tall = ((end - start) // strips + 2) // 2 * 2
    for top in range(start, end, tall):
        strip = (top, min(top + tall, end))
        span = columns_shown(outline, onto, strip, (first, last))
        if span is not None:
            _draw_part(block, onto, strip, span, planes)


def _draw_part(block: Array, onto: Affine, rows: Span, columns: Span, planes: Planes) -> None:
    """Lay what of the block comes into even rows and columns of the screen over the planes."""
    tall, wide = rows[1] - rows[0], columns[1] - columns[0]
    back = onto.inverse().after(moved(columns[0], rows[0])).matrix()
    warped = cv2.warpAffine(
        block, back, (wide, tall), flags=INVERSE, dst=scratch("cast", tall, wide, 4),
        borderMode=cv2.BORDER_CONSTANT, borderValue=CLEAR,
    )  # fmt: skip
    lay(warped, rows[0], columns[0], planes)


def draw_soft_block(
    block: Array, onto: Affine, planes: Planes, *, start_row: int = 0, end_row: int = _ALL
) -> None:
    """
    Lay a block without sharp edges over the planes, at half size: that takes a third as long.

    Args:
        start_row: Even screen row above which nothing is drawn.
        end_row: Even screen row from which on nothing is drawn.
    """
    height, width = planes.u.shape
    rows, columns = block.shape[:2]
    halved = scaled(0.5, 0.5).after(onto)
    left, top, right, bottom = halved.box(columns, rows)
    first, start = max(0, int(left)), max(0, int(top), start_row // 2)
    last, end = min(width, int(right) + 2), min(height, int(bottom) + 2, end_row // 2)
    if last - first < 1 or end - start < 1:
        return
    wide, tall = last - first, end - start
    # The middle of a pixel of half size is between two of full size.
    back = halved.inverse().after(moved(first + 0.25, start + 0.25)).matrix()
    warped = cv2.warpAffine(
        block, back, (wide, tall), flags=INVERSE, dst=scratch("cast", tall, wide, 4),
        borderMode=cv2.BORDER_CONSTANT, borderValue=CLEAR,
    )  # fmt: skip
    luma, u, v, see_through = split("cast", warped)
    window = np.s_[start:end, first:last]
    lay_over(planes.u[window], u, see_through)
    lay_over(planes.v[window], v, see_through)
    size = (2 * tall, 2 * wide)
    bright = enlarge(luma, 2 * wide, 2 * tall, scratch("cast/luma", *size))
    seen = enlarge(see_through, 2 * wide, 2 * tall, scratch("cast/seen", *size))
    lay_over(planes.y[2 * start : 2 * end, 2 * first : 2 * last], bright, seen)


class Stamp(NamedTuple):
    """A soft block at the size in which it is laid over a frame; all uint8."""

    luma: Array
    see_through: Array
    u: Array
    """``(rows / 2, columns / 2)``, as all of the colours."""

    v: Array
    see_through_half: Array


def stamp_of(block: Array, size: int) -> Stamp:
    """Return a square soft block, *size* pixels wide and tall, an even number."""
    half = size // 2
    mixed = shrink if half < len(block) else enlarge
    luma, u, v, see_through = cv2.split(mixed(block, half, half))
    return Stamp(
        enlarge(luma, size, size), enlarge(see_through, size, size), u, v, see_through
    )  # fmt: skip


def draw_stamp(stamp: Stamp, x: float, y: float, planes: Planes) -> None:
    """Lay the stamp over the planes, its middle at about that place of the screen."""
    left, top = x - stamp.luma.shape[1] / 2, y - stamp.luma.shape[0] / 2
    _lay_at(planes.y, stamp.luma, stamp.see_through, round(left), round(top))
    for plane, colour in ((planes.u, stamp.u), (planes.v, stamp.v)):
        _lay_at(plane, colour, stamp.see_through_half, round(left / 2), round(top / 2))


def _lay_at(plane: Array, colour: Array, see_through: Array, left: int, top: int) -> None:
    rows, columns = colour.shape
    start, end = max(top, 0), min(top + rows, plane.shape[0])
    first, last = max(left, 0), min(left + columns, plane.shape[1])
    if start < end and first < last:
        part = np.s_[start - top : end - top, first - left : last - left]
        lay_over(plane[start:end, first:last], colour[part], see_through[part])


def shadow_block(height_px: float, width_px: float) -> Array:
    """Return a soft dark ellipse, for the ground under something."""
    half = max(3.0, width_px * 0.46)
    flat = max(1.5, half * 0.085, height_px * 0.012)
    soft = max(1.0, flat * 0.5)
    room = int(soft * 3) + 2
    shape = (int(2 * flat) + 2 * room, int(2 * half) + 2 * room)
    mask = np.zeros(shape, np.uint8)
    cv2.ellipse(
        mask, (shape[1] // 2, shape[0] // 2), (int(half), max(1, int(flat))), 0, 0, 360, (235,), -1,
        cv2.LINE_AA)  # fmt: skip
    mask = blur(mask, soft)
    alpha = mask.astype(F32) / F32(255)
    ink = [np.round(alpha * value).astype(np.uint8) for value in (16, 128, 128)]
    return cv2.merge([*ink, cv2.bitwise_not(mask)])


def faded(block: Array, strength: float) -> Array:
    """Return the block made fainter."""
    share = min(max(strength, 0.0), 1.0)
    faint = cv2.convertScaleAbs(block, alpha=share)
    faint[..., 3] = cv2.convertScaleAbs(block[..., 3], alpha=share, beta=255 * (1 - share))
    return faint


def ripple_block(width_px: float) -> Array:
    """Return the ring of broken water around something that swims, as a block to be laid."""
    half = max(2.0, width_px * 0.56)
    flat = max(1.0, half * 0.13)
    room = int(flat) + 3
    shape = (int(2 * flat) + 2 * room, int(2 * half) + 2 * room)
    mask = np.zeros(shape, np.uint8)
    middle, axes = (shape[1] // 2, shape[0] // 2), (int(half), max(1, int(flat)))
    cv2.ellipse(mask, middle, axes, 0, 0, 360, (110,), -1, cv2.LINE_AA)
    cv2.ellipse(mask, middle, axes, 0, 0, 360, (230,), max(1, int(flat * 0.4)), cv2.LINE_AA)
    mask = blur(mask, max(0.7, flat * 0.28))
    alpha = mask.astype(F32) * F32(0.62 / 255)
    ink = [np.round(alpha * value).astype(np.uint8) for value in (222, 132, 124)]
    return cv2.merge([*ink, np.round(255 * (1 - alpha)).astype(np.uint8)])
