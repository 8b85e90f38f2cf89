"""Arrays of pixels, and the few operations that every picture is made of."""

from typing import Any

import cv2
import numpy as np

from rushes.engines.video import frames

cv2.setNumThreads(1)  # drawing and encoding run side by side; one tiny operation need not be split

Array = frames.Array
Planes = frames.Planes

Values = Array | np.floating[Any] | float
"""An array, or one number that stands for an array of it."""

F32 = np.float32
LINEAR = cv2.INTER_LINEAR
_ONE_MAP: Any = None  # what takes the place of a second map, which OpenCV's stub wants
INVERSE = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


def blank_planes(width: int, height: int) -> Planes:
    """Return planes of a frame of that size with anything in them."""
    half = (height // 2, width // 2)
    shapes = ((height, width), half, half)
    return Planes(*(np.empty(shape, np.uint8) for shape in shapes))


def floats(values: Values) -> Array:
    """Return the values as float32."""
    return np.asarray(values, F32)


def enlarge(picture: Array, width: int, height: int, out: Array | None = None) -> Array:
    """Return the picture at another size, each new pixel mixed from its neighbours."""
    return cv2.resize(picture, (width, height), dst=out, interpolation=LINEAR)


def enlarge_softly(picture: Array, width: int, height: int) -> Array:
    """Return the picture enlarged without the facets that a linear mix leaves."""
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_CUBIC)


def shrink(picture: Array, width: int, height: int, out: Array | None = None) -> Array:
    """Return the picture at a smaller size, each new pixel the mean of those it covers."""
    return cv2.resize(picture, (width, height), dst=out, interpolation=cv2.INTER_AREA)


def blur(picture: Array, sigma: float) -> Array:
    """Return the picture blurred by a Gaussian of *sigma* pixels."""
    return cv2.GaussianBlur(picture, (0, 0), sigma)


def to_bytes(picture: Array, scale: float = 1.0) -> Array:
    """Return ``abs(picture * scale)``, rounded and held within 0 to 255."""
    return cv2.convertScaleAbs(picture, alpha=scale)


def weigh(picture: Array, weight: Array, out: Array | None = None) -> Array:
    """Return ``picture * weight / 255``, all uint8."""
    return cv2.multiply(picture, weight, dst=out, scale=1 / 255.0)


def lay_over(plane: Array, colour: Array, see_through: Array) -> None:
    """Lay a premultiplied colour over the plane, in place: ``plane * see_through + colour``."""
    weigh(plane, see_through, out=plane)
    cv2.add(plane, colour, dst=plane)


def blend(below: Array, above: Array, mask: Array) -> None:
    """
    Lay a picture over another through a mask, in place; all uint8.

    Args:
        below: ``(rows, columns, 3)``.
        above: The same size.
        mask: ``(rows, columns)``: 255 shows *above* alone.
    """
    seen = cv2.merge([mask, mask, mask])
    weigh(below, cv2.bitwise_not(seen), out=below)
    cv2.add(below, weigh(above, seen, out=seen), dst=below)


def brighten(plane: Array, light: Array) -> None:
    """Add light to the plane, in place; white stays white."""
    cv2.add(plane, light, dst=plane)


def product(left: Array, right: Array) -> Array:
    """Return the float32 product of two arrays of any element types."""
    return cv2.multiply(left, right, dtype=cv2.CV_32F)


def channel(picture: Array, index: int, out: Array | None = None) -> Array:
    """Return one channel of an interleaved picture."""
    return cv2.extractChannel(picture, index, out)


def look_up(
    picture: Array, places: Array, out: Array | None = None, *, mirrored: bool = False
) -> Array:
    """
    Return the picture sampled at places between its pixels.

    Args:
        places: ``(height, width, 2)`` float32 columns and rows.

        mirrored: What lies beyond the edges is a mirror image rather than the edge repeated.
    """
    border = cv2.BORDER_REFLECT_101 if mirrored else cv2.BORDER_REPLICATE
    return cv2.remap(picture, places, _ONE_MAP, LINEAR, dst=out, borderMode=border)


def shifted(array: Array, *amounts: float) -> Array:
    """Return the array with one amount added to each of its (up to four) channels."""
    four = (*amounts, 0.0, 0.0, 0.0)[:4]
    return cv2.add(array, four)  # type: ignore[call-overload,no-any-return]  # cv2's stub omits scalars
