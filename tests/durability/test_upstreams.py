"""Generations that an upstream makes: submitted once, polled, stored, settled."""

import asyncio
import socket
import sys
from dataclasses import replace
from datetime import timedelta

import av
import numpy as np
import pytest
from tests.durability.scripted_upstream import (
    DONE,
    WORKING,
    ScriptedUpstream,
    channel,
    failed,
)

from rushes.core import lifecycle
from rushes.core.channel_pause import ChannelPause, PausedBy
from rushes.core.errors import (
    AmbiguousSubmit,
    ChannelUnusable,
    Conflict,
    ContentRejected,
    PermanentEngineError,
    StoreError,
    TemporaryEngineError,
    UpstreamBusy,
    UpstreamUnreachable,
)
from rushes.core.generation import ArtifactKind, AttemptState, State
from rushes.engines.base import channels_of
from rushes.engines.scripted import ScriptedEngine
from rushes.worker.undelivered import UNUSABLE_TRIES


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """A real video of half a second, 128x128."""
    file = tmp_path_factory.mktemp("clip") / "clip.mp4"
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width = stream.height = 128
        stream.pix_fmt = "yuv420p"
        for shade in range(12):
            picture = np.full((128, 128, 3), 20 * shade, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return file


@pytest.fixture
def upstream(clip) -> ScriptedUpstream:
    return ScriptedUpstream(clip=clip)


async def attempts(cluster, generation):
    found = await cluster.store.get(generation.id)
    return [(one.channel, one.state, one.upstream_id) for one in found.attempts]


class TestOneJob:
    async def test_a_job_is_submitted_once_polled_and_stored(self, cluster, generation, upstream):
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        await worker.run_next()
        upstream.sightings["u1"] = DONE
        await cluster.poll(worker, after_s=10)
        done = await cluster.store.get(generation.id)
        assert (done.state, len(upstream.orders)) == (State.COMPLETED, 1)
        assert {one.kind for one in done.artifacts} == set(ArtifactKind) - {ArtifactKind.IMAGE}
        assert all(cluster.media.path(one.key) for one in done.artifacts)
        video = done.artifact(ArtifactKind.VIDEO)
        assert (video.width_px, video.height_px, video.duration_s) == (128, 128, 0.5)
        assert await cluster.events(generation) == [
            "generation.queued",
            "generation.running",
            "generation.submitting",
            "generation.accepted",
            "generation.completed",
        ]

    async def test_the_intent_is_stored_before_the_submit_and_the_job_id_right_after(
        self, cluster, generation, upstream
    ):
        await cluster.submit(generation)
        seen = []

        async def look():
            seen.append((await cluster.store.get(generation.id)).attempts[-1])

        upstream.during = look
        await cluster.upstream_worker(channel(upstream)).run_next()
        assert [one.state for one in seen] == [AttemptState.SUBMITTING]
        assert seen[0].credential == "cafe0123"
        assert len(seen[0].token) == 32
        assert await attempts(cluster, generation) == [("up", AttemptState.ACCEPTED, "u1")]

    async def test_the_order_has_the_upstreams_model_name_and_the_attempts_key(
        self, cluster, generation, upstream
    ):
        await cluster.submit(generation)
        await cluster.upstream_worker(channel(upstream)).run_next()
        order = upstream.orders[0]
        assert (order.model, order.key) == ("their-ray", f"rushes-{generation.id}-1")
        assert order.callback_url is None
        assert order.job.prompt == generation.spec.prompt

    async def test_progress_is_the_upstreams_and_never_goes_back(
        self, cluster, generation, upstream
    ):
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        await worker.run_next()
        shown = []
        for share in (0.3, 0.1, 0.6):
            upstream.sightings["u1"] = replace(WORKING, progress=share)
            await cluster.poll(worker, after_s=31)
            shown.append((await cluster.store.get(generation.id)).progress)
        assert shown == sorted(shown)
        assert shown[-1] >= 0.6

    async def test_a_permanent_refusal_fails_with_its_reason(self, cluster, generation, upstream):
        await cluster.submit(generation)
        upstream.answers = [ContentRejected("against the rules")]
        await cluster.upstream_worker(channel(upstream)).run_next()
        found = await cluster.store.get(generation.id)
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "content_rejected")
        assert await attempts(cluster, generation) == [("up", AttemptState.FAILED, None)]

    async def test_a_job_that_failed_for_good_is_not_repeated(self, cluster, generation, upstream):
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        await worker.run_next()
        upstream.sightings["u1"] = failed("content_rejected")
        await cluster.poll(worker, after_s=10)
        found = await cluster.store.get(generation.id)
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "content_rejected")
        assert len(upstream.orders) == 1


