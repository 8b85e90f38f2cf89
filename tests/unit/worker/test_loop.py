"""Claim queued generations and run them while the worker has free slots."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from structlog.testing import capture_logs
from tests.durability.scripted_upstream import ScriptedUpstream, channel
from tests.unit.worker.stages import stored

from rushes.core import lifecycle
from rushes.core.errors import StoreError
from rushes.core.generation import AttemptState, State
from rushes.engines.base import Channel, channels_of
from rushes.engines.scripted import ScriptedEngine
from rushes.worker.loop import Worker


@pytest.fixture
def worker(context, store):
    def worker(*channels: Channel, slots: int = 1) -> Worker:
        return Worker(context=context, channels=channels, pauses=store, slots=slots, poll_s=0.01)

    return worker


@pytest.fixture
def submit(store, make_generation):
    async def submit(*names: str) -> None:
        for name in names:
            await store.write(lifecycle.submit(make_generation(name)))

    return submit


def local(*steps, before=None) -> Channel:
    return channels_of({"ray-2": ScriptedEngine(steps, before=before)})[0]


class Hanging:
    """An engine hook that counts the renders that have begun and never lets them end."""

    def __init__(self, enough: int) -> None:
        self.begun, self.enough = 0, asyncio.Event()
        self._limit = enough

    async def __call__(self, _) -> None:
        self.begun += 1
        if self.begun >= self._limit:
            self.enough.set()
        await asyncio.Event().wait()


@asynccontextmanager
async def running(worker: Worker):
    with capture_logs():
        task = asyncio.create_task(worker.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def states(store, *names: str) -> list[State]:
    return [(await store.get(name)).state for name in names]


async def test_one_generation_is_claimed_and_rendered(worker, submit, store):
    await submit("g1")
    assert await worker(local(b"video")).run_next()
    assert await states(store, "g1") == [State.COMPLETED]


async def test_many_that_wait_for_a_busy_channel_do_not_hide_another_model(
    worker, store, make_generation, monkeypatch
):
    monkeypatch.setattr("rushes.worker.loop.MAX_SKIPPED", 2)
    model, other, hanging = make_generation().spec.model, "another", Hanging(1)
    gpu = Channel(
        name="gpu",
        engine=ScriptedEngine([b"video"], before=hanging),
        models={model: "x"},
        concurrency=1,
    )
    rest = Channel(
        name="rest",
        engine=ScriptedEngine([b"video", b"video"]),
        models={model: "x", other: "x"},
        fallback_for=frozenset({model}),
    )
    for number in range(5):
        await store.write(lifecycle.submit(make_generation(f"g{number}")))
    async with running(worker(gpu, rest)), asyncio.timeout(10):
        await hanging.enough.wait()
        for name in ("first", "second"):  # after the first one it is the busy model's turn
            made = make_generation(name)
            made = replace(made, spec=replace(made.spec, model=other))
            await store.write(lifecycle.submit(made))
            while (await store.get(made.id)).state is not State.COMPLETED:  # noqa: ASYNC110  # the store has no event for it
                await asyncio.sleep(0)
        assert await states(store, "g1") == [State.QUEUED]


async def test_there_may_be_nothing_to_claim(worker):
    assert not await worker(local()).run_next()


async def test_the_oldest_generation_comes_first(worker, submit, store, clock):
    for name in ("g2", "g1"):
        await submit(name)
        clock.advance(seconds=1)
    await worker(local(b"video")).run_next()
    assert await states(store, "g2", "g1") == [State.COMPLETED, State.QUEUED]


async def test_no_more_generations_render_at_once_than_there_are_slots(worker, submit, store):
    await submit("g1", "g2", "g3")
    hanging = Hanging(2)
    async with running(worker(local(b"video", b"video", before=hanging), slots=2)):
        await asyncio.wait_for(hanging.enough.wait(), 5)
        found = await states(store, "g1", "g2", "g3")
    assert sorted(found) == [State.QUEUED, State.RUNNING, State.RUNNING]


async def test_a_channel_with_a_limit_of_its_own_renders_beside_the_slots(worker, submit, store):
    await submit("first", "second", "third")
    hanging = Hanging(1)
    gpu = replace(local(b"video", b"video", before=hanging), name="gpu", priority=1, concurrency=1)
    here = local(b"video", b"video")
    completed, both = set(), asyncio.Event()

    def note(change):
        if change.after.state is State.COMPLETED:
            completed.add(change.after.id)
        if completed == {"second", "third"}:
            both.set()

    store.listen(note)
    async with running(worker(gpu, here, slots=1)):
        await asyncio.wait_for(both.wait(), 10)
        assert await states(store, "first") == [State.RUNNING]
    assert hanging.begun == 1


async def test_a_stopped_worker_returns_its_generations_to_the_queue(worker, submit, store):
    await submit("g1")
    hanging = Hanging(1)
    async with running(worker(local(b"video", before=hanging))):
        await asyncio.wait_for(hanging.enough.wait(), 5)
    assert await states(store, "g1") == [State.QUEUED]


async def test_a_new_generation_wakes_the_worker(context, store, submit):
    rendered = asyncio.Event()

    async def note(_) -> None:
        rendered.set()

    one = Worker(
        context=context, channels=[local(b"video", before=note)], pauses=store, poll_s=3600.0
    )
    async with running(one):
        while one.last_claim_at_s is None:  # noqa: ASYNC110  # a time, no event
            await asyncio.sleep(0.001)
        await submit("g1")
        await asyncio.wait_for(rendered.wait(), 5)


async def test_a_cancelled_generation_stops_rendering(worker, submit, store, clock):
    await submit("g1", "g2")
    hanging = Hanging(2)
    async with running(worker(local(b"video", b"video", before=hanging))):
        while hanging.begun < 1:  # noqa: ASYNC110  # a number, no event
            await asyncio.sleep(0.001)
        await store.write(lifecycle.cancel(await store.get("g1"), now=clock.now()))
        await asyncio.wait_for(hanging.enough.wait(), 5)  # the slot is free for the other one
    assert (await states(store, "g1"))[0] is State.CANCELLED


async def test_a_model_without_a_channel_fails_in_words(worker, submit, store):
    await submit("g1")
    other = channels_of({"ray-flash-2": ScriptedEngine([])})[0]
    assert not await worker(other).run_next()
    found = await store.get("g1")
    assert (found.state, found.failure.code) == (State.FAILED, "engine_rejected")
    assert "ray-2" in found.failure.message


async def test_a_generation_whose_attempts_never_ended_is_given_up(
    worker, submit, store, context, clock
):
    await submit("g1")
    for _ in range(context.limits.max_attempts):
        generation = await store.get("g1")
        claim = lifecycle.claim(generation, engine="scripted", now=clock.now())
        await store.write(claim, lease=context.lease())
        clock.advance(seconds=context.limits.lease_s + 1)
    await worker(local(b"video")).run_next()
    assert (await store.get("g1")).failure.code == "engine_crashed"


async def test_a_generation_waits_for_refused_channels_and_then_fails(
    worker, submit, store, context, clock
):
    await submit("g1")
    one = worker(channel(ScriptedUpstream()))
    await one._health.record_refusal("up", "401 Unauthorized")
    assert not await one.run_next()
    assert await states(store, "g1") == [State.QUEUED]
    clock.advance(seconds=context.limits.refused_wait_s)
    assert not await one.run_next()
    found = await store.get("g1")
    assert found.failure.code == "channel_unusable"
    assert "401 Unauthorized" in found.failure.message


async def test_a_job_of_a_dead_worker_is_taken_over_and_not_submitted_again(
    worker, store, context, make_generation, clock
):
    upstream = ScriptedUpstream(jobs={"u1": None})  # type: ignore[dict-item]  # its order is not needed
    await stored(context, make_generation(), AttemptState.ACCEPTED)
    clock.advance(seconds=context.limits.lease_s + 1)
    one = worker(channel(upstream))
    assert not await one.run_next()
    assert one.followed_jobs == 1
    assert upstream.orders == []


async def test_a_failing_store_does_not_end_the_worker(worker, submit, store, monkeypatch):
    await submit("g1")
    failed, search = asyncio.Event(), store.next_available

    async def fail_once(**options):
        if not failed.is_set():
            failed.set()
            raise StoreError("down")
        return await search(**options)

    monkeypatch.setattr(store, "next_available", fail_once)
    hanging = Hanging(1)
    async with running(worker(local(b"video", before=hanging))):
        await asyncio.wait_for(hanging.enough.wait(), 5)
    assert failed.is_set()


class TestSomeChannels:
    """A worker that works some of the channels leaves the others to other workers."""

    @pytest.fixture
    def some(self, context, store):
        def some(*channels: Channel, works: str) -> Worker:
            return Worker(context=context, channels=channels, pauses=store, works=(works,))

        return some

    async def test_it_claims_for_its_own_channels_only(self, some, submit, store):
        await submit("g1")
        both = (local(b"video"), channel(ScriptedUpstream(), name="up", priority=1))
        assert await some(*both, works=both[0].name).run_next()
        (attempt,) = (await store.get("g1")).attempts
        assert attempt.channel == both[0].name

    async def test_it_leaves_what_only_others_can_make_in_the_queue(self, some, submit, store):
        await submit("g1")
        flash = channels_of({"ray-flash-2": ScriptedEngine([])})[0]
        worker = some(local(b"video"), replace(flash, name="flash"), works="flash")
        assert not await worker.run_next()
        assert await states(store, "g1") == [State.QUEUED]

    async def test_it_leaves_jobs_of_dead_workers_at_other_channels_to_others(
        self, some, context, store, make_generation, clock
    ):
        dead = replace(context, worker="dead")
        orphan = await stored(dead, make_generation(), AttemptState.ACCEPTED)
        clock.advance(seconds=1000)
        both = (local(b"video"), channel(ScriptedUpstream(), name=orphan.attempts[-1].channel))
        assert not await some(*both, works=both[0].name).run_next()
        assert (await store.get(orphan.id)).version == orphan.version
        taker = some(*both, works=both[1].name)
        await taker.run_next()
        assert taker.followed_jobs == 1
