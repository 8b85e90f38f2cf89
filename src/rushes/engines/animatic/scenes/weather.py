"""Paint the weather: shafts of light, drifting fog, lightning, the aurora."""

import math
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    Planes,
    blur,
    brighten,
    enlarge,
    enlarge_softly,
    lay_over,
    look_up,
    shifted,
    to_bytes,
)
from rushes.engines.animatic.paint.colour import light_of, rgb, smooth_step, yuv_of
from rushes.engines.animatic.paint.noise import line, tile
from rushes.engines.animatic.shot import Shot

_COARSE: Final = (54, 96)


class Shafts:
    """Slanted shafts of light that fan out from above, worked out on a small grid."""

    def __init__(
        self, shot: Shot, *, source: float, strength: float, spread: float, falling: float
    ) -> None:
        """
        Place the light.

        Args:
            source: Where it comes from, across the frame: 0 is the middle, +-0.9 an edge.

            strength: What it adds to luma at most.

            spread: How high above the frame the source is, in frame heights.

            falling: How fast it fades on its way down.
        """
        self._shot = shot
        rows, columns = np.mgrid[0 : 1 : _COARSE[0] * 1j, -0.9 : 0.9 : _COARSE[1] * 1j].astype(F32)
        self._held: tuple[float, Array] | None = None
        self._angle = (columns - F32(source)) / (rows + F32(spread)) * 9
        self._fade = np.exp(-rows * falling) * strength

    def draw(self, t: float, planes: Planes) -> None:
        moment = self._shot.held(t)
        if self._held is None or self._held[0] != moment:
            self._held = (moment, self._light(moment, *planes.y.shape))
        brighten(planes.y, self._held[1])

    def _light(self, t: float, height: int, width: int) -> Array:
        turn = 2 * math.pi * t
        angle = self._angle
        light = np.sin(angle + 0.5 * math.sin(turn)) * 0.5
        light += np.sin(angle * 2.3 + 1.7 + 0.7 * math.sin(turn + 1)) * 0.35
        light += np.sin(angle * 4.1 - 2 + math.sin(turn + 2)) * 0.25
        light = np.clip(light, 0, 1) ** 1.5 * self._fade
        # Enlarged before it is rounded: steps of one grey would show.
        smooth = enlarge_softly(light, _COARSE[1] * 4, _COARSE[0] * 4)
        return enlarge(to_bytes(enlarge(smooth, width // 2, height // 2)), width, height)


class Fog:
    """Banks of fog that drift past at two speeds, thickest around the horizon."""

    _TILE_PX = 256

    def __init__(self, shot: Shot, colour: Array, *, horizon: float, thickness: float) -> None:
        self._shot = shot
        first, second = tile(self._TILE_PX, 1.8, 31), tile(self._TILE_PX, 1.6, 32)
        once = to_bytes(np.dstack([first, second, first, second]), 255)
        self._tile = np.tile(once, (2, 3, 1))
        self._height, self._width = _COARSE[0] * 2, _COARSE[1] * 2
        rows, columns = np.mgrid[0 : self._height, 0 : self._width].astype(F32)
        stretch = shot.width_px / shot.height_px / (16 / 9)
        self._places = np.dstack([columns * F32(0.8 * stretch) + 2, rows * F32(1.9) + 2]).astype(
            F32
        )
        share = rows / self._height
        height = np.where(share < horizon, F32(0.42), F32(0.27))
        bank = np.exp(-(((share - horizon) / height) ** 2))
        ground = smooth_step(horizon, 1.1, share) * 0.6
        self._density = np.minimum((bank + ground) * F32(thickness), 1)
        self._colour = yuv_of(colour)
        self._held: tuple[float, list[tuple[Array, Array]]] | None = None

    def draw(self, t: float, planes: Planes) -> None:
        moment = self._shot.held(t)
        if self._held is None or self._held[0] != moment:
            self._held = (moment, self._banks(moment, *planes.y.shape))
        for plane, (colour, see_through) in zip(planes, self._held[1], strict=True):
            lay_over(plane, colour, see_through)

    def _banks(self, t: float, height: int, width: int) -> list[tuple[Array, Array]]:
        """Return, for each plane, the fog's colour and how much is seen through it."""
        first, second = self._drifted(t, 1), self._drifted(t, -1)
        share = 0.5 * first[..., 0] + 0.5 * second[..., 1].astype(F32)
        alpha = to_bytes(np.clip(share / 255 * 1.3 - 0.05, 0.12, 1) * self._density, 235)
        half = enlarge_softly(alpha, width // 2, height // 2)
        weights = (enlarge(half, width, height), half, half)
        return [
            (to_bytes(weight, float(value) / 255), cv2.bitwise_not(weight))
            for weight, value in zip(weights, self._colour, strict=True)
        ]

    def _drifted(self, t: float, speed: int) -> Array:
        offset = (speed * t * self._shot.rounds(0.5) * self._TILE_PX) % self._TILE_PX
        return look_up(self._tile, shifted(self._places, offset))


class Lightning:
    """A bolt now and then; the sky lights up with it and flickers after it."""

    _FLICKER: Final = ((0.0, 1.0), (0.012, 0.25), (0.024, 0.8), (0.055, 0.12), (0.09, 0.0))

    def __init__(self, shot: Shot, *, horizon: float) -> None:
        chance = shot.chance("lightning")
        self._half = (shot.width_px // 2, shot.height_px // 2)
        strikes = max(2, round(shot.duration_s / 2))
        starts = (np.arange(strikes) + chance.uniform(0.15, 0.6, strikes)) / strikes
        self._starts = [min(float(start), 0.9) for start in starts]
        self._scale = 5 / shot.duration_s
        self._bolts = [_bolt(chance, *self._half, horizon) for _ in self._starts]
        self._tint = light_of(rgb("#8fa8ff"))

    def draw_sky(self, t: float, planes: Planes) -> None:
        """Light up the upper rows of the frame and draw the bolt, before what stands in front."""
        for start, bolt in zip(self._starts, self._bolts, strict=True):
            strength = self._strength((t - start) / self._scale)
            if strength > 0:
                self._strike(bolt, strength, planes)

    def draw_flash(self, t: float, planes: Planes) -> None:
        """Light up everything a little, after all else is drawn."""
        strength = max(self._strength((t - start) / self._scale) for start in self._starts)
        if strength > 0:
            cv2.convertScaleAbs(
                planes.y, dst=planes.y, alpha=1 + 0.22 * strength, beta=5 * strength
            )

    def _strike(self, bolt: Array, strength: float, planes: Planes) -> None:
        height, width = planes.y.shape
        bolt = bolt[: len(planes.u)]
        cv2.convertScaleAbs(planes.y, dst=planes.y, alpha=1 + 0.45 * strength, beta=10 * strength)
        brighten(planes.y, to_bytes(enlarge(bolt, width, height), strength))
        for plane, share in ((planes.u, self._tint[1]), (planes.v, self._tint[2])):
            cv2.addWeighted(plane, 1, bolt, float(share) / 255 * strength, 0, dst=plane)

    def _strength(self, since: float) -> float:
        times, strengths = zip(*self._FLICKER, strict=True)
        return float(np.interp(since, times, strengths, left=0, right=0))


def _bolt(chance: np.random.Generator, width: int, height: int, horizon: float) -> Array:
    """Return ``(height, width)`` uint8: one branching bolt with its glow."""
    light = np.zeros((height, width), F32)
    foot = height * (horizon - chance.uniform(0, 0.04))
    x, steps = width * chance.uniform(0.2, 0.8), 26
    points = [(x, -4.0)]
    for step in range(1, steps + 1):
        x += chance.normal(0, 0.012) * width
        points.append((x, foot * step / steps))
        if 4 < step < steps - 4 and chance.random() < 0.3:
            _branch(light, chance, points[-1], height)
    cv2.polylines(light, [_fixed(points)], False, (255,), max(1, height // 240), cv2.LINE_AA, 4)
    return to_bytes(light + 1.6 * blur(light, height / 120) + 3.0 * blur(light, height / 24))


def _branch(
    light: Array, chance: np.random.Generator, start: tuple[float, float], height: int
) -> None:
    side = chance.choice([-1, 1])
    points = [start]
    for _ in range(int(chance.integers(4, 9))):
        x, y = points[-1]
        right = side * abs(chance.normal(0.012, 0.008)) * height
        points.append((x + right, y + chance.uniform(0.012, 0.03) * height))
    cv2.polylines(light, [_fixed(points)], False, (130,), 1, cv2.LINE_AA, 4)


def _fixed(points: list[tuple[float, float]]) -> Array:
    """Return the points with four binary digits after the point, as OpenCV draws them."""
    return (np.array(points) * 16).astype(np.int32)


class Aurora:
    """Curtains of green and violet light whose folds wander along the sky."""

    def __init__(self, shot: Shot, *, horizon: float) -> None:
        self._shot = shot
        self._height, self._width = 90, 200
        self._rows = np.arange(self._height, dtype=F32)[:, None] / (self._height * horizon)
        columns = np.linspace(0, 1, self._width, dtype=F32)
        chance = shot.chance("aurora")
        self._curtains = [_Curtain(shot, chance, columns, order) for order in range(3)]
        self._low, self._high = light_of(rgb("#35f59a")), light_of(rgb("#8a4dff"))

    def draw(self, t: float, planes: Planes) -> None:
        """Draw over planes that hold the upper rows of the frame."""
        green = np.zeros((self._height, self._width), F32)
        violet = np.zeros_like(green)
        for curtain in self._curtains:
            foot, brightness = curtain.at(t)
            above = (foot - self._rows) / curtain.height
            edge = smooth_step(-0.05, 0.06, above)
            light = edge * np.exp(-np.maximum(above, 0) * 1.6) * brightness
            share = smooth_step(0.15, 1.1, above)
            green += light * (1 - share)
            violet += light * share
        self._add(green * 0.62, violet * 0.8, planes)

    def _add(self, green: Array, violet: Array, planes: Planes) -> None:
        height, width = planes.y.shape
        for index, plane in enumerate(planes):
            light = green * self._low[index] + violet * self._high[index]
            soft = enlarge_softly(light, width // 2, self._shot.height_px // 2)[: height // 2]
            if index:
                cv2.add(plane, soft, dst=plane, dtype=cv2.CV_8U)
            else:
                brighten(plane, enlarge(to_bytes(soft), width, height))


class _Curtain:
    """One curtain: where its lower hem is, and how bright each fold."""

    def __init__(self, shot: Shot, chance: np.random.Generator, columns: Array, order: int) -> None:
        self._columns = columns
        self._rounds = shot.rounds(1)
        self._phases = chance.uniform(0, 2 * math.pi, 6)
        self._foot = 0.62 + 0.12 * order + chance.uniform(-0.05, 0.05)
        self._rays = line(chance, columns * 2048, beta=0.9, lowest=6)
        self._folds = line(chance, columns * 2048, beta=1.7, lowest=2)
        self.height = (0.5, 0.36, 0.62)[order]
        self._strength = (1.0, 0.75, 0.5)[order]

    def at(self, t: float) -> tuple[Array, Array]:
        turn = 2 * math.pi * t * self._rounds
        x, phases = self._columns, self._phases
        foot = self._foot + 0.10 * np.sin(5 * x + phases[0] + 0.8 * np.sin(turn + phases[1]))
        foot = foot + 0.035 * np.sin(13 * x + phases[2] + 1.2 * np.sin(turn + phases[3]))
        wander = 12 * math.sin(turn + phases[4])
        rays = np.interp(np.arange(len(x)) + wander, np.arange(len(x)), self._rays)
        fold = 0.55 + 0.45 * np.sin(4.2 * x + phases[5] + np.sin(turn) + 1.5 * self._folds)
        brightness = np.clip(fold * (0.75 + 0.5 * rays), 0, 1.3) * self._strength
        return foot[None].astype(F32), brightness[None].astype(F32)
