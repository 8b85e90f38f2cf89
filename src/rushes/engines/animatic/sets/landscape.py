"""Any outdoor place, at any time of day, in any weather."""

import math
import re
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from rushes.core.shot_plan import (
    Action,
    CastMember,
    Effect,
    Facing,
    Framing,
    Plane,
    ShotPlan,
)
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.finish import Finish
from rushes.engines.animatic.layers import Ground, Layer, Part, SceneLight
from rushes.engines.animatic.paint.arrays import F32, Planes
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.colour import mix
from rushes.engines.animatic.scenes.fire import Fire
from rushes.engines.animatic.scenes.landscape_request import LandscapeRequest
from rushes.engines.animatic.scenes.layers import FlatLayer
from rushes.engines.animatic.scenes.palettes import PALETTES, Palette
from rushes.engines.animatic.scenes.places import HORIZONS, USUAL_HORIZON, Painter
from rushes.engines.animatic.scenes.sky import Sky
from rushes.engines.animatic.scenes.view import REST_SCALE, View
from rushes.engines.animatic.scenes.water import Water
from rushes.engines.animatic.scenes.weather import Shafts
from rushes.engines.animatic.sets.bands import Bands
from rushes.engines.animatic.sets.eye_level import LANDSCAPE_SHIFTS, EyeLevel, eye_level
from rushes.engines.animatic.sets.floors import (
    BEACH_ROW,
    DECOR,
    FLOOR_NEARNESS,
    FLOORS_LAID,
    SHORES,
    FloorPlan,
)
from rushes.engines.animatic.sets.light import daylight_on, firelight, palette_name
from rushes.engines.animatic.sets.moving_water import waves_on_shore
from rushes.engines.animatic.shot import Shot

_SKY, _WATER, _SHAFTS, _FRONT = 0.0, 0.2, 0.85, 0.93
_SHORE_OVERLAP: Final = 0.08
"""How far below the shore's edge water is drawn, for the land's edge lets it shine through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """How a kind of landscape is cut into layers, and where one stands on it."""

    painter: str
    limits: tuple[float, ...]
    """Depths at which the painting is cut."""

    nearness: tuple[float, ...]
    farthest: float
    """Row of the farthest standing place below the horizon, as a share of the frame."""

    haze: float = 0.5
    is_water: bool = False


_PLACES: Final = {
    "mountain": _Place(
        painter="mountain", limits=(0.4,), nearness=(0.16, 0.55), farthest=0.08, haze=0.45
    ),
    "snow": _Place(painter="snow", limits=(0.4,), nearness=(0.16, 0.55), farthest=0.08, haze=0.45),
    "lake": _Place(
        painter="lake", limits=(), nearness=(0.16,), farthest=0.04, haze=0.4, is_water=True
    ),
    "ocean": _Place(
        painter="ocean", limits=(), nearness=(0.12,), farthest=0.03, haze=0.4, is_water=True
    ),
    "city": _Place(
        painter="city", limits=(), nearness=(0.16,), farthest=0.04, haze=0.4, is_water=True
    ),
    "beach": _Place(
        painter="ocean",
        limits=(),
        nearness=(0.12,),
        farthest=0.03,
        haze=0.3,
        is_water=True,
    ),
    "roof": _Place(painter="city", limits=(), nearness=(0.16,), farthest=0.07, haze=0.3),
    "road": _Place(painter="meadow", limits=(0.2,), nearness=(0.14, 0.34), farthest=0.09, haze=0.4),
    "railway": _Place(
        painter="meadow", limits=(0.2, 0.48), nearness=(0.14, 0.3, 0.36), farthest=0.12, haze=0.4
    ),
    "garden": _Place(
        painter="meadow", limits=(0.2,), nearness=(0.14, 0.36), farthest=0.08, haze=0.35
    ),
    "battlefield": _Place(
        painter="meadow", limits=(0.2,), nearness=(0.14, 0.36), farthest=0.08, haze=0.5
    ),
    "sports_ground": _Place(painter="meadow", limits=(), nearness=(0.14,), farthest=0.08, haze=0.2),
    "desert": _Place(
        painter="desert", limits=(0.25, 0.6), nearness=(0.14, 0.35, 0.6), farthest=0.14, haze=0.4
    ),
    "forest": _Place(
        painter="forest",
        limits=(0.4,),
        nearness=(0.22, 0.6),
        farthest=0.12,
        haze=0.6,
    ),
    "campfire": _Place(
        painter="fire", limits=(0.5,), nearness=(0.3, 0.55), farthest=0.08, haze=0.3
    ),
    "meadow": _Place(
        painter="meadow", limits=(0.2, 0.48), nearness=(0.14, 0.38, 0.58), farthest=0.09, haze=0.45
    ),
}
_HIDE_SHAFTS: Final = frozenset({"night", "overcast", "storm", Effect.LIGHT_SHAFTS, Effect.FOG})
"""What makes the sun's shafts between trees invisible, or draws them itself."""

