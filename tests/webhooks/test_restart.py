"""What is owed outlives the process: a new courier on the same file goes on where the old one was."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from tests.webhooks.conftest import Harness, Receiver, status

from rushes.kit.clock import FrozenClock
from rushes.store.outbox import DeliveryState
from rushes.store.sqlite import SqliteStore
from rushes.webhooks.dispatcher import Dispatcher


async def test_tries_and_their_schedule_survive_a_restart(
    harness: Harness,
    courier_of: Callable[..., Dispatcher],
    receiver: Receiver,
    clock: FrozenClock,
    tmp_path: Path,
) -> None:
    receiver.answers = [status(500), status(500)]
    states: list[DeliveryState] = []
    for pause_s in (10, 30, 0):
        store = SqliteStore(tmp_path / "rushes.db")
        here = Harness(store=store, clock=clock, make=harness.make)
        if not states:
            await here.failed("g1", receiver.url())
        await courier_of(store=store).deliver_due()
        clock.advance(seconds=pause_s)
        states = await here.states()
        await store.close()

    assert [reported.event for reported in receiver.reported] == ["running"] * 3 + ["failed"]
    assert len({reported.headers["webhook-id"] for reported in receiver.reported}) == 2
    assert states == [DeliveryState.DELIVERED] * 2


async def test_two_processes_on_one_file_never_make_the_same_try(
    harness: Harness,
    courier_of: Callable[..., Dispatcher],
    receiver: Receiver,
    clock: FrozenClock,
    tmp_path: Path,
) -> None:
    stores = [SqliteStore(tmp_path / "rushes.db") for _ in range(2)]
    here = Harness(store=stores[0], clock=clock, make=harness.make)
    for number in range(10):
        await here.failed(f"g{number}", receiver.url())

    async with asyncio.TaskGroup() as group:
        for store in stores:
            group.create_task(courier_of(store=store).deliver_due())

    assert len(receiver.reported) == 20
    assert len({reported.headers["webhook-id"] for reported in receiver.reported}) == 20
    for store in stores:
        await store.close()
