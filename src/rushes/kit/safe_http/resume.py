"""Download a file from an untrusted URL, and resume after a broken connection."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from rushes.kit.backoff import exponential_s
from rushes.kit.safe_http.body import WRITE_BYTES
from rushes.kit.safe_http.client import (
    BadReply,
    SafeHttpClient,
    StreamedReply,
    TooLarge,
    Unreachable,
)

FRUITLESS: Final = 3
"""After this many tries in a row without a new byte, the download fails."""

_PART = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")


class _RestartNeeded(Exception):
    """The bytes received so far cannot be resumed."""


@dataclass(slots=True, kw_only=True)
class _Part:
    """The bytes received so far."""

    file: IO[bytes]
    size_bytes: int = 0
    validator: str = ""
    """Identifies this version of the file: a strong ETag, or its modification date."""

    @property
    def range_headers(self) -> dict[str, str]:
        """The headers that request the rest of the file."""
        if not self.size_bytes:
            return {}
        return {"Range": f"bytes={self.size_bytes}-", "If-Range": self.validator}

    async def begin(self, response: StreamedReply) -> None:
        """Start a new file, and note which version it is."""
        etag = response.headers.get("etag", "")
        validator = etag if etag[:1] == '"' else response.headers.get("last-modified", "")
        # byte ranges count coded bytes, and this file holds decoded ones
        self.validator = "" if response.codings else validator
        await self.clear()

    async def clear(self) -> None:
        self.size_bytes = 0
        await asyncio.to_thread(self._empty)

    def _empty(self) -> None:
        self.file.seek(0)
        self.file.truncate()

    async def append(self, pieces: AsyncIterator[bytes], limit_bytes: int) -> None:
        waiting = bytearray()
        try:
            async for piece in pieces:
                waiting += piece
                if self.size_bytes + len(waiting) > limit_bytes:
                    raise TooLarge(f"the file is longer than {limit_bytes} bytes")
                if len(waiting) >= WRITE_BYTES:
                    await self._write(waiting)
        finally:
            await asyncio.shield(self._write(waiting))

    async def _write(self, waiting: bytearray) -> None:
        data = bytes(waiting)
        waiting.clear()
        self.size_bytes += len(data)
        await asyncio.to_thread(self.file.write, data)


async def download_with_resume(
    http: SafeHttpClient,
    url: str,
    into: Path,
    *,
    limit_bytes: int,
    deadline_s: float,
    secrets: Mapping[str, str] | None = None,
    pause_s: float = 0.5,
) -> int:
    """
    Write the body at *url* to the file *into*, in constant memory, and return its size in bytes.

    An error leaves no file. After a broken connection the download resumes only if the server
    proves that the file is unchanged (``If-Range``) and sends the requested part. Otherwise it
    starts again.

    Args:
        secrets: Headers for the origin of *url* alone.

        pause_s: Seconds before the second try; the pause doubles with each further one.

    Raises:
        BadReply: The status is not in the 200s, or the body cannot be decoded.

        ForbiddenAddress: The URL, or one that it redirects to, is not allowed.

        TooLarge: The file is larger than the limit.

        Unreachable: The file did not arrive in time, or the connection broke again and again.
    """
    ends_s = time.monotonic() + deadline_s
    file = await asyncio.to_thread(into.open, "wb")
    part = _Part(file=file)

    async def once() -> None:
        left_s = max(ends_s - time.monotonic(), 0.001)
        async with http.stream(
            url, deadline_s=left_s, headers=part.range_headers, secrets=secrets
        ) as response:
            await _receive(part, response, limit_bytes)

    try:
        await _retry(once, part, ends_s=ends_s, pause_s=pause_s)
    except BaseException:
        await asyncio.shield(asyncio.to_thread(into.unlink, missing_ok=True))
        raise
    finally:
        file.close()
    return part.size_bytes


async def _retry(
    attempt: Callable[[], Awaitable[None]], part: _Part, *, ends_s: float, pause_s: float
) -> None:
    """Try until the file is complete, or :data:`FRUITLESS` tries in a row brought nothing."""
    fruitless = 0
    while True:
        had_bytes = part.size_bytes
        try:
            return await attempt()
        except _RestartNeeded:
            await part.clear()
            fruitless += 1
            trouble = Unreachable("the server sends other parts of the file than were requested")
        except Unreachable as error:
            fruitless = 1 if part.size_bytes > had_bytes else fruitless + 1
            trouble = error
            if not part.validator:
                await part.clear()
        wait_s = exponential_s(fruitless, base_s=pause_s, cap_s=8 * pause_s)
        if fruitless >= FRUITLESS or time.monotonic() + wait_s >= ends_s:
            raise trouble
        await asyncio.sleep(wait_s)


async def _receive(part: _Part, response: StreamedReply, limit_bytes: int) -> None:
    if response.status == 416 and part.size_bytes:
        raise _RestartNeeded
    if not 200 <= response.status < 300:
        raise BadReply(f"the server replied with status {response.status}", status=response.status)
    if response.status == 206:
        _verify_part(part, response)
    else:
        await part.begin(response)
    announced = "" if response.codings else response.headers.get("content-length", "")
    if announced.isdecimal() and (
        len(announced) > 18 or part.size_bytes + int(announced) > limit_bytes
    ):
        raise TooLarge(f"the file is longer than {limit_bytes} bytes")
    await part.append(response.pieces, limit_bytes)


def _verify_part(part: _Part, response: StreamedReply) -> None:
    """
    Check that the response continues the part exactly, up to the end of the file.

    Raises:
        _RestartNeeded: It does not.
    """
    found = _PART.fullmatch(response.headers.get("content-range", "").strip())
    if response.codings or found is None or not part.size_bytes or int(found[1]) != part.size_bytes:
        raise _RestartNeeded
    if found[3] != "*" and int(found[2]) + 1 != int(found[3]):
        raise _RestartNeeded