class TestTroubleWhileLooking:
    @pytest.mark.parametrize(
        "trouble",
        [
            UpstreamUnreachable("502"),
            UpstreamBusy("429", retry_after_s=3),
            TemporaryEngineError("not JSON"),
        ],
    )
    async def test_no_trouble_fails_a_paid_job_before_its_deadline(
        self, cluster, generation, upstream, trouble
    ):
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream, deadline_s=3600.0))
        await worker.run_next()
        upstream.sightings["u1"] = trouble
        for _ in range(20):
            await cluster.poll(worker, after_s=150)
        assert (await cluster.store.get(generation.id)).state is State.RUNNING
        upstream.sightings["u1"] = DONE
        await cluster.poll(worker, after_s=150)
        assert (await cluster.store.get(generation.id)).state is State.COMPLETED

    async def test_a_job_that_is_unknown_now_and_then_goes_on(self, cluster, generation, upstream):
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        await worker.run_next()
        order = upstream.jobs.pop("u1")
        for _ in range(5):
            await cluster.poll(worker, after_s=150)
        upstream.jobs["u1"] = order
        upstream.sightings["u1"] = DONE
        await cluster.poll(worker, after_s=150)
        assert (await cluster.store.get(generation.id)).state is State.COMPLETED

    async def test_a_job_lost_by_an_upstream_that_loses_jobs_is_repeated(
        self, cluster, generation, upstream
    ):
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream, loses_jobs=True))
        await worker.run_next()
        del upstream.jobs["u1"]
        for _ in range(3):
            await cluster.poll(worker, after_s=30)
        assert (await cluster.store.get(generation.id)).state is State.QUEUED
        cluster.clock.advance(seconds=60)
        await worker.run_next()
        assert len(upstream.orders) == 2

    async def test_a_job_past_its_deadline_fails_and_names_its_id(
        self, cluster, generation, upstream
    ):
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream, deadline_s=100.0))
        await worker.run_next()
        await cluster.poll(worker, after_s=99)
        assert (await cluster.store.get(generation.id)).state is State.RUNNING
        await cluster.poll(worker, after_s=31)
        found = await cluster.store.get(generation.id)
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "engine_timeout")
        assert "u1" in found.failure.message

    async def test_a_file_that_cannot_be_fetched_now_is_fetched_later(
        self, cluster, generation, upstream
    ):
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        await worker.run_next()
        upstream.sightings["u1"] = DONE
        upstream.fetches = [UpstreamUnreachable("cut"), UpstreamUnreachable("cut")]
        for _ in range(3):
            await cluster.poll(worker, after_s=60)
        assert (await cluster.store.get(generation.id)).state is State.COMPLETED

    async def test_a_result_that_is_no_video_is_never_delivered(
        self, cluster, generation, upstream
    ):
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        await worker.run_next()
        upstream.sightings["u1"] = DONE
        upstream.fetches = [b"<html>sorry</html>"] * UNUSABLE_TRIES
        for _ in range(UNUSABLE_TRIES):
            await cluster.poll(worker, after_s=60)
        found = await cluster.store.get(generation.id)
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "result_unusable")
        assert found.artifacts == ()


