"""No receiver holds up another, whatever it does and whatever it answers."""

import asyncio
from collections.abc import Callable

import pytest
from tests.webhooks.conftest import Deed, Harness, MakeReceiver, Receiver, status

from rushes.kit.clock import FrozenClock
from rushes.store.outbox import DeliveryState
from rushes.webhooks.dispatcher import Dispatcher
from rushes.webhooks.sender import REPLY_KEPT_BYTES

MakeCourier = Callable[..., Dispatcher]


async def test_receivers_that_hang_delay_no_other(
    harness: Harness, courier_of: MakeCourier, receiver_of: MakeReceiver
) -> None:
    """There are more that hang than there are places for tries."""
    hanging = [await receiver_of() for _ in range(5)]
    for index, one in enumerate(hanging):
        one.answers = [one.hang] * 8
        for number in range(8):
            await harness.running(f"hanging-{index}-{number}", one.url(f"/{number}"))
    healthy = await receiver_of()
    for number in range(20):
        await harness.failed(f"healthy-{number}", healthy.url())

    courier = courier_of(concurrency=3, patience_s=0.01, deadline_s=60)
    task = asyncio.create_task(courier.run())
    await healthy.heard_of(40)
    assert all(len(one.reported) <= 2 for one in hanging), "none of them has answered yet"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_receiver_gets_no_more_than_two_tries_at_once(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver
) -> None:
    receiver.answers = [receiver.hang] * 2
    for number in range(12):
        await harness.running(f"g{number}", receiver.url(f"/unlike/the/others/{number}"))
    task = asyncio.create_task(courier_of(patience_s=0.0).deliver_due())

    await receiver.heard_of(2)
    assert receiver.open_most == 2
    receiver.released.set()
    assert await task == 12

    assert receiver.open_most == 2


async def test_a_receiver_that_never_answers_is_a_failed_try(
    harness: Harness, courier_of: MakeCourier, receiver: Receiver
) -> None:
    receiver.answers = [receiver.hang]
    await harness.running("g1", receiver.url())

    await courier_of(deadline_s=0.05).deliver_due()

    (tried,) = (await harness.delivery()).tries
    assert tried.status is None
    assert tried.error == "there was no whole response within 0.05 s"
    assert await harness.states() == [DeliveryState.PENDING]


async def endless_body(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def endless_header(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-Flood: " + b"y" * 4096 + b"\r\n")
        await writer.drain()


async def endless_hints(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        await writer.drain()


async def silence(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


HOSTILE: dict[str, tuple[bytes | Deed, DeliveryState]] = {
    "endless body": (endless_body, DeliveryState.DELIVERED),
    "endless header": (endless_header, DeliveryState.PENDING),
    "endless hints": (endless_hints, DeliveryState.PENDING),
    "silence": (silence, DeliveryState.PENDING),
    "garbage": (b"\x00\x01\xff not http at all\r\n\r\n", DeliveryState.PENDING),
    "no reason": (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", DeliveryState.DELIVERED),
    "a hint first": (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        DeliveryState.DELIVERED,
    ),
    "another protocol": (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        DeliveryState.PENDING,
    ),
    "a body cut short": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        DeliveryState.PENDING,
    ),
    "a negative length": (
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        DeliveryState.PENDING,
    ),
    "to the metadata service": (
        status(302, head="Location: http://169.254.169.254/latest/meta-data\r\n"),
        DeliveryState.PENDING,
    ),
    "to nowhere": (status(301), DeliveryState.PENDING),
    "a wild wait": (status(503, head="Retry-After: 1e400\r\n"), DeliveryState.PENDING),
    "an odd status": (status(999), DeliveryState.PENDING),
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_hostile_answer_is_one_try_and_no_more(
    harness: Harness, courier_of: MakeCourier, receiver_of: MakeReceiver, kind: str
) -> None:
    answer, expected = HOSTILE[kind]
    courier = courier_of(deadline_s=1.0)
    await harness.running("g1", (await receiver_of(answer)).url())

    assert await courier.deliver_due() == 1

    delivery = await harness.delivery("g1")
    (tried,) = delivery.tries
    assert delivery.state is expected
    assert (tried.error is None) == (expected is DeliveryState.DELIVERED)
    assert len(tried.answer) <= REPLY_KEPT_BYTES
    await harness.running("g2", (await receiver_of()).url())
    assert await courier.deliver_due() == 1
    assert await harness.states("g2") == [DeliveryState.DELIVERED]


async def test_a_backlog_for_one_receiver_does_not_keep_another_waiting(
    harness: Harness, courier_of: MakeCourier, receiver_of: MakeReceiver, clock: FrozenClock
) -> None:
    """The backlog is older, and larger than what is claimed at once."""
    hanging, healthy = await receiver_of(), await receiver_of()
    hanging.answers = [hanging.hang] * 400
    for number in range(400):
        await harness.running(f"old-{number}", hanging.url())
    clock.advance(seconds=1)
    await harness.running("new", healthy.url())

    task = asyncio.create_task(courier_of(deadline_s=60).run())
    await healthy.heard_of(1)
    assert len(hanging.reported) == 2
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
