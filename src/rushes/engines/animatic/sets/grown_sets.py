"""Paint woods, fields and plains by what grows there."""

import math
from typing import Final

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.paint.arrays import F32
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.open_air import OpenAir
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.shot import Shot

_AUTUMN: Final = ("#d9772b", "#e8a33b", "#b9432a", "#f2c14e", "#c95f22")
_GREEN: Final = ("#3f7a34", "#5f9a3f", "#2f6a34", "#7fae4a")
_DEEP_GREEN: Final = ("#1f5a34", "#2f7a3f", "#3f8a3a", "#174a2c")
_WOODED: Final = 0.16
_MIDDLE: Final = 0.3
"""Half of what trees leave free, as a share of the width at the frame's lower edge."""


def _places(land: OpenAir, count: int, nearest: float) -> list[tuple[float, float]]:
    """Return places for trees from far to near, those near us beside the middle."""
    found: list[tuple[float, float]] = []
    for order in range(count):
        size = 0.06 + (nearest - 0.06) * math.pow(order / count, 1.3)
        wide = 0.5 / size + 0.3
        x = 0.5 + float(land.chance.uniform(-wide, wide))
        if size > _WOODED and abs(x - 0.5) < _MIDDLE / math.sqrt(size):
            x = 0.5 + (1.0 if x > 0.5 else -1.0) * (_MIDDLE / math.sqrt(size) + 0.2)
        found.append((x, size))
    return found


