"""The MP4 files that edits write: set as new clips are, at the rate of what they are made from."""

from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.container import OutputContainer
from av.video.stream import VideoStream

_BT709: Final = 1
_LIMITED_RANGE: Final = 1
_OPTIONS: Final = {"preset": "superfast", "x264-params": "mbtree=1:rc-lookahead=10:scenecut=0"}
_FLAGS: Final = {"movflags": "+faststart+use_metadata_tags", "brand": "mp42"}
_ENGINE: Final = "engine: animatic, not a neural model."


def open_mp4(path: Path, *, made: str) -> OutputContainer:
    """
    Open an MP4 for writing, its index in front.

    Args:
        made: How it was made, as a sentence; kept in the file.
    """
    container = av.open(str(path), "w", format="mp4", options=_FLAGS)
    container.metadata.update({"comment": f"{made} {_ENGINE}", "engine": "animatic"})
    return container


def set_up(
    stream: VideoStream,
    size: tuple[int, int],
    *,
    rate: Fraction,
    time_base: Fraction,
    threads: int,
    crf: int,
) -> None:
    """Make the stream what our videos are: H.264 High, yuv420p, BT.709, a keyframe each 2 s."""
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    codec = stream.codec_context
    codec.thread_count = threads
    codec.options = {**_OPTIONS, "crf": str(crf)}
    codec.gop_size = max(1, round(rate * 2))
    codec.profile = "High"
    codec.time_base = time_base
    codec.color_primaries = _BT709
    codec.color_trc = _BT709
    codec.colorspace = _BT709
    codec.color_range = _LIMITED_RANGE
    codec.open(strict=False)
