"""Collect the files of a channel's finished jobs, with retries."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs
from tests.durability.scripted_upstream import DONE, channel
from tests.unit.worker.stages import stored

from rushes.core import lifecycle
from rushes.core.errors import MediaError, UpstreamUnreachable
from rushes.core.generation import ArtifactKind, AttemptState, State
from rushes.worker.result_files import held_folder
from rushes.worker.upstream.channel_health import ChannelHealth
from rushes.worker.upstream.collector import REPORT_AFTER, Collector
from rushes.worker.upstream.schedule import FollowedJob, PollSchedule
from rushes.worker.upstream.settlement import Settlement

VIDEO = "http://up.test/video.mp4"


class Finished:
    """A finished job and the collector of its channel."""

    def __init__(self, context, upstream, generation, **terms) -> None:
        self.context = context
        up = channel(upstream, **terms)
        self.health = ChannelHealth(context.store, [up], context.clock)
        self.jobs = PollSchedule(lambda: None)
        self.job = FollowedJob(
            generation=generation,
            held_until=context.clock.now() + timedelta(hours=1),
            due_at=context.clock.now(),
        )
        self.jobs.put(self.job, context.clock.now())
        self.jobs.mark_finished(self.job, is_finished=True)
        self.pauses: list[float] = []
        settlement = Settlement(context, up, self.jobs)
        self.collector = Collector(
            context,
            up,
            self.health,
            self.jobs,
            settle=settlement.settle,
            drop_lost=settlement.drop_lost,
            reschedule=self.reschedule,
        )

    async def reschedule(self, _, pause_s: float) -> None:
        self.pauses.append(pause_s)

    async def collect(self) -> None:
        with capture_logs():
            await self.collector.collect(self.job, DONE)

    async def now(self):
        return await self.context.store.get(self.job.generation.id)


@pytest.fixture
async def finished(context, upstream, clip, make_generation):
    upstream.clip = clip

    async def finished(**terms) -> Finished:
        generation = await stored(context, make_generation(), AttemptState.ACCEPTED)
        return Finished(context, upstream, generation, **terms)

    return finished


async def test_the_files_are_stored_and_the_generation_completes(finished, context):
    one = await finished()
    await one.collect()
    done = await one.now()
    assert done.state is State.COMPLETED
    assert all(context.media.path(artifact.key) for artifact in done.artifacts)
    assert done.artifact(ArtifactKind.VIDEO).duration_s == 0.5
    assert one.job not in one.jobs


async def test_a_missing_file_is_tried_again_after_growing_pauses(finished, upstream):
    one = await finished()
    upstream.gone.add(VIDEO)
    for _ in range(4):
        await one.collect()
    assert one.pauses == sorted(one.pauses)
    assert one.pauses[0] < one.pauses[-1]
    assert (await one.now()).state is State.RUNNING


async def test_a_file_that_stays_missing_fails_the_job(finished, upstream, clock):
    one = await finished(result_missing_after_s=900.0)
    upstream.gone.add(VIDEO)
    await one.collect()
    clock.advance(seconds=901)
    await one.collect()
    found = await one.now()
    assert (found.state, found.failure.code) == (State.FAILED, "result_missing")


async def test_a_delivered_file_proves_the_channel(finished, upstream):
    one = await finished()
    await one.health.record_undelivered("up", "404")
    await one.collect()
    assert not one.health.awaits_delivery("up")


async def test_a_file_that_keeps_missing_counts_once_against_the_channel(finished, upstream):
    one = await finished()
    upstream.gone.add(VIDEO)
    for _ in range(REPORT_AFTER - 1):
        await one.collect()
    assert not one.health.awaits_delivery("up")
    for _ in range(5):
        await one.collect()
    assert one.health.awaits_delivery("up")
    assert one.health.pause_of("up") is None  # one job alone does not pause a channel


async def test_a_full_disk_here_does_not_count_against_the_channel(finished, monkeypatch):
    one = await finished()

    async def full(*_):
        raise MediaError("the disk is full")

    monkeypatch.setattr("rushes.worker.upstream.results.store_results", full)
    for _ in range(REPORT_AFTER + 1):
        await one.collect()
    assert not one.health.awaits_delivery("up")
    assert (await one.now()).state is State.RUNNING


async def test_the_files_of_a_lost_job_are_deleted(finished, upstream, context, monkeypatch):
    one = await finished()
    fetch = upstream.fetch

    async def cancelled_meanwhile(*arguments, **options):
        current = await one.now()
        await context.store.write(lifecycle.cancel(current, now=context.clock.now()))
        await fetch(*arguments, **options)

    monkeypatch.setattr(upstream, "fetch", cancelled_meanwhile)
    await one.collect()
    assert (await one.now()).state is State.CANCELLED
    assert one.job not in one.jobs
    assert context.media.path(f"{held_folder(one.job.generation)}/video.mp4") is None
    assert upstream.cancels == ["u1"]


async def test_a_job_that_was_dropped_meanwhile_is_not_fetched(finished, upstream):
    one = await finished()
    one.jobs.drop(one.job)
    await one.collect()
    assert upstream.fetched == []


async def test_after_a_failed_try_the_job_is_no_longer_marked_as_being_fetched(finished, upstream):
    one = await finished()
    one.job.is_fetching = True
    upstream.fetches = [UpstreamUnreachable("cut")]
    await one.collect()
    assert not one.job.is_fetching
    assert one.job.held_until <= one.context.clock.now()
