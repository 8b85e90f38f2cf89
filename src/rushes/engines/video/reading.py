# av types its packets in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
"""Read uploaded videos safely, frame by frame, with their sound."""

import errno
from collections.abc import Iterator
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
from rushes.engines.video.footage import plain, upright

FORMATS: Final = {".mp4": "mov", ".mov": "mov", ".webm": "matroska", ".mkv": "matroska"}
"""The demuxer for each suffix. A file's content must not choose it: it may be a playlist."""

COPIED_SOUND: Final = frozenset({"aac", "mp3", "opus"})
"""Sound that players play in an MP4; other sound is encoded again."""

OUR_TROUBLES: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOMEM})
"""Errors of this machine, not of the video."""

LARGEST_PX: Final = 4096 * 4096
SOUND_BIT_RATE: Final = 160_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """The properties of a video."""

    width_px: int
    """Upright, as it is shown."""

    height_px: int
    duration_s: float
    rate: Fraction
    has_sound: bool


def opened(path: Path) -> InputContainer:
    """
    Open a video for reading. No other file or URL is ever opened.

    Raises:
        InputUnusable: The file is not a readable video.
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
    """Return the properties of a video; decodes its first frame. Raises InputUnusable."""
    with opened(path) as container:
        stream = container.streams.video[0]
        first = next(frames_and_sound(container, stream, stream), None)
        if not isinstance(first, av.VideoFrame):
            raise InputUnusable("no frame of the video can be decoded; send another MP4")
        return Reel(
            width_px=first.width,
            height_px=first.height,
            duration_s=duration_s(container, stream),
            rate=stream.average_rate or Fraction(FPS),
            has_sound=bool(container.streams.audio),
        )


def frames_and_sound(
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


def duration_s(container: InputContainer, stream: VideoStream) -> float:
    """Return the duration that a video's file states, in seconds."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / av.time_base


class SoundCopier:
    """Copies packets of sound from one file to another."""

    def __init__(self, container: OutputContainer, source: AudioStream) -> None:
        self._container = container
        self._stream = container.add_stream_from_template(source)

    def add(self, packet: "Packet[AudioStream]") -> None:
        packet.stream = self._stream
        self._container.mux(packet)

    def finish(self) -> None:
        """Do nothing: no packet is buffered."""


class SoundEncoder:
    """Encodes the sound of a file as AAC into another."""

    def __init__(self, container: OutputContainer, source: AudioStream) -> None:
        self._container = container
        rate = source.rate if source.rate in {32_000, 44_100, 48_000} else 48_000
        self._stream = container.add_stream("aac", rate=rate)
        self._stream.layout = "stereo" if source.channels > 1 else "mono"
        self._stream.bit_rate = SOUND_BIT_RATE
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
    """Return a copier or an encoder for the sound of a file."""
    if source.codec_context.name.removesuffix("float") in COPIED_SOUND:
        return SoundCopier(container, source)
    return SoundEncoder(container, source)
