"""Paint what stands in trains, cabins, cellars, garages, tunnels, bunkers and lifts."""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.sets.shell import grained, plain
from rushes.engines.animatic.sets.texture_brush import (
    block,
    fill,
    oval,
    see_through,
    stroke,
    tone_of,
    write,
)


def _train_windows() -> Array:
    """Return the side of a subway car: windows, a door, rows of seats and poles."""
    texture = plain(rgb("#d3d8da"), 420, 900)
    block(texture, (0, 0, 899, 60), "#e6e9ea")
    for left in range(20, 900, 150):
        block(
            texture,
            (left, 10, left + 120, 50),
            ("#f6d27a", "#9fd8ff", "#f4b8c4")[left // 150 % 3],
            "#8b98a2",
        )
    for left in (20, 240, 640):
        block(texture, (left, 84, left + 190, 230), "#1a2530", "#8b98a2")
        stroke(texture, (left + 30, 210), (left + 110, 100), "#33485a", 10)
        block(texture, (left, 270, left + 190, 340), "#c8602f", "#7a3a1c")
        block(texture, (left, 330, left + 190, 376), "#d8703a", "#7a3a1c")
    block(texture, (460, 70, 610, 419), "#b9c2c8", "#5d6b7a")
    for left in (474, 542):
        block(texture, (left, 100, left + 54, 270), "#1a2530", "#8b98a2")
    for x in (225, 445, 625):
        stroke(texture, (x, 0), (x, 419), "#f2c13c", 9)
    return texture


def _hand_rails() -> Array:
    """Return the ceiling of a subway car with its lamps and the handles under it."""
    texture = plain(rgb("#e3e7e8"), 420, 700)
    for left in (140, 500):
        block(texture, (left, 0, left + 60, 419), "#fffdf0")
        stroke(texture, (left + 90, 0), (left + 90, 419), "#f2c13c", 8)
    return texture


def _cabin_side() -> Array:
    """Return the side of an airplane's cabin: round windows, lockers and backs of seats."""
    texture = plain(rgb("#e6e4de"), 420, 900)
    block(texture, (0, 0, 899, 110), "#d3d6d8", "#a9b0b4")
    for left in range(0, 900, 180):
        block(texture, (left + 4, 10, left + 172, 100), "#eceef0", "#b9c2c8")
        block(texture, (left + 70, 78, left + 106, 90), "#8b98a2")
    for left in range(30, 900, 100):
        block(texture, (left + 14, 144, left + 62, 216), "#8fc8f0")
        oval(texture, (left + 38, 144), (24, 22), "#8fc8f0")
        oval(texture, (left + 38, 216), (24, 22), "#dff0fa")
        oval(texture, (left + 38, 180), (32, 56), "#c6c9c8", 8)
    for left in range(0, 900, 150):
        block(texture, (left + 10, 250, left + 84, 419), "#2f4f8a", "#1a2f5a")
        block(texture, (left + 16, 236, left + 78, 280), "#f4f4f0", "#b9c2c8")
        block(texture, (left + 84, 340, left + 132, 419), "#3a5c9a", "#1a2f5a")
    return texture


def _cabin_end() -> Array:
    """Return the far end of the cabin: a curtain, a sign and rows of seats."""
    texture = plain(rgb("#dcdad2"), 420, 600)
    for left in range(210, 390, 18):
        block(texture, (left, 60, left + 17, 419), ("#3a5c9a", "#2f4f8a")[left // 18 % 2])
    block(texture, (240, 14, 360, 48), "#15703f", "#f4f4f0")
    write(texture, "EXIT", (256, 42), 0.9, "#ffffff")
    for left in (0, 70, 140, 400, 470, 540):
        for top in (190, 290):
            block(texture, (left, top, left + 62, 419), "#2f4f8a", "#1a2f5a")
            block(texture, (left + 8, top - 14, left + 54, top + 30), "#f4f4f0", "#b9c2c8")
    return texture


def _barrels() -> Array:
    """Return two rows of barrels that lie on racks."""
    texture = see_through(400, 900)
    for top, lefts in ((60, range(90, 840, 180)), (230, range(0, 900, 180))):
        for left in lefts:
            middle = (left + 84, top + 78)
            oval(texture, middle, (84, 80), "#8a5630")
            oval(texture, middle, (84, 80), "#3a3a3c", 9)
            oval(texture, middle, (64, 60), "#a56b3c")
            for x in range(middle[0] - 48, middle[0] + 50, 20):
                reach = int((60**2 - min((x - middle[0]) ** 2, 3500)) ** 0.5)
                stroke(texture, (x, middle[1] - reach), (x, middle[1] + reach), "#7a4a28", 3)
            oval(texture, middle, (9, 9), "#3a200f")
        block(texture, (0, top + 152, 899, top + 170), "#4a2c18")
    return texture


def _bottle_rack() -> Array:
    """Return a rack with the bottoms and necks of bottles of wine."""
    texture = plain(rgb("#3a2416"), 420, 700)
    for row, top in enumerate(range(10, 420, 46)):
        for left in range(10 + 23 * (row % 2), 700, 46):
            oval(texture, (left + 18, top + 18), (18, 18), "#1c3a24")
            oval(texture, (left + 18, top + 18), (9, 9), ("#7a1f2e", "#d2a94e")[row % 2])
        stroke(texture, (0, top + 41), (699, top + 41), "#6b4426", 7)
    return texture


def _washers() -> Array:
    """Return two rows of washing machines with round doors."""
    texture = see_through(420, 900)
    for top in (30, 226):
        for left in range(6, 900, 150):
            block(texture, (left, top, left + 138, top + 190), "#eef1f2", "#9fadb5")
            block(texture, (left + 10, top + 10, left + 128, top + 40), "#c6d2d8")
            oval(texture, (left + 106, top + 25), (9, 9), "#2f6fbf")
            oval(texture, (left + 69, top + 112), (56, 56), "#8fa3ae")
            oval(texture, (left + 69, top + 112), (44, 44), "#2f4f66")
            for order, code in enumerate(("#e98a3a", "#7ac4e8", "#f4f4f0")):
                oval(texture, (left + 52 + 18 * order, top + 124 - 9 * (order % 2)), (17, 12), code)
    return texture


def _roller_door() -> Array:
    """Return the door of a garage, shelves with tyres and cans, and a board with tools."""
    texture = see_through(420, 900)
    block(texture, (20, 40, 470, 419), "#c9cfd2", "#5d6b7a")
    for top in range(40, 419, 36):
        stroke(texture, (22, top), (468, top), "#9aa5ab", 5)
    for top in (150, 290, 410):
        block(texture, (520, top, 880, top + 12), "#6b7780")
    for left in (566, 650, 734):
        oval(texture, (left, 108), (42, 42), "#26282b")
        oval(texture, (left, 108), (20, 20), "#9aa5ab")
    codes = ("#d8432f", "#f2c13c", "#2f6fbf", "#3f8f57", "#8a8f96")
    for shelf, foot in ((0, 290), (1, 410)):
        for order, left in enumerate(range(530, 860, 46)):
            tall = 50 + 26 * ((order + shelf) % 3)
            block(
                texture, (left, foot - tall, left + 38, foot), codes[(order + shelf) % 5], "#3a424a"
            )
    return texture


def _parking_wall() -> Array:
    """Return a wall of concrete with pillars in yellow and black, pipes and a sign."""
    texture = grained(plain(rgb("#a3a5a4"), 300, 900), 0.12)
    for left in range(40, 900, 210):
        block(texture, (left, 0, left + 54, 299), "#8d908f", "#6b6e6d")
        block(texture, (left, 190, left + 54, 299), "#f2c13c")
        for top in range(196, 300, 34):
            block(texture, (left, top, left + 54, top + 14), "#24262a")
    stroke(texture, (0, 26), (899, 26), "#c9433a", 10)
    block(texture, (430, 46, 510, 126), "#2f6fbf", "#ffffff")
    write(texture, "P", (450, 112), 2.2, "#ffffff")
    return texture


def _parking_bays() -> Array:
    texture = grained(plain(rgb("#6f7274"), 420, 900), 0.16)
    for left in (0, 180, 360, 540, 720, 888):
        block(texture, (left, 0, left + 9, 150), "#eef0ec")
    block(texture, (0, 150, 899, 157), "#eef0ec")
    return texture


def _tunnel_wall() -> Array:
    """Return the wall of a road tunnel with a strip of lamps and a handrail."""
    texture = grained(plain(rgb("#8f8a80"), 420, 900), 0.14)
    block(texture, (0, 210, 899, 419), "#d9d4c4")
    for top in range(210, 419, 42):
        stroke(texture, (0, top), (899, top), "#b5b0a0", 3)
    for left in range(0, 900, 90):
        stroke(texture, (left, 210), (left, 419), "#b5b0a0", 3)
        block(texture, (left + 16, 70, left + 74, 96), "#ffe9a8")
    block(texture, (0, 196, 899, 214), "#f2c13c")
    return texture


def _tunnel_road() -> Array:
    texture = grained(plain(rgb("#4f5257"), 600, 500), 0.14)
    for left in (24, 464):
        block(texture, (left, 0, left + 12, 599), "#eef0ec")
    for top in range(10, 600, 90):
        block(texture, (244, top, 256, top + 50), "#f2e6a0")
    return texture


def _tunnel_mouth() -> Array:
    """Return the bright end of a tunnel."""
    texture = plain(rgb("#4a4740"), 300, 400)
    oval(texture, (200, 200), (170, 180), "#fff6dc")
    block(texture, (30, 200, 370, 299), "#fff6dc")
    fill(
        texture,
        [(30, 250), (120, 180), (220, 236), (300, 190), (370, 250), (370, 299), (30, 299)],
        "#9fb98a",
    )
    return texture


def _steel_door() -> Array:
    """Return the round-cornered steel door of a bunker, with its wheel and signs."""
    texture = see_through(420, 400)
    block(texture, (60, 40, 340, 419), "#5d6a5a", "#2b332c")
    block(texture, (90, 70, 310, 400), "#6f7d6a", "#3a443a")
    oval(texture, (200, 230), (62, 62), "#a9b09f", 12)
    for turn in range(0, 180, 60):
        x, y = int(62 * np.cos(np.deg2rad(turn))), int(62 * np.sin(np.deg2rad(turn)))
        stroke(texture, (200 - x, 230 - y), (200 + x, 230 + y), "#a9b09f", 10)
    for y in (100, 370):
        for x in (78, 322):
            oval(texture, (x, y), (9, 9), "#2b332c")
    block(texture, (140, 4, 260, 34), "#f2c13c", "#24262a")
    return texture


def _pipes() -> Array:
    """Return pipes, cables and a fuse box along a wall of concrete."""
    texture = see_through(420, 900)
    for y, code, px in ((50, "#a9b2b8", 26), (90, "#b26a3a", 16), (122, "#5d6b7a", 10)):
        stroke(texture, (0, y), (899, y), code, px)
        for x in range(60, 900, 180):
            block(texture, (x, y - px // 2 - 4, x + 14, y + px // 2 + 4), "#4a545c")
    for left in (120, 620):
        block(texture, (left, 190, left + 130, 330), "#6f7d6a", "#2b332c")
        fill(texture, [(left + 65, 214), (left + 96, 272), (left + 34, 272)], "#f2c13c")
    return texture


def _lift_doors() -> Array:
    """Return the doors of a lift from within, and the display over them."""
    texture = plain(rgb("#8b98a2"), 420, 420)
    block(texture, (60, 70, 360, 419), "#c6d0d6", "#5d6b7a")
    stroke(texture, (210, 70), (210, 419), "#4a545c", 6)
    for x in (110, 310):
        stroke(texture, (x - 30, 400), (x + 20, 90), "#dfe7ea", 12)
    block(texture, (150, 14, 270, 58), "#15171a", "#5d6b7a")
    fill(texture, [(176, 46), (190, 22), (204, 46)], "#ff5f4f")
    write(texture, "12", (216, 48), 0.9, "#ff5f4f")
    return texture


def _lift_buttons() -> Array:
    texture = plain(rgb("#a9b4ba"), 300, 120)
    cv2.rectangle(texture, (0, 0), (119, 299), tone_of("#5d6b7a"), 6)
    for row in range(6):
        for column in range(2):
            lit = row == 2 and column == 1
            oval(
                texture,
                (36 + 48 * column, 40 + 44 * row),
                (15, 15),
                "#ffd24f" if lit else "#eef1f2",
            )
    return texture


def _portholes() -> Array:
    """Return the riveted hull of a submarine with round windows to the sea, and pipes."""
    texture = plain(rgb("#5f6f68"), 420, 900)
    for left in range(0, 900, 150):
        stroke(texture, (left, 0), (left, 419), "#48564f", 12)
        for top in range(14, 420, 34):
            oval(texture, (left + 14, top), (4, 4), "#36423c")
    for left in (75, 375, 675):
        oval(texture, (left + 75, 170), (92, 92), "#b9863f")
        oval(texture, (left + 75, 170), (72, 72), "#1f7fae")
        oval(texture, (left + 60, 190), (34, 20), "#49b4d8")
        oval(texture, (left + 92, 160), (18, 9), "#f0a53a")
        for turn in range(0, 360, 45):
            place = (
                int(left + 75 + 82 * np.cos(np.deg2rad(turn))),
                int(170 + 82 * np.sin(np.deg2rad(turn))),
            )
            oval(texture, place, (5, 5), "#6b4a1c")
    for y, code in ((330, "#b26a3a"), (366, "#a9b2b8")):
        stroke(texture, (0, y), (899, y), code, 18)
    return texture


def _periscope() -> Array:
    texture = see_through(420, 120)
    block(texture, (46, 0, 74, 330), "#a9b2b8", "#5d6b7a")
    block(texture, (30, 240, 90, 320), "#4a545c", "#22282e")
    oval(texture, (60, 276), (18, 18), "#1a2530")
    for first, last in (((30, 296), (2, 312)), ((90, 296), (118, 312))):
        stroke(texture, first, last, "#22282e", 12)
    return texture


UNDERGROUND_FITTINGS: Final[Mapping[str, Callable[[], Array]]] = {
    "train_windows": _train_windows,
    "hand_rails": _hand_rails,
    "cabin_side": _cabin_side,
    "cabin_end": _cabin_end,
    "barrels": _barrels,
    "bottle_rack": _bottle_rack,
    "washers": _washers,
    "roller_door": _roller_door,
    "parking_wall": _parking_wall,
    "parking_bays": _parking_bays,
    "tunnel_wall": _tunnel_wall,
    "tunnel_road": _tunnel_road,
    "tunnel_mouth": _tunnel_mouth,
    "steel_door": _steel_door,
    "pipes": _pipes,
    "lift_doors": _lift_doors,
    "lift_buttons": _lift_buttons,
    "portholes": _portholes,
    "periscope": _periscope,
}
"""Each by its name."""
