"""Paint a ship's deck, markets, a playground, a canyon, a summit and a hot spring."""

from dataclasses import replace
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.layers import Layer
from rushes.engines.animatic.paint.arrays import F32
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.moving_water import pool_light
from rushes.engines.animatic.sets.open_air import DARK_TIMES, OpenAir
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.shot import Shot

_BULBS: Final = ("#ffd27a", "#ff8a6a", "#8fd0ff", "#a8e08a")


def ship_deck(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return the planks of a ship with its rail, its mast and its wheel, and the sea around it."""
    land = OpenAir(shot, plan, horizon=0.46)
    land.ground("#2f7396", rough=0.12, haze=0.35)
    for order in range(160):
        size = 0.03 + 0.5 * (order / 160)
        place = land.at(0.5 + float(land.chance.uniform(-0.7, 0.7)) / max(size, 0.1), size)
        tip = (place[0] + 0.05 * size + 0.01, place[1])
        land.stroke(place, tip, land.lit("#9fcbe0", 0.2), 0.004 * size + 0.001)
    rail, edge = 0.34, 0.5
    land.strip(0.5, 3.0, land.lit("#a9794a"), farthest=edge)
    for order in range(-26, 27):
        x = 0.5 + 0.11 * order
        land.stroke(land.at(x, edge), land.at(x, 1.25), land.lit("#6f4b2a"), 0.004)
    wood, dark = land.lit("#8a5a30"), land.lit("#5b3a1c")
    foot = land.at(0.5, edge)[1]
    top = foot - rail * 0.56
    for order in range(-3, 24):
        x = 0.05 * order
        land.stroke((x, foot), (x, top), wood, 0.018)
        land.blot((x, (foot + top) / 2), (0.016, 0.03), wood)
    land.polygon(
        [(-0.2, top - 0.02), (1.2, top - 0.02), (1.2, top + 0.02), (-0.2, top + 0.02)], wood
    )
    land.polygon(
        [(-0.2, top + 0.02), (1.2, top + 0.02), (1.2, top + 0.03), (-0.2, top + 0.03)], dark
    )
    land.polygon(
        [(-0.2, foot - 0.02), (1.2, foot - 0.02), (1.2, foot + 0.015), (-0.2, foot + 0.015)], dark
    )
    mast = land.at(1.0, 0.62)
    half = 0.026 * shot.height_px / shot.width_px
    sail = [
        (mast[0] - 9 * half, -0.1),
        (mast[0] + 9 * half, -0.1),
        (mast[0] + 7 * half, 0.2),
        (mast[0] - 7 * half, 0.2),
    ]
    land.polygon(sail, land.lit("#efe6d0"))
    land.polygon(
        [
            (mast[0] - half, -0.1),
            (mast[0] + half, -0.1),
            (mast[0] + half, mast[1]),
            (mast[0] - half, mast[1]),
        ],
        wood,
    )
    for x in (-0.1, 0.1, 0.3):
        land.stroke((mast[0] - half, -0.05), (mast[0] - 0.2 - x, top), land.lit("#3f3022"), 0.004)
    named = {member.subject for member in plan.cast}
    for name, x, size, tall in (
        ("ship-wheel", 0.94, 0.7, 0.4),
        ("barrel", 0.0, 0.62, 0.34),
        ("anchor", -0.1, 0.9, 0.26),
    ):
        if name not in named:
            land.stand(name, x, size, tall, haze=0.0)
    return land.finished(view, farthest=edge + 0.08, added=glimmer(land, view, (0.02, edge - 0.06)))


def glimmer(land: OpenAir, view: View, sizes: tuple[float, float]) -> list[Layer]:
    """Return the light that moves on water across the frame, between two sizes."""
    (_, far), (_, near) = land.at(0.5, sizes[0]), land.at(0.5, sizes[1])
    corners = ((-0.1, far), (1.1, far), (1.1, near), (-0.1, near))
    return [pool_light(land.shot, view, corners, (0.3, 0.4), strength=0.25)]


def market(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return a square with two rows of stalls under strings of lights, before old houses."""
    return _market(shot, view, plan, christmas=False)


def christmas_market(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return the stalls in the snow, with a tree full of lights."""
    return _market(shot, view, plan, christmas=True)


def _market(shot: Shot, view: View, plan: ShotPlan, *, christmas: bool) -> PaintedSet:
    land = OpenAir(shot, plan, horizon=0.46)
    is_dark = plan.time in DARK_TIMES
    left = -0.1
    while left < 1.1:
        wide = float(land.chance.uniform(0.12, 0.2))
        code = ("#b9705c", "#d9b884", "#8f9aa3", "#c98a5c")[int(land.chance.integers(4))]
        house(land, (left, left + wide), code, is_dark=is_dark, snowy=christmas)
        left += wide
    land.ground("#e3e9f0" if christmas else "#9a9186", rough=0.16, haze=0.2)
    if not christmas:
        for size in np.linspace(0.1, 1.15, 24):
            row = land.at(0.5, float(size))[1]
            land.stroke((-0.1, row), (1.1, row), land.lit("#7c746a"), 0.003)
    if christmas:
        land.stand("christmas-tree", 0.9, 0.3, 1.5, haze=0.0)
    for size in (0.34, 0.46, 0.62):
        for x in (0.5 - 0.62, 0.5 + 0.62):
            land.stand("market-stall", 0.5 + (x - 0.5) * (0.75 + 0.25 / size), size, 0.66, haze=0.0)
    _hang_lights(land, strong=is_dark)
    return land.finished(view, farthest=0.3, margin=0.2, added=[])


def house(
    land: OpenAir, sides: tuple[float, float], code: str, *, is_dark: bool, snowy: bool
) -> None:
    """Paint the front of a house with a pointed roof and rows of windows."""
    left, right = sides
    foot = land.horizon + 0.03
    top = foot - float(land.chance.uniform(0.2, 0.3))
    land.polygon([(left, top), (right, top), (right, foot), (left, foot)], land.lit(code, 0.15))
    roof = land.lit("#f2f5f8" if snowy else "#8a4a38", 0.1)
    land.polygon([(left - 0.006, top), ((left + right) / 2, top - 0.1), (right + 0.006, top)], roof)
    glass = rgb("#ffd28a") if is_dark else land.lit("#5d7080", 0.1)
    for row in np.arange(top + 0.03, foot - 0.05, 0.065):
        for x in np.arange(left + 0.02, right - 0.025, 0.034):
            y = float(row)
            pane = [(x, y), (x + 0.016, y), (x + 0.016, y + 0.036), (x, y + 0.036)]
            land.polygon([(float(one), two) for one, two in pane], glass)


def _hang_lights(land: OpenAir, *, strong: bool) -> None:
    """Hang strings of bulbs across the square."""
    for row, sag in ((0.08, 0.1), (0.2, 0.07)):
        places = [(x, row + sag * (1 - (2 * x - 1) ** 2)) for x in np.linspace(-0.05, 1.05, 27)]
        for first, last in pairwise(places):
            land.stroke(first, last, land.lit("#2f2a26"), 0.003)
        for order, place in enumerate(places):
            land.blot(place, (0.009, 0.011), rgb(_BULBS[order % 4]))
            if strong and order % 3 == 0:
                glow = land.shell.spot(*place, 0.03, 0.05)
                land.shell.add_glow(glow, rgb(_BULBS[order % 4]) * F32(0.3))
    if strong:
        for x in (0.12, 0.5, 0.88):
            land.shell.add_light(land.shell.spot(x, 0.7, 0.4, 0.4), rgb("#ffb765") * F32(0.5))


def playground(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return a slide, a swing, a climbing frame and a box of sand on a lawn with a fence."""
    land = OpenAir(shot, plan, horizon=0.5)
    land.hills("#5f8a4a", 0.1, haze=0.3, waves=8.0)
    land.ground("#7fae4f", rough=0.2, haze=0.2)
    for order in range(-4, 26):
        x, foot = 0.045 * order, land.horizon + 0.05
        land.stroke((x, foot), (x, foot - 0.09), land.lit("#e8d9b8"), 0.012)
    for row in (0.02, -0.02):
        land.stroke(
            (-0.2, land.horizon + row), (1.2, land.horizon + row), land.lit("#e8d9b8"), 0.01
        )
    sand = land.at(0.5, 0.62)
    land.blot(sand, (0.52, 0.13), land.lit("#b9834c"))
    land.blot((sand[0], sand[1] - 0.006), (0.5, 0.118), land.lit("#ecd6a0"))
    named = {member.subject for member in plan.cast}
    if "playground-slide" not in named:
        land.stand("playground-slide", 1.2, 0.4, 1.1, haze=0.0)
    _swings(land)
    _climbing_frame(land)
    return land.finished(view, farthest=0.3, added=[])


def _swings(land: OpenAir) -> None:
    """Paint a frame with two swings."""
    left, right = land.at(-0.5, 0.36), land.at(0.28, 0.36)
    top = left[1] - 0.34
    for x, lean in ((left[0], 1), (right[0], -1)):
        for side in (-0.03, 0.03):
            land.stroke((x + side, left[1]), (x + lean * 0.012, top), land.lit("#d8432f"), 0.016)
    land.stroke((left[0] + 0.012, top), (right[0] - 0.012, top), land.lit("#d8432f"), 0.018)
    for share in (0.36, 0.68):
        x = left[0] + (right[0] - left[0]) * share
        for side in (-0.016, 0.016):
            land.stroke((x + side, top), (x + side, left[1] - 0.07), land.lit("#4b545c"), 0.004)
        land.stroke(
            (x - 0.02, left[1] - 0.07), (x + 0.02, left[1] - 0.07), land.lit("#2f6fbf"), 0.018
        )


def _climbing_frame(land: OpenAir) -> None:
    foot = land.at(0.75, 0.26)
    for order in range(4):
        x = foot[0] + 0.035 * order
        land.stroke((x, foot[1]), (x, foot[1] - 0.2), land.lit("#2f6fbf"), 0.01)
        row = foot[1] - 0.05 - 0.05 * order
        land.stroke((foot[0], row), (foot[0] + 0.105, row), land.lit("#f2c13c"), 0.01)


def canyon(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return walls of red rock in layers, one behind another, and a river between them."""
    land = OpenAir(shot, plan, horizon=0.52)
    land.ground("#b9703f", rough=0.3, haze=0.3)
    river = [land.at(0.5 + 0.3 * (1 - size) - 0.05, size) for size in (0.02, 0.3, 0.7, 1.25)]
    back = [land.at(0.5 + 0.3 * (1 - size) + 0.22, size) for size in (1.25, 0.7, 0.3, 0.02)]
    land.polygon([*river, *back], land.lit("#4f9a9f", 0.1))
    rows = ((0.02, 0.34, 0.2), (0.12, 0.46, 0.15), (0.26, 0.6, 0.1), (0.5, 0.9, 0.02))
    for size, height, inner in rows:
        haze = 0.5 * (1 - size) ** 2
        for side in (-1, 1):
            _cliff(land, side, (size, height, inner), haze)
    return land.finished(view, farthest=0.2, margin=0.1, added=[])


def _cliff(land: OpenAir, side: int, shape: tuple[float, float, float], haze: float) -> None:
    """Paint one wall of rock; *shape* is its size, its height, and how near the middle it ends."""
    size, height, inner = shape
    foot = land.at(0.5, size)[1]
    start = 0.5 + side * (0.08 + 0.5 * size - inner * 0.3)
    steps = [(start, 0.0), (start + side * 0.02, 0.5), (start + side * 0.05, 0.55)]
    steps += [(start + side * 0.07, 0.86), (start + side * 0.14, 0.9), (start + side * 0.17, 1.0)]
    jag = [float(land.chance.uniform(-0.012, 0.012)) for _ in steps]
    edge = [(x + more, foot - height * y) for (x, y), more in zip(steps, jag, strict=True)]
    outer = 0.5 + side * 0.9
    codes = ("#a9502f", "#c9703f", "#b85f38", "#d98a55", "#9a4528", "#cf7a48")
    land.polygon([*edge, (outer, edge[-1][1]), (outer, foot)], land.lit(codes[0], haze))
    mask = np.zeros(land.shell.image.shape[:2], np.uint8)
    pixels = np.array([land.px(one) for one in [*edge, (outer, edge[-1][1]), (outer, foot)]])
    cv2.fillPoly(mask, [pixels.astype(np.int32)], (255,))
    before = land.shell.image.copy()
    for order in range(12):
        row = foot - height * (order + float(land.chance.uniform(0, 0.5))) / 12
        land.stroke(
            (0.5, row), (outer, row - 0.01 * side), land.lit(codes[order % 6], haze), height * 0.05
        )
    land.shell.image[mask == 0] = before[mask == 0]


def summit(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return the rocky top of a mountain above a sea of clouds that other tops come out of."""
    land = OpenAir(shot, plan, horizon=0.5)
    land.hills("#8fa3b5", 0.12, haze=0.5, waves=9.0)
    for x, tall, wide in ((0.1, 0.2, 0.12), (0.86, 0.24, 0.14), (0.32, 0.12, 0.1)):
        foot, top = land.horizon + 0.1, land.horizon - tall
        land.polygon([(x - wide, foot), (x, top), (x + wide, foot)], land.lit("#5f6f80", 0.35))
        land.polygon(
            [(x, top), (x + wide, foot), (x + wide * 0.2, foot)], land.lit("#4a5866", 0.35)
        )
        land.polygon(
            [(x - wide * 0.24, top + tall * 0.3), (x, top), (x + wide * 0.24, top + tall * 0.3)],
            land.lit("#f2f5f8", 0.1),
        )
    land.ground("#dfe6ec", rough=0.1, haze=0.2)
    _clouds_below(land)
    top = land.at(0.5, 0.42)[1]
    edge = [
        (x, top + float(land.chance.uniform(-0.02, 0.03)) + 0.5 * (x - 0.5) ** 2)
        for x in np.linspace(-0.2, 1.2, 22)
    ]
    land.polygon([*edge, (1.2, 1.2), (-0.2, 1.2)], land.lit("#6f6a64"))
    for _ in range(150):
        x, y = float(land.chance.uniform(-0.1, 1.1)), float(land.chance.uniform(0, 1))
        row = top + 0.05 + 0.5 * (x - 0.5) ** 2 + 0.45 * y
        wide, code = (
            0.03 + 0.06 * y,
            ("#7f7a73", "#5b5650", "#8f8a82")[int(land.chance.integers(3))],
        )
        stone = [
            (x - wide * 0.5, row),
            (x - wide * 0.2, row - 0.03),
            (x + wide * 0.3, row - 0.024),
            (x + wide * 0.5, row),
        ]
        land.polygon(stone, land.lit(code))
    return land.finished(view, farthest=0.5, added=[])


def _clouds_below(land: OpenAir) -> None:
    """Cover the valley with billows of cloud, from afar to near."""
    for size in (0.02, 0.06, 0.12, 0.2, 0.3):
        row, x = land.at(0.5, size)[1], -0.1
        while x < 1.1:
            wide = (0.05 + 0.3 * size) * float(land.chance.uniform(0.6, 1.4))
            for code, drop in (("#ffffff", 0.0), ("#d9e2ea", 0.3)):
                land.blot((x, row + drop * wide * 0.5), (wide, wide * 0.4), land.lit(code, 0.25))
            x += wide * float(land.chance.uniform(0.4, 0.8))


def hot_spring(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return a steaming pool between stones, in the snow where the plan has some."""
    snowy = plan.palette == "snowy" or "snow" in plan.effects
    land = OpenAir(shot, plan, horizon=0.48)
    land.hills("#8fa3b5" if snowy else "#5f7a5a", 0.2, haze=0.5)
    for order in range(18):
        land.stand("evergreen-tree", 0.5 + (order - 8.5) * 0.9, 0.1 + 0.02 * (order % 3), 1.7)
    land.ground("#e6edf5" if snowy else "#7a8a5c", rough=0.14, haze=0.2)
    middle = land.at(0.5, 0.66)
    land.blot(middle, (0.86, 0.27), land.lit("#6f6a64"))
    land.blot((middle[0], middle[1] - 0.005), (0.8, 0.235), land.lit("#4fb3b8"))
    land.blot((middle[0], middle[1] - 0.03), (0.66, 0.16), land.lit("#7fd0d0"))
    aspect = shot.width_px / shot.height_px
    for order in range(34):
        turn = 6.283 * order / 34
        x, y = middle[0] + 0.84 * np.cos(turn) / aspect, middle[1] + 0.25 * np.sin(turn)
        wide = float(land.chance.uniform(0.05, 0.09)) * (1 + 0.4 * float(np.sin(turn)))
        stone = ("#7f7a73", "#6b665f", "#8f8a82")[order % 3]
        land.blot((x, y), (wide, wide * 0.6), land.lit(stone))
        if snowy:
            land.blot((x, y - wide * 0.3), (wide * 0.8, wide * 0.3), land.lit("#f6f9fb"))
    rows = (land.at(0.5, 0.36)[1], land.at(0.5, 0.9)[1])
    corners = ((0.2, rows[0]), (0.8, rows[0]), (0.9, rows[1]), (0.1, rows[1]))
    light: list[Layer] = [pool_light(shot, view, corners, (0.4, 0.56), strength=0.3)]
    bath = land.finished(view, farthest=0.3, added=light)
    bath.ground = replace(bath.ground, is_water=True, water_ends=land.at(0.5, 0.84)[1])
    return bath
