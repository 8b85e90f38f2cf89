"""Move a keyframe: the camera around its pinned moment, wind, water, clouds."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from rushes.engines.animatic.camera_path import Camera, Pose, TimedMoves
from rushes.engines.animatic.paint.arrays import F32, Array
from rushes.engines.animatic.photo.layer import SUPERSAMPLED, Grid, PhotoLayer
from rushes.engines.animatic.shot import Shot
from rushes.kit.word_patterns import whole_words

_WINDY: Final = whole_words(
    """wind winds windy windswept breez(?:e|es|y) gust(?:s|y|ing)? flutter(?:s|ing)?
    sway(?:s|ing)? wav(?:es?|ing) flow(?:s|ing)? danc(?:e|es|ing|ers?) hair grass grassy leaves
    cloth cloths flags?"""
)
_WATERY: Final = whole_words(
    """water waters waterfalls? underwater watery oceans? seas? lakes? rivers? rippl(?:e|es|ing)
    pools? rain rainy reflections?"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A keyframe and the moment, 0 to 1, at which exactly it is shown."""

    layer: PhotoLayer
    at: float


class Motion:
    """Everything that moves in a shot made from pictures."""

    def __init__(
        self,
        shot: Shot,
        grid: Grid,
        *,
        single: bool,
        moves: tuple[TimedMoves, ...] | None = None,
    ) -> None:
        """
        Read the words.

        Args:
            moves: Of the camera; None reads them from the words, too.

            single: Whether there is one picture only, so that it has the whole time to move.
        """
        self._shot, self._grid = shot, grid
        self._camera = Camera(shot, moves)
        self._single = single
        self._wind = 1.0 if _WINDY.search(shot.words) else 0.25
        self._water = bool(_WATERY.search(shot.words))
        self._unit = shot.width_px / 1280
        first = self._camera.moves
        self._travels = first.travels or bool(first.handheld)
        self._pulls_out = first.push < 0 and single and not shot.loop and not shot.continues

    def places(self, key: Pinned, t: float, *, hold: float = 0.0) -> Array:
        """
        Return where on the layer each point of the grid looks, ``(rows, columns, 2)`` float32.

        Args:
            key: At its own moment it is shown exactly as it is.

            hold: How far the camera is held, 0 to 1, where the picture's own motion carries it.
        """
        pose, free = self._relative(key, t, hold)
        layer, grid = key.layer, self._grid
        near = layer.nearness - F32(0.45)
        scale = SUPERSAMPLED / pose.zoom * (1 - pose.depth * near)
        cosine, sine = F32(math.cos(pose.roll)), F32(math.sin(pose.roll))
        x = (grid.across * cosine - grid.down * sine) * scale
        y = (grid.across * sine + grid.down * cosine) * scale
        width = F32(self._shot.width_px * SUPERSAMPLED)
        x += layer.width / 2 + (pose.x + pose.side * near) * width
        y += layer.height / 2 + (pose.y + pose.rise * near) * width
        self._blow(x, layer, t, free)
        if self._water:
            self._ripple(y, layer, t, free)
        x += layer.sky * F32(self._unit * 18 * self._drift(key, t))
        return np.dstack([x, y]).astype(F32, copy=False)

    def _relative(self, key: Pinned, t: float, hold: float) -> tuple[Pose, float]:
        """
        Return the camera as seen from the key's moment, and how free the picture is to move.

        Room to move is made by a gentle push-in, so that no edge of the picture shows. Only
        a pull-out that was asked for begins inside the picture instead.
        """
        now, then = self._camera.at(t), self._camera.at(key.at)
        moved = _held(now.minus(then), hold)
        free = freedom(t - key.at)
        if self._shot.loop and self._single:
            free = min(free, freedom(1 - t))
        if self._pulls_out:
            zoom = now.zoom
        else:
            push = (0.11 if self._travels else 0.02) * (1 - hold) + 0.02 * hold
            zoom = (1 + abs(moved.zoom - 1)) * (1 + push * free)
        room = 0.46 * (1 - 1 / zoom)
        shape = self._shot.height_px / self._shot.width_px
        pose = moved._replace(
            x=_limited(moved.x, room), y=_limited(moved.y, room * shape), zoom=zoom
        )
        return pose, free

    def _blow(self, x: Array, layer: PhotoLayer, t: float, free: float) -> None:
        """Sway what is near and not sky, in gusts that run over the picture."""
        if not free:
            return
        turn, unit = self._turn(t), F32(self._unit)
        across, down = self._grid.across / unit, self._grid.down / unit
        gust = np.sin(across / 90 + down / 140 - turn)
        flutter = 0.6 + 0.4 * np.sin(down / 57 + turn * 2 - across / 200)
        strength = F32(self._wind * free * self._unit * 1.6)
        x += strength * (1 - layer.sky) * (0.25 + layer.nearness) * gust * flutter

    def _ripple(self, y: Array, layer: PhotoLayer, t: float, free: float) -> None:
        turn, unit = self._turn(t), F32(self._unit)
        across, down = self._grid.across / unit, self._grid.down / unit
        wave = np.sin(down / 26 + across / 160 + turn * 2)
        y += F32(free * self._unit * 2.2) * np.clip(layer.nearness - 0.25, 0, 1) * wave

    def _turn(self, t: float) -> float:
        return 2 * math.pi * t * self._shot.rounds(3)

    def _drift(self, key: Pinned, t: float) -> float:
        if self._shot.loop and self._single:
            return math.sin(2 * math.pi * t) * 0.5
        return (t - key.at) * self._shot.duration_s / 5


def freedom(since: float, *, within: float = 0.3) -> float:
    """Return 0 at a keyframe's moment, rising softly to 1 once *within* of the clip has passed."""
    share = min(abs(since) / within, 1.0)
    return share * share * (3 - 2 * share)


def _held(pose: Pose, hold: float) -> Pose:
    """Return the pose with *hold* of it taken back."""
    if not hold:
        return pose
    still = Pose(0, 0, 1, 0, 0, 0, 0)
    return Pose(*(mine + (rest - mine) * hold for mine, rest in zip(pose, still, strict=True)))


def _limited(value: float, most: float) -> float:
    """Return the value, bent so that it never passes *most*."""
    return most * math.tanh(value / most) if most > 1e-4 else 0.0
