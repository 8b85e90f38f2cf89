"""One picture that comes alive."""

import cv2
import numpy as np

from rushes.engines.animatic.camera_path import TimedMoves
from rushes.engines.animatic.finish import Finish
from rushes.engines.animatic.paint.arrays import Array, Planes
from rushes.engines.animatic.particles import Particles
from rushes.engines.animatic.photo.layer import Grid, PhotoLayer
from rushes.engines.animatic.photo.motion import Motion, Pinned, freedom
from rushes.engines.animatic.shot import Shot

GRAIN = 1.2
SWEEP = 6.0


class Still:
    """A picture shown exactly at its moment, and moved before or after it."""

    def __init__(
        self,
        shot: Shot,
        picture: Array,
        *,
        at: float,
        measured: Array | None = None,
        moves: tuple[TimedMoves, ...] | None = None,
    ) -> None:
        """
        Prepare it.

        Args:
            picture: ``(rows, columns, 3)`` uint8 RGB of any shape.

            at: 0 to begin with the picture, 1 to arrive at it.

            measured: Its depth as :class:`PhotoLayer` takes it; None: it is guessed.

            moves: Of the camera; None reads them from the words of the shot.
        """
        self._loop = shot.loop
        self._grid = Grid(shot)
        self._key = Pinned(layer=PhotoLayer(picture, shot, self._grid, measured), at=at)
        self._motion = Motion(shot, self._grid, single=True, moves=moves)
        self._particles = Particles(shot)
        self._finish = Finish(shot, grain=GRAIN, sweep=SWEEP, vignette=0.0)
        self._chroma = np.empty((shot.height_px // 2, shot.width_px // 2, 4), np.uint8)

    def draw(self, index: int, t: float, planes: Planes) -> None:
        places = self._motion.places(self._key, t)
        self._grid.warp(self._key.layer, places, planes.y, self._chroma)
        cv2.extractChannel(self._chroma, 0, planes.u)
        cv2.extractChannel(self._chroma, 1, planes.v)
        away = min(t, 1 - t) if self._loop else t - self._key.at
        self._particles.draw(t, planes, strength=freedom(away, within=0.15))
        self._finish.draw(index, t, planes)
