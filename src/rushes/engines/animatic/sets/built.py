"""Built places that are no rooms: street, stage, studio backdrop, table top, cave."""

import re
from collections.abc import Callable, Sequence
from typing import Final

import cv2
import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.layers import Ground, Layer, Part, SceneLight
from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    Planes,
    blur,
    brighten,
    enlarge,
    shrink,
    to_bytes,
)
from rushes.engines.animatic.paint.colour import mix, rgb, smooth_step
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.eye_level import eye_level
from rushes.engines.animatic.sets.light import palette_of
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.sets.room import Box
from rushes.engines.animatic.sets.shell import Shell, as_bytes, grained
from rushes.engines.animatic.sets.street import NEON
from rushes.engines.animatic.sets.textures import planks
from rushes.engines.animatic.shot import Shot

_STAGE: Final = Box(left=0.16, top=0.02, right=0.84, bottom=0.7)


def stage(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return a theatre stage: curtain, boards, and cones of coloured light."""
    level = eye_level(0.5, plan.framing)
    box = _STAGE.seen_from(level)
    shell = Shell(shot, box)
    curtain = _curtain(rgb("#7a1420") if plan.light != "neon" else rgb("#241a48"))
    shell.fill(rgb("#120a0e"))
    shell.back_wall(curtain)
    shell.left_wall(curtain)
    shell.right_wall(curtain)
    shell.floor(planks(rgb("#6b4527"), rgb("#553519")))
    shell.reflect(box.bottom, 0.22, smear=0.05)
    shell.shade(np.full((4, 4), 0.42, F32))
    colours = (rgb("#ffd9a0"), rgb("#ff7ab8"), rgb("#7ab8ff"))
    if plan.light == "neon":
        colours = (NEON[1], NEON[0], NEON[3])
    shell.add_light(shell.spot(0.47, 0.9, 0.42, 0.1), colours[0] * F32(1.0))
    for x, colour in ((0.16, colours[1]), (0.84, colours[2])):
        shell.add_light(shell.spot(x, 0.8, 0.3, 0.12), colour * F32(0.5))
        shell.add_light(shell.spot(x, 0.3, 0.3, 0.4), colour * F32(0.34))
    light = SceneLight(
        ambient=np.array([0.82, 0.78, 0.78], F32),
        key=colours[1],
        key_x=-0.6,
        key_y=0.9,
        haze=rgb("#3a1218"),
    )
    ground = Ground(
        horizon=level.horizon, farthest=level.row(0.74), far_nearness=box.far,
        near_nearness=box.near, haze=0.1, margin=box.left, reflection=0.3,
    )  # fmt: skip
    cones = _cones(shot, ((0.47, 0.5, 0.16), (0.1, 0.3, 0.1), (0.9, 0.72, 0.1)))
    layers: list[Layer] = [shell.layer(view), Part(0.85, cones)]
    palette = palette_of(plan)
    return PaintedSet(
        shot, palette, side=-1, light=light, ground=ground, layers=layers, vignette=0.3
    )


def _curtain(colour: Array) -> Array:
    columns, rows = 900, 400
    fold = np.sin(np.arange(columns, dtype=F32) * 0.12) * 0.5
    fold += np.sin(np.arange(columns, dtype=F32) * 0.047 + 1) * 0.3
    down = np.linspace(1.1, 0.8, rows, dtype=F32)[:, None, None]
    texture = colour * (0.8 + 0.45 * fold)[None, :, None] * down * 255
    texture[-12:] = rgb("#c9a04a") * F32(200)
    return as_bytes(texture)


def _cones(
    shot: Shot, beams: tuple[tuple[float, float, float], ...]
) -> Callable[[int, float, Planes], None]:
    """Return what draws cones of light from above, each from, to and how wide."""
    rows, columns = 90, 160
    down = np.linspace(0, 1, rows, dtype=F32)[:, None]
    across = np.linspace(0, 1, columns, dtype=F32)[None]
    masks: list[Array] = []
    for start, end, width in beams:
        middle = start + (end - start) * down
        wide = 0.015 + width * down
        beam = np.exp(-(((across - middle) / wide) ** 4)) * (1.05 - 0.75 * down)
        soft = enlarge(blur(beam.astype(F32), 1.2), shot.width_px, shot.height_px)
        masks.append(to_bytes(soft, 34.0))
    total = masks[0]
    for mask in masks[1:]:
        total = cv2.add(total, mask)
    return lambda _, t, planes: brighten(planes.y, total)


# studio


def studio(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return a seamless backdrop that curves from wall to floor."""
    chance = shot.chance("studio")
    tints = ("#c9ced6", "#d6c7b5", "#b7c6c2", "#c8bccb", "#aab4c6")
    colour = rgb(tints[int(chance.integers(len(tints)))])
    if plan.time == "night" or plan.light in {"candle", "lamp"}:
        colour = colour * F32(0.32)
    box = Box(left=0.02, top=0.02, right=0.98, bottom=0.72, far=0.34, near=0.6)
    shell = Shell(shot, box)
    shell.fill(colour)
    shell.image = grained(shell.image, 0.03, beta=1.9)
    down = np.ones(64, F32)
    rows = np.linspace(-0.05, 1.05, 64, dtype=F32)
    down *= 0.86 + 0.16 * smooth_step(0.62, 0.86, rows)
    shell.shade(np.repeat(down[:, None], 8, 1))
    shell.add_light(shell.spot(0.5, 0.42, 0.55, 0.42), np.array([0.34, 0.33, 0.31], F32))
    if plan.light == "neon":
        shell.add_light(shell.spot(0.1, 0.4, 0.5, 0.7), NEON[0] * F32(0.7))
        shell.add_light(shell.spot(0.9, 0.4, 0.5, 0.7), NEON[1] * F32(0.7))
    side = 1 if chance.random() < 0.5 else -1
    light = SceneLight(
        ambient=np.full(3, 0.93, F32) if plan.time != "night" else np.full(3, 0.72, F32),
        key=NEON[0] if plan.light == "neon" else rgb("#fff2df"),
        key_x=0.7 * side,
        key_y=0.7,
        haze=colour,
    )
    ground = Ground(
        horizon=0.5, farthest=0.76, far_nearness=box.far, near_nearness=box.near, haze=0.05,
        shadow=0.55, reflection=0.12,
    )  # fmt: skip
    return PaintedSet(
        shot, palette_of(plan), side=side, light=light, ground=ground, layers=[shell.layer(view)]
    )


# table top

_TABLE_ROW: Final = 0.62
_WARM: Final = ("#4a3426", "#ffbf6e")
_COOL: Final = ("#26303f", "#8fc0ff")


_WOODEN: Final = re.compile(r"wood|oak|madera|madeira|\bbois\b|holz|дерев|木|나무", re.IGNORECASE)
_OF_MARBLE: Final = re.compile(
    r"marble|mármol|marbre|marmor|mármore|мрамор|大理石|대리석", re.IGNORECASE
)


def _is_marble(shown: Sequence[str], *, by_chance: bool) -> bool:
    """Return whether the table is of marble: the plan says that it shows the caller's words."""
    words = " ".join(shown)
    if _WOODEN.search(words):
        return False
    return by_chance or _OF_MARBLE.search(words) is not None


def table(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return a table top before a background that is out of focus."""
    chance = shot.chance("table")
    is_dark = plan.time == "night" or plan.light in {"candle", "neon", "lamp"}
    wall, lamp = (rgb(code) for code in (_COOL if plan.light in {"neon", "moon"} else _WARM))
    if not is_dark:
        wall = mix(wall, rgb("#d9cdbc"), 0.62)
    box = Box(left=0.02, top=0.02, right=0.98, bottom=_TABLE_ROW, far=0.3, near=0.66)
    shell = Shell(shot, box)
    down = np.linspace(0.85, 1.2, shell.canvas.height, dtype=F32)[:, None, None]
    shell.image[:] = np.clip(wall * down * 255, 0, 255).astype(np.uint8)
    _paint_far_shapes(shell, chance, wall)
    marble = _is_marble(plan.shown, by_chance=chance.random() < 0.4)
    first, second = (rgb("#e6e2dc"), rgb("#9b958f")) if marble else (rgb("#9a6a40"), rgb("#7c5230"))
    texture = _marble(first, second) if marble else _wood(first, second)
    corners = (
        (-0.3, _TABLE_ROW), (1.3, _TABLE_ROW), (2.2, 1.15), (-1.2, 1.15),
    )  # fmt: skip
    shell.quad(corners, texture)
    line = int(shell.at(0, _TABLE_ROW)[1])
    edge = slice(max(0, line - int(0.05 * shell.px)), line + int(0.07 * shell.px))
    shell.image[edge] = blur(shell.image[edge], 0.010 * shell.px)
    shell.reflect(_TABLE_ROW, 0.22, smear=0.05)
    _add_bokeh(shell, chance, lamp, strong=is_dark)
    shell.shade(np.repeat(np.linspace(1.08, 0.86, 32, dtype=F32)[None], 8, 0))
    shell.add_light(shell.spot(0.46, 0.8, 0.5, 0.2), np.array([0.26, 0.22, 0.16], F32))
    light = SceneLight(
        ambient=np.array([0.95, 0.91, 0.86], F32) * F32(0.82 if is_dark else 1.0),
        key=lamp if is_dark else rgb("#fff0d8"),
        key_x=-0.75,
        key_y=0.6,
        haze=wall,
    )
    ground = Ground(
        horizon=0.42, farthest=_TABLE_ROW + 0.06, far_nearness=0.34, near_nearness=0.64,
        haze=0.0, shadow=0.6, reflection=0.18, surface=0.86,
    )  # fmt: skip
    return PaintedSet(
        shot, palette_of(plan), side=-1, light=light, ground=ground, layers=[shell.layer(view)]
    )


def _paint_far_shapes(shell: Shell, chance: np.random.Generator, wall: Array) -> None:
    """Paint a window, shelves and a plant that are far out of focus."""
    image = shell.image
    end = int(shell.at(0, _TABLE_ROW)[1])
    width = shell.canvas.width
    for _ in range(9):
        left, top = int(chance.uniform(-0.05, 0.95) * width), int(chance.uniform(0, 0.8) * end)
        size = (int(chance.uniform(0.05, 0.2) * width), int(chance.uniform(0.1, 0.5) * end))
        colour = wall * float(chance.uniform(0.7, 1.35))
        cv2.rectangle(
            image, (left, top), (left + size[0], min(end, top + size[1])),
            tuple(int(v) for v in np.clip(colour * 255, 0, 255)), -1,
        )  # fmt: skip
    shell.art("potted-plant", 0.12, _TABLE_ROW, 0.5, tint=0.8)
    # So soft that a quarter of it in each direction is enough.
    small = shrink(shell.image[:end], width // 4, end // 4)
    shell.image[:end] = enlarge(blur(small, 0.022 / 4 * shell.px), width, end)


def _add_bokeh(shell: Shell, chance: np.random.Generator, lamp: Array, *, strong: bool) -> None:
    for _ in range(26 if strong else 12):
        disc = np.zeros(shell.spot(0, 0, 1, 1).shape, F32)
        x, y = shell.at(float(chance.uniform(0, 1)), float(chance.uniform(0.02, 0.52)))
        radius = float(chance.uniform(0.02, 0.06)) * shell.px / 4
        cv2.circle(disc, (int(x / 4), int(y / 4)), max(1, int(radius)), (1.0,), -1, cv2.LINE_AA)
        colour = lamp * float(chance.uniform(0.06, 0.26)) * (1.0 if strong else 0.6)
        shell.add_glow(blur(disc, max(0.6, radius * 0.08)), np.asarray(colour))


def _wood(first: Array, second: Array) -> Array:
    rows, columns = 400, 1200
    grain = enlarge(tile(256, 1.5, 6)[:, :64], rows, columns)
    texture = mix(first, second, np.ascontiguousarray(grain.T)[..., None]) * 255
    ring = np.sin(np.ascontiguousarray(grain.T) * 40)[..., None]
    texture = texture * (1 + 0.06 * ring)
    for row in range(0, rows, 80):
        texture[row : row + 2] *= 0.6
    return as_bytes(texture)


def _marble(first: Array, second: Array) -> Array:
    noise = enlarge(tile(256, 1.7, 7), 1200, 400)
    veins = np.exp(-(((noise - 0.5) * 30) ** 2))[..., None]
    fine = enlarge(tile(256, 1.2, 4), 1200, 400)[..., None]
    texture = mix(first, second, veins * F32(0.6)) * (0.94 + 0.12 * fine) * 255
    return as_bytes(texture)
