"""What becomes of a generation when its attempt succeeds, fails, is cancelled, lost or stopped."""

import asyncio
import io
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from PIL import Image

from rushes.core import lifecycle
from rushes.core.errors import Conflict, PermanentEngineError, TemporaryEngineError
from rushes.core.generation import ArtifactKind, State
from rushes.core.spec import Keyframe, Position
from rushes.engines.scripted import ScriptedEngine
from rushes.store.base import Lease


async def test_what_an_engine_renders_is_kept_before_the_state_says_completed(shop, asked):
    await shop.submit(asked)
    seen = []
    shop.store.listen(
        lambda change: seen.extend(
            shop.media.path(artifact.key) is not None for artifact in change.after.artifacts
        )
    )
    await shop.scripted(b"a video").run_next()
    done = await shop.store.get(asked.id)
    assert done.state is State.COMPLETED
    assert {artifact.kind for artifact in done.artifacts} == set(ArtifactKind) - {
        ArtifactKind.IMAGE
    }
    assert seen == [True] * 4
    assert shop.media.path(done.artifact(ArtifactKind.VIDEO).key).read_bytes() == b"a video"


async def test_a_temporary_error_is_tried_again_and_told_of_once(shop, asked):
    await shop.submit(asked)
    worker = shop.scripted(TemporaryEngineError("busy"), b"video")
    await worker.run_next()
    assert await worker.run_next() is False
    shop.clock.advance(seconds=600)
    await worker.run_next()
    done = await shop.store.get(asked.id)
    assert (done.state, done.attempt) == (State.COMPLETED, 2)
    assert await shop.events(asked) == [
        "generation.queued",
        "generation.running",
        "generation.retried",
        "generation.running",
        "generation.completed",
    ]
    told = [delivery.event.type for delivery in await shop.store.deliveries(asked.id)]
    assert told == ["generation.running", "generation.completed"]


async def test_a_temporary_error_that_says_when_is_believed(shop, asked, clock):
    await shop.submit(asked)
    await shop.scripted(TemporaryEngineError("busy", retry_after_s=40)).run_next()
    waiting = await shop.store.get(asked.id)
    assert (waiting.available_at - clock.now()).total_seconds() == 40


async def test_a_permanent_error_is_not_tried_again(shop, asked):
    await shop.submit(asked)
    await shop.scripted(PermanentEngineError("refused")).run_next()
    failed = await shop.store.get(asked.id)
    assert (failed.state, failed.attempt) == (State.FAILED, 1)
    assert failed.failure is not None
    assert (failed.failure.code, failed.failure.message) == ("engine_rejected", "refused")


async def test_attempts_run_out(shop, asked):
    await shop.submit(asked)
    worker = shop.scripted(*[TemporaryEngineError("busy")] * 3)
    while await worker.run_next():
        shop.clock.advance(seconds=600)
    failed = await shop.store.get(asked.id)
    assert (failed.state, failed.attempt) == (State.FAILED, 3)


async def test_an_engine_that_breaks_its_promises_fails_the_attempt_without_showing_its_words(
    shop, asked
):
    async def surprise(_job):
        raise RuntimeError("the password is hunter2")

    await shop.submit(asked)
    await shop.scripted(b"video", before=surprise).run_next()
    waiting = await shop.store.get(asked.id)
    assert waiting.state is State.QUEUED
    assert waiting.attempt == 1


async def test_a_cancel_during_an_attempt_wins_and_leaves_no_files(shop, asked, clock):
    async def cancel(_job):
        running = await shop.store.get(asked.id)
        await shop.store.write(lifecycle.cancel(running, now=clock.now()))

    await shop.submit(asked)
    await shop.scripted(b"video", before=cancel).run_next()
    cancelled = await shop.store.get(asked.id)
    assert cancelled.state is State.CANCELLED
    assert shop.media.path(f"{asked.id}/1/video.mp4") is None


