"""Paint a street by day and by night."""

from typing import Final

import cv2
import numpy as np

from rushes.core.shot_plan import Effect, ShotPlan
from rushes.engines.animatic.layers import Ground, SceneLight
from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    enlarge,
)
from rushes.engines.animatic.paint.colour import mix, rgb, smooth_step
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.scenes.palettes import Palette
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.eye_level import eye_level
from rushes.engines.animatic.sets.light import daylight_on, palette_name, palette_of
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.sets.room import Box
from rushes.engines.animatic.sets.shell import Shell, grained, plain
from rushes.engines.animatic.sets.textures import facade
from rushes.engines.animatic.shot import Shot

NEON: Final = tuple(rgb(code) for code in ("#ff2fa8", "#25e6ff", "#ffb02f", "#9a5bff", "#5dff7a"))
_WALLS: Final = tuple(rgb(code) for code in ("#b98a6a", "#c9b79a", "#8f9aa3", "#a9746a", "#d3cbb8"))


_STREET: Final = Box(left=0.41, top=0.30, right=0.59, bottom=0.555, far=0.24)


def street(shot: Shot, view: View, plan: ShotPlan) -> PaintedSet:
    """Return two rows of houses along a road, wet where it rains, lit by signs at night."""
    palette = palette_of(plan)
    is_dark = plan.time == "night" or plan.light == "neon"
    is_wet = Effect.RAIN in plan.effects or plan.weather == "storm" or plan.light == "neon"
    side = 1 if shot.chance("sun").random() < 0.5 else -1
    level = eye_level(0.5, plan.framing)
    box = _STREET.seen_from(level)
    shell = Shell(shot, box)
    paint_sky(shell, palette, box.bottom)
    paint_houses(shell, shot, palette, is_dark=is_dark)
    snow = plan.palette == "snowy" or Effect.SNOW in plan.effects
    _paint_road(shell, palette, is_dark=is_dark, snow=snow)
    signs = NEON if plan.light == "neon" or is_dark else ()
    _paint_signs(shell, shot, signs, many=plan.light == "neon")
    if is_wet:
        shell.reflect(box.bottom, 0.75 if is_dark else 0.4, smear=0.06)
    elif is_dark:
        shell.reflect(box.bottom, 0.25, smear=0.05)
    light_street(shell, palette, is_dark=is_dark, side=side)
    ground = Ground(
        horizon=level.horizon,
        farthest=level.row(_STREET.bottom + 0.03),
        far_nearness=_STREET.far,
        near_nearness=_STREET.near,
        haze=0.35,
        margin=_STREET.left,
        reflection=0.5 if is_wet else 0.0,
    )
    return PaintedSet(
        shot,
        palette,
        side=side,
        light=light_on_street(plan, side=side),
        ground=ground,
        layers=[shell.layer(view)],
    )


def light_on_street(plan: ShotPlan, *, side: int) -> SceneLight:
    """Return the light on a cast between houses; *side* is where the sun or the signs are."""
    palette = palette_of(plan)
    if plan.time != "night" and plan.light != "neon":
        return daylight_on(palette, palette_name(plan), side=side)
    return SceneLight(
        ambient=np.array([0.8, 0.76, 0.9], F32),
        key=NEON[0] if plan.light == "neon" else rgb("#ffce8a"),
        key_x=0.8 * side,
        key_y=0.5,
        haze=palette.haze,
    )


def paint_sky(shell: Shell, palette: Palette, horizon: float) -> None:
    """Paint the sky's gradient with soft clouds, down to the horizon."""
    end = min(shell.canvas.height, int(shell.at(0, horizon)[1]) + 2)
    stops = np.stack([rgb(code) for code in palette.sky])
    # At half size: nothing in it has an edge that would show.
    wide, tall = shell.canvas.width // 2, max(1, end // 2)
    share = np.linspace(0, 2.999, tall, dtype=F32)
    lower = share.astype(int)
    column = mix(stops[lower], stops[lower + 1], (share - lower)[:, None])
    noise = enlarge(tile(256, 2.0, 5)[:128], wide, tall)
    cover = smooth_step(1 - 0.75 * palette.clouds, 1.2 - 0.5 * palette.clouds, noise)[..., None]
    cloud = mix(rgb(palette.cloud_shadow), rgb(palette.cloud_lit), noise[..., None])
    sky = mix(column[:, None], cloud, cover * F32(0.8))
    small = np.clip(sky * 255, 0, 255).astype(np.uint8)
    shell.image[:end] = enlarge(small, shell.canvas.width, end)
    if palette.stars > 0.5:
        chance = np.random.default_rng(4)
        for _ in range(90):
            place = (int(chance.integers(shell.canvas.width)), int(chance.integers(max(end, 1))))
            cv2.circle(shell.image, place, 1, (200, 208, 230), -1, cv2.LINE_AA)


