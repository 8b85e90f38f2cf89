"""Sets without a ground: under water, in space, and the moving backdrop of an abstract prompt."""

from typing import Final

import numpy as np

from rushes.core.shot_plan import Effect, ShotPlan
from rushes.engines.animatic.finish import Finish
from rushes.engines.animatic.layers import Ground, Layer, Part, SceneLight
from rushes.engines.animatic.paint.arrays import Array, Planes
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.scenes.palettes import PALETTES, Palette
from rushes.engines.animatic.scenes.silk import Silk
from rushes.engines.animatic.scenes.space import Space
from rushes.engines.animatic.scenes.underwater import Underwater
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.shot import Shot

_WORLDS: Final = frozenset({"ringed-planet", "globe-showing-europe-africa", "full-moon", "sun"})


class UnderwaterSet:
    """A sea floor with kelp and shafts of light."""

    def __init__(self, shot: Shot, view: View, plan: ShotPlan) -> None:
        water = Underwater(shot, view, fish=9 if plan.cast else 26)
        self.palette: Palette = PALETTES["night"]
        self.side = 0
        self.light = _light("#7fc4d6", "#d8fff6", key_y=1.0, haze="#0f5a7c")
        self.ground = Ground(horizon=0.45, farthest=0.6, is_air=True, haze=0.7, shadow=0.0)
        self.layers: list[Layer] = [
            Part(0.0, lambda _, t, planes: water.draw_water(t, planes)),
            Part(0.29, lambda _, t, planes: water.draw_floor(t, planes)),
        ]
        self._finish = Finish(shot, grain=1.0, sweep=0.0, vignette=0.24)

    def finish(self, index: int, t: float, planes: Planes) -> None:
        self._finish.draw(index, t, planes)


class SpaceSet:
    """Stars, a nebula and mostly a planet."""

    def __init__(self, shot: Shot, view: View, plan: ShotPlan) -> None:
        worlds = any(member.subject in _WORLDS for member in plan.cast)
        space = Space(shot, view, planet=not worlds)
        self.palette: Palette = PALETTES["night"]
        self.side = 1
        self.light = _light("#b9bfe0", "#ffe9d0", key_y=0.5, haze="#0a0d1a")
        self.ground = Ground(horizon=0.5, farthest=0.6, is_air=True, haze=0.2, shadow=0.0)
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
        self.layers: list[Layer] = [Part(0.0, lambda _, t, planes: silk.draw(t, planes))]
        sweep = 0.0 if plan.cast or Effect.FOG in plan.effects else 8.0
        self._finish = Finish(shot, grain=1.5, sweep=sweep, vignette=0.24)

    def finish(self, index: int, t: float, planes: Planes) -> None:
        self._finish.draw(index, t, planes)


def _light(ambient: str, key: str, *, key_y: float, haze: str) -> SceneLight:
    colour: Array = np.asarray(rgb(ambient))
    return SceneLight(ambient=colour, key=rgb(key), key_x=0.5, key_y=key_y, haze=rgb(haze))
