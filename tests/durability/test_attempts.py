"""Attempts on this machine that succeed, fail, are cancelled, lost or stopped."""

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


async def test_files_are_stored_before_the_state_is_completed(cluster, generation):
    await cluster.submit(generation)
    seen = []
    cluster.store.listen(
        lambda change: seen.extend(
            cluster.media.path(artifact.key) is not None for artifact in change.after.artifacts
        )
    )
    await cluster.local_worker(b"a video").run_next()
    done = await cluster.store.get(generation.id)
    assert done.state is State.COMPLETED
    assert {artifact.kind for artifact in done.artifacts} == set(ArtifactKind) - {
        ArtifactKind.IMAGE
    }
    assert seen == [True] * 4
    assert cluster.media.path(done.artifact(ArtifactKind.VIDEO).key).read_bytes() == b"a video"


async def test_a_temporary_error_is_retried_and_announced_once(cluster, generation):
    await cluster.submit(generation)
    worker = cluster.local_worker(TemporaryEngineError("busy"), b"video")
    await worker.run_next()
    assert await worker.run_next() is False
    cluster.clock.advance(seconds=600)
    await worker.run_next()
    done = await cluster.store.get(generation.id)
    assert (done.state, done.attempt) == (State.COMPLETED, 2)
    assert await cluster.events(generation) == [
        "generation.queued",
        "generation.running",
        "generation.retried",
        "generation.running",
        "generation.completed",
    ]
    reported = [delivery.event.type for delivery in await cluster.store.deliveries(generation.id)]
    assert reported == ["generation.running", "generation.completed"]


async def test_a_temporary_error_decides_when_the_retry_comes(cluster, generation, clock):
    await cluster.submit(generation)
    await cluster.local_worker(TemporaryEngineError("busy", retry_after_s=40)).run_next()
    waiting = await cluster.store.get(generation.id)
    assert (waiting.available_at - clock.now()).total_seconds() == 40


async def test_a_permanent_error_is_not_tried_again(cluster, generation):
    await cluster.submit(generation)
    await cluster.local_worker(PermanentEngineError("refused")).run_next()
    failed = await cluster.store.get(generation.id)
    assert (failed.state, failed.attempt) == (State.FAILED, 1)
    assert failed.failure is not None
    assert (failed.failure.code, failed.failure.message) == ("engine_rejected", "refused")


async def test_attempts_run_out(cluster, generation):
    await cluster.submit(generation)
    worker = cluster.local_worker(*[TemporaryEngineError("busy")] * 3)
    while await worker.run_next():
        cluster.clock.advance(seconds=600)
    failed = await cluster.store.get(generation.id)
    assert (failed.state, failed.attempt) == (State.FAILED, 3)


async def test_an_engine_that_breaks_its_promises_fails_the_attempt_without_showing_its_words(
    cluster, generation
):
    async def surprise(_job):
        raise RuntimeError("the password is hunter2")

    await cluster.submit(generation)
    await cluster.local_worker(b"video", before=surprise).run_next()
    waiting = await cluster.store.get(generation.id)
    assert waiting.state is State.QUEUED
    assert waiting.attempt == 1


async def test_a_cancel_during_an_attempt_wins_and_leaves_no_files(cluster, generation, clock):
    async def cancel(_job):
        running = await cluster.store.get(generation.id)
        await cluster.store.write(lifecycle.cancel(running, now=clock.now()))

    await cluster.submit(generation)
    await cluster.local_worker(b"video", before=cancel).run_next()
    cancelled = await cluster.store.get(generation.id)
    assert cancelled.state is State.CANCELLED
    assert cluster.media.path(f"{generation.id}/1/video.mp4") is None


