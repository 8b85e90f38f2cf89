"""Heads of people: an artist's drawing with the skin and hair of one person, turned to a side."""

from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

import numpy as np

from rushes.engines.animatic.cast.art import extent, rasterise
from rushes.engines.animatic.paint.arrays import F32, Array, look_up

Recolour = tuple[tuple[str, str], ...]

_SKIN_OF_ART: Final = ("#ffca28", "#ffca26", "#ffc928", "#ffcb29", "#fbc11b", "#fcc21b")
_SHADE_OF_ART: Final = (
    "#e59600", "#e59700", "#e59502", "#e48c15", "#e39503", "#e49502", "#eda600", "#f09e00",
    "#f0a007", "#ef9e01", "#ffb300",
)  # fmt: skip
_HAIR_OF_ART: Final = ("#543930", "#62453b", "#613e31", "#533930")
_LIGHT_HAIR_OF_ART: Final = ("#6d4c41", "#6d4c3f", "#704f44")
_PROBE_PX: Final = 128
_YELLOW: Final = np.array([255, 202, 40])

SKINS: Final = MappingProxyType(
    {
        "light": ("#f6d3b3", "#d9a27c"),
        "medium-light": ("#e8b98f", "#c58e62"),
        "medium": ("#cf9a6b", "#a8734a"),
        "medium-dark": ("#a06a45", "#7a4c2f"),
        "dark": ("#6f4a38", "#523427"),
        "pale": ("#e3dccf", "#b7ab9d"),
        "white": ("#f7f2ec", "#d9cfc4"),
        "stone": ("#c9c9c4", "#9d9d98"),
        "zombie": ("#8fae5a", "#6c8840"),
    }
)
"""Skin and its shade by name."""

HAIRS: Final = ("#3a2a22", "#543930", "#241c1a", "#7a4f2d", "#9c6a2c", "#8b8782", "#8a3b1e")
HUMAN_SKINS: Final = ("light", "medium-light", "medium", "medium-dark", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A head as a picture, and where its face is in it."""

    pixels: Array
    """Premultiplied RGBA."""

    centre: float
    """Column of the middle of the face."""

    chin: float
    """Row of the chin."""

    width: float
    """Of the face, in pixels."""


@cache
def colours(skin: str, hair: str) -> Recolour:
    """Return what to replace in the art for a skin of ``SKINS`` and a hair of ``#rrggbb``."""
    pairs: list[tuple[str, str]] = []
    if skin in SKINS:
        base, shade = SKINS[skin]
        pairs += [(old, base) for old in _SKIN_OF_ART]
        pairs += [(old, shade) for old in _SHADE_OF_ART]
    if hair:
        pairs += [(old, hair) for old in _HAIR_OF_ART]
        pairs += [(old, _lighter(hair)) for old in _LIGHT_HAIR_OF_ART]
    return tuple(pairs)


_VEIL_OF_ART: Final = ('"#eee"', '"#fafafa"', '"#fff"', '"#e0e0e0"', '"#bdbdbd"')


def veil_colours(veil: str) -> Recolour:
    """Return what to replace in the art of a head with a veil; nothing for the usual white."""
    return tuple((old, f'"{veil}"') for old in _VEIL_OF_ART) if veil else ()


@lru_cache(96)
def head(name: str, face_px: int, recolour: Recolour, *, turn: float) -> Head:
    """
    Return the head with a face *face_px* wide.

    Args:
        turn: How far the face looks to the right, 0.0 to 1.0.
    """
    centre, chin, width = _face(name)
    _, top, _, bottom = extent(name, head=True)
    art = rasterise(name, face_px / width * (bottom - top), head=True, recolour=recolour)
    x, y = art.place(centre, chin)
    shift = 0.13 * turn * face_px
    pixels = _turned(art.pixels, x, y - 0.5 * face_px, face_px, shift) if turn else art.pixels
    return Head(pixels=pixels, centre=x, chin=y, width=float(face_px))


@lru_cache(256)
def _face(name: str) -> tuple[float, float, float]:
    """Return centre, chin and width of the face, in shares of the art's box."""
    left, top, right, bottom = extent(name, head=True)
    art = rasterise(name, (bottom - top) * _PROBE_PX, head=True)
    distance = np.abs(art.pixels[..., :3].astype(int) - _YELLOW).max(2)
    skin = (distance < 14) & (art.pixels[..., 3] > 200)
    rows = np.flatnonzero(skin.sum(1) > 8)
    if len(rows) < 20:
        return (left + right) / 2, bottom, (right - left) * 0.82
    columns = np.flatnonzero(skin.sum(0) > 8)
    first, last, lowest = int(columns[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    scale = art.scale
    return (
        art.left + (first + last) / 2 / scale,
        art.top + lowest / scale,
        max((last - first) / scale, 0.40),
    )


def _turned(pixels: Array, x: float, y: float, face_px: float, shift: float) -> Array:
    """Return the head with what is in the middle of the face moved sideways, its outline kept."""
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(F32)
    across = (columns - x) / (0.56 * face_px)
    down = (rows - y) / (0.74 * face_px)
    inside = np.clip(1 - across**2 - down**2, 0, 1)
    places = np.dstack([columns - shift * inside**0.8, rows]).astype(F32)
    return look_up(pixels, places)


def _lighter(code: str) -> str:
    numbers = [int(code[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{min(255, round(n + (255 - n) * 0.13)):02x}" for n in numbers)
