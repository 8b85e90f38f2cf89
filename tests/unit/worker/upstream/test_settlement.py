"""Write how upstream jobs ended, and stop following them."""

import pytest
from tests.durability.scripted_upstream import channel, failed
from tests.unit.worker.stages import stored

from rushes.core import lifecycle
from rushes.core.errors import UpstreamLost
from rushes.core.generation import AttemptState, Failure, State
from rushes.worker.upstream.schedule import FollowedJob, PollSchedule
from rushes.worker.upstream.settlement import Settlement

WHY = Failure(code="engine_error", message="no")


@pytest.fixture
def jobs() -> PollSchedule:
    return PollSchedule(lambda: None)


@pytest.fixture
def settlement(context, upstream, jobs) -> Settlement:
    return Settlement(context, channel(upstream, deadline_s=60.0), jobs)


@pytest.fixture
async def job(context, jobs, make_generation, clock) -> FollowedJob:
    generation = await stored(context, make_generation(), AttemptState.ACCEPTED)
    job = FollowedJob(generation=generation, held_until=clock.now(), due_at=clock.now())
    jobs.put(job, clock.now())
    return job


async def test_a_settled_job_is_written_and_no_longer_followed(settlement, job, jobs, store, clock):
    change = lifecycle.fail(job.generation, WHY, now=clock.now())
    assert await settlement.settle(job, change)
    assert (await store.get(job.generation.id)).state is State.FAILED
    assert job not in jobs


async def test_a_lost_job_is_dropped_without_a_write(settlement, job, jobs, store, clock):
    await store.write(lifecycle.cancel(job.generation, now=clock.now()))
    assert not await settlement.settle(job, lifecycle.fail(job.generation, WHY, now=clock.now()))
    assert (await store.get(job.generation.id)).state is State.CANCELLED
    assert job not in jobs


async def test_a_lost_job_that_was_cancelled_is_cancelled_at_the_upstream(
    settlement, job, upstream, store, clock
):
    await store.write(lifecycle.cancel(job.generation, now=clock.now()))
    await settlement.drop_lost(job)
    assert upstream.cancels == ["u1"]


async def test_a_lost_job_that_another_worker_follows_goes_on(
    settlement, job, upstream, context, clock
):
    change = lifecycle.resume(job.generation, now=clock.now())
    await context.store.write(change, lease=context.lease())
    await settlement.drop_lost(job)
    assert upstream.cancels == []


async def test_a_temporary_error_queues_another_attempt(settlement, job, store):
    await settlement.fail(job, UpstreamLost("no u1"))
    assert (await store.get(job.generation.id)).state is State.QUEUED


async def test_a_failure_at_the_upstream_is_the_failure_here(settlement, job, store):
    await settlement.fail_as_reported(job, failed("content_rejected"))
    found = await store.get(job.generation.id)
    assert (found.state, found.failure.code) == (State.FAILED, "content_rejected")


async def test_a_late_job_fails_with_the_deadline_in_words(settlement, job, store):
    await settlement.fail_late(job)
    assert "60 s" in (await store.get(job.generation.id)).failure.message
