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
    Desk,
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
    desk: Desk, courier: Dispatcher, receiver: Receiver
) -> None:
    await desk.running("g1", receiver.url("/hook?for=me"))

    assert await courier.deliver_due() == 1

    (told,) = receiver.told
    told.verify()
    assert told.path == "/hook?for=me"
    assert told.headers["content-type"] == "application/json"
    assert told.headers["user-agent"].startswith("rushes-webhooks/")
    assert told.headers["webhook-id"] == (await desk.delivery()).id
    assert await desk.states() == [DELIVERED]


async def test_another_secret_proves_nothing(
    desk: Desk, courier_of: MakeCourier, receiver: Receiver
) -> None:
    await desk.running("g1", receiver.url())
    await courier_of(secret="whsec_" + "A" * 43 + "=").deliver_due()

    with pytest.raises(WebhookVerificationError):
        receiver.told[0].verify(SECRET)


async def test_the_dialect_words_what_the_generation_was_at_the_event(
    desk: Desk, courier: Dispatcher, receiver: Receiver
) -> None:
    await desk.failed("g1", receiver.url())

    await courier.deliver_due()

    assert [told.event for told in receiver.told] == ["running", "failed"]
    assert json.loads(receiver.told[0].body)["wording"] == "superset"


@pytest.mark.parametrize(
    ("public_url", "base"),
    [(None, "http://127.0.0.1:8000"), ("https://video.example.test", "https://video.example.test")],
)
async def test_links_are_absolute_and_lead_to_where_callers_reach_us(
    desk: Desk, courier_of: MakeCourier, receiver: Receiver, public_url: str | None, base: str
) -> None:
    await desk.running("g1", receiver.url())
    await courier_of(public_url=public_url).deliver_due()

    video = json.loads(receiver.told[0].body)["video"]
    assert video.startswith(base)
    key = SignedLinks(secret=b"s" * 32).key(video.removeprefix(base), now=desk.clock.now())
    assert key == "g1/1/video.mp4"


async def test_the_answer_is_kept(desk: Desk, courier: Dispatcher, receiver: Receiver) -> None:
    receiver.answers = [status(200, b"thank you \xff\x00")]
    await desk.running("g1", receiver.url())

    await courier.deliver_due()

    (tried,) = (await desk.delivery()).tries
    assert (tried.status, tried.error, tried.answer) == (200, None, "thank you \ufffd\ufffd")
    assert tried.took_s >= 0


# What is tried again


