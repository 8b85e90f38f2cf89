"""Paint parks, villages and cemeteries."""

from typing import Final

import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.paint.arrays import F32
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.open_air import DARK_TIMES, OpenAir
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.shot import Shot

_CROWNS: Final = ("#4f8a34", "#6fa83f", "#3f7a2f", "#86b84c")


def tree(land: OpenAir, x: float, size: float, tall: float = 1.25) -> None:
    """Paint a broad tree."""
    foot, haze = land.at(x, size), 0.4 * (1 - size) ** 2
    crown = (foot[0], foot[1] - tall * 0.7 * size)
    land.stroke(foot, crown, land.lit("#5b4330", haze), 0.07 * size)
    land.leaves(
        crown,
        (0.42 * size, 0.36 * size),
        _CROWNS,
        count=60 + round(170 * size),
        leaf=0.05 * size + 0.004,
        haze=haze,
    )


def stand(
    land: OpenAir, things: tuple[tuple[str, float, float, float], ...], haze: float = 0.05
) -> None:
    """Stand pictures on the ground, each of a name, a place, a size and a height."""
    named = {member.subject for member in land.plan.cast}
    for name, x, size, tall in things:
        if name not in named:
            land.stand(name, x, size, tall, haze=haze)


def park(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return lawns under broad trees, a way with benches and lamps, and a pond."""
    land = OpenAir(shot, plan, horizon=0.5)
    land.hills("#5f8a4a", 0.13, haze=0.35, waves=11.0)
    land.ground("#7fb04c", rough=0.2, haze=0.2)
    side = land.side
    pond = land.at(0.5 - 0.95 * side, 0.36)
    land.blot(pond, (0.4, 0.05), land.lit("#c9b98a"))
    land.blot((pond[0], pond[1] - 0.004), (0.37, 0.041), land.lit("#7fbcd6"))
    way = [0.02, 0.14, 0.3, 0.55, 0.85, 1.25]
    left = [land.at(0.5 + 0.5 * side * (1 - size) ** 2 - 0.2, size) for size in way]
    right = [land.at(0.5 + 0.5 * side * (1 - size) ** 2 + 0.2, size) for size in way]
    land.polygon([*left, *right[::-1]], land.lit("#dcc79a"))
    for x, size in (
        (-3.4, 0.08),
        (2.0, 0.09),
        (4.2, 0.1),
        (-1.6, 0.11),
        (-4.4, 0.14),
        (2.9, 0.15),
        (-2.0, 0.2),
        (2.3, 0.22),
        (-1.05, 0.34),
        (1.75, 0.4),
    ):
        tree(land, x, size)
    stand(
        land,
        (
            ("street-lamp", 1.5, 0.3, 0.95),
            ("street-lamp", -0.55, 0.34, 0.95),
            ("bench", 1.42, 0.44, 0.34),
            ("bench", -0.5, 0.5, 0.32),
        ),
        haze=0.0,
    )
    for order in range(400):
        size = 0.15 + 1.0 * order / 400
        foot = land.at(0.5 + float(land.chance.uniform(-0.62, 0.62)) / min(size, 1.0), size)
        if abs(foot[0] - 0.5) < 0.24 * size:
            continue
        code = ("#6a9a3c", "#96c35e", "#5f8f38", "#f4f0d0")[order % 4]
        land.stroke(foot, (foot[0] + 0.003, foot[1] - 0.02 * size), land.lit(code), 0.004 * size)
    if plan.time in DARK_TIMES:
        for x, size in ((1.5, 0.3), (-0.55, 0.34)):
            place = land.at(x, size)
            glow = land.shell.spot(place[0], place[1] - 0.9 * size, 0.1, 0.1)
            land.shell.add_glow(glow, rgb("#ffd28a") * F32(0.5))
    return land.finished(view, farthest=0.2, added=[])


def village(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return cottages with thatched roofs around a green, a well, a church and hills."""
    land = OpenAir(shot, plan, horizon=0.48)
    dark = plan.time in DARK_TIMES
    land.hills("#6f8f5a", 0.16, haze=0.5)
    land.hills("#6f9a4a", 0.07, haze=0.3, waves=5.0)
    land.ground("#86a650", rough=0.25, haze=0.2)
    land.strip(0.5, 0.34, land.lit("#c9ad7c"))
    stand(land, (("church", 0.5 - 0.5 * land.side, 0.1, 2.6),), haze=0.2)
    for x, size in (
        (-2.3, 0.14),
        (3.0, 0.15),
        (-1.3, 0.2),
        (2.0, 0.24),
        (-0.62, 0.34),
        (1.56, 0.38),
    ):
        cottage(land, x, size, is_dark=dark)
    stand(
        land,
        (("well", 0.5 + 0.55 * land.side, 0.36, 0.5), ("tree-stump", -0.02, 0.8, 0.08)),
        haze=0.0,
    )
    return land.finished(view, farthest=0.24, added=[])


def cottage(land: OpenAir, x: float, size: float, *, is_dark: bool) -> None:
    """Paint a half-timbered house with a thatched roof."""
    foot, haze = land.at(x, size), 0.3 * (1 - size) ** 2
    aspect = land.shot.height_px / land.shot.width_px
    half, wall, roof = 0.66 * size * aspect, 0.6 * size, 0.66 * size
    left, right, top = foot[0] - half, foot[0] + half, foot[1] - wall
    land.polygon(
        [(left, top), (right, top), (right, foot[1]), (left, foot[1])], land.lit("#efe3c8", haze)
    )
    beam, width = land.lit("#5b3d26", haze), 0.028 * size
    for share in (0.0, 0.36, 0.64, 1.0):
        at = left + 2 * half * share
        land.stroke((at, top), (at, foot[1]), beam, width)
    land.stroke((left, top + 0.02 * size), (right, top + 0.02 * size), beam, width)
    land.stroke((left, top), (left + 0.72 * half, foot[1]), beam, 0.7 * width)
    land.stroke((right, top), (right - 0.72 * half, foot[1]), beam, 0.7 * width)
    door = [
        (foot[0] - 0.2 * half, foot[1]),
        (foot[0] - 0.2 * half, foot[1] - 0.6 * wall),
        (foot[0] + 0.2 * half, foot[1] - 0.6 * wall),
        (foot[0] + 0.2 * half, foot[1]),
    ]
    land.polygon(door, land.lit("#6b4426", haze))
    glass = rgb("#ffcf7a") if is_dark else land.lit("#8fb4c4", haze)
    for side in (-0.66, 0.66):
        middle = foot[0] + side * half
        pane = [
            (middle - 0.16 * half, top + 0.25 * wall),
            (middle + 0.16 * half, top + 0.25 * wall),
            (middle + 0.16 * half, top + 0.58 * wall),
            (middle - 0.16 * half, top + 0.58 * wall),
        ]
        land.polygon(pane, glass)
    eaves = [
        (left - 0.2 * half, top + 0.06 * size),
        (left + 0.3 * half, top - roof),
        (right - 0.3 * half, top - roof),
        (right + 0.2 * half, top + 0.06 * size),
    ]
    land.polygon(eaves, land.lit("#b08d4f", haze))
    for share in np.linspace(0.04, 0.96, 12):
        first = (eaves[0][0] + (eaves[3][0] - eaves[0][0]) * share, eaves[0][1])
        last = (eaves[1][0] + (eaves[2][0] - eaves[1][0]) * share, eaves[1][1])
        land.stroke(
            (float(first[0]), first[1]),
            (float(last[0]), last[1]),
            land.lit("#8f6f38", haze),
            0.006 * size,
        )
    chimney = right - 0.55 * half
    land.stroke(
        (chimney, top - 0.7 * roof),
        (chimney, top - 1.25 * roof),
        land.lit("#8a5a48", haze),
        0.07 * size,
    )


def cemetery(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return rows of gravestones on grass between bare trees, behind an iron fence."""
    land = OpenAir(shot, plan, horizon=0.5)
    land.hills("#5f6f5a", 0.1, haze=0.5, waves=8.0)
    stand(land, (("church", 0.5 + 2.6 * land.side, 0.12, 2.0),), haze=0.3)
    land.ground("#6f7f4f", rough=0.3, haze=0.25)
    land.strip(0.5, 0.17, land.lit("#a39a86"))
    foot = land.horizon + 0.045
    iron = land.lit("#2c2f33", 0.1)
    for order in range(-6, 60):
        x = 0.02 * order
        land.stroke((x, foot), (x, foot - 0.075), iron, 0.005)
    for row in (0.012, 0.06):
        land.stroke((-0.2, foot - row), (1.2, foot - row), iron, 0.006)
    stand(land, (("leafless-tree", -1.1, 0.24, 1.7), ("leafless-tree", 1.9, 0.3, 1.6)), haze=0.1)
    for step in range(6):
        size = 0.14 + 0.66 * (step / 6) ** 1.3
        for row in range(-7, 8):
            x = 0.5 + (row + 0.5) * 0.5 + float(land.chance.uniform(-0.05, 0.05))
            if abs(x - 0.5) > 0.22 + 0.06 / size:
                _gravestone(land, x, size, round(7 * size) + row)
    return land.finished(view, farthest=0.26, added=[])


def _gravestone(land: OpenAir, x: float, size: float, kind: int) -> None:
    foot, haze = land.at(x, size), 0.25 * (1 - size)
    aspect = land.shot.height_px / land.shot.width_px
    half, tall = 0.095 * size * aspect, (0.2 + 0.04 * (kind % 3)) * size
    stone, dark = land.lit("#a9aaa6", haze), land.lit("#7b7d7a", haze)
    land.blot((foot[0], foot[1]), (0.15 * size, 0.026 * size), land.lit("#4f5f38", haze))
    if kind % 4 == 0:
        land.stroke(foot, (foot[0], foot[1] - 1.2 * tall), stone, 0.05 * size)
        arm = foot[1] - 0.85 * tall
        land.stroke((foot[0] - half, arm), (foot[0] + half, arm), stone, 0.05 * size)
        return
    for colour, more in ((dark, 0.16), (stone, 0.0)):
        left, right = foot[0] - half, foot[0] + half + more * half
        land.polygon(
            [
                (left, foot[1]),
                (left, foot[1] - 0.7 * tall),
                (right, foot[1] - 0.7 * tall),
                (right, foot[1]),
            ],
            colour,
        )
        land.blot(
            ((left + right) / 2, foot[1] - 0.7 * tall),
            ((right - left) / 2 / aspect, 0.3 * tall),
            colour,
        )
    for row in (0.5, 0.62):
        land.stroke(
            (foot[0] - 0.6 * half, foot[1] - row * tall),
            (foot[0] + 0.6 * half, foot[1] - row * tall),
            dark,
            0.01 * size,
        )
