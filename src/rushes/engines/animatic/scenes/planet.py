"""A planet that turns: its surface looked up on a sphere, lit from one side, with its air."""

import math
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    Planes,
    look_up,
    product,
    shifted,
    shrink,
)
from rushes.engines.animatic.paint.colour import light_of, mix, rgb, smooth_step, yuv
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.shot import Shot

_MAP_PX: Final = 512
_TURN_PX: Final = 1024
"""Map pixels in one turn of the planet."""

_TILT: Final = 0.35


class Planet:
    """Drawn at a fixed size; its centre follows the camera."""

    def __init__(self, shot: Shot) -> None:
        self._shot = shot
        chance = shot.chance("planet")
        side = float(chance.choice([0.3, 0.68]))
        self._centre = (side + float(chance.uniform(-0.05, 0.05)), 0.56)
        shorter = min(shot.width_px, shot.height_px)
        self._radius = int(shorter * float(chance.uniform(0.24, 0.36)))
        self._size = (2 * self._radius + 8) // 2 * 2
        kind = shot.seed % 3
        self._surface = np.tile(_surface(kind), (1, 5, 1))
        air = light_of(rgb("#7fb6ff" if kind == 0 else "#ffc58a"))
        sun = (-0.78 if side > 0.5 else 0.78, -0.42, 0.46)
        self._set_sphere(air, sun)
        self._halo = self._halo_planes(air, sun)

    def draw(self, t: float, drift: tuple[float, float], planes: Planes) -> None:
        """Draw it, its centre moved by *drift* frame widths."""
        shot = self._shot
        x = (self._centre[0] + drift[0]) * shot.width_px
        y = self._centre[1] * shot.height_px + drift[1] * shot.width_px
        turned = (_TURN_PX / 2 if shot.loop else 60 * shot.duration_s / 5) * t
        surface = look_up(self._surface, shifted(self._places, turned))
        self._stamp(planes.y, cv2.extractChannel(surface, 0), 0, (x, y))
        half = shrink(surface, self._size // 2, self._size // 2)
        for index, plane in ((1, planes.u), (2, planes.v)):
            self._stamp(plane, cv2.extractChannel(half, index), index, (x / 2, y / 2))
        for index, plane in enumerate(planes):
            size = 0.5 if index else 1.0
            _add_at(plane, self._halo[index], (x * size, y * size))

    def _set_sphere(self, air: Array, sun: tuple[float, float, float]) -> None:
        """Prepare, for each pixel: its place on the map, its light, its edge, its air."""
        rows, columns = np.mgrid[0 : self._size, 0 : self._size].astype(F32)
        x = (columns - self._size / 2 + 0.5) / self._radius
        y = (rows - self._size / 2 + 0.5) / self._radius
        distance = np.hypot(x, y)
        z = np.sqrt(np.clip(1 - distance**2, 0, 1))
        self._places = _map_places(x, y, z)
        facing = np.clip(x * sun[0] + y * sun[1] + z * sun[2], -1, 1)
        light = (smooth_step(-0.08, 0.75, facing) * (0.55 + 0.45 * z)).astype(F32)
        edge = np.clip((1 - distance) * self._radius + 0.5, 0, 1).astype(F32)
        rim = (np.exp(-z * 3.2) * smooth_step(-0.2, 0.6, facing)).astype(F32) * 0.5
        small = (self._size // 2, self._size // 2)
        half = [shrink(layer, *small) for layer in (light, edge, rim)]
        self._light = [light, half[0], half[0]]
        self._edge = [edge, half[1], half[1]]
        self._rest = [
            16 - 16 * light + rim * air[0],
            128 - 128 * half[0] + half[2] * air[1],
            128 - 128 * half[0] + half[2] * air[2],
        ]

    def _halo_planes(self, air: Array, sun: tuple[float, float, float]) -> list[Array]:
        size = int(self._radius * 1.36) // 2 * 4
        rows, columns = np.mgrid[0:size, 0:size].astype(F32)
        x = (columns - size / 2 + 0.5) / self._radius
        y = (rows - size / 2 + 0.5) / self._radius
        distance = np.hypot(x, y)
        facing = (x * sun[0] + y * sun[1]) / np.maximum(distance, 0.01)
        glow = np.exp(-np.clip(distance - 1, 0, 9) * 13) * smooth_step(-0.5, 0.7, facing)
        # It fades in over the limb rather than starting at it, which would show as a ring.
        glow = (glow * smooth_step(0.955, 1.0, distance)).astype(F32) * F32(0.6)
        half = shrink(glow, size // 2, size // 2)
        return [glow * air[0], half * air[1], half * air[2]]

    def _stamp(self, plane: Array, surface: Array, index: int, centre: tuple[float, float]) -> None:
        lit = cv2.add(product(surface, self._light[index]), self._rest[index])
        here, there = _overlap(plane, lit.shape, centre)
        edge = np.ascontiguousarray(self._edge[index][there])
        target = plane[here]
        if target.size:
            behind = product(target, 1 - edge)
            front = product(np.ascontiguousarray(lit[there]), edge)
            cv2.add(behind, front, dst=target, dtype=cv2.CV_8U)


def _overlap(
    plane: Array, shape: tuple[int, ...], centre: tuple[float, float]
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return which part of the plane a stamp covers, and which part of the stamp does so."""
    left, top = round(centre[0] - shape[1] / 2), round(centre[1] - shape[0] / 2)
    first, start = max(top, 0), max(left, 0)
    last = max(first, min(top + shape[0], plane.shape[0]))
    end = max(start, min(left + shape[1], plane.shape[1]))
    return (
        (slice(first, last), slice(start, end)),
        (slice(first - top, last - top), slice(start - left, end - left)),
    )


def _add_at(plane: Array, light: Array, centre: tuple[float, float]) -> None:
    here, there = _overlap(plane, light.shape, centre)
    target = plane[here]
    if target.size:
        cv2.add(target, np.ascontiguousarray(light[there]), dst=target, dtype=cv2.CV_8U)


def _map_places(x: Array, y: Array, z: Array) -> Array:
    tilted_y = y * math.cos(_TILT) - z * math.sin(_TILT)
    tilted_z = y * math.sin(_TILT) + z * math.cos(_TILT)
    longitude = np.arctan2(x, tilted_z) / (2 * np.pi) * _TURN_PX + _TURN_PX
    latitude = np.arcsin(np.clip(tilted_y, -1, 1)) / np.pi + 0.5
    return np.dstack([longitude, np.clip(latitude, 0, 1) * 500]).astype(F32)


def _surface(kind: int) -> Array:
    """Return a ``(512, 512, 4)`` uint8 YUV map: 0 sea and land, 1 bands of gas, 2 rust."""
    first, second = tile(_MAP_PX, 1.75, 3), tile(_MAP_PX, 1.5, 9)
    rows = np.linspace(-1, 1, _MAP_PX, dtype=F32)[:, None]
    if kind == 0:
        land = mix(rgb("#3f6b3a"), rgb("#b59a63"), second[..., None])
        ground = mix(rgb("#0d3a73"), land, smooth_step(0.52, 0.6, first)[..., None])
        ground = mix(ground, F32(0.95), smooth_step(0.62, 0.8, second.T)[..., None] * 0.85)
        poles = smooth_step(0.78, 0.9, np.abs(rows) + 0.1 * (first - 0.5))
        ground = mix(ground, F32(0.97), poles[..., None])
    elif kind == 1:
        waves = rows * 15 + (first - 0.5) * 2.6 + 3 * (second - 0.5) * np.abs(rows)
        bands = 0.5 + 0.5 * np.sin(waves)
        ground = mix(rgb("#8a5a3c"), rgb("#f0d9b0"), bands[..., None])
        ground = ground * (0.85 + 0.3 * second[..., None])
    else:
        ground = mix(rgb("#5a2416"), rgb("#d98a52"), first[..., None])
        ground = ground * (0.7 + 0.5 * second[..., None])
    return np.dstack([yuv(ground), np.zeros((_MAP_PX, _MAP_PX), np.uint8)])
