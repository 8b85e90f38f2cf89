"""Paint windows and openings of rooms through which one sees the sky, the stars or the land."""

import math
from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, blur
from rushes.engines.animatic.paint.colour import mix, rgb
from rushes.engines.animatic.sets.shell import as_bytes, plain
from rushes.engines.animatic.sets.texture_brush import (
    block,
    oval,
    see_through,
    stroke,
    tone,
    tone_of,
)

Glazing = Callable[[list[Array]], Array]


def sky_of(sky: list[Array], rows: int, columns: int) -> Array:
    """Return the sky's colours from top to foot, ``(rows, columns, 3)`` uint8."""
    share = np.linspace(0, 1, rows, dtype=F32)[:, None, None]
    return as_bytes(np.broadcast_to(mix(sky[0], sky[1], share), (rows, columns, 3)) * 255).copy()


def _land(texture: Array, sky: list[Array], top: int, *, code: str = "#5f8a3f") -> None:
    """Paint hills below the sky, as light as the sky is."""
    light = float(np.mean(sky[1]))
    rows, columns = texture.shape[:2]
    far = [(x, top - 26 + 14 * math.sin(x * 0.011)) for x in range(0, columns + 20, 20)]
    corners = np.array([*far, (columns, rows), (0, rows)])
    far_tone = tone(mix(rgb(code), sky[1], 0.5) * F32(0.25 + 0.75 * light))
    cv2.fillPoly(texture, [corners.astype(np.int32)], far_tone, cv2.LINE_AA)
    texture[top:] = tone(rgb(code) * F32(0.25 + 0.75 * light))


def _stars(sky: list[Array]) -> Array:
    """Return the wide window of a ship of space: stars and a planet, whatever the *sky*."""
    texture = plain(rgb("#060914"), 420, 900)
    chance = np.random.default_rng(len(sky))
    for _ in range(300):
        place = (int(chance.integers(900)), int(chance.integers(420)))
        bright = tone(np.full(3, float(chance.uniform(0.4, 1.0))))
        cv2.circle(texture, place, 1 + int(chance.random() < 0.2), bright, -1, cv2.LINE_AA)
    oval(texture, (640, 330), (210, 210), "#2f6fbf")
    for place, axes in (((580, 260), (90, 40)), ((700, 320), (70, 50)), ((620, 390), (110, 26))):
        oval(texture, place, axes, "#5f9a5a")
    for place, axes in (((640, 220), (120, 14)), ((560, 310), (80, 10)), ((730, 270), (70, 9))):
        oval(texture, place, axes, "#e6f0f6")
    texture = blur(texture, 0.8)
    shade = np.zeros((420, 900), np.uint8)
    cv2.circle(shade, (720, 400), 230, (255,), -1)
    dark = blur(shade, 30.0)[..., None].astype(F32) / 255
    texture = as_bytes(texture * (1 - F32(0.45) * dark))
    for left in (0, 290, 590, 880):
        block(texture, (left, 0, left + 20, 419), "#5d6b7a", "#2a333c")
    for top in (0, 400):
        block(texture, (0, top, 899, top + 20), "#5d6b7a", "#2a333c")
    return texture


def _high_windows(sky: list[Array]) -> Array:
    """Return a row of windows under a roof."""
    texture = see_through(120, 900)
    panes = sky_of(sky, 120, 900)
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
    panes = sky_of(sky, rows, columns)
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


def _glass_roof(sky: list[Array]) -> Array:
    texture = sky_of([sky[0], sky[0]], 420, 900)
    for top in range(0, 420, 52):
        block(texture, (0, top, 899, top + 8), "#eef2ee")
    for left in range(0, 900, 112):
        block(texture, (left, 0, left + 10, 419), "#eef2ee")
    return texture


