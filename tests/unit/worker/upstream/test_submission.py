"""Submit one claimed generation to an upstream, at most once per attempt."""

import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs
from tests.durability.scripted_upstream import channel
from tests.unit.worker.stages import stored

from rushes.core import lifecycle
from rushes.core.errors import (
    AmbiguousSubmit,
    ChannelUnusable,
    ContentRejected,
    StoreError,
    UpstreamBusy,
    UpstreamUnreachable,
)
from rushes.core.generation import AttemptState, Failure, State
from rushes.kit.pacer import Pacer
from rushes.store.base import Lease
from rushes.worker.upstream import submission
from rushes.worker.upstream.channel_health import MAX_FAILURES, ChannelHealth
from rushes.worker.upstream.submission import FAILOVER_S, Submission, idempotency_key


class Attempt:
    """One claimed generation and its submission."""

    def __init__(self, context, upstream, generation, **options) -> None:
        self.context, self.generation = context, generation
        up = channel(upstream)
        self.health = ChannelHealth(context.store, [up], context.clock)
        self.followed = []
        self.submission = Submission(
            context,
            generation,
            up,
            pace=Pacer(6e7),
            health=self.health,
            follow=self.followed.append,
            **options,
        )

    async def run(self):
        with capture_logs():
            await self.submission.run()
        return await self.now()

    async def now(self):
        return await self.context.store.get(self.generation.id)


@pytest.fixture
async def claimed(context, upstream, make_generation):
    async def claimed(**options) -> Attempt:
        generation = await stored(context, make_generation(), AttemptState.RENDERING)
        return Attempt(context, upstream, generation, **options)

    return claimed


async def test_an_accepted_job_is_recorded_and_followed(claimed):
    one = await claimed()
    found = await one.run()
    assert (found.attempts[-1].state, found.attempts[-1].upstream_id) == (
        AttemptState.ACCEPTED,
        "u1",
    )
    assert one.followed == [found]


async def test_the_intent_is_stored_before_the_upstream_hears_of_it(claimed, upstream):
    one, stored_then = await claimed(), []

    async def look():
        stored_then.append(await one.now())

    upstream.during = look
    await one.run()
    assert [found.attempts[-1].state for found in stored_then] == [AttemptState.SUBMITTING]


async def test_a_worker_that_was_frozen_before_the_submit_does_not_send_it(
    claimed, upstream, monkeypatch
):
    one = await claimed()
    store, write = one.context.store, one.context.store.write

    async def write_and_freeze(change, **options):
        written = await write(change, **options)
        if change.after.attempts[-1].state is AttemptState.SUBMITTING:
            taken = lifecycle.doubt(
                change.after, Failure(code="x", message="lost"), now=one.context.clock.now()
            )
            await write(taken, lease=Lease(worker="another", until=one.context.clock.now()))
        return written

    monkeypatch.setattr(store, "write", write_and_freeze)
    found = await one.run()
    assert upstream.orders == []
    assert found.attempts[-1].state is AttemptState.AMBIGUOUS


async def test_a_submit_whose_lease_cannot_be_checked_is_not_sent(claimed, upstream, monkeypatch):
    one = await claimed()

    async def fail(*_, **__):
        raise StoreError("the disk is gone")

    monkeypatch.setattr(one.context.store, "renew", fail)
    found = await one.run()
    assert upstream.orders == []
    assert found.state is State.QUEUED, "nothing was sent, so another attempt may"


async def test_the_idempotency_key_is_the_same_for_all_submits_of_an_attempt(claimed, upstream):
    one = await claimed()
    await one.run()
    assert upstream.orders[0].key == idempotency_key(one.generation) == "rushes-g1-1"


async def test_a_submit_without_an_answer_is_ambiguous_and_reconciled(claimed, upstream):
    upstream.answers = [AmbiguousSubmit("cut off")]
    one = await claimed()
    found = await one.run()
    assert found.attempts[-1].state is AttemptState.AMBIGUOUS
    assert one.followed == [found]
    assert len(upstream.orders) == 1


async def test_a_submit_that_crashes_is_ambiguous(claimed, upstream, monkeypatch):
    async def crash(_):
        raise KeyError("id")

    monkeypatch.setattr(upstream, "submit", crash)
    found = await (await claimed()).run()
    assert found.attempts[-1].state is AttemptState.AMBIGUOUS


