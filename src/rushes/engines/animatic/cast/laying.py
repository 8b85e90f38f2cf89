"""Lay single blocks over a frame: sprites, shadows and puffs."""

import cv2
import numpy as np

from rushes.engines.animatic.cast.affine import Affine, moved
from rushes.engines.animatic.cast.lighting import CLEAR
from rushes.engines.animatic.paint.arrays import F32, INVERSE, Array, Planes, blur
from rushes.engines.animatic.scenes.layers import lay


def draw_block(block: Array, onto: Affine, planes: Planes) -> None:
    """Lay the block over the planes; *onto* maps its pixels to the screen."""
    height, width = planes.y.shape
    rows, columns = block.shape[:2]
    left, top, right, bottom = onto.box(columns, rows)
    first, start = max(0, int(left)) // 2 * 2, max(0, int(top)) // 2 * 2
    last = min(width, int(right) + 2) // 2 * 2
    end = min(height, int(bottom) + 2) // 2 * 2
    if last - first < 2 or end - start < 2:
        return
    back = onto.inverse().after(moved(first, start)).matrix()
    warped = cv2.warpAffine(
        block, back, (last - first, end - start), flags=INVERSE,
        borderMode=cv2.BORDER_CONSTANT, borderValue=CLEAR,
    )  # fmt: skip
    lay(warped, start, first, planes)


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
