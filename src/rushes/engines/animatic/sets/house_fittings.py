"""Paint what stands in shops, churches, hospitals, prisons, ships of space and under roofs."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.sets.shell import grained, plain
from rushes.engines.animatic.sets.texture_brush import (
    block,
    oval,
    see_through,
    stroke,
    tone,
    tone_of,
)

_PACKS: Final = ("#d8432f", "#f2c13c", "#3f8f57", "#2f6f9f", "#e98a3a", "#8a4f9a", "#f4efe2")


def _goods() -> Array:
    """Return shelves with boxes, bottles and fruit, and a strip of prices under each."""
    texture = plain(rgb("#a39c8c"), 420, 900)
    chance = np.random.default_rng(12)
    for shelf in range(5):
        foot, left = 78 + 84 * shelf, 8
        while left < 880:
            code = _PACKS[int(chance.integers(len(_PACKS)))]
            wide, tall = int(chance.integers(22, 44)), int(chance.integers(38, 64))
            kind = (shelf * 3 + left // 150) % 3
            for order in range(3):
                x = left + order * (wide + 2)
                if kind == 0:
                    block(texture, (x, foot - tall, x + wide, foot), code, "#6b6458")
                    block(
                        texture,
                        (x + 5, foot - tall + 12, x + wide - 5, foot - tall + 24),
                        "#ffffff",
                    )
                elif kind == 1:
                    block(texture, (x + 4, foot - tall + 14, x + 24, foot), code)
                    block(texture, (x + 10, foot - tall, x + 18, foot - tall + 14), "#efe8d8")
                else:
                    oval(texture, (x + 14, foot - 14), (14, 14), code)
                    oval(texture, (x + 14, foot - 34), (13, 13), code)
            left += 3 * (wide + 2) + 10
        block(texture, (0, foot, 899, foot + 12), "#8b98a2")
        for x in range(20, 900, 60):
            block(texture, (x, foot + 1, x + 26, foot + 11), "#ffffff")
    return texture


def _till() -> Array:
    """Return a counter with a cash register."""
    texture = see_through(260, 420)
    block(texture, (10, 120, 409, 259), "#a9774a", "#6f4b2a")
    block(texture, (0, 104, 419, 124), "#d9b98a", "#8a6436")
    for left in range(40, 400, 90):
        block(texture, (left, 146, left + 60, 236), "#94683c", "#6f4b2a")
    block(texture, (240, 56, 350, 104), "#4b545c", "#2a2f35")
    block(texture, (256, 20, 320, 54), "#2f383f", "#15181b")
    block(texture, (264, 28, 312, 46), "#67e0a0")
    return texture


def _stained_glass() -> Array:
    """Return a tall pointed window of coloured glass."""
    texture = see_through(420, 180)
    chance = np.random.default_rng(14)
    shape = np.zeros((420, 180), np.uint8)
    cv2.fillPoly(shape, [np.array([(10, 410), (10, 120), (90, 6), (170, 120), (170, 410)])], (255,))
    glass = plain(rgb("#2a4f9a"), 420, 180)
    codes = ("#c8402f", "#2f6fbf", "#f2c13c", "#3f9f67", "#8a4fba", "#e98a3a")
    for top in range(0, 420, 42):
        for left in range(0, 180, 36):
            code = codes[int(chance.integers(len(codes)))]
            cv2.rectangle(glass, (left, top), (left + 35, top + 41), tone_of(code), -1)
            cv2.rectangle(glass, (left, top), (left + 35, top + 41), tone_of("#1a1a22"), 3)
    cv2.circle(glass, (90, 150), 44, tone_of("#f6e3a0"), -1, cv2.LINE_AA)
    cv2.circle(glass, (90, 150), 44, tone_of("#1a1a22"), 4, cv2.LINE_AA)
    texture[..., :3], texture[..., 3] = glass, shape
    frame = np.array([(10, 410), (10, 120), (90, 6), (170, 120), (170, 410)])
    cv2.polylines(texture, [frame], True, (*tone_of("#6b5f4e"), 255), 12, cv2.LINE_AA)
    return texture


def _cross() -> Array:
    texture = see_through(240, 160)
    block(texture, (66, 6, 94, 236), "#8a5f2f", "#5b3c1a")
    block(texture, (14, 62, 146, 90), "#8a5f2f", "#5b3c1a")
    return texture


def _pews() -> Array:
    """Return two rows of church benches with an aisle between them."""
    texture = see_through(160, 900)
    for left, right in ((0, 370), (530, 899)):
        for top, code in ((6, "#6f4426"), (66, "#82512f")):
            block(texture, (left, top, right, top + 84), code, "#402612")
            block(texture, (left, top, right, top + 14), "#a06a3c")
            for x in range(left + 40, right, 80):
                stroke(texture, (x, top + 20), (x, top + 78), "#563318", 3)
    return texture


def _monitor() -> Array:
    """Return the screen at a patient's bed, on its stand."""
    texture = see_through(360, 200)
    block(texture, (92, 130, 108, 350), "#9aa6b0")
    block(texture, (40, 342, 160, 356), "#9aa6b0")
    block(texture, (10, 10, 190, 132), "#2a333a", "#c6d0d6")
    for y, code in ((44, "#57e389"), (76, "#62b6ff"), (106, "#f2c13c")):
        places = [(18, y), (60, y), (70, y - 20), (80, y + 14), (88, y), (130, y), (140, y - 20),
                  (150, y + 14), (158, y), (182, y)]  # fmt: skip
        for first, last in pairwise(places):
            stroke(texture, first, last, code, 3)
    return texture


