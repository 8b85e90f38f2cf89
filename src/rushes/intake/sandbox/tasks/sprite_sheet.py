# av types its packets in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
"""
Make a sprite sheet of one video: ``sprite_sheet VIDEO SHEET LAYOUT``.

Writes a JPEG to SHEET and answers with the number of its frames.
"""

from collections.abc import Iterator
from typing import Any, Final

import av
from PIL import Image

from .process import save

BROKEN: Final = "it cannot be read"
TOO_LARGE: Final = "it needs too much memory"


def run(video: str, sheet: str, *, limits: dict[str, Any]) -> dict[str, Any]:
    """Write the sheet and return the number of its frames."""
    wanted = choose_frames(count_frames(video), limits["most"])
    columns = min(limits["columns"], len(wanted))
    canvas: Image.Image | None = None
    width = height = 0
    for place, picture in enumerate(pictures(video, wanted, limits["longest_px"])):
        if canvas is None:
            width, height = picture.size
            rows = -(-len(wanted) // columns)
            canvas = Image.new("RGB", (columns * width, rows * height))
        canvas.paste(picture, (place % columns * width, place // columns * height))
    if canvas is None:
        raise ValueError("there is no frame")
    save(canvas, sheet, "JPEG", quality=85, optimize=True)
    return {"frames": len(wanted)}


def count_frames(video: str) -> int:
    """Return the number of frames, by counting packets."""
    with open_video(video) as container:
        return sum(1 for packet in container.demux(video=0) if packet.pts is not None)


def choose_frames(count: int, most: int) -> list[int]:
    """Return the indices of the frames to show, evenly from the first to the last."""
    shown = min(count, most)
    return [round(place * (count - 1) / max(1, shown - 1)) for place in range(shown)]


def pictures(video: str, wanted: list[int], longest_px: int) -> Iterator[Image.Image]:
    """Yield the wanted frames in the colours of the video, reduced to *longest_px*."""
    left = set(wanted)
    with open_video(video) as container:
        container.streams.video[0].codec_context.thread_count = 1
        for index, frame in enumerate(container.decode(video=0)):
            if index not in left:
                continue
            scale = min(1.0, longest_px / max(frame.width, frame.height))
            size = (max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
            yield frame.to_image(
                width=size[0],
                height=size[1],
                src_colorspace=frame.colorspace if frame.colorspace in {1, 5, 9} else 1,
                dst_colorspace=1,
                interpolation="AREA",
            )


def open_video(video: str) -> Any:
    return av.open(video, format="mov", options={"protocol_whitelist": "file"})
