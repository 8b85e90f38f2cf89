"""Read the body of a response: decoded, piece by piece and within a limit."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Final

import httpcore2

from rushes.kit.safe_http.content_coding import (
    DecodingError,
    TruncatedBody,
    content_codings,
    decode,
)
from rushes.kit.safe_http.dialer import Unreachable
from rushes.kit.safe_http.reply import BadReply, TooLarge

WRITE_BYTES: Final = 1 << 18
"""Bytes gathered before they are written to a file."""

PIECES_BETWEEN_PAUSES: Final = 64
"""A body of one-byte chunks must not keep the event loop to itself."""


def headers_of(response: httpcore2.Response) -> dict[str, str]:
    """Return the headers of a response by name in lower case."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }


def codings_of(response: httpcore2.Response) -> tuple[str, ...]:
    """Return the content codings of a response, in the order in which they were applied."""
    return content_codings(
        value.decode("latin-1")
        for name, value in response.headers
        if name.lower() == b"content-encoding"
    )


def media_type(response: httpcore2.Response) -> str:
    """Return the media type of a response in the 200s. Raises BadReply for another status."""
    headers = headers_of(response)
    if not 200 <= response.status < 300:
        raise BadReply(f"the server replied with status {response.status}", status=response.status)
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def too_long_message(limit_bytes: int) -> str:
    """Return the message that says that a body is over the limit."""
    return f"the body is longer than {limit_bytes} bytes"


def refuse_long(response: httpcore2.Response, limit_bytes: int) -> None:
    """Raise TooLarge when the announced length is over the limit; coded bodies announce none."""
    announced = "" if codings_of(response) else headers_of(response).get("content-length", "")
    if announced.isdecimal() and (len(announced) > 18 or int(announced) > limit_bytes):
        raise TooLarge(too_long_message(limit_bytes))


async def decoded_pieces(response: httpcore2.Response) -> AsyncIterator[bytes]:
    """
    Yield the body, decoded.

    Raises:
        Unreachable: The body ends too early.

        BadReply: The body cannot be decoded.
    """
    try:
        async for piece in decode(_raw_pieces(response), codings_of(response)):
            yield piece
    except TruncatedBody as error:
        raise Unreachable(str(error)) from None
    except DecodingError as error:
        raise BadReply(str(error), status=response.status) from None


async def _raw_pieces(response: httpcore2.Response) -> AsyncIterator[bytes]:
    count = 0
    async for piece in response.aiter_stream():
        yield piece
        count += 1
        if not count % PIECES_BETWEEN_PAUSES:
            await asyncio.sleep(0)


async def read_up_to(
    response: httpcore2.Response, limit_bytes: int, *, may_truncate: bool
) -> tuple[bytes, bool]:
    """Return the body's first *limit_bytes*, and whether it was cut: too long, or not decodable."""
    kept = bytearray()
    try:
        async for piece in decoded_pieces(response):
            kept += piece
            if len(kept) > limit_bytes:
                return bytes(kept[:limit_bytes]), True
    except BadReply:
        if not may_truncate:
            raise
        return bytes(kept), True
    return bytes(kept), False


async def save_body(response: httpcore2.Response, into: Path, limit_bytes: int) -> tuple[int, str]:
    """Write the body to the file *into* and return its length and SHA-256."""
    file = await asyncio.to_thread(into.open, "wb")
    try:
        return await _copy(response, file, limit_bytes)
    except BaseException:
        await asyncio.shield(asyncio.to_thread(into.unlink, missing_ok=True))
        raise
    finally:
        file.close()


async def _copy(response: httpcore2.Response, file: IO[bytes], limit_bytes: int) -> tuple[int, str]:
    digest, waiting, size_bytes = hashlib.sha256(), bytearray(), 0
    async for piece in decoded_pieces(response):
        size_bytes += len(piece)
        if size_bytes > limit_bytes:
            raise TooLarge(too_long_message(limit_bytes))
        digest.update(piece)
        waiting += piece
        if len(waiting) >= WRITE_BYTES:
            await asyncio.to_thread(file.write, bytes(waiting))
            waiting.clear()
    await asyncio.to_thread(file.write, bytes(waiting))
    return size_bytes, digest.hexdigest()
