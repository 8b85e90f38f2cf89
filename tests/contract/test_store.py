"""What every store promises, over each of them. The stores are in stores.py."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from tests.contract.stores import MAKERS

from rushes.core import lifecycle
from rushes.core.channel_pause import ChannelPause, PausedBy
from rushes.core.errors import (
    ChannelFull,
    Conflict,
    GenerationNotFound,
    IdempotencyMismatch,
    JobTaken,
    NotFound,
    StoreError,
    TooManyInFlight,
)
from rushes.core.generation import (
    AccountId,
    Announce,
    Artifact,
    ArtifactKind,
    Failure,
    Generation,
    GenerationId,
    State,
)
from rushes.core.keys import Account, InFlightLimit, Key, KeyLimits, Scope
from rushes.core.lifecycle import Change
from rushes.core.spec import GenerationSpec, Keyframe, Kind, Medium, Position, Source
from rushes.core.upload import COMPLETION_DEADLINE, DELETED_BYTES_STAY, Purpose, Upload, UploadState
from rushes.kit.clock import FrozenClock
from rushes.kit.failure_counts import FIRST_PAUSE_S, FailureCounts
from rushes.kit.rate_buckets import RateBuckets
from rushes.store.base import (
    ChannelLimit,
    ChannelPauses,
    GenerationFilter,
    IdempotencyClaim,
    Keyring,
    Lease,
    Store,
    UploadFilter,
    Uploads,
)
from rushes.store.outbox import Delivery, DeliveryState, Outbox, Try

MakeGeneration = Callable[..., Generation]


class WholeStore(
    Store, Keyring, Uploads, ChannelPauses, RateBuckets, FailureCounts, Outbox, Protocol
):
    """All sides of it."""


NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOOK = Announce(url="https://example.com/hook", format="plain")


@pytest.fixture(params=MAKERS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[WholeStore]:
    store = MAKERS[request.param](request, tmp_path)
    yield store
    await store.close()


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def lease(worker: str = "w1", seconds: float = 30) -> Lease:
    return Lease(worker=worker, until=at(seconds))


def once(key: str = "k", fingerprint: str = "f", until: float = 100) -> IdempotencyClaim:
    return IdempotencyClaim(key=key, fingerprint=fingerprint, until=at(until))


def a_try(status: int | None = 500, error: str | None = "the receiver answered 500") -> Try:
    return Try(at=at(1), status=status, error=error, answer="no\x00\u20ac", took_s=0.25)


def a_key(name: str = "key1", **overrides: object) -> Key:
    key = Key(
        id=name,
        account_id=AccountId("acc"),
        name="laptop",
        digest=f"digest of {name}",
        hint="rk_ab",
        created_at=NOW,
    )
    return replace(key, **overrides)  # type: ignore[arg-type]  # tests name the fields


def an_upload(name: str = "u1", **overrides: object) -> Upload:
    upload = Upload(
        id=name,
        account_id=AccountId("acc"),
        purpose=Purpose.INPUT,
        media_type="image/png",
        size_bytes=10**10,
        created_at=NOW + timedelta(microseconds=123_457),
    )
    return replace(upload, **overrides)  # type: ignore[arg-type]  # tests name the fields


async def submit(store: Store, *generations: Generation) -> None:
    for generation in generations:
        await store.write(lifecycle.submit(generation))


async def claim(store: Store, generation: Generation, held: Lease | None = None) -> Generation:
    change = lifecycle.claim(generation, engine="scripted", now=NOW)
    return await store.write(change, lease=held or lease())


async def ids(found: Iterable[Generation]) -> list[str]:
    return [generation.id for generation in found]


def full(generation: Generation) -> Generation:
    """Return it with something in every field that may be empty."""
    kinds = enumerate(ArtifactKind)
    return replace(
        generation,
        spec=GenerationSpec(
            model="ray-2",
            prompt='"\u65e5\u672c \U0001f3ac\n\x00\\',
            keyframes=(
                Keyframe(position=Position.FIRST, image="https://example.com/a.jpg"),
                Keyframe(position=Position.LAST, generation_id="g0"),
            ),
            aspect_ratio="9:21",
            resolution="1080p",
            duration_s=9.0,
            loop=True,
            expand_prompt=True,
            seed=2**62,
        ),
        created_at=NOW + timedelta(microseconds=123_457),
        progress=1 / 3,
        announce=HOOK,
        engine="scripted",
        prompt_used="longer",
        note="A sentence.",
        started_at=at(1),
        finished_at=at(2),
        artifacts=tuple(
            Artifact(
                kind=kind,
                key=f"g1/{kind}",
                media_type="video/mp4",
                size_bytes=10**10 + n,
                width_px=2,
                height_px=4,
                duration_s=5.04 if n % 2 else None,
            )
            for n, kind in kinds
        ),
        failure=Failure(code="engine_timeout", message="It took longer than 600 s."),
    )


class TestWrite:
    async def test_what_was_written_is_read_back_equal(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        generation = full(make_generation())
        assert await store.write(lifecycle.submit(generation)) == generation
        assert await store.get(generation.id) == generation

    async def test_times_come_back_in_utc(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        read = await store.get(GenerationId("g1"))
        assert read.created_at.utcoffset() == timedelta(0)

    async def test_a_change_replaces_what_was_there(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        claimed = await claim(store, make_generation())
        assert await store.get(claimed.id) == claimed

    async def test_a_new_generation_may_not_take_a_used_id(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        with pytest.raises(Conflict):
            await submit(store, make_generation(account_id=AccountId("other")))
        assert await store.get(GenerationId("g1")) == make_generation()

    async def test_a_change_of_what_was_never_written_is_a_conflict(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        with pytest.raises(Conflict):
            await claim(store, make_generation())
        with pytest.raises(GenerationNotFound):
            await store.get(GenerationId("g1"))

    async def test_of_two_changes_from_the_same_version_one_wins(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        outcomes = await asyncio.gather(
            *(claim(store, make_generation(), lease(f"w{n}")) for n in range(8)),
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, Generation) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 7

    async def test_a_change_that_lost_leaves_no_trace(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        stale = make_generation(announce=HOOK)
        await submit(store, stale)
        await store.write(lifecycle.cancel(stale, now=at(1)))
        before = (await store.events(stale.id), await store.deliveries(stale.id))
        with pytest.raises(Conflict):
            await claim(store, stale)
        assert (await store.events(stale.id), await store.deliveries(stale.id)) == before
        assert await store.count_by_state() == {State.CANCELLED: 1}

    async def test_a_failing_write_takes_nobody_else_with_it(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("taken"))
        names = ["a", "taken", "b", "taken", "c"]
        outcomes = await asyncio.gather(
            *(submit(store, make_generation(name)) for name in names), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [
            type(None), Conflict, type(None), Conflict, type(None),
        ]  # fmt: skip
        assert await store.count_by_state() == {State.QUEUED: 4}

    async def test_a_caller_who_goes_away_leaves_a_whole_write_or_none(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        writing = [
            asyncio.ensure_future(submit(store, make_generation(f"g{n}", announce=HOOK)))
            for n in range(20)
        ]
        await asyncio.sleep(0)
        for task in writing[::2]:
            task.cancel()
        await asyncio.gather(*writing, return_exceptions=True)
        await submit(store, make_generation("last"))
        for n in range(20):
            there = await store.get_many([GenerationId(f"g{n}")])
            assert len(await store.events(GenerationId(f"g{n}"))) == len(there)
        assert (await store.count_by_state())[State.QUEUED] >= 11


class TestOnce:
    async def test_the_same_request_makes_one_generation(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        first = await store.write(lifecycle.submit(make_generation("a")), once=once())
        again = await store.write(lifecycle.submit(make_generation("b")), once=once())
        assert again == first
        assert await store.count_by_state() == {State.QUEUED: 1}
        assert await store.events(GenerationId("b")) == ()

    async def test_a_repetition_returns_the_generation_as_it_is_now(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await store.write(lifecycle.submit(make_generation("a")), once=once())
        claimed = await claim(store, make_generation("a"))
        await store.renew(claimed, lease=lease(), progress=0.5)
        again = await store.write(lifecycle.submit(make_generation("b")), once=once())
        assert again == replace(claimed, progress=0.5)

    async def test_many_repetitions_at_once_make_one_generation(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        made = await asyncio.gather(
            *(
                store.write(lifecycle.submit(make_generation(f"g{n}")), once=once())
                for n in range(20)
            )
        )
        assert len({generation.id for generation in made}) == 1
        assert await store.count_by_state() == {State.QUEUED: 1}

    async def test_an_equal_request_that_is_no_repetition_makes_another_generation(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        fresh = replace(once(), is_repeat=False)
        for name in ("a", "b"):
            made = make_generation(name)
            assert await store.write(lifecycle.submit(made), once=fresh) == made
        repeated = await store.write(lifecycle.submit(make_generation("c")), once=once())
        assert repeated.id == "b"

    async def test_another_request_under_the_same_key_is_refused(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await store.write(lifecycle.submit(make_generation("a")), once=once())
        with pytest.raises(IdempotencyMismatch):
            await store.write(
                lifecycle.submit(make_generation("b")), once=once(fingerprint="other")
            )
        assert await store.count_by_state() == {State.QUEUED: 1}

    async def test_a_key_belongs_to_its_account(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await store.write(lifecycle.submit(make_generation("a")), once=once())
        stranger = make_generation("b", account_id=AccountId("other"))
        assert await store.write(lifecycle.submit(stranger), once=once()) == stranger

    async def test_a_key_is_free_again_after_its_time(
        self, store: Store, make_generation: MakeGeneration, clock: FrozenClock
    ) -> None:
        await store.write(lifecycle.submit(make_generation("a")), once=once(until=100))
        clock.advance(seconds=99.999)
        kept = await store.write(lifecycle.submit(make_generation("b")), once=once(until=300))
        clock.advance(seconds=0.001)
        freed = await store.write(
            lifecycle.submit(make_generation("c")), once=once(fingerprint="new", until=300)
        )
        assert (kept.id, freed.id) == ("a", "c")
        clock.advance(seconds=1)
        with pytest.raises(IdempotencyMismatch):
            await store.write(lifecycle.submit(make_generation("d")), once=once())

    async def test_a_failed_write_does_not_use_the_key_up(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("taken"))
        with pytest.raises(Conflict):
            await store.write(lifecycle.submit(make_generation("taken")), once=once())
        fresh = make_generation("fresh")
        assert await store.write(lifecycle.submit(fresh), once=once(fingerprint="x")) == fresh


class TestLease:
    async def test_renewal_notes_the_progress_and_keeps_the_version(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        claimed = await claim(store, make_generation())
        await store.renew(claimed, lease=lease(seconds=60), progress=0.25)
        assert await store.get(claimed.id) == replace(claimed, progress=0.25)
        assert len(await store.events(claimed.id)) == 2

    async def test_a_renewed_lease_holds_until_its_new_end(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        claimed = await claim(store, make_generation(), lease(seconds=30))
        await store.renew(claimed, lease=lease(seconds=60), progress=0.1)
        assert await store.next_available(now=at(59.999)) is None
        found = await store.next_available(now=at(60))
        assert found == replace(claimed, progress=0.1)

    async def test_progress_reaches_every_way_of_reading(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        claimed = await claim(store, make_generation())
        await store.renew(claimed, lease=lease(), progress=0.75, phase="denoise")
        now = replace(claimed, progress=0.75, phase="denoise")
        assert await store.get(claimed.id) == now
        assert await store.get_many([claimed.id]) == (now,)
        assert await store.list(GenerationFilter()) == (now,)
        assert await store.next_available(now=at(3600)) == now

    @pytest.mark.parametrize("is_fresh", [True, False])
    async def test_every_change_clears_the_phase(
        self, store: Store, make_generation: MakeGeneration, is_fresh: bool
    ) -> None:
        await submit(store, make_generation())
        claimed = await claim(store, make_generation())
        await store.renew(claimed, lease=lease(), progress=0.5, phase="decode")
        known = await store.get(claimed.id) if is_fresh else claimed
        done = await store.write(lifecycle.complete(known, (), now=at(9)))
        assert (await store.get(claimed.id)) == done
        assert done.phase is None
        assert [event.generation.phase for event in await store.events(claimed.id)] == [None] * 3

    async def test_settling_after_a_renewal_is_no_conflict(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        claimed = await claim(store, make_generation())
        await store.renew(claimed, lease=lease(), progress=0.9)
        done = await store.write(lifecycle.complete(claimed, (), now=at(9)))
        assert (await store.get(claimed.id)).progress == done.progress == 1.0

    @pytest.mark.parametrize("who", ["another", "stale", "unknown", "settled", "released"])
    async def test_who_has_lost_the_lease_hears_of_it(
        self, store: Store, make_generation: MakeGeneration, who: str
    ) -> None:
        await submit(store, make_generation())
        claimed = await claim(store, make_generation())
        renewing, held = claimed, lease()
        match who:
            case "another":
                held = lease("w2")
            case "stale":
                again = lifecycle.claim(claimed, engine="scripted", now=at(40))
                await store.write(again, lease=lease("w1", seconds=90))
            case "unknown":
                renewing = replace(claimed, id=GenerationId("g2"))
            case "settled":
                renewing = await store.write(lifecycle.cancel(claimed, now=at(1)))
            case _:
                renewing = await store.write(lifecycle.release(claimed, now=at(1)))
        before = await store.get(claimed.id)
        with pytest.raises(Conflict):
            await store.renew(renewing, lease=held, progress=0.5)
        assert await store.get(claimed.id) == before

    async def test_a_worker_whose_work_was_taken_over_cannot_settle_it(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        slow = await claim(store, make_generation(), lease("slow"))
        taken = await store.write(
            lifecycle.claim(slow, engine="scripted", now=at(31)), lease=lease("quick", 61)
        )
        with pytest.raises(Conflict):
            await store.write(lifecycle.complete(slow, (), now=at(32)))
        assert await store.get(slow.id) == taken

    async def test_a_change_without_a_lease_ends_the_lease_that_was_held(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        held = await claim(store, make_generation())
        change = Change(
            before=held, after=replace(held, version=held.version + 1), event="generation.noted"
        )
        noted = await store.write(change)
        with pytest.raises(Conflict):
            await store.renew(noted, lease=lease(), progress=0.5)
        assert await store.next_available(now=at(1)) == noted, "what nobody holds is offered"


class TestNextAvailable:
    async def test_there_may_be_nothing_to_do(self, store: Store) -> None:
        assert await store.next_available(now=NOW) is None

    async def test_who_waited_longest_is_first(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(
            store,
            make_generation("late", available_at=at(2)),
            make_generation("early", available_at=at(1)),
        )
        found = await store.next_available(now=at(5))
        assert found is not None
        assert found.id == "early"

    async def test_of_equals_the_one_written_first_is_first(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("b"), make_generation("a"))
        found = await store.next_available(now=NOW)
        assert found is not None
        assert found.id == "b"

    async def test_a_retry_is_not_offered_before_its_time(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        claimed = await claim(store, make_generation())
        waiting = await store.write(lifecycle.retry(claimed, pause_s=10, now=at(1)))
        assert await store.next_available(now=at(10.999)) is None
        assert await store.next_available(now=at(11)) == waiting

    async def test_a_held_one_is_not_offered_and_an_expired_one_is(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        claimed = await claim(store, make_generation(), lease(seconds=30))
        assert await store.next_available(now=at(29.999)) is None
        assert await store.next_available(now=at(30)) == claimed

    @pytest.mark.parametrize(("queued_s", "first"), [(29, "queued"), (31, "lost")])
    async def test_a_lost_one_queues_by_the_end_of_its_lease(
        self, store: Store, make_generation: MakeGeneration, queued_s: float, first: str
    ) -> None:
        await submit(store, make_generation("lost"))
        await claim(store, make_generation("lost"), lease(seconds=30))
        await submit(store, make_generation("queued", available_at=at(queued_s)))
        found = await store.next_available(now=at(60))
        assert found is not None
        assert found.id == first

    async def test_a_final_one_is_never_offered(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, *(make_generation(name) for name in "abc"))
        await store.write(lifecycle.cancel(make_generation("a"), now=NOW))
        failing = await claim(store, make_generation("b"))
        await store.write(lifecycle.fail(failing, Failure(code="x", message="y"), now=NOW))
        done = await claim(store, make_generation("c"))
        await store.write(lifecycle.complete(done, (), now=NOW))
        assert await store.next_available(now=at(10_000)) is None


async def claim_next(store: Store, *models: str) -> str:
    """Claim what is next for one of the models, complete it, and return its id."""
    found = await store.next_available(now=NOW, models=models)
    assert found is not None
    claimed = await claim(store, found)
    await store.write(lifecycle.complete(claimed, (), now=NOW))
    return found.id


class TestTurns:
    async def test_an_account_with_one_does_not_wait_for_another_with_many(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        model = make_generation().spec.model
        await submit(store, *(make_generation(f"many-{n}") for n in range(30)))
        assert [await claim_next(store, model) for _ in range(3)] == ["many-0", "many-1", "many-2"]
        await submit(store, make_generation("one", account_id=AccountId("other")))
        assert [await claim_next(store, model) for _ in range(3)] == ["many-3", "one", "many-4"]

    async def test_an_account_that_submits_one_at_a_time_does_not_pass_one_with_many(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        model = make_generation().spec.model
        await submit(store, *(make_generation(f"many-{n}") for n in range(10)))
        claimed = []
        for n in range(5):
            await submit(store, make_generation(f"one-{n}", account_id=AccountId("other")))
            claimed += [await claim_next(store, model), await claim_next(store, model)]
        assert claimed == [f"{who}-{n}" for n in range(5) for who in ("many", "one")]

    async def test_an_account_whose_queue_was_cancelled_does_not_wait_longer_for_it(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        model = make_generation().spec.model
        for n in range(5):
            await submit(store, make_generation(f"cancelled-{n}"))
            gone = lifecycle.cancel(make_generation(f"cancelled-{n}"), now=NOW)
            await store.write(gone)
        await submit(store, make_generation("a"))
        other = AccountId("other")
        await submit(store, *(make_generation(n, account_id=other) for n in ("b", "c")))
        assert [await claim_next(store, model) for _ in range(3)] == ["a", "b", "c"]

    async def test_models_that_share_a_worker_take_turns(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        spec = make_generation().spec
        quick = replace(spec, model="quick")
        await submit(store, *(make_generation(f"slow-{n}") for n in range(3)))
        await submit(store, *(make_generation(f"quick-{n}", spec=quick) for n in range(2)))
        claimed = [await claim_next(store, spec.model, "quick") for _ in range(5)]
        assert claimed == ["slow-0", "quick-0", "slow-1", "quick-1", "slow-2"]

    async def test_a_retry_keeps_its_turn(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        model = make_generation().spec.model
        await submit(store, make_generation("a"), make_generation("b"))
        failed = await claim(store, make_generation("a"))
        await store.write(lifecycle.retry(failed, pause_s=0, now=NOW))
        assert await claim_next(store, model) == "a"

    async def test_an_unfinished_attempt_comes_before_every_turn(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        model = make_generation().spec.model
        await submit(store, make_generation("lost"))
        await claim(store, make_generation("lost"), lease(seconds=30))
        await submit(store, make_generation("queued", available_at=at(1)))
        found = await store.next_available(now=at(60), models=(model,))
        assert found is not None
        assert found.id == "lost"


class TestCountAhead:
    async def test_the_queued_ones_of_the_model_with_an_earlier_turn_are_ahead(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        names = ("running", "first", "second", "third")
        await submit(store, *(make_generation(name) for name in names))
        await submit(store, make_generation("other", account_id=AccountId("other")))
        foreign = replace(make_generation().spec, model="other")
        await submit(store, make_generation("foreign", spec=foreign))
        await claim(store, make_generation("running"), lease(seconds=1))
        ahead = {
            name: await store.count_ahead(GenerationId(name))
            for name in (*names, "other", "foreign")
        }
        expected = {"running": 0, "other": 0, "first": 1, "second": 2, "third": 3, "foreign": 0}
        assert ahead == expected

    async def test_nobody_is_ahead_of_what_does_not_wait(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("waits"), make_generation("ended"))
        await store.write(lifecycle.cancel(make_generation("ended"), now=at(1)))
        assert await store.count_ahead(GenerationId("ended")) == 0
        assert await store.count_ahead(GenerationId("unknown")) == 0


class TestRemove:
    async def test_nothing_is_left_of_what_was_removed(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        generation = make_generation(announce=HOOK)
        await store.write(lifecycle.submit(generation), once=once())
        claimed = await claim(store, generation)
        await store.remove(claimed)
        assert await store.get_many([generation.id]) == ()
        assert await store.list(GenerationFilter()) == ()
        assert await store.events(generation.id) == ()
        assert await store.deliveries(generation.id) == ()
        assert await store.next_delivery_at() is None
        assert await store.next_available(now=at(999)) is None
        assert await store.count_by_state() == {}

    async def test_another_keeps_what_is_its_own(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        for name in "ab":
            await submit(store, make_generation(name, announce=HOOK))
        kept = await claim(store, make_generation("b", announce=HOOK))
        await store.remove(make_generation("a"))
        assert await store.get(kept.id) == kept
        assert len(await store.events(kept.id)) == 2
        assert len(await store.deliveries(kept.id)) == 1

    async def test_its_idempotency_key_may_be_used_anew(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await store.write(lifecycle.submit(make_generation("a")), once=once())
        await store.remove(make_generation("a"))
        fresh = make_generation("b")
        other = once(fingerprint="other")
        assert await store.write(lifecycle.submit(fresh), once=other) == fresh
        assert await store.write(lifecycle.submit(make_generation("c")), once=other) == fresh

    async def test_what_was_changed_meanwhile_stays_whole(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        stale = make_generation(announce=HOOK)
        await submit(store, stale)
        claimed = await claim(store, stale)
        for lost in (stale, make_generation("unknown")):
            with pytest.raises(Conflict):
                await store.remove(lost)
        assert await store.get(stale.id) == claimed
        assert len(await store.events(stale.id)) == 2
        assert len(await store.deliveries(stale.id)) == 1

    async def test_event_numbers_are_never_used_again(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("a"))
        (removed,) = await store.events(GenerationId("a"))
        await store.remove(make_generation("a"))
        await submit(store, make_generation("b"))
        (later,) = await store.events(GenerationId("b"))
        assert later.seq > removed.seq

    async def test_its_worker_can_neither_renew_nor_settle(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        claimed = await claim(store, make_generation())
        await store.remove(claimed)
        with pytest.raises(Conflict):
            await store.renew(claimed, lease=lease(), progress=0.5)
        with pytest.raises(Conflict):
            await store.write(lifecycle.complete(claimed, (), now=at(1)))


class TestReading:
    async def test_an_unknown_id_is_not_found(self, store: Store) -> None:
        with pytest.raises(NotFound):
            await store.get(GenerationId("g1' OR 1=1 --"))

    async def test_only_a_generation_with_another_revision_is_read_again(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        queued = await store.get(make_generation().id)
        assert await store.get_changed(queued.id, queued.revision) is None
        claimed = await claim(store, make_generation())
        for progress, phase in ((0.0, None), (0.3, None), (0.3, "denoise")):
            before = await store.get(queued.id)
            await store.renew(claimed, lease=lease(), progress=progress, phase=phase)
            now = await store.get(queued.id)
            changed = await store.get_changed(queued.id, before.revision)
            assert changed == (None if now == before else now)
            assert await store.get_changed(queued.id, queued.revision) == now
            assert await store.get_changed(queued.id, now.revision) is None
        await store.write(lifecycle.complete(claimed, (), now=at(1)))
        assert await store.get_changed(queued.id, now.revision) == await store.get(queued.id)
        with pytest.raises(NotFound):
            await store.get_changed(GenerationId("x"), queued.revision)

    async def test_many_come_in_the_order_asked_without_those_missing(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, *(make_generation(name) for name in "abc"))
        requested = [GenerationId(name) for name in "cxa"]
        assert await ids(await store.get_many(requested)) == ["c", "a"]
        assert await store.get_many([]) == ()

    async def test_a_listing_is_newest_first_also_within_one_moment(
        self, store: Store, make_generation: MakeGeneration, clock: FrozenClock
    ) -> None:
        await submit(store, *(make_generation(name) for name in "ab"))
        await submit(store, make_generation("older", created_at=at(-1)))
        clock.advance(seconds=1)
        await submit(store, make_generation("c"))
        assert await ids(await store.list(GenerationFilter())) == ["c", "b", "a", "older"]

    async def test_a_change_does_not_move_a_generation_in_the_listing(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, *(make_generation(name) for name in "ab"))
        await claim(store, make_generation("a"))
        assert await ids(await store.list(GenerationFilter())) == ["b", "a"]

    async def test_an_account_sees_its_own(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(
            store, make_generation("mine"), make_generation("theirs", account_id=AccountId("x"))
        )
        assert await ids(await store.list(GenerationFilter(account_id=AccountId("acc")))) == [
            "mine"
        ]

    async def test_states_and_model_narrow_a_listing(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        other = replace(make_generation().spec, model="ray-3")
        await submit(store, *(make_generation(name) for name in "abc"))
        await submit(store, make_generation("d", spec=other))
        await claim(store, make_generation("a"))
        await store.write(lifecycle.cancel(make_generation("b"), now=NOW))
        live = frozenset({State.QUEUED, State.RUNNING})
        assert await ids(await store.list(GenerationFilter(states=live))) == ["d", "c", "a"]
        assert await ids(await store.list(GenerationFilter(model="ray-3"))) == ["d"]
        assert (
            await store.list(GenerationFilter(model="ray-3", states=frozenset({State.FAILED})))
            == ()
        )

    async def test_what_is_made_narrows_a_listing_before_its_page_is_cut(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        picture = Source(file="media:inputs/a.png", medium=Medium.IMAGE)
        specs = {
            "g1": GenerationSpec(model="m", prompt="x"),
            "g2": GenerationSpec(model="m", prompt="x", kind=Kind.IMAGE),
            "g3": GenerationSpec(model="m", prompt="x", kind=Kind.REFRAME, source=picture),
            "g4": GenerationSpec(
                model="m", prompt="x", kind=Kind.UPSCALE, source=Source(generation_id="g1")
            ),
            "g5": GenerationSpec(model="m", prompt="x", kind=Kind.IMAGE),
        }
        await submit(store, *(make_generation(name, spec=spec) for name, spec in specs.items()))
        videos, pictures = (
            GenerationFilter(makes=Medium.VIDEO),
            GenerationFilter(makes=Medium.IMAGE),
        )
        assert await ids(await store.list(videos)) == ["g4", "g1"]
        assert await ids(await store.list(replace(videos, limit=1))) == ["g4"]
        after = replace(videos, limit=1, before_id=GenerationId("g4"))
        assert await ids(await store.list(after)) == ["g1"]
        assert await ids(await store.list(replace(pictures, offset=1))) == ["g3", "g2"]

    async def test_words_narrow_a_listing_whatever_their_case(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        prompts = ("Stra\u00dfe bei NACHT", '"50%_off"\x00 \\', "night")
        for name, prompt in zip("abc", prompts, strict=True):
            spec = GenerationSpec(model="ray-2", prompt=prompt, resolution="720p")
            await submit(store, make_generation(name, spec=spec))

        async def found(*words: str) -> list[str]:
            return await ids(await store.list(GenerationFilter(words=words)))

        assert await found("nacht") == ["a"]
        assert await found("STRASSE", "bei") == ["a"]
        assert await found("n", "ht") == ["c", "a"]
        assert await found("%") == await found("_") == await found("\x00 \\") == ["b"]
        assert await found("nacht", "night") == []
        assert await found() == ["c", "b", "a"]

    async def test_times_narrow_a_listing_from_inclusive_to_exclusive(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, *(make_generation(f"g{n}", created_at=at(n)) for n in range(4)))
        found = await store.list(GenerationFilter(created_from=at(1), created_before=at(3)))
        assert await ids(found) == ["g2", "g1"]

    async def test_pages_by_cursor_meet_each_generation_once(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        moments = [0, 0, 0, 1, 1, 2, 0]
        await submit(
            store, *(make_generation(f"g{n}", created_at=at(s)) for n, s in enumerate(moments))
        )
        pages: list[str] = []
        cursor: GenerationId | None = None
        while page := await store.list(GenerationFilter(before_id=cursor, limit=2)):
            pages += await ids(page)
            cursor = page[-1].id
        assert pages == await ids(await store.list(GenerationFilter()))
        assert len(pages) == 7

    async def test_a_listing_from_the_oldest_has_the_same_pages_in_the_opposite_order(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        moments = [0, 0, 0, 1, 1, 2, 0]
        await submit(
            store, *(make_generation(f"g{n}", created_at=at(s)) for n, s in enumerate(moments))
        )
        pages: list[str] = []
        wanted = GenerationFilter(oldest_first=True, limit=2)
        while page := await store.list(wanted):
            pages += await ids(page)
            wanted = replace(wanted, before_id=page[-1].id)
        assert pages == (await ids(await store.list(GenerationFilter())))[::-1]
        assert len(pages) == 7

    async def test_a_cursor_still_serves_when_its_generation_is_filtered_out(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, *(make_generation(name) for name in "abc"))
        await claim(store, make_generation("b"))
        waiting = GenerationFilter(states=frozenset({State.QUEUED}), before_id=GenerationId("b"))
        assert await ids(await store.list(waiting)) == ["a"]

    async def test_nothing_comes_after_an_unknown_cursor(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation())
        assert await store.list(GenerationFilter(before_id=GenerationId("x"))) == ()

    async def test_offset_and_limit_cut_a_page(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, *(make_generation(name) for name in "abcde"))
        assert await ids(await store.list(GenerationFilter(offset=1, limit=2))) == ["d", "c"]
        assert await store.list(GenerationFilter(offset=9)) == ()
        assert await store.list(GenerationFilter(limit=0)) == ()

    async def test_states_are_counted(self, store: Store, make_generation: MakeGeneration) -> None:
        assert await store.count_by_state() == {}
        await submit(store, *(make_generation(name) for name in "abc"))
        await claim(store, make_generation("a"))
        assert await store.count_by_state() == {State.QUEUED: 2, State.RUNNING: 1}


class TestEvents:
    async def test_each_change_leaves_what_it_was_then(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        queued = make_generation()
        await submit(store, queued)
        claimed = await claim(store, queued)
        await store.renew(claimed, lease=lease(), progress=0.5)
        failed = await store.write(
            lifecycle.fail(claimed, Failure(code="x", message="y"), now=at(3))
        )
        events = await store.events(queued.id)
        assert [(event.type, event.at, event.generation) for event in events] == [
            ("generation.queued", NOW, queued),
            ("generation.running", NOW, claimed),
            ("generation.failed", at(3), failed),
        ]

    async def test_numbers_grow_over_the_whole_store(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("a"), make_generation("b"))
        await claim(store, make_generation("a"))
        of_a, of_b = [
            [event.seq for event in await store.events(GenerationId(name))] for name in "ab"
        ]
        assert of_a[0] < of_b[0] < of_a[1]

    async def test_an_unknown_generation_has_none(self, store: Store) -> None:
        assert await store.events(GenerationId("x")) == ()


class TestDeliveries:
    @pytest.fixture
    async def running(self, store: WholeStore, make_generation: MakeGeneration) -> Generation:
        """Return a running generation, of which one delivery is due."""
        generation = make_generation(announce=HOOK)
        await submit(store, generation)
        return await claim(store, generation)

    async def test_what_announces_is_owed_and_nothing_else(
        self, store: WholeStore, running: Generation, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("silent"))
        await claim(store, make_generation("silent"))
        assert await store.deliveries(GenerationId("silent")) == ()
        (owed,) = await store.deliveries(running.id)
        event = (await store.events(running.id))[1]
        assert owed == Delivery(
            id=f"msg_{event.seq}",
            event=event,
            url=HOOK.url,
            dialect=running.dialect,
            format=HOOK.format,
            state=DeliveryState.PENDING,
            next_at=NOW,
        )

    async def test_a_delivery_is_due_at_once(self, store: WholeStore, running: Generation) -> None:
        assert await store.next_delivery_at() == NOW
        assert await store.claim_deliveries(now=at(-0.001), until=at(60), limit=9) == ()
        taken = await store.claim_deliveries(now=NOW, until=at(60), limit=9)
        assert taken == await store.deliveries(running.id)

    async def test_a_claimed_delivery_is_nobody_elses_until_its_claim_ends(
        self, store: WholeStore, running: Generation
    ) -> None:
        both = await asyncio.gather(
            *(store.claim_deliveries(now=NOW, until=at(60), limit=9) for _ in range(2))
        )
        assert sorted(map(len, both)) == [0, 1]
        assert await store.next_delivery_at() == at(60)
        assert await store.claim_deliveries(now=at(59.999), until=at(99), limit=9) == ()
        assert len(await store.claim_deliveries(now=at(60), until=at(99), limit=9)) == 1

    async def test_a_claim_that_is_let_go_of_is_due_as_before(
        self, store: WholeStore, running: Generation
    ) -> None:
        (taken,) = await store.claim_deliveries(now=NOW, until=at(60), limit=9)
        await store.release_deliveries([taken.id, "msg_999"])
        assert await store.next_delivery_at() == NOW
        assert await store.claim_deliveries(now=NOW, until=at(60), limit=9) == (taken,)

    async def test_only_the_own_claim_can_be_let_go_of(
        self, store: WholeStore, running: Generation
    ) -> None:
        await store.claim_deliveries(now=NOW, until=at(60), limit=9, holder="a")
        (theirs,) = await store.claim_deliveries(now=at(60), until=at(120), limit=9, holder="b")
        await store.release_deliveries([theirs.id], holder="a")
        assert await store.next_delivery_at() == at(120)

    async def test_what_is_settled_cannot_be_let_go_of(
        self, store: WholeStore, running: Generation
    ) -> None:
        (taken,) = await store.claim_deliveries(now=NOW, until=at(60), limit=9)
        await store.settle_delivery(taken.id, a_try(), state=DeliveryState.PENDING, next_at=at(5))
        await store.release_deliveries([taken.id])
        assert await store.next_delivery_at() == at(5)

    async def test_a_failed_try_is_kept_and_offered_again_in_time(
        self, store: WholeStore, running: Generation
    ) -> None:
        (taken,) = await store.claim_deliveries(now=NOW, until=at(60), limit=9)
        await store.settle_delivery(taken.id, a_try(), state=DeliveryState.PENDING, next_at=at(5))
        assert await store.next_delivery_at() == at(5)
        assert await store.claim_deliveries(now=at(4.999), until=at(60), limit=9) == ()
        (again,) = await store.claim_deliveries(now=at(5), until=at(60), limit=9)
        assert again == replace(taken, tries=(a_try(),), next_at=at(5))

    @pytest.mark.parametrize("end", [DeliveryState.DELIVERED, DeliveryState.FAILED])
    async def test_a_settled_delivery_is_never_offered_again(
        self, store: WholeStore, running: Generation, end: DeliveryState
    ) -> None:
        (taken,) = await store.claim_deliveries(now=NOW, until=at(60), limit=9)
        landed = a_try(200, None)
        await store.settle_delivery(taken.id, landed, state=end, next_at=at(1))
        assert await store.next_delivery_at() is None
        assert await store.claim_deliveries(now=at(999), until=at(1000), limit=9) == ()
        (kept,) = await store.deliveries(running.id)
        assert (kept.state, kept.tries) == (end, (landed,))

    async def test_a_late_report_does_not_reopen_what_is_settled(
        self, store: WholeStore, running: Generation
    ) -> None:
        (taken,) = await store.claim_deliveries(now=NOW, until=at(1), limit=9)
        await store.settle_delivery(
            taken.id, a_try(200, None), state=DeliveryState.DELIVERED, next_at=at(1)
        )
        await store.settle_delivery(taken.id, a_try(), state=DeliveryState.PENDING, next_at=at(9))
        (kept,) = await store.deliveries(running.id)
        assert kept.state is DeliveryState.DELIVERED
        assert len(kept.tries) == 2

    @pytest.mark.parametrize("end", [DeliveryState.DELIVERED, DeliveryState.FAILED])
    async def test_what_was_settled_can_be_told_again(
        self, store: WholeStore, running: Generation, end: DeliveryState
    ) -> None:
        (taken,) = await store.claim_deliveries(now=NOW, until=at(1), limit=9)
        await store.settle_delivery(taken.id, a_try(), state=end, next_at=at(1))
        due = await store.redeliver(taken.id, now=at(5))
        assert due == replace(taken, tries=(a_try(),), next_at=at(5), tries_before=1)
        assert await store.next_delivery_at() == at(5)
        assert await store.claim_deliveries(now=at(5), until=at(60), limit=9) == (due,)

    async def test_what_is_pending_cannot_be_told_again(
        self, store: WholeStore, running: Generation
    ) -> None:
        (owed,) = await store.deliveries(running.id)
        with pytest.raises(Conflict):
            await store.redeliver(owed.id, now=at(5))
        assert await store.next_delivery_at() == NOW
        with pytest.raises(NotFound):
            await store.redeliver("msg_999", now=at(5))

    @pytest.mark.parametrize("name", ["msg_999", "msg_x", "msg_", "", "msg_-1", "msg_01"])
    async def test_an_unknown_delivery_cannot_be_settled(
        self, store: WholeStore, running: Generation, name: str
    ) -> None:
        with pytest.raises(NotFound):
            await store.settle_delivery(name, a_try(), state=DeliveryState.DELIVERED, next_at=at(1))

    async def test_of_one_generation_only_the_oldest_pending_is_offered(
        self, store: WholeStore, running: Generation
    ) -> None:
        await store.write(lifecycle.complete(running, (), now=at(1)))
        (first,) = await store.claim_deliveries(now=at(2), until=at(60), limit=9)
        assert first.event.type == "generation.running"
        assert await store.claim_deliveries(now=at(2), until=at(60), limit=9) == ()
        await store.settle_delivery(first.id, a_try(), state=DeliveryState.PENDING, next_at=at(30))
        assert await store.next_delivery_at() == at(30), "the younger must wait for the older"
        assert await store.claim_deliveries(now=at(29), until=at(60), limit=9) == ()
        (again,) = await store.claim_deliveries(now=at(30), until=at(60), limit=9)
        await store.settle_delivery(
            again.id, a_try(200, None), state=DeliveryState.DELIVERED, next_at=at(30)
        )
        (second,) = await store.claim_deliveries(now=at(31), until=at(60), limit=9)
        assert second.event.type == "generation.completed"

    async def test_one_generation_does_not_hold_up_another(
        self, store: WholeStore, running: Generation, make_generation: MakeGeneration
    ) -> None:
        await store.claim_deliveries(now=NOW, until=at(60), limit=9)
        await submit(store, make_generation("other", announce=HOOK))
        await claim(store, make_generation("other", announce=HOOK))
        (taken,) = await store.claim_deliveries(now=NOW, until=at(60), limit=9)
        assert taken.event.generation.id == "other"

    async def test_no_more_are_taken_than_asked_and_the_longest_due_are_first(
        self, store: WholeStore, make_generation: MakeGeneration, clock: FrozenClock
    ) -> None:
        for name in "abc":
            generation = make_generation(name, announce=HOOK)
            await submit(store, generation)
            change = lifecycle.claim(generation, engine="scripted", now=clock.now())
            await store.write(change, lease=lease())
            clock.advance(seconds=1)
        taken = await store.claim_deliveries(now=at(9), until=at(60), limit=2)
        assert [one.event.generation.id for one in taken] == ["a", "b"]


class TestListen:
    async def test_who_listens_hears_each_change_before_its_writer_goes_on(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        received: list[Change] = []
        store.listen(received.append)
        change = lifecycle.submit(make_generation())
        await store.write(change)
        assert received == [change]

    async def test_what_was_not_written_is_not_heard_of(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await store.write(lifecycle.submit(make_generation("a")), once=once())
        received: list[Change] = []
        store.listen(received.append)
        with pytest.raises(Conflict):
            await submit(store, make_generation("a"))
        await store.write(lifecycle.submit(make_generation("b")), once=once())
        assert received == []

    async def test_who_left_hears_no_more_and_others_do(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        left: list[Change] = []
        stayed: list[Change] = []
        leave = store.listen(left.append)
        store.listen(stayed.append)
        leave()
        leave()
        await submit(store, make_generation())
        assert (len(left), len(stayed)) == (0, 1)

    async def test_a_listener_that_fails_spoils_nobodys_write(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        complaints: list[object] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context["exception"]))
        received: list[Change] = []
        trouble = ValueError("on purpose")

        def fail(_: Change) -> None:
            raise trouble

        store.listen(fail)
        store.listen(received.append)
        await submit(store, make_generation())
        assert len(received) == 1
        assert complaints == [trouble]


class TestKeyring:
    async def test_a_key_is_found_by_its_digest(self, store: Keyring) -> None:
        key = a_key(
            batch_format="wrapped",
            scopes=frozenset({Scope.READ, Scope.OPERATE}),
            limits=KeyLimits(submits_per_minute=20, in_flight=3, models=frozenset({"ray-2"})),
            revoked_at=at(3),
            expires_at=at(4),
            used_at=at(1),
            former_digest="former",
            former_until=at(2),
        )
        await store.add_key(key)
        assert await store.find_key(key.digest) == key
        assert await store.find_key("former") == key
        assert await store.get_key(key.id) == key
        assert await store.find_key("another") is None
        with pytest.raises(NotFound):
            await store.get_key("another")

    async def test_keys_are_listed_oldest_first(self, store: Keyring) -> None:
        young, old, twin = a_key("y", created_at=at(1)), a_key("o"), a_key("t")
        for key in (young, old, twin):
            await store.add_key(key)
        assert await store.keys() == (old, twin, young)

    async def test_of_several_first_keys_at_once_one_is_written(self, store: Keyring) -> None:
        keys = [a_key(f"k{number}") for number in range(8)]
        written = await asyncio.gather(*(store.add_first_key(key) for key in keys))

        assert sum(written) == 1
        assert await store.keys() == (keys[written.index(True)],)
        await store.revoke_key((await store.keys())[0].id, now=at(1))
        assert not await store.add_first_key(a_key("later")), "a revoked key was the first one"

    @pytest.mark.parametrize("clash", [{"id": "key1"}, {"digest": "digest of key1"}])
    async def test_neither_an_id_nor_a_digest_is_used_twice(
        self, store: Keyring, clash: dict[str, str]
    ) -> None:
        await store.add_key(a_key())
        with pytest.raises(Conflict):
            await store.add_key(a_key("key2", **clash))
        assert await store.keys() == (a_key(),)

    async def test_a_revoked_key_is_kept_with_its_first_revocation(self, store: Keyring) -> None:
        await store.add_key(a_key())
        revoked = replace(a_key(), revoked_at=at(5))
        assert await store.revoke_key("key1", now=at(5)) == revoked
        assert await store.revoke_key("key1", now=at(9)) == revoked
        assert await store.find_key(revoked.digest) == revoked

    async def test_an_unknown_key_cannot_be_revoked(self, store: Keyring) -> None:
        with pytest.raises(NotFound):
            await store.revoke_key("x", now=NOW)

    async def test_a_key_is_changed_if_it_is_as_it_was(self, store: Keyring) -> None:
        before, other = a_key(), a_key("other")
        after = replace(before, digest="new", former_digest=before.digest, former_until=at(9))
        for key in (before, other):
            await store.add_key(key)
        await store.note_use("key1", at=at(1))
        await store.change_key(before, after)
        assert await store.keys() == (replace(after, used_at=at(1)), other)
        assert await store.find_key(before.digest) == replace(after, used_at=at(1))
        with pytest.raises(Conflict):
            await store.change_key(before, replace(before, hint="lost"))
        with pytest.raises(Conflict):
            await store.change_key(a_key("unknown"), a_key("unknown", hint="lost"))
        assert "lost" not in {key.hint for key in await store.keys()}

    async def test_the_latest_use_of_a_key_is_noted(self, store: Keyring) -> None:
        await store.add_key(a_key())
        for seconds in (5, 3):
            await store.note_use("key1", at=at(seconds))
        await store.note_use("unknown", at=at(9))
        assert await store.keys() == (a_key(used_at=at(5)),)

    async def test_a_key_s_account_is_there_under_its_own_name_or_another(
        self, store: Keyring
    ) -> None:
        named = Account(id=AccountId("acc"), name="Acme Films", created_at=at(1))
        await store.add_account(named)
        for key in (a_key(), a_key("b", account_id="b"), a_key("c", account_id="b")):
            await store.add_key(key)
        implied = Account(id=AccountId("b"), name="b", created_at=NOW)
        assert await store.accounts() == (implied, named)
        with pytest.raises(Conflict):
            await store.add_account(replace(implied, name="another"))
        assert await store.accounts() == (implied, named)

    async def test_an_account_is_removed_with_all_that_is_its_own(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        mine, hers = make_generation(), make_generation("g2", account_id=AccountId("her"))
        for owner in ("acc", "her"):
            await store.add_key(a_key(owner, account_id=owner))
            await store.add_upload(an_upload(owner, account_id=owner))
        for generation in (mine, hers):
            await store.write(lifecycle.submit(generation), once=once())
        with pytest.raises(Conflict):
            await store.remove_account(AccountId("acc"))
        assert len(await store.keys()) == 2

        await store.remove(mine)
        assert await store.remove_account(AccountId("acc"))

        assert [key.id for key in await store.keys()] == ["her"]
        assert [one.id for one in await store.accounts()] == ["her"]
        assert [one.id for one in await store.uploads(UploadFilter())] == ["her"]
        assert await store.write(lifecycle.submit(make_generation("g3")), once=once()) != mine
        again = replace(hers, id=GenerationId("g4"))
        assert (await store.write(lifecycle.submit(again), once=once())).id == "g2"
        await store.remove(await store.get(GenerationId("g3")))
        assert not await store.remove_account(AccountId("unknown"))


class TestRoom:
    async def test_no_more_of_a_key_wait_or_run_than_may(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        in_flight_limit = InFlightLimit(key_id="k", most=2)
        first, second, third = (make_generation(f"g{n}", key_id="k") for n in range(3))
        for generation in (first, second):
            await store.write(lifecycle.submit(generation), in_flight_limit=in_flight_limit)
        await claim(store, first)
        await submit(store, make_generation("other", key_id="other"), make_generation("none"))
        with pytest.raises(TooManyInFlight) as refused:
            await store.write(lifecycle.submit(third), in_flight_limit=in_flight_limit)
        assert refused.value.limit == 2
        with pytest.raises(NotFound):
            await store.get(third.id)
        assert await store.count_in_flight("k") == 2

        await store.write(lifecycle.cancel(second, now=NOW))
        assert await store.count_in_flight("k") == 1
        assert await store.write(lifecycle.submit(third), in_flight_limit=in_flight_limit) == third

    async def test_a_repetition_needs_no_room(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        in_flight_limit = InFlightLimit(key_id="k", most=1)
        made, again = make_generation(key_id="k"), make_generation("g2", key_id="k")
        await store.write(lifecycle.submit(made), once=once(), in_flight_limit=in_flight_limit)
        assert (
            await store.write(lifecycle.submit(again), once=once(), in_flight_limit=in_flight_limit)
            == made
        )

    async def test_of_many_that_come_at_once_as_many_find_room_as_there_is(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        in_flight_limit = InFlightLimit(key_id="k", most=3)
        came = await asyncio.gather(
            *(
                store.write(
                    lifecycle.submit(make_generation(f"g{n}", key_id="k")),
                    in_flight_limit=in_flight_limit,
                )
                for n in range(10)
            ),
            return_exceptions=True,
        )
        assert sum(isinstance(one, TooManyInFlight) for one in came) == 7
        assert await store.count_in_flight("k") == 3


class TestUploads:
    async def test_what_was_added_is_read_back_equal(self, store: Uploads) -> None:
        bare = an_upload("bare")
        full = an_upload(
            purpose=Purpose.REFERENCE,
            state=UploadState.DELETED,
            key="uploads/u1/a.png",
            name="\u65e5\x00/..",
            tag="somebody",
            expires_at=at(10),
            deleted_at=at(11),
            failure="It is no image.",
        )
        for upload in (bare, full):
            await store.add_upload(upload)
            assert await store.find_upload(upload.id) == upload
        assert await store.find_upload("unknown") is None

    async def test_an_id_is_not_used_twice(self, store: Uploads) -> None:
        await store.add_upload(an_upload())
        with pytest.raises(Conflict):
            await store.add_upload(an_upload(account_id=AccountId("other")))
        assert await store.find_upload("u1") == an_upload()

    async def test_of_two_changes_of_the_same_upload_one_wins(self, store: Uploads) -> None:
        pending = an_upload()
        await store.add_upload(pending)
        ready = replace(pending, state=UploadState.READY, key="a", media_type="image/gif")
        deleted = replace(pending, state=UploadState.DELETED, deleted_at=at(1))
        outcomes = await asyncio.gather(
            store.change_upload(pending, ready),
            store.change_upload(pending, deleted),
            return_exceptions=True,
        )
        assert [type(outcome) for outcome in outcomes if outcome] == [Conflict]
        assert await store.find_upload("u1") in (ready, deleted)

    async def test_bytes_that_came_meanwhile_are_not_forgotten(self, store: Uploads) -> None:
        pending = an_upload()
        await store.add_upload(pending)
        await store.change_upload(pending, replace(pending, key="a"))
        with pytest.raises(Conflict):
            await store.change_upload(pending, replace(pending, key="b"))
        with pytest.raises(Conflict):
            await store.change_upload(an_upload("unknown"), an_upload("unknown", key="b"))

    async def test_they_are_listed_newest_first_by_account_state_and_purpose(
        self, store: Uploads
    ) -> None:
        other = AccountId("other")
        await store.add_upload(an_upload("a"))
        await store.add_upload(an_upload("b", state=UploadState.READY))
        await store.add_upload(an_upload("c", account_id=other))
        await store.add_upload(an_upload("d", purpose=Purpose.REFERENCE))

        async def listed(**wanted: object) -> str:
            found = await store.uploads(UploadFilter(**wanted))  # type: ignore[arg-type]  # as above
            return "".join(upload.id for upload in found)

        acc = AccountId("acc")
        assert await listed() == "dcba"
        assert await listed(limit=2) == "dc"
        assert await listed(account_id=acc) == "dba"
        assert await listed(account_id=acc, states=frozenset({UploadState.PENDING})) == "da"
        assert await listed(purpose=Purpose.REFERENCE) == "d"
        assert await listed(account_id=acc, before_id="d") == "ba"
        assert await listed(before_id="unknown") == ""

    async def test_those_that_are_due_are_found(self, store: Uploads) -> None:
        made = an_upload().created_at
        due = {
            "pending": (an_upload("pending"), made + COMPLETION_DEADLINE),
            "soon": (an_upload("soon", expires_at=at(60)), at(60)),
            "ready": (an_upload("ready", state=UploadState.READY, expires_at=at(90)), at(90)),
            "gone": (
                an_upload("gone", state=UploadState.DELETED, key="a", deleted_at=at(1)),
                at(1) + DELETED_BYTES_STAY,
            ),
        }
        never = (
            an_upload("kept", state=UploadState.READY),
            an_upload("failed", state=UploadState.FAILED),
            an_upload("empty", state=UploadState.DELETED, deleted_at=at(1)),
        )
        for upload in (*(upload for upload, _ in due.values()), *never):
            await store.add_upload(upload)
        for name, (_, when) in due.items():
            before = await store.uploads(UploadFilter(due_at=when - timedelta(microseconds=1)))
            assert name not in {upload.id for upload in before}
            assert name in {upload.id for upload in await store.uploads(UploadFilter(due_at=when))}
        late = await store.uploads(UploadFilter(due_at=at(10**7)))
        assert {upload.id for upload in late} == set(due)


async def submit_upstream(
    store: Store, generation: Generation, channel: str = "luma"
) -> Generation:
    claimed = lifecycle.claim(generation, engine="ray", channel=channel, now=NOW)
    await store.write(claimed, lease=lease())
    change = lifecycle.submit_upstream(claimed.after, token="t", credential="c", now=NOW)
    return await store.write(change, lease=lease())


class TestHolders:
    async def test_what_a_dead_worker_holds_can_be_claimed_at_once(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("a"), make_generation("b"), make_generation("c"))
        await claim(store, make_generation("a"), lease("dead", seconds=60))
        await claim(store, make_generation("b"), lease("alive", seconds=60))
        assert await store.holders() == {"dead", "alive"}
        assert await store.end_leases("dead", now=at(1)) == 1
        spec = make_generation().spec
        found = await store.next_available(now=at(1), models=(spec.model + "x",))
        assert found is not None
        assert found.id == "a"


class TestChannelLimit:
    @pytest.mark.parametrize("worker", ["w1", "w2"])
    async def test_a_claim_fails_where_other_workers_use_up_the_channel(
        self, store: Store, make_generation: MakeGeneration, worker: str
    ) -> None:
        await submit(store, *(make_generation(name) for name in "abc"))
        for name in "ab":
            await submit_upstream(store, await store.get(GenerationId(name)))
        change = lifecycle.claim(make_generation("c"), engine="ray", channel="luma", now=NOW)
        limit = ChannelLimit(channel="luma", worker=worker, most_elsewhere=1)
        writing = store.write(change, lease=lease(worker), channel_limit=limit)
        if worker == "w1":  # it has both itself
            await writing
            return
        with pytest.raises(ChannelFull):
            await writing
        assert (await store.get(GenerationId("c"))).state is State.QUEUED

    async def test_other_channels_and_ended_attempts_do_not_count(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, *(make_generation(name) for name in "abc"))
        await submit_upstream(store, await store.get(GenerationId("a")), "relay")
        ended = await submit_upstream(store, await store.get(GenerationId("b")))
        await store.write(lifecycle.fail(ended, Failure(code="x", message="y"), now=NOW))
        change = lifecycle.claim(make_generation("c"), engine="ray", channel="luma", now=NOW)
        limit = ChannelLimit(channel="luma", worker="w2", most_elsewhere=0)
        await store.write(change, lease=lease("w2"), channel_limit=limit)


class TestRateBuckets:
    async def test_a_bucket_grants_until_it_is_full_and_drains(self, store: WholeStore) -> None:
        async def reserve(seconds: float) -> bool:
            return (
                await store.reserve(
                    "k", cost=timedelta(seconds=20), capacity=timedelta(minutes=1), now=at(seconds)
                )
            ).granted

        assert [await reserve(0) for _ in range(4)] == [True, True, True, False]
        assert [await reserve(20), await reserve(20)] == [True, False]

    async def test_without_a_capacity_it_tells_how_long_to_wait(self, store: WholeStore) -> None:
        cost = timedelta(seconds=20)
        levels = [
            (await store.reserve("k", cost=cost, capacity=None, now=NOW)).level for _ in range(3)
        ]
        assert levels == [cost, 2 * cost, 3 * cost]

    async def test_reservations_at_the_same_time_all_count(self, store: WholeStore) -> None:
        reserving = (
            store.reserve("k", cost=timedelta(seconds=1), capacity=timedelta(seconds=10), now=NOW)
            for _ in range(30)
        )
        outcomes = await asyncio.gather(*reserving)
        assert sum(outcome.granted for outcome in outcomes) == 10


class TestFailureCounts:
    async def test_failures_at_the_same_time_all_count(self, store: WholeStore) -> None:
        adding = (store.add_failure("a", threshold=99, now=NOW) for _ in range(12))
        await asyncio.gather(*adding)

        (count,) = (await store.failure_counts(["a", "b"])).values()
        assert (count.failures, count.paused_until) == (12, None)

    async def test_enough_of_them_begin_a_pause_that_a_success_ends(
        self, store: WholeStore
    ) -> None:
        await store.add_failure("b", threshold=2, now=NOW)
        await store.add_failure("a", threshold=2, now=NOW)
        count = await store.add_failure("a", threshold=2, now=NOW)

        assert count.paused_until == at(FIRST_PAUSE_S)
        assert (await store.failure_counts(["a"])) == {"a": count}
        await store.reset_failures("a")
        await store.reset_failures("unknown")
        assert set(await store.failure_counts(["a", "b"])) == {"b"}
        assert await store.failure_counts([]) == {}


class TestUpstreams:
    async def test_only_what_is_for_a_model_is_offered_to_who_has_room_for_no_other(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        spec = make_generation().spec
        other = replace(spec, model="other")
        await submit(store, make_generation("a"), make_generation("b", spec=other))
        found = await store.next_available(now=NOW, models={"other"})
        assert found is not None
        assert found.id == "b"
        assert await store.next_available(now=NOW, models=()) is None

    async def test_what_was_begun_is_offered_whatever_it_is_for(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("a"), make_generation("b"))
        begun = await submit_upstream(store, await store.get(GenerationId("b")))
        assert await store.next_available(now=at(31), models=()) == begun
        released = await store.write(lifecycle.release(begun, now=at(1)))
        assert await store.next_available(now=at(2), models=()) == released

    async def test_what_is_to_be_skipped_is_not_offered(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("a"), make_generation("b"))
        model = make_generation().spec.model
        for models in (None, {model}):
            skip = {GenerationId("a")}
            found = await store.next_available(now=NOW, models=models, skip=skip)
            assert found is not None
            assert found.id == "b"

    async def test_what_is_under_way_is_counted_by_channel(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, *(make_generation(name) for name in "abcd"))
        for name, channel in (("a", "luma"), ("b", "luma"), ("c", "relay")):
            await submit_upstream(store, await store.get(GenerationId(name)), channel)
        assert await store.count_open() == {"luma": 2, "relay": 1}
        accepted = lifecycle.accept(await store.get(GenerationId("c")), "u1", now=NOW)
        await store.write(accepted, lease=lease())
        await store.write(lifecycle.cancel(accepted.after, now=NOW))
        assert await store.count_open() == {"luma": 2}

    async def test_an_upstreams_job_belongs_to_one_generation_for_good(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("a"), make_generation("b"), make_generation("c"))
        first = await submit_upstream(store, await store.get(GenerationId("a")))
        second = await submit_upstream(store, await store.get(GenerationId("b")))
        third = await submit_upstream(store, await store.get(GenerationId("c")), "relay")
        taken = await store.write(lifecycle.accept(first, "u1", now=NOW), lease=lease())
        with pytest.raises(JobTaken):
            await store.write(lifecycle.accept(second, "u1", now=NOW), lease=lease())
        assert await store.get(second.id) == second
        await store.write(lifecycle.accept(third, "u1", now=NOW), lease=lease())
        failure = Failure(code="engine_timeout", message="late")
        await store.write(lifecycle.retry(taken, pause_s=0, failure=failure, now=NOW))
        with pytest.raises(JobTaken):
            await store.write(lifecycle.accept(second, "u1", now=NOW), lease=lease())

    async def test_a_job_is_free_again_once_its_generation_is_removed(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("a"), make_generation("b"))
        first = await submit_upstream(store, await store.get(GenerationId("a")))
        taken = await store.write(lifecycle.accept(first, "u1", now=NOW), lease=lease())
        await store.remove(await store.write(lifecycle.cancel(taken, now=NOW)))
        second = await submit_upstream(store, await store.get(GenerationId("b")))
        accepted = await store.write(lifecycle.accept(second, "u1", now=NOW), lease=lease())
        assert accepted.attempts[-1].upstream_id == "u1"


class TestRests:
    async def test_a_rest_is_kept_replaced_and_ended(self, store: WholeStore) -> None:
        rest = ChannelPause(
            channel="luma",
            fingerprint="f",
            reason="the key was refused",
            since=NOW,
            until=None,
            by=PausedBy.REFUSAL,
        )
        assert await store.pauses() == ()
        await store.set_pause(rest)
        later = replace(rest, until=at(60), by=PausedBy.BREAKER)
        await store.set_pause(later)
        await store.set_pause(replace(rest, channel="a"))
        assert set(await store.pauses()) == {replace(rest, channel="a"), later}
        assert await store.end_pause("luma") is True
        assert await store.end_pause("luma") is False
        assert [one.channel for one in await store.pauses()] == ["a"]


class TestClose:
    async def test_a_closed_store_says_so(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        await store.close()
        for call in (
            submit(store, make_generation()),
            store.get(GenerationId("g1")),
            store.list(GenerationFilter()),
            store.next_available(now=NOW),
            store.keys(),
        ):
            with pytest.raises(StoreError, match="closed"):
                await call

    async def test_closing_twice_is_harmless(self, store: Store) -> None:
        await store.close()
        await store.close()

    async def test_writes_that_wait_are_made_before_it_closes(
        self, store: Store, make_generation: MakeGeneration
    ) -> None:
        writing = [
            asyncio.ensure_future(submit(store, make_generation(f"g{n}"))) for n in range(10)
        ]
        await asyncio.sleep(0)
        await store.close()
        assert await asyncio.gather(*writing) == [None] * 10


async def test_unfinished_attempts_at_other_channels_are_left_out(
    store: WholeStore, make_generation: MakeGeneration
) -> None:
    begun = lifecycle.submit(make_generation("begun"))
    await store.write(begun)
    running = lifecycle.claim(begun.after, engine="e", channel="luma", now=NOW)
    await store.write(running, lease=lease(seconds=0))
    queued = await store.write(lifecycle.submit(make_generation("queued")))
    models = (queued.spec.model,)
    there = await store.next_available(now=at(1), models=models, other_channels=("lan",))
    assert there == running.after
    for wanted in (models, None):
        found = await store.next_available(now=at(1), models=wanted, other_channels=("luma",))
        assert found == queued
