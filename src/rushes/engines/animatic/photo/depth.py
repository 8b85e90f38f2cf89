"""Estimate the depth of each part of a picture, or take it from a model."""

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, blur, shrink
from rushes.engines.animatic.photo.framing import saliency

_COLUMNS = 320
_SKY = 0.12
"""Measured nearness up to which a flat region may be sky."""


def estimated_depth(picture: Array) -> tuple[Array, Array]:
    """
    Return nearness (1 is near) and sky, both float32 of 0 to 1 and about 320 columns wide.

    The lower, the sharper and the more salient, the nearer; a flat region that touches the
    upper edge is sky. It need not be right: moves stay under 3 % of the width, so a mistake
    looks like softness.
    """
    rows = max(32, round(picture.shape[0] * _COLUMNS / picture.shape[1]))
    small = shrink(picture, _COLUMNS, rows)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(F32) / 255
    texture = _texture(grey)
    lowness = np.linspace(0, 1, rows, dtype=F32)[:, None] ** 1.2
    sky = _sky(texture) * np.clip(1.6 - 2 * lowness, 0, 1)
    near = 0.62 * lowness + 0.34 * saliency(small) + 0.16 * texture
    near = np.clip(near, 0, 1.05) * (1 - 0.85 * sky)
    near = blur(_guided(grey, near.astype(F32)), 2.2)
    low, high = np.percentile(near, (2, 98))
    return np.clip((near - low) / (high - low + 1e-3), 0, 1).astype(F32), sky.astype(F32)


def measured_depth(picture: Array, measured: Array) -> tuple[Array, Array]:
    """
    Return nearness and sky as :func:`estimated_depth` does, from what a model measured.

    Args:
        measured: ``(rows, columns)`` float32 of any range, larger where nearer.
    """
    rows = max(32, round(picture.shape[0] * _COLUMNS / picture.shape[1]))
    grey = cv2.cvtColor(shrink(picture, _COLUMNS, rows), cv2.COLOR_RGB2GRAY).astype(F32) / 255
    near = shrink(measured.astype(F32), _COLUMNS, rows)
    low, high = np.percentile(near, (1, 99))
    near = np.clip((near - low) / (high - low + 1e-6), 0, 1).astype(F32)
    sky = _sky(_texture(grey)) * np.clip(1 - near / _SKY, 0, 1)
    return near, sky.astype(F32)


def _texture(grey: Array) -> Array:
    """Return how much happens around each pixel, 0 to 1."""
    texture = blur(np.abs(cv2.Laplacian(grey, cv2.CV_32F)), 5)
    found: Array = np.clip(texture / (np.percentile(texture, 95) + 1e-4), 0, 1)
    return found


def _sky(texture: Array) -> Array:
    """Return the large flat regions that touch the upper edge, softened."""
    flat = (texture < 0.28).astype(np.uint8)
    count, labels, facts, _ = cv2.connectedComponentsWithStats(flat)
    sky = np.zeros(texture.shape, F32)
    for label in range(1, count):
        touches_top = facts[label, cv2.CC_STAT_TOP] <= 1
        if touches_top and facts[label, cv2.CC_STAT_AREA] > 0.03 * texture.size:
            sky[labels == label] = 1
    return blur(sky, 4)


def _guided(guide: Array, values: Array, *, radius: int = 25, epsilon: float = 2e-3) -> Array:
    """Return the values smoothed but for the guide's edges (He, Sun and Tang, 2013)."""

    def mean(array: Array) -> Array:
        return cv2.boxFilter(array, -1, (radius, radius))

    guide_mean, values_mean = mean(guide), mean(values)
    covariance = mean(guide * values) - guide_mean * values_mean
    variance = mean(guide * guide) - guide_mean * guide_mean
    slope = covariance / (variance + epsilon)
    return mean(slope) * guide + mean(values_mean - slope * guide_mean)
