"""Fit a picture into the frame: crop it, or set it in a blur, but never stretch it."""

from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    blur,
    enlarge,
    enlarge_softly,
    shrink,
)

_MOST_CROPPED: Final = 0.5
"""The share of a picture that a crop may lose; beyond it the whole picture is shown."""

_EDGE_PX: Final = 8


def framed(picture: Array, width: int, height: int) -> Array:
    """Return the ``(rows, columns, 3)`` uint8 RGB picture as ``(height, width, 3)``."""
    kept = _kept_by_crop(picture, width, height)
    if 1 - kept > _MOST_CROPPED:
        return _set_in_blur(picture, width, height)
    return covered(picture, width, height)


def framed_alike(values: Array, picture: Array, width: int, height: int) -> Array:
    """
    Return values of a picture's pixels where the framed picture has these pixels; elsewhere 0.

    Args:
        values: ``(rows, columns)`` float32 of the picture's shape, in any size.

        picture: What :func:`framed` is given.
    """
    rows, columns = picture.shape[:2]
    fitted = enlarge(values, columns, rows)
    if 1 - _kept_by_crop(picture, width, height) <= _MOST_CROPPED:
        return enlarge(fitted[_crop(picture, width, height)], width, height)
    behind = np.zeros((height, width), F32)
    left, top, fit_width, fit_height = _fit(picture, width, height)
    behind[top : top + fit_height, left : left + fit_width] = enlarge(fitted, fit_width, fit_height)
    return behind


def covered(picture: Array, width: int, height: int) -> Array:
    """Return the picture cropped to the frame's shape around its most salient point."""
    return _resized(picture[_crop(picture, width, height)], width, height)


def _crop(picture: Array, width: int, height: int) -> tuple[slice, slice]:
    """Return the rows and columns that a crop to the frame's shape keeps."""
    rows, columns = picture.shape[:2]
    scale = max(width / columns, height / rows)
    crop_width, crop_height = width / scale, height / scale
    x, y = _centre_of_interest(picture)
    left = min(max(x * columns - crop_width / 2, 0), columns - crop_width)
    top = min(max(y * rows - crop_height / 2, 0), rows - crop_height)
    return (
        slice(round(top), round(top) + round(crop_height)),
        slice(round(left), round(left) + round(crop_width)),
    )


def saliency(picture: Array) -> Array:
    """Return how much each pixel differs from the picture's border and its surroundings, 0 to 1."""
    colours = blur(cv2.cvtColor(picture, cv2.COLOR_RGB2LAB).astype(F32), 2)
    border = np.concatenate(
        [
            colours[:_EDGE_PX].reshape(-1, 3),
            colours[:, :_EDGE_PX].reshape(-1, 3),
            colours[:, -_EDGE_PX:].reshape(-1, 3),
        ]
    )
    from_border = np.linalg.norm(colours - np.median(border, 0), axis=2)
    from_nearby = np.linalg.norm(colours - cv2.blur(colours, (61, 61)), axis=2)
    rows, columns = np.mgrid[-1 : 1 : len(picture) * 1j, -1 : 1 : picture.shape[1] * 1j]
    central = np.exp(-(rows**2 + columns**2) * 0.6)
    found: Array = (from_border + 0.6 * from_nearby) * central
    salient: Array = np.clip(found / (np.percentile(found, 98) + 1e-3), 0, 1).astype(F32)
    return salient


def _kept_by_crop(picture: Array, width: int, height: int) -> float:
    shape: float = picture.shape[1] / picture.shape[0]
    frame_shape = width / height
    return min(shape / frame_shape, frame_shape / shape)


def _centre_of_interest(picture: Array) -> tuple[float, float]:
    """Return where the picture's salience is centred, as shares of its width and height."""
    small = shrink(picture, 160, max(16, round(160 * picture.shape[0] / picture.shape[1])))
    weight: Array = saliency(small) + F32(1e-3)
    rows, columns = weight.shape
    whole = float(weight.sum())
    x = float((weight.sum(0) * _middles(columns)).sum()) / whole
    y = float((weight.sum(1) * _middles(rows)).sum()) / whole
    return x, y


def _middles(count: int) -> Array:
    """Return the middles of *count* equal parts of 0 to 1."""
    return (np.arange(count, dtype=F32) + F32(0.5)) / F32(count)


def _set_in_blur(picture: Array, width: int, height: int) -> Array:
    """Return the whole picture, as large as it fits, before a dim blur of itself."""
    small = covered(picture, max(8, width // 8), max(8, height // 8))
    behind = enlarge_softly(blur(small, max(width, height) / 320), width, height)
    behind = cv2.convertScaleAbs(behind, alpha=0.62)
    left, top, fit_width, fit_height = _fit(picture, width, height)
    behind[top : top + fit_height, left : left + fit_width] = _resized(
        picture, fit_width, fit_height
    )
    return behind


def _fit(picture: Array, width: int, height: int) -> tuple[int, int, int, int]:
    """Return left, top, width and height of the whole picture, as large as it fits."""
    rows, columns = picture.shape[:2]
    scale = min(width / columns, height / rows)
    fit_width, fit_height = round(columns * scale), round(rows * scale)
    return (width - fit_width) // 2, (height - fit_height) // 2, fit_width, fit_height


def _resized(picture: Array, width: int, height: int) -> Array:
    scale = width / picture.shape[1]
    if scale < 0.6:
        return shrink(picture, width, height)
    return enlarge(picture, width, height) if scale <= 1 else enlarge_softly(picture, width, height)
