"""Create the result files of a mock upstream and serve them, in ranges, under links that expire."""

# av ships partial types.
# pyright: reportUnknownMemberType=false

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Final, cast

import av
import numpy as np
from av.error import FFmpegError
from PIL import Image
from starlette.datastructures import Headers

from rushes.mock_upstream.jobs import Job
from rushes.mock_upstream.messages import MockReply, MockRequest, Refused

WIDTH_PX: Final = 320
HEIGHT_PX: Final = 180
FPS: Final = 24
FRAMES: Final = 12
PATH: Final = "/mock-upstream/files/"

_TYPES: Final = {".mp4": "video/mp4", ".jpg": "image/jpeg", ".png": "image/png"}
_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")
_EXPIRED: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFiles:
    """The files by name; every job delivers the same."""

    files: Mapping[str, bytes]

    @classmethod
    def made(cls, video: bytes | None = None, still: bytes | None = None) -> "ResultFiles":
        """Generate a clip of half a second and frames of it, unless files are given."""
        files = dict(_made())
        if video is not None:
            files |= _of_film(video)
        if still is not None:
            files |= dict.fromkeys(("image.jpg", "image.png"), still)
        return cls(files=files)

    def reply(self, name: str) -> MockReply:
        """
        Return a complete file.

        Raises:
            Refused: There is no file of this name.
        """
        if name not in self.files:
            raise Refused(404, "not_found", "there is no such file")
        suffix = name[name.rindex(".") :]
        return MockReply(self.files[name], media_type=_TYPES[suffix])


def link(job: Job, name: str, *, host: str | None, until: float) -> str:
    """Return the link to a file of a job; *host* replaces the host of the request."""
    scheme, _, place = job.origin.partition("://")
    if host is not None:
        _, colon, port = place.rpartition(":")
        place = f"{host}{colon}{port}" if colon else host
    return f"{scheme}://{place}{PATH}{job.id}/{name}?expires={until:.3f}"


def linked(files: ResultFiles, request: MockRequest, now: float) -> MockReply:
    """Return the file of a link, or the reply of a file store to an expired link."""
    if float(request.query.get("expires", "0")) < now:
        return MockReply(_EXPIRED, status=403, media_type="application/xml")
    return files.reply(request.values["name"])


def other(reply: MockReply) -> MockReply:
    """Return a different file of the same length."""
    data = cast("bytes", reply.body)
    return MockReply(bytes(255 - one for one in data), media_type=reply.media_type)


def requested_part(reply: MockReply, headers: Headers) -> MockReply:
    """Return the requested range of a file; the complete file if it has changed since."""
    data = cast("bytes", reply.body)
    tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
    headers_sent = {"etag": tag, "accept-ranges": "bytes"}
    found = _RANGE.fullmatch(headers.get("range", ""))
    if found is None or headers.get("if-range", tag) != tag or not (found[1] or found[2]):
        return MockReply(data, media_type=reply.media_type, headers=headers_sent)
    size = len(data)
    first = int(found[1]) if found[1] else max(0, size - int(found[2]))
    last = min(size - 1, int(found[2])) if found[1] and found[2] else size - 1
    if first > last:
        unsatisfied = {**headers_sent, "content-range": f"bytes */{size}"}
        return MockReply(b"", status=416, media_type="text/plain", headers=unsatisfied)
    span = {**headers_sent, "content-range": f"bytes {first}-{last}/{size}"}
    return MockReply(data[first : last + 1], status=206, media_type=reply.media_type, headers=span)


Frames = list["np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]"]


@cache
def _made() -> Mapping[str, bytes]:
    """Generate the default files, once in a process, because encoding takes a while."""
    frames = _frames()
    film, first, last = _film(frames), *map(Image.fromarray, (frames[0], frames[-1]))
    return {
        "video.mp4": film,
        "video_raw.mp4": film,
        "thumbnail.jpg": _still(first, "jpeg"),
        "last_frame.jpg": _still(last, "jpeg"),
        "image.jpg": _still(first, "jpeg"),
        "image.png": _still(first, "png"),
    }


def _of_film(film: bytes) -> Mapping[str, bytes]:
    """Return a video with its first and last frame as images, if it can be decoded."""
    files = {"video.mp4": film, "video_raw.mp4": film}
    ends: list[av.VideoFrame] = []
    try:
        with av.open(BytesIO(film), "r") as container:
            for frame in container.decode(video=0):
                ends[1:] = [frame]
    except (FFmpegError, IndexError):  # there is no film, or no picture in it
        return files
    pictures = [Image.fromarray(frame.to_ndarray(format="rgb24")) for frame in ends]
    names = ("thumbnail.jpg", "last_frame.jpg")
    return files | {n: _still(p, "jpeg") for n, p in zip(names, pictures, strict=False)}


def _frames() -> Frames:
    """Return RGB frames of shape (height, width, 3): a bar that moves over a grainy gradient."""
    random = np.random.default_rng(7)
    grain = random.integers(0, 24, (HEIGHT_PX, WIDTH_PX, 3), dtype=np.uint8)
    sky = np.linspace(40, 200, HEIGHT_PX, dtype=np.uint8)[:, None, None]
    frames: Frames = []
    for number in range(FRAMES):
        frame = np.asarray(sky + np.roll(grain, number * 3, axis=1), dtype=np.uint8)
        left = number * (WIDTH_PX - 40) // FRAMES
        frame[60:120, left : left + 40] = (220, 120, 40)
        frames.append(frame)
    return frames


def _film(frames: Frames) -> bytes:
    out = BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return out.getvalue()


def _still(picture: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    picture.save(out, kind)
    return out.getvalue()
