"""Paint what the walls of rooms are made of: tiles, bricks, boards, stones, metal, cloth, glass."""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, blur, enlarge
from rushes.engines.animatic.paint.colour import mix
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.sets.shell import as_bytes, grained, plain
from rushes.engines.animatic.sets.texture_brush import tone, tone_of


def _wall_tiles(colour: Array) -> Array:
    texture = plain(colour, 420, 700)
    chance = np.random.default_rng(2)
    for top in range(0, 420, 35):
        for left in range(0, 700, 35):
            shade = float(chance.uniform(0.95, 1.05))
            cv2.rectangle(texture, (left, top), (left + 34, top + 34), tone(colour * shade), -1)
    joint = tone(colour * 0.72)
    texture[::35] = texture[1::35] = joint
    texture[:, ::35] = texture[:, 1::35] = joint
    return texture


def _bricks(colour: Array) -> Array:
    texture = plain(mix(colour, np.full(3, 0.7, F32), 0.4) * F32(0.8), 420, 700)
    chance = np.random.default_rng(3)
    for row, top in enumerate(range(0, 420, 22)):
        for left in range(-50 + 25 * (row % 2), 700, 50):
            shade = float(chance.uniform(0.78, 1.12))
            cv2.rectangle(
                texture, (left + 1, top + 1), (left + 47, top + 19), tone(colour * shade), -1
            )
    return grained(texture, 0.1, beta=1.0)


def _boards(colour: Array) -> Array:
    texture = plain(colour, 420, 700)
    chance = np.random.default_rng(4)
    for left in range(0, 700, 50):
        texture[:, left : left + 50] = tone(colour * float(chance.uniform(0.85, 1.1)))
        texture[:, left : left + 3] = tone(colour * 0.5)
    grain = enlarge(tile(256, 1.2, 4)[:64], 700, 420)[..., None]
    return as_bytes(texture * (1 + (grain - 0.5) * 0.3))


def _rocks(colour: Array) -> Array:
    """Return a wall of large rough stones."""
    texture = plain(colour * 0.42, 420, 700)
    chance = np.random.default_rng(5)
    for row, top in enumerate(range(0, 420, 60)):
        left = -40 * (row % 2)
        while left < 700:
            wide = int(chance.integers(70, 130))
            shade = float(chance.uniform(0.75, 1.1))
            corners = np.array(
                [(left + 4, top + 5), (left + wide - 5, top + 3),
                 (left + wide - 3, top + 54), (left + 3, top + 56)]
            ) + chance.integers(-3, 4, (4, 2))  # fmt: skip
            cv2.fillPoly(texture, [corners.astype(np.int32)], tone(colour * shade), cv2.LINE_AA)
            left += wide
    return grained(texture, 0.28, beta=1.0)


def _metal(colour: Array) -> Array:
    """Return riveted panels."""
    texture = grained(plain(colour, 420, 700), 0.05)
    for left in range(0, 700, 140):
        for top in range(0, 420, 140):
            cv2.rectangle(
                texture, (left + 3, top + 3), (left + 136, top + 136), tone(colour * 1.06), 4
            )
            cv2.rectangle(texture, (left, top), (left + 139, top + 139), tone(colour * 0.6), 3)
    return texture


def _corrugated(colour: Array) -> Array:
    wave = 1 + 0.09 * np.sin(np.arange(700, dtype=F32) * 0.36)
    return as_bytes(np.repeat((colour * wave[:, None] * 255)[None], 420, 0))


def _canvas(colour: Array) -> Array:
    """Return cloth with seams and soft folds."""
    fold = enlarge(tile(256, 2.2, 6)[:64], 700, 420)[..., None]
    texture = as_bytes(colour * 255 * (0.82 + 0.36 * fold))
    for left in range(0, 700, 175):
        texture[:, left : left + 4] = tone(colour * 0.7)
    return texture


def _panelling(colour: Array) -> Array:
    """Return wooden panels from floor to ceiling."""
    texture = grained(plain(colour, 420, 700), 0.1)
    for left in range(0, 700, 100):
        for top, foot in ((14, 250), (274, 404)):
            cv2.rectangle(texture, (left + 12, top), (left + 88, foot), tone(colour * 0.62), 5)
            cv2.rectangle(
                texture, (left + 17, top + 5), (left + 83, foot - 5), tone(colour * 1.2), 2
            )
    return texture


def _glass_house(colour: Array) -> Array:
    """Return panes of glass in thin frames, with leaves behind the lower ones."""
    texture = plain(colour, 420, 700)
    share = np.linspace(1.1, 0.92, 420, dtype=F32)[:, None, None]
    texture = as_bytes(texture * share)
    chance = np.random.default_rng(6)
    for _ in range(260):
        place = (int(chance.integers(0, 700)), int(chance.integers(270, 420)))
        green = np.array([0.32, 0.52, 0.28]) * float(chance.uniform(0.6, 1.2))
        axes = (int(chance.integers(8, 26)), int(chance.integers(5, 12)))
        cv2.ellipse(texture, place, axes, float(chance.uniform(0, 180)), 0, 360, tone(green), -1)
    texture = blur(texture, 1.5)
    texture[::140] = texture[1::140] = texture[2::140] = tone_of("#eef2ee")
    for left in range(0, 700, 70):
        texture[:, left : left + 4] = tone_of("#eef2ee")
    return texture


SURFACES: Final[Mapping[str, Callable[[Array], Array]]] = {
    "tiles": _wall_tiles,
    "bricks": _bricks,
    "boards": _boards,
    "rocks": _rocks,
    "metal": _metal,
    "corrugated": _corrugated,
    "canvas": _canvas,
    "panelling": _panelling,
    "glass_house": _glass_house,
}
"""What walls are made of, by name; each takes the wall's colour."""
