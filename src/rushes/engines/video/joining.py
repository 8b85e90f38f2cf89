"""Join a clip and its continuation: copy packets where both match, else encode again."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# PyAV leaves the parameters of its packets and streams untyped.

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import av
import cv2
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from rushes.core.geometry import FPS
from rushes.engines.video.footage import plain, upright
from rushes.engines.video.frames import Array, rgb_of
from rushes.engines.video.mp4 import Label, open_mp4
from rushes.engines.video.watch import Watch


class Mismatch(Exception):
    """The clips were encoded in different ways, so their packets cannot share a stream."""


def first_frame(path: Path) -> Array:
    """Return the first frame as ``(height, width, 3)`` uint8 RGB."""
    with av.open(str(path)) as container:
        return rgb_of(next(container.decode(video=0)))


def last_frame(path: Path) -> Array:
    """Return the last frame as ``(height, width, 3)`` uint8 RGB; decodes only the last seconds."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        container.seek(max(0, (stream.duration or 0) - 1), stream=stream)
        frames = container.decode(stream)
        last = next(frames)
        for frame in frames:
            last = frame
        return rgb_of(last)


def frame_count_of(path: Path) -> int:
    """Return how many frames a clip has, by counting its packets."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return sum(1 for packet in container.demux(stream) if packet.dts is not None)


class FrameWriter(Protocol):
    """A file that is being encoded, frame by frame."""

    def write(self, frame: av.VideoFrame) -> None:
        """Encode one frame."""
        ...


def join(clips: Sequence[Path], out: Path, label: Label) -> None:
    """
    Write the clips one after another by copying their packets.

    Raises:
        Mismatch: They differ in size, format, time base or encoder settings.
    """
    with open_mp4(out, label) as target:
        _copy_all(clips, target)


def _copy_all(clips: Sequence[Path], target: OutputContainer) -> None:
    stream: VideoStream | None = None
    settings: tuple[Any, ...] = ()
    base = 0
    for clip in clips:
        with av.open(str(clip)) as source:
            own = source.streams.video[0]
            if stream is None:
                stream, settings = target.add_stream_from_template(own), _settings(own)
            elif settings != _settings(own):
                raise Mismatch(f"{clip.name} was encoded differently")
            base = _copy(source, own, target, stream, base)


def _copy(
    source: InputContainer,
    own: VideoStream,
    target: OutputContainer,
    stream: VideoStream,
    base: int,
) -> int:
    """Copy one clip's packets, *base* ticks later, and return where the next one begins."""
    if own.time_base is None or own.average_rate is None:
        raise Mismatch("the clip has no frame rate")
    step = int(1 / (own.average_rate * own.time_base))
    end = base
    for packet in source.demux(own):
        if packet.dts is None or packet.pts is None:
            continue  # the empty packet that ends a stream
        packet.pts += base
        packet.dts += base
        end = max(end, packet.pts + step)
        packet.stream = stream
        target.mux(packet)
    return end


def _settings(stream: VideoStream) -> tuple[Any, ...]:
    """Return what must be equal in both clips, including the encoder's parameter sets."""
    codec = stream.codec_context
    return (
        codec.name,
        codec.width,
        codec.height,
        codec.pix_fmt,
        bytes(codec.extradata or b""),
        stream.time_base,
        stream.average_rate,
    )


def copy_encoded(clip: Path, file: FrameWriter, width: int, height: int, watch: Watch) -> None:
    """Encode a clip's frames into the file, at our frame rate, cropped to the requested size."""
    for frame in _at_our_rate(clip):
        watch.progress(0.0)
        picture = cover_centred(rgb_of(upright(plain(frame))), width, height)
        redone = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(
            format="yuv420p", src_colorspace="ITU709", dst_colorspace="ITU709"
        )
        file.write(redone)


def _at_our_rate(clip: Path) -> Iterator[av.VideoFrame]:
    """Yield each frame as often as it is shown at 24 frames per second."""
    with av.open(str(clip)) as container:
        shown = 0
        last: av.VideoFrame | None = None
        for frame in container.decode(video=0):
            time_s = float(frame.time or 0.0)
            while last is not None and shown < round(time_s * FPS):
                yield last
                shown += 1
            last = frame
        if last is not None:
            yield last


def cover_centred(picture: Array, width: int, height: int) -> Array:
    """Crop the picture around its middle to the frame's shape, without stretching it."""
    rows, columns = picture.shape[:2]
    if (columns, rows) == (width, height):
        return picture
    scale = max(width / columns, height / rows)
    wide, tall = round(width / scale), round(height / scale)
    left, top = (columns - wide) // 2, (rows - tall) // 2
    cropped = picture[top : top + tall, left : left + wide]
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(cropped, (width, height), interpolation=how)
