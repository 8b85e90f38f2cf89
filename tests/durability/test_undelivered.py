"""Finished upstream jobs whose file cannot be fetched."""

from dataclasses import replace
from itertools import pairwise

import pytest
from structlog.testing import capture_logs
from tests.durability.scripted_upstream import DONE, WORKING, ScriptedUpstream, channel
from tests.durability.test_upstreams import attempts, clip

from rushes.core.channel_pause import PausedBy
from rushes.core.errors import (
    MediaError,
    PermanentEngineError,
    ResultMissing,
    StoreError,
    TemporaryEngineError,
    UpstreamLost,
    UpstreamUnreachable,
)
from rushes.core.generation import ArtifactKind, AttemptState, State
from rushes.core.ledger import Entry, EntryKind
from rushes.core.pricing import Quote
from rushes.engines.upstream import results
from rushes.service.channel_control import ChannelControl, ChannelState
from rushes.worker.undelivered import LONGEST_PAUSE_S

__all__ = ["clip"]  # pytest finds it here

VIDEO = "http://up.test/video.mp4"
OTHER = "http://cdn.test/video.mp4"
HOUR_S = 3600.0


@pytest.fixture
def upstream(clip) -> ScriptedUpstream:
    """An upstream whose jobs are done at once and have no file."""
    return ScriptedUpstream(clip=clip, default=DONE, gone={VIDEO})


@pytest.fixture(autouse=True)
def _quiet():
    """Keep the log in memory: printing tracebacks takes longer than the tests."""
    with capture_logs():
        yield


async def state(cluster, name="g1"):
    return (await cluster.store.get(name)).state


async def begun(cluster, upstream, *generations, **terms):
    """Return a worker that has submitted *generations*."""
    worker = cluster.upstream_worker(channel(upstream, **terms))
    for generation in generations:
        await cluster.submit(generation)
        assert await worker.run_next()
    return worker


async def pass_time(cluster, worker, seconds):
    """Poll each job when it is due; return the seconds at which a file was requested."""
    (poller,) = worker._pool.pollers
    fetched, began = poller._channel.upstream.fetched, cluster.clock.now()
    asked_at, left_s = [], seconds
    while left_s > 0.01:
        due_at = poller._jobs.next_at()
        until_due_s = (due_at - cluster.clock.now()).total_seconds() if due_at else left_s
        before = len(fetched)
        await cluster.poll(worker, after_s=min(max(until_due_s, 0.1), left_s))
        passed_s = (cluster.clock.now() - began).total_seconds()
        left_s = seconds - passed_s
        if len(fetched) > before:
            asked_at.append(passed_s)
    return asked_at


class TestTheSlot:
    async def test_a_finished_job_frees_its_slot_before_its_file_is_here(
        self, cluster, make_generation, upstream
    ):
        worker = await begun(cluster, upstream, make_generation("g1"), concurrency=1)
        await cluster.submit(make_generation("g2"))
        assert await worker.run_next() is False
        await cluster.poll(worker, after_s=60)
        assert await worker.run_next() is True
        assert [await state(cluster, name) for name in ("g1", "g2")] == [State.RUNNING] * 2
        assert len(upstream.orders) == 2

    async def test_a_job_reported_finished_too_early_takes_its_slot_again(
        self, cluster, make_generation, upstream
    ):
        worker = await begun(cluster, upstream, make_generation("g1"), concurrency=1)
        await cluster.poll(worker, after_s=60)
        upstream.default = WORKING
        await cluster.poll(worker, after_s=60)
        await cluster.submit(make_generation("g2"))
        assert await worker.run_next() is False

    async def test_no_more_is_submitted_while_very_many_wait_for_their_files(
        self, cluster, make_generation, upstream, monkeypatch
    ):
        monkeypatch.setattr("rushes.worker.upstream.channel_pool.MAX_UNFETCHED", 2)
        worker = await begun(cluster, upstream, make_generation("g1"), make_generation("g2"))
        await cluster.poll(worker, after_s=60)
        await cluster.submit(make_generation("g3"))
        assert await worker.run_next() is False
        upstream.gone.clear()
        await cluster.poll(worker, after_s=60)
        assert await worker.run_next() is True


