"""Receivers on loopback, each at a port of its own, and couriers that may reach them."""

import asyncio
import base64
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook
from structlog.testing import capture_logs
from typing_extensions import override

from rushes.core import lifecycle
from rushes.core.generation import Announce, Failure, Generation
from rushes.core.signed_links import SignedLinks
from rushes.kit.clock import FrozenClock
from rushes.kit.safe_http import SafeHttpClient
from rushes.store.memory import MemoryStore
from rushes.store.outbox import Delivery, DeliveryState, Try
from rushes.store.sqlite import SqliteStore
from rushes.webhooks.dispatcher import Dispatcher
from rushes.webhooks.sender import Sender

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
Deed = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(kw_only=True)
class Told:
    """One request that a receiver read."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> str:
        return str(json.loads(self.body)["state"])

    def verify(self, secret: str = SECRET) -> None:
        """Check it as a receiver does, age included."""
        Webhook(secret).verify(self.body, self.headers)


def status(code: int, body: bytes = b"", head: str = "") -> bytes:
    return f"HTTP/1.1 {code} X\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body


@dataclass(kw_only=True)
class Receiver:
    """Answers as it was told to, and then with 204."""

    port: int = 0
    answers: list[bytes | Deed] = field(default_factory=list)
    reported: list[Told] = field(default_factory=list)
    received: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when something was read."""

    released: asyncio.Event = field(default_factory=asyncio.Event)
    """Until it is set, a receiver that hangs hangs."""

    open_now: int = 0
    open_most: int = 0

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def hang(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.released.wait()
        writer.write(status(204))

    async def heard_of(self, count: int) -> None:
        async with asyncio.timeout(20):  # a test that waits in vain must fail, not hang
            while len(self.reported) < count:
                self.received.clear()
                await self.received.wait()

    async def greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_now += 1
        self.open_most = max(self.open_most, self.open_now)
        try:
            self.reported.append(await _read(reader))
            answer = self.answers.pop(0) if self.answers else status(204)
            self.received.set()
            if isinstance(answer, bytes):
                writer.write(answer)
            else:
                await answer(reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open_now -= 1
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Told:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    body = await reader.readexactly(int(headers["content-length"]))
    return Told(path=first.split()[1], headers=headers, body=body)


class Plain:
    """Words an announcement as the state and the link to the video."""

    name = "luma_relay"

    formats = ("superset", "other")
    only_final = False

    def __init__(self, fast_retries_s: tuple[float, ...] = ()) -> None:
        self.fast_retries_s = fast_retries_s

    def announcement(
        self, generation: Generation, *, wording: str, url: Callable[[str], str]
    ) -> bytes:
        reported = {"id": generation.id, "state": generation.state, "wording": wording}
        return json.dumps(reported | {"video": url(f"{generation.id}/1/video.mp4")}).encode()


@pytest.fixture(autouse=True)
def no_trouble() -> Iterator[None]:
    """Fail a test that makes the courier log an error, unless the test itself reads the log."""
    with capture_logs() as logs:
        yield
    assert [entry for entry in logs if entry["log_level"] == "error"] == []


MakeReceiver = Callable[..., Awaitable[Receiver]]


@pytest.fixture
async def receiver_of() -> AsyncIterator[MakeReceiver]:
    """Return a maker of receivers that answer with what they are given, in turn."""
    async with AsyncExitStack() as stack:

        async def make(*answers: bytes | Deed) -> Receiver:
            receiver = Receiver(answers=list(answers))
            server = await asyncio.start_server(receiver.greet, "127.0.0.1", 0)
            receiver.port = server.sockets[0].getsockname()[1]
            stack.callback(server.close)
            stack.callback(receiver.released.set)
            return receiver

        yield make


@pytest.fixture
async def receiver(receiver_of: MakeReceiver) -> Receiver:
    return await receiver_of()


@pytest.fixture
def clock() -> FrozenClock:
    """Stand still at the real time: a receiver refuses what is older than five minutes."""
    return FrozenClock(datetime.now(UTC).replace(microsecond=0))


class WatchedStore(MemoryStore):
    """Lets a test wait until an outcome is written."""

    def __init__(self) -> None:
        super().__init__()
        self.settled = asyncio.Event()

    @override
    async def settle_delivery(
        self,
        delivery_id: str,
        tried: Try,
        *,
        state: DeliveryState,
        next_at: datetime,
        holder: str | None = None,
    ) -> None:
        await super().settle_delivery(
            delivery_id, tried, state=state, next_at=next_at, holder=holder
        )
        self.settled.set()


@pytest.fixture
def store() -> WatchedStore:
    return WatchedStore()


@pytest.fixture
async def http() -> AsyncIterator[SafeHttpClient]:
    no_certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # to load them takes a while
    http = SafeHttpClient(allow=["127.0.0.0/8"], ssl_context=no_certificates)
    yield http
    await http.close()


OF_THE_SENDER = ("announcers", "links", "http", "clock", "secrets", "deadline_s", "public_url")


@pytest.fixture
def sender_of(http: SafeHttpClient, clock: FrozenClock) -> Callable[..., Sender]:
    def make(*, secret: str = SECRET, **overrides: Any) -> Sender:
        parts: dict[str, Any] = {
            "announcers": {"luma_relay": Plain()},
            "links": SignedLinks(secret=b"s" * 32),
            "http": http,
            "clock": clock,
            "secrets": lambda: secret,
            "deadline_s": 5.0,
        }
        return Sender(**parts | overrides)

    return make


@pytest.fixture
def courier_of(
    store: MemoryStore, sender_of: Callable[..., Sender], clock: FrozenClock
) -> Callable[..., Dispatcher]:
    def make(**overrides: Any) -> Dispatcher:
        names = {*OF_THE_SENDER, "secret"}
        sender = sender_of(**{name: overrides.pop(name) for name in names & set(overrides)})
        used = overrides.pop("store", store)
        parts: dict[str, Any] = {
            "outbox": used,
            "failures": used,
            "sender": sender,
            "clock": clock,
            "chance": lambda: 0.0,
            "grace_s": 0.0,
        }
        return Dispatcher(**parts | overrides)

    return make


@pytest.fixture
def courier(courier_of: Callable[..., Dispatcher]) -> Dispatcher:
    return courier_of()


@dataclass(kw_only=True)
class Harness:
    """Makes things happen of which callers asked to be told."""

    store: MemoryStore | SqliteStore
    clock: FrozenClock
    make: Callable[..., Generation]

    async def submit(self, name: str, url: str, **overrides: Any) -> Generation:
        generation = self.make(name, announce=Announce(url=url), **overrides)
        return await self.store.write(lifecycle.submit(generation))

    async def claim(self, generation: Generation) -> Generation:
        change = lifecycle.claim(generation, engine="animatic", now=self.clock.now())
        return await self.store.write(change)

    async def running(self, name: str, url: str, **overrides: Any) -> Generation:
        """Owe one delivery: that it is running."""
        return await self.claim(await self.submit(name, url, **overrides))

    async def failed(self, name: str, url: str, **overrides: Any) -> Generation:
        """Owe two deliveries: that it is running, and that it has failed."""
        running = await self.running(name, url, **overrides)
        return await self.fail(running)

    async def fail(self, running: Generation) -> Generation:
        why = Failure(code="engine_rejected", message="no")
        return await self.store.write(lifecycle.fail(running, why, now=self.clock.now()))

    async def delivery(self, name: str = "g1") -> Delivery:
        return (await self.store.deliveries(self.make(name).id))[0]

    async def states(self, name: str = "g1") -> list[DeliveryState]:
        return [one.state for one in await self.store.deliveries(self.make(name).id)]


@pytest.fixture
def harness(store: MemoryStore, clock: FrozenClock, make_generation: Any) -> Harness:
    return Harness(store=store, clock=clock, make=make_generation)
