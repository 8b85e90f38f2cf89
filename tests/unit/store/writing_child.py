"""A process of its own that writes to a store file, and names each write once it is acknowledged."""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from rushes.core import lifecycle
from rushes.core.errors import Conflict
from rushes.core.generation import AccountId, Announce, Generation, GenerationId
from rushes.core.spec import GenerationSpec
from rushes.store.base import Lease
from rushes.store.sqlite import SqliteStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def say(name: str) -> None:
    """Acknowledge to the parent, in one write, so that a kill cuts no name in two."""
    os.write(1, f"{name}\n".encode())


async def submit(store: SqliteStore, name: str) -> None:
    """Write one queued generation that asks to be told."""
    generation = Generation(
        id=GenerationId(name),
        account_id=AccountId("acc"),
        spec=GenerationSpec(model="ray-2", prompt="a lighthouse at dusk"),
        dialect="luma_relay",
        origin="http://127.0.0.1:8000",
        created_at=NOW,
        updated_at=NOW,
        available_at=NOW,
        announce=Announce(url="https://example.com/hook"),
    )
    await store.write(lifecycle.submit(generation))


async def submit_many(store: SqliteStore, name: str, count: int) -> None:
    for n in range(count):
        await submit(store, f"{name}-{n}")
        say(f"{name}-{n}")


async def claim_all(store: SqliteStore, name: str) -> None:
    """Claim whatever there is until nothing is left, and name what was won."""
    while waiting := await store.next_available(now=NOW):
        change = lifecycle.claim(waiting, engine="scripted", now=NOW)
        try:
            await store.write(change, lease=Lease(worker=name, until=NOW.replace(year=2027)))
        except Conflict:
            continue
        say(waiting.id)


async def main(path: str, doing: str, name: str, count: str) -> None:
    store = SqliteStore(Path(path))
    try:
        if doing == "claim":
            await claim_all(store, name)
        else:
            await asyncio.gather(
                *(submit_many(store, f"{name}-{caller}", int(count)) for caller in range(4))
            )
    finally:
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