class TestPatience:
    async def test_failing_downloads_back_off(self, cluster, generation, upstream):
        worker = await begun(cluster, upstream, generation)
        asked_at = await pass_time(cluster, worker, 600)
        pauses = [late - early for early, late in pairwise(asked_at)]
        assert pauses == sorted(pauses)
        assert len(asked_at) < 12
        assert max(pauses) == LONGEST_PAUSE_S

    @pytest.mark.parametrize(
        "trouble", [UpstreamUnreachable("cut"), StoreError("locked"), ValueError("a mistake")]
    )
    async def test_no_trouble_has_the_whole_file_fetched_every_other_second(
        self, cluster, generation, upstream, monkeypatch, trouble
    ):
        upstream.gone.clear()

        async def fails(*_, **__):
            raise trouble

        monkeypatch.setattr(results, "check_delivered", fails)
        worker = await begun(cluster, upstream, generation)
        assert len(await pass_time(cluster, worker, 300)) < 10
        assert await state(cluster) is State.RUNNING

    async def test_a_file_that_arrives_late_completes_the_generation(
        self, cluster, generation, upstream
    ):
        worker = await begun(cluster, upstream, generation, result_missing_after_s=900.0)
        await pass_time(cluster, worker, 880)
        upstream.gone.clear()
        await pass_time(cluster, worker, 130)
        assert await state(cluster) is State.COMPLETED
        assert len(upstream.orders) == 1

    async def test_a_file_missing_for_too_long_fails_with_its_own_code_and_costs_nothing(
        self, cluster, make_generation, upstream
    ):
        quote = Quote(held=9, rates={"up": 9}, amount_milli=1000, kept_when_cancelled=("up",))
        account = make_generation().account_id
        granted = Entry(
            account_id=account,
            kind=EntryKind.GRANT,
            reference="r",
            balance=20,
            held=0,
            at=cluster.clock.now(),
        )
        await cluster.store.ledger.grant(granted)
        worker = await begun(cluster, upstream, make_generation(quote=quote))
        assert (await cluster.store.ledger.funds(account)).held == 9
        await pass_time(cluster, worker, 1100)
        found = await cluster.store.get("g1")
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "result_missing")
        assert "u1" in found.failure.message
        assert "404" in found.failure.message
        assert found.charged == 0
        funds = await cluster.store.ledger.funds(account)
        assert (funds.balance, funds.held) == (20, 0)
        assert await attempts(cluster, found) == [("up", AttemptState.FAILED, "u1")]
        cluster.clock.advance(seconds=HOUR_S)
        assert await worker.run_next() is False
        assert len(upstream.orders) == 1

    async def test_an_outage_after_the_end_loses_nothing_that_was_made_in_time(
        self, cluster, generation, upstream
    ):
        worker = await begun(cluster, upstream, generation, deadline_s=HOUR_S)
        upstream.default = WORKING
        await pass_time(cluster, worker, HOUR_S - 100)
        upstream.default, upstream.gone = DONE, set()
        upstream.fetches = [UpstreamUnreachable("502")] * 30
        await pass_time(cluster, worker, 1500)
        assert await state(cluster) is State.RUNNING
        upstream.default = UpstreamUnreachable("503")
        await pass_time(cluster, worker, 1500)
        assert await state(cluster) is State.RUNNING
        upstream.default, upstream.fetches = DONE, []
        await pass_time(cluster, worker, 130)
        assert await state(cluster) is State.COMPLETED

    async def test_an_outage_that_never_ends_is_given_up_in_the_end(
        self, cluster, generation, upstream
    ):
        worker = await begun(cluster, upstream, generation, deadline_s=HOUR_S)
        upstream.fetches = [UpstreamUnreachable("502")] * 99
        upstream.gone.clear()
        await pass_time(cluster, worker, HOUR_S + 300)
        found = await cluster.store.get("g1")
        assert found.failure is not None
        assert (found.state, found.failure.code) == (State.FAILED, "result_missing")

    async def test_a_file_that_is_missing_after_an_outage_gets_its_own_time(
        self, cluster, generation, upstream
    ):
        upstream.gone.clear()
        upstream.fetches = [UpstreamUnreachable("502")] * 50
        worker = await begun(cluster, upstream, generation, deadline_s=2 * HOUR_S)
        await pass_time(cluster, worker, 800)
        upstream.gone, upstream.fetches = {VIDEO}, []
        await pass_time(cluster, worker, 700)
        assert await state(cluster) is State.RUNNING
        await pass_time(cluster, worker, 400)
        assert await state(cluster) is State.FAILED

    async def test_a_finished_job_that_the_upstream_forgot_counts_as_a_missing_file(
        self, cluster, generation, upstream
    ):
        worker = await begun(cluster, upstream, generation)
        await cluster.poll(worker, after_s=60)
        upstream.default = UpstreamLost("there is no u1")
        await pass_time(cluster, worker, 700)
        assert await state(cluster) is State.RUNNING
        await pass_time(cluster, worker, 400)
        found = await cluster.store.get("g1")
        assert found.failure is not None
        assert found.failure.code == "result_missing"

    @pytest.mark.parametrize("trouble", [MediaError("full"), TemporaryEngineError("full")])
    async def test_a_full_disk_here_loses_nothing_for_hours(
        self, cluster, generation, upstream, monkeypatch, trouble
    ):
        upstream.gone.clear()

        async def full(*_, **__):
            raise trouble

        real = results.check_delivered
        monkeypatch.setattr(results, "check_delivered", full)
        worker = await begun(cluster, upstream, generation, deadline_s=HOUR_S)
        await pass_time(cluster, worker, 6 * HOUR_S)
        assert await state(cluster) is State.RUNNING
        monkeypatch.setattr(results, "check_delivered", real)
        await pass_time(cluster, worker, 130)
        assert await state(cluster) is State.COMPLETED

    async def test_a_web_page_in_place_of_the_video_for_some_seconds_loses_nothing(
        self, cluster, generation, upstream
    ):
        upstream.gone.clear()
        upstream.fetches = [b"<html>not yet</html>"] * 4
        worker = await begun(cluster, upstream, generation)
        await pass_time(cluster, worker, 90)
        assert await state(cluster) is State.COMPLETED

    async def test_a_callback_makes_the_worker_fetch_the_file_at_once(
        self, cluster, generation, upstream
    ):
        worker = await begun(cluster, upstream, generation)
        await pass_time(cluster, worker, 200)
        upstream.gone.clear()
        worker.poll_now(generation.id)
        await cluster.poll(worker, after_s=1)
        assert await state(cluster) is State.COMPLETED


