# av types its packets in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
"""
The process in which a sprite sheet is made; run by path, it imports nothing of ours.

Usage: ``python -I sprite_sheet.py VIDEO SHEET LAYOUT``. Writes a JPEG to SHEET and one JSON object
to its output. Exit codes: 0 it has answered, anything else it could not.
"""

import ctypes
import json
import resource
import sys
from contextlib import suppress
from typing import Any

import av
from PIL import Image


def confine(layout: dict[str, Any]) -> None:
    """Give up what is not needed, before the first byte of the video is read."""
    seconds, memory = layout["cpu_s"], layout["memory_bytes"]
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


def make(video: str, sheet: str, layout: dict[str, Any]) -> int:
    """Write the sheet and return how many frames it shows."""
    wanted = chosen(count_of(video), layout["most"])
    columns = min(layout["columns"], len(wanted))
    paper: Image.Image | None = None
    width = height = 0
    for place, picture in enumerate(pictures(video, wanted, layout["longest_px"])):
        if paper is None:
            width, height = picture.size
            rows = -(-len(wanted) // columns)
            paper = Image.new("RGB", (columns * width, rows * height))
        paper.paste(picture, (place % columns * width, place // columns * height))
    if paper is None:
        raise ValueError("there is no frame")
    paper.save(sheet, "JPEG", quality=85, optimize=True)
    return len(wanted)


def count_of(video: str) -> int:
    """Return how many frames there are, by counting packets."""
    with opened(video) as container:
        return sum(1 for packet in container.demux(video=0) if packet.pts is not None)


def chosen(count: int, most: int) -> list[int]:
    """Return the frames to show, evenly from the first to the last."""
    shown = min(count, most)
    return [round(place * (count - 1) / max(1, shown - 1)) for place in range(shown)]


def pictures(video: str, wanted: list[int], longest_px: int) -> Any:
    """Yield those frames, small, in the colours that the video was written in."""
    left = set(wanted)
    with opened(video) as container:
        container.streams.video[0].codec_context.thread_count = 1
        for index, frame in enumerate(container.decode(video=0)):
            if index not in left:
                continue
            scale = min(1.0, longest_px / max(frame.width, frame.height))
            size = (max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
            yield Image.fromarray(
                frame.to_ndarray(
                    width=size[0],
                    height=size[1],
                    format="rgb24",
                    src_colorspace=frame.colorspace if frame.colorspace in {1, 5, 9} else 1,
                    dst_colorspace=1,
                    interpolation="AREA",
                )
            )


def opened(video: str) -> Any:
    return av.open(video, format="mov", options={"protocol_whitelist": "file"})


def main() -> None:
    video, sheet, text = sys.argv[1:]
    layout = json.loads(text)
    confine(layout)
    try:
        answer: dict[str, Any] = {"frames": make(video, sheet, layout)}
    except Exception as error:  # noqa: BLE001  # a border: what a broken file makes a reader raise is anything
        answer = {"unusable": type(error).__name__}
    print(json.dumps(answer))  # noqa: T201  # its answer


if __name__ == "__main__":
    main()