def _drip() -> Array:
    """Return a bag on a stand with its tube."""
    texture = see_through(400, 120)
    stroke(texture, (60, 20), (60, 390), "#a9b4ba", 7)
    stroke(texture, (22, 392), (98, 392), "#a9b4ba", 9)
    stroke(texture, (24, 24), (96, 24), "#a9b4ba", 6)
    block(texture, (12, 34, 48, 110), "#dcecf4", "#7f97a8")
    stroke(texture, (30, 110), (36, 260), "#b9cfdb", 3)
    return texture


def _bed_curtain() -> Array:
    texture = see_through(420, 200)
    for left in range(0, 200, 25):
        block(texture, (left, 12, left + 24, 400), "#8fc4bd" if left % 50 else "#7db3ac")
    block(texture, (0, 4, 199, 14), "#a9b4ba")
    return texture


def _bars() -> Array:
    """Return a door of iron bars before darkness."""
    texture = plain(rgb("#15120f"), 420, 260)
    for left in range(10, 260, 40):
        block(texture, (left, 0, left + 13, 419), "#4d4a46", "#2c2a27")
    for top in (60, 220, 370):
        block(texture, (0, top, 259, top + 16), "#575450", "#2c2a27")
    block(texture, (196, 226, 240, 270), "#6b665f", "#2c2a27")
    return texture


def _torch() -> Array:
    texture = see_through(240, 100)
    stroke(texture, (50, 110), (50, 230), "#5b3c1a", 15)
    block(texture, (34, 100, 66, 124), "#3a3a3c")
    for axes, code in (((30, 50), "#f2762e"), ((20, 38), "#fbb03b"), ((10, 22), "#fff2b0")):
        oval(texture, (50, 98 - axes[1]), axes, code)
    return texture


def _console() -> Array:
    """Return a desk with screens and rows of lamps."""
    texture = see_through(200, 900)
    block(texture, (0, 60, 899, 199), "#39434f", "#1b222a")
    block(texture, (0, 50, 899, 72), "#5d6b7a", "#1b222a")
    chance = np.random.default_rng(16)
    for left in range(24, 880, 146):
        block(texture, (left, 4, left + 118, 62), "#0d2a3a", "#8fa3b5")
        for y in (18, 32, 46):
            stroke(texture, (left + 10, y), (left + 30 + int(chance.integers(70)), y), "#4fd8e8", 4)
    for left in range(20, 890, 30):
        for top in (92, 122, 152):
            code = ("#e3483b", "#f2c13c", "#55d88f", "#4fb8f0", "#22303c")[int(chance.integers(5))]
            oval(texture, (left, top), (8, 8), code)
    return texture


