"""Two workers that both believe that a job is theirs: one was frozen for longer than its lease."""

import asyncio

import pytest
from tests.durability.scripted_upstream import DONE, WORKING, ScriptedUpstream, channel
from tests.durability.test_upstreams import attempts, clip

from rushes.core.generation import State
from rushes.worker.result_files import held_folder
from rushes.worker.upstream.collector import MAX_CONCURRENT_FETCHES

__all__ = ["attempts", "clip"]


class Slow(ScriptedUpstream):
    """Holds back the first file that it is asked for, as long as the test wants."""

    def __init__(self, clip) -> None:
        super().__init__(clip=clip)
        self.asked = asyncio.Event()
        self.go_on = asyncio.Event()

    async def fetch(self, address, into, *, limit_bytes, deadline_s) -> None:
        if not self.asked.is_set():
            self.asked.set()
            await self.go_on.wait()
        await super().fetch(address, into, limit_bytes=limit_bytes, deadline_s=deadline_s)


@pytest.fixture
def slow(clip) -> Slow:
    return Slow(clip)


async def test_who_wakes_up_while_he_fetches_leaves_the_files_of_whoever_took_over(
    shop, asked, slow
):
    await shop.submit(asked)
    first = shop.relaying(channel(slow), name="w1")
    await first.run_next()
    slow.default = DONE
    frozen = asyncio.create_task(shop.look(first, after_s=30))
    await slow.asked.wait()
    second = shop.relaying(channel(slow), name="w2")
    shop.clock.advance(seconds=100)
    await second.run_next()
    await shop.look(second, after_s=0)
    slow.go_on.set()
    await frozen
    done = await shop.store.get(asked.id)
    assert done.state is State.COMPLETED
    kept = [shop.media.path(artifact.key) for artifact in done.artifacts]
    assert len(kept) == 4
    assert None not in kept


async def test_what_was_kept_in_vain_is_gone_when_another_has_kept_it(shop, asked, slow):
    await shop.submit(asked)
    first = shop.relaying(channel(slow), name="w1")
    await first.run_next()
    left = shop.media.path  # a worker that was killed between two files has left one
    before = await shop.store.get(asked.id)
    await shop.media.put_bytes(f"{held_folder(before)}/video.mp4", b"half")
    slow.default = DONE
    slow.asked.set()
    second = shop.relaying(channel(slow), name="w2")
    shop.clock.advance(seconds=100)
    await second.run_next()
    await shop.look(second, after_s=0)
    done = await shop.store.get(asked.id)
    assert done.state is State.COMPLETED
    assert left(f"{held_folder(before)}/video.mp4") is None
    assert all(left(artifact.key) for artifact in done.artifacts)


async def test_a_call_while_it_is_fetched_does_not_have_it_fetched_twice(shop, asked, slow):
    await shop.submit(asked)
    worker = shop.relaying(channel(slow))
    await worker.run_next()
    slow.default = DONE
    fetching = asyncio.create_task(shop.look(worker, after_s=10))
    await slow.asked.wait()
    assert worker.poll_now(asked.id)
    looking = asyncio.create_task(shop.look(worker, after_s=0))
    slow.go_on.set()
    await asyncio.gather(fetching, looking)
    done = await shop.store.get(asked.id)
    assert done.state is State.COMPLETED
    assert len(slow.looked) == 1
    assert all(shop.media.path(artifact.key) for artifact in done.artifacts)


async def test_a_call_during_a_look_has_it_looked_at_once_more(shop, asked, slow):
    await shop.submit(asked)
    worker = shop.relaying(channel(slow))
    await worker.run_next()

    async def called_meanwhile(job_id):
        slow.looked.append((job_id,))
        assert worker.poll_now(asked.id)
        slow.look = slow.usual_look
        return WORKING

    slow.asked.set()
    slow.default = DONE
    slow.usual_look, slow.look = slow.look, called_meanwhile
    await shop.look(worker, after_s=30)
    await shop.look(worker, after_s=0)
    assert len(slow.looked) == 2
    assert (await shop.store.get(asked.id)).state is State.COMPLETED


async def test_a_flood_of_calls_costs_no_more_looks_than_usual(shop, asked, slow):
    await shop.submit(asked)
    worker = shop.relaying(channel(slow, look_every_s=2.0))
    await worker.run_next()
    for _ in range(100):
        worker.poll_now(asked.id)
        await shop.look(worker, after_s=0.1)
    assert 5 <= len(slow.looked) <= 10


async def test_what_waits_long_for_its_turn_to_be_fetched_stays_its_workers(
    shop, make_generation, slow
):
    ids = [f"g{number}" for number in range(MAX_CONCURRENT_FETCHES + 1)]
    worker = shop.relaying(channel(slow))
    for name in ids:
        await shop.submit(make_generation(name))
        await worker.run_next()
    slow.default = DONE
    slow.fetch = lambda *_, **__: asyncio.Event().wait()
    fetching = [asyncio.create_task(shop.look(worker, after_s=10))]
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(slow.looked) == len(ids)
    for _ in range(10):
        fetching.append(asyncio.create_task(shop.look(worker, after_s=20)))
        for _ in range(20):
            await asyncio.sleep(0)
        waiting = await shop.store.next_available(now=shop.clock.now(), skip=ids[:-1])
        assert waiting is None
    for one in fetching:
        one.cancel()
    await asyncio.gather(*fetching, return_exceptions=True)


async def test_what_is_followed_already_is_not_followed_twice(shop, asked, slow):
    await shop.submit(asked)
    worker = shop.relaying(channel(slow))
    await worker.run_next()
    slow.default = DONE
    fetching = asyncio.create_task(shop.look(worker, after_s=10))
    await slow.asked.wait()
    (poller,) = worker._pool.pollers
    poller.follow(await shop.store.get(asked.id), at_once=True)
    again = asyncio.create_task(shop.look(worker, after_s=0))
    slow.go_on.set()
    await asyncio.gather(fetching, again)
    done = await shop.store.get(asked.id)
    assert len(slow.looked) == 1
    assert all(shop.media.path(artifact.key) for artifact in done.artifacts)