class TestOptionalFiles:
    @pytest.mark.parametrize(
        "kind", [ArtifactKind.VIDEO_RAW, ArtifactKind.THUMBNAIL, ArtifactKind.LAST_FRAME]
    )
    async def test_a_dead_link_to_an_optional_file_does_not_stop_the_completion(
        self, cluster, generation, upstream, kind
    ):
        upstream.gone = {"http://up.test/dead"}
        upstream.default = replace(DONE, files={kind: "http://up.test/dead", **DONE.files})
        worker = await begun(cluster, upstream, generation)
        await cluster.poll(worker, after_s=60)
        done = await cluster.store.get(generation.id)
        assert done.state is State.COMPLETED
        assert done.artifact(kind) is not None

    async def test_no_optional_file_is_fetched_while_the_video_is_missing(
        self, cluster, generation, upstream
    ):
        upstream.default = replace(
            DONE, files={ArtifactKind.THUMBNAIL: "http://up.test/small", **DONE.files}
        )
        worker = await begun(cluster, upstream, generation)
        await cluster.poll(worker, after_s=60)
        assert upstream.fetched == [VIDEO]


class TestTheOtherAddress:
    async def test_a_second_address_is_used_if_the_first_has_no_file(
        self, cluster, generation, upstream
    ):
        upstream.default = replace(DONE, elsewhere={ArtifactKind.VIDEO: OTHER})
        worker = await begun(cluster, upstream, generation)
        await cluster.poll(worker, after_s=60)
        assert upstream.fetched == [VIDEO, OTHER]
        assert await state(cluster) is State.COMPLETED

    async def test_if_no_address_has_the_file_both_reasons_are_given(
        self, cluster, generation, upstream
    ):
        upstream.default = replace(DONE, elsewhere={ArtifactKind.VIDEO: OTHER})
        worker = await begun(cluster, upstream, generation, result_missing_after_s=1.0)
        upstream.fetches = [PermanentEngineError("cdn.test may not be reached")] * 3
        await pass_time(cluster, worker, 10)
        found = await cluster.store.get("g1")
        assert found.failure is not None
        assert found.failure.code == "result_missing"
        assert "404; at its other address cdn.test may not be reached" in found.failure.message


