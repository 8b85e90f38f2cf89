"""
Measures what receivers that hang cost the others, of many deliveries to many receivers.

Prints the time to the last delivery to a receiver that is well, as a ratio to the time that the
same deliveries take when none hangs. Receivers are in this process; the store is on disk.
"""

import argparse
import asyncio
import json
import os
import ssl
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

import structlog
import uvloop
from typing_extensions import override

from rushes.core import lifecycle
from rushes.core.generation import AccountId, Announce, Generation, GenerationId
from rushes.core.signed_links import SignedLinks
from rushes.core.spec import GenerationSpec
from rushes.kit.clock import SystemClock
from rushes.kit.safe_http import SafeHttpClient
from rushes.store.base import Lease
from rushes.store.sqlite import SqliteStore
from rushes.webhooks.dispatcher import Dispatcher
from rushes.webhooks.sender import Sender

SECRET: Final = "whsec_" + "A" * 43 + "="
ANSWER: Final = b"HTTP/1.1 204 No Content\r\n\r\n"


class Words:
    """Tells the id and the state."""

    fast_retries_s: tuple[float, ...] = ()
    formats: tuple[str, ...] = ()
    only_final = False
    name = "bench"

    def announcement(
        self, generation: Generation, *, wording: str, url: Callable[[str], str]
    ) -> bytes:
        return json.dumps({"id": generation.id, "state": generation.state}).encode()


class Receivers:
    """Answer at once, or never."""

    def __init__(self, *, count: int, hanging: int, awaited: int) -> None:
        self.count, self.hanging = count, hanging
        self.left = awaited
        self.done = asyncio.Event()
        self.ports: list[int] = []
        self._servers: list[asyncio.Server] = []

    def received(self, place: int, well_from: int) -> None:
        if place >= well_from:
            self.left -= 1
            if not self.left:
                self.done.set()

    async def open(self, *, well_from: int) -> None:
        """Listen; those before *well_from* are not awaited, and the first *hanging* hang."""
        loop = asyncio.get_running_loop()
        for place in range(self.count):
            server = await loop.create_server(
                lambda place=place: Receiver(self, place, well_from),  # type: ignore[misc]  # bound now
                "127.0.0.1",
                0,
            )
            self._servers.append(server)
            self.ports.append(server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        for server in self._servers:
            server.close()


class Receiver(asyncio.Protocol):
    """One connection, with one request."""

    def __init__(self, receivers: Receivers, place: int, well_from: int) -> None:
        self._receivers, self._place, self._well_from = receivers, place, well_from
        self._got = b""

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # what TCP gives
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._got += data
        _, separator, body = self._got.partition(b"\r\n\r\n")
        if not separator or not body.endswith(b"}"):
            return
        self._receivers.received(self._place, self._well_from)
        if self._place >= self._receivers.hanging:
            self._transport.write(ANSWER)
            self._transport.close()


def owed(ports: list[int], count: int, now: datetime) -> Iterator[Generation]:
    """Yield generations, each to announce itself to the next receiver."""
    for number in range(count):
        port = ports[number % len(ports)]
        yield Generation(
            id=GenerationId(f"g{number}"),
            account_id=AccountId("bench"),
            spec=GenerationSpec(model="ray-2", prompt="a dune"),
            dialect="bench",
            origin="http://127.0.0.1",
            created_at=now,
            updated_at=now,
            available_at=now,
            announce=Announce(url=f"http://127.0.0.1:{port}/hook?id={number}"),
        )


async def run(folder: Path, *, deliveries: int, receivers: int, hanging: int, apart: int) -> float:
    """Return the seconds from the courier's start to the last delivery to those that are well."""
    awaited = sum(number % receivers >= apart for number in range(deliveries))
    them = Receivers(count=receivers, hanging=hanging, awaited=awaited)
    await them.open(well_from=apart)
    store, clock = SqliteStore(folder / "rushes.db"), SystemClock()
    lease = Lease(worker="bench", until=clock.now() + timedelta(hours=1))
    todo = owed(them.ports, deliveries, clock.now())
    while some := list(islice(todo, 500)):
        await asyncio.gather(*(store.write(lifecycle.submit(one)) for one in some))
        now = clock.now()
        claims = [lifecycle.claim(one, engine="bench", now=now) for one in some]
        await asyncio.gather(*(store.write(one, lease=lease) for one in claims))
    http = SafeHttpClient(
        allow=["127.0.0.0/8"], ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )
    sender = Sender(
        announcers={"bench": Words()},
        links=SignedLinks(secret=b"s" * 32),
        http=http,
        clock=clock,
        secrets=lambda: SECRET,
    )
    courier = asyncio.create_task(
        Dispatcher(outbox=store, failures=store, sender=sender, clock=clock, grace_s=0.0).run()
    )
    began_s = time.perf_counter()
    await them.done.wait()
    took_s = time.perf_counter() - began_s
    courier.cancel()
    await asyncio.gather(courier, return_exceptions=True)
    await http.close()
    await store.close()
    await them.close()
    return took_s


def measured(*, hanging: int, told: argparse.Namespace) -> float:
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(
            run(
                Path(folder),
                deliveries=told.deliveries,
                receivers=told.receivers,
                hanging=hanging,
                apart=told.hanging,
            )
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=10_000)
    parser.add_argument("--receivers", type=int, default=100)
    parser.add_argument("--hanging", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    print(
        f"{told.deliveries} deliveries, {told.receivers} receivers, load {os.getloadavg()[0]:.1f}"
    )
    ratios = []
    for number in range(told.rounds):
        without = measured(hanging=0, told=told)
        with_some = measured(hanging=told.hanging, told=told)
        ratios.append(with_some / without)
        print(
            f"round {number + 1}: none hangs {without:.2f} s, {told.hanging} hang"
            f" {with_some:.2f} s, ratio {ratios[-1]:.2f}, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
    print(f"median ratio {statistics.median(ratios):.2f} (aim: 1.2)")


if __name__ == "__main__":
    main()
