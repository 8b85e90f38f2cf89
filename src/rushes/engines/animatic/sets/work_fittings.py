"""Paint what stands at the walls of a workshop, a factory and a station."""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.sets.shell import grained, plain
from rushes.engines.animatic.sets.texture_brush import block, oval, see_through, stroke, tone_of

# workshop and factory


def _pegboard() -> Array:
    texture = plain(rgb("#c8a878"), 240, 520)
    for top in range(14, 240, 22):
        for left in range(14, 520, 22):
            oval(texture, (left, top), (2, 2), "#8a6d46")
    cv2.rectangle(texture, (0, 0), (519, 239), tone_of("#6d5233"), 10)
    return texture


def _workbench() -> Array:
    """Return a bench of thick boards with drawers and a vice."""
    texture = see_through(240, 640)
    for left in (20, 580):
        block(texture, (left, 60, left + 40, 239), "#7d5632", "#54371d")
    block(texture, (60, 170, 580, 190), "#6f4b2a")
    for left in (80, 210):
        block(texture, (left, 66, left + 116, 130), "#94683c", "#54371d")
        oval(texture, (left + 58, 98), (7, 7), "#2d2a26")
    block(texture, (0, 30, 639, 66), "#b58452", "#6f4b2a")
    block(texture, (500, 0, 560, 32), "#4f5a63", "#2f373d")
    block(texture, (568, 4, 590, 40), "#5d6a74", "#2f373d")
    stroke(texture, (560, 22), (612, 22), "#8b98a2", 8)
    return texture


def _machines() -> Array:
    """Return machines with gauges, lamps and pipes."""
    texture = see_through(400, 900)
    for left, top, right, code in (
        (20, 150, 250, "#4e7f86"), (300, 90, 560, "#d09a34"), (620, 170, 880, "#5a6f8a"),
    ):  # fmt: skip
        block(texture, (left, top, right, 399), code, "#2b3238")
        block(texture, (left + 18, top + 24, right - 18, top + 96), "#2f383f", "#1d2328")
        for order, lamp in enumerate(("#e3483b", "#f2c13c", "#55b85f")):
            place = (left + 46 + 44 * order, top + 60)
            cv2.circle(texture, place, 13, (*tone_of(lamp), 255), -1, cv2.LINE_AA)
        dial = (right - 54, top + 60)
        oval(texture, dial, (26, 26), "#eef0ea")
        stroke(texture, dial, (dial[0] + 12, dial[1] - 14), "#b0281e", 4)
        for vent in range(top + 130, 380, 26):
            stroke(texture, (left + 26, vent), (right - 26, vent), "#22292e", 7)
    for y, code in ((30, "#a9b2b8"), (62, "#b26a3a")):
        stroke(texture, (0, y), (899, y), code, 16)
    for x in (120, 430, 760):
        stroke(texture, (x, 30), (x, 180), "#a9b2b8", 16)
    return texture


