"""What becomes of a generation that an upstream makes: asked once, followed, kept, settled."""

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


async def attempts(shop, generation):
    found = await shop.store.get(generation.id)
    return [(one.channel, one.state, one.upstream_id) for one in found.attempts]


class TestOneJob:
    async def test_it_is_asked_once_followed_and_kept(self, shop, asked, upstream):
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        await worker.run_next()
        upstream.sightings["u1"] = DONE
        await shop.look(worker, after_s=10)
        done = await shop.store.get(asked.id)
        assert (done.state, len(upstream.orders)) == (State.COMPLETED, 1)
        assert {one.kind for one in done.artifacts} == set(ArtifactKind) - {ArtifactKind.IMAGE}
        assert all(shop.media.path(one.key) for one in done.artifacts)
        video = done.artifact(ArtifactKind.VIDEO)
        assert (video.width_px, video.height_px, video.duration_s) == (128, 128, 0.5)
        assert await shop.events(asked) == [
            "generation.queued",
            "generation.running",
            "generation.submitting",
            "generation.accepted",
            "generation.completed",
        ]

    async def test_it_is_on_disk_before_the_upstream_is_asked_and_its_id_right_after(
        self, shop, asked, upstream
    ):
        await shop.submit(asked)
        seen = []

        async def look():
            seen.append((await shop.store.get(asked.id)).attempts[-1])

        upstream.during = look
        await shop.relaying(channel(upstream)).run_next()
        assert [one.state for one in seen] == [AttemptState.SUBMITTING]
        assert seen[0].credential == "cafe0123"
        assert len(seen[0].token) == 32
        assert await attempts(shop, asked) == [("up", AttemptState.ACCEPTED, "u1")]

    async def test_the_upstream_is_asked_in_its_words_with_a_key_of_the_attempt(
        self, shop, asked, upstream
    ):
        await shop.submit(asked)
        await shop.relaying(channel(upstream)).run_next()
        order = upstream.orders[0]
        assert (order.model, order.key) == ("their-ray", f"rushes-{asked.id}-1")
        assert order.callback_url is None
        assert order.job.prompt == asked.spec.prompt

    async def test_progress_is_the_upstreams_and_never_goes_back(self, shop, asked, upstream):
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        await worker.run_next()
        shown = []
        for share in (0.3, 0.1, 0.6):
            upstream.sightings["u1"] = replace(WORKING, progress=share)
            await shop.look(worker, after_s=31)
            shown.append((await shop.store.get(asked.id)).progress)
        assert shown == sorted(shown)
        assert shown[-1] >= 0.6

    async def test_what_it_refuses_for_good_fails_with_its_reason(self, shop, asked, upstream):
        await shop.submit(asked)
        upstream.answers = [ContentRejected("against the rules")]
        await shop.relaying(channel(upstream)).run_next()
        found = await shop.store.get(asked.id)
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "content_rejected")
        assert await attempts(shop, asked) == [("up", AttemptState.FAILED, None)]

    async def test_what_failed_there_for_good_is_not_made_again(self, shop, asked, upstream):
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        await worker.run_next()
        upstream.sightings["u1"] = failed("content_rejected")
        await shop.look(worker, after_s=10)
        found = await shop.store.get(asked.id)
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
        self, shop, asked, upstream, trouble
    ):
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream, deadline_s=3600.0))
        await worker.run_next()
        upstream.sightings["u1"] = trouble
        for _ in range(20):
            await shop.look(worker, after_s=150)
        assert (await shop.store.get(asked.id)).state is State.RUNNING
        upstream.sightings["u1"] = DONE
        await shop.look(worker, after_s=150)
        assert (await shop.store.get(asked.id)).state is State.COMPLETED

    async def test_one_that_is_not_known_now_and_then_is_borne_with(self, shop, asked, upstream):
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        await worker.run_next()
        order = upstream.jobs.pop("u1")
        for _ in range(5):
            await shop.look(worker, after_s=150)
        upstream.jobs["u1"] = order
        upstream.sightings["u1"] = DONE
        await shop.look(worker, after_s=150)
        assert (await shop.store.get(asked.id)).state is State.COMPLETED

    async def test_where_jobs_are_forgotten_it_is_made_again(self, shop, asked, upstream):
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream, loses_jobs=True))
        await worker.run_next()
        del upstream.jobs["u1"]
        for _ in range(3):
            await shop.look(worker, after_s=30)
        assert (await shop.store.get(asked.id)).state is State.QUEUED
        shop.clock.advance(seconds=60)
        await worker.run_next()
        assert len(upstream.orders) == 2

    async def test_after_its_deadline_it_is_given_up_by_name(self, shop, asked, upstream):
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream, deadline_s=100.0))
        await worker.run_next()
        await shop.look(worker, after_s=99)
        assert (await shop.store.get(asked.id)).state is State.RUNNING
        await shop.look(worker, after_s=31)
        found = await shop.store.get(asked.id)
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "engine_timeout")
        assert "u1" in found.failure.message

    async def test_a_file_that_cannot_be_had_now_is_fetched_later(self, shop, asked, upstream):
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        await worker.run_next()
        upstream.sightings["u1"] = DONE
        upstream.fetches = [UpstreamUnreachable("cut"), UpstreamUnreachable("cut")]
        for _ in range(3):
            await shop.look(worker, after_s=60)
        assert (await shop.store.get(asked.id)).state is State.COMPLETED

    async def test_what_is_no_video_is_never_delivered(self, shop, asked, upstream):
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        await worker.run_next()
        upstream.sightings["u1"] = DONE
        upstream.fetches = [b"<html>sorry</html>"] * UNUSABLE_TRIES
        for _ in range(UNUSABLE_TRIES):
            await shop.look(worker, after_s=60)
        found = await shop.store.get(asked.id)
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "result_unusable")
        assert found.artifacts == ()


