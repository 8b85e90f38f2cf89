"""What every store promises couriers and owners of webhooks, over each of them."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.contract.stores import MAKERS
from tests.contract.test_store import HOOK, NOW, WholeStore, a_try, at, claim, submit

from rushes.core import lifecycle, transitions
from rushes.core.errors import Conflict, NotFound
from rushes.core.generation import AccountId, Announce, Failure, Generation, GenerationId
from rushes.store.outbox import DeliveryFilter, DeliveryState, Webhook

PENDING, HELD, DELIVERED, FAILED = DeliveryState
ALL = frozenset(transitions.ANNOUNCED)
MakeGeneration = Callable[..., Generation]


@pytest.fixture(params=MAKERS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[WholeStore]:
    store = MAKERS[request.param](request, tmp_path)
    yield store
    await store.close()


@pytest.fixture
def owner(make_generation: MakeGeneration) -> AccountId:
    return make_generation().account_id


@pytest.fixture
def a_webhook(owner: AccountId) -> Callable[..., Webhook]:
    def make(name: str = "wh_1", **overrides: Any) -> Webhook:
        webhook = Webhook(
            id=name,
            account_id=owner,
            url=f"https://example.com/{name}",
            created_at=NOW,
            wording="native",
            events=ALL,
            secrets=("whsec_new", "whsec_old"),
        )
        return replace(webhook, **overrides)

    return make


async def run(store: WholeStore, generation: Generation) -> Generation:
    await submit(store, generation)
    return await claim(store, generation)


async def states(store: WholeStore, id_: str = "g1") -> list[DeliveryState]:
    return [one.state for one in await store.deliveries(GenerationId(id_))]


class TestWhoIsOwed:
    async def test_a_webhook_is_owed_what_its_account_makes(
        self, store: WholeStore, make_generation: MakeGeneration, a_webhook: Callable[..., Webhook]
    ) -> None:
        webhook = a_webhook(wording="luma_relay:official")
        await store.add_webhook(webhook)
        await store.add_webhook(a_webhook("wh_2", account_id=AccountId("stranger")))
        running = await run(store, make_generation())

        (owed,) = await store.deliveries(running.id)

        event = (await store.events(running.id))[1]
        assert (owed.id, owed.webhook_id, owed.url) == (f"msg_{event.seq}_1", "wh_1", webhook.url)
        assert (owed.dialect, owed.format, owed.event) == ("luma_relay", "official", event)

    async def test_one_event_is_owed_to_each_under_an_id_of_its_own(
        self, store: WholeStore, make_generation: MakeGeneration, a_webhook: Callable[..., Webhook]
    ) -> None:
        for name in ("wh_1", "wh_2"):
            await store.add_webhook(a_webhook(name))
        running = await run(store, make_generation(announce=HOOK))

        owed = await store.deliveries(running.id)

        assert [one.webhook_id for one in owed] == [None, "wh_1", "wh_2"]
        assert len({one.id for one in owed}) == 3
        assert len({one.event.seq for one in owed}) == 1

    async def test_a_webhook_is_owed_only_the_events_that_it_names(
        self, store: WholeStore, make_generation: MakeGeneration, a_webhook: Callable[..., Webhook]
    ) -> None:
        await store.add_webhook(a_webhook(events=frozenset({"generation.failed"})))
        await store.add_webhook(a_webhook("wh_2", events=frozenset()))
        running = await run(store, make_generation())
        why = Failure(code="x", message="y")
        await store.write(lifecycle.fail(running, why, now=at(1)))

        (owed,) = await store.deliveries(running.id)

        assert owed.event.type == "generation.failed"

    async def test_running_is_told_once_however_often_it_begins(
        self, store: WholeStore, make_generation: MakeGeneration, a_webhook: Callable[..., Webhook]
    ) -> None:
        await store.add_webhook(a_webhook())
        running = await run(store, make_generation())
        back = await store.write(lifecycle.retry(running, pause_s=0, now=at(1)))
        await store.write(lifecycle.claim(back, engine="scripted", now=at(2)))

        assert len(await store.deliveries(running.id)) == 1

    async def test_an_address_that_is_named_and_registered_is_owed_once(
        self, store: WholeStore, make_generation: MakeGeneration, a_webhook: Callable[..., Webhook]
    ) -> None:
        await store.add_webhook(a_webhook(url=HOOK.url))
        running = await run(store, make_generation(announce=HOOK))

        assert [one.webhook_id for one in await store.deliveries(running.id)] == [None]

    async def test_a_request_that_names_it_for_the_end_does_not_silence_the_beginning(
        self, store: WholeStore, make_generation: MakeGeneration, a_webhook: Callable[..., Webhook]
    ) -> None:
        await store.add_webhook(a_webhook(url=HOOK.url))
        announce = Announce(url=HOOK.url, only_final=True)
        running = await run(store, make_generation(announce=announce))
        await store.write(lifecycle.complete(running, (), now=at(1)))

        owed = await store.deliveries(running.id)

        assert [one.webhook_id for one in owed] == ["wh_1", None]


class TestOrder:
    async def test_targets_of_one_generation_do_not_wait_for_each_other(
        self, store: WholeStore, make_generation: MakeGeneration, a_webhook: Callable[..., Webhook]
    ) -> None:
        await store.add_webhook(a_webhook())
        running = await run(store, make_generation(announce=HOOK))
        await store.write(lifecycle.complete(running, (), now=at(1)))

        taken = await store.claim_deliveries(now=at(2), until=at(9), limit=9)

        assert [(one.webhook_id, one.event.type) for one in taken] == [
            (None, "generation.running"),
            ("wh_1", "generation.running"),
        ]
        settled = taken[1]
        await store.settle_delivery(settled.id, a_try(), state=DELIVERED, next_at=at(2))
        (second,) = await store.claim_deliveries(now=at(2), until=at(9), limit=9)
        assert (second.webhook_id, second.event.type) == ("wh_1", "generation.completed")


class TestClaims:
    async def test_a_claim_stands_as_long_as_it_is_renewed(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        await run(store, make_generation(announce=HOOK))
        (taken,) = await store.claim_deliveries(now=NOW, until=at(6), limit=9, holder="a")

        kept = await store.renew_deliveries([taken.id, "msg_9"], until=at(12), holder="a")

        assert kept == {taken.id}
        assert await store.claim_deliveries(now=at(6), until=at(60), limit=9, holder="b") == ()
        assert await store.next_delivery_at() == at(12)

    async def test_a_claim_that_somebody_else_has_now_cannot_be_renewed(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        await run(store, make_generation(announce=HOOK))
        (taken,) = await store.claim_deliveries(now=NOW, until=at(6), limit=9, holder="a")
        await store.claim_deliveries(now=at(6), until=at(12), limit=9, holder="b")

        assert await store.renew_deliveries([taken.id], until=at(60), holder="a") == frozenset()
        assert await store.next_delivery_at() == at(12)

    @pytest.mark.parametrize("state", [PENDING, DELIVERED, FAILED])
    async def test_a_claim_ends_with_the_outcome(
        self, store: WholeStore, make_generation: MakeGeneration, state: DeliveryState
    ) -> None:
        await run(store, make_generation(announce=HOOK))
        (taken,) = await store.claim_deliveries(now=NOW, until=at(6), limit=9, holder="a")
        await store.settle_delivery(taken.id, a_try(), state=state, next_at=at(9), holder="a")

        assert await store.renew_deliveries([taken.id], until=at(60), holder="a") == frozenset()

    async def test_what_is_put_off_keeps_its_schedule(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        running = await run(store, make_generation(announce=HOOK))
        (taken,) = await store.claim_deliveries(now=NOW, until=at(6), limit=9)

        await store.release_deliveries([taken.id], to=at(30))

        assert await store.deliveries(running.id) == (taken,)
        assert await store.claim_deliveries(now=at(29), until=at(60), limit=9) == ()
        assert await store.claim_deliveries(now=at(30), until=at(60), limit=9) == (taken,)

    async def test_a_late_failure_leaves_the_claim_of_another_alone(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        await run(store, make_generation(announce=HOOK))
        (taken,) = await store.claim_deliveries(now=NOW, until=at(6), limit=9, holder="a")
        await store.claim_deliveries(now=at(6), until=at(12), limit=9, holder="b")

        await store.settle_delivery(taken.id, a_try(), state=PENDING, next_at=at(7), holder="a")

        (kept,) = await store.deliveries(taken.event.generation.id)
        assert (kept.next_at, len(kept.tries)) == (taken.next_at, 1)
        assert await store.next_delivery_at() == at(12)

    @pytest.mark.parametrize("end", [DELIVERED, FAILED])
    async def test_a_late_end_is_an_end_whoever_has_claimed_it(
        self, store: WholeStore, make_generation: MakeGeneration, end: DeliveryState
    ) -> None:
        await run(store, make_generation(announce=HOOK))
        (taken,) = await store.claim_deliveries(now=NOW, until=at(6), limit=9, holder="a")
        await store.claim_deliveries(now=at(6), until=at(12), limit=9, holder="b")

        await store.settle_delivery(taken.id, a_try(), state=end, next_at=at(7), holder="a")

        assert await states(store) == [end]


class TestWebhooks:
    async def test_a_webhook_is_found_by_id_address_and_account(
        self, store: WholeStore, a_webhook: Callable[..., Webhook], owner: AccountId
    ) -> None:
        first, second = a_webhook(), a_webhook("wh_2")
        other = a_webhook("wh_3", account_id=AccountId("stranger"), url=first.url)
        for one in (first, second, other):
            await store.add_webhook(one)

        assert await store.webhooks() == (first, second, other)
        assert await store.webhooks(owner) == (first, second)
        assert await store.find_webhook("wh_2") == second
        assert await store.find_webhook("wh_9") is None
        assert await store.webhook_at(AccountId("stranger"), first.url) == other
        assert await store.webhook_at(owner, "https://example.com/none") is None

    async def test_an_account_has_one_webhook_for_an_address(
        self, store: WholeStore, a_webhook: Callable[..., Webhook]
    ) -> None:
        await store.add_webhook(a_webhook())

        for again in (a_webhook("wh_2", url=a_webhook().url), a_webhook("wh_1", url="b")):
            with pytest.raises(Conflict):
                await store.add_webhook(again)
        assert await store.webhooks() == (a_webhook(),)

    async def test_a_change_is_made_from_what_is_stored(
        self, store: WholeStore, a_webhook: Callable[..., Webhook]
    ) -> None:
        before, after = a_webhook(), a_webhook(wording="luma", events=frozenset(), secrets=())
        await store.add_webhook(before)
        await store.change_webhook(before, after, now=at(1))

        with pytest.raises(Conflict):
            await store.change_webhook(before, replace(before, wording="x"), now=at(2))
        assert await store.webhooks() == (after,)

    async def test_a_removed_webhook_s_deliveries_are_given_up_and_no_others(
        self, store: WholeStore, make_generation: MakeGeneration, a_webhook: Callable[..., Webhook]
    ) -> None:
        await store.add_webhook(a_webhook())
        await run(store, make_generation(announce=HOOK))

        assert await store.remove_webhook(a_webhook(), now=at(1))

        assert await states(store) == [PENDING, FAILED]
        assert await store.webhooks() == ()
        assert not await store.remove_webhook(a_webhook(), now=at(1))

    async def test_webhooks_go_with_their_account(
        self, store: WholeStore, a_webhook: Callable[..., Webhook], owner: AccountId
    ) -> None:
        await store.add_webhook(a_webhook())
        await store.add_webhook(a_webhook("wh_2", account_id=AccountId("stranger")))

        assert await store.remove_account(owner)

        assert [one.id for one in await store.webhooks()] == ["wh_2"]


class TestDisabled:
    async def test_what_a_disabled_address_is_owed_is_held(
        self, store: WholeStore, make_generation: MakeGeneration, owner: AccountId
    ) -> None:
        running = await run(store, make_generation(announce=HOOK))
        await store.disable_address(owner, HOOK.url, webhook_id="wh_9", why="gone", now=at(1))
        await store.write(lifecycle.complete(running, (), now=at(2)))

        assert await states(store) == [HELD, HELD]
        assert await store.next_delivery_at() is None
        (made,) = await store.webhooks(owner)
        assert (made.id, made.url, made.events) == ("wh_9", HOOK.url, frozenset())
        assert (made.disabled_at, made.disabled_why) == (at(1), "gone")

    async def test_an_address_is_disabled_for_one_account(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        await store.disable_address(
            AccountId("stranger"), HOOK.url, webhook_id="wh_9", why="gone", now=at(1)
        )
        await run(store, make_generation(announce=HOOK))

        assert await states(store) == [PENDING]

    async def test_disabling_twice_keeps_the_first_reason_and_the_webhook(
        self, store: WholeStore, a_webhook: Callable[..., Webhook], owner: AccountId
    ) -> None:
        await store.add_webhook(a_webhook())
        for second, why in ((1, "gone"), (2, "again")):
            await store.disable_address(
                owner, a_webhook().url, webhook_id="wh_9", why=why, now=at(second)
            )

        expected = a_webhook(disabled_at=at(1), disabled_why="gone")
        assert await store.webhooks() == (expected,)

    async def test_what_was_held_is_due_in_order_once_the_address_is_enabled(
        self, store: WholeStore, make_generation: MakeGeneration, owner: AccountId
    ) -> None:
        running = await run(store, make_generation(announce=HOOK))
        await store.write(lifecycle.complete(running, (), now=at(1)))
        await store.disable_address(owner, HOOK.url, webhook_id="wh_9", why="gone", now=at(2))
        (disabled,) = await store.webhooks()
        enabled = replace(disabled, disabled_at=None, disabled_why=None)
        await store.change_webhook(disabled, enabled, now=at(9))

        assert await states(store) == [PENDING, PENDING]
        assert await store.claim_deliveries(now=at(8), until=at(60), limit=9) == ()
        (first,) = await store.claim_deliveries(now=at(9), until=at(60), limit=9)
        assert first.event.type == "generation.running"

    async def test_what_was_held_is_due_when_the_webhook_is_removed(
        self, store: WholeStore, make_generation: MakeGeneration, owner: AccountId
    ) -> None:
        await run(store, make_generation(announce=HOOK))
        await store.disable_address(owner, HOOK.url, webhook_id="wh_9", why="gone", now=at(2))
        (disabled,) = await store.webhooks()
        await store.remove_webhook(disabled, now=at(9))

        assert await states(store) == [PENDING]
        assert await store.next_delivery_at() == at(9)

    async def test_a_try_under_way_may_end_what_is_held_but_not_reopen_it(
        self, store: WholeStore, make_generation: MakeGeneration, owner: AccountId
    ) -> None:
        for name in ("g1", "g2"):
            await run(store, make_generation(name, announce=HOOK))
        taken = await store.claim_deliveries(now=NOW, until=at(6), limit=9, holder="a")
        await store.disable_address(owner, HOOK.url, webhook_id="wh_9", why="gone", now=at(2))
        ends = (DELIVERED, PENDING)
        for one, end in zip(taken, ends, strict=True):
            await store.settle_delivery(one.id, a_try(), state=end, next_at=at(7), holder="a")

        assert [*await states(store, "g1"), *await states(store, "g2")] == [DELIVERED, HELD]

    async def test_what_somebody_is_trying_stays_with_him_when_the_address_is_enabled(
        self, store: WholeStore, make_generation: MakeGeneration, owner: AccountId
    ) -> None:
        await run(store, make_generation(announce=HOOK))
        await store.claim_deliveries(now=NOW, until=at(6), limit=9, holder="a")
        await store.disable_address(owner, HOOK.url, webhook_id="wh_9", why="gone", now=at(2))
        (disabled,) = await store.webhooks()
        await store.remove_webhook(disabled, now=at(3))

        assert await store.claim_deliveries(now=at(5), until=at(60), limit=9, holder="b") == ()
        assert len(await store.claim_deliveries(now=at(6), until=at(60), limit=9)) == 1

    async def test_what_is_told_again_to_a_disabled_address_is_held(
        self, store: WholeStore, make_generation: MakeGeneration, owner: AccountId
    ) -> None:
        await run(store, make_generation(announce=HOOK))
        (taken,) = await store.claim_deliveries(now=NOW, until=at(6), limit=9)
        await store.settle_delivery(taken.id, a_try(), state=FAILED, next_at=at(1))
        await store.disable_address(owner, HOOK.url, webhook_id="wh_9", why="gone", now=at(2))

        assert (await store.redeliver(taken.id, now=at(3))).state is HELD
        with pytest.raises(Conflict, match="held"):
            await store.redeliver(taken.id, now=at(4))


class TestLog:
    async def test_deliveries_are_listed_newest_first_and_filtered(
        self, store: WholeStore, make_generation: MakeGeneration, a_webhook: Callable[..., Webhook]
    ) -> None:
        await store.add_webhook(a_webhook())
        for name in ("g1", "g2"):
            await run(store, make_generation(name, announce=HOOK))
        every = await store.list_deliveries(DeliveryFilter())
        await store.settle_delivery(every[0].id, a_try(), state=FAILED, next_at=at(1))

        async def listed(**wanted: Any) -> list[str]:
            return [one.id for one in await store.list_deliveries(DeliveryFilter(**wanted))]

        ids = [one.id for one in every]
        assert len(ids) == 4
        assert sorted({int(one.split("_")[1]) for one in ids}) == sorted(
            {one.event.seq for one in every}
        )
        assert await listed(generation_id=GenerationId("g1")) == ids[2:]
        assert await listed(states=frozenset({FAILED})) == ids[:1]
        assert await listed(webhook_id="wh_1") == [ids[0], ids[2]]
        assert await listed(url=HOOK.url) == [ids[1], ids[3]]
        assert await listed(account_id=AccountId("stranger")) == []
        assert await listed(before_id=ids[1], limit=1) == [ids[2]]
        assert await listed(before_id="msg_999") == []

    async def test_a_delivery_is_found_by_its_id(
        self, store: WholeStore, make_generation: MakeGeneration
    ) -> None:
        running = await run(store, make_generation(announce=HOOK))
        (owed,) = await store.deliveries(running.id)

        assert await store.find_delivery(owed.id) == owed
        assert await store.find_delivery("msg_999") is None
        with pytest.raises(NotFound):
            await store.redeliver("msg_999", now=NOW)

    async def test_deliveries_go_with_their_generation(
        self, store: WholeStore, make_generation: MakeGeneration, a_webhook: Callable[..., Webhook]
    ) -> None:
        await store.add_webhook(a_webhook())
        running = await run(store, make_generation(announce=HOOK))
        await store.remove(running)

        assert await store.list_deliveries(DeliveryFilter()) == ()
        assert await store.next_delivery_at() is None