async def test_a_rejected_request_fails_the_generation_and_says_nothing_of_the_channel(
    claimed, upstream
):
    upstream.answers = [ContentRejected("a face")]
    one = await claimed()
    found = await one.run()
    assert (found.state, found.failure.code) == (State.FAILED, "content_rejected")
    assert one.health.pause_of("up") is None


async def test_a_refused_key_pauses_the_channel_and_queues_the_generation(claimed, upstream):
    upstream.answers = [ChannelUnusable("401")]
    one = await claimed()
    found = await one.run()
    assert found.state is State.QUEUED
    assert one.health.is_refused("up")


async def test_a_busy_upstream_gets_no_submits_for_a_while(claimed, upstream):
    upstream.answers = [UpstreamBusy("429", retry_after_s=9.0)]
    one = await claimed()
    found = await one.run()
    assert found.state is State.QUEUED
    assert one.health.is_busy("up")


async def test_an_unreachable_upstream_counts_against_the_channels_health(claimed, upstream):
    one = await claimed()
    for _ in range(MAX_FAILURES - 1):
        await one.health.record_failure("up", "no route")
    upstream.answers = [UpstreamUnreachable("no route")]
    await one.run()
    assert one.health.pause_of("up") is not None


async def test_a_generation_with_other_channels_is_queued_again_almost_at_once(
    claimed, upstream, clock
):
    upstream.answers = [UpstreamUnreachable("no route")]
    found = await (await claimed(has_others=True)).run()
    assert (found.available_at - clock.now()).total_seconds() == FAILOVER_S


async def test_a_generation_that_was_cancelled_before_the_submit_is_not_submitted(
    claimed, upstream, store, clock
):
    one = await claimed()
    await store.write(lifecycle.cancel(one.generation, now=clock.now()))
    found = await one.run()
    assert (found.state, upstream.orders) == (State.CANCELLED, [])


async def test_a_submit_under_way_goes_on_although_the_generation_is_lost(
    claimed, context, upstream, clock, monkeypatch
):
    monkeypatch.setattr(submission, "ANSWER_GRACE_S", 0.0)
    one = await claimed()

    async def lose():
        one.submission.mark_lost()
        change = lifecycle.resume(await one.now(), now=clock.now())
        await context.store.write(change, lease=replace(context, worker="w2").lease())
        one.submission._keeper.report_progress(0.1)  # renews, and so finds the other worker
        for _ in range(20):
            await asyncio.sleep(0)

    upstream.during = lose
    found = await one.run()
    assert found.attempts[-1].upstream_id == "u1"


async def test_a_stopping_worker_waits_for_the_answer(claimed, upstream):
    one, begun = await claimed(), asyncio.Event()
    answered = asyncio.Event()

    async def wait():
        begun.set()
        await answered.wait()

    upstream.during = wait
    running = asyncio.create_task(one.run())
    await begun.wait()
    running.cancel()
    answered.set()
    await asyncio.gather(running, return_exceptions=True)
    assert (await one.now()).attempts[-1].upstream_id == "u1"


async def test_without_an_answer_in_time_a_stopping_worker_leaves_an_ambiguous_submit(
    claimed, upstream, monkeypatch
):
    monkeypatch.setattr(submission, "ANSWER_GRACE_S", 0.0)
    one, begun = await claimed(), asyncio.Event()

    async def hang():
        begun.set()
        await asyncio.Event().wait()

    upstream.during = hang
    running = asyncio.create_task(one.run())
    await begun.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (await one.now()).attempts[-1].state is AttemptState.AMBIGUOUS


async def test_a_worker_that_stops_before_the_submit_releases_the_generation(
    claimed, upstream, monkeypatch
):
    one, begun = await claimed(), asyncio.Event()

    async def hang(*_):
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Submission, "_prepare", hang)
    running = asyncio.create_task(one.run())
    await begun.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    found = await one.now()
    assert (found.state, found.attempt, upstream.orders) == (State.QUEUED, 0, [])


async def test_a_repeated_submit_settles_an_ambiguous_one_only_if_it_is_accepted(
    context, upstream, make_generation
):
    generation = await stored(context, make_generation(), AttemptState.AMBIGUOUS)
    one = Attempt(context, upstream, generation)
    upstream.answers = [ContentRejected("a face"), None]
    with capture_logs():
        assert await one.submission.resubmit() is None
    assert (await one.now()).attempts[-1].state is AttemptState.AMBIGUOUS
    held = await one.submission.resubmit()
    assert (await one.now()).attempts[-1].state is AttemptState.ACCEPTED
    assert held == await one.now()
    assert {order.key for order in upstream.orders} == {"rushes-g1-1"}
