"""
Memory that is used again from frame to frame.

The system hands out large arrays page by page, and clears each: that takes longer than most of
what is drawn into them.
"""

import threading
from collections.abc import Sequence
from math import prod
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import Array

_SMALL: Final = 1 << 15
"""Bytes below which fresh memory costs nothing."""


class _Kept(threading.local):
    """The buffers of one thread, by name."""

    def __init__(self) -> None:
        self.buffers: dict[str, Array] = {}


_KEPT: Final = _Kept()


def scratch(name: str, *shape: int) -> Array:
    """
    Return an uint8 array of that shape with anything in it.

    It is good until the same thread asks for the same name again.
    """
    count = prod(shape)
    if count < _SMALL:
        return np.empty(shape, np.uint8)
    buffer = _KEPT.buffers.get(name)
    if buffer is None or buffer.size < count:
        buffer = np.empty(count, np.uint8)
        _KEPT.buffers[name] = buffer
    return buffer[:count].reshape(shape)


def clear(name: str, *shape: int) -> Array:
    """Return the scratch array of that name with zeros in it."""
    array = scratch(name, *shape)
    array[...] = 0
    return array


def split(name: str, block: Array, first: Array | None = None) -> Sequence[Array]:
    """
    Return the four channels of a block, in scratch memory of that name.

    Args:
        first: Where the first channel goes, if it is not to go there.
    """
    height, width = block.shape[:2]
    if first is None and height * width < _SMALL:
        return cv2.split(block)
    # Apart from an array of that name, which the block itself may be.
    planes = [*scratch(f"{name}/channels", 4, height, width)]
    if first is not None:
        planes[0] = first
    return cv2.split(block, planes)
