"""Paint what stands in temples, mosques and boxing rings."""

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


def _buddha() -> Array:
    """Return a golden Buddha who sits on a lotus, with candles and incense before him."""
    texture = see_through(420, 620)
    oval(texture, (310, 150), (150, 140), "#b5461f")
    oval(texture, (310, 150), (150, 140), "#f2c13c", 10)
    gold, dark = "#e0ac3a", "#a97a1f"
    fill(texture, [(200, 330), (180, 270), (240, 180), (380, 180), (440, 270), (420, 330)], gold)
    fill(texture, [(310, 180), (350, 180), (330, 300), (270, 320), (260, 300)], "#c8902a")
    oval(texture, (310, 318), (170, 40), gold)
    oval(texture, (310, 322), (60, 20), dark)
    oval(texture, (310, 118), (58, 66), gold)
    oval(texture, (310, 52), (26, 24), dark)
    cv2.ellipse(texture, (310, 96), (58, 50), 0, 180, 360, (*tone_of(dark), 255), -1, cv2.LINE_AA)
    for x in (288, 332):
        stroke(texture, (x - 12, 120), (x + 12, 120), "#6b4a12", 4)
    stroke(texture, (298, 152), (322, 152), "#6b4a12", 4)
    for left in range(140, 480, 44):
        oval(texture, (left + 22, 366), (26, 20), "#d98aa8")
    block(texture, (90, 376, 530, 419), "#8c1f2a", "#f2c13c")
    for x in (110, 150, 470, 510):
        block(texture, (x - 8, 326, x + 8, 376), "#f6efe0")
        oval(texture, (x, 312), (6, 13), "#fbb03b")
    return texture


def _red_pillars() -> Array:
    """Return red pillars with golden bands, and beams painted green and blue."""
    texture = see_through(420, 900)
    block(texture, (0, 0, 899, 52), "#1f5a4a", "#f2c13c")
    for left in range(10, 900, 60):
        block(texture, (left, 12, left + 34, 40), ("#2f6fae", "#c8402f")[left // 60 % 2], "#f2c13c")
    for left in (30, 260, 580, 810):
        block(texture, (left, 52, left + 60, 419), "#b0281e", "#6b130e")
        for top in (70, 380):
            block(texture, (left, top, left + 60, top + 18), "#f2c13c")
    return texture


def _prayer_niche() -> Array:
    """Return the niche of a mosque with its pointed arch, tiles and a band of writing."""
    texture = see_through(420, 420)
    block(texture, (20, 10, 400, 419), "#1f6f8a", "#e0c878")
    for top in range(24, 410, 30):
        for left in range(34, 390, 30):
            fill(
                texture,
                [(left + 12, top), (left + 24, top + 12), (left + 12, top + 24), (left, top + 12)],
                ("#f4efe2", "#2f9fb5", "#e0b84c")[(top + left) // 30 % 3],
            )
    arch = [(90, 419), (90, 200), (120, 130), (210, 60), (300, 130), (330, 200), (330, 419)]
    fill(texture, arch, "#e0c878")
    fill(
        texture,
        [
            (x + (14 if x < 210 else -14 if x > 210 else 0), y + (0 if y > 400 else 18))
            for x, y in arch
        ],
        "#0f3f5a",
    )
    stroke(texture, (210, 90), (210, 190), "#d2a94e", 3)
    oval(texture, (210, 208), (20, 26), "#ffe9a8")
    return texture


def _arcade_arches() -> Array:
    """Return arches striped in red and white on slim pillars."""
    texture = see_through(420, 900)
    for left in range(0, 900, 225):
        middle = left + 112
        for order, turn in enumerate(range(180, 360, 15)):
            code = ("#c8503a", "#f4efe2")[order % 2]
            cv2.ellipse(
                texture, (middle, 190), (94, 110), 0, turn, turn + 15, (*tone_of(code), 255), 34
            )
        for x in (left, left + 205):
            block(texture, (x, 190, x + 20, 419), "#e6dcc6", "#b5a88a")
            block(texture, (x - 8, 176, x + 28, 196), "#d2a94e")
    return texture


def _prayer_carpet() -> Array:
    texture = grained(plain(rgb("#9a2430"), 480, 800), 0.1)
    for top in range(0, 480, 120):
        for left in range(0, 800, 100):
            arch = [
                (left + 14, top + 112),
                (left + 14, top + 50),
                (left + 50, top + 14),
                (left + 86, top + 50),
                (left + 86, top + 112),
            ]
            fill(texture, arch, "#c9a24a")
            fill(
                texture,
                [
                    (x + (8 if x < left + 50 else -8 if x > left + 50 else 0), y + 8)
                    for x, y in arch
                ],
                "#7a1a2a",
            )
    return texture


def _hanging_lamps() -> Array:
    texture = see_through(240, 900)
    for left in range(90, 900, 180):
        stroke(texture, (left, 0), (left, 110), "#d2a94e", 3)
        oval(texture, (left, 118), (78, 12), "#d2a94e", 6)
        for x in range(left - 70, left + 71, 28):
            oval(texture, (x, 110), (9, 12), "#fff2b8")
    return texture


def _ring_ropes() -> Array:
    """Return the ropes of a boxing ring between two padded posts."""
    texture = see_through(300, 900)
    for y, code in ((50, "#d8322c"), (120, "#f4f4f0"), (190, "#2f6fbf")):
        stroke(texture, (10, y), (890, y), code, 13)
    for left in (0, 862):
        block(texture, (left, 20, left + 37, 299), ("#d8322c", "#2f6fbf")[left > 0], "#15171a")
    block(texture, (0, 262, 899, 299), "#1f2f5a")
    write(texture, "BOXING", (350, 293), 1.2, "#ffffff")
    return texture


def _ring_floor() -> Array:
    texture = grained(plain(rgb("#b9c9dc"), 420, 900), 0.08)
    cv2.rectangle(texture, (0, 0), (899, 419), tone_of("#1f2f5a"), 20)
    oval(texture, (450, 200), (150, 110), "#d8322c", 14)
    return texture


def _crowd() -> Array:
    """Return rows of spectators in the dark, under spotlights."""
    texture = plain(rgb("#12141c"), 420, 900)
    chance = np.random.default_rng(41)
    for left in (150, 450, 750):
        beam = texture.copy()
        fill(
            beam, [(left - 20, 0), (left + 20, 0), (left + 150, 420), (left - 150, 420)], "#fff6d8"
        )
        texture = cv2.addWeighted(beam, 0.25, texture, 0.75, 0)
        block(texture, (left - 34, 0, left + 34, 22), "#fff6d8")
    for row in range(6):
        top = 150 + 44 * row
        for left in range(-10 + 16 * (row % 2), 900, 38):
            code = ("#6b4a3a", "#a9714f", "#d9a57a", "#8a5f45")[int(chance.integers(4))]
            coat = ("#3f5a8a", "#8a3f4a", "#4a7a5a", "#6a6a7a", "#a98a4a")[int(chance.integers(5))]
            block(texture, (left, top + 14, left + 30, top + 60), coat)
            oval(texture, (left + 15, top), (11, 14), code)
    return texture


SACRED_FITTINGS: Final[Mapping[str, Callable[[], Array]]] = {
    "buddha": _buddha,
    "red_pillars": _red_pillars,
    "prayer_niche": _prayer_niche,
    "arcade_arches": _arcade_arches,
    "prayer_carpet": _prayer_carpet,
    "hanging_lamps": _hanging_lamps,
    "ring_ropes": _ring_ropes,
    "ring_floor": _ring_floor,
    "crowd": _crowd,
}
"""Each by its name."""
