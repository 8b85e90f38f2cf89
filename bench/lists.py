"""
Compare a page of the native API's list with one of the relay's, with 8,000 generations.

Both go through the whole application in this process, without a socket. The figures are CPU time.

    .venv/bin/python bench/lists.py    # some seconds
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import uvloop
from api import generation
from instructions import request
from steps import headers, running

from rushes.core import lifecycle
from rushes.store.base import Store

ROWS, TASKS, REPEATS = 8000, 64, 50
PAGES = {
    "relay, 100": ("/luma/generations", b"limit=100"),
    "native, 50": ("/api/v1/generations", b"limit=50"),
    "native, 50 of a state": ("/api/v1/generations", b"limit=50&state=queued"),
}


async def fill(store: Store) -> None:
    async def some() -> None:
        for _ in range(ROWS // TASKS):
            await store.write(lifecycle.submit(generation()))

    await asyncio.gather(*(some() for _ in range(TASKS)))


async def bench() -> None:
    folder = Path(tempfile.mkdtemp(prefix="rushes-bench-"))
    async with running(folder) as (application, key):
        await fill(application.store)
        floor_ms = 0.0
        for name, (path, query) in PAGES.items():
            took_ms: list[float] = []
            for _ in range(REPEATS):
                started_s = time.process_time()
                reply = await request(application.app, "GET", path, headers(key), query=query)
                took_ms.append((time.process_time() - started_s) * 1000)
            median_ms = statistics.median(took_ms)
            floor_ms = floor_ms or median_ms
            ratio = f"{median_ms / floor_ms:.2f} of the relay's page"
            print(f"{name:<24}{median_ms:>6.2f} ms, {ratio}, {len(reply):,} bytes")


if __name__ == "__main__":
    uvloop.run(bench())
