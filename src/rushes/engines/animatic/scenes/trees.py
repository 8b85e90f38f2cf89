"""Conifers and grass."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array
from rushes.engines.animatic.paint.canvas import Canvas, fill


@dataclass(frozen=True, slots=True, kw_only=True)
class Mist:
    """Fog that lies on the ground between trees; the height as at 720 px."""

    colour: Array
    densest: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A stand of conifers; heights as in a 720 px high frame."""

    heights: tuple[float, float]
    nearness: float
    ground: bool = True
    """Whether the earth under it is painted too."""

    mist: Mist | None = None


def paint_pines(
    canvas: Canvas,
    chance: np.random.Generator,
    stand: Stand,
    *,
    colour: Array,
    base: Array,
    places: Sequence[float] | Array,
    covered_from: Array | None = None,
) -> None:
    """
    Paint conifers whose feet follow the line *base*, one at each of *places* (columns).

    Args:
        covered_from: The line from which on something nearer will hide trees and ground.
    """
    mask = np.zeros_like(canvas.alpha)
    shortest, tallest = stand.heights
    for x in places:
        foot = (
            float(base[int(min(max(x, 0), canvas.width - 1))]) + chance.uniform(0, 14) * canvas.unit
        )
        height = chance.uniform(shortest, tallest) * canvas.unit
        _pine(mask, chance, float(x), foot, height=height, unit=canvas.unit)
    top = np.maximum(base - F32(tallest * 1.1 * canvas.unit), 0)
    first, rows = canvas.rows_below(top, covered_from)
    below: Array = mask[first : first + 2 * len(rows)]
    if stand.ground:
        below = cv2.max(below, canvas.mask_below(first, base, len(rows)))
    texture = canvas.noise(len(rows), tile_px=400, seed=5, beta=1.1)
    light = F32(0.80) + F32(0.4) * texture
    if stand.mist is None:
        body = colour * light[..., None]
    else:
        height = stand.mist.height * canvas.unit
        share = np.clip((rows - base[::2][None] + height) / height, 0, 1) ** 1.3
        share *= F32(stand.mist.densest)
        light *= 1 - share
        # Both colours at once, for whole pictures of three numbers a pixel take long to mix.
        colours = np.stack([colour, stand.mist.colour], 1).astype(F32)
        body = cv2.transform(cv2.merge([light, share.astype(F32)]), colours)
    canvas.put(first, below, body, stand.nearness)


def scattered(canvas: Canvas, chance: np.random.Generator, count: int) -> Array:
    """Return columns all over the canvas and a little beyond."""
    return chance.uniform(-20, canvas.width + 20, count)


def at_the_edges(
    canvas: Canvas,
    chance: np.random.Generator,
    count: int,
    *,
    spread: float,
    lean: tuple[float, float],
) -> Array:
    """Return columns near the left and right edges, so that they frame what is between."""
    left = chance.beta(*lean, count // 2) * spread
    right = 1 - chance.beta(*lean, count - count // 2) * spread
    return np.concatenate([left, right]) * canvas.width


def paint_grass(
    canvas: Canvas, chance: np.random.Generator, *, colour: Array, count: int, tallest: float
) -> None:
    """Paint blades that grow from the canvas's lower edge."""
    mask = np.zeros_like(canvas.alpha)
    foot = canvas.height + 4
    blades = zip(
        chance.uniform(-20, canvas.width + 20, count),
        chance.gamma(3, tallest / 4.5, count) * canvas.unit,
        chance.normal(0, 0.38, count),
        chance.uniform(1.2, 2.8, count) * canvas.unit,
        strict=True,
    )
    for x, height, bend, width in blades:
        tall = height + 8 * canvas.unit
        middle = (x + bend * tall * 0.3, foot - tall * 0.55)
        fill(
            mask,
            [
                (x - width, foot),
                (middle[0] - width * 0.6, middle[1]),
                (x + bend * tall, foot - tall),
                (middle[0] + width * 0.6, middle[1]),
                (x + width, foot),
            ],
        )
    shade = 0.7 + 0.7 * np.linspace(1, 0, canvas.height // 2, dtype=F32) ** 3
    body = np.broadcast_to(colour * F32(1), (canvas.height // 2, canvas.width // 2, 3))
    canvas.put(0, mask, body * shade[:, None, None], 1.0)


def _pine(
    mask: Array, chance: np.random.Generator, x: float, foot: float, *, height: float, unit: float
) -> None:
    """Fill one conifer: a jagged outline of whorls that widen downwards."""
    whorls = int(min(max(6, height / (9 * unit)), 20))
    share = np.arange(whorls) / whorls
    width = height * (0.035 + 0.215 * share) * chance.uniform(0.72, 1.15, whorls)
    rows = foot - height * (1 - share)
    step = height / whorls * 1.05
    right = _zigzag(x + width * 0.42, x + width, rows, step)
    left = _zigzag(x - width * 0.42, x - width, rows, step)[::-1]
    trunk = [(x + height * 0.02, foot + 4), (x - height * 0.02, foot + 4)]
    fill(mask, np.concatenate([[(x, foot - height * 1.04)], right, trunk, left]))


def _zigzag(inner: Array, outer: Array, rows: Array, step: float) -> Array:
    points = np.empty((2 * len(rows), 2))
    points[::2, 0], points[::2, 1] = inner, rows
    points[1::2, 0], points[1::2, 1] = outer, rows + step
    return points
