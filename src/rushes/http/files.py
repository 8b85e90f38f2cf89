"""Media over HTTP: signed links, ranges, conditional requests; nothing is held in memory."""

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
    """Return the operation that serves every file whose link is good."""

    async def file(call: Call) -> Response:
        return _serve(call, media)

    whole = "The file, or its part: `Range` and `If-Range` are understood."
    return Operation(
        path=PREFIX + "{rest:path}",
        handler=file,
        summary="Get a finished file",
        about="The address is one that a reply gave; it proves by itself that it may be read.",
        open_to_all=True,
        replies={
            200: Reply(about=whole, media_type="*/*"),
            206: Reply(about=whole, media_type="*/*"),
            304: Reply(about="It is what `If-None-Match` says."),
            416: Reply(about="There is no such part.", media_type="text/plain"),
        },
        problems=(410,),
    )


def _serve(call: Call, media: MediaStore) -> Response:
    path, links, now = call.request.url.path, call.links, call.now
    key = links.key(path, now=now)
    if key is None and links.has_expired(path, now=now):
        raise Gone("this link has expired; ask for the generation again to get a new one")
    if key is None:
        raise NotFound("there is no such file, or the link is not one of ours")
    file = media.path(key)
    if file is None and key.startswith(UPLOADS):
        raise NotFound("no file is here: it was never put, or has been removed")
    if file is None:
        raise Gone("this file has been removed")
    brought = _sniffed(file) if key.startswith(UPLOADS) else None
    return file_response(call, file, name=key.replace("/", "-"), media_type=brought)


def _sniffed(file: Path) -> str | None:
    """Return what a caller's file is; its name says no more than what the caller announced."""
    with file.open("rb") as opened:
        return media_type_of(opened.read(HEAD_BYTES))


def file_response(call: Call, file: Path, *, name: str, media_type: str | None = None) -> Response:
    """
    Return a file, or the part of it or the news of it that the request asks for.

    Args:
        media_type: By default what the file's suffix stands for.
    """
    suffix = file.suffix.lower()
    # FileResponse answers If-Range by itself; If-None-Match it leaves to us.
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
    A file whose invalid ``Range`` is ignored, where Starlette answers 400.

    Source: RFC 9110, 14.1 and 14.2. An unknown unit and a set with an invalid range are ignored;
    of several ranges only those count that the file has, and 416 means that it has none of them.
    """

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope).get("range")
        if asked is not None and self.stat_result is not None:
            usable = usable_range(asked, self.stat_result.st_size)
            headers = [pair for pair in scope["headers"] if pair[0] != b"range"]
            if usable is not None:
                headers.append((b"range", usable.encode()))
            scope = {**scope, "headers": headers}
        await super().__call__(scope, receive, send)


def usable_range(asked: str, size_bytes: int) -> str | None:
    """
    Return the part of a ``Range`` that a file of this size has, one that it has not, or None.

    None means that the header is to be ignored.
    """
    unit, _, text = asked.partition("=")
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
    """Return a number, or one larger than any file for one that is too long to be read."""
    digits = digits.lstrip("0")
    return int(digits[:20] or "0") if len(digits) <= 19 else 10**19


def _less(one: str, other: str) -> bool:
    one, other = one.lstrip("0"), other.lstrip("0")
    return (len(one), one) < (len(other), other)


def _matches(asked: str | None, etag: str) -> bool:
    if asked is None:
        return False
    known = [one.strip().removeprefix("W/") for one in asked.split(",")]
    return "*" in known or etag in known
