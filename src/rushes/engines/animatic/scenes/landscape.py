"""A landscape in motion: sky, ground, water, weather and what stands in front, back to front."""

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from rushes.engines.animatic.camera_path import Camera
from rushes.engines.animatic.finish import Finish
from rushes.engines.animatic.paint.arrays import F32, Array, Planes
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.colour import mix
from rushes.engines.animatic.particles import Particles, kinds_in
from rushes.engines.animatic.scenes.fire import Fire
from rushes.engines.animatic.scenes.layers import DepthLayer, FlatLayer
from rushes.engines.animatic.scenes.palettes import PALETTES, Palette
from rushes.engines.animatic.scenes.places import WATERY, Painter
from rushes.engines.animatic.scenes.sky import Sky
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.scenes.water import Water
from rushes.engines.animatic.scenes.weather import Aurora, Fog, Lightning, Shafts
from rushes.engines.animatic.scenes.words import Wanted
from rushes.engines.animatic.shot import Shot
from rushes.kit.word_patterns import whole_words

_SOFTEN: Final = {"city": 6.0, "desert": 20.0, "forest": 14.0}
"""
How far a place's depth is blurred, in cells of eight pixels, where the usual would bend its shapes.

A canvas is one picture: where a near tree stands before a far one, a steep step in depth tears it.
"""
_WALL_OF_FIRE: Final = whole_words("infernos? wildfires? wall_of_fire sea_of_flames")


class Landscape:
    """Any outdoor place, at any time of day, in any weather."""

    def __init__(self, shot: Shot, wanted: Wanted) -> None:
        self._shot = shot
        self._wanted = wanted
        palette = PALETTES[wanted.light]
        self._view = View(shot, Camera(shot))
        side = 1 if shot.chance("sun").random() < 0.5 else -1
        painter = Painter(shot, wanted, palette, sun_side=side)
        self._horizon = painter.horizon_share
        with ThreadPoolExecutor(2) as pool:
            middle = pool.submit(painter.middle)
            front = pool.submit(painter.front)
            self._sky = self._make_sky(palette, side)
            self._make_weather(palette)
            self._particles = Particles(shot, self._kinds())
            self._finish = Finish(shot, grain=1.1, sweep=0.0, vignette=0.2)
            self._water = self._make_water(palette)
            self._set_layers(middle.result(), front.result())

    def draw(self, index: int, t: float, planes: Planes) -> None:
        half_height = self._shot.height_px // 2
        horizon = self._horizon_row(t) if self._water is not None else half_height
        sky_rows = min(half_height, horizon + 6)
        if self._middle is not None:
            sky_rows = min(sky_rows, self._middle.opaque_row(t) // 2 + 2)
        self._sky.draw(t, planes, rows=sky_rows)
        self._draw_in_sky(t, sky_rows, planes)
        if self._middle is not None:
            self._middle.draw(t, planes)
        if self._water is not None:
            self._water.draw(t, horizon, planes)
        self._draw_weather(t, planes)
        self._particles.draw(t, planes)
        self._finish.draw(index, t, planes)

    def _make_sky(self, palette: Palette, side: int) -> Sky:
        wanted = self._wanted
        clouds = palette.clouds * (1.3 if wanted.cloudy else 1)
        if wanted.aurora:
            clouds = 0.0
        return Sky(
            self._shot,
            self._view,
            palette,
            time=wanted.light,
            horizon=self._horizon,
            clouds=clouds,
            sun_side=side,
            sun=not wanted.aurora,
        )

    def _make_water(self, palette: Palette) -> Water | None:
        place = self._wanted.place
        if place not in WATERY:
            return None
        return Water(self._shot, self._view, palette, place=place, sun_x=self._sky.sun_x)

    def _make_weather(self, palette: Palette) -> None:
        shot, wanted = self._shot, self._wanted
        horizon = self._horizon
        self._aurora = Aurora(shot, horizon=horizon) if wanted.aurora else None
        self._lightning = Lightning(shot, horizon=horizon) if wanted.lightning else None
        self._fire = self._make_fire() if wanted.fire else None
        self._fog = (
            Fog(shot, _fog_colour(palette), horizon=horizon, thickness=1.0) if wanted.fog else None
        )
        source = self._sky.sun_x * 2 / shot.width_px - 0.6
        strength = 9.0 if wanted.light == "night" else 30.0
        self._shafts = (
            Shafts(source=source, strength=strength, spread=0.35, falling=1.5)
            if wanted.shafts or (wanted.place == "forest" and not wanted.fire)
            else None
        )

    def _make_fire(self) -> Fire:
        if _WALL_OF_FIRE.search(self._shot.words):
            return Fire(self._shot, centre=0.5, foot=1.06, width=0.85, height=0.72)
        if self._wanted.place == "fire":
            return Fire(self._shot, centre=0.5, foot=0.9, width=0.13, height=0.5)
        return Fire(self._shot, centre=0.5, foot=0.86, width=0.05, height=0.2)

    def _kinds(self) -> tuple[str, ...]:
        kinds = kinds_in(self._shot.words)
        return kinds or (("dust",) if self._wanted.place == "forest" else ())

    def _set_layers(self, middle: Canvas, front: Canvas) -> None:
        soften = _SOFTEN.get(self._wanted.place, 12.0)
        self._horizon_on_canvas = middle.height / 2 + (self._horizon - 0.5) * self._shot.height_px
        self._middle = None if middle.is_empty() else DepthLayer(middle, self._view, soften=soften)
        self._front = None if front.is_empty() else FlatLayer(front, self._view, nearness=0.9)

    def _horizon_row(self, t: float) -> int:
        """Return the half-size screen row of the horizon, which moves with the camera."""
        matrix = self._view.inverse(t, 0.1)
        across = matrix[1, 0] * self._shot.width_px / 2
        row = (self._horizon_on_canvas - matrix[1, 2] - across) / matrix[1, 1] / 2
        return min(max(round(float(row)) - 1, 8), self._shot.height_px // 2 - 8)

    def _draw_in_sky(self, t: float, rows: int, planes: Planes) -> None:
        sky = Planes(planes.y[: 2 * rows], planes.u[:rows], planes.v[:rows])
        if self._aurora is not None:
            self._aurora.draw(t, sky)
        if self._lightning is not None:
            self._lightning.draw_sky(t, sky)

    def _draw_weather(self, t: float, planes: Planes) -> None:
        """Draw what is in the air, with the silhouettes in front where they belong."""
        if self._shafts is not None:
            self._shafts.draw(t, planes)
        if self._fog is not None:
            self._fog.draw(t, planes)
        if self._fire is not None:
            self._fire.draw(t, planes)
        if self._front is not None:
            self._front.draw(t, planes, sway=self._sway(t))
        if self._lightning is not None:
            self._lightning.draw_flash(t, planes)

    def _sway(self, t: float) -> float:
        if self._wanted.place not in {"meadow", "ocean"}:
            return 0.0
        return 0.010 * math.sin(2 * math.pi * t * self._shot.rounds(2))


def _fog_colour(palette: Palette) -> Array:
    """Return the haze's colour, paler by as much as there is light to make it so."""
    return mix(palette.haze, np.full(3, palette.daylight, F32), 0.3)
