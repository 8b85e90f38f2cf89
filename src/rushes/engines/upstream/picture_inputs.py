"""Pass a job's pictures to an upstream, and choose the frame size that suits them."""

from base64 import b64encode
from pathlib import Path
from typing import Final, Literal

from rushes.core.capabilities import Capabilities
from rushes.core.errors import InputUnusable
from rushes.core.geometry import DEFAULT_RATIO, DEFAULT_RESOLUTION, RATIOS, frame_size
from rushes.engines.base import Job
from rushes.engines.upstream.base import SubmitOrder
from rushes.engines.upstream.request_body import BodyPart

Pictures = Literal["url", "data", "upload"]
"""The way to pass pictures: by a URL of this server, as base64 text, or as a file in a form."""

PNG: Final = "image/png"
_GONE: Final = "a prepared file is gone"
_PNG_BEGINS: Final = b"\x89PNG\r\n\x1a\n"


def frame_px(job: Job, can: Capabilities) -> tuple[int, int]:
    """
    Return the width and height of a job's frame.

    Without a requested ratio, the upstream's ratio nearest to the first picture's is used. Raises
    InputUnusable when that picture is not there.
    """
    spec = job.spec
    if spec.size_px is not None:
        return spec.size_px
    return frame_size(ratio_of(job, can), spec.resolution or DEFAULT_RESOLUTION)


def ratio_of(job: Job, can: Capabilities) -> str:
    """Return the aspect ratio of a job's frame, chosen as in :func:`frame_px`."""
    if job.spec.aspect_ratio is not None:
        return job.spec.aspect_ratio
    picture = job.first_image or job.last_image
    if picture is None:
        return DEFAULT_RATIO if DEFAULT_RATIO in can.ratios else can.ratios[0]
    width, height = _size_of(picture)
    shape = width / height
    return min(can.ratios, key=lambda name: _factor(shape, RATIOS[name][0] / RATIOS[name][1]))


def _factor(one: float, other: float) -> float:
    return max(one, other) / min(one, other)


def _size_of(picture: Path) -> tuple[int, int]:
    """Return the size of one of our PNG files."""
    try:
        with picture.open("rb") as file:
            head = file.read(24)
    except OSError:
        raise InputUnusable(_GONE) from None
    width, height = int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    if not head.startswith(_PNG_BEGINS) or not width or not height:
        raise InputUnusable("the prepared picture is not a PNG")
    return width, height


def address_of(picture: Path, order: SubmitOrder, *, pictures: Pictures) -> str:
    """Return our URL of a picture where *pictures* asks for it, else a data URI."""
    url = order.urls.get(picture)
    return url if pictures == "url" and url is not None else data_uri(picture)


def data_uri(picture: Path) -> str:
    """Return one of our PNG files as a data URI."""
    return f"data:{PNG};base64,{base64_of(picture)}"


def base64_of(picture: Path) -> str:
    """Return a file in base64."""
    return b64encode(bytes_of(picture)).decode()


def part_of(picture: Path, name: str) -> BodyPart:
    """Return one of our PNG files as a part of a form with this file name."""
    return BodyPart(name=name, content=bytes_of(picture), media_type=PNG)


def bytes_of(picture: Path) -> bytes:
    """Read a file. Raises InputUnusable when it is not there."""
    try:
        return picture.read_bytes()
    except OSError:
        raise InputUnusable(_GONE) from None