async def test_the_whole_schedule_is_kept_and_then_it_is_given_up(
    desk: Desk, courier: Dispatcher, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [status(500, b"oh no")] * 9
    await desk.running("g1", receiver.url())

    for pause_s in (10, 30, 120, 600, 3600, 21_600, 86_400):
        assert await courier.deliver_due() == 1
        clock.advance(seconds=pause_s - 1)
        assert await courier.deliver_due() == 0, f"sooner than {pause_s} s"
        assert await desk.states() == [PENDING]
        clock.advance(seconds=1)
    await courier.deliver_due()

    assert await desk.states() == [FAILED]
    assert len(receiver.told) == 8
    assert {tried.error for tried in (await desk.delivery()).tries} == {"the receiver answered 500"}
    clock.advance(seconds=10**7)
    assert await courier.deliver_due() == 0


async def test_every_try_has_the_same_id_and_a_timestamp_of_its_own(
    desk: Desk, courier: Dispatcher, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [status(500)]
    await desk.running("g1", receiver.url())

    await courier.deliver_due()
    clock.advance(seconds=10)
    await courier.deliver_due()

    first, second = (told.headers for told in receiver.told)
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 10
    for told in receiver.told:
        told.verify()


async def test_a_dialect_may_ask_for_fast_retries(
    desk: Desk, courier_of: MakeCourier, receiver: Receiver, clock: FrozenClock
) -> None:
    courier = courier_of(announcers={"luma_relay": Plain(fast_retries_s=(0.1, 0.1))})
    receiver.answers = [status(500)] * 3
    await desk.running("g1", receiver.url())

    for pause_s in (0.1, 0.1, 10.0):
        assert await courier.deliver_due() == 1
        clock.advance(seconds=pause_s)
    assert await courier.deliver_due() == 1

    assert await desk.states() == [DELIVERED]


@pytest.mark.parametrize("code", [429, 503])
async def test_a_busy_receiver_is_left_alone_for_as_long_as_it_asks(
    desk: Desk, courier: Dispatcher, receiver: Receiver, clock: FrozenClock, code: int
) -> None:
    receiver.answers = [status(code, head="Retry-After: 300\r\n")]
    await desk.running("g1", receiver.url())

    await courier.deliver_due()
    clock.advance(seconds=299)
    assert await courier.deliver_due() == 0
    clock.advance(seconds=1)
    assert await courier.deliver_due() == 1

    assert await desk.states() == [DELIVERED]


async def test_nobody_can_ask_to_be_left_alone_for_ever(
    desk: Desk, courier: Dispatcher, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [status(503, head="Retry-After: 999999999\r\n")]
    await desk.running("g1", receiver.url())

    await courier.deliver_due()

    assert (await desk.delivery()).next_at == clock.now() + timedelta(days=1)


async def test_a_receiver_that_is_gone_is_not_tried_again(
    desk: Desk, courier: Dispatcher, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [status(410)]
    await desk.running("g1", receiver.url())

    await courier.deliver_due()
    clock.advance(seconds=10**6)

    assert await courier.deliver_due() == 0
    assert await desk.states() == [FAILED]


async def test_a_redirect_is_not_followed_and_is_named(
    desk: Desk, courier: Dispatcher, receiver_of: MakeReceiver
) -> None:
    elsewhere = await receiver_of()
    receiver = await receiver_of(status(308, head=f"Location: {elsewhere.url()}\r\n"))
    await desk.running("g1", receiver.url())

    await courier.deliver_due()

    assert elsewhere.told == []
    (tried,) = (await desk.delivery()).tries
    assert tried.status == 308
    assert tried.error is not None
    assert "redirects are not followed" in tried.error
    assert elsewhere.url() in tried.error
    assert await desk.states() == [PENDING]


async def test_a_receiver_that_is_down_is_tried_again(
    desk: Desk, courier: Dispatcher, clock: FrozenClock
) -> None:
    nobody = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = nobody.sockets[0].getsockname()[1]
    nobody.close()
    await nobody.wait_closed()
    await desk.running("g1", f"http://127.0.0.1:{port}/")

    await courier.deliver_due()

    delivery = await desk.delivery()
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
    desk: Desk, courier: Dispatcher, clock: FrozenClock, url: str
) -> None:
    await desk.running("g1", url)

    assert await courier.deliver_due() == 1

    delivery = await desk.delivery()
    assert delivery.state is FAILED
    assert delivery.tries[0].error
    clock.advance(seconds=10**6)
    assert await courier.deliver_due() == 0


# In order


async def test_a_later_event_waits_for_the_earlier_one(
    desk: Desk, courier: Dispatcher, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [status(500)]
    await desk.failed("g1", receiver.url())

    await courier.deliver_due()
    assert [told.event for told in receiver.told] == ["running"]
    clock.advance(seconds=10)
    await courier.deliver_due()

    assert [told.event for told in receiver.told] == ["running", "running", "failed"]
    assert await desk.states() == [DELIVERED, DELIVERED]


async def test_an_event_that_cannot_be_told_does_not_silence_the_next(
    desk: Desk, courier_of: MakeCourier, receiver: Receiver
) -> None:
    class Shy(Plain):
        @override
        def announcement(self, generation: Generation, **rest: Any) -> bytes:
            if generation.state is State.RUNNING:
                raise ValueError("not in these words")
            return super().announcement(generation, **rest)

    await desk.failed("g1", receiver.url())

    with capture_logs():
        await courier_of(announcers={"luma_relay": Shy()}).deliver_due()

    assert await desk.states() == [FAILED, DELIVERED]


async def test_one_generation_waits_for_no_other(
    desk: Desk, courier: Dispatcher, receiver: Receiver
) -> None:
    receiver.answers = [status(500)]
    await desk.failed("g1", receiver.url())
    await desk.failed("g2", receiver.url())

    assert await courier.deliver_due() == 3

    assert await desk.states("g1") == [PENDING, PENDING]
    assert await desk.states("g2") == [DELIVERED, DELIVERED]


# A mistake of ours


async def test_a_dialect_that_nobody_words_is_noted_and_the_others_are_told(
    desk: Desk, courier: Dispatcher, receiver: Receiver
) -> None:
    await desk.running("g1", receiver.url(), dialect="klingon")
    await desk.running("g2", receiver.url())

    with capture_logs():
        assert await courier.deliver_due() == 2

    assert await desk.states("g1") == [FAILED]
    assert "'klingon'" in str((await desk.delivery()).tries[0].error)
    assert await desk.states("g2") == [DELIVERED]


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
    desk: Desk, courier_of: MakeCourier, receiver: Receiver, announcer: Plain
) -> None:
    courier = courier_of(announcers={"luma_relay": announcer})
    await desk.running("g1", receiver.url())

    with capture_logs():
        await courier.deliver_due()

    assert await desk.states() == [FAILED]
    assert receiver.told == []
    assert "secret inside" not in str(await desk.delivery())


async def test_the_loop_outlives_a_store_in_trouble(
    desk: Desk,
    courier_of: MakeCourier,
    receiver: Receiver,
    store: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claim, troubles = store.claim_deliveries, [StoreError("disk full")]

    async def claims(**asked: Any) -> Any:
        if troubles:
            raise troubles.pop()
        return await claim(**asked)

    monkeypatch.setattr(store, "claim_deliveries", claims)
    with capture_logs() as logs:
        async with at_work(courier_of(poll_s=0.01)):
            await desk.running("g1", receiver.url())
            await receiver.heard_of(1)

    assert "deliveries_read_failed" in {entry["event"] for entry in logs}


async def test_an_outcome_that_could_not_be_written_is_tried_again_when_the_claim_ends(
    desk: Desk,
    courier: Dispatcher,
    receiver: Receiver,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settle, troubles = desk.store.settle_delivery, [StoreError("disk full")]

    async def settles(*args: Any, **named: Any) -> None:
        if troubles:
            raise troubles.pop()
        await settle(*args, **named)

    monkeypatch.setattr(desk.store, "settle_delivery", settles)
    await desk.running("g1", receiver.url())
    with capture_logs():
        await courier.deliver_due()
    clock.advance(seconds=60)
    await courier.deliver_due()

    assert len(receiver.told) == 2
    assert receiver.told[0].headers["webhook-id"] == receiver.told[1].headers["webhook-id"]
    assert await desk.states() == [DELIVERED]


# Several couriers, one that dies, one that is stopped


async def test_two_couriers_never_make_the_same_try(
    desk: Desk, courier_of: MakeCourier, receiver: Receiver
) -> None:
    for number in range(40):
        await desk.failed(f"g{number}", receiver.url(f"/{number}"))
    couriers = [courier_of() for _ in range(3)]

    counts = await asyncio.gather(*(courier.deliver_due() for courier in couriers))

    assert sum(counts) == 80
    ids = [told.headers["webhook-id"] for told in receiver.told]
    assert len(ids) == len(set(ids)) == 80
    for number in range(40):
        events = [told.event for told in receiver.told if told.path == f"/{number}"]
        assert events == ["running", "failed"]


async def test_what_a_dead_courier_held_is_delivered_by_the_next(
    desk: Desk, courier_of: MakeCourier, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [receiver.hang]
    await desk.running("g1", receiver.url())
    dead = asyncio.create_task(courier_of().deliver_due())
    await receiver.heard_of(1)
    dead.cancel()
    with suppress(asyncio.CancelledError):
        await dead

    restarted = courier_of()
    assert await restarted.deliver_due() == 0, "the claim still stands"
    clock.advance(seconds=60)
    assert await restarted.deliver_due() == 1

    assert await desk.states() == [DELIVERED]
    assert len(receiver.told) == 2


async def test_a_claimed_delivery_whose_turn_comes_too_late_is_claimed_anew(
    desk: Desk, courier_of: MakeCourier, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [receiver.hang, receiver.hang]
    for number in range(3):
        await desk.running(f"g{number}", receiver.url())
    slow = asyncio.create_task(courier_of(deadline_s=60).deliver_due())
    await receiver.heard_of(2)
    clock.advance(seconds=CLAIM_S)
    other = courier_of()
    assert await other.deliver_due() == 3, "all the claims have ended"
    receiver.released.set()
    await slow

    ids = [told.headers["webhook-id"] for told in receiver.told]
    assert sorted(Counter(ids).values()) == [1, 2, 2]
    assert [await desk.states(f"g{n}") for n in range(3)] == [[DELIVERED]] * 3


async def test_a_courier_that_is_stopped_lets_a_try_under_way_end(
    desk: Desk, courier_of: MakeCourier, receiver: Receiver
) -> None:
    receiver.answers = [receiver.hang]
    await desk.running("g1", receiver.url())
    task = asyncio.create_task(courier_of(grace_s=30).run())
    await receiver.heard_of(1)
    task.cancel()
    await asyncio.sleep(0)
    receiver.released.set()
    with suppress(asyncio.CancelledError):
        await task

    assert await desk.states() == [DELIVERED]


async def test_what_a_stopped_courier_had_claimed_is_delivered_at_once_by_the_next(
    desk: Desk, courier_of: MakeCourier, receiver: Receiver
) -> None:
    receiver.answers = [receiver.hang, receiver.hang]
    for number in range(5):
        await desk.running(f"g{number}", receiver.url())
    task = asyncio.create_task(courier_of(grace_s=0.01).run())
    await receiver.heard_of(2)  # and three wait for their turn
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    receiver.released.set()

    assert await courier_of().deliver_due() == 5
    assert [await desk.states(f"g{number}") for number in range(5)] == [[DELIVERED]] * 5


# The loop


async def test_the_loop_hears_of_a_change_and_of_what_follows(
    desk: Desk, courier_of: MakeCourier, receiver: Receiver
) -> None:
    async with at_work(courier_of(poll_s=600)):
        running = await desk.running("g1", receiver.url())
        await receiver.heard_of(1)
        await desk.fail(running)
        await receiver.heard_of(2)


async def test_the_loop_finds_what_another_process_wrote(
    desk: Desk,
    courier_of: MakeCourier,
    receiver: Receiver,
    store: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "listen", lambda _told: lambda: None)
    async with at_work(courier_of(poll_s=0.01)):
        await desk.running("g1", receiver.url())
        await receiver.heard_of(1)


async def test_the_loop_tries_again_when_it_is_time(
    desk: Desk, courier_of: MakeCourier, receiver: Receiver, store: WatchedStore, clock: FrozenClock
) -> None:
    receiver.answers = [status(500)]
    async with at_work(courier_of(poll_s=0.01)):
        await desk.running("g1", receiver.url())
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
    desk: Desk, courier_of: MakeCourier, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, next_at = 0, store.next_delivery_at

    async def count() -> Any:
        nonlocal asked
        asked += 1
        return await next_at()

    monkeypatch.setattr(store, "next_delivery_at", count)
    async with at_work(courier_of(poll_s=600)):
        for _ in range(50):
            await asyncio.sleep(0)

    assert asked == 2, "for what is due, and for when the next is"


async def test_what_nobody_asked_to_be_told_is_not_told(
    desk: Desk, courier: Dispatcher, store: MemoryStore
) -> None:
    generation = desk.make("g1", announce=None)
    await store.write(lifecycle.submit(generation))
    await desk.claim(generation)

    assert await courier.deliver_due() == 0


async def test_the_log_names_the_host_and_not_what_the_url_hides(
    desk: Desk, courier: Dispatcher, receiver: Receiver
) -> None:
    await desk.running("g1", receiver.url("/hook/s3cret?token=t0ken"))

    with capture_logs() as logs:
        await courier.deliver_due()

    assert f"127.0.0.1:{receiver.port}" in str(logs)
    assert "s3cret" not in str(logs)
    assert "t0ken" not in str(logs)
