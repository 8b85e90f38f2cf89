"""Paint the moon, other planets and fields of lava."""

from itertools import pairwise
from typing import Final

import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.paint.arrays import F32
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.open_air import OpenAir
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.shot import Shot

_ON_THE_MOON: Final = 0.7
"""How bright its dust is at least: no weather and no evening dims the sun there."""

_DUST: Final = ("#b9bbbf", "#8d8f94", "#6b6d73")


def _black_sky(land: OpenAir) -> None:
    """Cover the sky with space: it is black on the moon by day, too."""
    land.polygon(
        [(-0.3, -0.3), (1.3, -0.3), (1.3, land.horizon + 0.02), (-0.3, land.horizon + 0.02)],
        rgb("#05070d"),
    )
    for _ in range(130):
        place = (float(land.chance.uniform(-0.1, 1.1)), float(land.chance.uniform(-0.1, 0.5)))
        bright = float(land.chance.uniform(0.35, 1.0))
        land.blot(place, (0.0018, 0.0018), np.full(3, bright, F32))


def _crater(land: OpenAir, x: float, size: float, wide: float, codes: tuple[str, ...]) -> None:
    """Paint a crater: its rim in the light, its bottom in shadow."""
    light, middle, dark = (land.lit(code, 0.2 * (1 - size)) for code in codes)
    place = land.at(x, size)
    axes = (wide * size, 0.3 * wide * size)
    land.blot((place[0], place[1] + 0.09 * axes[0]), (1.12 * axes[0], 1.16 * axes[1]), light)
    land.blot(place, axes, dark)
    land.blot(
        (place[0] + 0.1 * axes[0], place[1] + 0.3 * axes[1]), (0.8 * axes[0], 0.6 * axes[1]), middle
    )


def _boulders(land: OpenAir, count: int, codes: tuple[str, ...], nearest: float = 1.0) -> None:
    for order in range(count):
        size = 0.08 + (nearest - 0.08) * order / count
        x = 0.5 + float(land.chance.uniform(-0.62, 0.62)) / min(size, 1.0)
        wide = size * float(land.chance.uniform(0.01, 0.05))
        foot = land.at(x, size)
        land.blot(foot, (wide, 0.6 * wide), land.lit(codes[2], 0.2 * (1 - size)))
        land.blot(
            (foot[0] - 0.2 * wide, foot[1] - 0.25 * wide),
            (0.7 * wide, 0.4 * wide),
            land.lit(codes[0], 0.2 * (1 - size)),
        )


