"""Paint the middle ground and the foreground of each kind of landscape."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.colour import mix, rgb, smooth_step
from rushes.engines.animatic.paint.noise import line
from rushes.engines.animatic.scenes.city import CityPainter
from rushes.engines.animatic.scenes.dunes import paint_dunes
from rushes.engines.animatic.scenes.landscape_request import LandscapeRequest
from rushes.engines.animatic.scenes.palettes import Palette
from rushes.engines.animatic.scenes.ranges import Hills, Ranges, paint_hills, paint_ranges
from rushes.engines.animatic.scenes.trees import (
    Mist,
    Stand,
    at_the_edges,
    paint_grass,
    paint_pines,
    scattered,
)
from rushes.engines.animatic.shot import Shot

HORIZONS: Final[Mapping[str, float]] = {
    "ocean": 0.50,
    "lake": 0.58,
    "city": 0.68,
    "desert": 0.54,
    "meadow": 0.58,
    "forest": 0.60,
    "fire": 0.70,
}
"""Where the horizon is, as a share of the frame's height."""

USUAL_HORIZON: Final = 0.66
WATERY: Final = frozenset({"ocean", "lake", "city"})
_INK: Final = rgb("#05070a")
_WOODLAND_FLOOR_BEFORE: Final = 2
"""Row of trees in a forest, from afar, before which the earth is painted."""


