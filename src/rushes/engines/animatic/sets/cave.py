"""Paint a cave seen from within: rings of rock, one before another, and daylight at its mouth."""

from typing import Final

import cv2
import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.layers import Ground, SceneLight
from rushes.engines.animatic.paint.arrays import F32, Array, blur, enlarge
from rushes.engines.animatic.paint.canvas import fill
from rushes.engines.animatic.paint.colour import mix, rgb
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.scenes.palettes import Palette
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.eye_level import EyeLevel, eye_level
from rushes.engines.animatic.sets.light import palette_of
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.sets.room import Box
from rushes.engines.animatic.sets.shell import Shell, grained, plain
from rushes.engines.animatic.shot import Shot

_CAVE: Final = Box(left=0.34, top=0.22, right=0.66, bottom=0.62, far=0.22)
_ROCK: Final = rgb("#77604f")
_MOUTH_Y: Final = 0.5
_RINGS: Final = ((0.13, 0.36, 1.25), (0.22, 0.48, 0.95), (0.34, 0.60, 0.66), (0.47, 0.70, 0.36))
"""Half width and height of each opening, as shares of the frame, and how light its rock is."""


def cave(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return a cave with its mouth in the distance; at night it is lit by fire and moss."""
    chance = shot.chance("cave")
    level = eye_level(0.5, plan.framing)
    shell = Shell(shot, _CAVE.seen_from(level))
    palette = palette_of(plan)
    is_dark = plan.time == "night"
    outside = palette.haze if not is_dark else mix(palette.haze, rgb("#9fb8ff"), 0.3)
    _paint_outside(shell, palette)
    relief = _relief(shell)
    for half, tall, tone_share in _RINGS:
        tone = mix(_ROCK * F32(tone_share), outside * F32(0.6), 0.30 * tone_share)
        _paint_ring(shell, _opening(shell, chance, level, half, tall), relief, tone)
    _paint_floor(shell, level)
    _light_up(shell, level, outside, is_dark=is_dark)
    light = SceneLight(
        ambient=mix(np.full(3, 0.8, F32), outside, 0.25) * F32(0.8 if is_dark else 1.0),
        key=rgb("#ffc98a") if is_dark else outside,
        key_x=-0.6 if is_dark else 0.4,
        key_y=0.6,
        haze=_ROCK * F32(0.5),
    )
    ground = Ground(
        horizon=level.horizon, farthest=level.row(0.68), far_nearness=_CAVE.far,
        near_nearness=_CAVE.near, haze=0.3, margin=0.2,
    )  # fmt: skip
    return PaintedSet(
        shot, palette, side=1, light=light, ground=ground, layers=[shell.layer(view)], vignette=0.26
    )


def _paint_outside(shell: Shell, palette: Palette) -> None:
    """Paint what is seen through the mouth: sky, and a distant hill."""
    stops = np.stack([rgb(palette.sky[2]), rgb(palette.sky[3])])
    share = np.linspace(0, 1, shell.canvas.height, dtype=F32)[:, None, None]
    sky = mix(stops[0], stops[1], share) * 255
    shell.image[:] = np.clip(sky, 0, 255).astype(np.uint8)
    hill = mix(palette.land, palette.haze, 0.55)
    columns = np.arange(shell.canvas.width, dtype=F32)
    row = shell.at(0, 0.52)[1] - 0.03 * shell.px * np.sin(columns / F32(0.1 * shell.px))
    mask = np.arange(shell.canvas.height, dtype=F32)[:, None] > row[None]
    shell.image[mask] = np.clip(hill * 255, 0, 255).astype(np.uint8)


def _relief(shell: Shell) -> Array:
    """Return how light or dark each point of the rock is, around 1.0."""
    height, width = shell.image.shape[:2]
    noise = enlarge(tile(512, 1.5, 3), width // 2, height // 2)
    coarse = enlarge(tile(256, 1.9, 7), width // 2, height // 2)
    slope = cv2.Sobel(blur(noise, 2.0), cv2.CV_32F, 0, 1, ksize=5)
    shade = np.clip(0.95 + slope * 0.07 + (coarse - 0.5) * 0.8, 0.35, 1.6)
    return enlarge(shade.astype(F32), width, height)


def _paint_ring(shell: Shell, hole: Array, relief: Array, tone: Array) -> None:
    """Paint one wall of rock around an opening, lit at its edge."""
    inner = blur(hole, 0.02 * shell.px).astype(F32) / 255
    body = tone * (relief * (0.62 + 1.1 * inner))[..., None] * 255
    weight = 1 - hole.astype(F32) / 255
    rock = np.clip(body, 0, 255).astype(np.uint8)
    cv2.blendLinear(rock, shell.image.copy(), weight, 1 - weight, dst=shell.image)


def _opening(
    shell: Shell, chance: np.random.Generator, level: EyeLevel, half: float, tall: float
) -> Array:
    """Return the mask of a ragged opening of that half width and height, with hanging stone."""
    hole = np.zeros(shell.image.shape[:2], np.uint8)
    turns = np.linspace(np.pi, 2 * np.pi, 34)
    rough = 1 + chance.normal(0, 0.045, len(turns))
    foot = level.row(0.5 + 0.3 * tall)
    middle = 0.5 + float(chance.uniform(-0.03, 0.03))
    rim = [
        (middle + half * np.cos(turn) * r, foot + tall * np.sin(turn) * r)
        for turn, r in zip(turns, rough, strict=True)
    ]
    outline = [shell.at(*place) for place in [*rim, (middle + half, 1.3), (middle - half, 1.3)]]
    fill(hole, outline)
    for _ in range(int(5 + 14 * half)):
        x = middle + float(chance.uniform(-0.8, 0.8)) * half
        top = foot - tall * np.sqrt(max(0.0, 1 - ((x - middle) / half) ** 2)) * 1.06
        length, wide = float(chance.uniform(0.25, 0.9)) * 0.2 * tall, 0.07 * half
        points = [(x - wide, top), (x + wide, top), (x + wide * 0.15, top + length)]
        cv2.fillPoly(
            hole, [np.round(np.array([shell.at(*p) for p in points]) * 16).astype(np.int32)], (0,),
            cv2.LINE_AA, 4,
        )  # fmt: skip
    return hole


def _paint_floor(shell: Shell, level: EyeLevel) -> None:
    """Lay the ground: it comes out of the dark at the walls and is lightest before the mouth."""
    texture = grained(plain(_ROCK * F32(0.62), 400, 700), 0.34, beta=1.1)
    top = level.row(0.61)
    rows = np.arange(shell.canvas.height, dtype=F32)[:, None]
    line = shell.at(0, top)[1]
    edge = np.clip((rows - line) / F32(0.05 * shell.px), 0, 1)
    under = shell.image.copy()
    shell.quad(((-0.4, top), (1.4, top), (2.6, 1.3), (-1.6, 1.3)), texture)
    weight = np.repeat(edge, shell.canvas.width, 1).astype(F32)
    cv2.blendLinear(shell.image.copy(), under, weight, 1 - weight, dst=shell.image)


def _light_up(shell: Shell, level: EyeLevel, outside: Array, *, is_dark: bool) -> None:
    shell.shade(np.full((4, 4), 0.66, F32))
    strength = 0.5 if is_dark else 1.0
    foot = level.row(0.62)
    shell.add_light(shell.spot(0.5, foot, 0.5, 0.3), outside * F32(0.9 * strength))
    shell.add_light(shell.spot(0.5, level.row(0.8), 0.7, 0.28), outside * F32(0.6 * strength))
    shell.add_glow(shell.spot(0.5, level.row(_MOUTH_Y), 0.34, 0.3), outside * F32(0.24 * strength))
    if is_dark:
        warm, moss = rgb("#ff9a4a"), rgb("#4affc0")
        shell.add_light(shell.spot(0.3, level.row(0.78), 0.55, 0.45), warm * F32(0.85))
        for x, y in ((0.08, 0.3), (0.9, 0.42), (0.74, 0.16)):
            shell.add_light(shell.spot(x, level.row(y), 0.2, 0.16), moss * F32(0.6))