def autumn_forest(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return broad trees with red and yellow leaves, which cover the ground, too."""
    land = OpenAir(shot, plan)
    land.hills("#b9702f", 0.2, haze=0.45)
    land.ground("#a8743a", rough=0.35)
    land.strip(0.5, 0.22, land.lit("#c9a877", 0.1))
    for x, size in _places(land, 46, 0.62):
        haze = 0.5 * (1 - size) ** 2
        foot, tall = land.at(x, size), 1.15 * size
        top = (foot[0], foot[1] - tall * 0.62)
        land.stroke(foot, top, land.lit("#5b3f2a", haze), 0.05 * size)
        for lean in (-0.12, 0.12):
            branch = (foot[0] + lean * size, foot[1] - tall * 0.75)
            land.stroke(
                (foot[0], foot[1] - tall * 0.4), branch, land.lit("#5b3f2a", haze), 0.022 * size
            )
        count = 70 + round(190 * size)
        leaf = 0.03 * size + 0.005
        land.leaves(top, (0.42 * size, 0.36 * size), _AUTUMN, count=count, leaf=leaf, haze=haze)
    for _ in range(260):
        size = float(land.chance.uniform(0.1, 1.15)) ** 1.5
        place = land.at(0.5 + float(land.chance.uniform(-0.6, 0.6)) / max(size, 0.2), size)
        land.leaves(place, (0.05 * size, 0.02 * size), _AUTUMN, count=2, leaf=0.014 * size)
    return land.finished(view, added=[])


def bamboo_grove(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return tall stalks of bamboo on both sides of a path."""
    land = OpenAir(shot, plan)
    land.polygon([(-0.3, -0.3), (1.3, -0.3), (1.3, 0.6), (-0.3, 0.6)], land.lit("#a9c78a", 0.25))
    land.ground("#6f7f45", rough=0.3)
    land.strip(0.5, 0.3, land.lit("#c3b58a", 0.1))
    for x, size in _places(land, 110, 0.75):
        haze = 0.55 * (1 - size) ** 2
        foot = land.at(x, size)
        lean = float(land.chance.normal(0, 0.02))
        top = (foot[0] + lean, -0.1)
        width = 0.045 * size + 0.004
        green = land.lit(("#6f9a3f", "#5f8a3a", "#86ac4c")[round(x * 97) % 3], haze)
        land.stroke(foot, top, green, width)
        shine = (0.28 * width, 0.28 * width)
        land.stroke(
            (foot[0] - shine[0], foot[1]),
            (top[0] - shine[1], top[1]),
            green * F32(1.2),
            width * 0.2,
        )
        row, step = foot[1], 0.16 * size + 0.02
        while row > 0:
            along = (foot[1] - row) / max(foot[1] - top[1], 0.01)
            middle = foot[0] + lean * along
            half = width * shot.height_px / shot.width_px * 0.56
            land.stroke(
                (middle - half, row), (middle + half, row), green * F32(0.66), 0.006 * size + 0.001
            )
            row -= step
        crown = (top[0], float(land.chance.uniform(0.0, 0.2)))
        codes, leaf = ("#5f8a3a", "#86ac4c", "#4f7a34"), 0.03 * size + 0.006
        land.leaves(crown, (0.2, 0.12), codes, count=12, leaf=leaf, haze=haze)
    return land.finished(view, added=[])


def jungle(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return palms, trunks with creepers and large leaves in a green haze."""
    land = OpenAir(shot, plan)
    land.polygon([(-0.3, -0.3), (1.3, -0.3), (1.3, 0.6), (-0.3, 0.6)], land.lit("#7fae8a", 0.3))
    land.ground("#4a5f30", rough=0.4)
    for x, size in _places(land, 60, 0.66):
        haze = 0.5 * (1 - size) ** 2
        foot = land.at(x, size)
        if round(x * 1000) % 3 == 0:
            land.stand("palm-tree", x, size, 0.9, haze=haze)
            continue
        land.stroke(foot, (foot[0], -0.1), land.lit("#4f4030", haze), 0.08 * size)
        creeper = (foot[0] + 0.02, float(land.chance.uniform(0.1, 0.5)))
        land.stroke((foot[0] + 0.01, -0.1), creeper, land.lit("#3f7a34", haze), 0.012 * size)
        crown = (foot[0], float(land.chance.uniform(-0.02, 0.16)))
        land.leaves(crown, (0.34, 0.16), _DEEP_GREEN, count=36, leaf=0.06 * size + 0.012, haze=haze)
        bush = (foot[0], foot[1] - 0.06 * size)
        land.leaves(bush, (0.3 * size, 0.14 * size), _GREEN, count=30, leaf=0.07 * size, haze=haze)
    return land.finished(view, added=[])


def wheat_field(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return ripe wheat up to low hills, with a path through it."""
    land = OpenAir(shot, plan, horizon=0.52)
    land.hills("#5f7a3f", 0.08)
    land.ground("#d9ae45", rough=0.2, haze=0.3)
    land.strip(0.5, 0.16, land.lit("#b08a50"))
    stalks = [land.lit(code) for code in ("#e6c05a", "#c9983a", "#f2d67a", "#b5852f")]
    for order in range(2600):
        size = 0.1 + 1.05 * (order / 2600) ** 0.7
        x = 0.5 + float(land.chance.uniform(-0.62, 0.62)) / min(size, 1.0)
        if abs(x - 0.5) < 0.15:
            continue
        foot = land.at(x, size)
        tall = 0.13 * size * float(land.chance.uniform(0.8, 1.2))
        top = (foot[0] + float(land.chance.normal(0.004, 0.006)) * size, foot[1] - tall)
        colour = stalks[order % 4]
        land.stroke(foot, top, colour, 0.003 * size)
        if size > 0.25:
            land.blot(
                (top[0], top[1] + 0.018 * size), (0.007 * size, 0.026 * size), colour * F32(1.06)
            )
    return land.finished(view, added=[])


def vineyard(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return rows of vines with grapes that run towards hills."""
    land = OpenAir(shot, plan, horizon=0.48)
    land.hills("#6f8a4a", 0.16, haze=0.5)
    land.hills("#7f9a52", 0.07, haze=0.3, waves=5.0)
    land.ground("#a98a5c", rough=0.25)
    for step in range(26):
        size = 0.05 + 1.1 * (step / 26) ** 1.6
        for row in range(-9, 10):
            x = 0.5 + (row + 0.5) * 0.46
            foot = land.at(x, size)
            if not -0.2 < foot[0] < 1.2:
                continue
            haze = 0.35 * (1 - min(size, 1.0)) ** 2
            land.stroke(
                foot, (foot[0], foot[1] - 0.2 * size), land.lit("#6b5038", haze), 0.012 * size
            )
            top = (foot[0], foot[1] - 0.15 * size)
            count = 8 + round(16 * size)
            land.leaves(
                top, (0.1 * size, 0.08 * size), _GREEN, count=count, leaf=0.03 * size, haze=haze
            )
            for grape in range(5 if size > 0.2 else 1):
                place = (
                    foot[0] + 0.008 * size * (grape % 3 - 1),
                    foot[1] - (0.1 - 0.012 * (grape // 2)) * size,
                )
                land.blot(place, (0.009 * size, 0.009 * size), land.lit("#5a2f6b", haze))
    return land.finished(view, added=[])


def savanna(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return dry grass with flat-topped acacias."""
    land = OpenAir(shot, plan, horizon=0.54)
    land.hills("#9a8a5c", 0.06, haze=0.5)
    land.ground("#c9a552", rough=0.25, haze=0.3)
    for x, size, tall in (
        (0.1, 0.1, 2.2),
        (2.6, 0.12, 2.0),
        (-1.4, 0.16, 2.0),
        (1.15, 0.24, 1.7),
        (-0.2, 0.3, 1.6),
    ):
        haze, foot = 0.35 * (1 - size), land.at(x, size)
        high = tall * size
        crown = (foot[0], foot[1] - high)
        bark = land.lit("#5b4630", haze)
        land.stroke(foot, (foot[0], foot[1] - high * 0.55), bark, 0.05 * size)
        for lean in (-0.5, -0.2, 0.25, 0.5):
            tip = (foot[0] + lean * size, foot[1] - high * 0.94)
            land.stroke((foot[0], foot[1] - high * 0.5), tip, bark, 0.026 * size)
        codes = ("#6f8a3f", "#5f7a38", "#86994a")
        land.leaves(
            crown, (1.15 * size, 0.15 * size), codes, count=110, leaf=0.07 * size, haze=haze
        )
    for order in range(700):
        size = 0.1 + 1.05 * (order / 700)
        x = 0.5 + float(land.chance.uniform(-0.62, 0.62)) / min(size, 1.0)
        foot = land.at(x, size)
        for lean in (-0.012, 0.0, 0.012):
            tip = (foot[0] + lean * size, foot[1] - 0.05 * size)
            land.stroke(foot, tip, land.lit(("#b08a3a", "#d9bc6a")[order % 2]), 0.004 * size)
    return land.finished(view, added=[])