class TestDoubt:
    async def ambiguous(self, shop, asked, upstream, **terms):
        await shop.submit(asked)
        upstream.answers = [AmbiguousSubmit("cut off")]
        worker = shop.relaying(channel(upstream, **terms))
        await worker.run_next()
        assert await attempts(shop, asked) == [("up", AttemptState.AMBIGUOUS, None)]
        return worker

    async def test_what_was_accepted_without_an_answer_is_found_in_the_list(
        self, shop, asked, upstream
    ):
        upstream.accepts_first = True
        upstream.default = DONE
        worker = await self.ambiguous(shop, asked, upstream)
        await shop.look(worker, after_s=5)
        await shop.look(worker, after_s=5)
        done = await shop.store.get(asked.id)
        assert (done.state, len(upstream.jobs)) == (State.COMPLETED, 1)
        assert done.made_by is not None
        assert done.made_by.upstream_id == "u1"

    @pytest.mark.parametrize("lists", [True, False])
    async def test_what_is_not_found_in_time_is_failed_and_never_asked_again(
        self, shop, asked, upstream, lists
    ):
        upstream.lists = lists
        worker = await self.ambiguous(shop, asked, upstream, ambiguous_after_s=120.0)
        for _ in range(3):
            await shop.look(worker, after_s=31)
        assert (await shop.store.get(asked.id)).state is State.RUNNING
        await shop.look(worker, after_s=31)
        found = await shop.store.get(asked.id)
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "submit_unconfirmed")
        assert found.attempts[-1].state is AttemptState.UNCONFIRMED
        assert len(upstream.orders) == 1

    async def test_only_who_said_that_he_would_rather_pay_twice_does(self, shop, asked, upstream):
        worker = await self.ambiguous(shop, asked, upstream, ambiguous_after_s=10.0, resubmits=True)
        await shop.look(worker, after_s=11)
        await worker.run_next()
        assert await attempts(shop, asked) == [
            ("up", AttemptState.UNCONFIRMED, None),
            ("up", AttemptState.ACCEPTED, "u1"),
        ]

    async def test_where_keys_are_honoured_the_same_submit_finds_its_job(
        self, shop, asked, upstream
    ):
        upstream.accepts_first = upstream.honours_keys = True
        worker = await self.ambiguous(shop, asked, upstream, honours_keys=True)
        await shop.look(worker, after_s=5)
        assert await attempts(shop, asked) == [("up", AttemptState.ACCEPTED, "u1")]
        assert {order.key for order in upstream.orders} == {f"rushes-{asked.id}-1"}
        assert len(upstream.jobs) == 1

    async def test_where_keys_are_honoured_a_refusal_later_settles_nothing(
        self, shop, asked, upstream
    ):
        upstream.accepts_first = upstream.honours_keys = True
        upstream.lists = False
        worker = await self.ambiguous(shop, asked, upstream, honours_keys=True)
        upstream.honours_keys, upstream.accepts_first = False, False
        upstream.answers = [ContentRejected("no"), UpstreamBusy("later")]
        await shop.look(worker, after_s=5)
        await shop.look(worker, after_s=31)
        assert await attempts(shop, asked) == [("up", AttemptState.AMBIGUOUS, None)]

    async def test_where_the_same_submit_is_refused_because_there_is_its_job_that_is_found(
        self, shop, asked, upstream
    ):
        upstream.accepts_first = True
        worker = await self.ambiguous(shop, asked, upstream, honours_keys=True)
        upstream.accepts_first = False
        upstream.answers = [PermanentEngineError("there is such a task already")] * 9
        await shop.look(worker, after_s=5)
        assert await attempts(shop, asked) == [("up", AttemptState.ACCEPTED, "u1")]

    async def test_a_job_that_is_anothers_is_not_taken(
        self, shop, asked, make_generation, upstream
    ):
        await shop.submit(asked)
        other = make_generation("g2")
        worker = shop.relaying(channel(upstream, ambiguous_after_s=10.0))
        await worker.run_next()
        await shop.submit(other)
        upstream.answers = [AmbiguousSubmit("cut off")]
        await worker.run_next()
        await shop.look(worker, after_s=11)
        assert await attempts(shop, asked) == [("up", AttemptState.ACCEPTED, "u1")]
        assert (await shop.store.get(other.id)).state is State.FAILED

    async def test_who_finds_his_job_delivered_to_one_in_doubt_has_another_made(
        self, shop, asked, make_generation, upstream
    ):
        other = make_generation("g2")
        first = await self.ambiguous(shop, asked, upstream)
        await shop.submit(other)

        async def found_meanwhile():
            upstream.during = None
            await shop.look(first, after_s=5)

        upstream.during = found_meanwhile
        await first.run_next()
        assert await attempts(shop, asked) == [("up", AttemptState.ACCEPTED, "u1")]
        shop.clock.advance(seconds=5)
        await first.run_next()
        assert (await attempts(shop, other))[-1] == ("up", AttemptState.ACCEPTED, "u2")
        assert len(upstream.jobs) == 2


