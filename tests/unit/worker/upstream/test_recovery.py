"""Take over upstream jobs of dead workers."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs
from tests.unit.worker.stages import stored

from rushes.core import lifecycle
from rushes.core.errors import StoreError
from rushes.core.generation import AttemptState, State
from rushes.worker.upstream import recovery
from rushes.worker.upstream.channel_pool import ChannelPool
from rushes.worker.upstream.recovery import ABSENT_LEASES, Recovery


@pytest.fixture
def pool(context, up, health) -> ChannelPool:
    return ChannelPool(context, [up], health)


@pytest.fixture
async def orphan(context, make_generation):
    """A generation whose worker has died."""
    return await stored(replace(context, worker="dead"), make_generation(), AttemptState.ACCEPTED)


async def test_a_job_is_followed_by_its_channels_poller(context, pool, orphan, store):
    taking_over = Recovery(context, pool)
    await taking_over.take_over(orphan)
    assert list(taking_over.under_way) == [orphan.id]
    assert await taking_over.wait()
    assert pool.poller("up").job_count == 1
    assert await store.holders() == {"w1"}


async def test_there_may_be_nothing_to_wait_for(context, pool):
    assert not await Recovery(context, pool).wait()


async def test_a_job_that_another_worker_took_first_is_left_to_it(context, pool, orphan, store):
    other = replace(context, worker="faster")
    change = lifecycle.resume(orphan, now=context.clock.now())
    await store.write(change, lease=other.lease())
    taking_over = Recovery(context, pool)
    await taking_over.take_over(orphan)
    assert await taking_over.wait()
    assert pool.poller("up").job_count == 0


async def test_a_submit_that_was_cut_off_becomes_ambiguous(context, pool, make_generation, store):
    generation = await stored(context, make_generation(), AttemptState.SUBMITTING)
    taking_over = Recovery(context, pool)
    await taking_over.take_over(generation)
    await taking_over.wait()
    assert (await store.get(generation.id)).attempts[-1].state is AttemptState.AMBIGUOUS


async def test_a_job_of_a_channel_that_is_not_here_waits_for_a_worker_that_has_it(
    context, orphan, store, clock
):
    class NoChannels:
        def poller(self, _) -> None:
            return None

    taking_over = Recovery(context, NoChannels())
    with capture_logs() as logs:
        await taking_over.take_over(orphan)
        await taking_over.wait()
    assert logs[-1]["event"] == "channel_missing"
    clock.advance(seconds=context.limits.lease_s * ABSENT_LEASES - 1)
    assert await store.next_available(now=clock.now()) is None
    assert (await store.get(orphan.id)).state is State.RUNNING


async def test_very_many_takeovers_wait_for_those_before_them(
    context, pool, make_generation, monkeypatch
):
    monkeypatch.setattr(recovery, "MAX_CONCURRENT", 2)
    taking_over = Recovery(context, pool)
    for number in range(5):
        generation = await stored(
            context, make_generation(f"g{number}"), AttemptState.ACCEPTED, job_id=f"u{number}"
        )
        await taking_over.take_over(generation)
        assert len(taking_over.under_way) <= 2
    await taking_over.wait()
    assert pool.poller("up").job_count == 5


async def test_a_failing_store_is_reported(context, pool, orphan, monkeypatch):
    async def fail(*_, **__):
        raise StoreError("down")

    monkeypatch.setattr(context.store, "write", fail)
    taking_over = Recovery(context, pool)
    await taking_over.take_over(orphan)
    with pytest.raises(StoreError):
        await taking_over.wait()
    assert not taking_over.under_way
