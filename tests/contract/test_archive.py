"""What every store promises about what is old, over each of them."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.contract.stores import MAKERS

from rushes.core import lifecycle
from rushes.core.generation import (
    Announce,
    Artifact,
    ArtifactKind,
    Failure,
    Generation,
    GenerationId,
    State,
)
from rushes.core.spec import GenerationSpec, Keyframe, Position
from rushes.store.base import History, Tally
from rushes.store.database import Database
from rushes.store.outbox import DeliveryState, Try

MakeGeneration = Callable[..., Generation]
AnyStore = Database

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOOK = Announce(url="https://example.com/hook", format="plain")
NAMED = "media:inputs/ab.png"


@pytest.fixture(params=MAKERS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AnyStore]:
    store = MAKERS[request.param](request, tmp_path)
    yield store
    await store.close()


@pytest.fixture
def submit(store: AnyStore, make_generation: MakeGeneration) -> Callable[..., object]:
    async def submit(name: str, **facts: object) -> Generation:
        return await store.write(lifecycle.submit(make_generation(name, **facts)))

    return submit


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def video(size_bytes: int) -> Artifact:
    return Artifact(
        kind=ArtifactKind.VIDEO,
        key="g/video.mp4",
        media_type="video/mp4",
        size_bytes=size_bytes,
        width_px=2,
        height_px=2,
    )


async def end(
    store: AnyStore, queued: Generation, seconds: float, size_bytes: int | None = 7
) -> Generation:
    """Complete it at that moment; with no size, fail it."""
    claimed = await store.write(lifecycle.claim(queued, engine="e", now=at(seconds)))
    change = (
        lifecycle.fail(claimed, Failure(code="x", message="no"), now=at(seconds))
        if size_bytes is None
        else lifecycle.complete(claimed, (video(size_bytes),), now=at(seconds))
    )
    return await store.write(change)


def names(found: tuple[Generation, ...]) -> list[str]:
    return [one.id for one in found]


async def test_an_empty_one_has_nothing(store: AnyStore) -> None:
    archive = store.archive
    assert await archive.tally() == Tally(
        media_bytes=0, queued_since=None, deliveries=0, pending_since=None
    )
    assert await archive.ended(frozenset(State)) == ()
    assert await archive.removable_folders(limit=9) == ()


async def test_the_tally_counts_files_and_tells_what_waits_longest(store, submit) -> None:
    for order, name in enumerate("abc"):
        made = await submit(name, created_at=at(order))
        await end(store, made, 10 + order, size_bytes=10**order)
    await submit("d", created_at=at(5))
    await submit("e", created_at=at(4), announce=HOOK)
    assert await store.archive.tally() == Tally(
        media_bytes=111, queued_since=at(4), deliveries=0, pending_since=None
    )
    await end(store, await store.get(GenerationId("e")), 20)
    await end(store, await store.get(GenerationId("d")), 21, size_bytes=None)
    assert await store.archive.tally() == Tally(
        media_bytes=118, queued_since=None, deliveries=2, pending_since=at(20)
    )


async def test_what_ended_longest_ago_comes_first(store, submit) -> None:
    for name, seconds, size in (("a", 30, 1), ("b", 10, 1), ("c", 20, None), ("d", 40, 1)):
        await end(store, await submit(name), seconds, size)
    await submit("waits")
    archive = store.archive
    final = frozenset({State.COMPLETED, State.FAILED})
    assert names(await archive.ended(final)) == ["b", "c", "a", "d"]
    assert names(await archive.ended(final, before=at(30))) == ["b", "c", "a"]
    assert names(await archive.ended(frozenset({State.COMPLETED}), offset=1, limit=1)) == ["a"]


async def test_the_folder_of_what_expires_or_is_removed_is_litter_until_it_is_gone(
    store, submit
) -> None:
    expired = lifecycle.expire(await end(store, await submit("a"), 1), now=at(9))
    await store.write(expired)
    await store.remove(await end(store, await submit("b"), 2))
    archive = store.archive
    assert await archive.removable_folders(limit=9) == ("a", "b")
    assert await archive.removable_folders(limit=1) == ("a",)
    await archive.mark_removed(["a"])
    assert await archive.removable_folders(limit=9) == ("b",)
    assert (await archive.tally()).media_bytes == 0
    assert [event.type for event in await store.events(GenerationId("a"))][-1] == (
        "generation.expired"
    )


async def test_those_with_files_are_all_but_the_expired_and_the_unknown(store, submit) -> None:
    await submit("waits")
    await store.write(lifecycle.expire(await end(store, await submit("a"), 1), now=at(9)))
    assert await store.archive.with_files(["waits", "a", "nobody"]) == {"waits"}


async def test_an_input_is_named_as_long_as_somebody_may_need_it(store, submit) -> None:
    spec = GenerationSpec(
        model="ray-2", prompt="p", keyframes=(Keyframe(position=Position.FIRST, image=NAMED),)
    )
    named = store.archive.named
    keys = ["inputs/ab.png", "inputs/other.png"]
    failed = await submit("a", spec=spec)
    assert await named(keys) == {"inputs/ab.png"}
    await end(store, failed, 1, size_bytes=None)
    assert await named(keys) == frozenset()
    done = await end(store, await submit("b", spec=spec), 2)
    assert await named(keys) == {"inputs/ab.png"}
    await store.write(lifecycle.expire(done, now=at(3)))
    assert await named(keys) == frozenset()
    await store.remove(await end(store, await submit("c", spec=spec), 4))
    assert await named(keys) == frozenset()


async def test_events_go_after_their_deliveries_and_never_of_what_is_under_way(
    store, submit
) -> None:
    await submit("waits")
    done = await end(store, await submit("a", announce=HOOK), 1)
    archive, later = store.archive, at(100)
    # Running and completed are told of; that it was queued is not.
    assert await archive.past(History.EVENTS, before=later) == 1
    assert await archive.past(History.DELIVERIES, before=later) == 0
    for delivery in await store.deliveries(done.id):
        tried = Try(at=at(2), status=200, error=None)
        await store.settle_delivery(
            delivery.id, tried, state=DeliveryState.DELIVERED, next_at=at(2)
        )
    assert await archive.past(History.DELIVERIES, before=at(1)) == 0
    assert await archive.past(History.DELIVERIES, before=later) == 2
    assert await archive.forget(History.DELIVERIES, before=later, limit=1) == 1
    assert await archive.forget(History.DELIVERIES, before=later, limit=9) == 1
    assert await store.deliveries(done.id) == ()
    assert await archive.forget(History.EVENTS, before=later, limit=9) == 3
    assert await store.events(done.id) == ()
    assert len(await store.events(GenerationId("waits"))) == 1
    assert await store.get(done.id) == done


async def test_a_turn_is_one_persons_until_it_ends(store) -> None:
    take = store.archive.take_lock
    assert await take("t", who="me", now=NOW, until=at(10))
    assert await take("t", who="me", now=at(5), until=at(20))
    assert not await take("t", who="you", now=at(19), until=at(30))
    assert await take("other", who="you", now=at(1), until=at(30))
    assert await take("t", who="you", now=at(20), until=at(30))
    await store.archive.release_lock("t", who="me")
    assert not await take("t", who="me", now=at(21), until=at(40))
    await store.archive.release_lock("t", who="you")
    assert await take("t", who="me", now=at(22), until=at(40))


async def test_a_generation_says_when_it_expired_and_has_no_files(store, submit) -> None:
    done = await end(store, await submit("a"), 1)
    expired = await store.write(lifecycle.expire(done, now=at(9)))
    assert await store.get(done.id) == expired
    assert expired == replace(
        done,
        state=State.EXPIRED,
        version=done.version + 1,
        updated_at=at(9),
        artifacts=(),
        failure=Failure(
            code="expired",
            message="its files were kept until 2026-01-01 00:00 UTC and have been removed",
        ),
    )
    assert await store.count_by_state() == {State.EXPIRED: 1}