def _hull() -> Array:
    """Return the inner wall of a ship of space: panels, strips of light, a hatch."""
    texture = plain(rgb("#7f8c9a"), 420, 500)
    for top, foot in ((0, 130), (150, 270), (290, 419)):
        for left in range(0, 500, 125):
            block(texture, (left + 4, top, left + 120, foot), "#8b99a8", "#4b5866")
    for top in (134, 274):
        block(texture, (0, top, 499, top + 12), "#9fe8ff")
    block(texture, (190, 60, 330, 419), "#5b6876", "#2a333c")
    block(texture, (236, 110, 284, 150), "#9fe8ff", "#2a333c")
    return texture


def _light_strips() -> Array:
    texture = plain(rgb("#3f4a56"), 420, 500)
    for left in (90, 360):
        block(texture, (left, 0, left + 50, 419), "#e6fbff")
    for top in range(0, 420, 70):
        block(texture, (0, top, 499, top + 8), "#2a333c")
    return texture


def _plant_bench() -> Array:
    """Return a long bench full of potted plants."""
    texture = see_through(260, 900)
    chance = np.random.default_rng(18)
    for left in range(20, 900, 58):
        for _ in range(26):
            place = (left + int(chance.normal(0, 20)), 96 - int(abs(chance.normal(0, 34))))
            green = np.array([0.25, 0.55, 0.22]) * float(chance.uniform(0.6, 1.3))
            axes = (int(chance.integers(8, 18)), int(chance.integers(4, 9)))
            turn = float(chance.uniform(0, 180))
            cv2.ellipse(texture, place, axes, turn, 0, 360, (*tone(green), 255), -1, cv2.LINE_AA)
        if chance.random() < 0.6:
            flower = ("#e3483b", "#f2a0c0", "#f6d26b", "#ffffff")[int(chance.integers(4))]
            for _ in range(5):
                place = (left + int(chance.normal(0, 16)), 70 - int(abs(chance.normal(0, 22))))
                oval(texture, place, (7, 7), flower)
        pot = np.array([(left - 22, 98), (left + 22, 98), (left + 16, 146), (left - 16, 146)])
        cv2.fillPoly(texture, [pot], (*tone_of("#c0673a"), 255), cv2.LINE_AA)
    block(texture, (0, 144, 899, 164), "#b98f5c", "#7a5a34")
    for left in range(30, 900, 160):
        block(texture, (left, 164, left + 18, 259), "#94703f")
    return texture


def _earth_beds() -> Array:
    """Return beds of earth with young plants, and the path between them."""
    texture = grained(plain(rgb("#5b4431"), 500, 900), 0.3, beta=1.0)
    texture[:, 340:560] = tone_of("#b9b2a2")
    chance = np.random.default_rng(19)
    for left in (*range(30, 340, 60), *range(590, 880, 60)):
        for top in range(20, 500, 44):
            for _ in range(5):
                place = (left + int(chance.normal(0, 9)), top + int(chance.normal(0, 6)))
                green = np.array([0.3, 0.6, 0.25]) * float(chance.uniform(0.7, 1.2))
                cv2.ellipse(texture, place, (12, 5), float(chance.uniform(0, 180)), 0, 360,
                            tone(green), -1, cv2.LINE_AA)  # fmt: skip
    return texture


def _seats() -> Array:
    """Return a row of seats of a waiting room."""
    texture = see_through(180, 900)
    for left in range(20, 880, 110):
        block(texture, (left, 10, left + 92, 92), "#2f5f8a", "#1d3c58")
        block(texture, (left, 88, left + 92, 116), "#3f73a3", "#1d3c58")
    block(texture, (10, 116, 890, 128), "#a9b4ba")
    for left in range(60, 880, 220):
        block(texture, (left, 128, left + 14, 178), "#8b98a2")
    return texture