LANDSCAPES: Final = tuple(_PLACES)
_AFLOAT: Final = frozenset({Action.SWIM, Action.SAIL, Action.FLOAT, Action.DRIFT, Action.FLY})
_RISES_FROM_WATER: Final = frozenset({"boat", "building", "nature", "sky", "aircraft", "fish"})
_NO_FEET: Final = frozenset({Framing.CLOSE_UP, Framing.PORTRAIT})


_LOW_WATER: Final = re.compile(
    r"\b(?:river|pond|stream|creek|brook|rapids|río|arroyo|estanque|rivière|fleuve|étang|ruisseau"
    r"|fluss|teich|bach|rio|lagoa|riacho)|рек[аиеу]|пруд|ручь|ручей|河|江|池|溪|川|강|연못|시냇물|개울",
    re.IGNORECASE,
)
"""Words for water that has no mountains around it."""
_HEIGHTS: Final = re.compile(
    r"mountain|\balp|\bpeaks?\b|canyon|gorge|montañ|montagn|montanh|gebirge|\bberg|горы|горны|горной|山|산",
    re.IGNORECASE,
)


def is_lowland(plan: ShotPlan) -> bool:
    """Return whether the plan shows a river or a pond, and no word for mountains."""
    words = " ; ".join(plan.shown)
    return _LOW_WATER.search(words) is not None and _HEIGHTS.search(words) is None


def stands_ashore(plan: ShotPlan) -> bool:
    """Judge whether somebody stands whose feet are seen, so that a water needs a shore."""
    return plan.framing not in _NO_FEET and any(
        member.plane is Plane.GROUND
        and member.on is None
        and member.action not in _AFLOAT
        and subjects()[member.subject].kind not in _RISES_FROM_WATER
        for member in plan.cast
    )


