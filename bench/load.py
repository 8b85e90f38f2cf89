"""A small closed-loop HTTP load: so many connections, each with one request at a time."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import uvloop


@dataclass(kw_only=True)
class Load:
    """What a load found."""

    requests: int = 0
    errors: int = 0
    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        return self.requests / self.seconds

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Connection(asyncio.Protocol):
    """Sends the next request when an answer is whole; knows Content-Length only."""

    def __init__(self, make: Callable[[], bytes], load: Load, until: float) -> None:
        self._make, self._load, self._until = make, load, until
        self._buffer = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # what TCP gives
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._make())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        lower = head.lower()
        at = lower.index(b"content-length:") + 15
        length = int(lower[at : (lower.find(b"\r", at) + 1 or len(lower) + 1) - 1])
        if len(rest) < length:
            return
        self._buffer = b""
        now = time.perf_counter()
        self._load.requests += 1
        self._load.errors += head[9:10] != b"2"
        self._load.latencies_ms.append((now - self._sent) * 1000)
        if now < self._until:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


def run(port: int, make: Callable[[], bytes], *, connections: int, seconds: float) -> Load:
    """Load 127.0.0.1:*port* with what *make* returns, for *seconds*."""
    load = Load()

    async def main() -> None:
        begun = time.perf_counter()
        loop = asyncio.get_running_loop()
        made = [
            await loop.create_connection(
                lambda: _Connection(make, load, begun + seconds), "127.0.0.1", port
            )
            for _ in range(connections)
        ]
        await asyncio.wait_for(asyncio.gather(*(p.done for _, p in made)), seconds + 30)
        load.seconds = time.perf_counter() - begun

    uvloop.run(main())
    return load


def request(
    method: str, path: str, *, key: str | None = None, headers: str = "", body: bytes = b""
) -> bytes:
    """Return the bytes of one request."""
    auth = f"Authorization: Bearer {key}\r\n" if key else ""
    sized = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{auth}{headers}{sized}\r\n".encode() + body
    )
