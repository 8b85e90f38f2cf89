"""Looks names up and opens connections, but only to addresses that the rules admit."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final, cast

import httpcore2
from typing_extensions import override

from rushes.kit.address_rules import Address, AddressRules, ForbiddenAddress, as_address

AT_ONCE: Final = 32
"""Look-ups under way; the event loop's own threads are few and shared with everything."""

ADDRESSES_TRIED: Final = 3
"""Of one name, in the resolver's order."""

LONGEST_HEAD_BYTES: Final = 128 << 10
"""Of an answer, all the 1xx answers before it included: they may go on for ever."""

SIP_BYTES: Final = 8192
"""A server can put hundreds of empty answers or chunks into as many bytes, and no more."""


class Unreachable(Exception):
    """No answer came: no connection, a broken one, or none in time. Later one may."""


class Unresolved(Unreachable):
    """The name has no address at present; it may have one later."""


class Resolver:
    """The system's resolver, asked from threads of its own that never hold up an exit."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)

    async def look_up(self, name: str, port: int) -> Sequence[Address]:
        """
        Return each address of *name* once, in the resolver's order.

        Raises:
            Unresolved: There is none at present.
        """
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Sequence[Address]] = loop.create_future()

        def settle(found: Sequence[Address]) -> None:
            self._free.release()
            if not answer.done():
                answer.set_result(found)

        def ask() -> None:
            found = _ask(name, port)
            with suppress(RuntimeError):  # the loop has closed, and nobody waits any more
                loop.call_soon_threadsafe(settle, found)

        threading.Thread(target=ask, name="look-up", daemon=True).start()
        found = await answer
        if not found:
            raise Unresolved(f"{name} has no address")
        return found


def _ask(name: str, port: int) -> Sequence[Address]:
    try:
        rows = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(as_address(str(row[4][0])) for row in rows))


class Sips(httpcore2.AsyncNetworkStream):
    """
    A connection read a little at a time, so that parsing it never holds the event loop long.

    It takes one answer: the head of that must end.
    """

    def __init__(self, inner: httpcore2.AsyncNetworkStream) -> None:
        self._inner = inner
        self._head_left_bytes: int | None = LONGEST_HEAD_BYTES

    def head_came(self) -> None:
        """Let what follows be as long as whoever reads it likes."""
        self._head_left_bytes = None

    @override
    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = await self._inner.read(min(max_bytes, SIP_BYTES), timeout)
        if self._head_left_bytes is not None:
            self._head_left_bytes -= len(data)
            if self._head_left_bytes < 0:
                raise httpcore2.RemoteProtocolError("the head of the answer does not end")
        return data

    @override
    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    @override
    async def aclose(self) -> None:
        await self._inner.aclose()

    @override
    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        return Sips(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    @override
    def get_extra_info(self, info: str) -> object:
        extra: object = self._inner.get_extra_info(info)
        return extra


class Dialer(httpcore2.AsyncNetworkBackend):
    """Opens connections, but only to addresses that were checked."""

    def __init__(self, rules: AddressRules) -> None:
        self._rules = rules
        self._names = Resolver()
        # httpcore2 declares a stand-in of this name too, for machines without anyio
        self._inner = cast("httpcore2.AsyncNetworkBackend", httpcore2.AnyIOBackend())

    async def resolve(self, host: str, port: int) -> Sequence[Address]:
        """
        Return the addresses of *host*, all of which may be dialled.

        Raises:
            Forbidden: At least one may not.

            Unresolved: There is none at present.
        """
        try:
            found: Sequence[Address] = (as_address(host),)
        except ValueError:
            found = await self._names.look_up(host, port)
        self._rules.verify(host, found, port)
        return found

    @override
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        *others, last = (await self.resolve(host, port))[:ADDRESSES_TRIED]
        for address in others:
            with suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                return Sips(await self._inner.connect_tcp(str(address), port, timeout=timeout))
        return Sips(await self._inner.connect_tcp(str(last), port, timeout=timeout))

    @override
    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        raise ForbiddenAddress("a Unix socket may not be reached from here")

    @override
    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
