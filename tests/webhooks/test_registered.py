"""Registered addresses: signed with their own secret, disabled by a farewell, left in peace."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError
from structlog.testing import capture_logs
from tests.webhooks.conftest import SECRET, Harness, MakeReceiver, Receiver, status

from rushes.core import lifecycle
from rushes.core.generation import AccountId, Generation
from rushes.kit.clock import FrozenClock
from rushes.service.webhooks import new_secret
from rushes.store.memory import MemoryStore
from rushes.store.outbox import DeliveryState, Webhook
from rushes.webhooks import sender
from rushes.webhooks.dispatcher import CLAIM_S, Dispatcher
from rushes.webhooks.target_health import FAILURES_PER_ADDRESS, FAILURES_PER_HOST

MakeCourier = Callable[..., Dispatcher]
PENDING, HELD, DELIVERED, FAILED = DeliveryState
FINAL = frozenset({"generation.failed", "generation.completed"})


async def registered(harness: Harness, url: str, *secrets: str, **fields: Any) -> Webhook:
    webhook = Webhook(
        id=f"wh_{len(await harness.store.webhooks())}",
        account_id=harness.make("any").account_id,
        url=url,
        created_at=harness.clock.now(),
        wording="luma_relay:other",
        events=FINAL,
        secrets=secrets,
    )
    webhook = replace(webhook, **fields)
    await harness.store.add_webhook(webhook)
    return webhook


async def silent(harness: Harness, name: str) -> Generation:
    """Let a generation fail that names no address."""
    queued = await harness.store.write(lifecycle.submit(harness.make(name, announce=None)))
    return await harness.fail(await harness.claim(queued))


# Who is told what, and how it is signed


async def test_a_registered_address_is_told_in_its_wording_and_by_its_events(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    await registered(harness, receiver.url())
    await silent(harness, "g1")

    assert await courier.deliver_due() == 1

    (reported,) = receiver.reported
    assert reported.event == "failed"
    assert b'"wording": "other"' in reported.body


async def test_it_is_signed_with_its_own_secrets_and_with_the_server_s(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    own, former = new_secret(), new_secret()
    await registered(harness, receiver.url(), own, former)
    await silent(harness, "g1")

    await courier.deliver_due()

    (reported,) = receiver.reported
    for secret in (own, former, SECRET):
        reported.verify(secret)
    with pytest.raises(WebhookVerificationError):
        Verifier(new_secret()).verify(reported.body, reported.headers)


async def test_what_a_request_names_it_for_is_signed_with_its_secret_too(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    own = new_secret()
    await registered(harness, receiver.url(), own)
    await harness.running("g1", receiver.url())

    await courier.deliver_due()

    receiver.reported[0].verify(own)


async def test_a_secret_that_the_server_rotates_signs_at_once(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SECRETS_CACHE_S", -1.0)
    newer, known = new_secret(), [SECRET]
    courier = courier_of(secrets=lambda: " ".join(known))
    known.insert(0, newer)
    await harness.running("g1", receiver.url())

    await courier.deliver_due()

    for secret in (newer, SECRET):
        receiver.reported[0].verify(secret)


async def test_one_event_goes_to_each_and_none_waits_for_another(
    harness: Harness, courier: Dispatcher, receiver_of: MakeReceiver
) -> None:
    named, first, second = [await receiver_of() for _ in range(3)]
    first.answers = [status(500)]
    await registered(harness, first.url())
    await registered(harness, second.url())
    await harness.failed("g1", named.url())

    assert await courier.deliver_due() == 4

    assert [len(one.reported) for one in (named, first, second)] == [2, 1, 1]
    ids = {
        reported.headers["webhook-id"]
        for one in (named, first, second)
        for reported in one.reported
    }
    assert len(ids) == 4
    assert await harness.states() == [DELIVERED, DELIVERED, PENDING, DELIVERED]


# Farewell


async def test_an_address_that_says_farewell_is_disabled_and_what_it_is_owed_is_held(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    receiver.answers = [status(410)]
    await harness.failed("g1", receiver.url())
    await courier.deliver_due()
    await harness.failed("g2", receiver.url())
    assert await courier.deliver_due() == 0

    assert await harness.states("g1") == [FAILED, HELD]
    assert await harness.states("g2") == [HELD, HELD]
    assert len(receiver.reported) == 1
    (seen,) = await harness.store.webhooks()
    assert seen.url == receiver.url()
    assert seen.disabled_at == harness.clock.now()
    assert "410" in (seen.disabled_why or "")


async def test_another_address_of_the_same_host_is_told_all_the_same(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    receiver.answers = [status(410)]
    await harness.running("g1", receiver.url("/one"))
    await courier.deliver_due()
    await harness.running("g2", receiver.url("/two"))
    await courier.deliver_due()

    assert await harness.states("g2") == [DELIVERED]


async def test_what_was_held_is_told_in_order_once_the_address_is_enabled(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    receiver.answers = [status(410)]
    await harness.running("g1", receiver.url())
    await courier.deliver_due()
    await harness.failed("g2", receiver.url())
    (disabled,) = await harness.store.webhooks()
    enabled = replace(disabled, disabled_at=None, disabled_why=None)
    await harness.store.change_webhook(disabled, enabled, now=harness.clock.now())

    assert await courier.deliver_due() == 2

    assert [reported.event for reported in receiver.reported] == ["running", "running", "failed"]
    assert await harness.states("g1") == [FAILED], "what was refused is not told again by itself"


# Peace


async def failing(harness: Harness, receiver: Receiver, count: int, path: str = "/{}") -> None:
    receiver.answers = [status(500)] * count
    for number in range(count):
        await harness.running(f"bad-{number}", receiver.url(path.format(number)))


async def test_an_address_that_fails_again_and_again_is_left_in_peace(
    harness: Harness, courier: Dispatcher, receiver: Receiver, clock: FrozenClock
) -> None:
    await failing(harness, receiver, FAILURES_PER_ADDRESS + 20, "/hook?id={}")

    tried = await courier.deliver_due()

    assert FAILURES_PER_ADDRESS <= tried <= FAILURES_PER_ADDRESS + 1, (
        "two may be under way when it is noticed"
    )
    clock.advance(seconds=29)
    assert await courier.deliver_due() == 0
    clock.advance(seconds=1)
    receiver.answers = []
    assert await courier.deliver_due() == FAILURES_PER_ADDRESS + 20
    assert await harness.states("bad-24") == [DELIVERED]


async def test_a_pause_holds_for_every_dispatcher_of_the_store(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver, clock: FrozenClock
) -> None:
    one, other = courier_of(), courier_of()
    await failing(harness, receiver, FAILURES_PER_ADDRESS - 1, "/hook?id={}")
    assert await one.deliver_due() == FAILURES_PER_ADDRESS - 1
    receiver.answers = [status(500)]
    await harness.running("last", receiver.url("/hook"))
    assert await other.deliver_due() == 1, "the failure that begins the pause"

    clock.advance(seconds=29)
    assert await one.deliver_due() == 0
    assert await courier_of().deliver_due() == 0, "also after a restart"
    clock.advance(seconds=1)
    assert await one.deliver_due() == FAILURES_PER_ADDRESS


async def test_a_success_at_one_dispatcher_forgives_failures_at_another(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver, clock: FrozenClock
) -> None:
    one, other = courier_of(), courier_of()
    await failing(harness, receiver, FAILURES_PER_ADDRESS - 1, "/hook?id={}")
    await one.deliver_due()
    await harness.running("well", receiver.url("/hook"))
    assert await other.deliver_due() == 1

    receiver.answers = [status(500)]
    await harness.running("ill", receiver.url("/hook"))
    await one.deliver_due()
    await harness.running("next", receiver.url("/hook"))
    assert await one.deliver_due() == 1, "there is no pause"


async def test_what_is_owed_to_who_rests_keeps_its_schedule(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    await failing(harness, receiver, FAILURES_PER_ADDRESS + 20, "/hook?id={}")
    before = await harness.delivery("bad-24")

    await courier.deliver_due()

    assert await harness.delivery("bad-24") == before


async def test_while_one_rests_others_of_its_host_are_told(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    await failing(harness, receiver, FAILURES_PER_ADDRESS, "/bad")
    await courier.deliver_due()
    receiver.answers = []
    await harness.running("g1", receiver.url("/good"))
    await harness.running("g2", receiver.url("/bad"))

    assert await courier.deliver_due() == 1
    assert await harness.states("g1") == [DELIVERED]


async def test_a_host_that_answers_nothing_rests_whatever_its_paths(
    harness: Harness, courier: Dispatcher, receiver: Receiver, clock: FrozenClock
) -> None:
    async def silence(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    receiver.answers = [silence] * FAILURES_PER_HOST
    for number in range(FAILURES_PER_HOST):
        await harness.running(f"bad-{number}", receiver.url(f"/{number}"))
    await courier.deliver_due()
    await harness.running("g1", receiver.url("/another"))

    assert await courier.deliver_due() == 0
    clock.advance(seconds=30)
    await courier.deliver_due()
    assert await harness.states("g1") == [DELIVERED]


async def test_one_account_s_receiver_rests_for_that_account_alone(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    await failing(harness, receiver, FAILURES_PER_ADDRESS, "/bad")
    await courier.deliver_due()
    receiver.answers = []
    await harness.running("g1", receiver.url("/bad"), account_id=AccountId("another"))

    assert await courier.deliver_due() == 1


@pytest.mark.parametrize("code", [429, 503])
async def test_who_asks_for_a_pause_gets_it_for_everything(
    harness: Harness, courier: Dispatcher, receiver: Receiver, clock: FrozenClock, code: int
) -> None:
    receiver.answers = [status(code, head="Retry-After: 7\r\n")]
    await harness.running("g1", receiver.url())
    await courier.deliver_due()
    await harness.running("g2", receiver.url())

    assert await courier.deliver_due() == 0
    clock.advance(seconds=7)
    assert await courier.deliver_due() == 1, "the next; the first keeps its schedule of ten seconds"
    clock.advance(seconds=3)
    assert await courier.deliver_due() == 1


async def test_what_is_told_again_by_hand_has_the_whole_schedule_before_it(
    harness: Harness, courier: Dispatcher, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [status(500)] * 9
    await harness.running("g1", receiver.url())
    for pause_s in (0, 10, 30, 120, 600, 3_600, 21_600, 86_400):
        clock.advance(seconds=pause_s)
        assert await courier.deliver_due() == 1
    delivery = await harness.delivery()
    assert (delivery.state, len(delivery.tries)) == (FAILED, 8)

    await harness.store.redeliver(delivery.id, now=clock.now())
    assert await courier.deliver_due() == 1, "at once, though its receiver rests"
    assert await harness.states() == [PENDING]
    clock.advance(seconds=300)
    assert await courier.deliver_due() == 1

    assert await harness.states() == [DELIVERED]
    assert len({reported.headers["webhook-id"] for reported in receiver.reported}) == 1


# Claims


async def test_a_claim_stands_as_long_as_its_courier_lives(  # noqa: PLR0917  # fixtures
    harness: Harness,
    courier_of: MakeCourier,
    receiver: Receiver,
    clock: FrozenClock,
    store: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    renewed, renew = asyncio.Event(), store.renew_deliveries

    async def renews(*args: Any, **named: Any) -> frozenset[str]:
        kept = await renew(*args, **named)
        renewed.set()
        return kept

    monkeypatch.setattr(store, "renew_deliveries", renews)
    receiver.answers = [receiver.hang]
    await harness.running("g1", receiver.url())
    slow = asyncio.create_task(courier_of(deadline_s=60, renew_s=0.001).deliver_due())
    await receiver.heard_of(1)
    for _ in range(4):
        clock.advance(seconds=CLAIM_S - 1)
        renewed.clear()
        await renewed.wait()

    assert await courier_of().deliver_due() == 0
    receiver.released.set()
    await slow
    assert await harness.states() == [DELIVERED]
    assert len(receiver.reported) == 1


async def test_a_try_whose_claim_somebody_else_has_now_is_broken_off(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [receiver.hang]
    await harness.running("g1", receiver.url())
    frozen = asyncio.create_task(courier_of(deadline_s=60, renew_s=0.05).deliver_due())
    await receiver.heard_of(1)
    clock.advance(seconds=CLAIM_S)
    assert await courier_of().deliver_due() == 1

    with capture_logs() as logs:
        assert await asyncio.wait_for(frozen, 20) == 1

    assert [entry["event"] for entry in logs if entry["log_level"] == "warning"] == [
        "delivery_claim_lost"
    ]
    assert len((await harness.delivery()).tries) == 1, "the one that landed"


async def test_claims_that_cannot_be_renewed_end_and_so_do_their_tries(  # noqa: PLR0917  # fixtures
    harness: Harness,
    courier_of: MakeCourier,
    receiver: Receiver,
    clock: FrozenClock,
    store: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fails(*_: Any, **__: Any) -> frozenset[str]:
        raise OSError("the disk is gone")

    monkeypatch.setattr(store, "renew_deliveries", fails)
    receiver.answers = [receiver.hang]
    await harness.running("g1", receiver.url())
    with capture_logs():
        slow = asyncio.create_task(courier_of(deadline_s=60, renew_s=0.01).deliver_due())
        await receiver.heard_of(1)
        clock.advance(seconds=CLAIM_S)
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(slow, 20)

    assert len(receiver.reported) == 2, "broken off, and made anew under another claim"
    assert await harness.states() == [DELIVERED]