class Painter:
    """Paints one landscape's canvases; each part has its own stream of chance."""

    def __init__(
        self, shot: Shot, wanted: LandscapeRequest, palette: Palette, *, sun_side: int
    ) -> None:
        self._shot, self._wanted, self._palette = shot, wanted, palette
        self._sun_side = sun_side
        self.horizon_share = HORIZONS.get(wanted.place, USUAL_HORIZON)
        self._land, self._haze = palette.land, palette.haze
        if wanted.place == "forest" and wanted.light == "night":
            self._haze, self._land = rgb("#2f5468"), rgb("#04090d")
        self._ink = mix(self._land, _INK, 0.72)
        self._grass = palette.grass
        if wanted.snowy and wanted.light != "snowy":
            self._grass = rgb("#e6edf5") * F32(0.25 + 0.7 * palette.daylight)
            self._land = mix(self._land, self._grass, 0.28)

    def paint_middle(self, canvas: Canvas) -> None:
        """Paint what stands between the sky and the front."""
        horizon = self.horizon_on(canvas)
        paint = _MIDDLES.get(self._wanted.place)
        if paint is not None:
            paint(self, canvas, self._shot.chance("middle"), horizon)
        if self._wanted.place in WATERY:
            canvas.erase_below(int(horizon))

    def front(self) -> Canvas:
        """Paint the silhouettes that frame the picture."""
        canvas = Canvas(self._shot)
        chance = self._shot.chance("front")
        place = self._wanted.place
        if place == "lake" and self._wanted.lowland:
            self._framing_grass(canvas, chance, count=420, tallest=64)
        elif place in {"mountain", "lake", "snow", "fire"}:
            self._framing_pines(canvas, chance)
        elif place == "forest":
            base = np.full(canvas.width, canvas.height + 30 * canvas.unit, F32)
            edges = at_the_edges(canvas, chance, 7, spread=self._framing_spread, lean=(1, 5))
            stand = Stand(heights=(430, 650), nearness=1.0, ground=False)
            paint_pines(canvas, chance, stand, colour=self._ink, base=base, places=edges)
        elif place == "meadow":
            self._framing_grass(canvas, chance, count=640, tallest=84)
        elif place == "ocean" and (self._wanted.beach or chance.random() < 0.4):
            self._framing_grass(canvas, chance, count=240, tallest=60)
        return canvas

    @property
    def _framing_spread(self) -> float:
        """How far what frames the picture reaches in: less in a tall one, to leave room."""
        return 0.42 * min(1.0, 0.5 * self._shot.width_px / self._shot.height_px + 0.1)

    def horizon_on(self, canvas: Canvas) -> float:
        """Return the canvas row of the horizon."""
        return canvas.height / 2 + (self.horizon_share - 0.5) * self._shot.height_px

    # the middle of each place

    def mountains(self, canvas: Canvas, chance: np.random.Generator, horizon: float) -> None:
        winter = self._wanted.place == "snow"
        unit, palette = canvas.unit, self._palette
        snow = 0.34 if chance.random() < 0.6 else 0.0
        ranges = Ranges(count=3, height=400, snow=0.5 if winter or self._wanted.snowy else snow)
        self._ranges(canvas, chance, ranges, horizon - 30 * unit)
        ground = mix(self._haze, self._grass, 0.85)
        if winter:
            ground = mix(rgb("#dfe7f0") * F32(palette.daylight), self._haze, 0.35)
        base = (
            horizon + 6 * unit + 16 * unit * line(chance, canvas.columns * 0.6, beta=1.9)
        ).astype(F32)
        stand = Stand(
            heights=(18, 50),
            nearness=0.42,
            mist=Mist(colour=self._haze, densest=0.6, height=46),
        )
        trees = mix(self._haze, self._land, 0.72)
        places = scattered(canvas, chance, 170)
        paint_pines(canvas, chance, stand, colour=trees, base=base, places=places)
        hills = Hills(
            count=2, height=26, gap=74, farthest=0.5, nearest=0.85, rough=0.12 if winter else 0.25
        )
        tops = paint_hills(
            canvas,
            chance,
            palette,
            hills,
            horizon=horizon + 34 * unit,
            colour=ground,
            sun_side=self._sun_side,
        )
        near = Stand(heights=(40, 100), nearness=0.6, ground=False)
        sides = np.concatenate([chance.uniform(0, 0.3, 13), chance.uniform(0.7, 1, 13)])
        colour = mix(self._haze, self._land, 0.9) * F32(0.8)
        feet, places = tops[0] + 8 * unit, sides * canvas.width
        paint_pines(canvas, chance, near, colour=colour, base=feet, places=places)

    def lake(self, canvas: Canvas, chance: np.random.Generator, horizon: float) -> None:
        if self._wanted.lowland:
            self._green_bank(canvas, chance, horizon)
        else:
            snow = 0.5 if self._wanted.snowy else 0.34 if chance.random() < 0.6 else 0.0
            self._ranges(canvas, chance, Ranges(count=3, height=330, snow=snow), horizon)
        unit = canvas.unit
        shore = (
            horizon + 6 * unit - 10 * unit * np.abs(line(chance, canvas.columns * 0.5, beta=1.8))
        )
        stand = Stand(
            heights=(14, 40),
            nearness=0.4,
            mist=Mist(colour=self._haze, densest=0.4, height=40),
        )
        trees = mix(self._haze, self._land, 0.8)
        places = scattered(canvas, chance, 150)
        paint_pines(canvas, chance, stand, colour=trees, base=shore.astype(F32), places=places)

    def _green_bank(self, canvas: Canvas, chance: np.random.Generator, horizon: float) -> None:
        """Paint low hills and the grass of the other bank of a river or pond."""
        far = Ranges(count=2, height=110, jagged=0.2, nearest=0.12)
        self._ranges(canvas, chance, far, horizon)
        paint_hills(
            canvas,
            chance,
            self._palette,
            Hills(count=2, height=30, gap=18),
            horizon=horizon - 36 * canvas.unit,
            colour=self._grass,
            sun_side=self._sun_side,
        )

    def coast(self, canvas: Canvas, chance: np.random.Generator, horizon: float) -> None:
        if self._wanted.island or chance.random() < 0.6:
            height = 190 if self._wanted.island else 80
            ranges = Ranges(count=2, height=height, jagged=0.35, nearest=0.12)
            self._ranges(canvas, chance, ranges, horizon + 10 * canvas.unit)

    def dunes(self, canvas: Canvas, chance: np.random.Generator, horizon: float) -> None:
        paint_dunes(canvas, chance, self._palette, horizon=horizon, sun_side=self._sun_side)

    def meadow(self, canvas: Canvas, chance: np.random.Generator, horizon: float) -> None:
        unit = canvas.unit
        far = Ranges(count=2, height=150, jagged=0.3, nearest=0.12)
        self._ranges(canvas, chance, far, horizon - 6 * unit)
        tops = paint_hills(
            canvas,
            chance,
            self._palette,
            Hills(count=4, height=44, gap=46),
            horizon=horizon - 2 * unit,
            colour=self._grass,
            sun_side=self._sun_side,
        )
        copse = chance.normal(chance.uniform(0.2, 0.8), 0.07, 16) * canvas.width
        stand = Stand(heights=(22, 48), nearness=0.45, ground=False)
        trees = mix(self._haze, self._land, 0.7)
        base = tops[1] + 4 * unit
        paint_pines(canvas, chance, stand, colour=trees, base=base, places=copse)

    def city(self, canvas: Canvas, chance: np.random.Generator, horizon: float) -> None:
        neon = self._wanted.light == "neon"
        CityPainter(canvas, chance, self._palette, neon=neon).paint(horizon)

    def forest(self, canvas: Canvas, chance: np.random.Generator, horizon: float) -> None:
        rows = (
            (0.14, Stand(heights=(70, 170), nearness=0.1), 90, -34),
            (0.34, Stand(heights=(120, 260), nearness=0.25, ground=False), 46, 0),
            (0.60, Stand(heights=(190, 380), nearness=0.5, ground=False), 24, 46),
            (0.86, Stand(heights=(300, 520), nearness=0.8, ground=False), 11, 120),
        )
        for order, (dark, stand, count, drop) in enumerate(rows):
            wave = line(chance, canvas.columns * 0.5, beta=1.9)
            if order == _WOODLAND_FLOOR_BEFORE:
                self._woodland_floor(canvas, chance, horizon + 6 * canvas.unit)
            places = (
                scattered(canvas, chance, count)
                if order < _WOODLAND_FLOOR_BEFORE
                else at_the_edges(canvas, chance, count, spread=0.46, lean=(1.3, 2.6))
            )
            densest, height = 0.92 - 0.17 * order, 190 + 60 * order
            mist = Mist(colour=self._haze * F32(1.25), densest=densest, height=height)
            paint_pines(
                canvas,
                chance,
                replace(stand, mist=mist),
                colour=mix(self._haze, self._land, dark),
                base=(horizon + (drop - 12 * wave) * canvas.unit).astype(F32),
                places=places,
            )

    def _woodland_floor(self, canvas: Canvas, chance: np.random.Generator, top: float) -> None:
        """Paint one slope of earth and moss that comes out of the mist, without a visible edge."""
        unit = canvas.unit
        first, rows = canvas.rows_below(np.full(canvas.width, top, F32))
        below = (rows - F32(top)) / unit
        moss = canvas.noise(len(rows), tile_px=420, seed=int(chance.integers(99)), squeeze=3.0)
        fine = canvas.noise(len(rows), tile_px=380, seed=9, beta=0.9, squeeze=2.6)
        earth = mix(self._land, self._grass, 0.9 if self._wanted.snowy else 0.5)
        colour = mix(
            earth, mix(earth, rgb("#6a5236") * F32(self._palette.daylight), 0.5), moss[..., None]
        )
        colour = colour * (0.72 + 0.62 * fine)[..., None]
        seen = (smooth_step(-10, 250, below) * 0.9)[..., None]
        body = mix(self._haze * F32(1.2), colour, seen * F32(0.82))
        body = body * (1 - F32(0.3) * smooth_step(120, 330, below))[..., None]
        mask = np.repeat(smooth_step(0, 46, below), 2, 0)
        canvas.put(first, np.repeat(mask, canvas.width, 1), body, 0.5)

    def firelit_ground(self, canvas: Canvas, chance: np.random.Generator, horizon: float) -> None:
        unit = canvas.unit
        for dark, heights, count, drop in ((0.45, (90, 200), 60, -30), (0.75, (140, 300), 26, 10)):
            base = horizon + (drop - 14 * line(chance, canvas.columns * 0.5, beta=1.9)) * unit
            places = at_the_edges(canvas, chance, count, spread=0.5, lean=(1.1, 1.5))
            stand = Stand(heights=heights, nearness=0.2 + 0.3 * dark)
            colour = mix(self._haze, self._land, dark)
            paint_pines(canvas, chance, stand, colour=colour, base=base.astype(F32), places=places)
        paint_hills(
            canvas,
            chance,
            self._palette,
            Hills(count=1, height=12, gap=40, nearest=0.6),
            horizon=horizon + 40 * unit,
            colour=self._grass,
            sun_side=self._sun_side,
        )

    def _ranges(
        self, canvas: Canvas, chance: np.random.Generator, ranges: Ranges, horizon: float
    ) -> None:
        paint_ranges(
            canvas, chance, self._palette, ranges, horizon=horizon, sun_side=self._sun_side
        )

    def _framing_pines(self, canvas: Canvas, chance: np.random.Generator) -> None:
        share = 1 - np.abs(canvas.columns / canvas.width - 0.5) * 2
        base = (canvas.height + 6 + 40 * canvas.unit * share).astype(F32)
        edges = at_the_edges(canvas, chance, 22, spread=self._framing_spread, lean=(1, 5))
        stand = Stand(heights=(130, 330), nearness=1.0, ground=False)
        paint_pines(canvas, chance, stand, colour=self._ink, base=base, places=edges)

    def _framing_grass(
        self, canvas: Canvas, chance: np.random.Generator, *, count: int, tallest: float
    ) -> None:
        colour: Array = mix(self._ink, self._land, 0.5)
        paint_grass(canvas, chance, colour=colour, count=count, tallest=tallest)


_MIDDLES: Final[Mapping[str, Callable[[Painter, Canvas, np.random.Generator, float], None]]] = {
    "mountain": Painter.mountains,
    "snow": Painter.mountains,
    "lake": Painter.lake,
    "ocean": Painter.coast,
    "desert": Painter.dunes,
    "meadow": Painter.meadow,
    "city": Painter.city,
    "forest": Painter.forest,
    "fire": Painter.firelit_ground,
}