class Landscape:
    """A set under the open sky: sky, layers of land, water, and what frames them in front."""

    def __init__(self, shot: Shot, view: View, plan: ShotPlan) -> None:
        self._shot, self._view, self._plan = shot, view, plan
        place = _PLACES[plan.set]
        name = palette_name(plan)
        palette = PALETTES[name]
        self.palette: Final = palette
        side = 1 if shot.chance("sun").random() < 0.5 else -1
        self.side: Final = side
        wanted = LandscapeRequest(
            place=place.painter,
            light=name,
            snowy="snowy" in {name, plan.palette} or Effect.SNOW in plan.effects,
            fire=plan.set == "campfire",
            lowland=is_lowland(plan),
        )
        painter = Painter(shot, wanted, palette, sun_side=side)
        usual = HORIZONS.get(place.painter, USUAL_HORIZON)
        self._level = EyeLevel(usual, usual + LANDSCAPE_SHIFTS.get(plan.framing, 0.0))
        self._lay_floor = FLOORS_LAID.get(plan.set)
        if self._lay_floor is None and stands_ashore(plan):
            self._lay_floor = SHORES.get(plan.set)
        if self._lay_floor is not None:
            self._level = eye_level(usual, plan.framing)
        self._horizon = self._level.horizon
        painter.horizon_share = self._horizon
        named = {member.subject for member in plan.cast}
        self.decor: tuple[CastMember, ...] = tuple(
            replace(member, y=self._level.row(member.y or 1.0))
            for member in DECOR.get(plan.set, ())
            if member.subject not in named
        )
        self.light: SceneLight = daylight_on(palette, name, side=side)
        if plan.set == "campfire" and name == "fire":
            self.light = firelight(side=1 if self._fire_at() > 0.5 else -1)
        self.ground: Ground = self._ground_of(place)
        self._sky = self._make_sky(palette, name, side)
        self._finish = Finish(shot, grain=1.1, sweep=0.0, vignette=0.2)
        self.layers: list[Layer] = [*self._water_layers(palette, place)]
        land, self._covered = self._middle(painter, place).layers(view)
        self.layers += land
        if self._lay_floor is not None:
            floor_plan = FloorPlan(shot, plan, palette, self._level)
            self.layers.append(self._lay_floor(floor_plan, view))
            self.layers += self._waves(palette, place)
        else:
            self.layers += self._front_layers(painter.front())
        self.layers += [Part(_SKY, self._draw_sky, moves_at=0.0), *self._own_air(name)]

    def finish(self, index: int, t: float, planes: Planes) -> None:
        self._finish.draw(index, t, planes)

    def _ground_of(self, place: _Place) -> Ground:
        horizon = self._horizon
        has_floor = self._lay_floor is not None
        water_ends = BEACH_ROW if place.is_water and has_floor else 1.0
        open_water = place.is_water and not has_floor
        far = FLOOR_NEARNESS[0] if has_floor else max(place.nearness[-1], 0.3)
        near = FLOOR_NEARNESS[1] if has_floor else far + 0.06
        return Ground(
            horizon=horizon,
            farthest=min(self._level.row(self._level.usual + place.farthest), 0.9),
            far_nearness=far + 0.001,
            near_nearness=near,
            haze=place.haze,
            is_water=place.is_water,
            is_open_water=place.is_water,
            water_ends=self._level.row(water_ends),
            shadow=0.0 if open_water else 0.5,
            reflection=0.45 if open_water else 0.0,
        )

    def _middle(self, painter: Painter, place: _Place) -> Bands:
        bands = Bands(self._shot, place.limits, place.nearness)
        target = bands.canvases[0] if place.painter == "city" else bands
        painter.paint_middle(target)
        return bands

    def _make_sky(self, palette: Palette, name: str, side: int) -> Sky:
        plain = Effect.AURORA in self._plan.effects or self._plan.set == "forest"
        clouds = palette.clouds * (1.3 if self._plan.weather in {"cloudy", "overcast"} else 1)
        return Sky(
            self._shot,
            self._view,
            palette,
            time=name,
            horizon=self._horizon,
            clouds=0.0 if plain else clouds,
            sun_side=side,
            sun=Effect.AURORA not in self._plan.effects
            and all(not member.subject.endswith("-moon") for member in self._plan.cast),
        )

    def _water_layers(self, palette: Palette, place: _Place) -> list[Layer]:
        if not place.is_water:
            return []
        sun_x = self._sky.sun_x
        water = Water(
            self._shot,
            self._view,
            palette,
            place=place.painter,
            sun_x=sun_x,
            most_rows=self._rows_of_water(),
        )

        def draw(_: int, t: float, planes: Planes) -> None:
            water.draw(t, self._horizon_row(t), planes)

        # Beyond a shore water is a far background; where it is the place itself it moves smoothly.
        is_far = self._lay_floor is not None
        return [Part(_WATER, draw, moves_at=_WATER if is_far else None)]

    def _rows_of_water(self) -> int | None:
        """Return how many rows of half size the water has at most above its shore, if any."""
        if self._lay_floor is None:
            return None
        share = self.ground.water_ends + _SHORE_OVERLAP
        row = self._view.canvas_height / 2 + (share - 0.5) * self._shot.height_px * REST_SCALE
        most = 0
        for index in range(self._shot.frames):
            t = self._shot.phase(index)
            ends = (
                self._view.screen_rows(self._view.inverse(t, nearness), row, row)[1]
                for nearness in FLOOR_NEARNESS
            )
            most = max(most, max(ends) // 2 + 1 - self._horizon_row(t))
        return most

    def _waves(self, palette: Palette, place: _Place) -> list[Layer]:
        """Return the waves that run onto a shore of sand or pebbles."""
        if not place.is_water or place.painter == "city":
            return []
        white = np.minimum(palette.haze * F32(0.3) + F32(0.7), 1.0) * F32(palette.daylight)
        row = self._level.row(BEACH_ROW)
        return [
            waves_on_shore(
                self._shot, self._view, row=row, nearness=FLOOR_NEARNESS[0] - 0.018,
                water=mix(palette.water, palette.haze, 0.45), white=white,
            )
        ]  # fmt: skip

    def _front_layers(self, canvas: Canvas) -> list[Layer]:
        if canvas.is_empty():
            return []
        front = FlatLayer(canvas, self._view, nearness=0.9)
        sways = self._plan.set in {"meadow", "ocean"} or Effect.WIND in self._plan.effects
        rounds = self._shot.rounds(2)

        def draw(_: int, t: float, planes: Planes) -> None:
            sway = 0.010 * math.sin(2 * math.pi * t * rounds) if sways else 0.0
            front.draw(t, planes, sway=sway)

        return [Part(_FRONT, draw)]

    def _own_air(self, name: str) -> list[Layer]:
        layers: list[Layer] = []
        if self._plan.set == "campfire":
            burning = {member.subject for member in self._plan.cast} & {
                "fire",
                "camping",
                "campfire",
            }
            if not burning:
                fire = Fire(self._shot, centre=self._fire_at(), foot=0.9, width=0.13, height=0.5)
                layers.append(Part(0.57, lambda _, t, planes: fire.draw(t, planes)))
        elif self._plan.set == "forest" and not _HIDE_SHAFTS & {name, *self._plan.effects}:
            shafts = Shafts(
                self._shot, source=0.5 * self.side, strength=22.0, spread=0.35, falling=1.5
            )
            layers.append(Part(_SHAFTS, lambda _, t, planes: shafts.draw(t, planes)))
        return layers

    def _fire_at(self) -> float:
        """Return where a camp fire burns: before the main subject, where there is one."""
        if not self._plan.cast:
            return 0.5
        return 0.26 if self._plan.cast[0].facing is Facing.LEFT else 0.74

    def _draw_sky(self, _: int, t: float, planes: Planes) -> None:
        half = self._shot.height_px // 2
        rows = min(half, self._horizon_row(t) + 6) if self.ground.is_water else half
        if self._covered is not None:
            matrix = self._view.inverse(t, 0.3)
            rows = min(rows, self._view.screen_rows(matrix, self._covered, self._covered)[1] // 2)
            rows = min(half, rows + int(0.04 * self._shot.height_px))
        self._sky.draw(t, planes, rows=rows)

    def _horizon_row(self, t: float) -> int:
        """Return the half-size screen row of the horizon, which moves with the camera."""
        matrix = self._view.inverse(t, 0.1)
        on_canvas = self._view.canvas_height / 2 + (self._horizon - 0.5) * self._shot.height_px
        across = matrix[1, 0] * self._shot.width_px / 2
        row = (on_canvas - matrix[1, 2] - across) / matrix[1, 1] / 2
        return min(max(round(float(row)) - 1, 8), self._shot.height_px // 2 - 8)
