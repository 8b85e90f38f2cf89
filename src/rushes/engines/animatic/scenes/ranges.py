"""Mountains and hills that recede into haze."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, blur, floats
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.colour import between, mix, rgb, smooth_step
from rushes.engines.animatic.paint.noise import line, peaks
from rushes.engines.animatic.scenes.palettes import Palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """Mountain ranges, one behind another; lengths are pixels of a 720 px high frame."""

    count: int
    height: float
    snow: float = 0.0
    """How far down the snow lies: 0 none, 0.5 a winter."""

    jagged: float = 0.75
    nearest: float = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Hills:
    """Rolling ground, one ridge before another."""

    count: int
    height: float
    gap: float
    farthest: float = 0.2
    nearest: float = 0.8
    rough: float = 0.22


def paint_ranges(
    canvas: Canvas,
    chance: np.random.Generator,
    palette: Palette,
    ranges: Ranges,
    *,
    horizon: float,
    sun_side: int,
) -> None:
    """Paint mountain ranges that stand on the horizon, lit from the side of the sun."""
    shares = [order / max(1, ranges.count - 1) for order in range(ranges.count)]
    tops = [_skyline(canvas, chance, ranges, horizon, share) for share in shares]
    height = ranges.height * canvas.unit
    for share, top, nearer in zip(shares, tops, [*tops[1:], None], strict=True):
        first, rows = canvas.rows_below(top, nearer)
        below = np.maximum(rows - top[::2][None], 0) / height
        coarse = _noise(canvas, chance, len(rows), between(700, 950, share))
        fine = _noise(canvas, chance, len(rows), 520, beta=1.35)
        light = _slopes(canvas, top, below, coarse, fine, sun_side=sun_side)
        body = _rock(palette, light, share)
        if ranges.snow:
            altitude = (horizon - rows) / height
            line = between(0.95, 0.62, share) * (1 - ranges.snow * 1.3)
            cover = altitude - line + (fine - 0.5) * 0.4 + (light - 0.5) * 0.12
            body = _snowed(body, palette, light, smooth_step(-0.03, 0.14, cover), share)
        fog = np.clip(below * between(1.35, 0.8, share) - 0.04, 0, between(0.85, 0.3, share))
        body = mix(body, palette.haze * F32(between(1.0, 0.9, share)), fog[..., None])
        nearness = between(0.06, ranges.nearest, share)
        canvas.put(first, canvas.mask_below(first, top, len(rows)), body, nearness)


def _skyline(
    canvas: Canvas, chance: np.random.Generator, ranges: Ranges, horizon: float, share: float
) -> Array:
    heights = peaks(
        chance,
        canvas.columns / canvas.unit,
        frequency=between(0.62, 0.5, share),
        jagged=ranges.jagged,
    )
    foot = horizon + between(-4, 26, share) * canvas.unit
    tall = ranges.height * canvas.unit * between(1, 0.42, share) * heights
    return floats(foot - without_needles(tall, canvas.columns))


STEEPEST: Final = 1.25
"""Of a mountain's side, in rows for one column: some 50 degrees."""


def without_needles(heights: Array, columns: Array) -> Array:
    """Return the highest skyline under *heights* that is nowhere steeper than ``STEEPEST``."""
    rise = STEEPEST * columns
    from_left = np.minimum.accumulate(heights - rise) + rise
    return np.minimum.accumulate((from_left + rise)[::-1])[::-1] - rise


def paint_hills(
    canvas: Canvas,
    chance: np.random.Generator,
    palette: Palette,
    hills: Hills,
    *,
    horizon: float,
    colour: Array,
    sun_side: int,
) -> list[Array]:
    """Paint rolling ground and return the line of each ridge, the farthest first."""
    shares = [(order + 1) / hills.count for order in range(hills.count)]
    tops = [_ridge(canvas, chance, hills, horizon, order) for order in range(hills.count)]
    for share, top, nearer in zip(shares, tops, [*tops[1:], None], strict=True):
        first, rows = canvas.rows_below(top, nearer)
        below = np.maximum(rows - top[::2][None], 0) / canvas.unit
        coarse = _noise(canvas, chance, len(rows), 900, squeeze=3.0)
        fine = _noise(canvas, chance, len(rows), 600, beta=1.0, squeeze=2.0)
        slope = np.gradient(blur(top[None], 14 * canvas.unit)[0])[::2][None] * sun_side
        shade = 1.02 + hills.rough * ((coarse - 0.5) * 1.3 + 0.8 * (fine - 0.5))
        shade = shade + np.clip(slope * 2.4, -0.3, 0.3) * np.exp(-below / 120)
        shade = shade - 0.28 * smooth_step(20, 260, below)
        rim = F32(0.20 * (1 - 0.45 * share)) * np.exp(-below / 9)
        body = mix(palette.haze, colour, between(0.4, 1, share)) * shade[..., None]
        body = body + palette.sun * rim[..., None]
        nearness = between(hills.farthest, hills.nearest, share)
        canvas.put(first, canvas.mask_below(first, top, len(rows)), body, nearness)
    return tops


def _ridge(
    canvas: Canvas, chance: np.random.Generator, hills: Hills, horizon: float, order: int
) -> Array:
    share = (order + 1) / hills.count
    columns = canvas.columns * between(0.8, 0.4, share) / canvas.unit
    wave = line(chance, columns, beta=2.0, lowest=2)
    drop = hills.gap * (order + 0.28 * order * order) - 8
    swing = hills.height * between(0.6, 1.1, share)
    return floats(horizon + (drop - swing * wave) * canvas.unit)


def _noise(
    canvas: Canvas,
    chance: np.random.Generator,
    rows: int,
    tile_px: float,
    *,
    beta: float = 1.9,
    squeeze: float = 1.0,
) -> Array:
    seed = int(chance.integers(99))
    return canvas.noise(rows, tile_px=tile_px, seed=seed, beta=beta, squeeze=squeeze)


def _slopes(
    canvas: Canvas, top: Array, below: Array, coarse: Array, fine: Array, *, sun_side: int
) -> Array:
    """Return how lit the rock is: the ridge's slope, looked up through a wandering column."""
    slope = blur(np.gradient(top)[None].astype(F32), 7 * canvas.unit)[0] * sun_side
    wander = (coarse - 0.5) * 190 * canvas.unit * below
    wander = wander + (fine - 0.5) * 60 * canvas.unit * cv2.sqrt(below)
    columns = np.clip(canvas.columns[::2][None] + wander, 0, canvas.width - 1).astype(np.int32)
    light = 2.1 * slope[columns] * (1 - 0.35 * np.minimum(below, 1))
    return floats(0.5 + 0.5 * np.tanh(light + (fine - 0.5) * 1.7 + (coarse - 0.5) * 0.8))


def _rock(palette: Palette, light: Array, share: float) -> Array:
    colour = mix(palette.haze, palette.land, between(0.32, 0.95, share))
    sunlit = palette.sun * F32(0.10 * (1 - share * 0.4)) * (light**2)[..., None]
    return floats(colour * mix(F32(0.6), F32(1.3), light)[..., None] + sunlit)


def _snowed(body: Array, palette: Palette, light: Array, cover: Array, share: float) -> Array:
    clear = between(0.42, 0.85, share)
    shadow = mix(palette.haze, rgb("#56759f"), clear)
    lit = mix(palette.haze, np.minimum(palette.sun * 1.02, 1), clear + 0.2)
    snow = mix(shadow, lit, light[..., None])
    snow = snow * mix(palette.daylight, 1, 1 - clear)  # far snow is as bright as its haze
    return mix(body, snow, cover[..., None])
