# av types its packets in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
"""
The process in which one video of a stranger is looked at; run by path, it imports nothing of ours.

Usage: ``python -I probe_video.py SOURCE FRAME LIMITS``. Writes the frame that LIMITS call ``at``,
``first``, ``middle`` or ``last``, to FRAME unless that is empty, as a PNG, or as a JPEG of their
``jpeg_quality`` unless that is null; and one JSON object to its output. Exit codes: 0 it has
answered, anything else it could not.
"""

import ctypes
import json
import resource
import sys
from contextlib import suppress
from typing import Any, Final

import av
import numpy as np

BEGINNINGS: Final = (
    (slice(4, 8), b"ftyp", "mov"),
    (slice(0, 4), b"\x1aE\xdf\xa3", "matroska"),
)
"""How a file says what it is; nothing else is tried, least of all a list of other files."""

CODECS: Final = frozenset({"h264", "hevc", "vp9", "libvpx-vp9", "av1", "libdav1d", "mpeg4"})
READABLE: Final = "MP4, MOV or WebM with H.264, HEVC, VP9 or AV1 video"
LARGEST_FRAMES: Final = 20_000


class Unusable(Exception):
    """It may be a video, but none for us."""


def confine(limits: dict[str, Any]) -> None:
    """Give up what a reader does not need, before the first byte of the video is read."""
    seconds, memory = limits["cpu_s"], limits["memory_bytes"]
    for what, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_FSIZE, 64 << 20, 64 << 20),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with suppress(ValueError, OSError):  # not every system knows each of them
            resource.setrlimit(what, (soft, hard))
    with suppress(OSError, AttributeError):  # Linux only
        prctl = ctypes.CDLL(None).prctl
        prctl(1, 9)  # PR_SET_PDEATHSIG: end with the parent
        prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS


def look(source: str, frame_file: str, limits: dict[str, Any]) -> dict[str, Any]:
    with open(source, "rb") as file:  # noqa: PTH123  # nothing but what is needed
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
        seen = {"first": first, "middle": middle, "last": last}[limits["at"]]
        width, height, turned = seen(container, stream, frame_file, limits)
    with av.open(source, format=format_, options=options) as container:
        length_s = length(container, container.streams.video[0], limits)
    if turned:
        width, height = height, width
    return {"width_px": width, "height_px": height, "duration_s": length_s}


def first(
    container: Any, stream: Any, frame_file: str, limits: dict[str, Any]
) -> tuple[int, int, bool]:
    """Decode the first frame; return its size as it is stored, and whether it lies on its side."""
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
    """Decode up to the middle and return the same of the frame there."""
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
    """Decode the last seconds and return the same of the last frame."""
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
    from PIL import Image  # noqa: PLC0415  # a check needs none

    space = frame.colorspace if frame.colorspace in {1, 5, 9} else 1 if frame.height >= 720 else 5
    picture = frame.to_ndarray(
        format="rgb24", src_colorspace=space, dst_colorspace=1, interpolation="BICUBIC"
    )
    upright = np.ascontiguousarray(np.rot90(picture, quarters))
    if limits["jpeg_quality"] is None:
        Image.fromarray(upright).save(frame_file, "PNG", compress_level=1)
    else:
        Image.fromarray(upright).save(frame_file, "JPEG", quality=limits["jpeg_quality"])


def length(container: Any, stream: Any, limits: dict[str, Any]) -> float:
    """Return the seconds that the packets say; headers may say anything."""
    base, count = float(stream.time_base), 0
    starts: list[float] = []
    ends: list[float] = []
    for packet in container.demux(stream):
        if packet.pts is None:
            continue
        count += 1
        if count > LARGEST_FRAMES:
            raise Unusable(f"the video has more than {LARGEST_FRAMES} frames; send a shorter one")
        starts.append(packet.pts * base)
        ends.append((packet.pts + (packet.duration or 0)) * base)
    if not starts:
        raise Unusable("no frame of the video can be found; send another one")
    length_s: float = max(ends) - min(starts)
    if length_s > limits["duration_s"] + 0.5:
        most = f"{limits['duration_s']:g} s"
        raise Unusable(f"the video is {length_s:.1f} s long; send one of at most {most}")
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


def answer(source: str, frame_file: str, limits: dict[str, Any]) -> dict[str, Any]:
    try:
        return look(source, frame_file, limits)
    except Unusable as error:
        return {"unusable": str(error)}
    except MemoryError:
        return {"unusable": "the video needs too much memory; send a smaller one"}
    except Exception:  # noqa: BLE001  # a border: what a hostile file makes a reader raise is anything
        return {"unusable": f"the video is broken or cut short; send another {READABLE}"}


def main() -> None:
    source, frame_file, limits = sys.argv[1:]
    confine(json.loads(limits))
    print(json.dumps(answer(source, frame_file, json.loads(limits))))  # noqa: T201  # its answer


if __name__ == "__main__":
    main()
