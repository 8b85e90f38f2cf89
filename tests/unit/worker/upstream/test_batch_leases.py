"""Renew leases and record progress for a channel's jobs in few writes."""

from datetime import timedelta

import pytest
from tests.unit.worker.stages import stored

from rushes.core import lifecycle
from rushes.core.errors import StoreError
from rushes.core.generation import AttemptState
from rushes.worker.upstream.acceptance import LEASES
from rushes.worker.upstream.batch_leases import MAX_FINE_JOBS, PROGRESS_STEP, BatchLeases
from rushes.worker.upstream.schedule import FollowedJob, PollSchedule


@pytest.fixture
def jobs() -> PollSchedule:
    return PollSchedule(lambda: None)


@pytest.fixture
def lost() -> list[FollowedJob]:
    return []


@pytest.fixture
def leases(context, jobs, lost) -> BatchLeases:
    async def drop_lost(job: FollowedJob) -> None:
        lost.append(job)

    return BatchLeases(context, jobs, drop_lost)


@pytest.fixture
async def job(context, jobs, make_generation, clock) -> FollowedJob:
    generation = await stored(context, make_generation(), AttemptState.ACCEPTED)
    until = context.lease(times=LEASES).until
    job = FollowedJob(generation=generation, held_until=until, due_at=clock.now())
    jobs.put(job, clock.now())
    return job


@pytest.fixture
def writes(context, monkeypatch) -> list[float]:
    """The progress of each renewal that is written."""
    written, renew = [], context.store.renew

    async def counted(generation, *, lease, progress):
        written.append(progress)
        await renew(generation, lease=lease, progress=progress)

    monkeypatch.setattr(context.store, "renew", counted)
    return written


async def test_nothing_is_written_while_the_lease_lasts_and_little_is_done(
    leases, job, writes, clock
):
    assert await leases.renew(job, clock.now() + timedelta(seconds=2), PROGRESS_STEP / 2)
    assert writes == []


async def test_noticeable_progress_is_written(leases, job, writes, context, clock):
    assert await leases.renew(job, clock.now() + timedelta(seconds=2), 0.4)
    assert writes == [0.4]
    assert (await context.store.get(job.generation.id)).progress == 0.4


async def test_a_lease_that_would_end_before_the_next_poll_is_renewed(leases, job, writes, clock):
    next_poll = job.held_until
    assert await leases.renew(job, next_poll, 0.0)
    assert len(writes) == 1
    assert job.held_until > next_poll


async def test_a_job_whose_generation_was_changed_elsewhere_is_dropped(
    leases, job, lost, context, clock
):
    await context.store.write(lifecycle.cancel(job.generation, now=clock.now()))
    assert not await leases.renew(job, clock.now(), 0.4)
    assert lost == [job]


async def test_with_very_many_jobs_the_steps_of_progress_grow(
    leases, job, writes, clock, monkeypatch
):
    monkeypatch.setattr(PollSchedule, "__len__", lambda _: 2 * MAX_FINE_JOBS)
    await leases.renew(job, clock.now(), 1.5 * PROGRESS_STEP)
    assert writes == []
    await leases.renew(job, clock.now(), 2.5 * PROGRESS_STEP)
    assert len(writes) == 1


async def test_a_job_that_is_late_to_be_polled_keeps_its_lease(leases, job, writes, clock):
    await leases.renew_expiring()
    assert writes == []
    clock.advance(seconds=40)
    await leases.renew_expiring()
    assert len(writes) == 1
    assert job.held_until > clock.now() + timedelta(seconds=30)


async def test_a_failing_store_leaves_the_job_for_the_next_renewal(
    leases, job, context, clock, monkeypatch
):
    async def fail(*_, **__):
        raise StoreError("down")

    with monkeypatch.context() as patched:
        patched.setattr(context.store, "renew", fail)
        clock.advance(seconds=40)
        await leases.renew_expiring()
    await leases.renew_expiring()
    assert job.held_until > clock.now() + timedelta(seconds=30)