class TestChannels:
    async def test_one_that_is_unreachable_makes_way_for_another(self, shop, asked, upstream):
        other = ScriptedUpstream(clip=upstream.clip)
        upstream.answers = [UpstreamUnreachable("refused")]
        await shop.submit(asked)
        worker = shop.relaying(
            channel(upstream, name="first", priority=1), channel(other, name="second")
        )
        await worker.run_next()
        shop.clock.advance(seconds=1)
        await worker.run_next()
        assert await attempts(shop, asked) == [
            ("first", AttemptState.FAILED, None),
            ("second", AttemptState.ACCEPTED, "u1"),
        ]

    async def test_what_one_failed_for_a_while_another_makes_under_the_same_id(
        self, shop, asked, upstream
    ):
        other = ScriptedUpstream(clip=upstream.clip)
        other.sightings["u1"] = DONE
        await shop.submit(asked)
        worker = shop.relaying(
            channel(upstream, name="first", priority=1), channel(other, name="second")
        )
        await worker.run_next()
        upstream.sightings["u1"] = failed(may_repeat=True)
        await shop.look(worker, after_s=10)
        shop.clock.advance(seconds=5)
        await worker.run_next()
        await shop.look(worker, after_s=10)
        assert await attempts(shop, asked) == [
            ("first", AttemptState.FAILED, "u1"),
            ("second", AttemptState.COMPLETED, "u1"),
        ]

    async def test_a_bad_key_takes_a_channel_out_until_its_configuration_changes(
        self, shop, asked, upstream
    ):
        upstream.answers = [ChannelUnusable("the key was refused (401)")]
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        await worker.run_next()
        shop.clock.advance(seconds=500)
        assert await worker.run_next() is False
        rests = await shop.store.rests()
        assert [(one.channel, one.by, one.until) for one in rests] == [
            ("up", PausedBy.REFUSAL, None)
        ]
        assert await shop.relaying(channel(upstream, fingerprint="new")).run_next() is True

    async def test_what_waits_for_a_channel_that_is_out_fails_in_the_end(
        self, shop, asked, upstream
    ):
        upstream.answers = [ChannelUnusable("the key was refused (401)")]
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        await worker.run_next()
        shop.clock.advance(seconds=1000)
        await worker.run_next()
        found = await shop.store.get(asked.id)
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "channel_unusable")
        assert "401" in found.failure.message

    async def test_a_channel_that_fails_again_and_again_rests_and_comes_back(
        self, shop, make_generation, upstream
    ):
        upstream.answers = [UpstreamUnreachable("refused")] * 5
        for number in range(5):
            await shop.submit(make_generation(f"g{number}"))
        worker = shop.relaying(channel(upstream))
        for _ in range(5):
            await worker.run_next()
        await shop.submit(make_generation("late", available_at=shop.clock.now()))
        assert await worker.run_next() is False
        shop.clock.advance(seconds=31)
        assert await worker.run_next() is True
        assert len(upstream.jobs) == 1

    async def test_a_person_lets_a_channel_rest_whatever_its_configuration(
        self, shop, asked, upstream
    ):
        rest = ChannelPause(
            channel="up",
            fingerprint="",
            reason="maintenance",
            since=shop.clock.now(),
            until=None,
            by=PausedBy.OPERATOR,
        )
        await shop.store.set_rest(rest)
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        assert await worker.run_next() is False
        await shop.store.end_rest("up")
        assert await worker.run_next() is True

    async def test_no_more_are_asked_for_than_a_channel_takes(
        self, shop, make_generation, upstream
    ):
        for number in range(3):
            await shop.submit(make_generation(f"g{number}"))
        worker = shop.relaying(channel(upstream, concurrency=2))
        ran = [await worker.run_next() for _ in range(3)]
        assert ran == [True, True, False]
        upstream.sightings["u1"] = DONE
        await shop.look(worker, after_s=10)
        assert await worker.run_next() is True

    async def test_one_that_must_wait_for_its_channel_holds_up_no_other(
        self, shop, make_generation, upstream
    ):
        spec = replace(make_generation().spec, model="house")
        await shop.submit(make_generation("g1"))
        await shop.submit(make_generation("g2"))
        await shop.submit(make_generation("g3", spec=spec))
        local = channels_of({"house": ScriptedEngine([b"video"])})
        worker = shop.relaying(channel(upstream, concurrency=1), *local)
        await worker.run_next()
        await worker.run_next()
        states = [(await shop.store.get(name)).state for name in ("g1", "g2", "g3")]
        assert states == [State.RUNNING, State.QUEUED, State.COMPLETED]

    async def test_only_a_channel_that_can_do_all_of_it_is_asked(self, shop, asked, upstream):
        poor = ScriptedUpstream()
        can = replace(poor.capabilities, resolutions=("540p",))
        await shop.submit(asked)
        worker = shop.relaying(
            channel(poor, name="poor", priority=9, capabilities=can),
            channel(upstream, name="rich"),
        )
        await worker.run_next()
        assert (len(poor.orders), len(upstream.orders)) == (0, 1)

    async def test_a_busy_upstream_is_left_in_peace_for_as_long_as_it_says(
        self, shop, make_generation, upstream
    ):
        upstream.answers = [UpstreamBusy("429", retry_after_s=40)]
        await shop.submit(make_generation("g1"))
        await shop.submit(make_generation("g2"))
        worker = shop.relaying(channel(upstream))
        assert await worker.run_next() is True
        assert await worker.run_next() is False
        shop.clock.advance(seconds=41)
        assert await worker.run_next() is True
        assert len(upstream.jobs) == 1

    async def test_that_a_channel_is_busy_is_not_counted_against_a_generation(
        self, shop, asked, upstream
    ):
        upstream.answers = [UpstreamBusy("429", retry_after_s=5)] * 10
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        for _ in range(11):
            await worker.run_next()
            shop.clock.advance(seconds=6)
        assert (await shop.store.get(asked.id)).attempts[-1].state is AttemptState.ACCEPTED

    async def test_a_channel_that_is_busy_for_ever_is_given_up_in_the_end(
        self, shop, asked, upstream
    ):
        upstream.answers = [UpstreamBusy("429", retry_after_s=5)] * 100
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        while await worker.run_next():
            shop.clock.advance(seconds=6)
        found = await shop.store.get(asked.id)
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "upstream_busy")


