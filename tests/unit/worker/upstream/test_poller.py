"""Poll the jobs of one upstream channel until they end."""

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest
from structlog.testing import capture_logs
from tests.durability.scripted_upstream import DONE, WORKING, channel, failed
from tests.unit.worker.stages import stored

from rushes.core import lifecycle
from rushes.core.errors import StoreError, UpstreamBusy, UpstreamLost, UpstreamUnreachable
from rushes.core.generation import AttemptState, State
from rushes.kit.pacer import Pacer
from rushes.worker.upstream.channel_health import ChannelHealth
from rushes.worker.upstream.poller import MAX_UNKNOWN_POLLS, JobPoller


class Followed:
    """One accepted job and the poller that follows it."""

    def __init__(self, context, upstream, generation, **terms) -> None:
        self.context, self.generation = context, generation
        self.channel = channel(upstream, **terms)
        self.health = ChannelHealth(context.store, [self.channel], context.clock)
        self.poller = JobPoller(
            context,
            self.channel,
            pace=Pacer(6e7),
            health=self.health,
            resubmit=self.resubmit,
            chance=lambda: 0.5,
        )
        self.poller.follow(generation)

    async def resubmit(self, _) -> None:
        """Find nothing."""

    async def poll(self, *, after_s: float) -> None:
        self.context.clock.advance(seconds=after_s)
        with capture_logs():
            await self.poller.poll_due()

    async def now(self):
        return await self.context.store.get(self.generation.id)


@pytest.fixture
async def follow(context, upstream, make_generation):
    async def follow(state: AttemptState = AttemptState.ACCEPTED, **terms) -> Followed:
        generation = await stored(context, make_generation(), state)
        upstream.jobs["u1"] = None
        return Followed(context, upstream, generation, **terms)

    return follow


async def test_a_job_is_not_polled_before_it_is_due(follow, upstream):
    one = await follow(expected_duration_s=600.0, min_poll_interval_s=2.0)
    await one.poll(after_s=1)
    assert upstream.looked == []


class FailingPace:
    """A pace whose store is away for the first call."""

    def __init__(self) -> None:
        self.failed, self.passed = asyncio.Event(), asyncio.Event()

    async def wait(self) -> None:
        if not self.failed.is_set():
            self.failed.set()
            raise StoreError("the database is away")
        self.passed.set()


async def test_a_pace_whose_store_is_away_loses_no_job(follow, upstream):
    one = await follow()
    one.poller._pace = FailingPace()
    await one.poll(after_s=600)
    assert upstream.looked == []
    assert one.poller.job_count == 1
    await one.poll(after_s=60)
    assert upstream.looked == [("u1",)]


async def test_a_pace_whose_store_is_away_does_not_end_the_poller(follow, upstream):
    one = await follow()
    one.poller._pace = pace = FailingPace()
    one.context.clock.advance(seconds=600)
    with capture_logs():
        running = asyncio.create_task(one.poller.run())
        async with asyncio.timeout(30):
            await pace.failed.wait()
            one.context.clock.advance(seconds=60)
            one.poller.poll_now(one.generation.id)
            await pace.passed.wait()
            await asyncio.wait(one.poller._tasks)
        assert not running.done()
        assert upstream.looked == [("u1",)]
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_the_pauses_between_polls_are_within_the_channels_limits(follow, upstream):
    one = await follow(expected_duration_s=100.0, min_poll_interval_s=4.0, max_poll_interval_s=20.0)
    polls = []
    for second in range(600):
        before = len(upstream.looked)
        await one.poll(after_s=1)
        polls += [second] if len(upstream.looked) > before else []
    pauses = [after - before for before, after in pairwise(polls)]
    assert min(pauses) >= 4
    assert max(pauses) <= 21


async def test_reported_progress_is_stored_and_never_goes_back(follow, upstream):
    one = await follow()
    for reported in (0.5, 0.3):
        upstream.sightings["u1"] = replace(WORKING, progress=reported)
        await one.poll(after_s=31)
    assert (await one.now()).progress == 0.5


async def test_progress_is_guessed_for_an_upstream_that_reports_none(follow):
    one = await follow(expected_duration_s=60.0)
    await one.poll(after_s=31)
    assert 0.2 < (await one.now()).progress < 0.95


async def test_a_job_that_failed_at_the_upstream_fails_here(follow, upstream):
    one = await follow()
    upstream.sightings["u1"] = failed("content_rejected")
    await one.poll(after_s=31)
    found = await one.now()
    assert (found.state, found.failure.code) == (State.FAILED, "content_rejected")
    assert one.poller.job_count == 0


async def test_a_job_that_is_not_done_by_its_deadline_fails(follow):
    one = await follow(deadline_s=60.0)
    await one.poll(after_s=61)
    found = await one.now()
    assert (found.state, found.failure.code) == (State.FAILED, "engine_timeout")


async def test_polls_that_fail_come_more_and_more_rarely(follow, upstream):
    one = await follow()
    upstream.sightings["u1"] = UpstreamUnreachable("no route")
    polls_of_first_minute = polls_of_tenth_minute = 0
    for second in range(600):
        before = len(upstream.looked)
        await one.poll(after_s=1)
        polled = len(upstream.looked) > before
        polls_of_first_minute += polled and second < 60
        polls_of_tenth_minute += polled and second >= 540
    assert polls_of_first_minute >= 3
    assert polls_of_tenth_minute <= 1


