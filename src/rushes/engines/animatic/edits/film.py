# av types its packets in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
"""A video that is there, frame by frame through a drawing, into another; its sound goes along."""

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from rushes.core.errors import InputUnusable
from rushes.core.geometry import FPS
from rushes.engines.animatic.encoder import blank_frame, open_mp4, planes_of, rgb_of, set_up
from rushes.engines.animatic.footage import keep_time, plain, upright
from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.pipeline import Output
from rushes.engines.animatic.watch import Watch

Draw = Callable[[av.VideoFrame], av.VideoFrame]
"""Makes a frame of the new video from an upright BT.709 frame of the old; the old one is kept."""

FORMATS: Final = {".mp4": "mov", ".mov": "mov", ".webm": "matroska", ".mkv": "matroska"}
"""How a file is read, by its suffix: never by what it claims to be, which may be a playlist."""

COPIED_SOUND: Final = frozenset({"aac", "mp3", "opus"})
"""What an MP4 may hold and players play; other sound is encoded anew."""

OUR_TROUBLES: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOMEM})
"""What is wrong with this machine rather than with the video."""

LARGEST_PX: Final = 4096 * 4096
AAC_BIT_RATE: Final = 160_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """What is known of a video before it is played."""

    width_px: int
    """Upright, as it is shown."""

    height_px: int
    duration_s: float
    rate: Fraction
    has_sound: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Developed:
    """What came of a video: how long it is, and pictures of it as uint8 RGB."""

    duration_s: float
    middle: Array
    last: Array


def opened(path: Path) -> InputContainer:
    """
    Open a video for reading; nothing beside the file itself is ever read.

    Raises:
        InputUnusable: It is no video that we read.
    """
    try:
        container = av.open(
            str(path),
            format=FORMATS.get(path.suffix, "mov"),
            options={"protocol_whitelist": "file", "enable_drefs": "0"},
        )
    except (FFmpegError, OSError) as error:
        raise InputUnusable("the video is broken or cut short; send another MP4") from error
    if not container.streams.video:
        container.close()
        raise InputUnusable("there is no picture in this file; send an MP4 with H.264 video")
    return container


def look_at(path: Path) -> Reel:
    """Return what is known of a video; its first frame is decoded. Raises InputUnusable."""
    with opened(path) as container:
        stream = container.streams.video[0]
        first = next(_frames(container, stream, stream), None)
        if not isinstance(first, av.VideoFrame):
            raise InputUnusable("no frame of the video can be decoded; send another MP4")
        return Reel(
            width_px=first.width,
            height_px=first.height,
            duration_s=_duration_s(container, stream),
            rate=stream.average_rate or Fraction(FPS),
            has_sound=bool(container.streams.audio),
        )


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
            for item in _frames(container, printing.picture, *printing.streams):
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
        self._length_s = _duration_s(container, self.picture)
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
        self._container = open_mp4(output.path, made=lab.made)
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


class SoundCopier:
    """Packets of sound, from one file to another as they are."""

    def __init__(self, container: OutputContainer, source: AudioStream) -> None:
        self._container = container
        self._stream = container.add_stream_from_template(source)

    def add(self, packet: "Packet[AudioStream]") -> None:
        packet.stream = self._stream
        self._container.mux(packet)

    def finish(self) -> None:
        """Hold nothing back."""


class SoundEncoder:
    """Packets of sound, decoded and encoded as AAC."""

    def __init__(self, container: OutputContainer, source: AudioStream) -> None:
        self._container = container
        rate = source.rate if source.rate in {32_000, 44_100, 48_000} else 48_000
        self._stream = container.add_stream("aac", rate=rate)
        self._stream.layout = "stereo" if source.channels > 1 else "mono"
        self._stream.bit_rate = AAC_BIT_RATE
        layout = "stereo" if source.channels > 1 else "mono"
        self._turned = AudioResampler(format="fltp", layout=layout, rate=rate)

    def add(self, packet: "Packet[AudioStream]") -> None:
        for frame in packet.decode():
            for turned in self._turned.resample(frame):
                self._container.mux(self._stream.encode(turned))

    def finish(self) -> None:
        for turned in self._turned.resample(None):
            self._container.mux(self._stream.encode(turned))
        self._container.mux(self._stream.encode())


def sound_copier(container: OutputContainer, source: AudioStream) -> SoundCopier | SoundEncoder:
    """Return what brings the sound of a file into another one."""
    if source.codec_context.name.removesuffix("float") in COPIED_SOUND:
        return SoundCopier(container, source)
    return SoundEncoder(container, source)


def _frames(
    container: InputContainer, picture: VideoStream, *streams: Stream
) -> Iterator["av.VideoFrame | Packet[AudioStream]"]:
    """Yield upright BT.709 frames, and the packets of sound between them, in their order."""
    picture.codec_context.options = {"max_pixels": str(LARGEST_PX)}
    for packet in container.demux(*streams):
        if packet.stream.index != picture.index:
            if packet.dts is not None:  # the last packet is empty
                yield packet  # type: ignore[misc]  # av types packets by what was demuxed, not chosen
            continue
        for frame in packet.decode():
            if isinstance(frame, av.VideoFrame):
                yield upright(plain(frame))


def _copy_of(frame: av.VideoFrame) -> av.VideoFrame:
    copy = blank_frame(frame.width, frame.height)
    for old, new in zip(planes_of(frame), planes_of(copy), strict=True):
        new[:] = old
    return keep_time(copy, frame)


def _duration_s(container: InputContainer, stream: VideoStream) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / av.time_base