class TestDoubt:
    async def ambiguous(self, cluster, generation, upstream, **terms):
        await cluster.submit(generation)
        upstream.answers = [AmbiguousSubmit("cut off")]
        worker = cluster.upstream_worker(channel(upstream, **terms))
        await worker.run_next()
        assert await attempts(cluster, generation) == [("up", AttemptState.AMBIGUOUS, None)]
        return worker

    async def test_a_job_accepted_without_an_answer_is_found_in_the_list(
        self, cluster, generation, upstream
    ):
        upstream.accepts_first = True
        upstream.default = DONE
        worker = await self.ambiguous(cluster, generation, upstream)
        await cluster.poll(worker, after_s=5)
        await cluster.poll(worker, after_s=5)
        done = await cluster.store.get(generation.id)
        assert (done.state, len(upstream.jobs)) == (State.COMPLETED, 1)
        assert done.made_by is not None
        assert done.made_by.upstream_id == "u1"

    @pytest.mark.parametrize("lists", [True, False])
    async def test_a_lost_submit_that_is_not_found_in_time_fails_and_is_not_repeated(
        self, cluster, generation, upstream, lists
    ):
        upstream.lists = lists
        worker = await self.ambiguous(cluster, generation, upstream, ambiguous_after_s=120.0)
        for _ in range(3):
            await cluster.poll(worker, after_s=31)
        assert (await cluster.store.get(generation.id)).state is State.RUNNING
        await cluster.poll(worker, after_s=31)
        found = await cluster.store.get(generation.id)
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "submit_unconfirmed")
        assert found.attempts[-1].state is AttemptState.UNCONFIRMED
        assert len(upstream.orders) == 1

    async def test_only_a_channel_that_may_pay_twice_submits_again(
        self, cluster, generation, upstream
    ):
        worker = await self.ambiguous(
            cluster, generation, upstream, ambiguous_after_s=10.0, resubmits=True
        )
        await cluster.poll(worker, after_s=11)
        await worker.run_next()
        assert await attempts(cluster, generation) == [
            ("up", AttemptState.UNCONFIRMED, None),
            ("up", AttemptState.ACCEPTED, "u1"),
        ]

    async def test_repeating_a_submit_finds_its_job_where_keys_are_honoured(
        self, cluster, generation, upstream
    ):
        upstream.accepts_first = upstream.honours_keys = True
        worker = await self.ambiguous(cluster, generation, upstream, honours_keys=True)
        await cluster.poll(worker, after_s=5)
        assert await attempts(cluster, generation) == [("up", AttemptState.ACCEPTED, "u1")]
        assert {order.key for order in upstream.orders} == {f"rushes-{generation.id}-1"}
        assert len(upstream.jobs) == 1

    async def test_a_refused_repetition_does_not_settle_an_ambiguous_submit(
        self, cluster, generation, upstream
    ):
        upstream.accepts_first = upstream.honours_keys = True
        upstream.lists = False
        worker = await self.ambiguous(cluster, generation, upstream, honours_keys=True)
        upstream.honours_keys, upstream.accepts_first = False, False
        upstream.answers = [ContentRejected("no"), UpstreamBusy("later")]
        await cluster.poll(worker, after_s=5)
        await cluster.poll(worker, after_s=31)
        assert await attempts(cluster, generation) == [("up", AttemptState.AMBIGUOUS, None)]

    async def test_a_job_is_found_although_the_repeated_submit_is_refused(
        self, cluster, generation, upstream
    ):
        upstream.accepts_first = True
        worker = await self.ambiguous(cluster, generation, upstream, honours_keys=True)
        upstream.accepts_first = False
        upstream.answers = [PermanentEngineError("there is such a task already")] * 9
        await cluster.poll(worker, after_s=5)
        assert await attempts(cluster, generation) == [("up", AttemptState.ACCEPTED, "u1")]

    async def test_a_job_of_another_generation_is_not_taken(
        self, cluster, generation, make_generation, upstream
    ):
        await cluster.submit(generation)
        other = make_generation("g2")
        worker = cluster.upstream_worker(channel(upstream, ambiguous_after_s=10.0))
        await worker.run_next()
        await cluster.submit(other)
        upstream.answers = [AmbiguousSubmit("cut off")]
        await worker.run_next()
        await cluster.poll(worker, after_s=11)
        assert await attempts(cluster, generation) == [("up", AttemptState.ACCEPTED, "u1")]
        assert (await cluster.store.get(other.id)).state is State.FAILED

    async def test_a_generation_whose_job_went_to_an_ambiguous_one_gets_another_job(
        self, cluster, generation, make_generation, upstream
    ):
        other = make_generation("g2")
        first = await self.ambiguous(cluster, generation, upstream)
        await cluster.submit(other)

        async def found_meanwhile():
            upstream.during = None
            await cluster.poll(first, after_s=5)

        upstream.during = found_meanwhile
        await first.run_next()
        assert await attempts(cluster, generation) == [("up", AttemptState.ACCEPTED, "u1")]
        cluster.clock.advance(seconds=5)
        await first.run_next()
        assert (await attempts(cluster, other))[-1] == ("up", AttemptState.ACCEPTED, "u2")
        assert len(upstream.jobs) == 2


