"""Match the pixels of one picture to those of another."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, LINEAR, Array, blur, enlarge, floats, shrink
from rushes.engines.animatic.photo.layer import Grid, PhotoLayer

_COLUMNS = 448
_LONGEST = 0.3
"""A vector longer than this share of the width is cut: it is more likely wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The motion between two keyframes, on the grid, in layer pixels; all float32."""

    forward: Array
    """``(rows, columns, 2)`` from the first to the second."""

    backward: Array
    """From the second to the first."""

    order: Array
    """When each point crosses over, -0.5 early to 0.5 late."""

    match: float
    """How surely the pictures show the same thing: 1 means the flow is the motion."""

    def reversed(self) -> "Flow":
        return Flow(
            forward=self.backward, backward=self.forward, order=self.order, match=self.match
        )


def flow_between(first: PhotoLayer, second: PhotoLayer, grid: Grid) -> Flow:
    """
    Return the dense flow both ways; what the two directions disagree on fades to no motion.

    The vectors are DIS flow (Kroeger et al., 2016) on greys whose contrast was evened out.
    """
    rows = round(_COLUMNS * grid.height / grid.width)
    greys = [_grey(layer, rows) for layer in (first, second)]
    with ThreadPoolExecutor(1) as pool:
        backward_search = pool.submit(_searched, greys[1], greys[0])
        there = _searched(greys[0], greys[1])
        back = backward_search.result()
    agreed = _agreement(there, back)
    mean_agreed = float(agreed.mean())
    forward = _trusted(there, agreed)
    backward = _trusted(back, _agreement(back, there))
    scale = first.width / _COLUMNS
    unmatched = 1 - mean_agreed
    return Flow(
        forward=enlarge(forward, grid.columns, grid.rows) * F32(scale),
        backward=enlarge(backward, grid.columns, grid.rows) * F32(scale),
        order=_order(greys, first, grid, unmatched),
        match=float(np.clip((mean_agreed - 0.2) / 0.35, 0, 1)),
    )


def _searched(start: Array, end: Array) -> Array:
    """Return the ``(rows, columns, 2)`` float32 vectors from one grey picture to another."""
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return search.calc(start, end, np.zeros((*start.shape, 2), F32))


def _grey(layer: PhotoLayer, rows: int) -> Array:
    grey = shrink(cv2.cvtColor(layer.picture, cv2.COLOR_RGB2GRAY), _COLUMNS, rows)
    return cv2.createCLAHE(2.0, (4, 4)).apply(grey)


def _agreement(there: Array, back: Array) -> Array:
    """Return 1 where going there and back arrives at the start, falling to 0 beyond six pixels."""
    rows, columns = there.shape[:2]
    x, y = np.meshgrid(np.arange(columns, dtype=F32), np.arange(rows, dtype=F32))
    places = (x + there[..., 0], y + there[..., 1])
    returned = cv2.remap(back, *places, LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return floats(np.exp(-((np.linalg.norm(there + returned, axis=2) / 6) ** 2)))


def _trusted(flow: Array, agreed: Array) -> Array:
    """Return the flow filled in from where it is sure, and faded where nothing near is."""
    sureness = blur(agreed, 9)[..., None]
    filled = blur(flow * agreed[..., None], 7) / (sureness + 0.08)
    filled = filled * np.clip(sureness * 1.4, 0, 1)
    length = np.linalg.norm(filled, axis=2, keepdims=True)
    filled = filled * np.minimum(1, _LONGEST * _COLUMNS / (length + 1e-3))
    return blur(filled.astype(F32), 3)


def _order(greys: list[Array], first: PhotoLayer, grid: Grid, unmatched: float) -> Array:
    """Return when each point crosses over: what changes least goes first, then what is near."""
    change = blur(cv2.absdiff(greys[0], greys[1]), 9).astype(F32)
    order = enlarge(change / (change.max() + 1) - F32(0.5), grid.columns, grid.rows)
    order = order * (0.2 + 0.8 * unmatched)
    order = order + 0.25 * unmatched * (first.mean_nearness - first.nearness)
    return np.clip(order, -0.5, 0.5).astype(F32)