def _glass_wall(sky: list[Array]) -> Array:
    """Return a wall of panes, with trees behind the lower ones."""
    texture = sky_of(sky, 420, 900)
    _land(texture, sky, 300, code="#4f7f3f")
    light = float(np.mean(sky[1]))
    chance = np.random.default_rng(6)
    for _ in range(120):
        place = (int(chance.integers(0, 900)), int(chance.integers(250, 330)))
        green = np.array([0.3, 0.5, 0.26]) * float(chance.uniform(0.6, 1.2)) * (0.2 + 0.8 * light)
        cv2.circle(texture, place, int(chance.integers(10, 34)), tone(green), -1, cv2.LINE_AA)
    for top in (0, 130, 270, 408):
        block(texture, (0, top, 899, top + 11), "#eef2ee")
    for left in range(0, 900, 89):
        block(texture, (left, 0, left + 8, 419), "#eef2ee")
    return texture


def _airport_glass(sky: list[Array]) -> Array:
    """Return tall panes before an airfield with an airplane."""
    texture = sky_of(sky, 420, 900)
    _land(texture, sky, 320, code="#8b8f93")
    light = 0.3 + 0.7 * float(np.mean(sky[1]))
    white, grey = tone(rgb("#dfe4e8") * F32(light)), tone(rgb("#7f8b95") * F32(light))
    blue = tone(rgb("#2f6fbf") * F32(light))
    cv2.ellipse(texture, (470, 270), (300, 44), 0, 0, 360, white, -1, cv2.LINE_AA)
    cv2.ellipse(texture, (470, 270), (300, 44), 0, 0, 360, grey, 4, cv2.LINE_AA)
    cv2.fillPoly(
        texture, [np.array([(190, 262), (150, 130), (214, 130), (290, 240)])], blue, cv2.LINE_AA
    )
    cv2.fillPoly(
        texture, [np.array([(430, 280), (300, 350), (360, 356), (560, 290)])], grey, cv2.LINE_AA
    )
    cv2.ellipse(texture, (420, 334), (46, 18), 0, 0, 360, blue, -1, cv2.LINE_AA)
    for left in range(280, 700, 34):
        cv2.circle(texture, (left, 258), 6, tone(rgb("#3a4a58") * F32(light)), -1, cv2.LINE_AA)
    for left in range(0, 900, 128):
        block(texture, (left, 0, left + 10, 419), "#c6d0d6")
    for top in (0, 200, 408):
        block(texture, (0, top, 899, top + 11), "#c6d0d6")
    return texture


def _garden_view(sky: list[Array]) -> Array:
    """Return a front garden with trees and a fence, seen from a porch."""
    texture = sky_of(sky, 420, 900)
    _land(texture, sky, 270, code="#6f9a4a")
    light = 0.25 + 0.75 * float(np.mean(sky[1]))
    chance = np.random.default_rng(7)
    for middle in (130, 420, 760):
        block(texture, (middle - 9, 190, middle + 9, 300), "#5b4630")
        for _ in range(60):
            place = (middle + int(chance.normal(0, 46)), 150 + int(chance.normal(0, 34)))
            green = np.array([0.33, 0.55, 0.25]) * float(chance.uniform(0.7, 1.2)) * light
            cv2.circle(texture, place, int(chance.integers(12, 26)), tone(green), -1, cv2.LINE_AA)
    return texture


def _tent_door(sky: list[Array]) -> Array:
    """Return the opening of a tent with the land outside."""
    texture = see_through(400, 400)
    outside = sky_of(sky, 400, 400)
    _land(outside, sky, 270)
    mask = np.zeros((400, 400), np.uint8)
    shape = np.array([(200, 10), (350, 390), (50, 390)])
    cv2.fillPoly(mask, [shape], (255,), cv2.LINE_AA)
    texture[..., :3], texture[..., 3] = outside, mask
    for side in (-1, 1):
        flap = np.array([(200, 10), (200 + side * 150, 390), (200 + side * 96, 390)])
        cv2.fillPoly(texture, [flap], (*tone_of("#b9742f"), 255), cv2.LINE_AA)
    return texture


