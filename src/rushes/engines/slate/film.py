# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# PyAV leaves the parameters of its packets and streams untyped.
"""Write cards as an MP4: encode the first frame of each card and repeat it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.container import OutputContainer
from av.video.frame import PictureType
from av.video.stream import VideoStream

from rushes.core.geometry import FPS
from rushes.engines.slate.card import Clock, glyph, stamp
from rushes.engines.slate.h264 import MACROBLOCK_PX, Parameters, parameters_of, repeated
from rushes.engines.video.frames import Array
from rushes.engines.video.mp4 import Label, open_mp4

_OPTIONS: Final = {"preset": "ultrafast", "tune": "zerolatency", "crf": "18"}
"""One reference, no B frames, no CABAC: what a repeated frame can continue."""

_BT709: Final = 1
_LIMITED_RANGE: Final = 1
_KEYFRAME_EVERY_S: Final = 2
_CHROMA: Final = b"\x80" * 128
"""The chroma of a macroblock of the timecode, which is grey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A card, and the frame from which it is shown."""

    start: int
    card: Array
    """``(height, width, 3)`` uint8 RGB; both sides even."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """The frames of a film."""

    scenes: Sequence[Scene]
    """At least one; the first starts at 0."""

    frames: int
    clock: Clock
    counts_from: int = 0
    """The number that the timecode of the first frame stands for."""

    rate: Fraction = Fraction(FPS)

    def timecode(self, index: int) -> str:
        return self.clock.read(self.counts_from + index, max(1, round(self.rate)))


def frame_of(card: Array) -> av.VideoFrame:
    """Return an RGB card as a BT.709 frame."""
    frame = av.VideoFrame.from_ndarray(card, format="rgb24")
    return frame.reformat(format="yuv420p", dst_colorspace="ITU709", interpolation="BICUBIC")


def add_stream(container: OutputContainer, size: tuple[int, int], rate: Fraction) -> VideoStream:
    """Add an H.264 stream with the settings of all films of cards."""
    stream = container.add_stream("libx264", rate=rate)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    codec = stream.codec_context
    codec.thread_count = 1
    codec.options = _OPTIONS
    codec.gop_size = _keyframe_every(rate)
    codec.time_base = 1 / rate
    codec.color_primaries = codec.color_trc = codec.colorspace = _BT709
    codec.color_range = _LIMITED_RANGE
    codec.open(strict=False)
    return stream


def write(
    reel: Reel,
    path: Path,
    label: Label,
    *,
    progress: Callable[[float], None],
    more: Callable[[OutputContainer], Callable[[], None]] | None = None,
) -> None:
    """
    Write a film.

    Args:
        progress: Called with the share that is done.

        more: Adds other streams to the file, and returns a function that writes them.

    Raises:
        OSError: The file could not be written (``av.FFmpegError`` is one for such causes).
    """
    height, width = reel.scenes[0].card.shape[:2]
    with open_mp4(path, label) as container:
        stream = add_stream(container, (width, height), reel.rate)
        write_more = more(container) if more else None
        writer = _Writer(container, stream, reel)
        for index in range(reel.frames):
            if index % 24 == 0:
                progress(index / reel.frames)
            writer.write(index)
        for packet in stream.encode():
            container.mux(packet)
        if write_more:
            write_more()


class FrameFile:
    """A film of arbitrary frames, encoded like a film of cards, so that both can be joined."""

    def __init__(self, path: Path, size: tuple[int, int], label: Label) -> None:
        """Open it; raises ``OSError`` or ``av.FFmpegError`` if it cannot."""
        self._container = open_mp4(path, label)
        self._stream = add_stream(self._container, size, Fraction(FPS))
        self._frames = 0

    def write(self, frame: av.VideoFrame) -> None:
        frame.pts, frame.time_base = self._frames, Fraction(1, FPS)
        self._frames += 1
        for packet in self._stream.encode(frame):
            self._container.mux(packet)

    def finish(self) -> None:
        for packet in self._stream.encode():
            self._container.mux(packet)
        self.close()

    def close(self) -> None:
        self._container.close()


def _keyframe_every(rate: Fraction) -> int:
    return max(1, round(rate * _KEYFRAME_EVERY_S))


class _Writer:
    """Writes the frames of a reel in their order."""

    def __init__(self, container: OutputContainer, stream: VideoStream, reel: Reel) -> None:
        self._container, self._stream, self._reel = container, stream, reel
        self._parameters: Parameters = parameters_of(bytes(stream.codec_context.extradata or b""))
        self._every = _keyframe_every(reel.rate)
        self._starts = {scene.start: scene for scene in reel.scenes}
        self._frame: av.VideoFrame | None = None
        self._keyframe_at = 0
        self._shown = ""

    def write(self, index: int) -> None:
        timecode = self._reel.timecode(index)
        scene = self._starts.get(index)
        if scene is not None:
            self._frame = frame_of(scene.card)
        if scene is not None or index - self._keyframe_at >= self._every:
            self._write_keyframe(index, timecode)
        else:
            self._write_repeat(index, timecode)
        self._shown = timecode

    def _write_keyframe(self, index: int, timecode: str) -> None:
        if self._frame is None:
            raise ValueError("no scene starts at the first frame")
        self._keyframe_at = index
        stamp(self._frame, self._reel.clock, timecode)
        self._frame.pts, self._frame.time_base = index, 1 / self._reel.rate
        self._frame.pict_type = PictureType.I
        for packet in self._stream.encode(self._frame):
            self._container.mux(packet)

    def _write_repeat(self, index: int, timecode: str) -> None:
        number = index - self._keyframe_at
        packet = av.Packet(repeated(self._parameters, number, self._changed(timecode)))
        packet.stream = self._stream
        packet.time_base = 1 / self._reel.rate
        packet.pts = packet.dts = index
        packet.duration = 1
        self._container.mux(packet)

    def _changed(self, timecode: str) -> list[tuple[int, bytes]]:
        """Return the macroblocks of the characters that have changed."""
        clock, px = self._reel.clock, MACROBLOCK_PX
        found: list[tuple[int, bytes]] = []
        for place, (old, new) in enumerate(zip(self._shown, timecode, strict=True)):
            if old == new:
                continue
            drawn = glyph(new, clock.wide, clock.tall)
            for order, (column, row) in enumerate(clock.macroblocks(place)):
                down, across = divmod(order, clock.wide)
                samples = drawn[down * px : (down + 1) * px, across * px : (across + 1) * px]
                position = row * self._parameters.columns + column
                found.append((position, samples.tobytes() + _CHROMA))
        return sorted(found)
