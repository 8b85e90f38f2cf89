"""Downloads what a stranger's URL holds, going on where a cut left off."""

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
"""Tries in a row that bring nothing new, after which it is given up."""

_PART = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")


class _Anew(Exception):
    """What is there cannot be gone on with."""


@dataclass(slots=True, kw_only=True)
class _Part:
    """What has come so far."""

    file: IO[bytes]
    size_bytes: int = 0
    validator: str = ""
    """What tells this version of the file from another: a strong ETag, or when it was changed."""

    @property
    def question(self) -> dict[str, str]:
        """The headers that ask for the rest."""
        if not self.size_bytes:
            return {}
        return {"Range": f"bytes={self.size_bytes}-", "If-Range": self.validator}

    async def begin(self, answer: StreamedReply) -> None:
        """Forget what is there, if anything is."""
        etag = answer.headers.get("etag", "")
        validator = etag if etag[:1] == '"' else answer.headers.get("last-modified", "")
        # ranges count the bytes of the coded body, and what is kept is decoded
        self.validator = "" if answer.codings else validator
        await self.forget()

    async def forget(self) -> None:
        self.size_bytes = 0
        await asyncio.to_thread(self._empty)

    def _empty(self) -> None:
        self.file.seek(0)
        self.file.truncate()

    async def take(self, pieces: AsyncIterator[bytes], limit_bytes: int) -> None:
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


async def download(
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
    Write what *url* holds to the file *into*, in constant memory, and return its size in bytes.

    No file is left on error.

    A file that was cut off is gone on with only where the server proves that it is still the
    same (``If-Range``), and gives the part that was asked for; else it is fetched anew.

    Args:
        secrets: Headers for the origin of *url* alone.

        pause_s: Before the second try; longer before each one after.

    Raises:
        BadReply: The status is not in the 200s, or the content cannot be decoded.

        Forbidden: The URL, or one it redirects to, may not be reached from here.

        TooLarge: The file is over the limit.

        Unreachable: It did not come in time, or was cut off again and again.
    """
    ends_s = time.monotonic() + deadline_s
    file = await asyncio.to_thread(into.open, "wb")
    part = _Part(file=file)

    async def once() -> None:
        left_s = max(ends_s - time.monotonic(), 0.001)
        async with http.stream(
            url, deadline_s=left_s, headers=part.question, secrets=secrets
        ) as answer:
            await _take(part, answer, limit_bytes)

    try:
        await _persist(once, part, ends_s=ends_s, pause_s=pause_s)
    except BaseException:
        await asyncio.shield(asyncio.to_thread(into.unlink, missing_ok=True))
        raise
    finally:
        file.close()
    return part.size_bytes


async def _persist(
    attempt: Callable[[], Awaitable[None]], part: _Part, *, ends_s: float, pause_s: float
) -> None:
    """Try until the file is whole, or three times in a row for nothing."""
    fruitless = 0
    while True:
        had_bytes = part.size_bytes
        try:
            return await attempt()
        except _Anew:
            await part.forget()
            fruitless += 1
            trouble = Unreachable("the server gives other parts of it than were asked for")
        except Unreachable as error:
            fruitless = 1 if part.size_bytes > had_bytes else fruitless + 1
            trouble = error
            if not part.validator:
                await part.forget()
        wait_s = exponential_s(fruitless, base_s=pause_s, cap_s=8 * pause_s)
        if fruitless >= FRUITLESS or time.monotonic() + wait_s >= ends_s:
            raise trouble
        await asyncio.sleep(wait_s)


async def _take(part: _Part, answer: StreamedReply, limit_bytes: int) -> None:
    if answer.status == 416 and part.size_bytes:
        raise _Anew
    if not 200 <= answer.status < 300:
        raise BadReply(f"the server answered with status {answer.status}", status=answer.status)
    if answer.status == 206:
        _verify_part(part, answer)
    else:
        await part.begin(answer)
    announced = "" if answer.codings else answer.headers.get("content-length", "")
    if announced.isdecimal() and (
        len(announced) > 18 or part.size_bytes + int(announced) > limit_bytes
    ):
        raise TooLarge(f"the file is longer than {limit_bytes} bytes")
    await part.take(answer.pieces, limit_bytes)


def _verify_part(part: _Part, answer: StreamedReply) -> None:
    """
    Pass silently when the answer begins where what is there ends, and goes to the end.

    Raises:
        _Anew: It does not.
    """
    said = _PART.fullmatch(answer.headers.get("content-range", "").strip())
    if answer.codings or said is None or not part.size_bytes or int(said[1]) != part.size_bytes:
        raise _Anew
    if said[3] != "*" and int(said[2]) + 1 != int(said[3]):
        raise _Anew