class TestTheChannel:
    async def test_a_channel_that_delivers_no_files_is_paused_before_it_costs_more(
        self, cluster, make_generation, upstream
    ):
        worker = await begun(cluster, upstream, *(make_generation(f"g{n}") for n in range(3)))
        await pass_time(cluster, worker, 5)
        assert await cluster.store.pauses() == ()
        await pass_time(cluster, worker, 20)
        (rest,) = await cluster.store.pauses()
        assert (rest.channel, rest.by) == ("up", PausedBy.BREAKER)
        assert "without their files" in rest.reason
        assert "404" in rest.reason
        await cluster.submit(make_generation("late", available_at=cluster.clock.now()))
        assert await worker.run_next() is False

    async def test_after_the_pause_one_job_at_a_time_shows_whether_it_delivers(
        self, cluster, make_generation, upstream
    ):
        worker = await begun(cluster, upstream, *(make_generation(f"g{n}") for n in range(3)))
        await pass_time(cluster, worker, 60)
        for name in ("g7", "g8"):
            await cluster.submit(make_generation(name, available_at=cluster.clock.now()))
        assert [await worker.run_next(), await worker.run_next()] == [True, False]
        await pass_time(cluster, worker, 10)
        assert await worker.run_next() is False  # it rests again, and for longer
        upstream.gone.clear()
        await pass_time(cluster, worker, 130)
        assert await worker.run_next() is True

    async def test_an_undelivered_job_counts_once_and_a_lost_one_pauses_the_channel(
        self, cluster, generation, upstream
    ):
        worker = await begun(cluster, upstream, generation)
        await pass_time(cluster, worker, 880)
        assert await cluster.store.pauses() == ()
        await pass_time(cluster, worker, 220)
        assert await state(cluster) is State.FAILED
        (rest,) = await cluster.store.pauses()
        assert "404" in rest.reason
        cluster.clock.advance(seconds=700)
        board = ChannelControl(
            worker._channels.values(),
            pauses=cluster.store,
            store=cluster.store,
            clock=cluster.clock,
        )
        (view,) = await board.list()
        assert (view.state, view.last_pause) == (ChannelState.HEALTHY, rest)

    async def test_a_failure_of_this_machine_does_not_count_against_the_channel(
        self, cluster, make_generation, upstream, monkeypatch
    ):
        upstream.gone.clear()

        async def full(*_, **__):
            raise MediaError("full")

        monkeypatch.setattr(results, "check_delivered", full)
        worker = await begun(cluster, upstream, *(make_generation(f"g{n}") for n in range(3)))
        await pass_time(cluster, worker, 60)
        assert await cluster.store.pauses() == ()

    async def test_a_missing_result_is_no_temporary_error(self):
        assert issubclass(ResultMissing, PermanentEngineError)
