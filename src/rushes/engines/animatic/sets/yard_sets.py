"""Paint a harbour, a farmyard, a petrol station and a swamp."""

from dataclasses import replace

import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.paint.arrays import F32
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.open_air import OpenAir
from rushes.engines.animatic.sets.outdoor_sets import glimmer, house
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.shot import Shot


def harbour(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return boats at their moorings before coloured houses, seen from a quay."""
    land = OpenAir(shot, plan, horizon=0.46)
    left = -0.1
    while left < 1.1:
        wide = float(land.chance.uniform(0.08, 0.13))
        code = ("#c8654f", "#e0b25c", "#6f9fb5", "#d9cbb0")[int(land.chance.integers(4))]
        house(land, (left, left + wide), code, is_dark=plan.time == "night", snowy=False)
        left += wide
    land.ground("#2f7396", rough=0.12, haze=0.25)
    named = {member.subject for member in plan.cast}
    for name, x, size, tall in (
        ("sailboat", -0.6, 0.2, 1.7),
        ("fishing-boat", 1.5, 0.24, 1.0),
        ("sailboat", 1.0, 0.14, 1.6),
        ("fishing-boat", -0.1, 0.36, 0.8),
        ("sailboat", 1.05, 0.4, 1.3),
    ):
        if name not in named:
            land.stand(name, x, size, tall, haze=0.1)
    edge = 0.56
    land.strip(0.5, 3.0, land.lit("#a39a8d"), farthest=edge)
    row = land.at(0.5, edge)[1]
    land.polygon([(-0.2, row - 0.012), (1.2, row - 0.012), (1.2, row + 0.02), (-0.2, row + 0.02)],
                 land.lit("#c9c1b2"))  # fmt: skip
    for order in range(-12, 13):
        x = 0.5 + 0.24 * order
        land.stroke(land.at(x, edge), land.at(x, 1.25), land.lit("#857d72"), 0.003)
    for x in (0.08, 0.5, 0.92):
        land.stroke((x, row + 0.02), (x, row - 0.05), land.lit("#3a3f45"), 0.03)
        land.blot((x, row - 0.05), (0.024, 0.012), land.lit("#4b525a"))
    port = land.finished(view, farthest=edge + 0.08, added=glimmer(land, view, (0.04, edge - 0.04)))
    port.ground = replace(port.ground, is_water=True, water_ends=row)
    return port


def farmyard(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return a barn, a fence, bales of hay and a tractor's tracks on trodden earth."""
    land = OpenAir(shot, plan, horizon=0.5)
    land.hills("#7f9a52", 0.1, haze=0.4)
    land.hills("#6f8f45", 0.05, haze=0.25, waves=6.0)
    land.ground("#8f9a55", rough=0.3, haze=0.2)
    land.strip(0.55, 0.62, land.lit("#b3925f"))
    named = {member.subject for member in plan.cast}
    for order in range(-3, 18):
        x, foot = 0.07 * order, land.horizon + 0.07
        land.stroke((x, foot), (x, foot - 0.085), land.lit("#8a6a44"), 0.012)
    for row in (0.02, 0.045):
        land.stroke(
            (-0.2, land.horizon + row), (1.2, land.horizon + row), land.lit("#9a7a50"), 0.009
        )
    for name, x, size, tall in (
        ("barn", -0.6, 0.3, 1.5), ("windmill", 1.9, 0.2, 1.8), ("hay-bale", 1.12, 0.42, 0.36),
        ("hay-bale", 1.0, 0.5, 0.34), ("barrel", -0.25, 0.55, 0.3),
    ):  # fmt: skip
        if name not in named:
            land.stand(name, x, size, tall, haze=0.05)
    return land.finished(view, farthest=0.3, added=[])


def petrol_station(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return pumps under a lit roof on pillars, before a shop beside the road."""
    land = OpenAir(shot, plan, horizon=0.5)
    is_dark = plan.time in {"night", "sunset"}
    land.hills("#6f8a5a", 0.07, haze=0.4)
    land.ground("#6b6d70", rough=0.12, haze=0.2)
    foot = land.horizon + 0.05
    glass = rgb("#ffe6b0") if is_dark else land.lit("#a9c9d6")
    land.polygon(
        [(0.3, foot - 0.16), (0.72, foot - 0.16), (0.72, foot), (0.3, foot)], land.lit("#e3e0d8")
    )
    for left in (0.32, 0.42, 0.52, 0.62):
        land.polygon(
            [
                (left, foot - 0.11),
                (left + 0.085, foot - 0.11),
                (left + 0.085, foot - 0.01),
                (left, foot - 0.01),
            ],
            glass,
        )
    land.polygon(
        [(0.3, foot - 0.16), (0.72, foot - 0.16), (0.72, foot - 0.125), (0.3, foot - 0.125)],
        land.lit("#2f6fbf"),
    )
    for x in (0.1, 0.9):
        base = land.at(0.5 + (x - 0.5) / 0.42, 0.42)[1]
        land.stroke((x, base), (x, 0.2), land.lit("#d9dcdf"), 0.035)
    under = rgb("#fff2cf") if is_dark else land.lit("#f4f4f0")
    land.polygon([(-0.05, 0.2), (1.05, 0.2), (0.86, 0.27), (0.14, 0.27)], under)
    land.polygon([(-0.05, 0.1), (1.05, 0.1), (1.05, 0.2), (-0.05, 0.2)], land.lit("#d8432f"))
    land.polygon([(-0.05, 0.14), (1.05, 0.14), (1.05, 0.16), (-0.05, 0.16)], land.lit("#f6f6f2"))
    for x in (0.14, 0.84):
        land.polygon(
            [(x - 0.09, 0.735), (x + 0.09, 0.735), (x + 0.1, 0.765), (x - 0.1, 0.765)],
            land.lit("#b9b6ae"),
        )
        if "fuel-pump" not in {member.subject for member in plan.cast}:
            land.stand("fuel-pump", 0.5 + (x - 0.5) / 0.5, 0.5, 0.56, haze=0.0)
    if is_dark:
        land.shell.add_light(land.shell.spot(0.5, 0.66, 0.5, 0.36), rgb("#ffe0a8") * F32(0.6))
    return land.finished(view, farthest=0.3, added=[])


def swamp(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return dark water between dead trees with hanging moss, reeds, and a bank of mud."""
    land = OpenAir(shot, plan, horizon=0.5)
    land.hills("#5f7a5a", 0.16, haze=0.55, waves=8.0)
    land.ground("#3f5244", rough=0.25, haze=0.45)
    for order in range(60):
        size = 0.05 + 0.5 * order / 60
        place = land.at(0.5 + float(land.chance.uniform(-0.7, 0.7)) / max(size, 0.12), size)
        land.blot(place, (0.09 * size + 0.01, 0.012 * size + 0.002), land.lit("#6f8a4a", 0.25))
    for x, size in ((0.0, 0.14), (2.2, 0.16), (-1.2, 0.2), (1.4, 0.26), (-0.3, 0.4), (1.25, 0.46)):
        haze = 0.45 * (1 - size) ** 2
        foot, bark = land.at(x, size), land.lit("#4a4038", haze)
        top = (foot[0] + 0.04 * size, foot[1] - 1.5 * size)
        land.polygon(
            [
                (foot[0] - 0.07 * size, foot[1]),
                (top[0] - 0.01 * size, top[1]),
                (top[0] + 0.01 * size, top[1]),
                (foot[0] + 0.07 * size, foot[1]),
            ],
            bark,
        )
        for lean, high in ((-0.3, 0.8), (0.26, 0.95), (-0.2, 1.15), (0.2, 1.25)):
            start = (foot[0] + 0.02 * size, foot[1] - (high - 0.2) * size)
            tip = (foot[0] + lean * size, foot[1] - high * size)
            land.stroke(start, tip, bark, 0.02 * size)
            for step in range(4):
                along = 0.4 + 0.2 * step
                x_moss = start[0] + (tip[0] - start[0]) * along
                y_moss = start[1] + (tip[1] - start[1]) * along
                land.stroke(
                    (x_moss, y_moss),
                    (x_moss, y_moss + 0.16 * size),
                    land.lit("#7f9a6a", haze),
                    0.012 * size,
                )
    edge = 0.62
    row = land.at(0.5, edge)[1]
    bank = [
        (x, row + float(land.chance.uniform(-0.012, 0.012))) for x in np.linspace(-0.2, 1.2, 24)
    ]
    land.polygon([*bank, (1.2, 1.3), (-0.2, 1.3)], land.lit("#5b5236"))
    for order in range(160):
        x = float(land.chance.uniform(-0.1, 1.1))
        if 0.25 < x < 0.75 and order % 3:
            continue
        tall = float(land.chance.uniform(0.08, 0.2))
        tip = (x + float(land.chance.normal(0, 0.01)), row - tall + 0.02)
        land.stroke((x, row + 0.02), tip, land.lit("#7f8a45"), 0.005)
        if order % 4 == 0:
            land.stroke(tip, (tip[0], tip[1] + 0.035), land.lit("#6b4428"), 0.013)
    wet = land.finished(view, farthest=edge + 0.06, added=glimmer(land, view, (0.05, edge - 0.08)))
    wet.ground = replace(wet.ground, is_water=True, water_ends=row)
    return wet
