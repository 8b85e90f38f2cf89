"""How a job's pictures are handed to an upstream, and the frame that they ask for; reads files."""

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
"""Whether an upstream is given an address of ours, the bytes as text, or a file in a form."""

PNG: Final = "image/png"
_GONE: Final = "a file that was made ready is gone"
_PNG_BEGINS: Final = b"\x89PNG\r\n\x1a\n"


def frame_px(job: Job, can: Capabilities) -> tuple[int, int]:
    """
    Return the width and height that a job asks for.

    Where no ratio was asked for it is the one nearest to the first picture's, of those that the
    upstream makes. Raises InputUnusable: that picture is not there.
    """
    spec = job.spec
    if spec.size_px is not None:
        return spec.size_px
    return frame_size(ratio_of(job, can), spec.resolution or DEFAULT_RESOLUTION)


def ratio_of(job: Job, can: Capabilities) -> str:
    """Return the aspect ratio of the same."""
    if job.spec.aspect_ratio is not None:
        return job.spec.aspect_ratio
    picture = job.first_image or job.last_image
    if picture is None:
        return DEFAULT_RATIO if DEFAULT_RATIO in can.ratios else can.ratios[0]
    width, height = _size_of(picture)
    asked = width / height
    return min(can.ratios, key=lambda name: _factor(asked, RATIOS[name][0] / RATIOS[name][1]))


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
        raise InputUnusable("the picture that was made ready is no PNG")
    return width, height


def address_of(picture: Path, order: SubmitOrder, *, pictures: Pictures) -> str:
    """Return where the upstream finds a picture: our address for it, else the picture itself."""
    url = order.urls.get(picture)
    return url if pictures == "url" and url is not None else data_uri(picture)


def data_uri(picture: Path) -> str:
    """Return one of our PNG files as a data URI."""
    return f"data:{PNG};base64,{base64_of(picture)}"


def base64_of(picture: Path) -> str:
    """Return a file in base64."""
    return b64encode(bytes_of(picture)).decode()


def part_of(picture: Path, name: str) -> BodyPart:
    """Return one of our PNG files as a part of a form, under this file name."""
    return BodyPart(name=name, content=bytes_of(picture), media_type=PNG)


def bytes_of(picture: Path) -> bytes:
    """Return a file. Raises InputUnusable: it is not there."""
    try:
        return picture.read_bytes()
    except OSError:
        raise InputUnusable(_GONE) from None
