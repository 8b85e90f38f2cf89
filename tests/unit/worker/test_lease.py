"""Renew the lease of a claimed generation while its attempt runs."""

import asyncio
from dataclasses import replace

import pytest
from tests.unit.worker.stages import stored

from rushes.core import lifecycle
from rushes.core.errors import Conflict, StoreError
from rushes.core.generation import AttemptState, State
from rushes.worker.lease import LeaseKeeper


@pytest.fixture
async def generation(context, make_generation):
    return await stored(context, make_generation(), AttemptState.RENDERING)


@pytest.fixture
def keeper(context, generation) -> LeaseKeeper:
    return LeaseKeeper(context, generation)


async def after(event: asyncio.Event, result: str = "done") -> str:
    await event.wait()
    return result


async def test_the_result_of_the_work_comes_back(keeper):
    finished = asyncio.Event()
    finished.set()
    assert await keeper.keep_during(asyncio.ensure_future(after(finished))) == "done"


async def test_an_error_of_the_work_is_raised(keeper):
    async def fail():
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await keeper.keep_during(asyncio.ensure_future(fail()))


async def test_progress_is_written_at_once_and_never_goes_back(
    keeper, context, generation, monkeypatch
):
    written, renew = asyncio.Event(), context.store.renew

    async def observed(*arguments, **options):
        await renew(*arguments, **options)
        written.set()

    monkeypatch.setattr(context.store, "renew", observed)
    keeper.report_progress(0.5)
    keeper.report_progress(0.2)
    await keeper.keep_during(asyncio.ensure_future(after(written)))
    assert (await context.store.get(generation.id)).progress == 0.5


async def test_the_work_is_cancelled_when_the_generation_is_lost(keeper):
    work = asyncio.ensure_future(asyncio.Event().wait())
    keeping = asyncio.ensure_future(keeper.keep_during(work))
    await asyncio.sleep(0)
    keeper.mark_lost()
    assert await keeping is None
    assert work.cancelled()


async def test_the_work_is_cancelled_when_a_renewal_finds_another_holder(
    keeper, context, generation
):
    work = asyncio.ensure_future(asyncio.Event().wait())
    await context.store.write(lifecycle.cancel(generation, now=context.clock.now()))
    keeping = asyncio.ensure_future(keeper.keep_during(work))
    keeper.report_progress(0.5)  # written at once, so the keeper notices the change at once
    assert await keeping is None
    assert work.cancelled()


async def test_paid_work_is_finished_although_the_generation_is_lost(keeper):
    finished = asyncio.Event()
    keeper.must_finish = True
    keeping = asyncio.ensure_future(keeper.keep_during(asyncio.ensure_future(after(finished))))
    keeper.mark_lost()
    for _ in range(5):
        await asyncio.sleep(0)
    finished.set()
    assert await keeping == "done"


async def test_a_failing_store_does_not_stop_the_work(keeper, context, monkeypatch):
    finished, renewed = asyncio.Event(), asyncio.Event()

    async def fail(*_, **__):
        renewed.set()
        raise StoreError("down")

    monkeypatch.setattr(context.store, "renew", fail)
    keeping = asyncio.ensure_future(keeper.keep_during(asyncio.ensure_future(after(finished))))
    keeper.report_progress(0.5)
    await renewed.wait()
    finished.set()
    assert await keeping == "done"


async def test_cancelling_the_keeper_cancels_the_work(keeper):
    work = asyncio.ensure_future(asyncio.Event().wait())
    keeping = asyncio.ensure_future(keeper.keep_during(work))
    await asyncio.sleep(0)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert work.cancelled()


async def test_a_settled_generation_has_no_lease_any_more(keeper, context, generation):
    failure = lifecycle.release(generation, now=context.clock.now())
    assert await keeper.settle(failure)
    assert (await context.store.get(generation.id)).state is State.QUEUED
    assert await context.store.holders() == frozenset()


async def test_settling_a_lost_generation_writes_nothing(keeper, context, generation):
    await context.store.write(lifecycle.cancel(generation, now=context.clock.now()))
    assert not await keeper.settle(lifecycle.release(generation, now=context.clock.now()))
    assert (await context.store.get(generation.id)).state is State.CANCELLED


async def test_writing_on_a_lost_generation_is_a_conflict(keeper, context, generation):
    requested = lifecycle.submit_upstream(
        generation, token="t" * 32, credential="c", now=context.clock.now()
    )
    await context.store.write(lifecycle.cancel(generation, now=context.clock.now()))
    with pytest.raises(Conflict):
        await keeper.write(requested)
    assert keeper.generation == replace(generation)
