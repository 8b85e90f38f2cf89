"""Sets without a ground: under water, in space, and the moving backdrop of an abstract prompt."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from rushes.core.shot_plan import CastMember, Effect, ShotPlan
from rushes.engines.animatic.finish import Finish
from rushes.engines.animatic.layers import Ground, Layer, Part, SceneLight
from rushes.engines.animatic.paint.arrays import F32, Array, Planes, blur
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.colour import mix, rgb
from rushes.engines.animatic.scenes.layers import FlatLayer
from rushes.engines.animatic.scenes.palettes import PALETTES, Palette
from rushes.engines.animatic.scenes.silk import Silk
from rushes.engines.animatic.scenes.sky import Sky
from rushes.engines.animatic.scenes.space import Space
from rushes.engines.animatic.scenes.underwater import Underwater
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.light import daylight_on, palette_name
from rushes.engines.animatic.shot import Shot

_WORLDS: Final = frozenset({"ringed-planet", "globe-showing-europe-africa", "full-moon", "sun"})


class UnderwaterSet:
    """A sea floor with kelp and shafts of light."""

    def __init__(self, shot: Shot, view: View, plan: ShotPlan) -> None:
        water = Underwater(shot, view, fish=9 if plan.cast else 26)
        self.palette: Palette = PALETTES["night"]
        self.side = 0
        self.light = _light("#a6e0ec", "#e6fffa", key_y=1.0, haze="#0f5a7c")
        self.ground = Ground(horizon=0.45, farthest=0.6, is_air=True, haze=0.7, shadow=0.0)
        self.decor: tuple[CastMember, ...] = ()
        self.layers: list[Layer] = [
            Part(0.0, lambda _, t, planes: water.draw_water(t, planes)),
            Part(0.29, lambda _, t, planes: water.draw_floor(t, planes)),
        ]
        self._finish = Finish(shot, grain=1.0, sweep=0.0, vignette=0.24)

    def finish(self, index: int, t: float, planes: Planes) -> None:
        self._finish.draw(index, t, planes)


class CloudSet:
    """The sky above a sea of clouds."""

    def __init__(self, shot: Shot, view: View, plan: ShotPlan) -> None:
        name = palette_name(plan)
        palette = PALETTES[name]
        self.palette: Palette = palette
        self.side = 1 if shot.chance("sun").random() < 0.5 else -1
        sky = Sky(shot, view, palette, time=name, horizon=0.78, clouds=0.25, sun_side=self.side)
        self.light = daylight_on(palette, name, side=self.side)
        self.ground = Ground(horizon=0.7, farthest=0.8, is_air=True, haze=0.35, shadow=0.0)
        self.decor: tuple[CastMember, ...] = ()
        half = shot.height_px // 2
        self.layers: list[Layer] = [
            Part(0.0, lambda _, t, planes: sky.draw(t, planes, rows=half), moves_at=0.0),
            *cloud_banks(shot, view, palette),
        ]
        self._finish = Finish(shot, grain=1.0, sweep=0.0, vignette=0.16)

    def finish(self, index: int, t: float, planes: Planes) -> None:
        self._finish.draw(index, t, planes)


def cloud_banks(shot: Shot, view: View, palette: Palette) -> list[Layer]:
    """Return three layers of billowing cloud, one before another."""
    layers: list[Layer] = []
    chance = shot.chance("banks")
    for row, size, nearness in ((0.74, 0.05, 0.14), (0.82, 0.09, 0.28), (0.95, 0.15, 0.7)):
        canvas = Canvas(shot)
        middle = canvas.height / 2 + (row - 0.5) * shot.height_px
        mask = np.zeros_like(canvas.alpha)
        x = -0.1 * canvas.width
        while x < canvas.width * 1.1:
            radius = float(chance.uniform(0.5, 1.3)) * size * shot.height_px
            y = middle + float(chance.uniform(-0.2, 0.5)) * radius
            place = (round(x * 16), round(y * 16))
            cv2.circle(mask, place, round(radius * 16), (255,), -1, cv2.LINE_AA, 4)
            x += radius * float(chance.uniform(0.5, 1.1))
        mask[int(middle + size * 0.4 * shot.height_px) :] = 255
        mask = blur(mask, 1.0 + 14 * canvas.unit * size)
        first = max(0, int(np.flatnonzero(mask.max(1))[0])) // 2 * 2
        rows = (canvas.height - first) // 2
        noise = canvas.noise(rows, tile_px=420, seed=int(chance.integers(99)), beta=1.7)
        # Lit where the mask rises: the top of each billow.
        solid = blur(mask[first : first + 2 * rows].astype(F32) / 255, 26 * canvas.unit)
        lit = np.clip(1.25 - solid[::2, ::2] + (noise - 0.5) * 0.5, 0, 1)[..., None]
        body = mix(rgb(palette.cloud_shadow), rgb(palette.cloud_lit), lit)
        body = mix(palette.haze, body, 0.45 + 0.6 * nearness)
        canvas.put(first, mask[first : first + 2 * rows], body)
        flat = FlatLayer(canvas, view, nearness=nearness)
        layers.append(Part(nearness, _drawing(flat)))
    return layers


def _drawing(layer: FlatLayer) -> Callable[[int, float, Planes], None]:
    return lambda _, t, planes: layer.draw(t, planes)


class SpaceSet:
    """Stars, a nebula and mostly a planet."""

    def __init__(self, shot: Shot, view: View, plan: ShotPlan) -> None:
        worlds = any(member.subject in _WORLDS for member in plan.cast)
        space = Space(shot, view, planet=not worlds)
        self.palette: Palette = PALETTES["night"]
        self.side = 1
        self.light = _light("#b9bfe0", "#ffe9d0", key_y=0.5, haze="#0a0d1a")
        self.ground = Ground(horizon=0.5, farthest=0.6, is_air=True, haze=0.2, shadow=0.0)
        self.decor: tuple[CastMember, ...] = ()
        self.layers: list[Layer] = [Part(0.0, lambda _, t, planes: space.draw(t, planes))]
        self._finish = Finish(shot, grain=1.0, sweep=0.0, vignette=0.24)

    def finish(self, index: int, t: float, planes: Planes) -> None:
        self._finish.draw(index, t, planes)


class AbstractSet:
    """Ribbons of light for a prompt that names no place."""

    def __init__(self, shot: Shot, view: View, plan: ShotPlan) -> None:
        silk = Silk(shot, view)
        self.palette: Palette = PALETTES["day"]
        self.side = 1
        self.light = _light("#e6e2f0", "#ffffff", key_y=0.7, haze="#6a6a8a")
        self.ground = Ground(horizon=0.5, farthest=0.7, haze=0.1, shadow=0.35)
        self.decor: tuple[CastMember, ...] = ()
        self.layers: list[Layer] = [Part(0.0, lambda _, t, planes: silk.draw(t, planes))]
        sweep = 0.0 if plan.cast or Effect.FOG in plan.effects else 8.0
        self._finish = Finish(shot, grain=1.5, sweep=sweep, vignette=0.24)

    def finish(self, index: int, t: float, planes: Planes) -> None:
        self._finish.draw(index, t, planes)


def _light(ambient: str, key: str, *, key_y: float, haze: str) -> SceneLight:
    colour: Array = np.asarray(rgb(ambient))
    return SceneLight(ambient=colour, key=rgb(key), key_x=0.5, key_y=key_y, haze=rgb(haze))
