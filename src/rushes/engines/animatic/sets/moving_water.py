"""Water that moves on a painted floor: light in a pool, waves on a shore, splashes of rain."""

import math
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.cast.affine import Affine, moved, of, scaled
from rushes.engines.animatic.cast.compositing import draw_soft_block
from rushes.engines.animatic.layers import Ground, Part
from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    Planes,
    blur,
    brighten,
    enlarge,
    to_bytes,
)
from rushes.engines.animatic.paint.colour import yuv_of
from rushes.engines.animatic.paint.noise import line, tile
from rushes.engines.animatic.scenes.view import REST_SCALE, View
from rushes.engines.animatic.sets.shell import Point
from rushes.engines.animatic.shot import Shot

_TILE_PX: Final = 256
_STRIP_PX: Final = (1024, 48)
_GENERATIONS, _AGES = 3, 4
"""Splashes in different places, and the pictures of each from its birth to its end."""


def on_screen(view: View, t: float, nearness: float) -> Affine:
    """Return the map from pixels of the resting frame to the screen."""
    rest = scaled(
        REST_SCALE,
        REST_SCALE,
        view.canvas_width / 2 - REST_SCALE * view.width / 2,
        view.canvas_height / 2 - REST_SCALE * view.height / 2,
    )
    return of(view.inverse(t, nearness)).inverse().after(rest)


def pool_light(
    shot: Shot,
    view: View,
    corners: tuple[Point, Point, Point, Point],
    nearness: tuple[float, ...],
    *,
    strength: float = 0.8,
) -> Part:
    """
    Return the net of light that wanders over a pool.

    Args:
        corners: Places of the water's corners in shares of the frame: far left, far right, near
            right, near left.
        nearness: Of the far and of the near edge.
        strength: How bright the net is, 0.0 to 1.0.
    """
    far, near = nearness
    first, second = (np.tile(tile(_TILE_PX, 1.35, seed), (2, 2)) for seed in (41, 42))
    nets = [to_bytes(np.exp(-(((noise - 0.5) * 11) ** 2)), 255) for noise in (first, second)]
    rounds = shot.rounds(1)
    source = np.array([(0, 0), (_TILE_PX, 0), (_TILE_PX, _TILE_PX), (0, _TILE_PX)], F32)
    half = (shot.width_px // 2, shot.height_px // 2)

    def draw(_: int, t: float, planes: Planes) -> None:
        way = int(_TILE_PX * ((t * rounds) % 1))
        back = _TILE_PX - way
        one = nets[0][back : back + _TILE_PX, way : way + _TILE_PX]
        other = nets[1][way : way + _TILE_PX, back : back + _TILE_PX]
        net = cv2.convertScaleAbs(cv2.multiply(one, other, scale=1 / 255), alpha=strength)
        target = [
            on_screen(view, t, near if order > 1 else far)
            .after(moved(x * shot.width_px, y * shot.height_px))
            .box(0, 0)[:2]
            for order, (x, y) in enumerate(corners)
        ]
        matrix = cv2.getPerspectiveTransform(source, np.array(target, F32) / 2)
        laid = cv2.warpPerspective(net, matrix, half, flags=cv2.INTER_LINEAR)
        shown = np.flatnonzero(laid.any(1))
        if len(shown):
            top, end = int(shown[0]), int(shown[-1]) + 1
            window = planes.y[2 * top : 2 * end]
            brighten(window, enlarge(laid[top:end], window.shape[1], window.shape[0]))

    return Part(far - 0.01, draw)


def waves_on_shore(
    shot: Shot, view: View, *, row: float, nearness: float, water: Array, white: Array
) -> Part:
    """
    Return a thin sheet of water with a hem of foam that runs up a shore and back.

    Args:
        row: Where the land begins, as a share of the frame's height.
        water: Colour of the sheet.
        white: Colour of the foam in this light.
    """
    wide, tall = _STRIP_PX
    chance = shot.chance("waves")
    columns = np.arange(wide, dtype=F32)
    hem = tall * 0.66 + 7 * line(chance, columns, beta=2.0, lowest=3)
    hem += 3 * np.abs(line(chance, columns * 2, beta=1.5, lowest=8))
    rows = np.arange(tall, dtype=F32)[:, None]
    inside = hem[None] - rows
    sheet = np.clip(inside / 2, 0, 1) * np.clip(rows / 18, 0, 1) * F32(0.4)
    lace = np.exp(-((inside / 2.6) ** 2)) * (0.75 + 0.25 * line(chance, columns, beta=0.9))
    lace += 0.35 * np.exp(-(((inside - 9) / 3.0) ** 2)) * np.clip(inside, 0, 1)
    alpha = np.clip(sheet + lace, 0, 0.95).astype(F32)
    share = np.clip(lace / np.maximum(alpha, 1e-3), 0, 1)
    inks = [
        to_bytes(alpha * (F32(one) * (1 - share) + F32(other) * share))
        for one, other in zip(yuv_of(water), yuv_of(white), strict=True)
    ]
    block = cv2.merge([*inks, to_bytes(1 - alpha, 255)])
    high = 0.075 * shot.height_px
    across, down = 1.3 * shot.width_px / wide, high / tall
    rounds = shot.rounds(1.5)

    def draw(_: int, t: float, planes: Planes) -> None:
        turn = 2 * math.pi * t * rounds
        run = (0.011 * math.sin(turn) + 0.003 * math.sin(2 * turn)) * shot.height_px
        top = row * shot.height_px - 0.55 * high + run
        put = scaled(across, down, -0.15 * shot.width_px, top)
        draw_soft_block(block, on_screen(view, t, nearness).after(put), planes)

    return Part(nearness + 0.0004, draw, moves_at=nearness)


def rain_splashes(shot: Shot, ground: Ground) -> Part:
    """Return the rings and drops that rain makes on the ground, larger towards the camera."""
    width, height = shot.width_px // 2, shot.height_px // 2
    first = int(min(ground.farthest + 0.02, 0.95) * height)
    rows = height - first
    chance = shot.chance("splashes")
    sheets = [np.zeros((rows, width), np.uint8) for _ in range(_GENERATIONS * _AGES)]
    for order in range(_GENERATIONS * 70):
        near = float(chance.random()) ** 0.8
        edge = ground.margin * (1 - near)  # the walls of a street or a room
        x, y = (edge + (1 - 2 * edge) * float(chance.random())) * width, near * rows
        size = (0.004 + 0.012 * near) * height * float(chance.uniform(0.7, 1.3))
        for age in range(_AGES):
            sheet = sheets[(order % _GENERATIONS) * _AGES + age]
            axes = (max(1, round(size * (age + 1) / 2)), max(1, round(size * (age + 1) / 6)))
            tone = (int((34 + 46 * near) * (1 - age / _AGES)),)
            place = (round(x), round(y))
            cv2.ellipse(sheet, place, axes, 0, 0, 360, tone, 1, cv2.LINE_AA)
            if age < 2:
                tip = (place[0], round(y - size * (0.9 + 0.5 * age)))
                cv2.line(sheet, place, tip, tone, 1, cv2.LINE_AA)
    soft = [blur(sheet, 0.35) for sheet in sheets]
    steps = shot.rounds(10) * len(soft)

    def draw(_: int, t: float, planes: Planes) -> None:
        order = int(t * steps) % len(soft)
        window = planes.y[2 * first : 2 * height]
        brighten(window, enlarge(soft[order], window.shape[1], window.shape[0]))

    return Part(ground.far_nearness - 0.001, draw)
