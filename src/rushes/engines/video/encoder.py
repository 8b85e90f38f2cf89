"""Encode H.264 in MP4: one encoder, and the one way in which it is set."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# PyAV leaves the parameters of its packets and streams untyped.

import platform
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from rushes.core.geometry import FPS
from rushes.engines.video.mp4 import Label, open_mp4

RAW_CRF: Final = 17.5
"""Quality of what carries no mark; near transparent."""

_BT709: Final = 1
_LIMITED_RANGE: Final = 1
_TIME_BASE: Final = Fraction(1, FPS)

# Superfast, with macroblock trees and a lookahead of four frames put back, has the quality and
# the size of veryfast for six tenths of its work. Each frame that x264 holds takes 7 MB at
# 1080p: ten frames ahead and three B frames took 42 MB more, for clips no better and no smaller.
# There a single B frame saves another 25 MB, for clips that are a twentieth to a sixth larger.
_PRESET: Final = "superfast"
_PARAMETERS: Final = "mbtree=1:rc-lookahead=4:scenecut=0"
_LARGE_PX: Final = 1280 * 720
"""Pixels of a frame above which memory matters more than the size of the file."""

# x264 165 decides now one way and now another when its AVX2 code meets a width that macroblocks
# do not fill: the same 540 px wide clip came out in six versions of forty. Without
# that code it is always the same, and one part in twenty slower.
_STEADY: Final = "asm=MMX2,SSE2Fast,LZCNT,SSSE3,SSE4.2"
_MACROBLOCK_PX: Final = 16
_X86: Final = frozenset({"x86_64", "AMD64"})


def set_up(
    stream: VideoStream,
    size: tuple[int, int],
    *,
    threads: int,
    crf: float,
    rate: Fraction = Fraction(FPS),
    time_base: Fraction = _TIME_BASE,
) -> None:
    """Make the stream what our videos are: H.264 High, yuv420p, BT.709, a keyframe each 2 s."""
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    codec = stream.codec_context
    codec.thread_count = threads
    codec.options = _options(size, crf)
    codec.gop_size = max(1, round(rate * 2))
    codec.profile = "High"
    codec.time_base = time_base
    _tag_bt709(codec)
    codec.open(strict=False)


class VideoFile:
    """An MP4 being written: High profile, yuv420p, BT.709, its index in front."""

    def __init__(
        self, path: Path, width: int, height: int, *, label: Label, threads: int, crf: float
    ) -> None:
        """Open the file and the codec; raises ``OSError`` or ``av.FFmpegError`` if it cannot."""
        self._container = open_mp4(path, label)
        stream = self._container.add_stream("libx264", rate=FPS)
        self._stream: VideoStream = stream
        set_up(stream, (width, height), threads=threads, crf=crf)
        self._frames = 0

    def write(self, frame: av.VideoFrame) -> None:
        """Encode one frame; the encoder has its own copy when this returns."""
        frame.pts, frame.time_base = self._frames, _TIME_BASE
        self._frames += 1
        for packet in self._stream.encode(frame):
            self._container.mux(packet)

    def close(self) -> None:
        """Encode what is left and finish the file."""
        for packet in self._stream.encode():
            self._container.mux(packet)
        self._container.close()

    def abandon(self) -> None:
        """Close without caring what the file is good for."""
        self._container.close()


def _options(size: tuple[int, int], crf: float) -> dict[str, str]:
    width, height = size
    parameters = f"{_PARAMETERS}:bframes={1 if width * height > _LARGE_PX else 2}"
    if width % _MACROBLOCK_PX != 0 and platform.machine() in _X86:
        parameters = f"{parameters}:{_STEADY}"
    return {"preset": _PRESET, "crf": str(crf), "x264-params": parameters}


def _tag_bt709(codec: VideoCodecContext) -> None:
    codec.color_primaries = _BT709
    codec.color_trc = _BT709
    codec.colorspace = _BT709
    codec.color_range = _LIMITED_RANGE
