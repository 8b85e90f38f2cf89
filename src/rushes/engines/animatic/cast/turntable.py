"""Turn round things, such as food and bottles, as on a turntable."""

import math

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, look_up

_SOLID = 128
_LEAST_ALIKE = 0.93
"""Share of its outline that an upright axis mirrors onto itself."""


def is_round(pixels: Array) -> bool:
    """Judge by its outline whether art looks like something that a lathe could have made."""
    solid = pixels[..., 3] > _SOLID
    columns = np.flatnonzero(solid.any(0))
    if not len(columns):
        return False
    shown = solid[:, columns[0] : columns[-1] + 1]
    mirrored = shown[:, ::-1]
    return bool((shown & mirrored).sum() > _LEAST_ALIKE * (shown | mirrored).sum())


def turned(pixels: Array, phase: float) -> Array:
    """
    Return the art with its surface turned about an upright axis, its outline kept.

    Each row is taken for the front of a round slice; its back is the mirrored front.

    Args:
        pixels: ``(height, width, 4)`` uint8, premultiplied.
        phase: Share of a whole turn.
    """
    alpha = pixels[..., 3]
    solid = alpha > _SOLID
    height, width = alpha.shape
    columns = np.arange(width, dtype=F32)[None]
    shown = solid.any(1)
    first: Array = np.where(shown, solid.argmax(1), 0)[:, None].astype(F32)
    end: Array = width - 1 - solid[:, ::-1].argmax(1)
    last: Array = np.where(shown, end, width - 1)[:, None].astype(F32)
    middle, half = (first + last) / 2, np.maximum((last - first) / 2, 1)
    across = np.clip((columns - middle) / half, -1, 1)
    angle = 2 * math.pi * phase
    source = across * math.cos(angle) + np.sqrt(1 - across**2) * math.sin(angle)
    rows = np.broadcast_to(np.arange(height, dtype=F32)[:, None], (height, width))
    places = np.dstack([middle + half * source * F32(0.98), rows]).astype(F32)
    seen = look_up(pixels, places)
    scale = alpha.astype(F32) / np.maximum(seen[..., 3].astype(F32), 1)
    colour = np.where(seen[..., 3:] > _SOLID, seen[..., :3] * scale[..., None], pixels[..., :3])
    return cv2.merge([*cv2.split(np.clip(colour, 0, 255).astype(np.uint8)), alpha])
