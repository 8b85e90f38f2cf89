"""Paint fields of flowers, terraces of rice, plantations of tea, and orchards."""

import math
from typing import Final

import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.paint.arrays import F32
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.open_air import OpenAir
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.shot import Shot

_TULIPS: Final = ("#e0323c", "#f6c53a", "#f08ab0", "#ffffff", "#8a3f9a", "#f0762f")
_ROW: Final = 0.19
"""Width of a row of plants, as a share of the frame's width at its lower edge."""


def _rows(land: OpenAir, codes: tuple[str, ...], earth: str, *, ridge: float) -> None:
    """Paint rows that run to the horizon, each of one colour, with earth between them."""
    land.ground(earth, rough=0.25, haze=0.2)
    for order, row in enumerate(range(-44, 45)):
        x = 0.5 + (row + 0.5) * _ROW
        land.strip(x, ridge * _ROW, land.lit(codes[order % len(codes)], 0.12), farthest=0.02)


def lavender_field(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return rows of violet lavender that run to low hills."""
    land = OpenAir(shot, plan, horizon=0.48)
    land.hills("#7f8a9a", 0.13, haze=0.5)
    land.hills("#6f8a4a", 0.05, haze=0.3, waves=6.0)
    for x in (0.12, 0.2, 0.84):
        land.stand("cypress", 0.5 + (x - 0.5) / 0.05, 0.05, 2.6)
    _rows(land, ("#7a58b4", "#8a66c4"), "#a98a6a", ridge=0.36)
    for order in range(2300):
        size = 0.05 + 1.1 * (order / 2300) ** 1.2
        row = int(land.chance.integers(-44, 45))
        x = 0.5 + (row + 0.5 + float(land.chance.uniform(-0.36, 0.36))) * _ROW
        foot = land.at(x, size)
        if not -0.1 < foot[0] < 1.1:
            continue
        code = ("#9a78dc", "#7a52c0", "#b79aec", "#5f7a4a")[order % 4]
        tip = (foot[0] + 0.006 * size, foot[1] - 0.09 * size)
        land.stroke(foot, tip, land.lit(code, 0.15 * (1 - min(size, 1))), 0.011 * size + 0.001)
    return land.finished(view, added=[])


def tulip_field(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return rows of tulips, each in another colour, before a windmill."""
    land = OpenAir(shot, plan, horizon=0.48)
    land.hills("#6f9a52", 0.04, haze=0.3, waves=7.0)
    if "windmill" not in {member.subject for member in plan.cast}:
        land.stand("windmill", 0.5 + 0.33 * land.side / 0.14, 0.14, 1.9)
    _rows(land, _TULIPS, "#5f7a3a", ridge=0.4)
    for order in range(1500):
        size = 0.06 + 1.1 * (order / 1500) ** 1.1
        row = int(land.chance.integers(-44, 45))
        x = 0.5 + (row + 0.5 + float(land.chance.uniform(-0.4, 0.4))) * _ROW
        foot = land.at(x, size)
        if not -0.1 < foot[0] < 1.1:
            continue
        cup = (foot[0], foot[1] - 0.075 * size)
        land.stroke(foot, cup, land.lit("#4f8a3a"), 0.007 * size)
        colour = land.lit(_TULIPS[(row + 44) % 6], 0.1 * (1 - min(size, 1)))
        land.blot(cup, (0.014 * size + 0.001, 0.02 * size + 0.001), colour)
        land.blot((cup[0], cup[1] - 0.006 * size), (0.006 * size, 0.014 * size), colour * F32(1.18))
    return land.finished(view, added=[])


def sunflower_field(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return tall sunflowers on both sides of a path."""
    land = OpenAir(shot, plan, horizon=0.5)
    land.hills("#6f8a4a", 0.08, haze=0.4)
    land.ground("#5f8a3a", rough=0.3)
    land.strip(0.5, 0.2, land.lit("#a98a5c"))
    for order in range(420):
        size = 0.06 + math.pow(order / 420, 1.5)
        wide = 0.55 / size + 0.2
        x = 0.5 + float(land.chance.uniform(-wide, wide))
        if abs(x - 0.5) < 0.2 + 0.08 / max(size, 0.2):
            continue
        foot = land.at(x, size)
        haze = 0.25 * (1 - min(size, 1.0))
        head = (foot[0], foot[1] - (0.3 + 0.06 * float(land.chance.random())) * size)
        land.stroke(foot, head, land.lit("#4f7a2f", haze), 0.014 * size)
        for side in (-1, 1):
            leaf = (foot[0] + side * 0.03 * size, foot[1] - 0.13 * size)
            land.blot(leaf, (0.05 * size, 0.024 * size), land.lit("#5f9a3a", haze), -24.0 * side)
        petals = 9 if size > 0.2 else 1
        for petal in range(petals):
            angle = 6.283 * petal / petals
            around = (
                head[0] + 0.034 * size * float(np.cos(angle)) * 0.56,
                head[1] + 0.034 * size * float(np.sin(angle)),
            )
            land.blot(
                around,
                (0.028 * size, 0.012 * size),
                land.lit("#ffc928", haze),
                float(np.degrees(angle)),
            )
        land.blot(head, (0.028 * size + 0.001, 0.028 * size + 0.001), land.lit("#5b3a1c", haze))
    return land.finished(view, added=[])


def rice_terraces(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return steps of green rice and water that follow a slope, before wooded mountains."""
    land = OpenAir(shot, plan, horizon=0.4)
    land.hills("#5f7f6a", 0.26, haze=0.55, waves=5.0)
    land.hills("#4f7a4a", 0.14, haze=0.35, waves=4.0)
    land.ground("#6f9a4a", rough=0.2, haze=0.2)
    steps = 13
    for step in range(steps):
        size = -0.06 + 1.2 * (step / steps) ** 1.35
        wave = float(land.chance.uniform(0, 6))
        bend = 0.06 + 0.09 * step / steps
        columns = np.linspace(-0.2, 1.2, 60)
        row = land.horizon + (1 - land.horizon) * size
        edge = [
            (float(x), row + bend * float(np.sin(3.4 * x + wave * 0.3 + land.side)))
            for x in columns
        ]
        deep = 0.024 + 0.06 * step / steps
        haze = 0.3 * (1 - step / steps)
        wet = step % 3 == 1
        top = land.lit("#8fc0d2" if wet else ("#8fbe4a", "#79ab3f")[step % 2], haze)
        land.polygon([*edge, (1.2, 1.4), (-0.2, 1.4)], top)
        lower = [(x, y + deep * 1.7) for x, y in edge]
        land.polygon([*lower, *[(x, y + deep) for x, y in lower[::-1]]], land.lit("#4a5228", haze))
        land.polygon(
            [*[(x, y - 0.004) for x, y in edge], *[(x, y + 0.004) for x, y in edge[::-1]]],
            land.lit("#b5d27a", haze),
        )
        for order in range(16 * step):
            x = float(land.chance.uniform(-0.1, 1.1))
            y = (
                row
                + bend * float(np.sin(3.4 * x + wave * 0.3 + land.side))
                + deep * float(land.chance.uniform(0.3, 1.5))
            )
            blade = land.lit(("#a9d65a", "#5f9a34")[order % 2], haze)
            land.stroke((x, y), (x + 0.003, y - 0.02 * (0.3 + step / steps)), blade, 0.003)
    return land.finished(view, farthest=0.3, added=[])


def tea_plantation(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return rows of round clipped tea bushes over rolling hills."""
    land = OpenAir(shot, plan, horizon=0.42)
    land.hills("#6f8f7a", 0.2, haze=0.6)
    land.hills("#5f9a4a", 0.1, haze=0.35, waves=4.0)
    land.ground("#7a6a42", rough=0.2, haze=0.2)
    for step in range(12):
        size = 0.03 + 1.16 * (step / 12) ** 1.7
        wide = 0.09 + 0.5 * size
        haze = 0.3 * (1 - min(size, 1.0))
        row = land.at(0.5, size)[1]
        columns = np.linspace(-0.2, 1.2, 44)
        tall = 0.02 + 0.1 * size
        wave = [(float(x), row + 0.03 * float(np.sin(4 * x + 0.4 * step))) for x in columns]
        crest = [(x, y - tall * (0.86 + 0.14 * float(np.sin(34 * x / wide)))) for x, y in wave]
        land.polygon([*crest, *wave[::-1]], land.lit("#3f7a34", haze))
        land.polygon(
            [*crest, *[(x, y + 0.34 * tall) for x, y in crest[::-1]]], land.lit("#79b04a", haze)
        )
        gap = [(x, y + 0.3 * tall) for x, y in wave[::-1]]
        land.polygon([*[(x, y - 0.1 * tall) for x, y in wave], *gap], land.lit("#2a4a26", haze))
        for order in range(14 + 4 * step):
            x = float(land.chance.uniform(-0.1, 1.1))
            y = (
                row
                + 0.03 * float(np.sin(4 * x + 0.4 * step))
                - tall * float(land.chance.uniform(0.2, 0.95))
            )
            leaf = 0.004 + 0.012 * size
            land.blot(
                (x, y),
                (leaf, 0.5 * leaf),
                land.lit(("#8fc45a", "#4f8a3a")[order % 2], haze),
                float(land.chance.uniform(0, 180)),
            )
    return land.finished(view, farthest=0.26, added=[])


def orchard(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return rows of apple trees with red fruit on grass."""
    land = OpenAir(shot, plan, horizon=0.5)
    land.hills("#7f9a5a", 0.09, haze=0.4)
    land.ground("#7fae4a", rough=0.25, haze=0.2)
    for step in range(11):
        size = 0.07 + 0.6 * (step / 11) ** 1.6
        haze = 0.35 * (1 - size)
        for row in (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5):
            x = 0.5 + (row - 0.5 * np.sign(row)) * 0.85 + 0.1 * np.sign(row)
            foot = land.at(float(x), size)
            if not -0.3 < foot[0] < 1.3:
                continue
            crown = (foot[0], foot[1] - 0.72 * size)
            land.stroke(foot, crown, land.lit("#6b4a30", haze), 0.07 * size)
            count = 22 + round(100 * size)
            land.leaves(
                crown,
                (0.4 * size, 0.32 * size),
                ("#4f8a34", "#6fa83f", "#3f7a2f"),
                count=count,
                leaf=0.055 * size + 0.004,
                haze=haze,
            )
            for _ in range(round(26 * size) + 5):
                place = (
                    crown[0] + float(land.chance.normal(0, 0.1)) * size,
                    crown[1] + float(land.chance.normal(0.02, 0.13)) * size,
                )
                land.blot(place, (0.024 * size, 0.024 * size), land.lit("#d8322c", haze))
    for order in range(60):
        size = float(land.chance.uniform(0.2, 1.1))
        place = land.at(0.5 + float(land.chance.uniform(-0.6, 0.6)) / size, size)
        land.blot(place, (0.009 * size, 0.009 * size), land.lit(("#d8322c", "#f4f4ec")[order % 2]))
    return land.finished(view, added=[])
