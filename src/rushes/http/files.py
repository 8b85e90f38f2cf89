"""Serve media files by signed links, with ranges and conditional requests, without buffering."""

import re
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from rushes.core.errors import Gone, NotFound
from rushes.core.signed_links import PREFIX
from rushes.http.gateway import Call
from rushes.http.operation import Operation, Reply
from rushes.kit.file_type import media_type as media_type_of
from rushes.kit.inline_images import HEAD_BYTES
from rushes.media.base import MediaStore
from rushes.service.upload_bytes import UPLOADS

_RANGE: Final = re.compile(r"([0-9]*)-([0-9]*)", re.ASCII)

TYPES: Final = {
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
}


def media_operation(media: MediaStore) -> Operation:
    """Return the route that serves a file to anyone with a valid link."""

    async def file(call: Call) -> Response:
        return _serve(call, media)

    file_or_part = "The file, or a part of it: the server supports `Range` and `If-Range`."
    return Operation(
        path=PREFIX + "{rest:path}",
        handler=file,
        summary="Get a file",
        about="A reply has the URL, which is signed and needs no key.",
        open_to_all=True,
        replies={
            200: Reply(about=file_or_part, media_type="*/*"),
            206: Reply(about=file_or_part, media_type="*/*"),
            304: Reply(about="Unchanged since the version in `If-None-Match`."),
            416: Reply(about="The file has no such part.", media_type="text/plain"),
        },
        problems=(410,),
    )


def _serve(call: Call, media: MediaStore) -> Response:
    path, links, now = call.request.url.path, call.links, call.now
    key = links.key(path, now=now)
    if key is None and links.has_expired(path, now=now):
        raise Gone("this link has expired; get the generation again for a new one")
    if key is None:
        raise NotFound("there is no such file, or the link is not one of ours")
    file = media.path(key)
    if file is None and key.startswith(UPLOADS):
        raise NotFound("there is no file: it was never uploaded, or it was deleted")
    if file is None:
        raise Gone("this file was deleted")
    media_type = _sniffed(file) if key.startswith(UPLOADS) else None
    return file_response(call, file, name=key.replace("/", "-"), media_type=media_type)


def _sniffed(file: Path) -> str | None:
    """Return the media type of an uploaded file by its bytes; its name is only a claim."""
    with file.open("rb") as opened:
        return media_type_of(opened.read(HEAD_BYTES))


def file_response(call: Call, file: Path, *, name: str, media_type: str | None = None) -> Response:
    """
    Return a file, the part that the request names, or 304 if the client has it already.

    Args:
        media_type: By default the type of the file's suffix.
    """
    suffix = file.suffix.lower()
    # FileResponse handles If-Range but not If-None-Match.
    response = _Ranged(
        file,
        media_type=media_type or TYPES.get(suffix, "application/octet-stream"),
        stat_result=file.stat(),
        headers={
            "Cache-Control": "private, max-age=3600, immutable",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'inline; filename="{name}"',
        },
    )
    if _matches(call.request.headers.get("if-none-match"), response.headers["etag"]):
        kept = ("etag", "cache-control", "last-modified")
        return Response(status_code=304, headers={name: response.headers[name] for name in kept})
    return response


class _Ranged(FileResponse):
    """
    A file response that ignores an invalid ``Range``, where Starlette replies with 400.

    Source: RFC 9110, 14.1 and 14.2. It ignores an unknown unit and a set with an invalid range. Of
    several ranges it uses those that the file has; 416 means that the file has none of them.
    """

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent = Headers(scope=scope).get("range")
        if sent is not None and self.stat_result is not None:
            usable = usable_range(sent, self.stat_result.st_size)
            headers = [pair for pair in scope["headers"] if pair[0] != b"range"]
            if usable is not None:
                headers.append((b"range", usable.encode()))
            scope = {**scope, "headers": headers}
        await super().__call__(scope, receive, send)


def usable_range(header: str, size_bytes: int) -> str | None:
    """
    Return the part of a ``Range`` header that a file of this size can serve.

    Returns a range beyond the end of the file if it has no part, and None to ignore the header.
    """
    unit, _, text = header.partition("=")
    parts = [part for part in map(str.strip, text.split(",")) if part]
    found = [_RANGE.fullmatch(part) for part in parts]
    if unit.strip().lower() != "bytes" or not found:
        return None
    kept: list[str] = []
    for one in found:
        if one is None or one[0] == "-":
            return None
        if one[1] and one[2] and _less(one[2], one[1]):
            return None
        first = one[1] or str(max(size_bytes - _number(one[2]), 0))
        if _number(first) < size_bytes and (one[1] or _number(one[2])):
            last = min(_number(one[2]), size_bytes - 1) if one[1] and one[2] else size_bytes - 1
            kept.append(f"{_number(first)}-{last}")
    return f"bytes={','.join(kept)}" if kept else f"bytes={size_bytes}-"


def _number(digits: str) -> int:
    """Return a number; digits that are too long to parse give one larger than any file."""
    digits = digits.lstrip("0")
    return int(digits[:20] or "0") if len(digits) <= 19 else 10**19


def _less(one: str, other: str) -> bool:
    one, other = one.lstrip("0"), other.lstrip("0")
    return (len(one), one) < (len(other), other)


def _matches(header: str | None, etag: str) -> bool:
    if header is None:
        return False
    known = [one.strip().removeprefix("W/") for one in header.split(",")]
    return "*" in known or etag in known
