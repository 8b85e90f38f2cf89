"""Renewals that wait at the same time share a statement, and each has its own outcome."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from rushes.core import lifecycle
from rushes.core.errors import Conflict, StoreError
from rushes.core.generation import Generation
from rushes.store.base import Lease
from rushes.store.postgres import PostgresStore
from rushes.store.postgres.connections import PgConnection
from rushes.store.postgres.renewals import Renewal, Renewals

T = TypeVar("T")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
MakeGeneration = Callable[..., Generation]


def lease(worker: str, seconds: float) -> Lease:
    return Lease(worker=worker, until=NOW + timedelta(seconds=seconds))


class CountingReader:
    """Counts the statements that a store's reader runs."""

    def __init__(self, store: PostgresStore) -> None:
        self._reader = store._reads
        self.count = 0
        self.is_broken = False

    async def run(self, work: Callable[[PgConnection], T]) -> T:
        self.count += 1
        if self.is_broken:
            raise StoreError("away")
        return await self._reader.run(work)


async def running(store: PostgresStore, make: MakeGeneration, count: int) -> list[Generation]:
    """Return generations that the worker w renders."""
    made = []
    for number in range(count):
        queued = await store.write(lifecycle.submit(make(f"g{number}")))
        claim = lifecycle.claim(queued, engine="e", now=NOW)
        made.append(await store.write(claim, lease=lease("w", 1)))
    return made


async def test_many_at_once_take_few_statements_and_each_has_its_outcome(
    postgres_url: str, make_generation: MakeGeneration
) -> None:
    store = PostgresStore(postgres_url)
    held = await running(store, make_generation, 12)
    lost = lifecycle.cancel(held[3], now=NOW)
    await store.write(lost)
    reader = CountingReader(store)
    renewals = Renewals(reader)
    outcomes = await asyncio.gather(
        *(renewals.renew(Renewal(one, lease("w", 60), 0.5)) for one in held),
        renewals.renew(Renewal(held[0], lease("another", 90), 0.9)),
        renewals.renew(Renewal(held[1], lease("w", 60), 0.5)),
        return_exceptions=True,
    )

    assert reader.count == 1
    assert [number for number, one in enumerate(outcomes) if isinstance(one, Conflict)] == [3, 12]
    assert (await store.get(held[0].id)).progress == 0.5
    assert await store.next_available(now=NOW + timedelta(seconds=59)) is None
    assert await store.next_available(now=NOW + timedelta(seconds=60)) is not None
    await store.close()


async def test_a_store_that_is_away_fails_those_that_wait_and_not_the_next_ones(
    postgres_url: str, make_generation: MakeGeneration
) -> None:
    store = PostgresStore(postgres_url)
    (one,) = await running(store, make_generation, 1)
    reader = CountingReader(store)
    renewals = Renewals(reader)
    reader.is_broken = True
    with pytest.raises(StoreError, match="away"):
        await renewals.renew(Renewal(one, lease("w", 60), 0.5))
    reader.is_broken = False
    await renewals.renew(Renewal(one, lease("w", 60), 0.5))
    await store.close()
