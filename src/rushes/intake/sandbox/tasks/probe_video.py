# av types its packets in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
"""
Measure one video and take one frame of it: ``probe_video SOURCE FRAME LIMITS``.

Writes the frame that LIMITS call ``at``, ``first``, ``middle`` or ``last``, to FRAME unless that is
empty: as a PNG, or as a JPEG of their ``jpeg_quality`` unless that is null. Answers with the size
and the duration of the video.
"""

from typing import Any, Final

import av

from . import process
from .process import Unusable

BEGINNINGS: Final = (
    (slice(4, 8), b"ftyp", "mov"),
    (slice(0, 4), b"\x1aE\xdf\xa3", "matroska"),
)
"""The supported formats by their first bytes; playlists, which name other files, are not."""

CODECS: Final = frozenset({"h264", "hevc", "vp9", "libvpx-vp9", "av1", "libdav1d", "mpeg4"})
READABLE: Final = "MP4, MOV or WebM with H.264, HEVC, VP9 or AV1 video"
MAX_FRAMES: Final = 20_000

BROKEN: Final = f"the video is broken or cut short; send another {READABLE}"
TOO_LARGE: Final = "the video needs too much memory; send a smaller one"


def run(source: str, frame_file: str, *, limits: dict[str, Any]) -> dict[str, Any]:
    """Measure *source* and write a frame of it to *frame_file*."""
    with open(source, "rb") as file:  # noqa: PTH123  # pathlib is not needed here
        head = file.read(16)
    format_ = next((name for part, magic, name in BEGINNINGS if head[part] == magic), None)
    if format_ is None:
        raise Unusable(f"this is no video that we read; send an {READABLE}")
    options = {"protocol_whitelist": "file"}
    with av.open(source, format=format_, options=options) as container:
        if not container.streams.video:
            raise Unusable("there is no picture in this file; send a video")
        stream = container.streams.video[0]
        codec = stream.codec_context
        if codec.name not in CODECS:
            raise Unusable(f"its pictures are {codec.name}; send an {READABLE}")
        codec.thread_count = 1
        refuse_size(codec.width, codec.height, limits)
        take = {"first": first, "middle": middle, "last": last}[limits["at"]]
        width, height, is_turned = take(container, stream, frame_file, limits)
    with av.open(source, format=format_, options=options) as container:
        length_s = length(container, container.streams.video[0], limits)
    if is_turned:
        width, height = height, width
    return {"width_px": width, "height_px": height, "duration_s": length_s}


def first(
    container: Any, stream: Any, frame_file: str, limits: dict[str, Any]
) -> tuple[int, int, bool]:
    """Decode the first frame; return its stored size and whether it is turned by 90 degrees."""
    for frame in container.decode(stream):
        refuse_size(frame.width, frame.height, limits)
        quarters = round(frame.rotation / 90) % 4
        if frame_file:
            save(frame, quarters, frame_file, limits)
        return frame.width, frame.height, bool(quarters % 2)
    raise Unusable("no frame of the video can be decoded; send another one")


def middle(
    container: Any, stream: Any, frame_file: str, limits: dict[str, Any]
) -> tuple[int, int, bool]:
    """Decode the frame in the middle; return its stored size and whether it is turned."""
    half = (stream.start_time or 0) + (stream.duration or 0) // 2
    container.seek(half, stream=stream)
    found = None
    for frame in container.decode(stream):
        refuse_size(frame.width, frame.height, limits)
        found = frame
        if frame.pts is None or frame.pts >= half:
            break
    if found is None:
        raise Unusable("no frame of the video can be decoded; send another one")
    quarters = round(found.rotation / 90) % 4
    save(found, quarters, frame_file, limits)
    return found.width, found.height, bool(quarters % 2)


def last(
    container: Any, stream: Any, frame_file: str, limits: dict[str, Any]
) -> tuple[int, int, bool]:
    """Decode the last frame; return its stored size and whether it is turned."""
    container.seek(max(0, (stream.duration or 0) - 1), stream=stream)
    final = None
    for frame in container.decode(stream):
        refuse_size(frame.width, frame.height, limits)
        final = frame
    if final is None:
        raise Unusable("no frame of the video can be decoded; send another one")
    quarters = round(final.rotation / 90) % 4
    save(final, quarters, frame_file, limits)
    return final.width, final.height, bool(quarters % 2)


def save(frame: Any, quarters: int, frame_file: str, limits: dict[str, Any]) -> None:
    from PIL import Image  # noqa: PLC0415  # a check needs no picture

    space = frame.colorspace if frame.colorspace in {1, 5, 9} else 1 if frame.height >= 720 else 5
    picture: Image.Image = frame.to_image(
        src_colorspace=space, dst_colorspace=1, interpolation="BICUBIC"
    )
    if quarters:
        turns = (
            Image.Transpose.ROTATE_90,
            Image.Transpose.ROTATE_180,
            Image.Transpose.ROTATE_270,
        )
        picture = picture.transpose(turns[quarters - 1])
    if limits["jpeg_quality"] is None:
        process.save(picture, frame_file, "PNG", compress_level=1)
    else:
        process.save(picture, frame_file, "JPEG", quality=limits["jpeg_quality"])


def length(container: Any, stream: Any, limits: dict[str, Any]) -> float:
    """Return the duration in seconds, from the packets: a header can lie."""
    base, count = float(stream.time_base), 0
    starts: list[float] = []
    ends: list[float] = []
    for packet in container.demux(stream):
        if packet.pts is None:
            continue
        count += 1
        if count > MAX_FRAMES:
            raise Unusable(f"the video has more than {MAX_FRAMES} frames; send a shorter one")
        starts.append(packet.pts * base)
        ends.append((packet.pts + (packet.duration or 0)) * base)
    if not starts:
        raise Unusable("no frame of the video can be found; send another one")
    length_s: float = max(ends) - min(starts)
    if length_s > limits["duration_s"] + 0.5:
        limit = f"{limits['duration_s']:g} s"
        raise Unusable(f"the video is {length_s:.1f} s long; send one of at most {limit}")
    if count > max(1.0, length_s) * limits["frames_per_s"]:
        raise Unusable(f"the video has more than {limits['frames_per_s']:g} frames a second")
    return length_s


def refuse_size(width: int, height: int, limits: dict[str, Any]) -> None:
    longer, shorter = max(width, height), min(width, height)
    if longer > limits["longest_px"]:
        right = f"at most {limits['longest_px']} on a side"
    elif shorter < limits["shortest_px"]:
        right = f"each side must be at least {limits['shortest_px']}"
    else:
        return
    raise Unusable(f"the video is {width}x{height} pixels; {right}")
