"""Look up names and open connections, only to addresses that the rules allow."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from typing import Final, cast

import httpcore2
from typing_extensions import override

from rushes.kit.address_rules import Address, AddressRules, ForbiddenAddress, as_address

LOOKUPS_AT_ONCE: Final = 32
"""Look-ups run in threads of their own: the event loop's few are shared with everything else."""

ADDRESSES_TRIED: Final = 3
"""How many addresses of one name are tried, in the resolver's order."""

HEAD_LIMIT_BYTES: Final = 128 << 10
"""The longest head of a response, with all 1xx responses before it: those may go on for ever."""

READ_BYTES: Final = 8192
"""The most that is read at once. A server can put hundreds of empty responses or chunks into it."""


@cache
def system_authorities() -> ssl.SSLContext:
    """
    Return what trusts the system's certificate authorities: one for all connections of the process.

    Reading the authorities takes 20 ms of CPU time.
    """
    return httpcore2.default_ssl_context()


class Unreachable(Exception):
    """No whole response came: no connection, a broken one, or too late. Another try may succeed."""


class Unresolved(Unreachable):
    """The host name has no address at present; it may have one later."""


class Resolver:
    """Calls the system's resolver in daemon threads, which never delay the exit of the process."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(LOOKUPS_AT_ONCE)

    async def look_up(self, name: str, port: int) -> Sequence[Address]:
        """
        Return each address of *name* once, in the resolver's order.

        Raises:
            Unresolved: The name has no address at present.
        """
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        response: asyncio.Future[Sequence[Address]] = loop.create_future()

        def settle(found: Sequence[Address]) -> None:
            self._free.release()
            if not response.done():
                response.set_result(found)

        def ask() -> None:
            found = _ask(name, port)
            with suppress(RuntimeError):  # the loop has closed: nobody waits any more
                loop.call_soon_threadsafe(settle, found)

        threading.Thread(target=ask, name="look-up", daemon=True).start()
        found = await response
        if not found:
            raise Unresolved(f"{name} has no address")
        return found


def _ask(name: str, port: int) -> Sequence[Address]:
    try:
        rows = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(as_address(str(row[4][0])) for row in rows))


class BoundedStream(httpcore2.AsyncNetworkStream):
    """
    A connection that is read in small pieces, so that parsing never blocks the event loop for long.

    It carries one response, whose head must end within a limit.
    """

    def __init__(self, inner: httpcore2.AsyncNetworkStream) -> None:
        self._inner = inner
        self._head_left_bytes: int | None = HEAD_LIMIT_BYTES

    def lift_head_limit(self) -> None:
        """Stop counting: the head is complete, and the reader limits the body."""
        self._head_left_bytes = None

    @override
    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = await self._inner.read(min(max_bytes, READ_BYTES), timeout)
        if self._head_left_bytes is not None:
            self._head_left_bytes -= len(data)
            if self._head_left_bytes < 0:
                raise httpcore2.RemoteProtocolError("the head of the response does not end")
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
        return BoundedStream(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    @override
    def get_extra_info(self, info: str) -> object:
        extra: object = self._inner.get_extra_info(info)
        return extra


class Dialer(httpcore2.AsyncNetworkBackend):
    """Opens connections, only to addresses that were checked."""

    def __init__(self, rules: AddressRules) -> None:
        self._rules = rules
        self._resolver = Resolver()
        # httpcore2 declares a replacement of the same name, for machines without anyio
        self._inner = cast("httpcore2.AsyncNetworkBackend", httpcore2.AnyIOBackend())

    async def resolve(self, host: str, port: int) -> Sequence[Address]:
        """
        Return the addresses of *host* after checking each.

        Raises:
            ForbiddenAddress: The rules forbid at least one of them.

            Unresolved: The name has no address at present.
        """
        try:
            found: Sequence[Address] = (as_address(host),)
        except ValueError:
            found = await self._resolver.look_up(host, port)
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
                return BoundedStream(
                    await self._inner.connect_tcp(str(address), port, timeout=timeout)
                )
        return BoundedStream(await self._inner.connect_tcp(str(last), port, timeout=timeout))

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