async def test_a_running_worker_stops_an_attempt_that_was_cancelled(shop, asked, clock):
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def hang(_job):
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    await shop.submit(asked)
    running = asyncio.create_task(shop.scripted(b"video", before=hang).run())
    await asyncio.wait_for(begun.wait(), 5)
    found = await shop.store.get(asked.id)
    await shop.store.write(lifecycle.cancel(found, now=clock.now()))
    await asyncio.wait_for(stopped.wait(), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (await shop.store.get(asked.id)).state is State.CANCELLED


async def test_a_worker_that_is_stopped_gives_back_what_it_had_without_counting_it(shop, asked):
    begun = asyncio.Event()

    async def hang(_job):
        begun.set()
        await asyncio.Event().wait()

    await shop.submit(asked)
    running = asyncio.create_task(shop.scripted(b"video", before=hang).run())
    await asyncio.wait_for(begun.wait(), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    returned = await shop.store.get(asked.id)
    assert (returned.state, returned.attempt) == (State.QUEUED, 0)
    await shop.scripted(b"video", name="w2").run_next()
    assert (await shop.store.get(asked.id)).state is State.COMPLETED


async def test_the_work_of_a_dead_worker_is_claimed_again_when_its_lease_ends(shop, asked, clock):
    await shop.submit(asked)
    claim = lifecycle.claim(asked, engine="scripted", now=clock.now())
    lease = shop.scripted(name="dead")._context.lease()
    await shop.store.write(claim, lease=lease)
    other = shop.scripted(b"video", name="w2")
    assert await other.run_next() is False
    clock.advance(seconds=16)
    assert await other.run_next() is True
    done = await shop.store.get(asked.id)
    assert (done.state, done.attempt) == (State.COMPLETED, 2)


async def test_a_worker_that_wakes_up_after_its_lease_changes_nothing(shop, asked, clock):
    """It slept through its lease and another worker claimed; what it brings is not taken."""
    other = shop.scripted(name="w2")._context

    async def oversleep(_job):
        clock.advance(seconds=16)
        waiting = await shop.store.next_available(now=clock.now())
        claim = lifecycle.claim(waiting, engine="scripted", now=clock.now())
        await shop.store.write(claim, lease=other.lease())

    await shop.submit(asked)
    await shop.scripted(b"mine", before=oversleep).run_next()
    theirs = await shop.store.get(asked.id)
    assert (theirs.state, theirs.attempt) == (State.RUNNING, 2)
    assert shop.media.path(f"{asked.id}/1/video.mp4") is None


async def test_a_generation_whose_attempts_never_end_is_given_up_with_its_reason(
    shop, asked, clock
):
    await shop.submit(asked)
    for turn in range(3):
        waiting = await shop.store.next_available(now=clock.now())
        claim = lifecycle.claim(waiting, engine="scripted", now=clock.now())
        await shop.store.write(claim, lease=shop.scripted(name=f"dead{turn}")._context.lease())
        clock.advance(seconds=16)
    assert await shop.scripted(b"video").run_next() is False
    failed = await shop.store.get(asked.id)
    assert failed.state is State.FAILED
    assert failed.failure is not None
    assert "given up after 3 attempts" in failed.failure.message


async def test_a_render_that_takes_too_long_is_ended(shop, asked):
    async def hang(_job):
        await asyncio.Event().wait()

    shop.limits = type(shop.limits)(render_timeout_s=0.05, max_attempts=1, progress_every_s=0.0)
    await shop.submit(asked)
    await shop.scripted(b"video", before=hang).run_next()
    failed = await shop.store.get(asked.id)
    assert failed.failure is not None
    assert failed.failure.code == "engine_timeout"


async def test_the_time_to_render_begins_once_it_is_the_render_s_turn(shop, asked, monkeypatch):
    order, timeout = [], asyncio.timeout

    class OneAtATime(ScriptedEngine):
        @asynccontextmanager
        async def turn(self, _spec):
            order.append("turn")
            yield

    def recorded(seconds):
        if seconds == 77.0:
            order.append("time")
        return timeout(seconds)

    monkeypatch.setattr(asyncio, "timeout", recorded)
    shop.limits = type(shop.limits)(render_timeout_s=77.0, max_attempts=1, progress_every_s=0.0)
    await shop.submit(asked)
    await shop.worker(OneAtATime([b"video"])).run_next()
    assert order == ["turn", "time"]


async def test_progress_is_seen_while_it_runs_and_does_not_move_the_version(shop, asked):
    looks = []

    class Telling(ScriptedEngine):
        async def render(self, job, folder, report):
            report(0.5)
            while (found := await shop.store.get(asked.id)).progress == 0:  # noqa: ASYNC110  # the store has no event for progress
                await asyncio.sleep(0)
            looks.append((found.progress, found.version))
            return await super().render(job, folder, lambda _share: None)

    await shop.submit(asked)
    await shop.worker(Telling([b"video"])).run_next()
    assert looks == [(0.5, 2)]


async def test_of_two_workers_one_gets_a_generation(shop, asked, clock):
    await shop.submit(asked)
    claim = lifecycle.claim(asked, engine="scripted", now=clock.now())
    await shop.store.write(claim, lease=Lease(worker="w1", until=clock.now()))
    with pytest.raises(Conflict):
        await shop.store.write(claim, lease=Lease(worker="w2", until=clock.now()))


async def test_a_model_that_nobody_serves_any_more_fails_with_that_reason(shop, make_generation):
    stale = make_generation()
    stale = replace(stale, spec=replace(stale.spec, model="ray-0"))
    await shop.submit(stale)
    assert await shop.scripted(b"video").run_next() is False
    failed = await shop.store.get(stale.id)
    assert failed.failure is not None
    assert failed.failure.message == "no engine serves ray-0 any more"


async def test_an_extension_gets_the_earlier_clip_and_its_last_frame(shop, make_generation):
    jobs = []

    async def look(job):
        jobs.append(job)

    picture = io.BytesIO()
    Image.new("RGB", (128, 72), "navy").save(picture, "JPEG")
    earlier = await shop.submit(make_generation("11111111-1111-4111-8111-111111111111"))
    await shop.scripted(picture.getvalue()).run_next()
    spec = replace(
        earlier.spec,
        keyframes=(Keyframe(position=Position.FIRST, generation_id=earlier.id),),
    )
    later = make_generation("22222222-2222-4222-8222-222222222222", spec=spec)
    await shop.submit(later)
    await shop.scripted(picture.getvalue(), before=look).run_next()
    assert (await shop.store.get(later.id)).state is State.COMPLETED
    assert jobs[0].earlier_clip.read_bytes() == picture.getvalue()
    assert jobs[0].first_image.name == "first.png"