async def test_a_running_worker_stops_an_attempt_that_was_cancelled(cluster, generation, clock):
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def hang(_job):
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    await cluster.submit(generation)
    running = asyncio.create_task(cluster.local_worker(b"video", before=hang).run())
    await asyncio.wait_for(begun.wait(), 5)
    found = await cluster.store.get(generation.id)
    await cluster.store.write(lifecycle.cancel(found, now=clock.now()))
    await asyncio.wait_for(stopped.wait(), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (await cluster.store.get(generation.id)).state is State.CANCELLED


async def test_a_stopped_worker_releases_its_generations_uncounted(cluster, generation):
    begun = asyncio.Event()

    async def hang(_job):
        begun.set()
        await asyncio.Event().wait()

    await cluster.submit(generation)
    running = asyncio.create_task(cluster.local_worker(b"video", before=hang).run())
    await asyncio.wait_for(begun.wait(), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    returned = await cluster.store.get(generation.id)
    assert (returned.state, returned.attempt) == (State.QUEUED, 0)
    await cluster.local_worker(b"video", name="w2").run_next()
    assert (await cluster.store.get(generation.id)).state is State.COMPLETED


async def test_the_work_of_a_dead_worker_is_claimed_again_when_its_lease_ends(
    cluster, generation, clock
):
    await cluster.submit(generation)
    claim = lifecycle.claim(generation, engine="scripted", now=clock.now())
    lease = cluster.local_worker(name="dead")._context.lease()
    await cluster.store.write(claim, lease=lease)
    other = cluster.local_worker(b"video", name="w2")
    assert await other.run_next() is False
    clock.advance(seconds=16)
    assert await other.run_next() is True
    done = await cluster.store.get(generation.id)
    assert (done.state, done.attempt) == (State.COMPLETED, 2)


async def test_a_worker_that_wakes_up_after_its_lease_changes_nothing(cluster, generation, clock):
    """It slept through its lease and another worker claimed; its result is not used."""
    other = cluster.local_worker(name="w2")._context

    async def oversleep(_job):
        clock.advance(seconds=16)
        waiting = await cluster.store.next_available(now=clock.now())
        claim = lifecycle.claim(waiting, engine="scripted", now=clock.now())
        await cluster.store.write(claim, lease=other.lease())

    await cluster.submit(generation)
    await cluster.local_worker(b"mine", before=oversleep).run_next()
    theirs = await cluster.store.get(generation.id)
    assert (theirs.state, theirs.attempt) == (State.RUNNING, 2)
    assert cluster.media.path(f"{generation.id}/1/video.mp4") is None


async def test_a_generation_whose_attempts_never_end_is_given_up_with_its_reason(
    cluster, generation, clock
):
    await cluster.submit(generation)
    for turn in range(3):
        waiting = await cluster.store.next_available(now=clock.now())
        claim = lifecycle.claim(waiting, engine="scripted", now=clock.now())
        await cluster.store.write(
            claim, lease=cluster.local_worker(name=f"dead{turn}")._context.lease()
        )
        clock.advance(seconds=16)
    assert await cluster.local_worker(b"video").run_next() is False
    failed = await cluster.store.get(generation.id)
    assert failed.state is State.FAILED
    assert failed.failure is not None
    assert "given up after 3 attempts" in failed.failure.message


async def test_a_render_that_takes_too_long_is_ended(cluster, generation):
    async def hang(_job):
        await asyncio.Event().wait()

    cluster.limits = type(cluster.limits)(
        render_timeout_s=0.05, max_attempts=1, progress_every_s=0.0
    )
    await cluster.submit(generation)
    await cluster.local_worker(b"video", before=hang).run_next()
    failed = await cluster.store.get(generation.id)
    assert failed.failure is not None
    assert failed.failure.code == "engine_timeout"


async def test_the_render_timeout_starts_when_the_render_starts(cluster, generation, monkeypatch):
    order, timeout = [], asyncio.timeout

    class OneAtATime(ScriptedEngine):
        @asynccontextmanager
        async def render_permit(self, _spec):
            order.append("turn")
            yield

    def recorded(seconds):
        if seconds == 77.0:
            order.append("time")
        return timeout(seconds)

    monkeypatch.setattr(asyncio, "timeout", recorded)
    cluster.limits = type(cluster.limits)(
        render_timeout_s=77.0, max_attempts=1, progress_every_s=0.0
    )
    await cluster.submit(generation)
    await cluster.worker(OneAtATime([b"video"])).run_next()
    assert order == ["turn", "time"]


async def test_an_engine_is_told_of_a_job_before_its_turn(cluster, generation):
    order = []

    class Preparing(ScriptedEngine):
        def expect(self, spec, prompt):
            order.append((spec, prompt))

        @asynccontextmanager
        async def render_permit(self, _spec):
            order.append("turn")
            yield

    await cluster.submit(generation)
    await cluster.worker(Preparing([b"video"])).run_next()
    assert order == [(generation.spec, generation.spec.prompt), "turn"]


async def test_progress_is_stored_without_a_new_version(cluster, generation):
    looks = []

    class Telling(ScriptedEngine):
        async def render(self, job, folder, report):
            report(0.5, "denoise")
            while (found := await cluster.store.get(generation.id)).progress == 0:  # noqa: ASYNC110  # the store has no event for progress
                await asyncio.sleep(0)
            looks.append((found.progress, found.phase, found.version))
            return await super().render(job, folder, lambda *_: None)

    await cluster.submit(generation)
    await cluster.worker(Telling([b"video"])).run_next()
    assert looks == [(0.5, "denoise", 2)]


async def test_a_generation_that_waits_for_the_device_says_so(cluster, generation):
    device = asyncio.Lock()

    class OneAtATime(ScriptedEngine):
        def render_permit(self, _spec):
            return device

    await cluster.submit(generation)
    async with device:
        running = asyncio.create_task(cluster.worker(OneAtATime([b"video"])).run_next())
        while (await cluster.store.get(generation.id)).phase != "waiting for the device":  # noqa: ASYNC110  # as above
            await asyncio.sleep(0)
    await running
    done = await cluster.store.get(generation.id)
    assert (done.state, done.phase) == ("completed", None)


async def test_of_two_workers_one_gets_a_generation(cluster, generation, clock):
    await cluster.submit(generation)
    claim = lifecycle.claim(generation, engine="scripted", now=clock.now())
    await cluster.store.write(claim, lease=Lease(worker="w1", until=clock.now()))
    with pytest.raises(Conflict):
        await cluster.store.write(claim, lease=Lease(worker="w2", until=clock.now()))


async def test_a_generation_of_a_removed_model_fails_with_that_reason(cluster, make_generation):
    stale = make_generation()
    stale = replace(stale, spec=replace(stale.spec, model="ray-0"))
    await cluster.submit(stale)
    assert await cluster.local_worker(b"video").run_next() is False
    failed = await cluster.store.get(stale.id)
    assert failed.failure is not None
    assert failed.failure.message == "no engine serves ray-0 any more"


async def test_an_extension_gets_the_earlier_clip_and_its_last_frame(cluster, make_generation):
    jobs = []

    async def look(job):
        jobs.append(job)

    picture = io.BytesIO()
    Image.new("RGB", (128, 72), "navy").save(picture, "JPEG")
    earlier = await cluster.submit(make_generation("11111111-1111-4111-8111-111111111111"))
    await cluster.local_worker(picture.getvalue()).run_next()
    spec = replace(
        earlier.spec,
        keyframes=(Keyframe(position=Position.FIRST, generation_id=earlier.id),),
    )
    later = make_generation("22222222-2222-4222-8222-222222222222", spec=spec)
    await cluster.submit(later)
    await cluster.local_worker(picture.getvalue(), before=look).run_next()
    assert (await cluster.store.get(later.id)).state is State.COMPLETED
    assert jobs[0].earlier_clip.read_bytes() == picture.getvalue()
    assert jobs[0].first_image.name == "first.png"
