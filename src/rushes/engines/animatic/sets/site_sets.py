"""Paint ruins, building sites and container ports."""

import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.paint.arrays import F32
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.open_air import OpenAir
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.sets.town_sets import stand
from rushes.engines.animatic.shot import Shot


def ruins(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return broken columns, an arch and fallen blocks of a temple in dry grass."""
    land = OpenAir(shot, plan, horizon=0.5)
    land.hills("#8a9a6a", 0.14, haze=0.5)
    land.ground("#a89a62", rough=0.3, haze=0.25)
    land.strip(0.5, 0.3, land.lit("#cfc2a0"))
    _arch(land, 0.5 + 0.7 * land.side, 0.2)
    for x, size, tall in (
        (-2.2, 0.16, 1.5),
        (-1.2, 0.18, 1.0),
        (2.6, 0.2, 1.3),
        (-1.1, 0.34, 1.5),
        (1.95, 0.36, 0.8),
        (-0.45, 0.56, 0.9),
        (1.4, 0.6, 1.3),
    ):
        _column(land, x, size, tall)
    for order in range(34):
        size = float(land.chance.uniform(0.14, 0.9))
        x = 0.5 + float(land.chance.uniform(-0.62, 0.62)) / size
        if abs(x - 0.5) < 0.34:
            continue
        foot, wide = land.at(x, size), float(land.chance.uniform(0.05, 0.11)) * size
        code = ("#d3c7a9", "#b9ad90", "#e0d6bb")[order % 3]
        land.polygon(
            [
                (foot[0] - wide, foot[1]),
                (foot[0] - wide, foot[1] - wide),
                (foot[0] + 0.8 * wide, foot[1] - 1.2 * wide),
                (foot[0] + wide, foot[1]),
            ],
            land.lit(code, 0.2 * (1 - size)),
        )
        land.polygon(
            [
                (foot[0] + 0.3 * wide, foot[1]),
                (foot[0] + 0.3 * wide, foot[1] - 1.1 * wide),
                (foot[0] + 0.8 * wide, foot[1] - 1.2 * wide),
                (foot[0] + wide, foot[1]),
            ],
            land.lit("#8f846a", 0.2 * (1 - size)),
        )
    return land.finished(view, farthest=0.26, added=[])


def _column(land: OpenAir, x: float, size: float, tall: float) -> None:
    """Paint a fluted column, broken off at its top."""
    foot, haze = land.at(x, size), 0.3 * (1 - size)
    aspect = land.shot.height_px / land.shot.width_px
    half, top = 0.1 * size * aspect, foot[1] - tall * size
    land.polygon(
        [
            (foot[0] - half, foot[1]),
            (foot[0] - 0.9 * half, top),
            (foot[0] - 0.2 * half, top + 0.05 * size),
            (foot[0] + 0.2 * half, top - 0.03 * size),
            (foot[0] + 0.9 * half, top + 0.06 * size),
            (foot[0] + half, foot[1]),
        ],
        land.lit("#e0d6bb", haze),
    )
    for share in (-0.5, 0.0, 0.5, 0.85):
        at = foot[0] + share * half
        code = "#b9ad90" if share < 0.6 else "#8f846a"
        land.stroke((at, foot[1]), (at, top + 0.07 * size), land.lit(code, haze), 0.014 * size)
    land.polygon(
        [
            (foot[0] - 1.4 * half, foot[1] + 0.01),
            (foot[0] - 1.4 * half, foot[1] - 0.07 * size),
            (foot[0] + 1.4 * half, foot[1] - 0.07 * size),
            (foot[0] + 1.4 * half, foot[1] + 0.01),
        ],
        land.lit("#cfc4a6", haze),
    )


def _arch(land: OpenAir, x: float, size: float) -> None:
    for side in (-0.75, 0.75):
        _column(land, x + side, size, 1.9)
    left, right = land.at(x - 0.9, size), land.at(x + 0.9, size)
    top = left[1] - 1.9 * size
    land.polygon(
        [
            (left[0], top),
            (left[0] - 0.006, top - 0.07),
            (right[0] - 0.03, top - 0.075),
            (right[0] + 0.004, top - 0.04),
            (right[0], top),
        ],
        land.lit("#d6cbae", 0.2),
    )
    land.polygon(
        [(left[0], top + 0.012), (left[0], top), (right[0], top), (right[0], top + 0.012)],
        land.lit("#9a8f74", 0.2),
    )


def construction_site(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return the bare floors of a house with cranes, an excavator, scaffolding and barriers."""
    land = OpenAir(shot, plan, horizon=0.5)
    side = land.side
    land.hills("#9aa3a8", 0.07, haze=0.5, waves=9.0)
    _frame_of_house(land, 0.5 + 0.24 * side)
    stand(land, (("building-construction", 0.5 - 1.9 * side, 0.16, 3.2),), haze=0.1)
    land.ground("#b0926a", rough=0.35, haze=0.2)
    land.strip(0.5 - 0.1 * side, 0.24, land.lit("#8f744f"))
    stand(
        land,
        (
            ("excavator", 0.5 + 1.0 * side, 0.34, 0.9),
            ("cement-mixer", 0.5 - 1.15 * side, 0.34, 0.66),
            ("barricade", 0.5 - 0.62 * side, 0.6, 0.28),
            ("traffic-cone", 0.5 + 0.55 * side, 0.7, 0.18),
            ("traffic-cone", 0.5 - 0.5 * side, 0.85, 0.18),
        ),
        haze=0.0,
    )
    for heap, code in ((0.9, "#c9a878"), (-0.2, "#8d8a84")):
        place = land.at(heap, 0.26)
        land.blot(place, (0.2, 0.07), land.lit(code, 0.1))
    return land.finished(view, farthest=0.3, added=[])


def _frame_of_house(land: OpenAir, middle: float) -> None:
    """Paint four floors of concrete on pillars, with steel that sticks out of the top."""
    foot, wide, storey = land.horizon + 0.04, 0.2, 0.11
    for floor in range(4):
        row = foot - storey * floor
        land.polygon(
            [
                (middle - wide, row - storey),
                (middle + wide, row - storey),
                (middle + wide, row),
                (middle - wide, row),
            ],
            land.lit("#7c7f80", 0.25),
        )
        for x in np.linspace(middle - wide, middle + wide, 7):
            land.stroke((float(x), row), (float(x), row - storey), land.lit("#b9bab6", 0.15), 0.014)
        land.stroke(
            (middle - wide - 0.01, row - storey),
            (middle + wide + 0.01, row - storey),
            land.lit("#cfd0cb", 0.15),
            0.02,
        )
    top = foot - 4 * storey
    for x in np.linspace(middle - wide, middle + wide, 7):
        land.stroke((float(x), top), (float(x), top - 0.05), land.lit("#8a4a34", 0.15), 0.006)
    for x in np.linspace(middle - wide - 0.03, middle - wide + 0.03, 3):
        land.stroke((float(x), foot), (float(x), top), land.lit("#e0a83a", 0.1), 0.006)
    for row in np.linspace(top, foot, 8):
        land.stroke(
            (middle - wide - 0.03, float(row)),
            (middle - wide + 0.03, float(row)),
            land.lit("#e0a83a", 0.1),
            0.006,
        )


def container_port(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return stacks of coloured containers, gantry cranes and a ship at a quay."""
    land = OpenAir(shot, plan, horizon=0.5)
    side = land.side
    land.ground("#2f7396", rough=0.12, haze=0.25)
    stand(land, (("cargo-ship", 0.5 - 0.9 * side, 0.14, 1.6),), haze=0.15)
    land.strip(0.5, 9.0, land.lit("#8d8f8f"), farthest=0.14)
    for x in (0.5 + 0.06 * side, 0.5 + 0.34 * side):
        _gantry(land, x)
    codes = ("#c8402f", "#2f6fae", "#3f8f5a", "#e0a02f", "#8a8f96", "#b5562f", "#1f5a6a")
    for x, size, across, up in (
        (-2.3, 0.2, 2, 4),
        (2.2, 0.22, 2, 4),
        (-1.05, 0.36, 2, 4),
        (1.5, 0.4, 2, 3),
        (-0.55, 0.66, 1, 3),
        (1.5, 0.7, 1, 3),
    ):
        for column in range(across):
            for level in range(up):
                code = codes[int(land.chance.integers(len(codes)))]
                _container(land, (x + 0.62 * column, size, level), code)
    return land.finished(view, farthest=0.3, added=[])


def _container(land: OpenAir, place: tuple[float, float, int], code: str) -> None:
    x, size, level = place
    foot, haze = land.at(x, size), 0.25 * (1 - size)
    aspect = land.shot.height_px / land.shot.width_px
    half, tall = 0.53 * size * aspect, 0.25 * size
    base = foot[1] - level * tall
    left, right, top = foot[0] - half, foot[0] + half, base - 0.97 * tall
    land.polygon([(left, top), (right, top), (right, base), (left, base)], land.lit(code, haze))
    dark = land.lit(code, haze) * F32(0.7)
    for share in np.linspace(0.05, 0.95, 12):
        at = float(left + (right - left) * share)
        land.stroke((at, top + 0.1 * tall), (at, base - 0.1 * tall), dark, 0.012 * size)
    for row in (top, base):
        land.stroke((left, row), (right, row), dark, 0.014 * size)


def _gantry(land: OpenAir, x: float) -> None:
    """Paint a crane that loads ships."""
    foot, colour = land.horizon + 0.07, land.lit("#d8503a", 0.25)
    for lean in (-0.035, 0.035):
        land.stroke((x + lean, foot), (x + 0.7 * lean, foot - 0.36), colour, 0.012)
    land.stroke((x - 0.15, foot - 0.3), (x + 0.1, foot - 0.3), colour, 0.016)
    land.stroke((x, foot - 0.42), (x - 0.14, foot - 0.3), colour, 0.006)
    land.stroke((x, foot - 0.42), (x + 0.1, foot - 0.3), colour, 0.006)
    land.stroke((x, foot - 0.42), (x, foot - 0.3), colour, 0.01)
    land.stroke((x - 0.035, foot - 0.14), (x + 0.035, foot - 0.14), colour, 0.01)
    land.stroke((x - 0.1, foot - 0.3), (x - 0.1, foot - 0.18), land.lit("#3a3a3c", 0.2), 0.003)
