"""Colour: from the words of a palette to BT.709 limited-range planes."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, Values

_WEIGHTS = np.array(
    [[0.2126, 0.7152, 0.0722], [-0.1146, -0.3854, 0.5], [0.5, -0.4542, -0.0458]]
) * np.array([[219.0], [224.0], [224.0]])

LIGHT_TO_YUV: Final[Array] = _WEIGHTS.astype(F32)
"""RGB light of 0 to 1 to differences in YUV; for glows that are added."""

RGB_TO_YUV: Final[Array] = np.hstack([_WEIGHTS, [[16.0], [128.0], [128.0]]]).astype(F32)
"""RGB of 0 to 1 to BT.709 limited range (ITU-R BT.709-6, items 3.2 to 3.5)."""

_BYTES_TO_YUV: Final[Array] = RGB_TO_YUV * np.array([[1 / 255, 1 / 255, 1 / 255, 1]], F32)


def rgb(code: str) -> Array:
    """Return ``#rrggbb`` as three float32 of 0 to 1."""
    parts: Array = np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], F32) / F32(255)
    return parts


def yuv(picture: Array) -> Array:
    """Return an RGB picture (uint8, or float of 0 to 1) as uint8 YUV 4:4:4."""
    if picture.dtype == np.uint8:
        return cv2.transform(picture, _BYTES_TO_YUV)
    light = np.clip(picture, 0, 1).astype(F32, copy=False)
    return cv2.convertScaleAbs(cv2.transform(light, RGB_TO_YUV))


def yuv_of(colour: Array) -> Array:
    """Return one RGB colour of 0 to 1 as three uint8."""
    three: Array = yuv(np.asarray(colour, F32)[None, None])[0, 0]
    return three


def light_of(colour: Array) -> Array:
    """Return what this much RGB light adds to Y, U and V, as three float32."""
    three: Array = cv2.transform(np.asarray(colour, F32)[None, None], LIGHT_TO_YUV)[0, 0]
    return three


def mix(start: Values, end: Values, share: Values) -> Array:
    """Return the mixture of two values that has *share* of the second."""
    mixture: Array = np.asarray(start + (end - start) * share)
    return mixture


def between(start: float, end: float, share: float) -> float:
    """Return the number that lies *share* of the way from start to end."""
    return start + (end - start) * share


def smooth_step(low: float, high: float, value: Values) -> Array:
    """Return 0 below *low*, 1 above *high*, and a soft S between; float32."""
    share = np.clip((np.asarray(value, F32) - F32(low)) * F32(1 / (high - low)), 0, 1)
    bent: Array = share * share * (3 - 2 * share)
    return bent


def ramp(colours: Sequence[str], steps: int = 256) -> Array:
    """Return ``(steps, 3)`` uint8 YUV that runs through the colours."""
    stops = np.stack([rgb(colour) for colour in colours])
    place = np.linspace(0, len(stops) - 1.001, steps)
    lower = place.astype(int)
    share = (place - lower)[:, None]
    colours_between: Array = stops[lower] * (1 - share) + stops[lower + 1] * share
    row: Array = yuv(colours_between[None])[0]
    return row
