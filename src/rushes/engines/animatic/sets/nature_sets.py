"""Paint glaciers, waterfalls and islands that float in the air."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.layers import Layer
from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.moving_water import pool_light
from rushes.engines.animatic.sets.open_air import OpenAir
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.sets.shell import Point
from rushes.engines.animatic.shot import Shot


def glacier(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return a tongue of blue ice with crevasses that comes down between mountains."""
    land = OpenAir(shot, plan, horizon=0.5)
    for x, tall, wide in ((0.02, 0.4, 0.3), (0.98, 0.44, 0.3), (0.3, 0.3, 0.2), (0.7, 0.27, 0.2)):
        peak(land, x, tall, wide)
    _ice_front(land)
    land.ground("#dbe9f2", rough=0.1, haze=0.1)
    for order in range(15):
        size = 0.1 + 1.0 * (order / 15) ** 1.4
        x = 0.5 + float(land.chance.uniform(-0.55, 0.55)) / min(size, 1.0)
        wide = float(land.chance.uniform(0.08, 0.2))
        places = [
            land.at(
                x + wide * (step - 2) / 2 / max(size, 0.3),
                size * (1 + float(land.chance.uniform(-0.07, 0.07))),
            )
            for step in range(5)
        ]
        for first, last in pairwise(places):
            land.stroke(first, last, land.lit("#3f8fc4"), 0.016 * size + 0.002)
            land.stroke(
                (first[0], first[1] - 0.006 * size),
                (last[0], last[1] - 0.006 * size),
                land.lit("#ffffff"),
                0.006 * size + 0.001,
            )
    return land.finished(view, farthest=0.34, added=[])


def _ice_front(land: OpenAir) -> None:
    """Paint a wall of blue ice across the valley, in jagged pillars."""
    foot = land.horizon + 0.08
    x = -0.1
    while x < 1.1:
        wide = float(land.chance.uniform(0.025, 0.06))
        dip = 0.12 * abs(x - 0.5)
        top = foot - 0.23 - dip + float(land.chance.uniform(-0.035, 0.035))
        code = ("#bfe3f4", "#8fcdea", "#a8d9ef", "#6fb6dd")[int(land.chance.integers(4))]
        land.polygon(
            [
                (x, foot),
                (x + 0.006, top),
                (x + 0.6 * wide, top - 0.02),
                (x + wide, top + 0.015),
                (x + wide, foot),
            ],
            land.lit(code, 0.08),
        )
        land.stroke((x + wide, top + 0.02), (x + wide, foot), land.lit("#4f97c4", 0.1), 0.006)
        land.polygon(
            [
                (x + 0.006, top),
                (x + 0.6 * wide, top - 0.02),
                (x + wide, top + 0.015),
                (x + wide, top + 0.03),
                (x, top + 0.025),
            ],
            land.lit("#f6fbff"),
        )
        x += wide


def peak(land: OpenAir, x: float, tall: float, wide: float, *, snow: bool = True) -> None:
    """Paint a mountain at the horizon; *tall* and *wide* are shares of the frame."""
    foot, top = land.horizon + 0.03, land.horizon - tall
    land.polygon([(x - wide, foot), (x, top), (x + wide, foot)], land.lit("#6d7f93", 0.3))
    dark = [
        (x, top),
        (x + wide, foot),
        (x + 0.25 * wide, foot),
        (x - 0.06 * wide, top + 0.5 * tall),
    ]
    land.polygon(dark, land.lit("#4d5d70", 0.3))
    if snow:
        edge = [
            (
                x + wide * share * 0.5,
                top + tall * (0.5 if order % 2 else 0.3) * abs(1.2 - abs(share)),
            )
            for order, share in enumerate((0.7, 0.4, 0.1, -0.2, -0.45, -0.7))
        ]
        land.polygon(
            [
                (x, top),
                (x + 0.4 * wide, top + 0.4 * tall),
                *edge[1:5],
                (x - 0.4 * wide, top + 0.4 * tall),
            ],
            land.lit("#f4f8fb", 0.05),
        )