async def test_a_busy_upstream_is_not_asked_about_any_job_for_a_while(follow, upstream):
    one = await follow()
    upstream.sightings["u1"] = UpstreamBusy("429", retry_after_s=50.0)
    await one.poll(after_s=31)
    one.poller.poll_now(one.generation.id)
    await one.poll(after_s=49)
    assert len(upstream.looked) == 1
    await one.poll(after_s=1)
    assert len(upstream.looked) == 2


async def test_an_upstream_that_does_not_know_a_job_for_a_moment_is_not_believed(follow, upstream):
    one = await follow()
    upstream.sightings["u1"] = UpstreamLost("no u1")
    for _ in range(MAX_UNKNOWN_POLLS + 2):
        await one.poll(after_s=130)
    assert (await one.now()).state is State.RUNNING


async def test_an_upstream_that_loses_jobs_is_believed_after_a_few_polls(follow, upstream):
    one = await follow(loses_jobs=True)
    upstream.sightings["u1"] = UpstreamLost("no u1")
    for _ in range(MAX_UNKNOWN_POLLS):
        assert (await one.now()).state is State.RUNNING
        await one.poll(after_s=130)
    assert (await one.now()).state is State.QUEUED


async def test_several_jobs_share_a_request_where_the_upstream_allows_it(
    follow, upstream, context, make_generation
):
    upstream.poll_batch_size = 10
    one = await follow()
    other = await stored(context, make_generation("g2"), AttemptState.ACCEPTED, job_id="u2")
    upstream.jobs["u2"] = None
    one.poller.follow(other)
    await one.poll(after_s=31)
    assert [sorted(ids) for ids in upstream.looked] == [["u1", "u2"]]


async def test_a_job_that_the_upstreams_list_leaves_out_is_polled_again(
    follow, upstream, context, make_generation
):
    upstream.poll_batch_size = 10
    one = await follow()
    other = await stored(context, make_generation("g2"), AttemptState.ACCEPTED, job_id="u2")
    one.poller.follow(other)
    await one.poll(after_s=31)
    assert (await context.store.get(other.id)).state is State.RUNNING
    assert one.poller.job_count == 2


async def test_an_answer_that_crashes_us_stops_neither_the_job_nor_the_poller(
    follow, upstream, monkeypatch
):
    one = await follow()

    async def crash(_):
        raise KeyError("phase")

    with monkeypatch.context() as patched:
        patched.setattr(upstream, "poll", crash)
        await one.poll(after_s=31)
    upstream.sightings["u1"] = failed()
    await one.poll(after_s=31)
    assert (await one.now()).state is State.FAILED


async def test_poll_now_polls_before_the_job_is_due(follow, upstream):
    one = await follow(expected_duration_s=1000.0)
    assert one.poller.poll_now(one.generation.id)
    await one.poll(after_s=0)
    assert len(upstream.looked) == 1


async def test_poll_now_knows_only_followed_jobs(follow):
    one = await follow()
    assert not one.poller.poll_now("another")


async def test_a_cancelled_job_is_cancelled_at_the_upstream_too(follow, upstream):
    one = await follow()
    change = lifecycle.cancel(await one.now(), now=one.context.clock.now())
    await one.context.store.write(change)
    one.poller.drop_cancelled(change)
    await one.poll(after_s=0)
    assert upstream.cancels == ["u1"]
    assert one.poller.job_count == 0


async def test_the_lease_is_renewed_while_a_job_is_followed(follow, store):
    one = await follow()
    for _ in range(20):
        await one.poll(after_s=20)
        assert await store.next_available(now=one.context.clock.now()) is None


async def test_a_finished_job_is_fetched_and_completes(follow, upstream, clip):
    upstream.clip = clip
    one = await follow()
    upstream.sightings["u1"] = DONE
    await one.poll(after_s=31)
    assert (await one.now()).state is State.COMPLETED


async def test_a_job_that_was_reported_finished_too_early_goes_on(follow, upstream):
    one = await follow()
    upstream.gone.add("http://up.test/video.mp4")
    upstream.sightings["u1"] = DONE
    await one.poll(after_s=31)
    assert one.poller.finished_count == 1
    upstream.sightings["u1"] = WORKING
    await one.poll(after_s=31)
    assert one.poller.finished_count == 0
    assert (await one.now()).state is State.RUNNING


async def test_an_ambiguous_job_is_searched_for_and_not_polled(follow, upstream):
    upstream.lists = False
    one = await follow(AttemptState.AMBIGUOUS, ambiguous_after_s=60.0)
    await one.poll(after_s=3)
    assert upstream.looked == []
    await one.poll(after_s=60)
    found = await one.now()
    assert (found.state, found.failure.code) == (State.FAILED, "submit_unconfirmed")


async def test_a_poller_that_stops_ends_its_leases(follow, store):
    one = await follow()
    running = asyncio.create_task(one.poller.run())
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    waiting = await store.next_available(now=one.context.clock.now())
    assert waiting is not None
    assert waiting.id == one.generation.id


async def test_the_failures_of_a_poll_count_against_the_channels_health(follow, upstream):
    one = await follow()
    upstream.sightings["u1"] = UpstreamUnreachable("no route")
    for _ in range(5):
        await one.poll(after_s=130)
    assert one.health.pause_of("up") is not None
