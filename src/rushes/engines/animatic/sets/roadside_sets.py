"""Paint western towns, bridges and car parks."""

from itertools import pairwise

import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.paint.arrays import F32, Array
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.open_air import DARK_TIMES, OpenAir
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.sets.shell import Point
from rushes.engines.animatic.sets.town_sets import stand
from rushes.engines.animatic.shot import Shot


def western_town(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return wooden houses with false fronts on both sides of a dusty street, and mesas."""
    land = OpenAir(shot, plan, horizon=0.5)
    for x, wide, tall in ((0.42, 0.1, 0.1), (0.62, 0.07, 0.14)):
        row = land.horizon + 0.02
        land.polygon(
            [
                (x - wide, row),
                (x - 0.7 * wide, row - tall),
                (x + 0.7 * wide, row - tall),
                (x + wide, row),
            ],
            land.lit("#b5653f", 0.35),
        )
    land.ground("#d3a868", rough=0.28, haze=0.2)
    signs = ("SALOON", "BANK", "HOTEL", "SHERIFF", "STORE")
    codes = ("#9a6f48", "#b98a5c", "#8a5a3a", "#a98460", "#7d6552")
    order = 0
    for size in (0.15, 0.2, 0.28, 0.4, 0.58):
        for side in (-1, 1):
            _false_front(
                land,
                side,
                size,
                (codes[order % 5], signs[(order * 2) % 5]),
                is_dark=plan.time in DARK_TIMES,
            )
            order += 1
    stand(
        land,
        (
            ("barrel", -0.12, 0.62, 0.22),
            ("tumbleweed", 0.86, 0.74, 0.14),
            ("cart", 1.3, 0.44, 0.42),
        ),
        haze=0.0,
    )
    return land.finished(view, farthest=0.26, margin=0.2, added=[])


def _false_front(
    land: OpenAir, side: int, size: float, look: tuple[str, str], *, is_dark: bool
) -> None:
    """Paint a house of boards beside the street, seen from its front."""
    code, sign = look
    foot, haze = land.at(0.5 + side * (0.58 + 0.05 / size), size), 0.3 * (1 - size)
    aspect = land.shot.height_px / land.shot.width_px
    half, tall = 0.62 * size * aspect, 1.25 * size
    left, right = foot[0] - half, foot[0] + half
    top = foot[1] - tall
    land.polygon(
        [(left, top), (right, top), (right, foot[1]), (left, foot[1])], land.lit(code, haze)
    )
    for share in np.linspace(0.0, 1.0, 11):
        at = float(left + (right - left) * share)
        land.stroke((at, top), (at, foot[1]), land.lit(code, haze) * F32(0.78), 0.008 * size)
    land.stroke((left - 0.01, top), (right + 0.01, top), land.lit("#e6d3ac", haze), 0.04 * size)
    board = [
        (left + 0.12 * half, top + 0.12 * tall),
        (right - 0.12 * half, top + 0.12 * tall),
        (right - 0.12 * half, top + 0.28 * tall),
        (left + 0.12 * half, top + 0.28 * tall),
    ]
    land.polygon(board, land.lit("#f0e2bc", haze))
    land.write(sign, board, land.lit("#5b2f1c", haze))
    porch = foot[1] - 0.5 * tall
    land.polygon(
        [
            (left - 0.16 * half, porch + 0.04 * tall),
            (left, porch - 0.06 * tall),
            (right, porch - 0.06 * tall),
            (right + 0.16 * half, porch + 0.04 * tall),
        ],
        land.lit("#6b4a32", haze),
    )
    for share in (-1.1, 1.1):
        land.stroke(
            (foot[0] + share * half, porch),
            (foot[0] + share * half, foot[1] + 0.02),
            land.lit("#54371f", haze),
            0.03 * size,
        )
    glass = rgb("#ffcf7a") if is_dark else land.lit("#5d6f78", haze)
    land.polygon(
        [
            (foot[0] - 0.2 * half, foot[1]),
            (foot[0] - 0.2 * half, porch + 0.14 * tall),
            (foot[0] + 0.2 * half, porch + 0.14 * tall),
            (foot[0] + 0.2 * half, foot[1]),
        ],
        land.lit("#3f2a1a", haze),
    )
    for share in (-0.64, 0.64):
        middle = foot[0] + share * half
        land.polygon(
            [
                (middle - 0.2 * half, porch + 0.16 * tall),
                (middle + 0.2 * half, porch + 0.16 * tall),
                (middle + 0.2 * half, porch + 0.36 * tall),
                (middle - 0.2 * half, porch + 0.36 * tall),
            ],
            glass,
        )


def bridge_over_river(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return the road of a bridge with its railings and towers, over a river."""
    land = OpenAir(shot, plan, horizon=0.5)
    land.hills("#6f8a6a", 0.12, haze=0.45)
    land.ground("#3f86a4", rough=0.14, haze=0.25)
    red = land.lit("#b5462f")
    far = 0.06
    land.strip(0.5, 0.62, land.lit("#55595f"), farthest=far)
    land.strip(0.5 - 0.53, 0.09, land.lit("#a9a79f"), farthest=far)
    land.strip(0.5 + 0.53, 0.09, land.lit("#a9a79f"), farthest=far)
    for order in range(14):
        first, last = 0.05 + 0.09 * order, 0.09 + 0.09 * order
        land.polygon(
            [
                land.at(0.488, first),
                land.at(0.512, first),
                land.at(0.512, last),
                land.at(0.488, last),
            ],
            land.lit("#efe9d0"),
        )
    for size in (0.12, 0.3):
        for side in (-1, 1):
            foot = land.at(0.5 + 0.66 * side, size)
            land.stroke(foot, (foot[0], foot[1] - 1.5 * size - 0.08), red, 0.09 * size)
        for rise in (1.4, 0.85):
            left, right = land.at(0.5 - 0.66, size), land.at(0.5 + 0.66, size)
            row = left[1] - rise * size - 0.06
            land.stroke((left[0], row), (right[0], row), red, 0.06 * size)
    for side in (-1, 1):
        _bridge_side(land, side, red, far)
    return land.finished(view, farthest=0.2, margin=0.3, added=[])


def _bridge_side(land: OpenAir, side: int, colour: Array, far: float) -> None:
    """Paint the railing and the cable on one side of a bridge."""
    sizes = [float(size) for size in np.linspace(far, 1.3, 40)]
    rail = [land.at(0.5 + 0.64 * side, size) for size in sizes]
    for (x, y), size in zip(rail, sizes, strict=True):
        land.stroke((x, y), (x, y - 0.2 * size), colour, 0.014 * size + 0.001)
    for rise in (0.2, 0.1):
        tops = [(x, y - rise * size) for (x, y), size in zip(rail, sizes, strict=True)]
        for (one, two), size in zip(pairwise(tops), sizes, strict=False):
            land.stroke(one, two, colour, 0.018 * size + 0.001)
    cable: list[Point] = []
    for size in (float(one) for one in np.linspace(0.12, 1.3, 40)):
        x, y = land.at(0.5 + 0.66 * side, size)
        is_far = size < 0.3
        sag = 1.5 * size + 0.08 if is_far else (0.3 + 1.2 * abs(size - 0.9) / 0.6) * size
        cable.append((x, y - sag))
    for one, two in pairwise(cable):
        land.stroke(one, two, colour, 0.012)


def parking_lot(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return rows of parked cars between white lines, lamps and a shopping centre."""
    land = OpenAir(shot, plan, horizon=0.5)
    dark = plan.time in DARK_TIMES
    foot = land.horizon + 0.03
    land.polygon(
        [
            (-0.2, foot),
            (-0.2, foot - 0.13),
            (0.36, foot - 0.13),
            (0.36, foot - 0.18),
            (0.64, foot - 0.18),
            (0.64, foot - 0.13),
            (1.2, foot - 0.13),
            (1.2, foot),
        ],
        land.lit("#d3cdc0", 0.25),
    )
    glass = rgb("#ffe0a0") if dark else land.lit("#7fa3b5", 0.2)
    for x in np.linspace(-0.1, 1.1, 17):
        land.polygon(
            [
                (float(x), foot - 0.07),
                (float(x) + 0.05, foot - 0.07),
                (float(x) + 0.05, foot - 0.01),
                (float(x), foot - 0.01),
            ],
            glass,
        )
    land.ground("#63666b", rough=0.14, haze=0.15)
    white = land.lit("#eef0ec")
    for side in (-1, 1):
        for order in range(9):
            size = 0.16 + 0.13 * order
            land.stroke(
                land.at(0.5 + 0.5 * side, size),
                land.at(0.5 + 1.5 * side, size),
                white,
                0.009 * size,
            )
    for size in (0.2, 0.3, 0.44):
        for side in (-1, 1):
            code = ("automobile", "sport-utility-vehicle", "taxi")[int(land.chance.integers(3))]
            stand(land, ((code, 0.5 + side * (0.62 + 0.1 / size), size, 0.5),), haze=0.05)
    stand(
        land,
        (
            ("street-lamp", -1.6, 0.24, 1.5),
            ("street-lamp", 2.7, 0.22, 1.5),
            ("shopping-cart", 1.15, 0.76, 0.24),
        ),
        haze=0.0,
    )
    return land.finished(view, farthest=0.3, margin=0.2, added=[])
