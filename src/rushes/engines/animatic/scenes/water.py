"""Water: a rippled mirror of whatever has been drawn above it."""

from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    Planes,
    enlarge,
    look_up,
    product,
    shifted,
    shrink,
    to_bytes,
)
from rushes.engines.animatic.paint.colour import smooth_step, yuv_of
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.scenes.palettes import Palette
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.shot import Shot

_TILE_PX: Final = 256
_ROUGHNESS: Final = {"lake": 0.5, "city": 0.42}
_GLINT_STEP_PX: Final = 16


class Water:
    """Worked out at half size; its horizon follows the camera."""

    def __init__(
        self,
        shot: Shot,
        view: View,
        palette: Palette,
        *,
        place: str,
        sun_x: float,
        most_rows: int | None = None,
    ) -> None:
        """
        Prepare the ripples.

        Args:
            place: ``ocean``, ``lake`` or ``city``: how rough the water is.

            sun_x: Where the sun is on the half-size canvas; its path glitters.

            most_rows: Rows of half size that are drawn at most, where land hides the rest.
        """
        self._shot, self._view = shot, view
        self._sun_x = sun_x
        self._sun_shows = palette.sun_shows
        self.width, self.height = shot.width_px // 2, shot.height_px // 2
        self._rows = self.height if most_rows is None else min(most_rows, self.height)
        self._ripples = _ripple_sheet()
        self._nearness = (np.arange(self._rows, dtype=F32) + 0.5)[:, None] / (self.height * 0.5)
        self._across = np.arange(self.width, dtype=F32)[None] - self.width / 2
        self._first = self._ripple_places(170, 150, 0, 0)
        self._second = self._ripple_places(101, 88, 41, 17)
        rough = _ROUGHNESS.get(place, 1.0)
        self._set_mirror(rough)
        self._set_surface(rough, palette, open_sea=place == "ocean")

    def draw(self, t: float, horizon: int, planes: Planes) -> None:
        """Draw the water below row *horizon* of half size."""
        rows = min(self.height - horizon, self._rows)
        end = horizon + rows
        slope_x, slope_y, glitter, swell = cv2.split(self._rippled(t, rows))
        luma, u, v = self._mirrored(slope_x, slope_y, horizon, planes)
        fresnel = self._fresnel[:rows]
        light = cv2.add(product(luma, fresnel), self._base[0][:rows])
        cv2.add(light, product(swell, self._swell[:rows]), dst=light)
        cv2.add(light, product(glitter, self._glitter(t, rows)), dst=light)
        surface = planes.y[2 * horizon : 2 * end]
        enlarge(to_bytes(light), self._shot.width_px, 2 * rows, surface)
        for plane, seen, base in ((planes.u, u, self._base[1]), (planes.v, v, self._base[2])):
            cv2.add(product(seen, fresnel), base[:rows], dst=plane[horizon:end], dtype=cv2.CV_8U)

    def _rippled(self, t: float, rows: int) -> Array:
        offset = _TILE_PX * ((t * self._shot.rounds(1)) % 1)
        back = _TILE_PX - offset
        first = look_up(self._ripples, shifted(self._first[:rows], offset, back))
        second = look_up(self._ripples, shifted(self._second[:rows], back, back))
        return cv2.addWeighted(first, 0.5, second, 0.5, 0)

    def _mirrored(
        self, slope_x: Array, slope_y: Array, horizon: int, planes: Planes
    ) -> tuple[Array, Array, Array]:
        """Return Y, U and V of what each point of the water reflects."""
        rows = len(slope_x)
        down = cv2.add(product(slope_y, self._bend_y[:rows]), self._mirror_y[:rows])
        down = shifted(down, horizon)
        across = cv2.add(product(slope_x, self._bend_x[:rows]), self._mirror_x[:rows])
        above = shrink(planes.y[: 2 * horizon], self.width, horizon)
        u, v = planes.u[:horizon], planes.v[:horizon]
        seen = look_up(cv2.merge([above, u, v, u]), cv2.merge([across, down]))
        return channel_split(seen)

    def _glitter(self, t: float, rows: int) -> Array:
        """Return how strongly each point glitters: most on the path under the sun."""
        matrix = self._view.inverse(t, 0, half=True)
        sun = (self._sun_x - matrix[0, 2]) / matrix[0, 0]
        columns = self._across[:, ::_GLINT_STEP_PX] + self.width / 2
        width = self.width * (0.045 + 0.13 * self._nearness[:rows:4])
        path = np.exp(-(((columns - sun) / width) ** 2)) * (0.8 if self._sun_shows else 0.0)
        return enlarge((0.09 + path) * self._glint[:rows:4], self.width, rows)

    def _ripple_places(self, kx: float, ky: float, ox: float, oy: float) -> Array:
        distance = 1 / (self._nearness + 0.05)
        columns = (self._across / self.height * distance * kx + ox) % _TILE_PX
        rows = np.repeat((distance * ky + oy) % _TILE_PX, self.width, 1)
        return np.dstack([columns, rows]).astype(F32)

    def _set_mirror(self, rough: float) -> None:
        """Prepare how far a slope of -128 to 127 bends what is reflected."""
        strength = rough * (0.25 + 30 * self._nearness) * (self.height / 360)
        rows = np.arange(self._rows, dtype=F32)[:, None]
        self._bend_x = self._full(strength * 0.0085)
        self._bend_y = self._full(strength * 0.019)
        self._mirror_x = self._full(self._across + self.width / 2 - 128 * strength * 0.0085)
        self._mirror_y = self._full(-2 - rows * 0.92 - 128 * strength * 0.019)

    def _set_surface(self, rough: float, palette: Palette, *, open_sea: bool) -> None:
        """Prepare how much is mirrored and how much is the water's own colour."""
        falling = 1.1 if open_sea else 0.7
        fresnel = np.clip(0.92 - 0.62 * self._nearness * falling, 0.2, 1)
        swell = rough * 0.10 * np.clip(self._nearness * 3, 0.25, 1)
        tint = yuv_of(palette.water).astype(F32)
        self._fresnel = self._full(fresnel)
        self._swell = self._full(swell)
        self._glint = np.clip(self._nearness * 9, 0.15, 1) * fresnel
        self._base = [
            self._full(tint[0] * (1 - fresnel) - 128 * swell),
            self._full(tint[1] * (1 - fresnel)),
            self._full(tint[2] * (1 - fresnel)),
        ]

    def _full(self, values: Array) -> Array:
        whole = np.broadcast_to(values, (self._rows, self.width))
        return np.ascontiguousarray(whole, F32)


def channel_split(picture: Array) -> tuple[Array, Array, Array]:
    """Return the first three channels."""
    first, second, third, *_ = cv2.split(picture)
    return first, second, third


def _ripple_sheet() -> Array:
    """Return ``(768, 768, 4)`` uint8: two slopes around 128, glitter, and swell."""
    height = np.tile(tile(_TILE_PX, 1.25, 21), (3, 3))
    glitter = np.tile(tile(_TILE_PX, 0.75, 22), (3, 3))

    def slope(x: int, y: int) -> Array:
        return 128 + 127 * np.tanh(cv2.Sobel(height, cv2.CV_32F, x, y, scale=5))

    sheet = [slope(1, 0), slope(0, 1), 255 * smooth_step(0.74, 0.95, glitter), 255 * height]
    return np.dstack(sheet).astype(np.uint8)
