"""Serve media files by signed links, with ranges and conditional requests, without buffering."""

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import UTC
from email.utils import format_datetime
from secrets import token_hex
from typing import Final

from starlette.responses import PlainTextResponse, Response, StreamingResponse

from rushes.core.errors import Gone, MediaChanged, NotFound
from rushes.core.signed_links import PREFIX
from rushes.http.gateway import Call
from rushes.http.operation import Operation, Reply
from rushes.kit.file_type import media_type as media_type_of
from rushes.kit.file_type import type_of_name
from rushes.kit.inline_images import HEAD_BYTES
from rushes.media.base import MediaStore, StoredFile
from rushes.service.upload_bytes import UPLOADS

_RANGE: Final = re.compile(r"([0-9]*)-([0-9]*)", re.ASCII)

_MOST_PARTS: Final = 100
"""A request for more parts than this gets the whole file."""


def media_operation(media: MediaStore) -> Operation:
    """Return the route that serves a file to anyone with a valid link."""

    async def file(call: Call) -> Response:
        return await _serve(call, media)

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
            307: Reply(about="The file is at the URL in `Location`, for a limited time."),
            304: Reply(about="Unchanged since the version in `If-None-Match`."),
            416: Reply(about="The file has no such part.", media_type="text/plain"),
        },
        problems=(410, 503),
    )


async def _serve(call: Call, media: MediaStore) -> Response:
    path, links, now = call.request.url.path, call.links, call.now
    key = links.key(path, now=now)
    if key is None and links.has_expired(path, now=now):
        raise Gone("this link has expired; get the generation again for a new one")
    if key is None:
        raise NotFound("there is no such file, or the link is not one of ours")
    try:
        return await _found(call, media, key)
    except MediaChanged:  # a preview: the next comes after half a second, or it was the last
        return await _found(call, media, key)


async def _found(call: Call, media: MediaStore, key: str) -> Response:
    file = await media.find(key)
    if file is None and key.startswith(UPLOADS):
        raise NotFound("there is no file: it was never uploaded, or it was deleted")
    if file is None:
        raise Gone("this file was deleted")
    url = await media.direct_url(file, method=call.request.method)
    if url is not None:
        return Response(status_code=307, headers={"Location": url, "Cache-Control": "no-store"})
    media_type = await _sniffed(file, media) if key.startswith(UPLOADS) else None
    return await file_response(call, file, media, name=key.replace("/", "-"), media_type=media_type)


async def _sniffed(file: StoredFile, media: MediaStore) -> str | None:
    """Return the media type of an uploaded file by its bytes; its name is only a claim."""
    head = [part async for part in media.read(file, end=min(HEAD_BYTES, file.size_bytes))]
    return media_type_of(b"".join(head))


async def file_response(
    call: Call, file: StoredFile, media: MediaStore, *, name: str, media_type: str | None = None
) -> Response:
    """
    Return a file, the parts that the request names, or 304 if the client has it already.

    Sources: RFC 9110, 13.1, 14.1 and 14.2. An invalid ``Range`` is ignored: the reply is the file.

    Args:
        media_type: By default the type of the file's suffix.

    Raises:
        MediaError: The file could not be read.
    """
    request, media_type = call.request.headers, media_type or type_of_name(file.key)
    etag, changed = file.etag, format_datetime(file.modified_at.astimezone(UTC), usegmt=True)
    kept = {
        "ETag": etag,
        "Last-Modified": changed,
        "Cache-Control": "private, max-age=3600, immutable",
    }
    if _matches(request.get("if-none-match"), etag):
        return Response(status_code=304, headers=kept)
    headers = kept | {
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'inline; filename="{name}"',
        "Content-Type": media_type,
    }
    ranges = request.get("range") if request.get("if-range") in {None, etag, changed} else None
    parts = None if ranges is None else _parts(ranges, file.size_bytes)
    if parts == []:
        size = {"Content-Range": f"bytes */{file.size_bytes}"}
        return PlainTextResponse(status_code=416, headers=size)
    if parts is None:
        headers["Content-Length"] = str(file.size_bytes)
        body = _read(media, file, 0, file.size_bytes)
    elif len(parts) == 1:
        start, end = parts[0]
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size_bytes}"
        headers["Content-Length"] = str(end - start)
        body = _read(media, file, start, end)
    else:
        boundary = token_hex(13)
        heads = {_head_of_part(boundary, media_type, one, file.size_bytes): one for one in parts}
        last = f"--{boundary}--".encode()
        length = sum(len(head) + end - start + 2 for head, (start, end) in heads.items())
        headers["Content-Type"] = f"multipart/byteranges; boundary={boundary}"
        headers["Content-Length"] = str(length + len(last))
        body = _read_parts(media, file, heads, last)
    status = 200 if parts is None else 206
    if call.request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    # The first block before the status: an error is still an error reply, not a cut-off file.
    first = await anext(body, b"")
    return StreamingResponse(_chain(first, body), status_code=status, headers=headers)


async def _read(media: MediaStore, file: StoredFile, start: int, end: int) -> AsyncGenerator[bytes]:
    if start < end:
        async for block in media.read(file, start=start, end=end):
            yield block


async def _read_parts(
    media: MediaStore, file: StoredFile, parts: Mapping[bytes, tuple[int, int]], last: bytes
) -> AsyncGenerator[bytes]:
    for head, (start, end) in parts.items():
        yield head
        async for block in media.read(file, start=start, end=end):
            yield block
        yield b"\r\n"
    yield last


async def _chain(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with aclosing(rest):
        yield first
        async for block in rest:
            yield block


def _head_of_part(boundary: str, media_type: str, part: tuple[int, int], size_bytes: int) -> bytes:
    lines = (
        f"--{boundary}",
        f"Content-Type: {media_type}",
        f"Content-Range: bytes {part[0]}-{part[1] - 1}/{size_bytes}",
        "",
        "",
    )
    return "\r\n".join(lines).encode()


def _parts(header: str, size_bytes: int) -> list[tuple[int, int]] | None:
    """
    Return the first byte and the byte after the last of each part that a ``Range`` header names.

    Overlapping parts are joined. None means to ignore the header; an empty list, that the file has
    no such part.
    """
    usable = usable_range(header, size_bytes)
    if usable is None or header.count(",") + 1 > _MOST_PARTS:
        return None
    joined: list[tuple[int, int]] = []
    for first, _, last in sorted(
        (int(text[0]), text[1], int(text[2]) if text[2] else -1)
        for text in (one.partition("-") for one in usable.removeprefix("bytes=").split(","))
    ):
        if first >= size_bytes:
            return []
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last + 1))
        else:
            joined.append((first, last + 1))
    return joined


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
