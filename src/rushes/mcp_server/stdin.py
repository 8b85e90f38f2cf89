"""Standard input as lines that one can stop waiting for."""

import asyncio
import os
import threading
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Final

_CHUNK_BYTES: Final = 1 << 16


async def lines() -> AsyncGenerator[str]:
    """
    Yield what comes on standard input until it ends.

    A read that waits cannot be cancelled, so it waits in a thread that a process may leave behind;
    it reads the descriptor itself, for a stream's lock would be held to the end. From now on
    nobody else in this process reads that input, nor a child that it starts.
    """
    wire = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    loop = asyncio.get_running_loop()
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    def listen() -> None:
        with suppress(RuntimeError, OSError):  # the loop is over, or the wire
            while chunk := os.read(wire, _CHUNK_BYTES):
                loop.call_soon_threadsafe(heard.put_nowait, chunk)
            loop.call_soon_threadsafe(heard.put_nowait, b"")

    threading.Thread(target=listen, name="stdin", daemon=True).start()
    rest = b""
    while chunk := await heard.get():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "replace")
