"""An abstract backdrop for prompts that name nothing we can draw: ribbons of light."""

import math
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    Planes,
    blur,
    enlarge_softly,
    floats,
    to_bytes,
)
from rushes.engines.animatic.paint.colour import ramp
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.shot import Shot

_PALETTES: Final = (
    ("#0b1026", "#27408b", "#8a5bd6", "#f2b8d0"),
    ("#06141b", "#0f4c5c", "#2ec4b6", "#fdf0d5"),
    ("#1a0b1f", "#7a1e48", "#ee6c4d", "#ffe1a8"),
    ("#10131a", "#3a4668", "#9db4c0", "#f4efe6"),
    ("#07150f", "#1f5f4a", "#a3b18a", "#f6f1d1"),
)
_GRID_COLUMNS: Final = 160


class Silk:
    """Waves bent by waves on a small grid, enlarged without a trace of it."""

    def __init__(self, shot: Shot, view: View) -> None:
        self._shot, self._view = shot, view
        chance = shot.chance("silk")
        self._colours = ramp(_PALETTES[shot.seed % len(_PALETTES)]).astype(F32)
        self._phases = [float(phase) for phase in chance.uniform(0, 2 * math.pi, 6)]
        rows = max(24, round(_GRID_COLUMNS * shot.height_px / shot.width_px))
        across = np.linspace(-1, 1, _GRID_COLUMNS, dtype=F32) * shot.width_px / shot.height_px
        x, y = np.meshgrid(across, np.linspace(-1, 1, rows, dtype=F32))
        turn = float(chance.uniform(-0.6, 0.6))
        self._x = x * F32(math.cos(turn)) - y * F32(math.sin(turn))
        self._y = x * F32(math.sin(turn)) + y * F32(math.cos(turn))
        self._bokeh = np.tile(_bokeh(shot, chance), (1, 2))

    def draw(self, t: float, planes: Planes) -> None:
        colours = self._coloured(self._waves(t))
        height, width = planes.y.shape
        going = 0.5 - 0.5 * math.cos(2 * math.pi * t) if self._shot.loop else t
        offset = int(0.12 * width * going)
        luma = enlarge_softly(np.ascontiguousarray(colours[..., 0]), width, height)
        cv2.add(luma, self._bokeh[:, offset : offset + width], dst=planes.y, dtype=cv2.CV_8U)
        for channel, plane in ((1, planes.u), (2, planes.v)):
            soft = enlarge_softly(
                np.ascontiguousarray(colours[..., channel]), width // 2, height // 2
            )
            cv2.convertScaleAbs(soft, dst=plane)

    def _waves(self, t: float) -> Array:
        """Return the height of the silk, 0 to 255."""
        rounds = 1 if self._shot.loop else 0.5 * self._shot.duration_s / 5
        turn, phase, pose = 2 * math.pi * t * rounds, self._phases, self._view.pose(t)
        x, y = self._x / pose.zoom + pose.x * 4, self._y / pose.zoom + pose.y * 4
        broad = np.sin(1.3 * x + 1.9 * y + phase[0] + 0.8 * math.sin(turn + phase[1]))
        bent = np.sin(2.1 * y - 1.1 * x + phase[2] + 0.9 * math.sin(turn + phase[3]) + 1.2 * broad)
        fold = np.sin(2.4 * y + 1.5 * bent + 0.7 * broad + phase[4] + math.sin(turn + phase[5]))
        ribbon = np.exp(-((fold * 2.1) ** 2)) * (0.55 + 0.45 * bent)
        light = 0.30 + 0.20 * broad + 0.16 * bent - 0.10 * y + 0.42 * ribbon
        return floats(np.clip(light, 0, 1) * 255)

    def _coloured(self, waves: Array) -> Array:
        lower = np.minimum(waves.astype(int), 254)
        share = (waves - lower)[..., None]
        return floats(self._colours[lower] * (1 - share) + self._colours[lower + 1] * share)


def _bokeh(shot: Shot, chance: np.random.Generator) -> Array:
    """Return ``(height, width)`` uint8 discs of light out of focus."""
    light = np.zeros((shot.height_px, shot.width_px), F32)
    unit = min(shot.width_px, shot.height_px) / 720
    discs = zip(
        chance.uniform(0, shot.width_px, 16),
        chance.uniform(0, shot.height_px, 16),
        chance.uniform(14, 60, 16) * unit,
        chance.uniform(5, 15, 16),
        strict=True,
    )
    for x, y, radius, brightness in discs:
        disc = np.zeros_like(light)
        centre = (int(x * 16), int(y * 16))
        cv2.circle(disc, centre, int(radius * 16), (1.0,), -1, cv2.LINE_AA, 4)
        light += blur(disc, 1.5 + radius * 0.05) * brightness
    return to_bytes(light)
