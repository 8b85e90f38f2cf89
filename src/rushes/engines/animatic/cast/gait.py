"""Legs of drawn animals: found in the art, cut out, and swung about their hips."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.cast.brush import lay_moved
from rushes.engines.animatic.cast.sprite import Sprite, cropped
from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.paint.scratch import clear

_SOLID: Final = 110
_FEET: Final = (0.86, 0.97)
"""Rows, as shares of the height, between which the legs are recognized."""

_BELLY: Final = (0.45, 0.90)
"""Between which rows a leg may begin."""

_SHORTEST: Final = 0.07
"""Legs that are apart for less than this are one leg."""

_NARROWEST: Final = 0.025
_OVERLAP: Final = 0.07
_PHASES: Final = {1: (0.0,), 2: (0.0, 0.5), 3: (0.0, 0.5, 0.25), 4: (0.0, 0.5, 0.75, 0.25)}
"""When each leg swings, from the nose to the tail."""

_RUN_PHASES: Final = {1: (0.0,), 2: (0.0, 0.5), 3: (0.0, 0.1, 0.5), 4: (0.0, 0.12, 0.5, 0.62)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    pixels: Array
    own: Array
    """Which of its pixels are of the leg alone, so that the body loses them."""

    left: int
    top: int
    pivot: tuple[float, float]


_SMALLEST_PX: Final = 14
"""Height below which an animal has no legs that could be told apart."""


class Gait:
    """An animal's art, taken apart into a body and its legs; it looks to the right."""

    def __init__(self, sprite: Sprite) -> None:
        self._sprite = sprite
        self._legs = _legs(sprite.pixels)
        self._body = sprite.pixels.copy()
        for leg in self._legs:
            height, width = leg.pixels.shape[:2]
            window = self._body[leg.top : leg.top + height, leg.left : leg.left + width]
            window[leg.own] = 0

    @property
    def walks(self) -> bool:
        """Whether at least two legs were found."""
        return len(self._legs) >= 2

    def draw(self, phase: float, *, running: bool) -> Sprite:
        """Return the animal at a phase of 0.0 to 1.0 of its stride."""
        height, width = self._sprite.pixels.shape[:2]
        room = round(0.25 * height)
        above = round(0.05 * height) + 2
        pixels = clear("pose", height + room + above, width + 2 * room, 4)
        count = min(len(self._legs), 4)
        phases = (_RUN_PHASES if running else _PHASES)[max(count, 1)]
        reach, lift = (0.55, 0.05) if running else (0.34, 0.035)
        bob = 0.014 * height * math.sin(4 * math.pi * phase)
        for order, leg in enumerate(self._legs):
            turn = 2 * math.pi * (phase + phases[min(order, count - 1)])
            swing = reach * math.sin(turn)
            raised = lift * height * max(0.0, math.cos(turn)) + 0.4 * bob
            self._swing(pixels, leg, swing, (room, above - raised))
        nod = np.eye(2, 3)
        nod[:, 2] = (room, above - bob)
        lay_moved(pixels, self._body, nod)
        anchor = self._sprite.anchor
        return cropped(pixels, (anchor[0] + room, anchor[1] + above))

    def _swing(self, pixels: Array, leg: _Leg, angle: float, shift: tuple[float, float]) -> None:
        x, y = leg.pivot
        matrix = cv2.getRotationMatrix2D((x - leg.left, y - leg.top), math.degrees(angle), 1.0)
        matrix[:, 2] += np.array([leg.left + shift[0], leg.top + shift[1]])
        lay_moved(pixels, leg.pixels, matrix)


def _legs(pixels: Array) -> list[_Leg]:
    """Return the legs from the nose to the tail, that is from the right to the left."""
    height, width = pixels.shape[:2]
    if height < _SMALLEST_PX:
        return []
    solid = pixels[..., 3] > _SOLID
    feet = solid[int(_FEET[0] * height) : int(_FEET[1] * height)].mean(0) > 0.35
    runs = [run for run in _runs(feet) if run[1] - run[0] > _NARROWEST * width]
    joined = _joined(solid, runs, height)
    tops = [_gap_top(solid, left, right) for left, right in pairwise(joined)]
    legs: list[_Leg] = []
    lowest, highest = _BELLY[0] * height, _BELLY[1] * height
    belly = min(tops, default=0.65 * height)
    for order, (first, last) in enumerate(joined):
        beside = [tops[at] for at in (order - 1, order) if 0 <= at < len(tops)]
        cut = min(max([belly, *beside]) if beside else belly, highest)
        cut = max(cut, lowest)
        left = 0 if order == 0 else (joined[order - 1][1] + first) // 2
        right = width if order == len(joined) - 1 else (last + joined[order + 1][0]) // 2
        reach = round(0.12 * width)
        left, right = max(left, first - reach), min(right, last + reach)
        top = max(0, round(cut - _OVERLAP * height))
        piece = pixels[top:, left:right].copy()
        below = round(cut) - top
        own = _grown_from(piece, (first - left, last - left), below)
        hidden = np.zeros_like(own)
        hidden[:below, max(0, first - left) : last - left] = True
        piece[~(own | hidden)] = 0
        pivot = ((first + last) / 2, cut - 0.03 * height)
        legs.append(_Leg(pixels=piece, own=own, left=left, top=top, pivot=pivot))
    return legs[::-1]


def _grown_from(piece: Array, columns: tuple[int, int], below: int) -> Array:
    """Return the mask of what hangs together with the foot in *columns*, under row *below*."""
    shown = (piece[..., 3] > 8).astype(np.uint8)
    shown[:below] = 0
    _, labels = cv2.connectedComponents(shown, connectivity=4)
    foot = labels[int(0.6 * len(labels)) :, max(0, columns[0]) : columns[1]]
    kept = [label for label in np.unique(foot) if label]
    mask: Array = np.isin(labels, kept)
    return mask


def _runs(row: Array) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _joined(solid: Array, runs: list[tuple[int, int]], height: int) -> list[tuple[int, int]]:
    """Join legs that are hardly apart."""
    found: list[tuple[int, int]] = []
    for run in runs:
        if found and _gap_top(solid, found[-1], run) > (0.97 - _SHORTEST) * height:
            found[-1] = (found[-1][0], run[1])
        else:
            found.append(run)
    return found


def _gap_top(solid: Array, left: tuple[int, int], right: tuple[int, int]) -> float:
    """Return the row at which the gap between two legs closes, from the feet up."""
    between = solid[:, left[1] : max(right[0], left[1] + 1)]
    closed = np.flatnonzero(between.all(1))
    bottom = int(_FEET[0] * solid.shape[0])
    above = closed[closed < bottom]
    return float(above[-1] + 1) if len(above) else 0.0
