"""Record the job id of an accepted submit, and cancel unwanted jobs."""

from datetime import timedelta

import pytest
from tests.unit.worker.stages import at_stage, stored

from rushes.core import lifecycle
from rushes.core.errors import JobTaken, StoreError, UpstreamUnreachable
from rushes.core.generation import AttemptState
from rushes.worker.upstream.acceptance import LEASES, cancel_job, record_acceptance


@pytest.fixture
async def submitting(context, make_generation):
    return await stored(context, make_generation(), AttemptState.SUBMITTING)


async def test_the_job_id_is_stored_with_a_long_lease(context, upstream, submitting, store, clock):
    accepted = await record_acceptance(context, upstream, submitting, "u7")
    assert accepted == await store.get(submitting.id)
    assert accepted.attempts[-1].upstream_id == "u7"
    clock.advance(seconds=context.limits.lease_s * LEASES - 1)
    assert await store.next_available(now=clock.now()) is None
    clock.advance(seconds=2)
    assert await store.next_available(now=clock.now()) is not None


async def test_a_failing_store_is_retried_until_it_works(
    context, upstream, submitting, store, monkeypatch
):
    monkeypatch.setattr("rushes.worker.upstream.acceptance.exponential_s", lambda *_, **__: 0.0)
    failures, write = [StoreError("down")] * 3, store.write

    async def write_at_last(*arguments, **options):
        if failures:
            raise failures.pop()
        return await write(*arguments, **options)

    monkeypatch.setattr(store, "write", write_at_last)
    accepted = await record_acceptance(context, upstream, submitting, "u7")
    assert accepted.attempts[-1].upstream_id == "u7"
    assert not failures


async def test_the_id_is_recorded_although_another_worker_took_the_generation_over(
    context, upstream, submitting, store, clock
):
    await store.write(lifecycle.resume(submitting, now=clock.now()), lease=context.lease())
    accepted = await record_acceptance(context, upstream, submitting, "u7")
    assert accepted.attempts[-1].upstream_id == "u7"


async def test_a_callback_that_was_faster_with_the_same_id_is_no_conflict(
    context, upstream, submitting, store, clock
):
    await store.write(lifecycle.accept(submitting, "u7", now=clock.now()), lease=context.lease())
    accepted = await record_acceptance(context, upstream, submitting, "u7")
    assert accepted.attempts[-1].upstream_id == "u7"
    assert upstream.cancels == []


async def test_a_job_that_nobody_wants_is_cancelled(context, upstream, submitting, store, clock):
    await store.write(lifecycle.cancel(submitting, now=clock.now()))
    assert await record_acceptance(context, upstream, submitting, "u7") is None
    assert upstream.cancels == ["u7"]


async def test_a_job_that_may_belong_to_someone_else_is_never_cancelled(
    context, upstream, submitting, store, clock
):
    await store.write(lifecycle.cancel(submitting, now=clock.now()))
    assert await record_acceptance(context, upstream, submitting, "u7", is_certain=False) is None
    assert upstream.cancels == []


async def test_a_job_is_recorded_for_one_generation_only(
    context, upstream, submitting, make_generation
):
    await record_acceptance(context, upstream, submitting, "u7")
    other = await stored(context, make_generation("g2"), AttemptState.SUBMITTING)
    with pytest.raises(JobTaken):
        await record_acceptance(context, upstream, other, "u7")


async def test_a_failed_cancellation_is_no_error(upstream, make_generation, clock, monkeypatch):
    async def fail(_):
        raise UpstreamUnreachable("no route")

    monkeypatch.setattr(upstream, "cancel", fail)
    generation = at_stage(make_generation(), AttemptState.ACCEPTED, now=clock.now())
    await cancel_job(upstream, generation, "u7")


def test_a_followed_job_is_held_for_longer_than_a_poll_may_take(context):
    assert context.lease(times=LEASES).until - context.clock.now() > timedelta(seconds=30)