def waterfall(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return a fall of white water from a cliff into a pool, between woods and rocks."""
    land = OpenAir(shot, plan, horizon=0.5)
    foot, top = land.horizon + 0.06, 0.05
    rock = ("#6d6a62", "#5b5952", "#7d7a70", "#4d4b45")
    land.polygon(
        [(-0.3, foot), (-0.3, top - 0.05), (0.3, top), (0.7, top), (1.3, top - 0.05), (1.3, foot)],
        land.lit(rock[1], 0.15),
    )
    for _ in range(240):
        x, y = float(land.chance.uniform(-0.1, 1.1)), float(land.chance.uniform(top, foot))
        wide, tall = float(land.chance.uniform(0.02, 0.05)), float(land.chance.uniform(0.02, 0.07))
        land.polygon(
            [(x, y), (x + wide, y - 0.01), (x + wide * 0.9, y + tall), (x - 0.006, y + tall)],
            land.lit(rock[int(land.chance.integers(4))], 0.12),
        )
    for _ in range(42):
        x = float(land.chance.uniform(-0.1, 1.1))
        y = top + float(land.chance.uniform(-0.06, 0.02)) if abs(x - 0.5) > 0.16 else top - 0.04
        codes = ("#3f7a34", "#5f9a3f", "#2f6a34")
        land.leaves((x, y), (0.12, 0.07), codes, count=22, leaf=0.024, haze=0.1)
    _falling(land, (0.36, 0.64), top, foot)
    land.ground("#4f9aa8", rough=0.1, haze=0.1)
    for _ in range(46):
        x = 0.5 + float(land.chance.normal(0, 0.1))
        land.blot(
            (x, foot + float(land.chance.uniform(-0.02, 0.03))), (0.05, 0.02), land.lit("#f6fbfd")
        )
    edge = 0.56
    row = land.at(0.5, edge)[1]
    bank = [(x, row + 0.012 * float(np.sin(19 * x))) for x in np.linspace(-0.2, 1.2, 30)]
    land.polygon([*bank, (1.2, 1.3), (-0.2, 1.3)], land.lit("#5f7a3f"))
    for order in range(30):
        x = float(land.chance.uniform(-0.05, 1.05))
        wide = float(land.chance.uniform(0.02, 0.06))
        land.blot((x, row + 0.01), (wide, 0.6 * wide), land.lit(rock[order % 4]))
        land.blot((x - 0.2 * wide, row), (0.6 * wide, 0.3 * wide), land.lit("#9a978c"))
    for side in (0.02, 0.98):
        land.leaves(
            (side, row), (0.24, 0.2), ("#3f7a34", "#5f9a3f", "#2f6a34"), count=90, leaf=0.034
        )
    fall = ((0.36, top), (0.64, top), (0.64, foot), (0.36, foot))
    added: list[Layer] = [pool_light(shot, view, fall, (0.3, 0.3), strength=0.5)]
    pool = land.finished(view, farthest=edge + 0.06, added=added)
    pool.ground = replace(pool.ground, is_water=True, water_ends=row)
    return pool


def _falling(land: OpenAir, sides: tuple[float, float], top: float, foot: float) -> None:
    """Paint a sheet of falling water in white and blue streaks."""
    left, right = sides
    land.polygon(
        [(left + 0.03, top), (right - 0.03, top), (right, foot), (left, foot)], land.lit("#cfe6f2")
    )
    for _ in range(130):
        share = float(land.chance.uniform(0, 1))
        first, last = sorted(float(one) for one in land.chance.uniform(top, foot, 2))
        codes = ("#ffffff", "#eaf5fb", "#a8cfe2")
        code = codes[int(land.chance.integers(3))]
        x = left + 0.03 + (right - left - 0.06) * share
        end = left + (right - left) * share
        down = (last - top) / (foot - top)
        land.stroke((x, first), (x + (end - x) * down, last), land.lit(code), 0.005)


def floating_islands(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return islands that float in the sky above clouds, with trees and falls of water."""
    land = OpenAir(shot, plan, horizon=0.62)
    for x, y, wide in (
        (0.16, 0.3, 0.15),
        (0.84, 0.24, 0.19),
        (0.56, 0.13, 0.09),
        (0.36, 0.46, 0.08),
    ):
        _island(land, (x, y), wide)
    row = land.at(0.5, 0.3)[1]
    land.ground("#dfeaf2", rough=0.08, haze=0.1)
    for _ in range(90):
        x, y = float(land.chance.uniform(-0.1, 1.1)), float(land.chance.uniform(0.0, 0.16))
        land.blot(
            (x, land.horizon - 0.05 + y), (0.1, 0.045), land.lit("#ffffff", 0.1 + 0.2 * (0.16 - y))
        )
    edge = [
        (x, row - 0.05 + 0.9 * abs(x - 0.5) ** 2.4 + 0.008 * float(np.sin(31 * x)))
        for x in np.linspace(-0.1, 1.1, 40)
    ]
    land.polygon([*edge, (1.1, 1.3), (-0.1, 1.3)], land.lit("#6f5a45"))
    land.polygon([*edge, *[(x, y + 0.3) for x, y in edge[::-1]]], land.lit("#6fa045"))
    for order in range(500):
        x = float(land.chance.uniform(-0.1, 1.1))
        y = row - 0.03 + 0.9 * abs(x - 0.5) ** 2.4 + float(land.chance.uniform(0, 0.4))
        land.stroke(
            (x, y), (x + 0.004, y - 0.018), land.lit(("#5b8a3a", "#86b45a")[order % 2]), 0.003
        )
    return land.finished(view, farthest=0.42, added=[])


def _island(land: OpenAir, place: Point, wide: float) -> None:
    """Paint one island: grass on top, rock that tapers below, a tree and a fall of water."""
    x, y = place
    tall = 1.3 * wide
    jag = [
        (share, float(land.chance.uniform(0.6, 1.0)) * (1 - abs(share)) * tall)
        for share in (0.9, 0.55, 0.25, 0.0, -0.3, -0.6, -0.9)
    ]
    below: list[Point] = [(x + wide * share, y + 0.02 + deep) for share, deep in jag]
    land.polygon([(x - wide, y), (x + wide, y), *below], land.lit("#7d6650", 0.2))
    land.polygon([(x + 0.1 * wide, y), (x + wide, y), *below[:4]], land.lit("#5f4c3b", 0.2))
    aspect = land.shot.width_px / land.shot.height_px
    land.blot((x, y), (wide * aspect, 0.16 * wide * aspect), land.lit("#6fa045", 0.15))
    for share in (-0.5, -0.1, 0.4):
        top = (x + share * wide, y - 0.36 * wide)
        land.stroke((top[0], y), top, land.lit("#5b4630", 0.15), 0.06 * wide)
        land.leaves(
            top,
            (0.3 * wide, 0.3 * wide),
            ("#3f7a34", "#5f9a3f"),
            count=26,
            leaf=0.09 * wide,
            haze=0.15,
        )
    fall: Array = land.lit("#e6f4fb", 0.1)
    land.stroke((x + 0.7 * wide, y + 0.01), (x + 0.7 * wide, y + 1.5 * tall), fall, 0.1 * wide)