def _judges_bench() -> Array:
    texture = see_through(260, 800)
    block(texture, (300, 0, 500, 140), "#7a4a28", "#452611")
    block(texture, (334, 14, 466, 120), "#6b1f24", "#452611")
    block(texture, (120, 96, 680, 259), "#8a5630", "#452611")
    block(texture, (100, 84, 700, 106), "#a86e40", "#452611")
    for left in range(150, 650, 128):
        block(texture, (left, 126, left + 96, 240), "#7a4a28", "#5b3417")
    return texture


def _gilded_mirror() -> Array:
    texture = see_through(360, 200)
    oval(texture, (100, 180), (92, 170), "#d2a94e")
    oval(texture, (100, 180), (76, 152), "#c3d3da")
    stroke(texture, (60, 260), (130, 90), "#eaf3f6", 16)
    oval(texture, (100, 180), (76, 152), "#8f6f2a", 5)
    return texture


def _house_door() -> Array:
    texture = plain(rgb("#efe9dc"), 360, 220)
    block(texture, (24, 20, 196, 359), "#7a3a2c", "#5b2a20")
    block(texture, (52, 50, 168, 150), "#9fc6d8", "#efe9dc")
    block(texture, (52, 190, 168, 330), "#8a4736", "#5b2a20")
    oval(texture, (176, 190), (8, 8), "#e0b84c")
    return texture


def _rail() -> Array:
    """Return a white railing."""
    texture = see_through(200, 900)
    for left in range(10, 900, 36):
        block(texture, (left, 20, left + 12, 190), "#f4f1e8", "#cfc9b8")
    block(texture, (0, 4, 899, 24), "#ffffff", "#cfc9b8")
    block(texture, (0, 172, 899, 188), "#ffffff", "#cfc9b8")
    return texture


def _post() -> Array:
    texture = plain(rgb("#f4f1e8"), 400, 40)
    block(texture, (0, 0, 39, 24), "#ffffff", "#cfc9b8")
    block(texture, (0, 376, 39, 399), "#ffffff", "#cfc9b8")
    return texture


def _laid_tables() -> Array:
    """Return three tables with white cloths, chairs, glasses and candles."""
    texture = see_through(260, 1000)
    for left in (40, 370, 700):
        for side in (left - 30, left + 222):
            block(texture, (side, 70, side + 46, 250), "#5b3417", "#3a200d")
            block(texture, (side, 140, side + 46, 160), "#7a4a28")
        cloth = np.array([(left, 110), (left + 240, 110), (left + 262, 230), (left - 22, 230)])
        cv2.fillPoly(texture, [cloth], (*tone_of("#f4f1ea"), 255), cv2.LINE_AA)
        for fold in range(left + 20, left + 240, 40):
            stroke(texture, (fold, 126), (fold + (fold - left - 120) // 12, 226), "#d3cec2", 3)
        block(texture, (left + 114, 66, left + 124, 108), "#fbf6e6")
        oval(texture, (left + 119, 54), (6, 12), "#fbb03b")
        for glass in (left + 60, left + 176):
            oval(texture, (glass, 80), (10, 15), "#b9344a")
            stroke(texture, (glass, 94), (glass, 108), "#d9e4ea", 3)
    return texture


HOUSE_FITTINGS: Final[Mapping[str, Callable[[], Array]]] = {
    "goods": _goods,
    "till": _till,
    "stained_glass": _stained_glass,
    "cross": _cross,
    "pews": _pews,
    "monitor": _monitor,
    "drip": _drip,
    "bed_curtain": _bed_curtain,
    "bars": _bars,
    "torch": _torch,
    "console": _console,
    "hull": _hull,
    "light_strips": _light_strips,
    "plant_bench": _plant_bench,
    "earth_beds": _earth_beds,
    "seats": _seats,
    "judges_bench": _judges_bench,
    "gilded_mirror": _gilded_mirror,
    "laid_tables": _laid_tables,
    "house_door": _house_door,
    "rail": _rail,
    "post": _post,
}
"""Each by its name."""
