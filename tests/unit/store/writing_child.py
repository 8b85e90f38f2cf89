"""A process of its own that writes to a store file, and names each write once it is acknowledged."""

import asyncio
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rushes.core import lifecycle
from rushes.core.errors import Conflict
from rushes.core.generation import AccountId, Announce, Failure, Generation, GenerationId
from rushes.core.pricing import Quote
from rushes.core.spec import GenerationSpec
from rushes.store.base import Lease
from rushes.store.sqlite import SqliteStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def say(name: str) -> None:
    """Acknowledge to the parent, in one write, so that a kill cuts no name in two."""
    os.write(1, f"{name}\n".encode())


async def submit(store: SqliteStore, name: str) -> None:
    """Write one queued generation that asks to be told."""
    await store.write(lifecycle.submit(_generation(name)))


def _generation(name: str) -> Generation:
    return Generation(
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


async def spend_all(store: SqliteStore, name: str) -> None:
    """Ask for one after the other and see each through, as its number says how it ends."""
    for n in range(1 << 30):
        quote = Quote(held=100, rates={"e": 15}, amount_milli=5000)
        made = replace(_generation(f"{name}-{n}"), quote=quote)
        queued = await store.write(lifecycle.submit(made))
        claim = lifecycle.claim(queued, engine="e", now=NOW)
        claimed = await store.write(claim)
        match n % 4:
            case 0:
                await store.write(lifecycle.complete(claimed, (), now=NOW))
            case 1:
                await store.write(lifecycle.fail(claimed, Failure(code="x", message="y"), now=NOW))
            case 2:
                await store.write(lifecycle.cancel(claimed, now=NOW))
            case _:
                pass  # it stays open
        say(claimed.id)


async def main(path: str, doing: str, name: str, count: str) -> None:
    store = SqliteStore(Path(path))
    try:
        if doing == "claim":
            await claim_all(store, name)
        elif doing == "spend":
            await asyncio.gather(*(spend_all(store, f"{name}-{caller}") for caller in range(4)))
        else:
            await asyncio.gather(
                *(submit_many(store, f"{name}-{caller}", int(count)) for caller in range(4))
            )
    finally:
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