def _conveyor() -> Array:
    """Return a conveyor belt with parcels."""
    texture = see_through(200, 900)
    for left in range(60, 900, 190):
        block(texture, (left, 130, left + 22, 199), "#3a444c")
    for left, wide, tall in (
        (40, 90, 70),
        (210, 70, 54),
        (390, 110, 76),
        (590, 76, 60),
        (740, 100, 72),
    ):
        block(texture, (left, 96 - tall, left + wide, 96), "#c2955d", "#8a6436")
        block(texture, (left + wide // 2 - 7, 96 - tall, left + wide // 2 + 7, 96), "#e3cfa2")
    block(texture, (0, 96, 899, 134), "#2b3035", "#15181b")
    for left in range(16, 900, 44):
        oval(texture, (left, 115), (13, 13), "#8b98a2")
    return texture


def _trusses() -> Array:
    """Return the steel beams under a roof, with lamps between them."""
    texture = plain(rgb("#8b949b"), 420, 700)
    for top in range(20, 420, 100):
        block(texture, (0, top, 699, top + 14), "#4a545c")
        for left in range(0, 700, 100):
            stroke(texture, (left, top + 12), (left + 50, top + 60), "#5b666e", 6)
            stroke(texture, (left + 50, top + 60), (left + 100, top + 12), "#5b666e", 6)
    for left in (150, 500):
        for top in range(60, 420, 100):
            block(texture, (left, top, left + 60, top + 26), "#fff6da")
    return texture


def _stripes() -> Array:
    """Return a strip of yellow and black."""
    texture = plain(rgb("#e6b52c"), 40, 800)
    for left in range(-40, 800, 60):
        corners = np.array([(left, 40), (left + 26, 40), (left + 62, 0), (left + 36, 0)])
        cv2.fillPoly(texture, [corners.astype(np.int32)], tone_of("#24262a"), cv2.LINE_AA)
    return texture


# railway stations


def _tracks() -> Array:
    """Return two rails on sleepers in gravel, across the texture."""
    texture = grained(plain(rgb("#5d574f"), 140, 1200), 0.35, beta=0.9)
    for left in range(0, 1200, 40):
        texture[26:122, left : left + 18] = tone_of("#3b2f25")
    for top in (40, 96):
        texture[top : top + 10] = tone_of("#c3cad0")
        texture[top + 10 : top + 16] = tone_of("#33363a")
    return texture


def _platform_edge() -> Array:
    """Return the edge of a platform: stone, a white line and a yellow strip with studs."""
    texture = plain(rgb("#b9b6ae"), 80, 1200)
    texture[:8] = tone_of("#f4f2ea")
    texture[26:74] = tone_of("#f0c02c")
    for left in range(6, 1200, 16):
        for top in range(34, 72, 14):
            oval(texture, (left, top), (4, 4), "#c8971a")
    return texture


def _platform_wall() -> Array:
    """Return the front of the platform on the other side."""
    texture = grained(plain(rgb("#7c7a75"), 60, 1200), 0.15)
    texture[:14] = tone_of("#d6d2c6")
    texture[14:20] = tone_of("#f0c02c")
    return texture


def _tunnel() -> Array:
    """Return the mouth of a tunnel."""
    texture = see_through(300, 300)
    for inset, code in ((0, "#8b8e90"), (16, "#14161a")):
        cv2.ellipse(texture, (150, 140), (146 - inset, 134 - inset), 0, 180, 360,
                    (*tone_of(code), 255), -1, cv2.LINE_AA)  # fmt: skip
        block(texture, (4 + inset, 140, 296 - inset, 299), code)
    return texture


def _station_sign() -> Array:
    """Return a sign with a line in the colour of a railway line."""
    texture = plain(rgb("#f6f6f2"), 90, 520)
    texture[54:74] = tone_of("#d8432f")
    for middle in (60, 160, 260, 360, 460):
        oval(texture, (middle, 64), (15, 15), "#ffffff")
        oval(texture, (middle, 64), (15, 15), "#24303a", 5)
        block(texture, (middle - 34, 20, middle + 34, 32), "#24303a")
    cv2.rectangle(texture, (0, 0), (519, 89), tone_of("#24303a"), 6)
    return texture


def _departures() -> Array:
    """Return a board with departures."""
    texture = plain(rgb("#14181d"), 200, 460)
    for top in range(22, 190, 30):
        block(texture, (18, top, 80, top + 12), "#f2c13c")
        block(texture, (104, top, 300 - (top % 47), top + 12), "#e9edf0")
        block(texture, (380, top, 440, top + 12), "#67c06a" if top % 4 else "#e3483b")
    cv2.rectangle(texture, (0, 0), (459, 199), tone_of("#3d464e"), 8)
    return texture


def _poster() -> Array:
    texture = plain(rgb("#2f6f9f"), 240, 170)
    oval(texture, (118, 70), (34, 34), "#f6d26b")
    corners = np.array(
        [(0, 180), (56, 96), (100, 150), (126, 116), (170, 176), (170, 240), (0, 240)]
    )
    cv2.fillPoly(texture, [corners.astype(np.int32)], tone_of("#e8e4d6"), cv2.LINE_AA)
    cv2.rectangle(texture, (0, 0), (169, 239), tone_of("#d8dadb"), 10)
    return texture


WORK_FITTINGS: Final[Mapping[str, Callable[[], Array]]] = {
    "pegboard": _pegboard,
    "workbench": _workbench,
    "machines": _machines,
    "conveyor": _conveyor,
    "trusses": _trusses,
    "stripes": _stripes,
    "tracks": _tracks,
    "platform_edge": _platform_edge,
    "platform_wall": _platform_wall,
    "tunnel": _tunnel,
    "station_sign": _station_sign,
    "departures": _departures,
    "poster": _poster,
}
"""Each by its name."""
