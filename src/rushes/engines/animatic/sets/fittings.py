"""Look up what is painted on the walls, floor and ceiling of rooms, and paint windows."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array
from rushes.engines.animatic.paint.colour import mix
from rushes.engines.animatic.sets.public_fittings import PUBLIC_FITTINGS
from rushes.engines.animatic.sets.shell import as_bytes
from rushes.engines.animatic.sets.texture_brush import see_through, stroke, tone_of
from rushes.engines.animatic.sets.work_fittings import WORK_FITTINGS

SOLID: Final[Mapping[str, Callable[[], Array]]] = {**WORK_FITTINGS, **PUBLIC_FITTINGS}
"""Painted things by name; a fourth channel says where the wall is seen through them."""


def _sky(sky: list[Array], rows: int, columns: int) -> Array:
    share = np.linspace(0, 1, rows, dtype=F32)[:, None, None]
    return as_bytes(np.broadcast_to(mix(sky[0], sky[1], share), (rows, columns, 3)) * 255).copy()


def _high_windows(sky: list[Array]) -> Array:
    """Return a row of windows under a roof."""
    texture = see_through(120, 900)
    panes = _sky(sky, 120, 900)
    for left in range(20, 880, 110):
        texture[10:110, left : left + 92, :3] = panes[10:110, left : left + 92]
        texture[10:110, left : left + 92, 3] = 255
        for x in (left, left + 46, left + 92):
            stroke(texture, (x, 10), (x, 110), "#d9dcdc", 5)
        for y in (10, 60, 110):
            stroke(texture, (left, y), (left + 92, y), "#d9dcdc", 5)
    return texture


def _station_glass(sky: list[Array]) -> Array:
    """Return the great arched window of a railway station."""
    rows, columns = 420, 900
    texture = see_through(rows, columns)
    panes = _sky(sky, rows, columns)
    mask = np.zeros((rows, columns), np.uint8)
    cv2.ellipse(mask, (450, 300), (430, 288), 0, 180, 360, (255,), -1, cv2.LINE_AA)
    mask[300:] = 0
    mask[300:400, 20:880] = 255
    texture[..., :3], texture[..., 3] = panes, mask
    for turn in range(0, 181, 15):
        angle = np.deg2rad(turn)
        end = (int(450 + 430 * np.cos(angle)), int(300 - 288 * np.sin(angle)))
        stroke(texture, (450, 300), end, "#3d464e", 6)
    for scale in (0.35, 0.7, 1.0):
        cv2.ellipse(texture, (450, 300), (int(430 * scale), int(288 * scale)), 0, 180, 360,
                    (*tone_of("#3d464e"), 255), 8, cv2.LINE_AA)  # fmt: skip
    for left in range(20, 881, 86):
        stroke(texture, (left, 300), (left, 400), "#3d464e", 6)
    for top in (300, 350, 400):
        stroke(texture, (20, top), (880, top), "#3d464e", 8)
    return texture


GLAZED: Final[Mapping[str, Callable[[list[Array]], Array]]] = {
    "high_windows": _high_windows,
    "station_glass": _station_glass,
}
"""Windows by name; each takes the sky's colours at its top and its foot."""

LETS_LIGHT_IN: Final = frozenset(GLAZED)


def fitting(name: str, sky: list[Array]) -> Array:
    """Return the texture of a fitting, ``(rows, columns, 3 or 4)`` uint8."""
    return GLAZED[name](sky) if name in GLAZED else _solid(name)


@cache
def _solid(name: str) -> Array:
    return SOLID[name]()
