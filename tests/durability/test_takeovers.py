"""Two workers that follow the same job, because one was frozen for longer than its lease."""

import asyncio

import pytest
from tests.durability.scripted_upstream import DONE, WORKING, ScriptedUpstream, channel
from tests.durability.test_upstreams import attempts, clip

from rushes.core.generation import State
from rushes.worker.result_files import held_folder
from rushes.worker.upstream.collector import MAX_CONCURRENT_FETCHES

__all__ = ["attempts", "clip"]


class Slow(ScriptedUpstream):
    """An upstream that delays its first file for as long as the test wants."""

    def __init__(self, clip) -> None:
        super().__init__(clip=clip)
        self.fetch_began = asyncio.Event()
        self.go_on = asyncio.Event()

    async def fetch(self, address, into, *, limit_bytes, deadline_s) -> None:
        if not self.fetch_began.is_set():
            self.fetch_began.set()
            await self.go_on.wait()
        await super().fetch(address, into, limit_bytes=limit_bytes, deadline_s=deadline_s)


@pytest.fixture
def slow(clip) -> Slow:
    return Slow(clip)


async def test_a_worker_that_wakes_up_during_a_download_leaves_the_new_holders_files(
    cluster, generation, slow
):
    await cluster.submit(generation)
    first = cluster.upstream_worker(channel(slow), name="w1")
    await first.run_next()
    slow.default = DONE
    frozen = asyncio.create_task(cluster.poll(first, after_s=30))
    await slow.fetch_began.wait()
    second = cluster.upstream_worker(channel(slow), name="w2")
    cluster.clock.advance(seconds=100)
    await second.run_next()
    await cluster.poll(second, after_s=0)
    slow.go_on.set()
    await frozen
    done = await cluster.store.get(generation.id)
    assert done.state is State.COMPLETED
    kept = [cluster.media.path(artifact.key) for artifact in done.artifacts]
    assert len(kept) == 4
    assert None not in kept


async def test_files_of_an_earlier_worker_go_when_another_one_completes(cluster, generation, slow):
    await cluster.submit(generation)
    first = cluster.upstream_worker(channel(slow), name="w1")
    await first.run_next()
    left = cluster.media.path  # a worker that was killed between two files has left one
    before = await cluster.store.get(generation.id)
    await cluster.media.put_bytes(f"{held_folder(before)}/video.mp4", b"half")
    slow.default = DONE
    slow.fetch_began.set()
    second = cluster.upstream_worker(channel(slow), name="w2")
    cluster.clock.advance(seconds=100)
    await second.run_next()
    await cluster.poll(second, after_s=0)
    done = await cluster.store.get(generation.id)
    assert done.state is State.COMPLETED
    assert left(f"{held_folder(before)}/video.mp4") is None
    assert all(left(artifact.key) for artifact in done.artifacts)


async def test_a_callback_during_a_download_does_not_start_a_second_download(
    cluster, generation, slow
):
    await cluster.submit(generation)
    worker = cluster.upstream_worker(channel(slow))
    await worker.run_next()
    slow.default = DONE
    fetching = asyncio.create_task(cluster.poll(worker, after_s=10))
    await slow.fetch_began.wait()
    assert worker.poll_now(generation.id)
    looking = asyncio.create_task(cluster.poll(worker, after_s=0))
    slow.go_on.set()
    await asyncio.gather(fetching, looking)
    done = await cluster.store.get(generation.id)
    assert done.state is State.COMPLETED
    assert len(slow.looked) == 1
    assert all(cluster.media.path(artifact.key) for artifact in done.artifacts)


async def test_a_callback_during_a_poll_causes_another_poll(cluster, generation, slow):
    await cluster.submit(generation)
    worker = cluster.upstream_worker(channel(slow))
    await worker.run_next()

    async def called_meanwhile(job_id):
        slow.looked.append((job_id,))
        assert worker.poll_now(generation.id)
        slow.poll = slow.usual_poll
        return WORKING

    slow.fetch_began.set()
    slow.default = DONE
    slow.usual_poll, slow.poll = slow.poll, called_meanwhile
    await cluster.poll(worker, after_s=30)
    await cluster.poll(worker, after_s=0)
    assert len(slow.looked) == 2
    assert (await cluster.store.get(generation.id)).state is State.COMPLETED


async def test_a_flood_of_callbacks_causes_no_more_polls_than_usual(cluster, generation, slow):
    await cluster.submit(generation)
    worker = cluster.upstream_worker(channel(slow, min_poll_interval_s=2.0))
    await worker.run_next()
    for _ in range(100):
        worker.poll_now(generation.id)
        await cluster.poll(worker, after_s=0.1)
    assert 5 <= len(slow.looked) <= 10


async def test_a_job_that_waits_long_for_its_download_keeps_its_worker(
    cluster, make_generation, slow
):
    ids = [f"g{number}" for number in range(MAX_CONCURRENT_FETCHES + 1)]
    worker = cluster.upstream_worker(channel(slow))
    for name in ids:
        await cluster.submit(make_generation(name))
        await worker.run_next()
    slow.default = DONE
    slow.fetch = lambda *_, **__: asyncio.Event().wait()
    fetching = [asyncio.create_task(cluster.poll(worker, after_s=10))]
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(slow.looked) == len(ids)
    for _ in range(10):
        fetching.append(asyncio.create_task(cluster.poll(worker, after_s=20)))
        for _ in range(20):
            await asyncio.sleep(0)
        waiting = await cluster.store.next_available(now=cluster.clock.now(), skip=ids[:-1])
        assert waiting is None
    for one in fetching:
        one.cancel()
    await asyncio.gather(*fetching, return_exceptions=True)


async def test_a_followed_job_is_not_followed_twice(cluster, generation, slow):
    await cluster.submit(generation)
    worker = cluster.upstream_worker(channel(slow))
    await worker.run_next()
    slow.default = DONE
    fetching = asyncio.create_task(cluster.poll(worker, after_s=10))
    await slow.fetch_began.wait()
    (poller,) = worker._pool.pollers
    poller.follow(await cluster.store.get(generation.id), at_once=True)
    again = asyncio.create_task(cluster.poll(worker, after_s=0))
    slow.go_on.set()
    await asyncio.gather(fetching, again)
    done = await cluster.store.get(generation.id)
    assert len(slow.looked) == 1
    assert all(cluster.media.path(artifact.key) for artifact in done.artifacts)
