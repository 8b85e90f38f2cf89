"""Under water: light from above, kelp and rocks, a school of fish, bubbles."""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, Planes, floats, to_bytes
from rushes.engines.animatic.paint.canvas import Canvas, fill
from rushes.engines.animatic.paint.colour import RGB_TO_YUV, mix, rgb, smooth_step
from rushes.engines.animatic.paint.noise import line
from rushes.engines.animatic.scenes.backdrop import Backdrop
from rushes.engines.animatic.scenes.layers import FlatLayer
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.scenes.weather import Shafts
from rushes.engines.animatic.shot import Shot

_HAZE: Final = "#0f5a7c"
_DEPTHS: Final = ("#bfeff0", "#2f9fb4", "#0b4f77", "#04223f")
_FISH_OUTLINE: Final = (
    (1.6, 0.0), (0.7, -0.46), (-0.6, -0.3), (-1.2, -0.06), (-2.0, -0.5), (-1.75, 0.0),
    (-2.0, 0.5), (-1.2, 0.06), (-0.6, 0.3), (0.7, 0.46),
)  # fmt: skip
_TAIL: Final = {4: 1.0, 5: 0.5, 6: 1.0}
"""How much of the tail's beat each corner of the outline takes part in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fish:
    x: float
    y: float
    size: float
    speed: float
    phase: float


class Underwater:
    """A sea floor, seen from above it."""

    def __init__(self, shot: Shot, view: View, *, fish: int) -> None:
        """
        Paint it.

        Args:
            fish: How many small fish swim in the distance.
        """
        self._shot, self._view = shot, view
        self._unit = min(shot.width_px, shot.height_px) / 720
        water = _water_column(self._view.canvas_width // 2, self._view.canvas_height // 2)
        self._water = Backdrop(water, view)
        self._floor = FlatLayer(_floor(shot), view, nearness=0.4)
        self._shafts = Shafts(shot, source=0.0, strength=46.0, spread=0.55, falling=2.1)
        self._school = _school(shot, fish)

    def draw_water(self, t: float, planes: Planes) -> None:
        """Draw what is behind the cast."""
        self._water.draw(t, planes)
        self._shafts.draw(t, planes)
        for fish in self._school:
            self._draw_fish(t, fish, planes.y)

    def draw_floor(self, t: float, planes: Planes) -> None:
        sway = 0.008 * math.sin(4 * math.pi * t)
        self._floor.draw(t, planes, sway=sway)

    def _draw_fish(self, t: float, fish: _Fish, luma: Array) -> None:
        shot, turn = self._shot, 2 * math.pi * t
        swum = 1.2 if shot.loop else fish.speed * 0.33 * shot.duration_s / 5
        x = ((fish.x + t * swum) % 1.2 - 0.1) * shot.width_px
        y = (fish.y + 0.012 * math.sin(turn * 2 + fish.phase)) * shot.height_px
        beat = math.sin(turn * 9 + fish.phase) * 0.35
        outline = np.array(_FISH_OUTLINE)
        for corner, share in _TAIL.items():
            outline[corner, 1] += beat * share
        corners = ((outline * fish.size * self._unit + (x, y)) * 16).astype(np.int32)
        shade = 30 + 40 * (1 - fish.size / 18)
        cv2.fillPoly(luma, [corners], (shade,), cv2.LINE_AA, 4)


def _school(shot: Shot, count: int) -> list[_Fish]:
    chance = shot.chance("fish")
    return [
        _Fish(
            x=float(chance.uniform(0, 1.2)),
            y=float(chance.normal(0.42, 0.09)),
            size=float(chance.uniform(7, 18)),
            speed=float(chance.uniform(0.9, 1.2)),
            phase=float(chance.uniform(0, 6)),
        )
        for _ in range(count)
    ]


def _water_column(width: int, height: int) -> Array:
    """Return ``(height, width, 4)`` uint8 YUV: bright above, dark below."""
    rows = np.linspace(0, 1, height, dtype=F32)[:, None, None]
    columns = np.linspace(-1, 1, width, dtype=F32)[None, :, None]
    surface, upper, lower, deep = (rgb(code) for code in _DEPTHS)
    above = mix(surface, upper, smooth_step(0, 0.25, rows))
    below = mix(lower, deep, smooth_step(0.55, 1, rows))
    light = mix(above, below, smooth_step(0.15, 0.7, rows)) * (1.06 - 0.25 * np.abs(columns - 0.1))
    picture = cv2.transform(np.clip(light, 0, 1).astype(F32), RGB_TO_YUV)
    dither = np.random.default_rng(5).uniform(-0.5, 0.5, (height, width, 1)).astype(F32)
    return np.dstack([to_bytes(picture + dither), np.zeros((height, width), np.uint8)])


def _floor(shot: Shot) -> Canvas:
    """Return the canvas of three ridges of the sea floor with what grows on them."""
    canvas = Canvas(shot)
    chance = shot.chance("floor")
    for share in (0.0, 0.5, 1.0):
        top = _ridge(canvas, chance, share)
        first, rows = canvas.rows_below(top)
        texture = canvas.noise(len(rows), tile_px=560, seed=int(chance.integers(99)), beta=1.3)
        fading = np.exp(-(rows - top[::2][None]) / (70 * canvas.unit))
        colour = mix(rgb(_HAZE), rgb("#052036"), 0.25 + 0.6 * share)
        body = colour * (0.75 + 0.6 * texture * fading)[..., None]
        canvas.put(first, canvas.mask_below(first, top, len(rows)), body, 0.2 + 0.6 * share)
        mask = np.zeros_like(canvas.alpha)
        for x in chance.uniform(0, canvas.width, int(16 + 8 * share)):
            foot = float(top[int(min(x, canvas.width - 1))]) + 6
            _kelp(mask, chance, canvas, (float(x), foot), share)
        colour = mix(rgb(_HAZE), rgb("#031a2b"), 0.3 + 0.6 * share)
        canvas.put_colour(mask, colour, 0.3 + 0.6 * share)
    return canvas


def _ridge(canvas: Canvas, chance: np.random.Generator, share: float) -> Array:
    swell = np.abs(line(chance, canvas.columns * 0.9 / canvas.unit, beta=1.5, lowest=3))
    stones = line(chance, canvas.columns, beta=1.1, lowest=20)
    drop = 116 * share - 60 * (0.4 + 0.6 * share) * swell + 10 * stones
    return floats(canvas.height * 0.74 + drop * canvas.unit)


def _kelp(
    mask: Array, chance: np.random.Generator, canvas: Canvas, at: tuple[float, float], share: float
) -> None:
    """Fill one frond: a ribbon that winds upwards and narrows."""
    x, foot = at
    height = chance.uniform(60, 200) * (0.5 + share * 0.7) * canvas.unit
    lean = chance.normal(0, 0.25)
    along = np.linspace(0, 1, 16)
    middle = x + lean * height * along + 12 * canvas.unit * np.sin(along * 9 + x) * along
    width = (5.5 * (1 - along) ** 0.7 + 1) * canvas.unit * (0.5 + 0.7 * share)
    width = width * (1 + 0.5 * np.sin(along * 40) ** 2)
    rows = foot - along * height
    left = np.stack([middle - width, rows], 1)
    right = np.stack([middle + width, rows], 1)[::-1]
    fill(mask, np.concatenate([left, right]))
