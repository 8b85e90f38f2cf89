"""Paint what stands in bowling alleys, hotels, bakeries and the shops of barbers."""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.sets.shell import plain
from rushes.engines.animatic.sets.texture_brush import (
    block,
    fill,
    oval,
    see_through,
    stroke,
    tone_of,
    write,
)

_GAUDY: Final = ("#e0323c", "#2f8fd0", "#f6c53a", "#4fae5a", "#a94fd0", "#f0762f")


def _bowling_floor() -> Array:
    """Return bowling lanes with gutters and arrows, which run away from us."""
    texture = plain(rgb("#2a2420"), 500, 900)
    for left in range(10, 900, 178):
        block(texture, (left, 0, left + 150, 499), "#d9a85f")
        for x in range(left + 15, left + 150, 15):
            stroke(texture, (x, 0), (x, 499), "#c08f48", 1)
        for order, x in enumerate(range(left + 25, left + 140, 25)):
            top = 300 - 26 * (2 - abs(order - 2))
            fill(texture, [(x, top), (x + 7, top + 26), (x - 7, top + 26)], "#7a2f1c")
    return texture


def _pins_wall() -> Array:
    """Return the far end of the lanes: pins under a painted board with lit scores."""
    texture = plain(rgb("#2b2f6a"), 300, 900)
    for left in range(30, 900, 60):
        oval(texture, (left, 50 + left % 40), (5, 5), "#ffe14f")
    block(texture, (0, 110, 899, 299), "#15131a")
    for left in range(10, 900, 178):
        block(texture, (left + 20, 14, left + 130, 92), "#0c1020", "#5fb8ff")
        write(texture, "STRIKE", (left + 28, 62), 0.7, "#ff5f5f")
        for row, count in ((0, 4), (1, 3), (2, 2), (3, 1)):
            for pin in range(count):
                x, y = left + 75 + round(34 * (pin - (count - 1) / 2)), 214 + 16 * row
                oval(texture, (x, y), (9, 24), "#f8f6f0")
                oval(texture, (x, y - 30), (6, 12), "#f8f6f0")
                stroke(texture, (x - 6, y - 20), (x + 6, y - 20), "#d8322c", 4)
    return texture


def _reception() -> Array:
    """Return the desk of a hotel with its bell, lamps and flowers."""
    texture = see_through(280, 700)
    block(texture, (20, 110, 679, 279), "#6b3f22", "#3a200f")
    for left in range(50, 660, 124):
        block(texture, (left, 136, left + 100, 256), "#7d4c2a", "#d2a94e")
    block(texture, (0, 92, 699, 114), "#efe3cf", "#a98a5c")
    for left in (90, 610):
        stroke(texture, (left, 92), (left, 40), "#d2a94e", 8)
        fill(texture, [(left - 40, 44), (left - 22, 2), (left + 22, 2), (left + 40, 44)], "#f6e3b0")
    cv2.ellipse(
        texture, (350, 92), (26, 22), 0, 180, 360, (*tone_of("#e0b84c"), 255), -1, cv2.LINE_AA
    )
    oval(texture, (350, 68), (4, 4), "#a9812c")
    return texture


def _key_rack() -> Array:
    """Return pigeonholes with keys under a sign."""
    texture = plain(rgb("#5b3820"), 260, 520)
    block(texture, (120, 8, 400, 62), "#2a1a0e", "#d2a94e")
    write(texture, "HOTEL", (166, 52), 1.6, "#f0cf7a")
    for top in range(78, 250, 44):
        for left in range(14, 510, 50):
            block(texture, (left, top, left + 42, top + 36), "#3a2313", "#7d5534")
            stroke(texture, (left + 21, top + 6), (left + 21, top + 26), "#e0b84c", 4)
    return texture


