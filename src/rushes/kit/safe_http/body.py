"""Read the body of a reply: decoded, piece by piece and within a limit."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Final

import httpcore2

from rushes.kit.safe_http.content_coding import CutShort, Undecodable, codings, decoded
from rushes.kit.safe_http.dialer import Unreachable
from rushes.kit.safe_http.reply import BadReply, TooLarge

WRITE_BYTES: Final = 1 << 18
"""Bytes gathered before they are written to a file."""

PIECES_BETWEEN_PAUSES: Final = 64
"""A body of one-byte chunks must not keep the event loop to itself."""


def headers_of(answer: httpcore2.Response) -> dict[str, str]:
    """Return the headers of a reply by name in lower case."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers
    }


def codings_of(answer: httpcore2.Response) -> tuple[str, ...]:
    """Return the content codings of a reply, in the order in which they were applied."""
    return codings(
        value.decode("latin-1")
        for name, value in answer.headers
        if name.lower() == b"content-encoding"
    )


def media_type(answer: httpcore2.Response) -> str:
    """Return the media type of a reply in the 200s. Raises BadReply for another status."""
    headers = headers_of(answer)
    if not 200 <= answer.status < 300:
        raise BadReply(f"the server answered with status {answer.status}", status=answer.status)
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def too_long(limit_bytes: int) -> str:
    """Return the message that says that a body is over the limit."""
    return f"the body is longer than {limit_bytes} bytes"


def refuse_long(answer: httpcore2.Response, limit_bytes: int) -> None:
    """Raise TooLarge where the head says so already; a coded body is counted as it is decoded."""
    announced = "" if codings_of(answer) else headers_of(answer).get("content-length", "")
    if announced.isdecimal() and (len(announced) > 18 or int(announced) > limit_bytes):
        raise TooLarge(too_long(limit_bytes))


async def pieces(answer: httpcore2.Response) -> AsyncIterator[bytes]:
    """Yield the body, decoded."""
    try:
        async for piece in decoded(_raw_pieces(answer), codings_of(answer)):
            yield piece
    except CutShort as error:
        raise Unreachable(str(error)) from None
    except Undecodable as error:
        raise BadReply(str(error), status=answer.status) from None


async def _raw_pieces(answer: httpcore2.Response) -> AsyncIterator[bytes]:
    count = 0
    async for piece in answer.aiter_stream():
        yield piece
        count += 1
        if not count % PIECES_BETWEEN_PAUSES:
            await asyncio.sleep(0)


async def read_up_to(
    answer: httpcore2.Response, limit_bytes: int, *, may_break: bool
) -> tuple[bytes, bool]:
    """Return the body's first *limit_bytes*, and whether there are more, or some undecodable."""
    kept = bytearray()
    try:
        async for piece in pieces(answer):
            kept += piece
            if len(kept) > limit_bytes:
                return bytes(kept[:limit_bytes]), True
    except BadReply:
        if not may_break:
            raise
        return bytes(kept), True
    return bytes(kept), False


async def save_body(answer: httpcore2.Response, into: Path, limit_bytes: int) -> tuple[int, str]:
    """Write the body to the file *into* and return its length and SHA-256."""
    file = await asyncio.to_thread(into.open, "wb")
    try:
        return await _copy(answer, file, limit_bytes)
    except BaseException:
        await asyncio.shield(asyncio.to_thread(into.unlink, missing_ok=True))
        raise
    finally:
        file.close()


async def _copy(answer: httpcore2.Response, file: IO[bytes], limit_bytes: int) -> tuple[int, str]:
    digest, waiting, size_bytes = hashlib.sha256(), bytearray(), 0
    async for piece in pieces(answer):
        size_bytes += len(piece)
        if size_bytes > limit_bytes:
            raise TooLarge(too_long(limit_bytes))
        digest.update(piece)
        waiting += piece
        if len(waiting) >= WRITE_BYTES:
            await asyncio.to_thread(file.write, bytes(waiting))
            waiting.clear()
    await asyncio.to_thread(file.write, bytes(waiting))
    return size_bytes, digest.hexdigest()
