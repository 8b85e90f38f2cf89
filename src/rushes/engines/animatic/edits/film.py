# av types its packets in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
"""A video that is there, frame by frame through a drawing, into another; its sound goes along."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from rushes.core.errors import InputUnusable
from rushes.core.geometry import FPS
from rushes.engines.animatic.mark import label
from rushes.engines.animatic.pipeline import Output
from rushes.engines.video.encoder import set_up
from rushes.engines.video.footage import keep_time
from rushes.engines.video.frames import Array, blank_frame, planes_of, rgb_of
from rushes.engines.video.mp4 import open_mp4
from rushes.engines.video.reading import (
    OUR_TROUBLES,
    duration_s,
    frames_and_sound,
    opened,
    sound_copier,
)
from rushes.engines.video.watch import Watch

Draw = Callable[[av.VideoFrame], av.VideoFrame]
"""Makes a frame of the new video from an upright BT.709 frame of the old; the old one is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Developed:
    """What came of a video: how long it is, and pictures of it as uint8 RGB."""

    duration_s: float
    middle: Array
    last: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """What a video is drawn anew with."""

    outputs: Sequence[Output]
    """A mark stays on the frame, so outputs that carry one come last."""

    made: str
    """How it was made, as a sentence; kept in the files."""

    threads: int
    watch: Watch


def develop(source: Path, draw: Draw, lab: Lab) -> Developed:
    """
    Draw each frame of *source* anew, into every output; sound is copied where it can be.

    Raises:
        InputUnusable: It cannot be decoded.

        OSError: A file could not be written.

        Stopped: The watch says so; the files are of no use then.
    """
    with ExitStack() as stack:
        container = stack.enter_context(opened(source))
        printing = _Printing(container, draw, lab, stack)
        try:
            for item in frames_and_sound(container, printing.picture, *printing.streams):
                printing.take(item)
        except FFmpegError as error:
            if error.errno in OUR_TROUBLES:
                raise
            raise InputUnusable(
                "the video is broken or cut short; send one that plays to its end"
            ) from error
        return printing.finish()


class _Printing:
    """One pass over a video; opens the new files when it has seen how large they are."""

    def __init__(self, container: InputContainer, draw: Draw, lab: Lab, stack: ExitStack) -> None:
        self.picture = container.streams.video[0]
        self.picture.thread_type = "AUTO"
        self._sound = container.streams.audio[0] if container.streams.audio else None
        self.streams: tuple[Stream, ...] = (
            (self.picture, self._sound) if self._sound else (self.picture,)
        )
        self._length_s = duration_s(container, self.picture)
        self._draw, self._lab, self._stack = draw, lab, stack
        self._copies: list[_Copy] = []
        self._early: list[Packet[AudioStream]] = []
        self._newest: av.VideoFrame | None = None
        self._middle: Array | None = None
        self._end_s = 0.0

    def take(self, item: "av.VideoFrame | Packet[AudioStream]") -> None:
        if not isinstance(item, av.VideoFrame):
            if self._copies:
                self._add_sound(item)
            else:
                self._early.append(item)
            return
        at_s = item.time or 0.0
        share = at_s / self._length_s if self._length_s else 0.0
        self._lab.watch.progress(min(share, 0.99))
        drawn = self._draw(item)
        drawn.pts, drawn.time_base = item.pts, item.time_base
        self._open(drawn)
        if self._middle is None and share >= 0.4:
            self._middle = rgb_of(drawn)
        self._newest = drawn
        self._end_s = max(self._end_s, at_s)
        kept = _copy_of(drawn) if any(o.mark for o in self._lab.outputs) else drawn
        for copy, output in zip(self._copies, self._lab.outputs, strict=True):
            if output.mark is not None:
                output.mark.draw(planes_of(kept))
            copy.add(kept)

    def finish(self) -> Developed:
        if self._newest is None:
            raise InputUnusable("no frame of the video can be decoded; send another MP4")
        for copy in self._copies:
            copy.finish()
        last = rgb_of(self._newest)
        rate = self.picture.average_rate or Fraction(FPS)
        return Developed(
            duration_s=self._end_s + float(1 / rate),
            middle=last if self._middle is None else self._middle,
            last=last,
        )

    def _open(self, frame: av.VideoFrame) -> None:
        if self._copies:
            return
        for output in self._lab.outputs:
            copy = _Copy(output, frame, self.picture, self._sound, self._lab)
            self._stack.callback(copy.close)
            self._copies.append(copy)
        for packet in self._early:
            self._add_sound(packet)
        self._early.clear()

    def _add_sound(self, packet: "Packet[AudioStream]") -> None:
        for copy in self._copies:
            copy.add_sound(packet)


class _Copy:
    """One new file."""

    def __init__(
        self,
        output: Output,
        frame: av.VideoFrame,
        picture: VideoStream,
        sound: AudioStream | None,
        lab: Lab,
    ) -> None:
        self._container = open_mp4(output.path, label(lab.made))
        rate = picture.average_rate or Fraction(FPS)
        self._on_grid = rate == FPS
        self._stream = self._container.add_stream("libx264", rate=rate)
        set_up(
            self._stream,
            (frame.width, frame.height),
            rate=rate,
            time_base=1 / rate if self._on_grid else Fraction(picture.time_base or 1 / rate),
            threads=lab.threads,
            crf=output.crf,
        )
        self._sound = sound_copier(self._container, sound) if sound else None
        self._last_pts = -(1 << 62)

    def add(self, frame: av.VideoFrame) -> None:
        """Encode a frame at its own time; of two at the same time, the first."""
        pts, time_base = frame.pts, frame.time_base
        if self._on_grid and pts is not None and time_base is not None:
            pts, time_base = round(pts * time_base * FPS), Fraction(1, FPS)
        if pts is None:
            pts = self._last_pts + 1 if self._last_pts >= 0 else 0
        if pts <= self._last_pts:
            return
        self._last_pts = pts
        was = frame.pts, frame.time_base
        frame.pts, frame.time_base = pts, time_base
        self._container.mux(self._stream.encode(frame))
        frame.pts, frame.time_base = was

    def add_sound(self, packet: "Packet[AudioStream]") -> None:
        if self._sound is not None:
            self._sound.add(packet)

    def finish(self) -> None:
        if self._sound is not None:
            self._sound.finish()
        self._container.mux(self._stream.encode())
        self._container.close()

    def close(self) -> None:
        self._container.close()


def _copy_of(frame: av.VideoFrame) -> av.VideoFrame:
    copy = blank_frame(frame.width, frame.height)
    for old, new in zip(planes_of(frame), planes_of(copy), strict=True):
        new[:] = old
    return keep_time(copy, frame)
