"""Paint what hangs and stands at the walls of a bathroom and of rooms for sports."""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.sets.shell import as_bytes, plain
from rushes.engines.animatic.sets.texture_brush import (
    block,
    oval,
    see_through,
    stroke,
    tone,
    tone_of,
)

# bathroom


def _basin() -> Array:
    texture = see_through(260, 260)
    block(texture, (105, 130, 155, 259), "#e6e9ec", "#b9c2c9")
    cv2.ellipse(
        texture, (130, 92), (118, 58), 0, 0, 180, (*tone_of("#f4f6f8"), 255), -1, cv2.LINE_AA
    )
    cv2.ellipse(
        texture, (130, 92), (118, 58), 0, 0, 180, (*tone_of("#b4bec6"), 255), 3, cv2.LINE_AA
    )
    block(texture, (8, 80, 252, 98), "#ffffff", "#b9c2c9")
    block(texture, (122, 30, 138, 82), "#9aa6b0")
    stroke(texture, (130, 34), (168, 46), "#9aa6b0", 13)
    return texture


def _mirror() -> Array:
    texture = plain(rgb("#c3d3da"), 220, 260)
    cv2.line(texture, (40, 200), (150, 20), tone_of("#e6f0f4"), 26, cv2.LINE_AA)
    cv2.line(texture, (110, 200), (220, 20), tone_of("#dbe8ee"), 12, cv2.LINE_AA)
    cv2.rectangle(texture, (0, 0), (259, 219), tone_of("#8d99a1"), 14)
    return texture


def _shower_wall() -> Array:
    """Return a shower behind a pane of glass."""
    texture = see_through(400, 220)
    texture[:] = (*tone_of("#cfe4ea"), 70)
    stroke(texture, (110, 30), (110, 330), "#8b98a2", 7)
    stroke(texture, (110, 32), (64, 32), "#8b98a2", 7)
    oval(texture, (58, 46), (34, 12), "#76838d")
    for x in range(30, 90, 12):
        for y in range(70, 330, 34):
            stroke(texture, (x, y), (x - 2, y + 16), "#a9d4e6", 2)
    cv2.rectangle(texture, (2, 2), (217, 397), (*tone_of("#9fb0b8"), 255), 5)
    return texture


def _towel() -> Array:
    texture = see_through(200, 140)
    stroke(texture, (4, 12), (136, 12), "#8b98a2", 8)
    block(texture, (24, 12, 116, 188), "#d9776b", "#b95c52")
    for top in (150, 164):
        stroke(texture, (26, top), (114, top), "#f4e6dc", 5)
    return texture


# sports


def _hoop() -> Array:
    """Return a basket with its board."""
    texture = see_through(300, 300)
    stroke(texture, (150, 150), (150, 299), "#4a525a", 12)
    block(texture, (30, 10, 270, 180), "#f4f4f0", "#c0392b")
    cv2.rectangle(texture, (104, 76), (196, 152), (*tone_of("#c0392b"), 255), 6)
    for x in range(100, 201, 14):
        inner = 150 + int((x - 150) * 0.6)
        stroke(texture, (x, 172), (inner, 246), "#ffffff", 3)
    for y, half in ((196, 44), (222, 36), (244, 31)):
        stroke(texture, (150 - half, y), (150 + half, y), "#ffffff", 3)
    oval(texture, (150, 170), (54, 12), "#e2632a", 8)
    return texture


def _court() -> Array:
    """Return the lines of a basketball court on transparent ground."""
    texture = see_through(700, 900)
    white = (*tone_of("#ffffff"), 235)
    area = np.array([(330, 0), (570, 0), (570, 250), (330, 250)])
    cv2.fillPoly(texture, [area.astype(np.int32)], (*tone_of("#b4532f"), 220))
    cv2.rectangle(texture, (330, -10), (570, 250), white, 8)
    cv2.ellipse(texture, (450, 250), (110, 90), 0, 0, 180, white, 8, cv2.LINE_AA)
    cv2.ellipse(texture, (450, 40), (370, 360), 0, 0, 180, white, 8, cv2.LINE_AA)
    cv2.circle(texture, (450, 690), 130, white, 8, cv2.LINE_AA)
    cv2.line(texture, (0, 690), (900, 690), white, 8)
    cv2.rectangle(texture, (20, -10), (880, 720), white, 8)
    return texture


def _bleachers() -> Array:
    """Return rows of seats with people on some of them."""
    texture = plain(rgb("#5b6673"), 240, 900)
    chance = np.random.default_rng(8)
    for top in range(10, 240, 46):
        texture[top + 26 : top + 40] = tone_of("#8c96a2")
        for left in range(12, 900, 34):
            if chance.random() < 0.55:
                shirt = np.asarray(chance.uniform(0.25, 0.9, 3))
                cv2.ellipse(texture, (left, top + 26), (11, 17), 0, 180, 360, tone(shirt), -1)
                skin = rgb("#d9a87c") * float(chance.uniform(0.5, 1.1))
                cv2.circle(texture, (left, top + 4), 7, tone(skin), -1, cv2.LINE_AA)
    return texture


def _rack() -> Array:
    """Return a rack of dumb-bells."""
    texture = see_through(240, 420)
    for left in (14, 386):
        block(texture, (left, 20, left + 18, 239), "#3a4148")
    for shelf in (84, 160, 226):
        block(texture, (14, shelf, 404, shelf + 12), "#565f68")
        for left in range(40, 380, 62):
            stroke(texture, (left, shelf - 16), (left + 40, shelf - 16), "#aab3ba", 9)
            for x in (left, left + 40):
                block(texture, (x - 9, shelf - 32, x + 9, shelf - 1), "#20252a", "#50585f")
    return texture


def _treadmill() -> Array:
    texture = see_through(300, 300)
    block(texture, (20, 250, 280, 282), "#2a2f35", "#15181b")
    block(texture, (40, 238, 250, 252), "#4b545c")
    stroke(texture, (236, 246), (262, 74), "#59636c", 16)
    stroke(texture, (262, 110), (196, 128), "#59636c", 12)
    block(texture, (214, 34, 290, 90), "#20252a", "#50585f")
    block(texture, (226, 44, 278, 78), "#63c7e0")
    return texture


def _mirrors() -> Array:
    """Return a wall of mirrors."""
    texture = plain(rgb("#b7c6cf"), 260, 700)
    share = np.linspace(1.08, 0.86, 260, dtype=F32)[:, None, None]
    texture = as_bytes(texture * share)
    for left in range(20, 700, 175):
        cv2.line(texture, (left + 20, 250), (left + 110, 10), tone_of("#dfe9ee"), 20, cv2.LINE_AA)
    for left in range(0, 700, 175):
        texture[:, left : left + 5] = tone_of("#6f7f88")
    return texture


PUBLIC_FITTINGS: Final[Mapping[str, Callable[[], Array]]] = {
    "basin": _basin,
    "mirror": _mirror,
    "shower": _shower_wall,
    "towel": _towel,
    "hoop": _hoop,
    "court": _court,
    "bleachers": _bleachers,
    "rack": _rack,
    "treadmill": _treadmill,
    "mirrors": _mirrors,
}
"""Each by its name."""
