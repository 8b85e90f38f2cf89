"""Callers are told: signed, in order, at least once, and again when it did not work."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError
from structlog.testing import capture_logs
from tests.webhooks.conftest import (
    SECRET,
    Harness,
    MakeReceiver,
    Plain,
    Receiver,
    WatchedStore,
    status,
)
from typing_extensions import override

from rushes.core import lifecycle
from rushes.core.errors import StoreError
from rushes.core.generation import Generation, State
from rushes.core.signed_links import SignedLinks
from rushes.kit.clock import FrozenClock
from rushes.store.memory import MemoryStore
from rushes.store.outbox import DeliveryState
from rushes.webhooks.dispatcher import CLAIM_S, Dispatcher

MakeCourier = Callable[..., Dispatcher]
PENDING, DELIVERED, FAILED = (
    DeliveryState.PENDING,
    DeliveryState.DELIVERED,
    DeliveryState.FAILED,
)


@asynccontextmanager
async def at_work(*couriers: Dispatcher) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(courier.run()) for courier in couriers]
    await asyncio.sleep(0)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


# What is said


async def test_a_receiver_can_prove_who_told_it(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    await harness.running("g1", receiver.url("/hook?for=me"))

    assert await courier.deliver_due() == 1

    (reported,) = receiver.reported
    reported.verify()
    assert reported.path == "/hook?for=me"
    assert reported.headers["content-type"] == "application/json"
    assert reported.headers["user-agent"].startswith("rushes-webhooks/")
    assert reported.headers["webhook-id"] == (await harness.delivery()).id
    assert await harness.states() == [DELIVERED]


async def test_another_secret_proves_nothing(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver
) -> None:
    await harness.running("g1", receiver.url())
    await courier_of(secret="whsec_" + "A" * 43 + "=").deliver_due()

    with pytest.raises(WebhookVerificationError):
        receiver.reported[0].verify(SECRET)


async def test_the_dialect_words_what_the_generation_was_at_the_event(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    await harness.failed("g1", receiver.url())

    await courier.deliver_due()

    assert [reported.event for reported in receiver.reported] == ["running", "failed"]
    assert json.loads(receiver.reported[0].body)["wording"] == "superset"


@pytest.mark.parametrize(
    ("public_url", "base"),
    [(None, "http://127.0.0.1:8000"), ("https://video.example.test", "https://video.example.test")],
)
async def test_links_are_absolute_and_lead_to_where_callers_reach_us(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver, public_url: str | None, base: str
) -> None:
    await harness.running("g1", receiver.url())
    await courier_of(public_url=public_url).deliver_due()

    video = json.loads(receiver.reported[0].body)["video"]
    assert video.startswith(base)
    key = SignedLinks(secret=b"s" * 32).key(video.removeprefix(base), now=harness.clock.now())
    assert key == "g1/1/video.mp4"


async def test_the_answer_is_kept(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    receiver.answers = [status(200, b"thank you \xff\x00")]
    await harness.running("g1", receiver.url())

    await courier.deliver_due()

    (tried,) = (await harness.delivery()).tries
    assert (tried.status, tried.error, tried.answer) == (200, None, "thank you \ufffd\ufffd")
    assert tried.took_s >= 0


# What is tried again


async def test_the_whole_schedule_is_kept_and_then_it_is_given_up(
    harness: Harness, courier: Dispatcher, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [status(500, b"oh no")] * 9
    await harness.running("g1", receiver.url())

    for pause_s in (10, 30, 120, 600, 3600, 21_600, 86_400):
        assert await courier.deliver_due() == 1
        clock.advance(seconds=pause_s - 1)
        assert await courier.deliver_due() == 0, f"sooner than {pause_s} s"
        assert await harness.states() == [PENDING]
        clock.advance(seconds=1)
    await courier.deliver_due()

    assert await harness.states() == [FAILED]
    assert len(receiver.reported) == 8
    assert {tried.error for tried in (await harness.delivery()).tries} == {
        "the receiver answered 500"
    }
    clock.advance(seconds=10**7)
    assert await courier.deliver_due() == 0


async def test_every_try_has_the_same_id_and_a_timestamp_of_its_own(
    harness: Harness, courier: Dispatcher, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [status(500)]
    await harness.running("g1", receiver.url())

    await courier.deliver_due()
    clock.advance(seconds=10)
    await courier.deliver_due()

    first, second = (reported.headers for reported in receiver.reported)
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 10
    for reported in receiver.reported:
        reported.verify()


async def test_a_dialect_may_ask_for_fast_retries(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver, clock: FrozenClock
) -> None:
    courier = courier_of(announcers={"luma_relay": Plain(fast_retries_s=(0.1, 0.1))})
    receiver.answers = [status(500)] * 3
    await harness.running("g1", receiver.url())

    for pause_s in (0.1, 0.1, 10.0):
        assert await courier.deliver_due() == 1
        clock.advance(seconds=pause_s)
    assert await courier.deliver_due() == 1

    assert await harness.states() == [DELIVERED]


@pytest.mark.parametrize("code", [429, 503])
async def test_a_busy_receiver_is_left_alone_for_as_long_as_it_asks(
    harness: Harness, courier: Dispatcher, receiver: Receiver, clock: FrozenClock, code: int
) -> None:
    receiver.answers = [status(code, head="Retry-After: 300\r\n")]
    await harness.running("g1", receiver.url())

    await courier.deliver_due()
    clock.advance(seconds=299)
    assert await courier.deliver_due() == 0
    clock.advance(seconds=1)
    assert await courier.deliver_due() == 1

    assert await harness.states() == [DELIVERED]


async def test_nobody_can_ask_to_be_left_alone_for_ever(
    harness: Harness, courier: Dispatcher, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [status(503, head="Retry-After: 999999999\r\n")]
    await harness.running("g1", receiver.url())

    await courier.deliver_due()

    assert (await harness.delivery()).next_at == clock.now() + timedelta(days=1)


async def test_a_receiver_that_is_gone_is_not_tried_again(
    harness: Harness, courier: Dispatcher, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [status(410)]
    await harness.running("g1", receiver.url())

    await courier.deliver_due()
    clock.advance(seconds=10**6)

    assert await courier.deliver_due() == 0
    assert await harness.states() == [FAILED]


async def test_a_redirect_is_not_followed_and_is_named(
    harness: Harness, courier: Dispatcher, receiver_of: MakeReceiver
) -> None:
    elsewhere = await receiver_of()
    receiver = await receiver_of(status(308, head=f"Location: {elsewhere.url()}\r\n"))
    await harness.running("g1", receiver.url())

    await courier.deliver_due()

    assert elsewhere.reported == []
    (tried,) = (await harness.delivery()).tries
    assert tried.status == 308
    assert tried.error is not None
    assert "redirects are not followed" in tried.error
    assert elsewhere.url() in tried.error
    assert await harness.states() == [PENDING]


async def test_a_receiver_that_is_down_is_tried_again(
    harness: Harness, courier: Dispatcher, clock: FrozenClock
) -> None:
    nobody = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = nobody.sockets[0].getsockname()[1]
    nobody.close()
    await nobody.wait_closed()
    await harness.running("g1", f"http://127.0.0.1:{port}/")

    await courier.deliver_due()

    delivery = await harness.delivery()
    assert delivery.state is PENDING
    assert delivery.next_at == clock.now() + timedelta(seconds=10)
    assert delivery.tries[0].status is None
    assert delivery.tries[0].error == "the server does not accept connections"


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest/meta-data", "http://10.0.0.8/", "http://[::ffff:10.0.0.8]/",
     "ftp://127.0.0.1/", "http://user@127.0.0.1/", "nonsense", "http://[", "http://0x7f.1/",
     "http://127.0.0.1:8000/\r\nX: y"],
)  # fmt: skip
async def test_an_address_that_may_not_be_reached_fails_at_once(
    harness: Harness, courier: Dispatcher, clock: FrozenClock, url: str
) -> None:
    await harness.running("g1", url)

    assert await courier.deliver_due() == 1

    delivery = await harness.delivery()
    assert delivery.state is FAILED
    assert delivery.tries[0].error
    clock.advance(seconds=10**6)
    assert await courier.deliver_due() == 0


# In order


async def test_a_later_event_waits_for_the_earlier_one(
    harness: Harness, courier: Dispatcher, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [status(500)]
    await harness.failed("g1", receiver.url())

    await courier.deliver_due()
    assert [reported.event for reported in receiver.reported] == ["running"]
    clock.advance(seconds=10)
    await courier.deliver_due()

    assert [reported.event for reported in receiver.reported] == ["running", "running", "failed"]
    assert await harness.states() == [DELIVERED, DELIVERED]


async def test_an_event_that_cannot_be_told_does_not_silence_the_next(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver
) -> None:
    class Shy(Plain):
        @override
        def announcement(self, generation: Generation, **rest: Any) -> bytes:
            if generation.state is State.RUNNING:
                raise ValueError("not in these words")
            return super().announcement(generation, **rest)

    await harness.failed("g1", receiver.url())

    with capture_logs():
        await courier_of(announcers={"luma_relay": Shy()}).deliver_due()

    assert await harness.states() == [FAILED, DELIVERED]


async def test_one_generation_waits_for_no_other(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    receiver.answers = [status(500)]
    await harness.failed("g1", receiver.url())
    await harness.failed("g2", receiver.url())

    assert await courier.deliver_due() == 3

    assert await harness.states("g1") == [PENDING, PENDING]
    assert await harness.states("g2") == [DELIVERED, DELIVERED]


# A mistake of ours


async def test_a_dialect_that_nobody_words_is_noted_and_the_others_are_told(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    await harness.running("g1", receiver.url(), dialect="klingon")
    await harness.running("g2", receiver.url())

    with capture_logs():
        assert await courier.deliver_due() == 2

    assert await harness.states("g1") == [FAILED]
    assert "'klingon'" in str((await harness.delivery()).tries[0].error)
    assert await harness.states("g2") == [DELIVERED]


class Broken(Plain):
    """Words nothing."""

    @override
    def announcement(self, generation: Generation, *, wording: str, url: Any) -> bytes:
        raise KeyError("secret inside")


class Latin(Plain):
    """Words what is not UTF-8."""

    @override
    def announcement(self, generation: Generation, *, wording: str, url: Any) -> bytes:
        return b"\xe9"


@pytest.mark.parametrize("announcer", [Broken(), Latin()])
async def test_a_dialect_that_breaks_is_noted_and_says_nothing_of_the_inside(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver, announcer: Plain
) -> None:
    courier = courier_of(announcers={"luma_relay": announcer})
    await harness.running("g1", receiver.url())

    with capture_logs():
        await courier.deliver_due()

    assert await harness.states() == [FAILED]
    assert receiver.reported == []
    assert "secret inside" not in str(await harness.delivery())


async def test_the_loop_outlives_a_store_in_trouble(
    harness: Harness,
    courier_of: MakeCourier,
    receiver: Receiver,
    store: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claim, troubles = store.claim_deliveries, [StoreError("disk full")]

    async def claims(**requested: Any) -> Any:
        if troubles:
            raise troubles.pop()
        return await claim(**requested)

    monkeypatch.setattr(store, "claim_deliveries", claims)
    with capture_logs() as logs:
        async with at_work(courier_of(poll_s=0.01)):
            await harness.running("g1", receiver.url())
            await receiver.heard_of(1)

    assert "deliveries_read_failed" in {entry["event"] for entry in logs}


async def test_an_outcome_that_could_not_be_written_is_tried_again_when_the_claim_ends(
    harness: Harness,
    courier: Dispatcher,
    receiver: Receiver,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settle, troubles = harness.store.settle_delivery, [StoreError("disk full")]

    async def settles(*args: Any, **named: Any) -> None:
        if troubles:
            raise troubles.pop()
        await settle(*args, **named)

    monkeypatch.setattr(harness.store, "settle_delivery", settles)
    await harness.running("g1", receiver.url())
    with capture_logs():
        await courier.deliver_due()
    clock.advance(seconds=60)
    await courier.deliver_due()

    assert len(receiver.reported) == 2
    assert receiver.reported[0].headers["webhook-id"] == receiver.reported[1].headers["webhook-id"]
    assert await harness.states() == [DELIVERED]


# Several couriers, one that dies, one that is stopped


async def test_two_couriers_never_make_the_same_try(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver
) -> None:
    for number in range(40):
        await harness.failed(f"g{number}", receiver.url(f"/{number}"))
    couriers = [courier_of() for _ in range(3)]

    counts = await asyncio.gather(*(courier.deliver_due() for courier in couriers))

    assert sum(counts) == 80
    ids = [reported.headers["webhook-id"] for reported in receiver.reported]
    assert len(ids) == len(set(ids)) == 80
    for number in range(40):
        events = [reported.event for reported in receiver.reported if reported.path == f"/{number}"]
        assert events == ["running", "failed"]


async def test_what_a_dead_courier_held_is_delivered_by_the_next(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [receiver.hang]
    await harness.running("g1", receiver.url())
    dead = asyncio.create_task(courier_of().deliver_due())
    await receiver.heard_of(1)
    dead.cancel()
    with suppress(asyncio.CancelledError):
        await dead

    restarted = courier_of()
    assert await restarted.deliver_due() == 0, "the claim still stands"
    clock.advance(seconds=60)
    assert await restarted.deliver_due() == 1

    assert await harness.states() == [DELIVERED]
    assert len(receiver.reported) == 2


async def test_a_claimed_delivery_whose_turn_comes_too_late_is_claimed_anew(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [receiver.hang, receiver.hang]
    for number in range(3):
        await harness.running(f"g{number}", receiver.url())
    slow = asyncio.create_task(courier_of(deadline_s=60).deliver_due())
    await receiver.heard_of(2)
    clock.advance(seconds=CLAIM_S)
    other = courier_of()
    assert await other.deliver_due() == 3, "all the claims have ended"
    receiver.released.set()
    await slow

    ids = [reported.headers["webhook-id"] for reported in receiver.reported]
    assert sorted(Counter(ids).values()) == [1, 2, 2]
    assert [await harness.states(f"g{n}") for n in range(3)] == [[DELIVERED]] * 3


async def test_a_courier_that_is_stopped_lets_a_try_under_way_end(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver
) -> None:
    receiver.answers = [receiver.hang]
    await harness.running("g1", receiver.url())
    task = asyncio.create_task(courier_of(grace_s=30).run())
    await receiver.heard_of(1)
    task.cancel()
    await asyncio.sleep(0)
    receiver.released.set()
    with suppress(asyncio.CancelledError):
        await task

    assert await harness.states() == [DELIVERED]


async def test_what_a_stopped_courier_had_claimed_is_delivered_at_once_by_the_next(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver
) -> None:
    receiver.answers = [receiver.hang, receiver.hang]
    for number in range(5):
        await harness.running(f"g{number}", receiver.url())
    task = asyncio.create_task(courier_of(grace_s=0.01).run())
    await receiver.heard_of(2)  # and three wait for their turn
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    receiver.released.set()

    assert await courier_of().deliver_due() == 5
    assert [await harness.states(f"g{number}") for number in range(5)] == [[DELIVERED]] * 5


# The loop


async def test_the_loop_hears_of_a_change_and_of_what_follows(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver
) -> None:
    async with at_work(courier_of(poll_s=600)):
        running = await harness.running("g1", receiver.url())
        await receiver.heard_of(1)
        await harness.fail(running)
        await receiver.heard_of(2)


async def test_the_loop_finds_what_another_process_wrote(
    harness: Harness,
    courier_of: MakeCourier,
    receiver: Receiver,
    store: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "listen", lambda _told: lambda: None)
    async with at_work(courier_of(poll_s=0.01)):
        await harness.running("g1", receiver.url())
        await receiver.heard_of(1)


async def test_the_loop_tries_again_when_it_is_time(
    harness: Harness,
    courier_of: MakeCourier,
    receiver: Receiver,
    store: WatchedStore,
    clock: FrozenClock,
) -> None:
    receiver.answers = [status(500)]
    async with at_work(courier_of(poll_s=0.01)):
        await harness.running("g1", receiver.url())
        await store.settled.wait()
        clock.advance(seconds=10)
        await receiver.heard_of(2)


async def test_a_loop_that_is_cancelled_as_it_wakes_ends(courier_of: MakeCourier) -> None:
    courier = courier_of(poll_s=600)
    task = asyncio.create_task(courier.run())
    for _ in range(5):
        await asyncio.sleep(0)

    courier._wake.set()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)


async def test_the_loop_does_not_spin_while_nothing_is_due(
    harness: Harness, courier_of: MakeCourier, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    requested, next_at = 0, store.next_delivery_at

    async def count() -> Any:
        nonlocal requested
        requested += 1
        return await next_at()

    monkeypatch.setattr(store, "next_delivery_at", count)
    async with at_work(courier_of(poll_s=600)):
        for _ in range(50):
            await asyncio.sleep(0)

    assert requested == 2, "for what is due, and for when the next is"


async def test_what_nobody_asked_to_be_told_is_not_told(
    harness: Harness, courier: Dispatcher, store: MemoryStore
) -> None:
    generation = harness.make("g1", announce=None)
    await store.write(lifecycle.submit(generation))
    await harness.claim(generation)

    assert await courier.deliver_due() == 0


async def test_the_log_names_the_host_and_not_what_the_url_hides(
    harness: Harness, courier: Dispatcher, receiver: Receiver
) -> None:
    await harness.running("g1", receiver.url("/hook/s3cret?token=t0ken"))

    with capture_logs() as logs:
        await courier.deliver_due()

    assert f"127.0.0.1:{receiver.port}" in str(logs)
    assert "s3cret" not in str(logs)
    assert "t0ken" not in str(logs)