class TestChannels:
    async def test_an_unreachable_channel_is_replaced_by_another(
        self, cluster, generation, upstream
    ):
        other = ScriptedUpstream(clip=upstream.clip)
        upstream.answers = [UpstreamUnreachable("refused")]
        await cluster.submit(generation)
        worker = cluster.upstream_worker(
            channel(upstream, name="first", priority=1), channel(other, name="second")
        )
        await worker.run_next()
        cluster.clock.advance(seconds=1)
        await worker.run_next()
        assert await attempts(cluster, generation) == [
            ("first", AttemptState.FAILED, None),
            ("second", AttemptState.ACCEPTED, "u1"),
        ]

    async def test_another_channel_makes_a_generation_that_the_first_one_failed(
        self, cluster, generation, upstream
    ):
        other = ScriptedUpstream(clip=upstream.clip)
        other.sightings["u1"] = DONE
        await cluster.submit(generation)
        worker = cluster.upstream_worker(
            channel(upstream, name="first", priority=1), channel(other, name="second")
        )
        await worker.run_next()
        upstream.sightings["u1"] = failed(may_repeat=True)
        await cluster.poll(worker, after_s=10)
        cluster.clock.advance(seconds=5)
        await worker.run_next()
        await cluster.poll(worker, after_s=10)
        assert await attempts(cluster, generation) == [
            ("first", AttemptState.FAILED, "u1"),
            ("second", AttemptState.COMPLETED, "u1"),
        ]

    async def test_a_refused_key_pauses_a_channel_until_its_configuration_changes(
        self, cluster, generation, upstream
    ):
        upstream.answers = [ChannelUnusable("the key was refused (401)")]
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        await worker.run_next()
        cluster.clock.advance(seconds=500)
        assert await worker.run_next() is False
        rests = await cluster.store.pauses()
        assert [(one.channel, one.by, one.until) for one in rests] == [
            ("up", PausedBy.REFUSAL, None)
        ]
        assert (
            await cluster.upstream_worker(channel(upstream, fingerprint="new")).run_next() is True
        )

    async def test_a_generation_that_waits_for_a_refused_channel_fails_in_the_end(
        self, cluster, generation, upstream
    ):
        upstream.answers = [ChannelUnusable("the key was refused (401)")]
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        await worker.run_next()
        cluster.clock.advance(seconds=1000)
        await worker.run_next()
        found = await cluster.store.get(generation.id)
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "channel_unusable")
        assert "401" in found.failure.message

    async def test_a_channel_that_keeps_failing_is_paused_and_comes_back(
        self, cluster, make_generation, upstream
    ):
        upstream.answers = [UpstreamUnreachable("refused")] * 5
        for number in range(5):
            await cluster.submit(make_generation(f"g{number}"))
        worker = cluster.upstream_worker(channel(upstream))
        for _ in range(5):
            await worker.run_next()
        await cluster.submit(make_generation("late", available_at=cluster.clock.now()))
        assert await worker.run_next() is False
        cluster.clock.advance(seconds=31)
        assert await worker.run_next() is True
        assert len(upstream.jobs) == 1

    async def test_an_operators_pause_survives_a_new_configuration(
        self, cluster, generation, upstream
    ):
        rest = ChannelPause(
            channel="up",
            fingerprint="",
            reason="maintenance",
            since=cluster.clock.now(),
            until=None,
            by=PausedBy.OPERATOR,
        )
        await cluster.store.set_pause(rest)
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        assert await worker.run_next() is False
        await cluster.store.end_pause("up")
        assert await worker.run_next() is True

    async def test_a_channel_gets_no_more_jobs_than_its_concurrency(
        self, cluster, make_generation, upstream
    ):
        for number in range(3):
            await cluster.submit(make_generation(f"g{number}"))
        worker = cluster.upstream_worker(channel(upstream, concurrency=2))
        ran = [await worker.run_next() for _ in range(3)]
        assert ran == [True, True, False]
        upstream.sightings["u1"] = DONE
        await cluster.poll(worker, after_s=10)
        assert await worker.run_next() is True

    async def test_workers_together_give_a_channel_no_more_jobs_than_its_concurrency(
        self, cluster, make_generation, upstream
    ):
        for number in range(4):
            await cluster.submit(make_generation(f"g{number}"))
        one, two = (
            cluster.upstream_worker(channel(upstream, concurrency=2), name=name)
            for name in ("w1", "w2")
        )
        ran = [await worker.run_next() for worker in (one, two, one, two)]
        assert ran == [True, True, False, False]
        assert len(upstream.orders) == 2
        upstream.sightings["u1"] = DONE
        await cluster.poll(one, after_s=10)
        assert await two.run_next() is True

    async def test_a_generation_that_waits_for_its_channel_holds_up_no_other(
        self, cluster, make_generation, upstream
    ):
        spec = replace(make_generation().spec, model="house")
        await cluster.submit(make_generation("g1"))
        await cluster.submit(make_generation("g2"))
        await cluster.submit(make_generation("g3", spec=spec))
        local = channels_of({"house": ScriptedEngine([b"video"])})
        worker = cluster.upstream_worker(channel(upstream, concurrency=1), *local)
        await worker.run_next()
        await worker.run_next()
        states = [(await cluster.store.get(name)).state for name in ("g1", "g2", "g3")]
        assert states == [State.RUNNING, State.QUEUED, State.COMPLETED]

    async def test_only_a_capable_channel_is_chosen(self, cluster, generation, upstream):
        poor = ScriptedUpstream()
        can = replace(poor.capabilities, resolutions=("540p",))
        await cluster.submit(generation)
        worker = cluster.upstream_worker(
            channel(poor, name="poor", priority=9, capabilities=can),
            channel(upstream, name="rich"),
        )
        await worker.run_next()
        assert (len(poor.orders), len(upstream.orders)) == (0, 1)

    async def test_a_busy_upstream_gets_no_requests_for_as_long_as_it_says(
        self, cluster, make_generation, upstream
    ):
        upstream.answers = [UpstreamBusy("429", retry_after_s=40)]
        await cluster.submit(make_generation("g1"))
        await cluster.submit(make_generation("g2"))
        worker = cluster.upstream_worker(channel(upstream))
        assert await worker.run_next() is True
        assert await worker.run_next() is False
        cluster.clock.advance(seconds=41)
        assert await worker.run_next() is True
        assert len(upstream.jobs) == 1

    async def test_a_busy_channel_does_not_use_up_attempts(self, cluster, generation, upstream):
        upstream.answers = [UpstreamBusy("429", retry_after_s=5)] * 10
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        for _ in range(11):
            await worker.run_next()
            cluster.clock.advance(seconds=6)
        assert (await cluster.store.get(generation.id)).attempts[-1].state is AttemptState.ACCEPTED

    async def test_a_generation_whose_channel_stays_busy_fails_in_the_end(
        self, cluster, generation, upstream
    ):
        upstream.answers = [UpstreamBusy("429", retry_after_s=5)] * 100
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        while await worker.run_next():
            cluster.clock.advance(seconds=6)
        found = await cluster.store.get(generation.id)
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "upstream_busy")


