"""Paint a canal between two rows of old houses, with a quay in front."""

from typing import Final

import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.layers import Ground
from rushes.engines.animatic.paint.arrays import F32
from rushes.engines.animatic.paint.colour import mix, rgb
from rushes.engines.animatic.scenes.palettes import Palette
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.eye_level import EyeLevel, eye_level
from rushes.engines.animatic.sets.light import palette_of
from rushes.engines.animatic.sets.moving_water import pool_light
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.sets.room import Box
from rushes.engines.animatic.sets.shell import Shell, as_bytes, grained, plain
from rushes.engines.animatic.sets.street import (
    light_on_street,
    light_street,
    paint_houses,
    paint_sky,
)
from rushes.engines.animatic.shot import Shot

_CANAL: Final = Box(left=0.37, top=0.30, right=0.63, bottom=0.565, far=0.24)
_WALLS: Final = tuple(rgb(code) for code in ("#c98a5c", "#d9b884", "#b9705c", "#cfa79a", "#d8cba8"))
_QUAY_ROW: Final = 0.885
_SIDE: Final = 0.09
"""Width of the walks along the houses, as a share of the floor's width."""


def canal(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return houses that the water between them mirrors; light moves on it."""
    palette = palette_of(plan)
    is_dark = plan.time == "night" or plan.light == "neon"
    side = 1 if shot.chance("sun").random() < 0.5 else -1
    level = eye_level(0.5, plan.framing)
    shell = Shell(shot, _CANAL.seen_from(level))
    paint_sky(shell, palette, shell.box.bottom)
    paint_houses(shell, shot, palette, is_dark=is_dark, walls=_WALLS)
    _paint_water(shell, palette, is_dark=is_dark)
    _paint_quay(shell, palette, level)
    light_street(shell, palette, is_dark=is_dark, side=side)
    box = shell.box
    foot = (level.row(_QUAY_ROW) - box.bottom) / (1 - box.bottom)
    corners = (
        shell.deep(_SIDE, 1, 0), shell.deep(1 - _SIDE, 1, 0),
        shell.deep(1 - _SIDE, 1, foot), shell.deep(_SIDE, 1, foot),
    )  # fmt: skip
    nearness = (box.far, box.far + (box.near - box.far) * foot)
    ground = Ground(
        horizon=level.horizon,
        farthest=level.row(_CANAL.bottom + 0.03),
        far_nearness=box.far,
        near_nearness=box.near,
        haze=0.3,
        margin=box.left,
        is_water=True,
        water_ends=level.row(_QUAY_ROW),
    )
    return PaintedSet(
        shot,
        palette,
        side=side,
        light=light_on_street(plan, side=side),
        ground=ground,
        layers=[shell.layer(view), pool_light(shot, view, corners, nearness, strength=0.3)],
    )


def _paint_water(shell: Shell, palette: Palette, *, is_dark: bool) -> None:
    """Lay the water with its mirror image, and the walks of stone along the houses."""
    water = mix(palette.water, rgb("#2f6a66") * F32(palette.daylight), 0.4)
    shell.floor(grained(plain(water, 400, 800), 0.18, beta=1.3), last=1.4)
    shell.reflect(shell.box.bottom, 0.62 if is_dark else 0.5, smear=0.05)
    stone = mix(rgb("#9a9186") * F32(0.2 + 0.8 * palette.daylight), palette.haze, 0.15)
    walk = grained(plain(stone, 400, 80), 0.14)
    for left, right in ((0.0, _SIDE), (1 - _SIDE, 1.0)):
        corners = (
            shell.deep(left, 1, 0), shell.deep(right, 1, 0),
            shell.deep(right, 1, 1.4), shell.deep(left, 1, 1.4),
        )  # fmt: skip
        shell.quad(corners, walk)


def _paint_quay(shell: Shell, palette: Palette, level: EyeLevel) -> None:
    """Lay the quay from which the canal is seen."""
    stone = mix(rgb("#a39a8d") * F32(0.2 + 0.8 * palette.daylight), palette.haze, 0.1)
    slabs = grained(plain(stone, 300, 1200), 0.16)
    slabs[::100] = slabs[:, ::100] = as_bytes(stone * 255 * 0.72)
    top = level.row(_QUAY_ROW)
    shell.quad(((-0.3, top), (1.3, top), (1.6, 1.3), (-0.6, 1.3)), slabs)
    edge = grained(plain(stone * F32(1.12), 30, 1200), 0.1)
    edge[-8:] = (edge[-8:] * 0.5).astype(np.uint8)
    shell.quad(((-0.3, top - 0.006), (1.3, top - 0.006), (1.3, top + 0.016), (-0.3, top + 0.016)),
               edge)  # fmt: skip
