"""A worker that drains finishes its renders and gives its upstream jobs to other workers."""

import asyncio
from itertools import islice

import pytest
from tests.durability.scripted_upstream import DONE, ScriptedUpstream, channel
from tests.durability.test_upstreams import attempts, clip

from rushes.core.generation import State
from rushes.core.node import Node, NodeRole, NodeState
from rushes.service.node_heartbeat import NodeHeartbeat, NodeIdentity

__all__ = ["attempts", "clip"]

WORKS = frozenset({NodeRole.WORKS})


@pytest.fixture
def upstream(clip) -> ScriptedUpstream:
    return ScriptedUpstream(clip=clip)


@pytest.fixture
def heartbeat(cluster):
    """Return the heartbeat of a worker."""

    def heartbeat(worker, name: str) -> NodeHeartbeat:
        identity = NodeIdentity(name=name, host="here", version="1")
        return NodeHeartbeat(cluster.store, identity, work=worker, clock=cluster.clock)

    return heartbeat


async def listed(cluster) -> dict[str, Node]:
    return {node.name: node for node in await cluster.store.nodes()}


async def drain(cluster, name: str) -> None:
    await cluster.store.set_draining(name, is_draining=True)


async def test_the_list_shows_what_a_worker_runs(cluster, generation, upstream, heartbeat):
    await cluster.submit(generation)
    worker = cluster.upstream_worker(channel(upstream), name="w1")
    beats = heartbeat(worker, "w1")
    await beats.beat(WORKS)
    assert (await listed(cluster))["w1"].running == 0
    await worker.run_next()
    await beats.beat(WORKS)
    node = (await listed(cluster))["w1"]
    assert (node.running, node.running_ids) == (1, (generation.id,))
    assert node.channels == (channel(upstream).name,)
    assert node.state(cluster.clock.now()) is NodeState.ACTIVE
    await beats.leave()
    assert await listed(cluster) == {}


async def test_a_node_is_lost_without_a_heartbeat_and_active_again_with_one(
    cluster, upstream, heartbeat
):
    beats = heartbeat(cluster.upstream_worker(channel(upstream), name="w1"), "w1")
    await beats.beat(WORKS)
    cluster.clock.advance(seconds=21)
    assert (await listed(cluster))["w1"].state(cluster.clock.now()) is NodeState.LOST
    await beats.beat(WORKS)
    assert (await listed(cluster))["w1"].state(cluster.clock.now()) is NodeState.ACTIVE


async def test_a_node_that_stops_is_shown_as_draining_whatever_an_operator_wants(
    cluster, upstream, heartbeat
):
    beats = heartbeat(cluster.upstream_worker(channel(upstream), name="w1"), "w1")
    running = asyncio.create_task(beats.run(WORKS))
    while not await listed(cluster):  # noqa: ASYNC110  # the store has no event for it
        await asyncio.sleep(0)
    beats.stop()
    assert beats.is_draining, "the health check says so at once"
    while not (await listed(cluster))["w1"].is_draining:  # noqa: ASYNC110  # as above
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await cluster.store.set_draining("w1", is_draining=False)
    await beats.beat(WORKS)
    assert (await listed(cluster))["w1"].is_draining


async def test_a_draining_worker_gives_its_jobs_to_another_that_serves_the_channel(
    cluster, generation, upstream, heartbeat
):
    await cluster.submit(generation)
    first = cluster.upstream_worker(channel(upstream), name="w1")
    second = cluster.upstream_worker(channel(upstream), name="w2")
    await first.run_next()
    one, two = heartbeat(first, "w1"), heartbeat(second, "w2")
    await one.beat(WORKS)
    await two.beat(WORKS)
    await drain(cluster, "w1")
    await one.beat(WORKS)
    assert first.followed_jobs == 0
    await one.beat(WORKS)
    assert (await listed(cluster))["w1"].state(cluster.clock.now()) is NodeState.DRAINED
    await second.run_next()  # at once: the lease of the first is over
    assert second.followed_jobs == 1
    upstream.default = DONE
    await cluster.poll(second, after_s=30)
    assert (await cluster.store.get(generation.id)).state is State.COMPLETED
    assert len(upstream.orders) == 1


@pytest.mark.parametrize("other", ["none", "lost", "draining", "other channel", "only serves"])
async def test_a_draining_worker_follows_jobs_that_no_other_can_take(
    cluster, generation, upstream, heartbeat, other
):
    await cluster.submit(generation)
    worker = cluster.upstream_worker(channel(upstream), name="w1")
    await worker.run_next()
    beats = heartbeat(worker, "w1")
    if other != "none":
        theirs = channel(ScriptedUpstream(), name="another" if other == "other channel" else "up")
        second = heartbeat(cluster.upstream_worker(theirs, name="w2"), "w2")
        roles = frozenset({NodeRole.SERVES}) if other == "only serves" else WORKS
        await second.beat(roles)
        if other == "draining":
            await drain(cluster, "w2")
        if other == "lost":
            cluster.clock.advance(seconds=21)
    await beats.beat(WORKS)
    await drain(cluster, "w1")
    await beats.beat(WORKS)
    assert worker.followed_jobs == 1
    await beats.beat(WORKS)
    assert (await listed(cluster))["w1"].state(cluster.clock.now()) is NodeState.DRAINING
    upstream.default = DONE
    await cluster.poll(worker, after_s=30)
    assert (await cluster.store.get(generation.id)).state is State.COMPLETED
    await beats.beat(WORKS)
    assert (await listed(cluster))["w1"].state(cluster.clock.now()) is NodeState.DRAINED


async def test_a_draining_worker_finishes_its_render_and_claims_nothing_until_it_resumes(
    cluster, make_generation, heartbeat
):
    first, second = make_generation("first"), make_generation("second")
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_) -> None:
        begun.set()
        await go_on.wait()

    settled: asyncio.Queue[str] = asyncio.Queue()
    cluster.store.listen(
        lambda change: change.after.state.is_final and settled.put_nowait(change.after.id)
    )
    worker = cluster.local_worker(b"video", b"video", before=wait)
    beats = heartbeat(worker, "w1")
    await cluster.submit(first)
    running = asyncio.create_task(worker.run())
    try:
        await asyncio.wait_for(begun.wait(), 5)
        await beats.beat(WORKS)
        await drain(cluster, "w1")
        await beats.beat(WORKS)
        await cluster.submit(second)
        go_on.set()
        assert await asyncio.wait_for(settled.get(), 5) == "first"
        searched = worker.last_claim_at_s
        while worker.last_claim_at_s == searched:  # noqa: ASYNC110  # a time, no event
            await asyncio.sleep(0.001)
        assert (await cluster.store.get(second.id)).state is State.QUEUED
        assert list(islice(worker.held(), 5)) == []
        await cluster.store.set_draining("w1", is_draining=False)
        await beats.beat(WORKS)
        assert await asyncio.wait_for(settled.get(), 5) == "second"
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
