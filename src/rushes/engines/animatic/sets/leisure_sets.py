"""Paint fairs, zoos, ice rinks and skateparks."""

from itertools import pairwise

import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.paint.arrays import F32
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.open_air import DARK_TIMES, OpenAir
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.sets.town_sets import stand, tree
from rushes.engines.animatic.shot import Shot


def amusement_park(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return a Ferris wheel, a roller coaster, a carousel and stalls under strings of lights."""
    land = OpenAir(shot, plan, horizon=0.48)
    side, dark = land.side, plan.time in DARK_TIMES
    land.hills("#6f8f6a", 0.06, haze=0.4)
    stand(
        land,
        (
            ("roller-coaster", 0.5 - 1.6 * side, 0.14, 3.0),
            ("ferris-wheel", 0.5 + 1.9 * side, 0.16, 3.1),
            ("circus-tent", 0.5 + 0.1 * side, 0.12, 1.7),
        ),
        haze=0.12,
    )
    land.ground("#b9a98a", rough=0.12, haze=0.2)
    stand(
        land,
        (
            ("merry-go-round", 0.5 - 0.95 * side, 0.36, 1.0),
            ("market-stall", 0.5 + 0.98 * side, 0.4, 0.74),
            ("balloon", 0.5 - 0.5 * side, 0.5, 0.3),
        ),
        haze=0.0,
    )
    codes = ("#e0323c", "#f6c53a", "#2f8fd0", "#4fae5a")
    for row, sag in ((0.04, 0.1), (0.13, 0.08)):
        places = [(x, row + sag * (1 - (2 * x - 1) ** 2)) for x in np.linspace(-0.06, 1.06, 29)]
        for order, (first, last) in enumerate(pairwise(places)):
            land.stroke(first, last, land.lit("#3a3430"), 0.003)
            middle = ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
            if dark:
                land.blot(middle, (0.01, 0.01), rgb(codes[order % 4]))
                land.shell.add_glow(
                    land.shell.spot(*middle, 0.03, 0.04), rgb(codes[order % 4]) * F32(0.25)
                )
            else:
                land.polygon(
                    [first, last, (middle[0], middle[1] + 0.045)], land.lit(codes[order % 4])
                )
    if dark:
        land.shell.add_light(land.shell.spot(0.5, 0.6, 0.7, 0.4), rgb("#ffb765") * F32(0.5))
    return land.finished(view, farthest=0.3, added=[])


def zoo(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return a way between fences, behind which an elephant, a giraffe and a flamingo are."""
    land = OpenAir(shot, plan, horizon=0.5)
    side = land.side
    land.hills("#5f8a4a", 0.12, haze=0.35, waves=9.0)
    land.ground("#a3b86a", rough=0.25, haze=0.2)
    for x, size in ((-3.2, 0.1), (3.8, 0.11), (-4.6, 0.16), (4.0, 0.18)):
        tree(land, x, size)
    stand(
        land,
        (
            ("giraffe", 0.5 - 1.25 * side, 0.2, 1.75),
            ("elephant", 0.5 + 1.5 * side, 0.22, 0.95),
            ("flamingo", 0.5 - 2.3 * side, 0.24, 0.5),
            ("zebra", 0.5 + 0.25 * side, 0.16, 0.7),
        ),
        haze=0.08,
    )
    row = land.at(0.5, 0.3)[1]
    post, rail = land.lit("#7a5636"), land.lit("#9a7048")
    for order in range(-3, 30):
        x = 0.04 * order
        land.stroke((x, row), (x, row - 0.1), post, 0.011)
    for rise in (0.03, 0.08):
        land.stroke((-0.2, row - rise), (1.2, row - rise), rail, 0.011)
    land.polygon([(-0.3, row), (1.3, row), (1.3, 1.3), (-0.3, 1.3)], land.lit("#d6c39a"))
    middle = 0.5 - 0.4 * side
    sign = [
        (middle - 0.09, row - 0.2),
        (middle + 0.09, row - 0.2),
        (middle + 0.09, row - 0.09),
        (middle - 0.09, row - 0.09),
    ]
    for x in (sign[0][0] + 0.02, sign[1][0] - 0.02):
        land.stroke((x, row + 0.01), (x, row - 0.2), post, 0.014)
    land.polygon(sign, land.lit("#3f7a3a"))
    land.write("ZOO", sign, land.lit("#f6efd0"))
    return land.finished(view, farthest=0.36, added=[])


def ice_rink(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return ice with blue and red lines and the traces of skates, inside a white board."""
    land = OpenAir(shot, plan, horizon=0.46)
    land.hills("#6f8a8f", 0.14, haze=0.5, waves=10.0)
    for order in range(16):
        land.stand("evergreen-tree", 0.5 + (order - 7.5) * 1.15, 0.08 + 0.02 * (order % 2), 1.7)
    land.ground("#e6f1f7", rough=0.06, haze=0.1)
    foot = land.horizon + 0.08
    land.polygon(
        [(-0.2, foot), (-0.2, foot - 0.09), (1.2, foot - 0.09), (1.2, foot)], land.lit("#f6f8fa")
    )
    land.stroke((-0.2, foot - 0.09), (1.2, foot - 0.09), land.lit("#2f6fbf"), 0.014)
    land.stroke((-0.2, foot - 0.006), (1.2, foot - 0.006), land.lit("#f2c13c"), 0.016)
    for x, code in ((0.02, "#d8322c"), (0.3, "#2f6fbf"), (0.74, "#2f6fbf")):
        land.polygon(
            [(x, foot - 0.07), (x + 0.18, foot - 0.07), (x + 0.18, foot - 0.03), (x, foot - 0.03)],
            land.lit(code),
        )
    for x, code in ((-0.5, "#2f6fbf"), (1.5, "#2f6fbf"), (0.5, "#d8322c")):
        land.polygon(
            [
                land.at(x - 0.04, 0.15),
                land.at(x + 0.04, 0.15),
                land.at(x + 0.04, 1.2),
                land.at(x - 0.04, 1.2),
            ],
            land.lit(code, 0.25),
        )
    ring = land.at(0.5, 0.52)
    for axes, code in (((0.42, 0.11), "#2f6fbf"), ((0.405, 0.1), "#e3eff5")):
        land.blot(ring, axes, land.lit(code, 0.05))
    for _ in range(90):
        size = float(land.chance.uniform(0.18, 1.1))
        place = land.at(0.5 + float(land.chance.uniform(-0.6, 0.6)) / size, size)
        tip = (
            place[0] + 0.12 * size * float(land.chance.normal()),
            place[1] + 0.03 * size * float(land.chance.normal()),
        )
        land.stroke(place, tip, land.lit("#ffffff"), 0.003)
    return land.finished(view, farthest=0.3, added=[])


def skatepark(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return ramps of concrete with graffiti, a bowl and a rail."""
    land = OpenAir(shot, plan, horizon=0.48)
    land.hills("#6f8f5a", 0.08, haze=0.4, waves=9.0)
    land.ground("#b5b7b8", rough=0.12, haze=0.15)
    foot = land.at(0.5, 0.26)[1]
    for side in (-1, 1):
        edge = [
            (0.5 + side * (0.14 + 0.36 * share), foot - 0.28 * share**2.2)
            for share in np.linspace(0, 1, 14)
        ]
        land.polygon(
            [
                *edge,
                (0.5 + side * 0.9, foot - 0.28),
                (0.5 + side * 0.9, foot + 0.1),
                (0.5 + side * 0.14, foot),
            ],
            land.lit("#9fa2a5", 0.05),
        )
        for one, two in pairwise(edge):
            land.stroke(one, two, land.lit("#dcdedf"), 0.008)
        land.stroke(
            (0.5 + side * 0.5, foot - 0.28),
            (0.5 + side * 1.0, foot - 0.28),
            land.lit("#e0a83a"),
            0.016,
        )
    codes = ("#e0323c", "#2f8fd0", "#f6c53a", "#4fae5a", "#8a3fba")
    for order in range(26):
        side = 1 if order % 2 else -1
        x, y = (
            0.5 + side * float(land.chance.uniform(0.36, 0.5)),
            foot - float(land.chance.uniform(-0.07, 0.1)),
        )
        tip = (
            x + float(land.chance.uniform(-0.03, 0.03)),
            y + float(land.chance.uniform(-0.04, 0.02)),
        )
        land.stroke((x, y), tip, land.lit(codes[order % 5]), 0.022)
    bowl = land.at(0.5, 0.44)
    for axes, drop, code in (
        ((0.5, 0.085), 0.0, "#d6d8d9"),
        ((0.47, 0.072), 0.006, "#84888c"),
        ((0.34, 0.04), 0.02, "#6d7175"),
    ):
        land.blot((bowl[0], bowl[1] + drop), axes, land.lit(code))
    steel = land.lit("#d8432f")
    left, right = land.at(0.5 + 0.55 * land.side, 0.6), land.at(0.5 + 1.1 * land.side, 0.6)
    land.stroke((left[0], left[1] - 0.1), (right[0], right[1] - 0.1), steel, 0.014)
    for x in (left[0], (left[0] + right[0]) / 2, right[0]):
        land.stroke((x, left[1]), (x, left[1] - 0.1), steel, 0.011)
    return land.finished(view, farthest=0.36, added=[])
