"""Clouds: noise on a plane overhead, lit from the side of the sun, drifting."""

import math
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    Planes,
    lay_over,
    look_up,
    shifted,
    to_bytes,
    weigh,
)
from rushes.engines.animatic.paint.colour import mix, rgb, smooth_step, yuv_of
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.scenes.palettes import Palette
from rushes.engines.animatic.shot import Shot

_TILE_PX: Final = 512
_FRAMES_APART: Final = 4


class Clouds:
    """Drawn at half size; two densities that change places, so that clouds form and dissolve."""

    def __init__(
        self, shot: Shot, palette: Palette, *, cover: float, horizon: float, light_side: int
    ) -> None:
        self._shot = shot
        self.rows = min(shot.height_px // 2, int(shot.height_px / 2 * (horizon + 0.06)))
        self._tile = np.tile(_density_and_light(light_side), (2, 2, 1))
        height_above = self._height_above(horizon)
        self._places = self._tile_places(height_above)
        self._fade = to_bytes(smooth_step(0.03, 0.2, height_above), 255)
        threshold = 1 - min(cover, 1.0) * 0.8
        steps = np.arange(256, dtype=F32) / 255
        strongest = 0.88 if palette.sun_shows else 0.97
        opacity = smooth_step(threshold, threshold + 0.4, steps) * strongest
        self._opacity = to_bytes(opacity, 255).reshape(256)
        self._known: dict[int, tuple[Array, Array]] = {}
        self._colours = _colour_tables(palette, steps)

    def draw(self, t: float, planes: Planes) -> None:
        """Draw over half-size luma and chroma of equal size."""
        rows = min(self.rows, len(planes.y))
        alpha, lit = (layer[:rows] for layer in self._seen(t))
        see_through = cv2.bitwise_not(alpha)
        for plane, table in zip(planes, self._colours, strict=True):
            lay_over(plane[:rows], weigh(cv2.LUT(lit, table), alpha), see_through)

    def _seen(self, t: float) -> tuple[Array, Array]:
        """
        Return how opaque the clouds are, and how lit; both uint8.

        They drift by a fifth of a pixel a frame, so that a mixture of two moments four
        frames apart is as good as the moment between.
        """
        moments = max(1, round(self._shot.frames / _FRAMES_APART))
        before = int(t * moments)
        share = t * moments - before
        first, second = self._moment(before, moments), self._moment(before + 1, moments)
        return (
            cv2.addWeighted(first[0], 1 - share, second[0], share, 0),
            cv2.addWeighted(first[1], 1 - share, second[1], share, 0),
        )

    def _moment(self, order: int, moments: int) -> tuple[Array, Array]:
        if self._shot.loop:
            order %= moments
        if order not in self._known:
            self._known = {key: self._known[key] for key in self._known if key == order - 1}
            self._known[order] = self._formed(order / moments)
        return self._known[order]

    def _formed(self, t: float) -> tuple[Array, Array]:
        sample = self._drifted(t)
        if self._shot.loop:  # fade into the previous period: no seam, and never backwards
            sample = cv2.addWeighted(sample, 1 - t, self._drifted(t - 1), t, 0)
        first, second, first_lit, second_lit = cv2.split(sample)
        rounds = 1 if self._shot.loop else 0.5
        share = 0.25 + 0.2 * math.sin(2 * math.pi * t * rounds)
        density = cv2.addWeighted(first, 1 - share, second, share, 0)
        alpha = weigh(cv2.LUT(density, self._opacity), self._fade)
        return alpha, cv2.addWeighted(first_lit, 1 - share, second_lit, share, 0)

    def _drifted(self, t: float) -> Array:
        distance = t * self._shot.duration_s / 5
        places = shifted(self._places, 30 + 24 * distance, 30 + 13 * distance)
        return look_up(self._tile, places)

    def _height_above(self, horizon: float) -> Array:
        """Return the height of each pixel above the horizon, in half frame heights."""
        height = self._shot.height_px / 2
        lift = 22 * self._shot.height_px / 720
        rows = np.arange(self.rows, dtype=F32)[:, None]
        above = np.clip((horizon * height + lift - rows) / height, 0.03, 2)
        return np.repeat(above, self._shot.width_px // 2, 1).astype(F32)

    def _tile_places(self, height_above: Array) -> Array:
        """Return where each pixel's line of sight meets the plane of the clouds."""
        width, height = self._shot.width_px / 2, self._shot.height_px / 2
        chance = self._shot.chance("clouds")
        distance = 0.3 / (height_above + 0.07)
        across = (np.arange(int(width), dtype=F32)[None] - width / 2) / height
        columns = across * 300 * (0.55 + distance) + chance.integers(_TILE_PX)
        rows = 330 * distance + chance.integers(_TILE_PX)
        return (np.dstack([columns, rows]) % (_TILE_PX - 8)).astype(F32)


def _density_and_light(side: int) -> Array:
    """Return ``(512, 512, 4)`` uint8: two densities, and how lit each of them is."""

    def lit(density: Array) -> Array:
        toward = np.roll(density, (6, -8 * side), (0, 1))
        return np.clip(0.5 + 3.6 * (density - toward), 0, 1)

    first, second = tile(_TILE_PX, 1.7, 3), tile(_TILE_PX, 1.7, 9)
    return to_bytes(np.dstack([first, second, lit(first), lit(second)]), 255)


def _colour_tables(palette: Palette, steps: Array) -> list[Array]:
    """Return, for Y, U and V, what each degree of light makes of a cloud."""
    lit, shadow = (
        yuv_of(rgb(code)).astype(F32) for code in (palette.cloud_lit, palette.cloud_shadow)
    )
    return [
        np.clip(mix(shadow[index], lit[index], steps), 0, 255).astype(np.uint8)
        for index in range(3)
    ]
