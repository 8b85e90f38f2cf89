"""What every store promises of credits, over each of them."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.contract.stores import MAKERS

from rushes.core import lifecycle
from rushes.core.charges import NO_REFUND
from rushes.core.errors import Conflict, IdempotencyMismatch, InsufficientCredits, StoreError
from rushes.core.generation import AccountId, Announce, Failure, Generation, GenerationId, State
from rushes.core.ledger import Entry, EntryKind, Funds, Usage
from rushes.core.pricing import Quote
from rushes.store.base import IdempotencyClaim, Lease
from rushes.store.database import Database
from rushes.store.ledger import EntryFilter, UsedFilter
from rushes.store.sql.rows import body
from rushes.store.sqlite import SqliteStore
from rushes.store.sqlite.schema import migrations

AnyStore = Database
MakeGeneration = Callable[..., Generation]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNT = AccountId("acc")
QUOTE = Quote(held=100, rates={"a": 12, "b": 20}, amount_milli=5000, kept_when_cancelled=("b",))
LEASE = Lease(worker="w", until=NOW + timedelta(days=1))
TROUBLE = Failure(code="engine_timeout", message="It took too long.")


@pytest.fixture(params=MAKERS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AnyStore]:
    store = MAKERS[request.param](request, tmp_path)
    yield store
    await store.close()


@pytest.fixture
def priced(make_generation: MakeGeneration) -> MakeGeneration:
    def make(name: str = "g1", **overrides: object) -> Generation:
        return make_generation(name, **{"quote": QUOTE, "key_id": "k1", **overrides})

    return make


def grant(amount: int, reference: str = "grant1", account: str = "acc") -> Entry:
    return Entry(
        account_id=AccountId(account),
        kind=EntryKind.GRANT,
        reference=reference,
        balance=amount,
        held=0,
        at=NOW + timedelta(microseconds=7),
        note="thanks",
    )


async def submitted(store: AnyStore, generation: Generation) -> Generation:
    return await store.write(lifecycle.submit(generation))


async def running(store: AnyStore, generation: Generation, channel: str = "a") -> Generation:
    queued = await submitted(store, generation)
    claim = lifecycle.claim(queued, engine="e", channel=channel, now=NOW)
    return await store.write(claim, lease=LEASE)


async def accepted(store: AnyStore, generation: Generation, channel: str) -> Generation:
    claimed = await running(store, generation, channel)
    asking = lifecycle.submit_upstream(claimed, token="t", credential="c", now=NOW)
    requested = await store.write(asking, lease=LEASE)
    taking = lifecycle.accept(requested, f"job of {requested.id}", now=NOW)
    return await store.write(taking, lease=LEASE)


async def funds(store: AnyStore, account: str = "acc") -> tuple[int, int]:
    found = await store.ledger.funds(AccountId(account))
    return found.balance, found.held


async def lines(store: AnyStore) -> list[tuple[str, str, int, int]]:
    found = await store.ledger.entries(EntryFilter())
    return [(one.kind, one.reference, one.balance, one.held) for one in reversed(found)]


async def must_be_sound(store: AnyStore) -> None:
    assert [one for one in await store.ledger.audit() if not one.is_sound] == []


class TestGrants:
    async def test_a_grant_is_there_to_be_spent(self, store: AnyStore) -> None:
        written = await store.ledger.grant(grant(250))
        assert await funds(store) == (250, 0)
        assert await store.ledger.entries(EntryFilter()) == (written,)
        assert replace(written, seq=0) == grant(250)

    async def test_an_account_that_never_had_anything_has_nothing(self, store: AnyStore) -> None:
        assert await store.ledger.funds(ACCOUNT) == Funds(account_id=ACCOUNT)
        assert await store.ledger.all_funds() == ()

    async def test_the_same_grant_twice_is_one(self, store: AnyStore) -> None:
        first = await store.ledger.grant(grant(250))
        assert await store.ledger.grant(grant(250)) == first
        assert await funds(store) == (250, 0)

    @pytest.mark.parametrize("other", [grant(251), grant(250, account="other")])
    async def test_another_grant_of_the_same_name_is_refused(
        self, store: AnyStore, other: Entry
    ) -> None:
        await store.ledger.grant(grant(250))
        with pytest.raises(IdempotencyMismatch):
            await store.ledger.grant(other)
        assert await funds(store) == (250, 0)

    async def test_what_is_there_can_be_taken_back_and_no_more(self, store: AnyStore) -> None:
        with pytest.raises(InsufficientCredits):
            await store.ledger.grant(grant(-1, "g0"))
        await store.ledger.grant(grant(250))
        await store.ledger.grant(grant(-250, "g2"))
        with pytest.raises(InsufficientCredits, match=r"takes 0\.000001 credits.* has 0"):
            await store.ledger.grant(grant(-1, "g3"))
        assert await funds(store) == (0, 0)
        assert len(await lines(store)) == 2

    async def test_accounts_are_listed_by_name(self, store: AnyStore) -> None:
        for name in ("b", "a"):
            await store.ledger.grant(grant(1, f"grant of {name}", name))
        found = await store.ledger.all_funds()
        assert [one.account_id for one in found] == ["a", "b"]

    async def test_a_closed_store_says_so(self, store: AnyStore) -> None:
        await store.close()
        with pytest.raises(StoreError):
            await store.ledger.grant(grant(1))
        with pytest.raises(StoreError):
            await store.ledger.funds(ACCOUNT)
        with pytest.raises(StoreError):
            await store.ledger.audit()


class TestHolds:
    async def test_a_submit_holds_its_price(self, store: AnyStore, priced: MakeGeneration) -> None:
        await store.ledger.grant(grant(250))
        await submitted(store, priced())
        assert await funds(store) == (150, 100)
        assert (await lines(store))[1:] == [("hold", "g1", -100, 100)]
        await must_be_sound(store)

    async def test_a_quote_is_read_back_equal(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(250))
        made = await submitted(store, priced())
        assert await store.get(made.id) == made

    @pytest.mark.parametrize("have", [0, 99])
    async def test_without_enough_credits_nothing_at_all_is_written(
        self, store: AnyStore, priced: MakeGeneration, have: int
    ) -> None:
        if have:
            await store.ledger.grant(grant(have))
        once = IdempotencyClaim(key="k", fingerprint="f", until=NOW + timedelta(days=1))
        requested = priced(announce=Announce(url="https://example.com"))
        with pytest.raises(InsufficientCredits, match=r"takes 0\.0001 credits"):
            await store.write(lifecycle.submit(requested), once=once)
        assert await store.get_many([requested.id]) == ()
        assert await store.events(requested.id) == ()
        assert await store.deliveries(requested.id) == ()
        assert await funds(store) == (have, 0)
        await store.ledger.grant(grant(100, "more"))
        other = priced("g2")
        assert await store.write(lifecycle.submit(other), once=once) == other

    async def test_the_last_credit_can_be_spent(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(100))
        await submitted(store, priced())
        assert await funds(store) == (0, 100)

    async def test_a_repeated_request_holds_nothing_more(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(100))
        once = IdempotencyClaim(key="k", fingerprint="f", until=NOW + timedelta(days=1))
        first = await store.write(lifecycle.submit(priced()), once=once)
        assert await store.write(lifecycle.submit(priced("g2")), once=once) == first
        assert await funds(store) == (0, 100)

    async def test_what_is_free_is_not_in_the_ledger(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        made = await running(store, priced(quote=None))
        done = await store.write(lifecycle.complete(made, (), now=NOW))
        assert done.charged is None
        assert await lines(store) == []
        assert await store.ledger.audit() == ()

    async def test_attempts_and_retries_keep_the_one_hold(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(100))
        first = await running(store, priced())
        waiting = await store.write(lifecycle.retry(first, pause_s=0, now=NOW))
        again = lifecycle.claim(waiting, engine="e", channel="b", now=NOW)
        await store.write(again, lease=LEASE)
        assert await funds(store) == (0, 100)
        await must_be_sound(store)

    async def test_what_holds_credits_cannot_be_forgotten(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(100))
        made = await submitted(store, priced())
        with pytest.raises(Conflict):
            await store.remove(made)
        assert await store.get(made.id) == made


class TestEnds:
    async def test_completion_settles_what_its_channel_costs_and_releases_the_rest(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(250))
        made = await running(store, priced(), "a")
        done = await store.write(lifecycle.complete(made, (), now=NOW))
        assert done.charged == 60
        assert await funds(store) == (190, 0)
        assert (await lines(store))[2:] == [("settle", "g1", 0, -60), ("release", "g1", 40, -40)]
        await must_be_sound(store)

    async def test_when_all_of_it_is_due_nothing_is_released(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(250))
        made = await running(store, priced(), "b")
        await store.write(lifecycle.complete(made, (), now=NOW))
        assert (await lines(store))[2:] == [("settle", "g1", 0, -100)]

    async def test_failure_gives_all_of_it_back(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(250))
        made = await accepted(store, priced(), "b")
        failed = await store.write(lifecycle.fail(made, TROUBLE, now=NOW))
        assert failed.charged == 0
        assert await funds(store) == (250, 0)
        assert (await lines(store))[2:] == [("release", "g1", 100, -100)]

    async def test_what_was_in_doubt_and_is_given_up_is_given_back(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(100))
        claimed = await running(store, priced(), "b")
        asking = lifecycle.submit_upstream(claimed, token="t", credential="c", now=NOW)
        unsure = lifecycle.doubt(await store.write(asking), TROUBLE, now=NOW)
        given_up = lifecycle.fail(await store.write(unsure), TROUBLE, now=NOW)
        await store.write(given_up)
        assert await funds(store) == (100, 0)

    async def test_cancelling_what_waits_gives_all_of_it_back(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(100))
        made = await submitted(store, priced())
        cancelled = await store.write(lifecycle.cancel(made, now=NOW))
        assert (cancelled.charged, cancelled.note) == (0, None)
        assert await funds(store) == (100, 0)

    async def test_cancelling_a_running_job_costs_its_price_where_no_money_comes_back(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(200))
        kept = await accepted(store, priced("g1"), "b")
        refunded = await accepted(store, priced("g2"), "a")
        kept = await store.write(lifecycle.cancel(kept, now=NOW))
        refunded = await store.write(lifecycle.cancel(refunded, now=NOW))
        assert (kept.charged, kept.note) == (100, NO_REFUND)
        assert (refunded.charged, refunded.note) == (0, None)
        assert await funds(store) == (100, 0)
        await must_be_sound(store)

    async def test_of_two_ends_from_one_version_one_counts(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(100))
        made = await running(store, priced(), "a")
        await store.write(lifecycle.cancel(made, now=NOW))
        with pytest.raises(Conflict):
            await store.write(lifecycle.complete(made, (), now=NOW))
        assert await funds(store) == (100, 0)
        assert len(await lines(store)) == 3

    async def test_the_lines_outlive_the_generation(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(100))
        made = await running(store, priced(), "a")
        before = await store.write(lifecycle.complete(made, (), now=NOW))
        await store.remove(before)
        assert len(await lines(store)) == 4
        await must_be_sound(store)


class TestListing:
    async def test_pages_follow_each_other_without_a_gap(self, store: AnyStore) -> None:
        for number in range(5):
            await store.ledger.grant(grant(1, f"g{number}", "acc" if number % 2 else "other"))
        first = await store.ledger.entries(EntryFilter(limit=2))
        second = await store.ledger.entries(EntryFilter(limit=9, before_seq=first[-1].seq))
        assert [one.reference for one in (*first, *second)] == ["g4", "g3", "g2", "g1", "g0"]
        own = await store.ledger.entries(EntryFilter(account_id=ACCOUNT))
        assert [one.reference for one in own] == ["g3", "g1"]


class TestUse:
    async def test_what_has_ended_is_counted_by_day_key_model_and_state(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        await store.ledger.grant(grant(1000))
        tomorrow = NOW + timedelta(days=1)
        for number, end in enumerate((NOW, NOW, tomorrow)):
            made = await running(store, priced(f"g{number}"), "a")
            await store.write(lifecycle.complete(made, (), now=end))
        other = await submitted(
            store, priced("g9", key_id=None, account_id=AccountId("b"), quote=None)
        )
        await store.write(lifecycle.cancel(other, now=tomorrow))
        await submitted(store, priced("waits"))
        own = Usage(
            day=date(2026, 1, 1),
            account_id=ACCOUNT,
            key_id="k1",
            model="ray-2",
            state=State.COMPLETED,
            count=2,
            micro=120,
        )
        later = replace(own, day=date(2026, 1, 2), count=1, micro=60)
        others = replace(
            later, account_id=AccountId("b"), key_id=None, state=State.CANCELLED, micro=0
        )
        assert await store.ledger.used(UsedFilter()) == (own, later, others)
        assert await store.ledger.used(UsedFilter(account_id=ACCOUNT)) == (own, later)
        assert await store.ledger.used(UsedFilter(last=date(2026, 1, 1))) == (own,)
        assert await store.ledger.used(UsedFilter(first=date(2026, 1, 2))) == (later, others)

    async def test_it_is_still_counted_when_the_generation_is_gone(
        self, store: AnyStore, priced: MakeGeneration
    ) -> None:
        made = await running(store, priced(quote=None))
        await store.remove(await store.write(lifecycle.complete(made, (), now=NOW)))
        assert [one.count for one in await store.ledger.used(UsedFilter())] == [1]
        assert await store.get_many([GenerationId("g1")]) == ()


async def test_what_ended_before_there_was_a_ledger_is_counted_too(
    tmp_path: Path, priced: MakeGeneration
) -> None:
    path = tmp_path / "rushes.db"
    with closing(sqlite3.connect(path)) as db, db:
        for script in migrations()[:4]:
            db.executescript(script)
        db.execute("PRAGMA user_version = 4")
        db.execute(f"PRAGMA application_id = {0x52555348}")
        for state in (State.COMPLETED, State.FAILED, State.QUEUED):
            old = priced(state, state=state, quote=None, finished_at=NOW)
            db.execute(
                "INSERT INTO generation (id, account_id, model, state, version, created_at,"
                " progress, body) VALUES (?, ?, ?, ?, 1, 0, 0, ?)",
                (old.id, old.account_id, old.spec.model, state, body(old)),
            )
    store = SqliteStore(path)
    try:
        found = await store.ledger.used(UsedFilter())
        assert [(one.day, one.state, one.count, one.key_id) for one in found] == [
            (date(2026, 1, 1), State.COMPLETED, 1, None),
            (date(2026, 1, 1), State.FAILED, 1, None),
        ]
    finally:
        await store.close()