class TestWorkers:
    async def test_a_submit_under_way_is_finished_although_the_lease_is_lost(
        self, cluster, generation, upstream, monkeypatch
    ):
        monkeypatch.setattr("rushes.worker.upstream.submission.ANSWER_GRACE_S", 0.0)
        cluster.limits = replace(cluster.limits, lease_s=0.03)
        upstream.lists = False
        await cluster.submit(generation)
        second = cluster.upstream_worker(channel(upstream), name="w2")
        lost, real = asyncio.Event(), cluster.store.renew

        async def renew(generation, *, lease, progress, phase=None):
            try:
                await real(generation, lease=lease, progress=progress, phase=phase)
            except Conflict:
                lost.set()
                raise

        monkeypatch.setattr(cluster.store, "renew", renew)

        async def take_over():
            cluster.clock.advance(seconds=100)
            await second.run_next()
            await lost.wait()
            for _ in range(20):
                await asyncio.sleep(0)  # whoever lost it does what he does then

        upstream.during = take_over
        await cluster.upstream_worker(channel(upstream), name="w1").run_next()
        assert await attempts(cluster, generation) == [("up", AttemptState.ACCEPTED, "u1")]

    async def test_a_takeover_of_an_accepted_job_polls_it(self, cluster, generation, upstream):
        await cluster.submit(generation)
        await cluster.upstream_worker(channel(upstream), name="w1").run_next()
        cluster.clock.advance(seconds=100)
        upstream.sightings["u1"] = DONE
        second = cluster.upstream_worker(channel(upstream), name="w2")
        await second.run_next()
        await cluster.poll(second, after_s=0)
        done = await cluster.store.get(generation.id)
        assert (done.state, done.attempt, len(upstream.orders)) == (State.COMPLETED, 1, 1)

    async def test_a_takeover_of_an_unanswered_submit_makes_it_ambiguous(
        self, cluster, generation, upstream
    ):
        await cluster.submit(generation)
        upstream.default = DONE

        async def die():
            raise asyncio.CancelledError

        upstream.during = die
        first = cluster.upstream_worker(channel(upstream), name="w1")
        task = asyncio.create_task(first.run_next())
        await asyncio.gather(task, return_exceptions=True)
        cluster.clock.advance(seconds=100)
        upstream.during = None
        second = cluster.upstream_worker(channel(upstream), name="w2")
        await second.run_next()
        for _ in range(3):
            await cluster.poll(second, after_s=5)
        done = await cluster.store.get(generation.id)
        assert (done.state, len(upstream.orders)) == (State.COMPLETED, 1)

    async def test_a_submit_reply_after_a_takeover_is_not_lost(self, cluster, generation, upstream):
        upstream.lists = False
        await cluster.submit(generation)
        second = cluster.upstream_worker(channel(upstream), name="w2")

        async def take_over():
            cluster.clock.advance(seconds=100)
            await second.run_next()

        upstream.during = take_over
        first = cluster.upstream_worker(channel(upstream), name="w1")
        await first.run_next()
        assert await attempts(cluster, generation) == [("up", AttemptState.ACCEPTED, "u1")]
        upstream.sightings["u1"] = DONE
        await cluster.poll(first, after_s=5)
        assert (await cluster.store.get(generation.id)).state is State.COMPLETED

    async def test_a_job_id_is_recorded_although_the_store_fails_for_a_while(
        self, cluster, generation, upstream, monkeypatch
    ):
        await cluster.submit(generation)
        real, failures = cluster.store.write, [StoreError("the disk is full")] * 3

        async def write(change, **also):
            if change.event == "generation.accepted" and failures:
                raise failures.pop()
            return await real(change, **also)

        monkeypatch.setattr(cluster.store, "write", write)
        monkeypatch.setattr("rushes.worker.upstream.acceptance.exponential_s", lambda *_, **__: 0.0)
        await cluster.upstream_worker(channel(upstream)).run_next()
        assert await attempts(cluster, generation) == [("up", AttemptState.ACCEPTED, "u1")]

    async def test_a_job_cancelled_during_its_submit_is_cancelled_at_the_upstream_too(
        self, cluster, generation, upstream
    ):
        await cluster.submit(generation)

        async def cancel():
            found = await cluster.store.get(generation.id)
            await cluster.store.write(lifecycle.cancel(found, now=cluster.clock.now()))

        upstream.during = cancel
        await cluster.upstream_worker(channel(upstream)).run_next()
        assert (await cluster.store.get(generation.id)).state is State.CANCELLED
        assert upstream.cancels == ["u1"]

    async def test_a_job_cancelled_while_it_runs_is_cancelled_at_the_upstream_too(
        self, cluster, generation, upstream
    ):
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        await worker.run_next()
        found = await cluster.store.get(generation.id)
        await cluster.store.write(lifecycle.cancel(found, now=cluster.clock.now()))
        await cluster.poll(worker, after_s=60)
        assert upstream.cancels == ["u1"]

    async def test_a_worker_keeps_a_job_while_it_polls_it(self, cluster, generation, upstream):
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        await worker.run_next()
        for _ in range(10):
            await cluster.poll(worker, after_s=31)
            waiting = await cluster.store.next_available(now=cluster.clock.now())
            assert waiting is None

    async def test_a_stopped_worker_leaves_its_jobs_to_others_at_once(
        self, cluster, generation, upstream
    ):
        await cluster.submit(generation)
        worker = cluster.upstream_worker(channel(upstream))
        accepted = asyncio.Event()
        cluster.store.listen(lambda change: change.new_job and accepted.set())
        running = asyncio.create_task(worker.run())
        await accepted.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        waiting = await cluster.store.next_available(
            now=cluster.clock.now() + timedelta(seconds=0.1)
        )
        assert waiting is not None
        assert waiting.paid_attempt is not None

    async def test_the_jobs_of_a_dead_process_on_this_machine_are_taken_over_at_once(
        self, cluster, generation, upstream
    ):
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
        await child.wait()
        await cluster.submit(generation)
        dead = f"{socket.gethostname()}:{child.pid}:00000000"
        await cluster.upstream_worker(channel(upstream), name=dead).run_next()
        upstream.sightings["u1"] = DONE
        completed = asyncio.Event()
        cluster.store.listen(lambda change: change.after.state.is_final and completed.set())
        running = asyncio.create_task(cluster.upstream_worker(channel(upstream), name="w2").run())
        async with asyncio.timeout(20):
            await completed.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert len(upstream.orders) == 1

    async def test_jobs_are_polled_together_where_the_upstream_allows_it(
        self, cluster, make_generation, upstream
    ):
        upstream.poll_batch_size = 3
        for number in range(5):
            await cluster.submit(make_generation(f"g{number}"))
        worker = cluster.upstream_worker(channel(upstream))
        for _ in range(5):
            await worker.run_next()
        upstream.default = DONE
        await cluster.poll(worker, after_s=20)
        assert sorted(map(len, upstream.looked)) == [2, 3]
        states = {(await cluster.store.get(f"g{number}")).state for number in range(5)}
        assert states == {State.COMPLETED}

    async def test_a_job_of_a_removed_channel_waits_until_the_channel_is_back(
        self, cluster, generation, upstream
    ):
        await cluster.submit(generation)
        await cluster.upstream_worker(channel(upstream), name="w1").run_next()
        cluster.clock.advance(seconds=100)
        without = cluster.upstream_worker(channel(ScriptedUpstream(), name="other"), name="w2")
        assert await without.run_next() is False
        assert await attempts(cluster, generation) == [("up", AttemptState.ACCEPTED, "u1")]
        cluster.clock.advance(seconds=1000)
        upstream.sightings["u1"] = DONE
        third = cluster.upstream_worker(channel(upstream), name="w3")
        await third.run_next()
        await cluster.poll(third, after_s=0)
        assert (await cluster.store.get(generation.id)).state is State.COMPLETED