class TestWorkers:
    async def test_a_submit_under_way_is_seen_through_although_the_lease_is_lost(
        self, shop, asked, upstream, monkeypatch
    ):
        monkeypatch.setattr("rushes.worker.upstream.submission.ANSWER_GRACE_S", 0.0)
        shop.limits = replace(shop.limits, lease_s=0.03)
        upstream.lists = False
        await shop.submit(asked)
        second = shop.relaying(channel(upstream), name="w2")
        lost, real = asyncio.Event(), shop.store.renew

        async def renew(generation, *, lease, progress):
            try:
                await real(generation, lease=lease, progress=progress)
            except Conflict:
                lost.set()
                raise

        monkeypatch.setattr(shop.store, "renew", renew)

        async def take_over():
            shop.clock.advance(seconds=100)
            await second.run_next()
            await lost.wait()
            for _ in range(20):
                await asyncio.sleep(0)  # whoever lost it does what he does then

        upstream.during = take_over
        await shop.relaying(channel(upstream), name="w1").run_next()
        assert await attempts(shop, asked) == [("up", AttemptState.ACCEPTED, "u1")]

    async def test_who_takes_over_follows_what_was_accepted(self, shop, asked, upstream):
        await shop.submit(asked)
        await shop.relaying(channel(upstream), name="w1").run_next()
        shop.clock.advance(seconds=100)
        upstream.sightings["u1"] = DONE
        second = shop.relaying(channel(upstream), name="w2")
        await second.run_next()
        await shop.look(second, after_s=0)
        done = await shop.store.get(asked.id)
        assert (done.state, done.attempt, len(upstream.orders)) == (State.COMPLETED, 1, 1)

    async def test_who_takes_over_an_unanswered_submit_is_in_doubt_of_it(
        self, shop, asked, upstream
    ):
        await shop.submit(asked)
        upstream.default = DONE

        async def die():
            raise asyncio.CancelledError

        upstream.during = die
        first = shop.relaying(channel(upstream), name="w1")
        task = asyncio.create_task(first.run_next())
        await asyncio.gather(task, return_exceptions=True)
        shop.clock.advance(seconds=100)
        upstream.during = None
        second = shop.relaying(channel(upstream), name="w2")
        await second.run_next()
        for _ in range(3):
            await shop.look(second, after_s=5)
        done = await shop.store.get(asked.id)
        assert (done.state, len(upstream.orders)) == (State.COMPLETED, 1)

    async def test_an_answer_that_comes_after_another_took_over_is_not_lost(
        self, shop, asked, upstream
    ):
        upstream.lists = False
        await shop.submit(asked)
        second = shop.relaying(channel(upstream), name="w2")

        async def take_over():
            shop.clock.advance(seconds=100)
            await second.run_next()

        upstream.during = take_over
        first = shop.relaying(channel(upstream), name="w1")
        await first.run_next()
        assert await attempts(shop, asked) == [("up", AttemptState.ACCEPTED, "u1")]
        upstream.sightings["u1"] = DONE
        await shop.look(first, after_s=5)
        assert (await shop.store.get(asked.id)).state is State.COMPLETED

    async def test_an_id_is_written_down_although_the_store_fails_for_a_while(
        self, shop, asked, upstream, monkeypatch
    ):
        await shop.submit(asked)
        real, failures = shop.store.write, [StoreError("the disk is full")] * 3

        async def write(change, **also):
            if change.event == "generation.accepted" and failures:
                raise failures.pop()
            return await real(change, **also)

        monkeypatch.setattr(shop.store, "write", write)
        monkeypatch.setattr("rushes.worker.upstream.acceptance.exponential_s", lambda *_, **__: 0.0)
        await shop.relaying(channel(upstream)).run_next()
        assert await attempts(shop, asked) == [("up", AttemptState.ACCEPTED, "u1")]

    async def test_what_is_cancelled_while_it_is_submitted_is_cancelled_there_too(
        self, shop, asked, upstream
    ):
        await shop.submit(asked)

        async def cancel():
            found = await shop.store.get(asked.id)
            await shop.store.write(lifecycle.cancel(found, now=shop.clock.now()))

        upstream.during = cancel
        await shop.relaying(channel(upstream)).run_next()
        assert (await shop.store.get(asked.id)).state is State.CANCELLED
        assert upstream.cancels == ["u1"]

    async def test_what_is_cancelled_while_it_is_made_is_cancelled_there_too(
        self, shop, asked, upstream
    ):
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        await worker.run_next()
        found = await shop.store.get(asked.id)
        await shop.store.write(lifecycle.cancel(found, now=shop.clock.now()))
        await shop.look(worker, after_s=60)
        assert upstream.cancels == ["u1"]

    async def test_a_job_stays_its_workers_as_long_as_that_looks_at_it(self, shop, asked, upstream):
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        await worker.run_next()
        for _ in range(10):
            await shop.look(worker, after_s=31)
            waiting = await shop.store.next_available(now=shop.clock.now())
            assert waiting is None

    async def test_a_stopped_worker_leaves_its_jobs_to_others_at_once(self, shop, asked, upstream):
        await shop.submit(asked)
        worker = shop.relaying(channel(upstream))
        accepted = asyncio.Event()
        shop.store.listen(lambda change: change.new_job and accepted.set())
        running = asyncio.create_task(worker.run())
        await accepted.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        waiting = await shop.store.next_available(now=shop.clock.now() + timedelta(seconds=0.1))
        assert waiting is not None
        assert waiting.paid_attempt is not None

    async def test_what_a_dead_process_of_this_machine_held_is_taken_over_at_once(
        self, shop, asked, upstream
    ):
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
        await child.wait()
        await shop.submit(asked)
        dead = f"{socket.gethostname()}:{child.pid}:00000000"
        await shop.relaying(channel(upstream), name=dead).run_next()
        upstream.sightings["u1"] = DONE
        completed = asyncio.Event()
        shop.store.listen(lambda change: change.after.state.is_final and completed.set())
        running = asyncio.create_task(shop.relaying(channel(upstream), name="w2").run())
        async with asyncio.timeout(20):
            await completed.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert len(upstream.orders) == 1

    async def test_jobs_are_looked_at_together_where_the_upstream_can(
        self, shop, make_generation, upstream
    ):
        upstream.poll_batch_size = 3
        for number in range(5):
            await shop.submit(make_generation(f"g{number}"))
        worker = shop.relaying(channel(upstream))
        for _ in range(5):
            await worker.run_next()
        upstream.default = DONE
        await shop.look(worker, after_s=20)
        assert sorted(map(len, upstream.looked)) == [2, 3]
        states = {(await shop.store.get(f"g{number}")).state for number in range(5)}
        assert states == {State.COMPLETED}

    async def test_what_a_channel_was_asked_for_waits_until_that_is_back(
        self, shop, asked, upstream
    ):
        await shop.submit(asked)
        await shop.relaying(channel(upstream), name="w1").run_next()
        shop.clock.advance(seconds=100)
        without = shop.relaying(channel(ScriptedUpstream(), name="other"), name="w2")
        assert await without.run_next() is False
        assert await attempts(shop, asked) == [("up", AttemptState.ACCEPTED, "u1")]
        shop.clock.advance(seconds=1000)
        upstream.sightings["u1"] = DONE
        third = shop.relaying(channel(upstream), name="w3")
        await third.run_next()
        await shop.look(third, after_s=0)
        assert (await shop.store.get(asked.id)).state is State.COMPLETED
