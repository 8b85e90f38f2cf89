"""A video or a picture in a frame of another shape: covered, or laid on a blurred extension."""

import math
from dataclasses import dataclass
from typing import Final

import av
import cv2
import numpy as np

from rushes.core.errors import InputUnusable
from rushes.core.frame_placement import Box, layout
from rushes.core.spec import Reframing
from rushes.engines.animatic.paint.arrays import F32, Array, blur, enlarge, shrink
from rushes.engines.video.frames import blank_frame, planes_of

_COARSE: Final = 8
"""Pixels of the frame for one of the blurred extension."""

_SOFTNESS: Final = 1 / 28
"""How far the extension is blurred, against the frame's shorter side."""

_DIMMED: Final = 0.86
"""How bright the extension is against what it extends, so that the eye stays on the source."""

_GREY: Final = 128.0
_BLACK: Final = (16.0, _GREY, _GREY)
"""Of Y, U and V."""


@dataclass(frozen=True, slots=True)
class _Window:
    """What is seen of the source, as pixels of a plane."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def part(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def halved(self) -> "_Window":
        return _Window(self.left // 2, self.top // 2, self.right // 2, self.bottom // 2)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a plane's source lies, and what of it is seen."""

    full: Box
    window: _Window

    def halved(self) -> "_Place":
        full = self.full
        smaller = Box(
            left=full.left / 2,
            top=full.top / 2,
            width=full.width / 2,
            height=full.height / 2,
        )
        return _Place(smaller, self.window.halved())


class Reframed:
    """Draws every frame of a video into the new frame, all of them in the same way."""

    def __init__(self, frame: tuple[int, int], reframing: Reframing) -> None:
        """Take the new frame's ``(width, height)`` in pixels, both even."""
        self._frame, self._reframing = frame, reframing

    def __call__(self, source: av.VideoFrame) -> av.VideoFrame:
        place = _placed((source.width, source.height), self._frame, self._reframing)
        drawn = blank_frame(*self._frame)
        places = (place, place.halved(), place.halved())
        for old, new, there, black in zip(
            planes_of(source), planes_of(drawn), places, _BLACK, strict=True
        ):
            _lay(old, new, there, black=black)
        return drawn


def reframed_picture(picture: Array, frame: tuple[int, int], reframing: Reframing) -> Array:
    """Return an RGB picture in a frame of ``(width, height)`` pixels, both even."""
    place = _placed((picture.shape[1], picture.shape[0]), frame, reframing)
    drawn = np.empty((frame[1], frame[0], 3), np.uint8)
    _lay(picture, drawn, place, black=0.0)
    return drawn


def _placed(source: tuple[int, int], frame: tuple[int, int], reframing: Reframing) -> _Place:
    laid = layout(source, frame, reframing)
    if laid.visible.is_empty:
        raise InputUnusable("nothing of the source would be seen where it is to be placed")
    left, right = _even(laid.visible.left, laid.visible.right, frame[0])
    top, bottom = _even(laid.visible.top, laid.visible.bottom, frame[1])
    return _Place(laid.full, _Window(left, top, right, bottom))


def _even(start: float, end: float, limit: int) -> tuple[int, int]:
    """Return the even pixels nearest to both ends, at least two of them apart."""
    first = min(round(start / 2) * 2, limit - 2)
    return first, min(max(round(end / 2) * 2, first + 2), limit)


def _lay(old: Array, new: Array, place: _Place, *, black: float) -> None:
    """Draw one plane into another."""
    part = place.window.part
    new[part] = _sampled(old, place)
    if new[part].shape[:2] != new.shape[:2]:
        _extend(new, place.window, black)


def _sampled(plane: Array, place: _Place) -> Array:
    """Return what the window shows of a plane, each pixel from where it lies in the source."""
    full, window = place.full, place.window
    width, height = math.ceil(full.width), math.ceil(full.height)
    if width < plane.shape[1] or height < plane.shape[0]:
        plane = shrink(plane, min(width, plane.shape[1]), min(height, plane.shape[0]))
    across, down = plane.shape[1] / full.width, plane.shape[0] / full.height
    matrix = np.array(
        [
            [across, 0, (window.left + 0.5 - full.left) * across - 0.5],
            [0, down, (window.top + 0.5 - full.top) * down - 0.5],
        ],
        F32,
    )
    size = (window.right - window.left, window.bottom - window.top)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(plane, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _extend(plane: Array, window: _Window, black: float) -> None:
    """Fill what the window leaves of the plane: mirrored at its edges, blurred, a little darker."""
    height, width = plane.shape[:2]
    seen = plane[window.part].copy()
    columns, rows = max(8, width // _COARSE), max(8, height // _COARSE)
    left, right = _coarse(window.left, window.right, columns / width, columns)
    top, bottom = _coarse(window.top, window.bottom, rows / height, rows)
    mirrored = cv2.copyMakeBorder(
        shrink(seen, right - left, bottom - top),
        *(top, rows - bottom, left, columns - right),
        cv2.BORDER_REFLECT,
    )
    soft = blur(mirrored.astype(F32), max(1.0, min(columns, rows) * _SOFTNESS))
    dimmed = (soft - F32(black)) * F32(_DIMMED if black != _GREY else 1.0) + F32(black)
    plane[:] = np.clip(enlarge(dimmed, width, height) + F32(0.5), 0, 255).astype(np.uint8)
    plane[window.part] = seen


def _coarse(start: int, end: int, share: float, limit: int) -> tuple[int, int]:
    first = min(round(start * share), limit - 1)
    return first, min(max(round(end * share), first + 1), limit)
