"""From one picture to the next: exactly on each at its moment, flowing between."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, pairwise, repeat

import cv2
import numpy as np

from rushes.engines.animatic.camera_path import TimedMoves
from rushes.engines.animatic.finish import Finish
from rushes.engines.animatic.paint.arrays import Array, Planes, shrink, weigh
from rushes.engines.animatic.particles import Particles
from rushes.engines.animatic.photo.flow import Flow, flow_between
from rushes.engines.animatic.photo.layer import Grid, PhotoLayer
from rushes.engines.animatic.photo.motion import Motion, Pinned, freedom
from rushes.engines.animatic.photo.still import GRAIN
from rushes.engines.animatic.shot import Shot

_UNSEEN = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    """The way from one key to the next."""

    start: Pinned
    end: Pinned
    flow: Flow

    def share(self, t: float) -> float:
        return (t - self.start.at) / (self.end.at - self.start.at)


class Passage:
    """A transition through two or more pictures, evenly spaced in time."""

    def __init__(
        self,
        shot: Shot,
        pictures: Sequence[Array],
        *,
        measured: Sequence[Array | None] = (),
        moves: tuple[TimedMoves, ...] | None = None,
    ) -> None:
        """
        Prepare it.

        Args:
            pictures: Each ``(rows, columns, 3)`` uint8 RGB, two or more; the same array twice
                is prepared once, so that A, B, A closes a loop.

            measured: The depth of each as :class:`PhotoLayer` takes it; None: it is guessed.

            moves: Of the camera; None reads them from the words of the shot.
        """
        self._grid = Grid(shot)
        layers = _prepared(pictures, measured, shot, self._grid)
        last = len(layers) - 1
        keys = [Pinned(layer=layer, at=order / last) for order, layer in enumerate(layers)]
        self._legs = _legs(keys, self._grid)
        self._motion = Motion(shot, self._grid, single=False, moves=moves)
        self._particles = Particles(shot)
        self._finish = Finish(shot, grain=GRAIN, sweep=0.0, vignette=0.0)
        half = (shot.height_px // 2, shot.width_px // 2, 4)
        self._chroma, self._other_chroma = np.empty(half, np.uint8), np.empty(half, np.uint8)
        self._other_luma = np.empty((shot.height_px, shot.width_px), np.uint8)

    def draw(self, index: int, t: float, planes: Planes) -> None:
        leg = next((leg for leg in self._legs if t <= leg.end.at), self._legs[-1])
        self._cross(leg, t, planes.y)
        cv2.extractChannel(self._chroma, 0, planes.u)
        cv2.extractChannel(self._chroma, 1, planes.v)
        away = min(abs(t - leg.start.at), abs(t - leg.end.at))
        self._particles.draw(t, planes, strength=freedom(away, within=0.15))
        self._finish.draw(index, t, planes)

    def _cross(self, leg: _Leg, t: float, luma: Array) -> None:
        share = leg.share(t)
        going = share**3 * (share * (6 * share - 15) + 10)
        weights = _crossed(going, leg.flow.order)
        if weights.max() <= _UNSEEN:
            self._draw_start(leg, t, going, luma)
        elif weights.min() >= 1 - _UNSEEN:
            self._draw_end(leg, t, going, luma, self._chroma)
        else:
            self._draw_start(leg, t, going, luma)
            self._draw_end(leg, t, going, self._other_luma, self._other_chroma)
            self._blend(self._grid.spread(weights), luma)

    def _draw_start(self, leg: _Leg, t: float, going: float, luma: Array) -> None:
        # A pixel of the frame is fetched from where the second picture's pixel came from.
        places = self._motion.places(leg.start, t, hold=leg.flow.match)
        places += leg.flow.backward * np.float32(going)
        self._grid.warp(leg.start.layer, places, luma, self._chroma)

    def _draw_end(self, leg: _Leg, t: float, going: float, luma: Array, chroma: Array) -> None:
        places = self._motion.places(leg.end, t, hold=leg.flow.match)
        places += leg.flow.forward * np.float32(1 - going)
        self._grid.warp(leg.end.layer, places, luma, chroma)

    def _blend(self, alpha: Array, luma: Array) -> None:
        _mix_into(luma, self._other_luma, alpha)
        height, width = self._chroma.shape[:2]
        half = shrink(alpha, width, height)
        _mix_into(self._chroma, self._other_chroma, cv2.merge([half, half, half, half]))


def _prepared(
    pictures: Sequence[Array], measured: Sequence[Array | None], shot: Shot, grid: Grid
) -> list[PhotoLayer]:
    """Return a layer for each picture, the same one for the same picture."""
    depths = chain(measured, repeat(None))
    different = {
        id(picture): (picture, depth) for picture, depth in zip(pictures, depths, strict=False)
    }
    with ThreadPoolExecutor(2) as pool:
        waiting = {
            key: pool.submit(PhotoLayer, picture, shot, grid, depth)
            for key, (picture, depth) in different.items()
        }
        known = {key: layer.result() for key, layer in waiting.items()}
    return [known[id(picture)] for picture in pictures]


def _legs(keys: Sequence[Pinned], grid: Grid) -> list[_Leg]:
    legs: list[_Leg] = []
    for start, end in pairwise(keys):
        back = legs and legs[-1].start.layer is end.layer and legs[-1].end.layer is start.layer
        flow = legs[-1].flow.reversed() if back else flow_between(start.layer, end.layer, grid)
        legs.append(_Leg(start=start, end=end, flow=flow))
    return legs


def _crossed(going: float, order: Array) -> Array:
    """Return how far each point of the grid has crossed over: all 0 at the start, 1 at the end."""
    weights = np.clip((going * 1.9 - 0.45 - order * 0.9) * 1.25, 0, 1)
    return weights * weights * (3 - 2 * weights)


def _mix_into(base: Array, other: Array, alpha: Array) -> None:
    """Lay *alpha* of the other picture over the base, in place; all uint8."""
    added = weigh(other, alpha)
    weigh(base, cv2.bitwise_not(alpha), out=base)
    cv2.add(base, added, dst=base)
