"""Read lines from standard input in a way that can be cancelled."""

import asyncio
import os
import threading
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Final

_CHUNK_BYTES: Final = 1 << 16


async def lines() -> AsyncGenerator[str]:
    """
    Yield the lines of standard input until it ends.

    A blocking read cannot be cancelled, so a daemon thread reads. It reads the file descriptor
    itself, because a stream would hold its lock until the end. From then on no other code in this
    process, and no child process, can read standard input.
    """
    descriptor = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue()

    def read() -> None:
        with suppress(RuntimeError, OSError):  # the loop has ended, or the input is closed
            while chunk := os.read(descriptor, _CHUNK_BYTES):
                loop.call_soon_threadsafe(chunks.put_nowait, chunk)
            loop.call_soon_threadsafe(chunks.put_nowait, b"")

    threading.Thread(target=read, name="stdin", daemon=True).start()
    rest = b""
    while chunk := await chunks.get():
        *complete, rest = (rest + chunk).split(b"\n")
        for line in complete:
            yield line.decode("utf-8", "replace")
