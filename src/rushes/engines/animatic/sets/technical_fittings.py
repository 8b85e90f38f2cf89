"""Paint what stands in server rooms, control rooms, cockpits, studios and planetariums."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array
from rushes.engines.animatic.paint.colour import mix, rgb
from rushes.engines.animatic.sets.shell import as_bytes, plain
from rushes.engines.animatic.sets.texture_brush import (
    block,
    fill,
    oval,
    see_through,
    stroke,
    tone_of,
    write,
)

_LAMPS: Final = ("#55d88f", "#4fb8f0", "#f2c13c", "#55d88f", "#e3483b", "#22303c")


def _server_racks() -> Array:
    """Return racks of servers with rows of lamps and cables."""
    texture = plain(rgb("#1a2129"), 420, 900)
    chance = np.random.default_rng(31)
    for left in range(6, 900, 128):
        block(texture, (left, 8, left + 116, 414), "#10151b", "#3a4650")
        for top in range(18, 400, 24):
            block(texture, (left + 8, top, left + 108, top + 19), "#2a333d", "#0a0e12")
            for x in range(left + 14, left + 60, 9):
                oval(texture, (x, top + 10), (3, 3), _LAMPS[int(chance.integers(6))])
            for x in range(left + 68, left + 104, 6):
                stroke(texture, (x, top + 4), (x, top + 15), "#141a20", 2)
        stroke(texture, (left + 120, 8), (left + 120, 414), "#2f6fbf", 4)
    return texture


def _screen_wall() -> Array:
    """Return a wall of screens: a map of the world, curves and numbers."""
    texture = plain(rgb("#17212b"), 360, 900)
    block(texture, (230, 12, 670, 240), "#0b2a3c", "#5d6b7a")
    land = (
        ((310, 70), (60, 36)),
        ((350, 150), (30, 54)),
        ((460, 80), (40, 30)),
        ((470, 140), (36, 50)),
        ((570, 80), (70, 40)),
        ((610, 180), (30, 20)),
    )
    for place, axes in land:
        oval(texture, place, axes, "#2fa88a")
    for first, last in (((310, 70), (570, 84)), ((350, 150), (460, 82)), ((570, 84), (610, 180))):
        stroke(texture, first, last, "#ffd24f", 2)
        oval(texture, last, (6, 6), "#ff5f5f")
    chance = np.random.default_rng(32)
    for left in (14, 126, 682, 794):
        for top in (12, 130):
            block(texture, (left, top, left + 98, top + 104), "#0d2a3a", "#5d6b7a")
            places = [
                (left + 8 + 10 * step, top + 20 + int(chance.integers(66))) for step in range(9)
            ]
            code = ("#4fd8e8", "#55d88f", "#f2c13c")[int(chance.integers(3))]
            for step in range(8):
                stroke(texture, places[step], places[step + 1], code, 3)
    for left in range(14, 890, 110):
        block(texture, (left, 256, left + 98, 344), "#0d2a3a", "#5d6b7a")
        for bar in range(6):
            tall = int(chance.integers(12, 66))
            block(texture, (left + 10 + 14 * bar, 336 - tall, left + 20 + 14 * bar, 336), "#4fb8f0")
    return texture


def _cockpit_panel() -> Array:
    """Return the instruments of an airplane with two yokes."""
    texture = see_through(260, 1000)
    fill(texture, [(0, 70), (140, 20), (860, 20), (999, 70), (999, 259), (0, 259)], "#2b3138")
    fill(texture, [(0, 70), (140, 20), (860, 20), (999, 70), (999, 86), (0, 86)], "#454d56")
    for left in (150, 280, 410, 500, 600, 730):
        block(texture, (left, 98, left + 104, 180), "#0c141c", "#5d6b7a")
        oval(texture, (left + 52, 139), (34, 34), "#101c28")
        cv2.ellipse(
            texture,
            (left + 52, 139),
            (34, 34),
            0,
            180,
            360,
            (*tone_of("#4fb8f0"), 255),
            -1,
            cv2.LINE_AA,
        )
        cv2.ellipse(
            texture,
            (left + 52, 139),
            (34, 34),
            0,
            0,
            180,
            (*tone_of("#9a6b3a"), 255),
            -1,
            cv2.LINE_AA,
        )
        stroke(texture, (left + 26, 139), (left + 78, 139), "#ffffff", 3)
    for order in range(40):
        oval(texture, (60 + 23 * order, 204 + 16 * (order % 3)), (5, 5), _LAMPS[order % 6])
    for x in (240, 760):
        stroke(texture, (x, 259), (x, 200), "#15191d", 16)
        for side in (-44, 44):
            stroke(texture, (x, 200), (x + side, 200), "#15191d", 15)
            stroke(texture, (x + side, 206), (x + side, 170), "#15191d", 15)
    block(texture, (470, 190, 530, 259), "#3a424a", "#15191d")
    for x in (486, 514):
        stroke(texture, (x, 236), (x, 176), "#c6ccd2", 8)
    return texture


def _switch_roof() -> Array:
    """Return the panel of switches over the heads of pilots."""
    texture = plain(rgb("#39414a"), 420, 700)
    block(texture, (200, 60, 500, 419), "#22282f", "#5d6b7a")
    for top in range(90, 410, 34):
        for left in range(222, 490, 34):
            block(texture, (left, top, left + 18, top + 20), "#454d56", "#15191d")
            oval(texture, (left + 9, top + 5), (4, 4), _LAMPS[(left + top) % 6])
    return texture


def _foam_panels() -> Array:
    """Return wedges of dark foam that swallow sound, and a window to the next room."""
    texture = plain(rgb("#33363c"), 420, 700)
    for top in range(0, 420, 60):
        for left in range(0, 700, 60):
            code = "#454950" if (top + left) // 60 % 2 else "#3a3e44"
            block(texture, (left, top, left + 59, top + 59), code)
            for step in range(6, 60, 14):
                ends = ((left + step, top + 3), (left + step, top + 56))
                if (top + left) // 60 % 2:
                    ends = ((left + 3, top + step), (left + 56, top + step))
                stroke(texture, ends[0], ends[1], "#24272c", 4)
    return texture


def _control_window() -> Array:
    """Return the lit sign and the window of a recording studio."""
    texture = see_through(300, 600)
    block(texture, (20, 80, 580, 290), "#8fb4c4", "#2a1f18")
    block(texture, (36, 96, 564, 274), "#5d7f92")
    stroke(texture, (90, 260), (230, 110), "#b9d6e2", 14)
    block(texture, (190, 6, 410, 62), "#c0202c", "#3a0f14")
    write(texture, "ON AIR", (222, 50), 1.3, "#fff3e0")
    return texture


def _mixing_desk() -> Array:
    """Return a desk of faders and dials between two loudspeakers."""
    texture = see_through(260, 900)
    fill(texture, [(120, 90), (780, 90), (840, 190), (60, 190)], "#2b2f36")
    for left in range(140, 770, 24):
        stroke(texture, (left, 120), (left - (450 - left) // 14, 180), "#0f1114", 4)
        oval(texture, (left, 104), (6, 4), _LAMPS[left % 5])
        block(texture, (left - 7, 140 + left * 7 % 30, left + 7, 150 + left * 7 % 30), "#d9dde2")
    block(texture, (60, 190, 840, 259), "#7a4f30", "#3a2313")
    for left in (10, 800):
        block(texture, (left, 0, left + 90, 150), "#1f2126", "#4a4f57")
        oval(texture, (left + 45, 100), (34, 34), "#d9c48a")
        oval(texture, (left + 45, 100), (14, 14), "#15171a")
        oval(texture, (left + 45, 34), (16, 16), "#d9c48a")
    return texture


def _news_wall() -> Array:
    """Return the blue wall of a news studio with a globe and a skyline of screens."""
    texture = plain(rgb("#12306a"), 420, 900)
    for left in range(0, 900, 90):
        block(texture, (left, 0, left + 42, 419), "#163a80")
    oval(texture, (450, 190), (150, 150), "#2f7fd0")
    for place, axes in (((400, 130), (66, 40)), ((430, 240), (40, 60)), ((530, 170), (44, 60))):
        oval(texture, place, axes, "#7fc4f4")
    for tilt in (30, 90, 140):
        oval(texture, (450, 190), (150, tilt), "#9fd8ff", 2)
    block(texture, (250, 340, 650, 404), "#c0202c", "#ffffff")
    write(texture, "NEWS", (372, 392), 1.8, "#ffffff")
    for left in (30, 690):
        block(texture, (left, 60, left + 180, 180), "#0d2a3a", "#9fd8ff")
        block(texture, (left, 210, left + 180, 330), "#0d2a3a", "#9fd8ff")
        fill(
            texture,
            [
                (left + 14, 160),
                (left + 70, 100),
                (left + 110, 140),
                (left + 166, 80),
                (left + 166, 166),
                (left + 14, 166),
            ],
            "#2fa88a",
        )
    return texture


def _news_desk() -> Array:
    texture = see_through(220, 800)
    fill(texture, [(60, 50), (740, 50), (680, 219), (120, 219)], "#1b3f8a")
    fill(texture, [(180, 80), (620, 80), (590, 200), (210, 200)], "#e9eef6")
    block(texture, (30, 34, 770, 54), "#dfe7f2", "#7f97b5")
    write(texture, "LIVE", (330, 164), 1.7, "#c0202c")
    return texture


def _studio_lights() -> Array:
    """Return rails with spotlights under a black ceiling."""
    texture = plain(rgb("#14161b"), 420, 900)
    for top in (90, 220, 350):
        block(texture, (0, top, 899, top + 12), "#4a525c")
        for left in range(60, 900, 150):
            block(texture, (left, top + 6, left + 60, top + 62), "#2a2f36", "#5d6b7a")
            oval(texture, (left + 30, top + 60), (26, 16), "#fff6d8")
    return texture


def _star_dome() -> Array:
    """Return the dome of a planetarium: stars, the milky way, planets and constellations."""
    share = np.linspace(0, 1, 420, dtype=F32)[:, None, None]
    texture = as_bytes(
        np.broadcast_to(mix(rgb("#0a1034"), rgb("#2a2468"), share), (420, 900, 3)) * 255
    ).copy()
    chance = np.random.default_rng(37)
    for _ in range(500):
        along = float(chance.uniform(0, 1))
        place = (int(900 * along), int(300 - 230 * along + float(chance.normal(0, 30))))
        oval(texture, place, (2, 2), "#a99fe0")
    for _ in range(240):
        oval(texture, (int(chance.integers(900)), int(chance.integers(420))), (2, 2), "#ffffff")
    for places in (
        ((100, 90), (170, 130), (240, 110), (300, 170)),
        ((560, 260), (640, 220), (700, 280), (780, 250)),
    ):
        for first, last in pairwise(places):
            stroke(texture, first, last, "#7fa8e8", 2)
            oval(texture, first, (5, 5), "#ffffff")
    oval(texture, (700, 110), (44, 44), "#e0a86a")
    oval(texture, (700, 110), (80, 14), "#f2d6a0", 6)
    oval(texture, (330, 300), (24, 24), "#d8603f")
    return texture


TECHNICAL_FITTINGS: Final[Mapping[str, Callable[[], Array]]] = {
    "server_racks": _server_racks,
    "screen_wall": _screen_wall,
    "cockpit_panel": _cockpit_panel,
    "switch_roof": _switch_roof,
    "foam_panels": _foam_panels,
    "control_window": _control_window,
    "mixing_desk": _mixing_desk,
    "news_wall": _news_wall,
    "news_desk": _news_desk,
    "studio_lights": _studio_lights,
    "star_dome": _star_dome,
}
"""Each by its name."""
