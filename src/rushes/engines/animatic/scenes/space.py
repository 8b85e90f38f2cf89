"""Deep space: a nebula, stars that pass, and mostly a planet."""

import math
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    F32,
    INVERSE,
    Array,
    Planes,
    blur,
    brighten,
    enlarge_softly,
    to_bytes,
)
from rushes.engines.animatic.paint.colour import RGB_TO_YUV, rgb, smooth_step
from rushes.engines.animatic.paint.noise import tiled
from rushes.engines.animatic.particles import Sheet, sheet_of
from rushes.engines.animatic.scenes.backdrop import Backdrop
from rushes.engines.animatic.scenes.planet import Planet
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.shot import Shot

_NEBULAE: Final = (
    ("#6a2c91", "#1b5e8a", "#e0663f"),
    ("#0f6a73", "#5b2a86", "#e6a15a"),
    ("#8a2846", "#2a3f8f", "#f0b070"),
)
_FAR_STARS: Final = Sheet(per_megapixel=300, radius_px=(0.5, 1.2), brightness=190)
_NEAR_STARS: Final = Sheet(per_megapixel=60, radius_px=(0.9, 2.0), brightness=240)
_FINE_STARS: Final = Sheet(per_megapixel=2600, radius_px=(0.35, 0.7), brightness=120)


class Space:
    """A push through stars."""

    def __init__(self, shot: Shot, view: View, *, planet: bool) -> None:
        """
        Paint it.

        Args:
            planet: Whether a planet is in sight.
        """
        self._shot, self._view = shot, view
        nebula = _nebula(shot, self._view.canvas_width // 2, self._view.canvas_height // 2)
        self._nebula = Backdrop(nebula, view)
        room = shot.width_px // 12
        self._room = room
        self._far_stars = cv2.copyMakeBorder(
            _stars(shot, _FAR_STARS, 0), room, room, room, room, cv2.BORDER_REFLECT_101
        )
        self._near_stars = _with_spikes(shot, _stars(shot, _NEAR_STARS, 1))
        self._planet = Planet(shot) if planet else None

    def draw(self, t: float, planes: Planes) -> None:
        self._nebula.draw(t, planes)
        self._draw_far_stars(t, planes)
        self._draw_near_stars(t, planes)
        if self._planet is not None:
            pose = self._view.pose(t)
            self._planet.draw(t, (-pose.x * 1.5, -pose.y * 1.5), planes)

    def _draw_far_stars(self, t: float, planes: Planes) -> None:
        """Draw what is too far to grow: it only slides, which is the cheapest of moves."""
        shot, pose = self._shot, self._view.pose(t)
        follow = 0.3 * shot.width_px
        centre = (
            self._room + (shot.width_px - 1) / 2 + pose.x * follow,
            self._room + (shot.height_px - 1) / 2 + pose.y * follow,
        )
        seen = cv2.getRectSubPix(self._far_stars, (shot.width_px, shot.height_px), centre)
        brighten(planes.y, to_bytes(seen, 0.8 + 0.2 * math.sin(2 * math.pi * t)))

    def _draw_near_stars(self, t: float, planes: Planes) -> None:
        shot, pose = self._shot, self._view.pose(t)
        width, height = shot.width_px, shot.height_px
        going = 0.5 - 0.5 * math.cos(2 * math.pi * t) if shot.loop else t
        scale = 1 / (1.02 + 0.14 * going * shot.duration_s / 5 + (pose.zoom - 1) * 0.5)
        left = width / 2 * (1 - scale) + pose.x * width * 0.7
        top = height / 2 * (1 - scale) + pose.y * width * 0.7
        matrix = np.array([[scale, 0, left], [0, scale, top]], F32)
        seen = cv2.warpAffine(
            self._near_stars,
            matrix,
            (width, height),
            flags=INVERSE,
            borderMode=cv2.BORDER_REFLECT_101,
        )
        twinkle = 0.8 + 0.2 * math.sin(2 * math.pi * (2 * t + 0.3))
        brighten(planes.y, to_bytes(seen, twinkle))


def _stars(shot: Shot, sheet: Sheet, order: int) -> Array:
    return sheet_of(shot.chance(f"stars/{order}"), shot.width_px, shot.height_px, sheet)


def _with_spikes(shot: Shot, stars: Array) -> Array:
    """Return the stars with a few bright ones added, crossed as a lens's blades cross them."""
    chance = shot.chance("spikes")
    unit = min(shot.width_px, shot.height_px) / 720
    light = np.zeros_like(stars, dtype=F32)
    for _ in range(5):
        x = int(chance.integers(30, shot.width_px - 30))
        y = int(chance.integers(30, shot.height_px - 30))
        length = int(chance.uniform(9, 20) * unit)
        cv2.line(light, (x - length, y), (x + length, y), (150,), 1, cv2.LINE_AA)
        cv2.line(light, (x, y - length), (x, y + length), (150,), 1, cv2.LINE_AA)
        cv2.circle(light, (x, y), max(1, int(1.8 * unit)), (255,), -1, cv2.LINE_AA)
    return cv2.max(stars, to_bytes(blur(light, 1.1) + 0.35 * blur(light, 4)))


def _nebula(shot: Shot, width: int, height: int) -> Array:
    """Return ``(height, width, 4)`` uint8 YUV of glowing gas, dust, and the faintest stars."""
    chance = shot.chance("nebula")

    def gas(seed: int, tile_px: float, beta: float = 1.9) -> Array:
        sheet = tiled(512, beta, seed, 2)
        row, column = int(chance.integers(400)), int(chance.integers(400))
        unit = min(shot.width_px, shot.height_px) / 720
        size = int(height / (tile_px * unit) * 512), int(width / (tile_px * unit) * 512)
        return enlarge_softly(sheet[row : row + size[0], column : column + size[1]], width, height)

    columns, rows = np.meshgrid(
        np.linspace(-1, 1, width, dtype=F32), np.linspace(-1, 1, height, dtype=F32)
    )
    tilt = chance.uniform(-0.7, 0.7)
    across = rows * F32(math.cos(tilt)) + columns * F32(math.sin(tilt) * 0.6)
    band = np.exp(-(((across + (gas(3, 900) - 0.5) * 0.6) / 0.46) ** 2))
    first, second, dust = gas(9, 640), gas(5, 760), gas(7, 520, 1.5)
    light = rgb("#03050c") + np.zeros((height, width, 3), F32)
    palette = _NEBULAE[shot.seed % len(_NEBULAE)]
    for code, cloud in zip(palette, (first, second, first * second * 1.5), strict=True):
        light += rgb(code) * (band * np.clip(cloud - 0.28, 0, 1) ** 1.25 * 1.35)[..., None]
    core = np.exp(-((across / 0.2) ** 2))
    light *= (1 - 0.8 * smooth_step(0.5, 0.85, dust) * core)[..., None]
    glow = 0.22 * np.exp(-((across / 0.17) ** 2)) * first**1.2
    light += np.array([1, 0.93, 0.85], F32) * glow[..., None]
    light = 1 - np.exp(-light * 1.15)
    fine = sheet_of(chance, width, height, _FINE_STARS).astype(F32) / 255
    light += (fine * (0.25 + 0.75 * band))[..., None]
    picture = to_bytes(cv2.transform(np.clip(light, 0, 1).astype(F32), RGB_TO_YUV))
    return np.dstack([picture, np.zeros((height, width), np.uint8)])