def _barn_door(sky: list[Array]) -> Array:
    """Return an open gate with a field outside."""
    texture = sky_of(sky, 400, 400)
    _land(texture, sky, 250)
    for top in (290, 330):
        block(texture, (0, top, 399, top + 10), "#8a6a44")
    for left in range(10, 400, 90):
        block(texture, (left, 270, left + 12, 380), "#8a6a44")
    cv2.rectangle(texture, (0, 0), (399, 399), tone_of("#5b3417"), 22)
    return texture


def _round_window(sky: list[Array]) -> Array:
    texture = see_through(240, 240)
    mask = np.zeros((240, 240), np.uint8)
    cv2.circle(mask, (120, 120), 104, (255,), -1, cv2.LINE_AA)
    texture[..., :3], texture[..., 3] = sky_of(sky, 240, 240), mask
    stroke(texture, (120, 20), (120, 220), "#5b3c1a", 9)
    stroke(texture, (20, 120), (220, 120), "#5b3c1a", 9)
    oval(texture, (120, 120), (108, 108), "#6f4b2a", 16)
    return texture


def _cockpit_glass(sky: list[Array]) -> Array:
    """Return the windows of an airplane's cockpit, with clouds below."""
    texture = sky_of(sky, 300, 900)
    chance = np.random.default_rng(8)
    light = 0.25 + 0.75 * float(np.mean(sky[1]))
    for _ in range(90):
        place = (int(chance.integers(0, 900)), int(chance.integers(190, 300)))
        white = tone(np.full(3, min(1.0, light * float(chance.uniform(0.85, 1.05)))))
        cv2.ellipse(
            texture,
            place,
            (int(chance.integers(20, 70)), int(chance.integers(8, 22))),
            0,
            0,
            360,
            white,
            -1,
            cv2.LINE_AA,
        )
    for left in (0, 290, 590, 884):
        block(texture, (left, 0, left + 16, 299), "#2b3138")
    for top in (0, 286):
        block(texture, (0, top, 899, top + 13), "#2b3138")
    return texture


def _skyline_glass(sky: list[Array]) -> Array:
    """Return a wall of glass high above a city, whose windows are lit at night."""
    texture = sky_of(sky, 420, 900)
    chance = np.random.default_rng(9)
    light = float(np.mean(sky[1]))
    for row, (low, high) in enumerate(((120, 260), (200, 330))):
        left = -10
        while left < 900:
            wide, top = int(chance.integers(44, 86)), int(chance.integers(low, high))
            far = mix(rgb("#4a5a6c"), sky[1], 0.5 - 0.3 * row) * F32(0.25 + 0.75 * light)
            cv2.rectangle(texture, (left, top), (left + wide, 419), tone(far), -1)
            for y in range(top + 10, 415, 18):
                for x in range(left + 7, left + wide - 8, 14):
                    lit = chance.random() < (0.6 if light < _DARK_SKY else 0.12)
                    pane = rgb("#ffd98a") if lit else far * F32(0.8)
                    cv2.rectangle(texture, (x, y), (x + 6, y + 9), tone(pane), -1)
            left += wide + int(chance.integers(-10, 14))
    for left in range(0, 900, 178):
        block(texture, (left, 0, left + 10, 419), "#3a4048")
    for top in (0, 408):
        block(texture, (0, top, 899, top + 11), "#3a4048")
    return texture


_DARK_SKY: Final = 0.5

GLAZED: Final[Mapping[str, Glazing]] = {
    "stars": _stars,
    "high_windows": _high_windows,
    "station_glass": _station_glass,
    "glass_roof": _glass_roof,
    "glass_wall": _glass_wall,
    "airport_glass": _airport_glass,
    "garden_view": _garden_view,
    "tent_door": _tent_door,
    "barn_door": _barn_door,
    "round_window": _round_window,
    "cockpit_glass": _cockpit_glass,
    "skyline_glass": _skyline_glass,
}
"""Windows by name; each takes the sky's colours at its top and its foot."""
