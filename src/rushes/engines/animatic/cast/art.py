"""Artwork of the cast: read from the archive, rasterised at the size in which it is drawn."""

import zipfile
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import Final

import cv2
import numpy as np
import resvg_py

from rushes.engines.animatic.cast.catalogue import HERE
from rushes.engines.animatic.paint.arrays import Array

_BOX: Final = 128.0
_DOCUMENT: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' viewBox="{box}">{body}</svg>'
)
_PROBE_PX: Final = 128
_SOLID: Final = 24
_reading = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Art:
    """A rasterised picture, cropped to what it shows."""

    pixels: Array
    """``(height, width, 4)`` uint8 RGBA, colours premultiplied."""

    left: float
    """Place of the crop in the view box, as shares of the box's width and height."""

    top: float
    scale: float
    """Pixels for one view box width."""

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return the pixel of a place given in shares of the view box."""
        return (x - self.left) * self.scale, (y - self.top) * self.scale


def rasterise(
    name: str, height_px: float, *, head: bool = False, recolour: tuple[tuple[str, str], ...] = ()
) -> Art:
    """
    Return the picture so that what it shows is *height_px* tall.

    Args:
        head: The head that was cut from a bust, rather than the whole picture.

        recolour: Pairs of colours as they stand in the SVG and what replaces them.

    Raises:
        KeyError: There is no such art.
    """
    return _rasterise(name, max(4, round(height_px)), head, recolour)


@lru_cache(192)
def _rasterise(name: str, height_px: int, head: bool, recolour: tuple[tuple[str, str], ...]) -> Art:
    left, top, right, bottom = extent(name, head=head)
    scale = height_px / max(bottom - top, 0.01)
    body = drawing(name, head=head)
    for old, new in recolour:
        body = body.replace(old, new)
    box = (left * _BOX, top * _BOX, (right - left) * _BOX, (bottom - top) * _BOX)
    width = max(2, round((right - left) * scale))
    pixels = _render(body, box, width, height_px)
    return Art(pixels=pixels, left=left, top=top, scale=scale)


@lru_cache(2048)
def extent(name: str, *, head: bool = False) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of what the art shows, in shares of its view box."""
    alpha = _render(drawing(name, head=head), (0, 0, _BOX, _BOX), _PROBE_PX, _PROBE_PX)[..., 3]
    rows, columns = np.flatnonzero(alpha.max(1) > _SOLID), np.flatnonzero(alpha.max(0) > _SOLID)
    first, last = np.array([columns[0], rows[0]]), np.array([columns[-1], rows[-1]]) + 1
    left, top = first / _PROBE_PX
    right, bottom = last / _PROBE_PX
    return float(left), float(top), float(right), float(bottom)


@lru_cache(256)
def drawing(name: str, *, head: bool = False) -> str:
    """
    Return the inside of the SVG, drawn in a box of 128 by 128.

    Raises:
        KeyError: There is no such art.
    """
    own = HERE / "own" / f"{name}.svg"
    if own.is_file():
        return own.read_text(encoding="utf-8").partition(">")[2].rpartition("</svg>")[0]
    with _reading:
        return _archive().read(f"{'head' if head else 'whole'}/{name}.svg").decode()


@cache
def _archive() -> zipfile.ZipFile:
    return zipfile.ZipFile(HERE / "art.zip")


def _render(body: str, box: tuple[float, ...], width: int, height: int) -> Array:
    text = _DOCUMENT.format(box=" ".join(f"{number:.4f}" for number in box), body=body)
    text = text.replace("<svg ", '<svg preserveAspectRatio="none" ', 1)
    png = resvg_py.svg_to_bytes(svg_string=text, width=width, height=height)
    decoded: Array | None = cv2.imdecode(np.frombuffer(bytes(png), np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None:
        raise ValueError("the rasteriser returned no picture")
    return premultiplied(cv2.cvtColor(decoded, cv2.COLOR_BGRA2RGBA))


def premultiplied(rgba: Array) -> Array:
    """Return straight RGBA with its colours multiplied by alpha; uint8."""
    alpha = rgba[..., 3]
    weight = cv2.merge([alpha, alpha, alpha, np.full_like(alpha, 255)])
    return cv2.multiply(rgba, weight, scale=1 / 255)


def width_by_height(name: str) -> float:
    """Return the width of a picture as a share of its height."""
    left, top, right, bottom = extent(name)
    return (right - left) / max(bottom - top, 0.01)