def moon_surface(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return grey dust with craters under a black sky, in which the earth stands."""
    land = OpenAir(shot, plan, horizon=0.52)
    land.daylight = max(land.daylight, _ON_THE_MOON)
    _black_sky(land)
    if "globe-showing-europe-africa" not in {member.subject for member in plan.cast}:
        land.shell.art("globe-showing-europe-africa", 0.8 if land.side < 0 else 0.2, 0.3, 0.2)
    _round_hills(land, ("#7d7f85", "#9a9ca1"))
    land.ground("#a3a5a9", rough=0.22, haze=0.0)
    for x, size, wide in (
        (-1.6, 0.12, 0.5),
        (1.9, 0.16, 0.5),
        (0.9, 0.3, 0.36),
        (-0.1, 0.4, 0.3),
        (1.15, 0.62, 0.26),
        (0.02, 0.82, 0.24),
    ):
        _crater(land, x, size, wide, _DUST)
    _boulders(land, 60, _DUST)
    return land.finished(view, farthest=0.3, added=[])


def _round_hills(land: OpenAir, codes: tuple[str, ...]) -> None:
    """Paint rows of low round hills at the horizon, without any haze."""
    for code, tall in zip(codes, (0.1, 0.05), strict=True):
        columns = np.linspace(-0.3, 1.3, 100)
        turn = float(land.chance.uniform(0, 6))
        tops = np.abs(np.sin(columns * 5 + turn)) + 0.4 * np.sin(columns * 13 + turn)
        places = [
            (float(x), land.horizon - tall * (0.3 + 0.6 * float(top)))
            for x, top in zip(columns, tops, strict=True)
        ]
        places += [(1.3, land.horizon + 0.03), (-0.3, land.horizon + 0.03)]
        land.polygon(places, land.lit(code))


def alien_planet(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return violet land with spires of rock and glowing plants, under two moons."""
    land = OpenAir(shot, plan, horizon=0.54)
    stops = np.stack([land.lit(code) for code in ("#2a1150", "#4a1f78", "#93429c", "#e08a9a")])
    rows = np.linspace(0, len(stops) - 1, 256)
    column = np.stack([np.interp(rows, np.arange(len(stops)), stops[:, one]) for one in range(3)])
    sky = np.repeat((column.T[:, None] * 255).astype(np.uint8), 8, axis=1)
    land.shell.quad(((-0.3, -0.1), (1.3, -0.1), (1.3, 0.62), (-0.3, 0.62)), sky)
    named = {member.subject for member in plan.cast}
    if "ringed-planet" not in named:
        land.shell.art("ringed-planet", 0.26 if land.side > 0 else 0.74, 0.34, 0.3)
    for x, y, wide, code in ((0.62, 0.12, 0.045, "#f6d9b0"), (0.9, 0.2, 0.02, "#9fe8e0")):
        land.blot((x if land.side > 0 else 1 - x, y), (wide, wide), rgb(code))
    for x, size, tall, lean in (
        (0.1, 0.1, 2.6, 0.2),
        (2.4, 0.12, 3.0, -0.3),
        (-1.2, 0.16, 2.2, 0.1),
        (1.5, 0.2, 1.9, -0.1),
        (-0.4, 0.3, 1.6, 0.1),
    ):
        _spire(land, x, size, tall, lean)
    land.ground("#7a3f8a", rough=0.3, haze=0.1)
    for x, size in ((-0.4, 0.34), (1.3, 0.3), (1.05, 0.55), (0.0, 0.6), (0.9, 0.2), (0.2, 0.18)):
        foot = land.at(x, size)
        stalk = (foot[0], foot[1] - 0.26 * size)
        land.stroke(foot, stalk, land.lit("#3fa88a"), 0.03 * size)
        land.blot(stalk, (0.11 * size, 0.055 * size), rgb("#5ff2c8"))
        land.blot((stalk[0], stalk[1] - 0.01 * size), (0.07 * size, 0.03 * size), rgb("#d6fff0"))
        land.shell.add_glow(
            land.shell.spot(*stalk, 0.2 * size, 0.14 * size), rgb("#2fd8a8") * F32(0.3)
        )
    for x, size, wide in ((0.9, 0.4, 0.24), (0.12, 0.9, 0.2)):
        _crater(land, x, size, wide, ("#a05ab0", "#5b2a70", "#431c58"))
    _boulders(land, 40, ("#a868b4", "#7a3f8a", "#522463"))
    return land.finished(view, farthest=0.3, added=[])


def _spire(land: OpenAir, x: float, size: float, tall: float, lean: float) -> None:
    """Paint a spire of rock, lit on one side."""
    foot = land.at(x, size)
    haze = 0.25 * (1 - size)
    top = (foot[0] + lean * size, foot[1] - tall * size)
    half = 0.3 * size
    land.polygon(
        [
            (foot[0] - half, foot[1] + 0.02),
            (top[0] - 0.02 * size, top[1]),
            (top[0] + 0.03 * size, top[1] + 0.05 * size),
            (foot[0] + half, foot[1] + 0.02),
        ],
        land.lit("#6a3a86", haze),
    )
    land.polygon(
        [
            (foot[0] + 0.1 * half, foot[1] + 0.02),
            top,
            (top[0] + 0.03 * size, top[1] + 0.05 * size),
            (foot[0] + half, foot[1] + 0.02),
        ],
        land.lit("#4a2566", haze),
    )


def lava_field(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return black rock with rivers of lava that come down from a volcano."""
    land = OpenAir(shot, plan, horizon=0.5)
    glow, hot = rgb("#ff6a1f"), rgb("#ffd27a")
    foot, top = land.horizon + 0.04, land.horizon - 0.34
    land.polygon([(0.06, foot), (0.4, top), (0.6, top), (0.94, foot)], land.lit("#3d3236", 0.2))
    land.polygon([(0.5, top), (0.6, top), (0.94, foot), (0.56, foot)], land.lit("#2b2327", 0.2))
    land.polygon([(0.4, top), (0.6, top), (0.57, top + 0.03), (0.43, top + 0.03)], glow)
    for puff in range(26):
        rise = puff / 26
        place = (
            0.5 + 0.2 * rise * land.side + float(land.chance.normal(0, 0.03 + 0.05 * rise)),
            top - 0.02 - 0.34 * rise,
        )
        land.blot(
            place,
            (0.05 + 0.09 * rise, 0.04 + 0.06 * rise),
            land.lit("#4a4246") * F32(0.8 + 0.5 * float(land.chance.random())),
        )
    for lean, wide in ((-0.16, 0.014), (0.05, 0.02), (0.2, 0.012)):
        places = [
            (0.5 + 0.3 * lean, top + 0.02),
            (0.5 + 0.5 * lean, top + 0.15),
            (0.5 + 0.9 * lean, top + 0.24),
            (0.5 + 1.2 * lean, foot),
        ]
        for first, last in pairwise(places):
            land.stroke(first, last, glow, wide)
            land.stroke(first, last, hot, 0.4 * wide)
    land.ground("#33292b", rough=0.5, haze=0.05)
    for x, turn in ((0.2, 0.3), (0.9, -0.4)):
        river = [
            land.at(x + turn * float(np.sin(4 * size)), size) for size in np.linspace(0.04, 1.2, 14)
        ]
        for order, (first, last) in enumerate(pairwise(river)):
            land.stroke(first, last, glow, 0.012 + 0.012 * order)
        for order, (first, last) in enumerate(pairwise(river)):
            land.stroke(first, last, hot, 0.005 + 0.005 * order)
        for place in river[2::3]:
            land.shell.add_glow(land.shell.spot(*place, 0.3, 0.16), rgb("#ff5a14") * F32(0.22))
    land.shell.add_glow(land.shell.spot(0.5, top, 0.3, 0.24), rgb("#ff5a14") * F32(0.35))
    _boulders(land, 50, ("#5d5054", "#332a2c", "#1f181a"))
    return land.finished(view, farthest=0.3, added=[])