def paint_houses(
    shell: Shell, shot: Shot, palette: Palette, *, is_dark: bool, walls: tuple[Array, ...] = _WALLS
) -> None:
    """Stand a row of houses on each side, and some at the far end."""
    chance = shot.chance("street")
    glass = mix(rgb(palette.sky[2]), np.full(3, 0.25, F32), 0.35)
    lamp = rgb("#ffd28a")
    wide = min(1.0, max(0.45, shot.width_px / shot.height_px / 1.4))
    lit = 0.36 if is_dark else 0.05
    strength = 0.34 if is_dark else palette.daylight
    for wall in (-1, 1):
        depth = 0.0
        while depth < 1.3:
            length = float(chance.uniform(0.16, 0.3)) * (0.5 + depth)
            tall = float(chance.uniform(-0.75, 0.12))
            colour = walls[int(chance.integers(len(walls)))] * F32(strength)
            colour = mix(palette.haze, colour, min(1.0, 0.45 + 0.6 * depth))
            seed = int(chance.integers(1000))
            columns = int((260 + 500 * length) * wide)
            texture = facade(columns, 620, colour, lit=lit, lamp=lamp, glass=glass, seed=seed)
            end = min(depth + length, 1.42)
            x = 0.0 if wall < 0 else 1.0
            near, far = end, depth
            corners = (
                shell.deep(x, tall, near if wall < 0 else far),
                shell.deep(x, tall, far if wall < 0 else near),
                shell.deep(x, 1.0, far if wall < 0 else near),
                shell.deep(x, 1.0, near if wall < 0 else far),
            )
            shell.quad(corners, texture)
            depth = end
    colour = mix(palette.haze, walls[1] * F32(strength), 0.35)
    for order, (left, right, top) in enumerate(
        ((-0.05, 0.3, 0.1), (0.26, 0.55, -0.3), (0.5, 0.82, 0.25), (0.78, 1.05, -0.1))
    ):
        texture = facade(160, 260, colour, lit=lit, lamp=lamp, glass=glass, seed=order + 60)
        corners = (
            shell.deep(left, top, 0), shell.deep(right, top, 0),
            shell.deep(right, 1, 0), shell.deep(left, 1, 0),
        )  # fmt: skip
        shell.quad(corners, texture)


def _paint_road(shell: Shell, palette: Palette, *, is_dark: bool, snow: bool) -> None:
    base = rgb("#54565c") if not is_dark else rgb("#1c1d26")
    base = mix(base, palette.haze, 0.12)
    walk = mix(base, np.full(3, palette.daylight, F32), 0.35 if not is_dark else 0.12)
    if snow:
        base = mix(base, np.full(3, palette.daylight, F32), 0.55)
        walk = np.full(3, palette.daylight * 0.95, F32)
    rows, columns = 900, 800
    road = plain(base, rows, columns)
    left, right = int(columns * 0.17), int(columns * 0.83)
    road[:, :left] = road[:, right:] = np.clip(walk * 255, 0, 255).astype(np.uint8)
    kerb = np.clip(walk * 1.25 * 255, 0, 255).astype(np.uint8)
    road[:, left - 5 : left + 2] = road[:, right - 2 : right + 5] = kerb
    joint = np.arange(rows) % 90 < 3
    for part in (slice(0, left - 5), slice(right + 5, columns)):
        road[joint, part] = (road[joint, part] * 0.8).astype(np.uint8)
    paint = tuple(int(v) for v in np.clip(mix(base, np.ones(3), 0.62) * 255, 0, 255))
    middle = columns // 2
    for start in range(0, rows, 120):
        if not 470 < start + 30 < 700:
            cv2.rectangle(road, (middle - 5, start), (middle + 5, start + 62), paint, -1)
    for column in range(left + 24, right - 30, 62):
        cv2.rectangle(road, (column, 540), (column + 32, 650), paint, -1)
    shell.floor(grained(road, 0.12, beta=1.0), last=1.4)


def _paint_signs(shell: Shell, shot: Shot, colours: tuple[Array, ...], *, many: bool) -> None:
    chance = shot.chance("signs")
    for order in range(26 if many else 9):
        if not colours:
            return
        colour = colours[order % len(colours)]
        depth = float(chance.uniform(0.05, 1.1))
        top = float(chance.uniform(0.1, 0.62))
        length, tall = (
            float(chance.uniform(0.02, 0.05)) * (0.5 + depth),
            float(chance.uniform(0.05, 0.22)),
        )
        x = float(order % 2)
        first, last = (depth + length, depth) if x == 0 else (depth, depth + length)
        sign = plain(colour * F32(0.95), 60, 24)
        for row in range(8, 52, 11):
            cv2.rectangle(sign, (6, row), (17, row + 6), (255, 250, 250), -1)
        corners = (
            shell.deep(x, top, first), shell.deep(x, top, last),
            shell.deep(x, top + tall, last), shell.deep(x, top + tall, first),
        )  # fmt: skip
        shell.quad(corners, sign)


def light_street(shell: Shell, palette: Palette, *, is_dark: bool, side: int) -> None:
    """Light what is painted so far: by lamps in the dark, else by the sun's side of the sky."""
    if is_dark:
        shell.bloom(0.6, 0.8)
        for depth in (0.15, 0.5, 1.0):
            for x in (0.16, 0.84):
                place = shell.deep(x, 0.99, depth)
                colour = rgb("#ffb765") * F32(0.5)
                shell.add_light(
                    shell.spot(*place, 0.12 + 0.16 * depth, 0.04 + 0.04 * depth), colour
                )
        return
    share = np.linspace(1.14, 0.84, 32, dtype=F32)[None]
    share = share if side < 0 else share[:, ::-1]
    shell.shade(np.repeat(share, 8, 0))
    haze = shell.spot(0.5, shell.box.bottom - 0.05, 0.3, 0.22)
    shell.add_glow(haze, palette.haze * F32(0.28))


# stage