def _bread_shelves() -> Array:
    """Return shelves full of loaves, rolls and long breads."""
    texture = plain(rgb("#8a5c36"), 420, 900)
    chance = np.random.default_rng(25)
    for shelf in range(4):
        foot, left = 98 + 100 * shelf, 14
        block(texture, (0, foot - 88, 899, foot), "#a8784a")
        while left < 860:
            code = ("#c9853a", "#b06f2a", "#dba559", "#8f5620")[int(chance.integers(4))]
            kind = int(chance.integers(3))
            if kind == 0:
                oval(texture, (left + 34, foot - 24), (34, 24), code)
                for x in (20, 34, 48):
                    stroke(
                        texture, (left + x - 4, foot - 34), (left + x + 4, foot - 20), "#f2d6a0", 4
                    )
                left += 76
            elif kind == 1:
                for x in range(3):
                    stroke(
                        texture,
                        (left + 12 + 16 * x, foot - 10),
                        (left + 20 + 16 * x, foot - 78),
                        code,
                        15,
                    )
                left += 66
            else:
                for x in range(2):
                    oval(texture, (left + 20 + 34 * x, foot - 16), (18, 15), code)
                left += 78
        block(texture, (0, foot, 899, foot + 10), "#5b3a1e")
    return texture


def _cake_counter() -> Array:
    """Return a counter of glass with cakes and croissants in it."""
    texture = see_through(260, 800)
    block(texture, (10, 30, 789, 150), "#e6f2f4", "#b9c6cc")
    chance = np.random.default_rng(26)
    for top in (84, 140):
        for left in range(30, 760, 62):
            code = ("#f4b8c4", "#fff3d6", "#7a4526", "#f6d27a", "#d98f3f")[int(chance.integers(5))]
            block(texture, (left, top - 24, left + 44, top), code, "#8a5c36")
            oval(texture, (left + 22, top - 28), (6, 6), "#d8322c")
        stroke(texture, (14, top + 2), (786, top + 2), "#9fb4bc", 4)
    block(texture, (0, 150, 799, 259), "#c9935a", "#6b4426")
    block(texture, (0, 18, 799, 34), "#f4efe4", "#b9a98a")
    return texture


def _barber_mirrors() -> Array:
    """Return mirrors with lamps over shelves with bottles."""
    texture = see_through(330, 900)
    for left in (40, 340, 640):
        block(texture, (left, 20, left + 220, 220), "#c6dbe2", "#3a2a20")
        stroke(texture, (left + 40, 190), (left + 130, 50), "#eaf4f7", 18)
        for y in range(36, 216, 34):
            for x in (left - 12, left + 232):
                oval(texture, (x, y), (8, 8), "#fff2b8")
        block(texture, (left - 16, 250, left + 236, 276), "#6b4426", "#3a2313")
        for order, x in enumerate(range(left, left + 220, 30)):
            block(texture, (x, 250 - 24 - 8 * (order % 3), x + 14, 250), _GAUDY[order % 6])
    return texture


def _barber_chairs() -> Array:
    """Return two red chairs of a barber."""
    texture = see_through(300, 800)
    for left in (120, 520):
        block(texture, (left + 60, 226, left + 84, 276), "#b9c2c8")
        block(texture, (left + 20, 272, left + 124, 290), "#8b98a2")
        block(texture, (left, 150, left + 150, 206), "#a5222e", "#5b1018")
        block(texture, (left + 22, 30, left + 130, 156), "#b82a36", "#5b1018")
        block(texture, (left + 46, 4, left + 106, 34), "#a5222e", "#5b1018")
        for x in (left - 12, left + 142):
            block(texture, (x, 112, x + 20, 134), "#c6ccd2")
            block(texture, (x + 4, 130, x + 14, 200), "#8b98a2")
    return texture


SERVICE_FITTINGS: Final[Mapping[str, Callable[[], Array]]] = {
    "bowling_floor": _bowling_floor,
    "pins_wall": _pins_wall,
    "reception": _reception,
    "key_rack": _key_rack,
    "bread_shelves": _bread_shelves,
    "cake_counter": _cake_counter,
    "barber_mirrors": _barber_mirrors,
    "barber_chairs": _barber_chairs,
}
"""Each by its name."""
