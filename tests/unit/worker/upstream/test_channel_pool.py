"""Track the capacity of a worker's channels."""

import pytest
from tests.durability.scripted_upstream import DONE, ScriptedUpstream, channel
from tests.unit.worker.stages import stored

from rushes.core.channel_pause import ChannelPause, PausedBy
from rushes.core.generation import AttemptState
from rushes.engines.base import Channel
from rushes.engines.scripted import ScriptedEngine
from rushes.worker.upstream.channel_health import FIRST_PAUSE_S, MAX_FAILURES, ChannelHealth
from rushes.worker.upstream.channel_pool import (
    HALF_OPEN_LIMIT,
    MAX_CONCURRENT_SUBMITS,
    ChannelPool,
)

LOCAL = Channel(name="here", engine=ScriptedEngine([]), models={"ray-flash-2": "x"})


class Pool:
    """A pool of one upstream channel and one local one."""

    def __init__(self, context, up) -> None:
        self.health = ChannelHealth(context.store, [up, LOCAL], context.clock)
        self.pool = ChannelPool(context, [up, LOCAL], self.health)

    def ready(self, *, has_free_slot: bool = True) -> set[str]:
        return set(self.pool.ready_channels(has_free_slot=has_free_slot, rendering={}))


@pytest.fixture
def pool_of(context, upstream):
    def pool_of(**terms) -> Pool:
        return Pool(context, channel(upstream, **terms))

    return pool_of


def test_a_local_channel_is_ready_while_the_worker_has_a_free_slot(pool_of):
    assert pool_of().ready() == {"up", "here"}
    assert pool_of().ready(has_free_slot=False) == {"up"}


def test_submits_under_way_count_against_the_concurrency(pool_of):
    one = pool_of(concurrency=1)
    one.pool.record_submit_start("up")
    assert one.ready() == {"here"}
    one.pool.record_submit_end("up")
    assert one.ready() == {"up", "here"}


def test_a_channel_without_a_limit_makes_so_many_submits_at_once_and_no_more(pool_of):
    one = pool_of()
    for _ in range(MAX_CONCURRENT_SUBMITS):
        assert "up" in one.ready()
        one.pool.record_submit_start("up")
    assert "up" not in one.ready()


async def test_followed_jobs_count_against_the_concurrency(pool_of, context, make_generation):
    one = pool_of(concurrency=1)
    one.pool.poller("up").follow(await stored(context, make_generation(), AttemptState.ACCEPTED))
    assert "up" not in one.ready()


async def test_a_finished_job_gives_its_slot_back_before_its_file_is_here(
    pool_of, context, upstream, make_generation
):
    one = pool_of(concurrency=1)
    generation = await stored(context, make_generation(), AttemptState.ACCEPTED)
    upstream.jobs["u1"] = None
    upstream.default = DONE
    upstream.gone.add("http://up.test/video.mp4")
    poller = one.pool.poller("up")
    poller.follow(generation, at_once=True)
    await poller.poll_due()
    assert (poller.job_count, poller.finished_count) == (1, 1)
    assert "up" in one.ready()


def test_a_busy_upstream_gets_no_submits(pool_of):
    one = pool_of()
    one.health.record_busy("up", 30.0)
    assert "up" not in one.ready()


async def test_a_paused_channel_gets_no_submits(pool_of):
    one = pool_of()
    await one.health.record_refusal("up", "401")
    assert "up" not in one.ready()


async def test_a_paused_local_channel_gets_no_work(pool_of, store, clock):
    one = pool_of()
    pause = ChannelPause(
        channel="here",
        fingerprint="",
        reason="maintenance",
        since=clock.now(),
        until=None,
        by=PausedBy.OPERATOR,
    )
    await store.set_pause(pause)
    await one.health.refresh()
    assert one.ready() == {"up"}


async def test_after_a_pause_one_generation_at_a_time_until_one_succeeds(pool_of, clock):
    one = pool_of()
    for _ in range(MAX_FAILURES):
        await one.health.record_failure("up", "no route")
    clock.advance(seconds=FIRST_PAUSE_S)
    for _ in range(HALF_OPEN_LIMIT):
        assert "up" in one.ready()
        one.pool.record_submit_start("up")
    assert "up" not in one.ready()
    one.health.record_success("up")
    assert "up" in one.ready()


async def test_models_whose_only_channel_is_refused_are_known(pool_of):
    one = pool_of()
    assert one.pool.refused_models() == frozenset()
    await one.health.record_refusal("up", "401")
    assert one.pool.refused_models() == {"ray-2"}


async def test_a_model_with_another_channel_is_not_refused(context, upstream):
    channels = [channel(upstream), channel(ScriptedUpstream(), name="second")]
    health = ChannelHealth(context.store, channels, context.clock)
    await health.record_refusal("up", "401")
    assert ChannelPool(context, channels, health).refused_models() == frozenset()


async def test_only_channels_that_serve_the_model_are_capable(pool_of, make_generation):
    capable = await pool_of().pool.capable_channels(make_generation())
    assert [one.name for one in capable] == ["up"]


@pytest.mark.parametrize(("is_fallback", "names"), [(True, ["here"]), (False, ["here", "too"])])
async def test_a_fallback_is_capable_only_where_no_other_channel_is(
    context, make_generation, is_fallback, names
):
    generation = make_generation()
    models = {generation.spec.model: "x"}
    fallback = frozenset(models) if is_fallback else frozenset({"another"})
    here = Channel(name="here", engine=ScriptedEngine([]), models=models)
    too = Channel(name="too", engine=ScriptedEngine([]), models=models, fallback_for=fallback)
    both, alone = (
        ChannelPool(context, channels, ChannelHealth(context.store, channels, context.clock))
        for channels in ((here, too), (too,))
    )
    assert [one.name for one in await both.capable_channels(generation)] == names
    assert [one.name for one in await alone.capable_channels(generation)] == ["too"]


def test_only_upstream_channels_have_a_poller(pool_of):
    pool = pool_of().pool
    assert pool.poller("here") is None
    assert pool.pollers == (pool.poller("up"),)
