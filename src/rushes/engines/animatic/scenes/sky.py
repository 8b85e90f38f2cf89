"""The sky: a gradient with sun or moon, stars, and clouds that drift over it."""

import math
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    F32,
    INVERSE,
    Array,
    Planes,
    brighten,
    enlarge,
    floats,
    to_bytes,
)
from rushes.engines.animatic.paint.colour import RGB_TO_YUV, mix, rgb, smooth_step
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.paint.scratch import scratch
from rushes.engines.animatic.particles import Sheet, sheet_of
from rushes.engines.animatic.scenes.clouds import Clouds
from rushes.engines.animatic.scenes.palettes import Palette
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.shot import Shot

_COARSE: Final = 4
"""One in so many pixels is worked out of what is soft."""


class Sky:
    """Painted at half size: nothing in it has an edge that would show."""

    def __init__(
        self,
        shot: Shot,
        view: View,
        palette: Palette,
        *,
        time: str,
        horizon: float,
        clouds: float,
        sun_side: int,
        sun: bool = True,
    ) -> None:
        """
        Paint the sky.

        Args:
            time: The palette's name; the moon of a night and the sun of neon look their own way.

            horizon: As a share of the frame's height.

            clouds: Share of the sky that they cover.

            sun_side: -1 puts the sun to the left of the middle, 1 to the right.

            sun: Whether there is a sun or a moon at all.
        """
        self._shot, self._view = shot, view
        self.width, self.height = view.canvas_width // 2, view.canvas_height // 2
        self._horizon = self.height / 2 + (horizon - 0.5) * shot.height_px / 2
        chance = shot.chance("sky")
        self.sun_x = self.width * (0.5 + sun_side * float(chance.uniform(0.08, 0.24)))
        """Where the sun is on the half-size canvas."""

        self._sun_y = self._horizon - palette.sun_height * 0.78 * self._horizon
        self._picture = self._painted(palette, time, sun=sun and palette.sun_shows)
        self._stars = self._star_sheets(palette.stars, horizon)
        self._clouds = (
            Clouds(shot, palette, cover=clouds, horizon=horizon, light_side=sun_side)
            if clouds > 0
            else None
        )

    def draw(self, t: float, planes: Planes, *, rows: int) -> None:
        """Draw the upper *rows* rows of half size."""
        wide = self._shot.width_px // 2
        seen = cv2.warpAffine(
            self._picture,
            self._view.inverse(t, 0, half=True),
            (wide, rows),
            dst=scratch("sky", rows, wide, 4),
            flags=INVERSE,
            borderMode=cv2.BORDER_REPLICATE,
        )
        luma, rest = scratch("sky/luma", 2, rows, wide)
        half = Planes(luma, planes.u[:rows], planes.v[:rows])
        cv2.split(seen, [*half, rest])
        if self._clouds is not None:
            self._clouds.draw(t, half)
        upper = planes.y[: 2 * rows]
        enlarge(luma, 2 * wide, 2 * rows, upper)
        for order, sheet in enumerate(self._stars):
            twinkle = 0.65 + 0.35 * math.sin(2 * math.pi * (t * (2 + order) + order / 3))
            brighten(upper, to_bytes(sheet[: 2 * rows], twinkle))

    def _painted(self, palette: Palette, time: str, *, sun: bool) -> Array:
        """Return ``(height, width, 4)`` uint8: Y, U, V and filling."""
        light = _enlarged(self._soft_light(palette, time, sun=sun), (self.width, self.height))
        if sun:
            self._add_sun(light, palette, time)
        picture: Array = cv2.transform(np.clip(light, 0, 1, out=light), RGB_TO_YUV)
        dither = np.random.default_rng(5).random((self.height, self.width), F32)
        picture += dither[..., None] - F32(0.5)
        y, u, v = cv2.split(to_bytes(picture))
        return cv2.merge([y, u, v, u])

    def _soft_light(self, palette: Palette, time: str, *, sun: bool) -> Array:
        """Return the gradient and the sun's glow, so soft that few of their pixels are drawn."""
        rows, columns = (
            (np.arange(-(-length // _COARSE), dtype=F32) + F32(0.5)) * _COARSE - F32(0.5)
            for length in (self.height, self.width)
        )
        light = np.repeat(self._gradient(palette, rows)[:, None], len(columns), 1)
        if not sun:
            return light
        across, down = np.meshgrid(columns - F32(self.sun_x), rows)
        distance = np.hypot(across, down - F32(self._sun_y)) / F32(self.height * 0.5)
        low_sun = palette.sun_height < 0.25
        halo = (0.26 if low_sun else 0.17) * np.exp(-distance * 2.4) + 0.36 * np.exp(-distance * 8)
        halo *= F32(0.42 if time in {"night", "neon"} else 1)
        light = 1 - (1 - light) * (1 - np.clip(palette.sun * halo[..., None], 0, 1))
        if palette.sun_height < 0.3:
            band = -(((down - self._horizon) / (self.height * 0.22)) ** 2)
            band = band - (across / (self.width * 0.45)) ** 2
            light += palette.sun * rgb("#ffb878") * F32(0.2) * np.exp(band)[..., None]
        return floats(light)

    def _gradient(self, palette: Palette, rows: Array) -> Array:
        """Return ``(rows, 3)`` RGB of those rows of the sky."""
        stops = np.stack([rgb(code) for code in palette.sky])
        place = np.clip(rows / F32(self._horizon), 0, 1) ** 1.05 * 3
        lower = np.minimum(place.astype(int), 2)
        share = (place - lower)[:, None]
        share = mix(share, share * share * (3 - 2 * share), 0.4)
        column: Array = stops[lower] * (1 - share) + stops[lower + 1] * share
        return column.astype(F32)

    def _add_sun(self, light: Array, palette: Palette, time: str) -> None:
        """Draw the sun's disc, or the moon's, into the light."""
        radius = _sun_radius(palette, time)
        reach = (radius + 0.02) * self.height * 0.5 + 2
        top, left = max(0, int(self._sun_y - reach)), max(0, int(self.sun_x - reach))
        window = np.s_[top : max(0, int(self._sun_y + reach)), left : int(self.sun_x + reach)]
        under = light[window]
        rows, columns = np.indices(under.shape[:2], F32)
        rows += top
        columns += left
        distance = np.hypot(columns - self.sun_x, rows - self._sun_y) / (self.height * 0.5)
        disc = smooth_step(radius + 0.010, radius - 0.010, distance)[..., None]
        sun = palette.sun
        below = np.asarray((rows - self._sun_y) / (radius * self.height))
        if time == "night":
            spots = enlarge(tile(), self.width, self.height)[window]
            disc = disc * (0.78 + 0.22 * spots[..., None])
        if time == "neon":
            stripes = np.sin((rows - self._sun_y) * 1.25 * 720 / self._shot.height_px)
            cut = stripes > 1 - 2 * np.clip(below + 0.15, 0, 0.75)
            disc = disc * np.where(cut, 0.15, 1)[..., None].astype(F32)
            share: Array = np.clip(below + 0.5, 0, 1)[..., None]
            sun = mix(rgb("#ffd36a"), rgb("#ff3fae"), share)
        under[:] = mix(under, np.minimum(sun * 1.05, 1), disc * F32(0.97))

    def _star_sheets(self, stars: float, horizon: float) -> list[Array]:
        if not stars:
            return []
        shot = self._shot
        rows = np.arange(shot.height_px) / (horizon * shot.height_px)
        fade = np.clip(1.15 - rows, 0, 1).astype(F32)[:, None]
        fade = np.ascontiguousarray(np.broadcast_to(fade, (shot.height_px, shot.width_px)))
        sheets: list[Array] = []
        for order, largest in enumerate((1.6, 1.1)):
            dots = Sheet(per_megapixel=int(300 * stars), radius_px=(0.5, largest), brightness=150)
            chance = shot.chance(f"stars/{order}")
            drawn = sheet_of(chance, shot.width_px, shot.height_px, dots)
            sheets.append(cv2.multiply(drawn, fade, dtype=cv2.CV_8U))
        return sheets


def _enlarged(coarse: Array, size: tuple[int, int]) -> Array:
    """Return a field of every fourth pixel for all of them, cut to ``(width, height)``."""
    rows, columns = coarse.shape[:2]
    whole = enlarge(coarse, columns * _COARSE, rows * _COARSE)
    return whole[: size[1], : size[0]]


def _sun_radius(palette: Palette, time: str) -> float:
    if time == "night":
        return 0.07
    if time == "neon":
        return 0.13
    return 0.085 if palette.sun_height < 0.2 else 0.045
