"""Read the properties and the last frame of a video file."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from rushes.core.errors import MediaError

_BT601: Final = frozenset({5, 6})
_KNOWN: Final = frozenset({1, *_BT601})
"""Colour matrices by their number in H.273; 1 is BT.709."""

_HD_PX: Final = 720


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFacts:
    """The properties of a video, as a player sees them."""

    width_px: int
    height_px: int
    fps: float
    frames: int
    """Counted from the packets, not read from a header."""

    duration_s: float
    """The frames at their rate."""

    codec: str
    """As FFmpeg names it, e.g. ``h264``."""

    pixel_format: str
    has_audio: bool


def probe(path: Path) -> VideoFacts:
    """
    Return the properties of a video, without decoding a frame.

    Raises:
        MediaError: The file does not exist or is not a video.
    """
    with _opened(path) as (container, stream):
        frames = sum(1 for packet in container.demux(stream) if packet.dts is not None)
        codec = stream.codec_context
        fps = float(stream.average_rate or 0.0)
        return VideoFacts(
            width_px=codec.width,
            height_px=codec.height,
            fps=fps,
            frames=frames,
            duration_s=frames / fps if fps else 0.0,
            codec=codec.name,
            pixel_format=codec.pix_fmt or "unknown",
            has_audio=bool(container.streams.audio),
        )


def last_frame(path: Path) -> Any:
    """
    Return the last frame as a ``(height, width, 3)`` uint8 RGB array.

    Only the last group of pictures is decoded.

    Raises:
        MediaError: The file does not exist, is not a video, or its end is damaged.
    """
    return _rgb(_last(path))


def _last(path: Path) -> Any:
    with _opened(path) as (container, stream):
        container.seek(max(0, (stream.duration or 1) - 1), stream=stream, backward=True)
        last = None
        for frame in container.decode(stream):
            last = frame
        if last is None:
            raise MediaError(f"{path.name} has no last frame")
        return last


def _rgb(frame: Any) -> Any:
    """Return the frame in RGB. Without a known colour matrix, its height decides: SD or HD."""
    unnamed = frame.colorspace not in _KNOWN
    sd = (unnamed and frame.height < _HD_PX) or frame.colorspace in _BT601
    colours = "ITU601" if sd else "ITU709"
    return frame.to_ndarray(format="rgb24", src_colorspace=colours, dst_colorspace=colours)


@contextmanager
def _opened(path: Path) -> Generator[tuple[Any, Any]]:
    """Open a file and its first video stream. PyAV is imported here because it loads slowly."""
    av: Any = import_module("av")
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise MediaError(f"{path.name} holds no video")
            yield container, container.streams.video[0]
    except (OSError, av.FFmpegError) as error:
        raise MediaError(f"{path.name} cannot be read as a video: {error}") from error
