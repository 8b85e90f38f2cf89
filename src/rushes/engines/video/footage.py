"""Convert the frames of uploaded clips to our format: upright, 8 bits, BT.709."""

# pyright: reportUnknownMemberType=false
# PyAV leaves the colours of its frames untyped.

from typing import Final

import av
import numpy as np
from av.video.reformatter import ColorRange

from rushes.engines.video.frames import blank_frame, planes_of

_BT709: Final = 1
_BT601: Final = 5
_SD_HEIGHT_PX: Final = 720
"""Below this height, frames without a colour matrix count as BT.601, as in players."""


def plain(frame: av.VideoFrame) -> av.VideoFrame:
    """Return the frame as 8-bit 4:2:0 BT.709 of limited range; the same object if it is already."""
    full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    space = frame.colorspace
    if space not in {_BT709, _BT601, 4, 6, 7, 9}:
        space = _BT709 if frame.height >= _SD_HEIGHT_PX else _BT601
    if frame.format.name == "yuv420p" and space == _BT709 and not full:
        return frame
    return keep_time(
        frame.reformat(
            format="yuv420p",
            src_colorspace=_BT601 if space == 6 else space,
            dst_colorspace=_BT709,
            src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation="BICUBIC",
        ),
        frame,
    )


def upright(frame: av.VideoFrame) -> av.VideoFrame:
    """Rotate the frame as its metadata says: phones record upright video lying down."""
    quarters = round(frame.rotation / 90) % 4
    if not quarters:
        return frame
    lying = frame.width, frame.height
    turned = blank_frame(*(lying if quarters == 2 else lying[::-1]))
    for old, new in zip(planes_of(frame), planes_of(turned), strict=True):
        new[:] = np.rot90(old, quarters)
    return keep_time(turned, frame)


def keep_time(frame: av.VideoFrame, like: av.VideoFrame) -> av.VideoFrame:
    """Return the frame with the time stamp of the other."""
    frame.pts, frame.time_base = like.pts, like.time_base
    return frame
