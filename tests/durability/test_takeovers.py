"""Two workers that both believe that a job is theirs: one was frozen for longer than its lease."""

import asyncio

import pytest
from tests.durability.scripted_upstream import DONE, ScriptedUpstream, channel
from tests.durability.test_upstreams import attempts, clip

from rushes.core.generation import State
from rushes.worker.keeping import folder_held

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
    await shop.media.put_bytes(f"{folder_held(before)}/video.mp4", b"half")
    slow.default = DONE
    slow.asked.set()
    second = shop.relaying(channel(slow), name="w2")
    shop.clock.advance(seconds=100)
    await second.run_next()
    await shop.look(second, after_s=0)
    done = await shop.store.get(asked.id)
    assert done.state is State.COMPLETED
    assert left(f"{folder_held(before)}/video.mp4") is None
    assert all(left(artifact.key) for artifact in done.artifacts)
