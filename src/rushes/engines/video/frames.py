# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# PyAV leaves the parameters of its planes untyped.
"""Convert between video frames and arrays."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
"""An array; each function documents its shape and its type."""


class Planes(NamedTuple):
    """One 4:2:0 picture, BT.709 limited range; all uint8, drawn into in place."""

    y: Array
    """``(height, width)``"""

    u: Array
    """``(height / 2, width / 2)``"""

    v: Array
    """``(height / 2, width / 2)``"""


def blank_frame(width: int, height: int) -> av.VideoFrame:
    return av.VideoFrame(width, height, "yuv420p")


def planes_of(frame: av.VideoFrame) -> Planes:
    """Return the frame's planes as arrays that share its memory."""
    return Planes(*_arrays(frame))


def rgb_of(frame: av.VideoFrame) -> Array:
    """Return a BT.709 frame as ``(height, width, 3)`` uint8 RGB."""
    return frame.to_ndarray(
        format="rgb24",
        src_colorspace="ITU709",
        dst_colorspace="ITU709",
        interpolation="BICUBIC",
    )


def small_rgb_of(frame: av.VideoFrame, longest_px: int) -> Array:
    """Return a BT.709 frame as RGB whose longer side has *longest_px* at most."""
    scale = min(1.0, longest_px / max(frame.width, frame.height))
    return frame.to_ndarray(
        format="rgb24",
        width=max(2, round(frame.width * scale)),
        height=max(2, round(frame.height * scale)),
        src_colorspace="ITU709",
        dst_colorspace="ITU709",
        interpolation="AREA",
    )


def _arrays(frame: av.VideoFrame) -> Iterator[Array]:
    for plane in frame.planes:
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        yield rows[:, : plane.width]
