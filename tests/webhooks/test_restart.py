"""What is owed outlives the process: a new courier on the same file goes on where the old one was."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from tests.webhooks.conftest import Desk, Receiver, status

from rushes.kit.clock import FrozenClock
from rushes.store.outbox import DeliveryState
from rushes.store.sqlite import SqliteStore
from rushes.webhooks.dispatcher import Dispatcher


async def test_tries_and_their_schedule_survive_a_restart(
    desk: Desk,
    courier_of: Callable[..., Dispatcher],
    receiver: Receiver,
    clock: FrozenClock,
    tmp_path: Path,
) -> None:
    receiver.answers = [status(500), status(500)]
    states: list[DeliveryState] = []
    for pause_s in (10, 30, 0):
        store = SqliteStore(tmp_path / "rushes.db")
        here = Desk(store=store, clock=clock, make=desk.make)
        if not states:
            await here.failed("g1", receiver.url())
        await courier_of(store=store).deliver_due()
        clock.advance(seconds=pause_s)
        states = await here.states()
        await store.close()

    assert [told.event for told in receiver.told] == ["running"] * 3 + ["failed"]
    assert len({told.headers["webhook-id"] for told in receiver.told}) == 2
    assert states == [DeliveryState.DELIVERED] * 2


async def test_two_processes_on_one_file_never_make_the_same_try(
    desk: Desk,
    courier_of: Callable[..., Dispatcher],
    receiver: Receiver,
    clock: FrozenClock,
    tmp_path: Path,
) -> None:
    stores = [SqliteStore(tmp_path / "rushes.db") for _ in range(2)]
    here = Desk(store=stores[0], clock=clock, make=desk.make)
    for number in range(10):
        await here.failed(f"g{number}", receiver.url())

    async with asyncio.TaskGroup() as group:
        for store in stores:
            group.create_task(courier_of(store=store).deliver_due())

    assert len(receiver.told) == 20
    assert len({told.headers["webhook-id"] for told in receiver.told}) == 20
    for store in stores:
        await store.close()
