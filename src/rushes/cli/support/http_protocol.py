"""Limit the size and the time of request headers in uvicorn's HTTP/1.1 protocol."""

import asyncio
import re
from typing import Final

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

LONGEST_HEAD_BYTES: Final = 64 << 10
"""The limit for request line and headers, for trailers, and for the extension of a chunk."""

HEAD_S: Final = 30.0
"""Seconds from a request's first byte, or from the connection, to the end of its headers."""

_REFUSAL: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


_UPGRADE: Final = re.compile(rb"(?<=\n)upgrade(?=[ \t]*:)", re.IGNORECASE)


class BoundedHttp(HttpToolsProtocol):
    """
    Refuses data that the parser would buffer without limit, before authentication.

    The parser buffers URL, headers and trailers; it passes body data on at once, and reading
    pauses while the application does not take it. This class therefore counts the bytes since the
    last body data. One block of the socket, 256 KiB at most, may exceed the limit.
    """

    _in_head = True
    _kept_bytes = 0
    _handed_on = False
    _head_timer: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its base has it
        super().connection_made(transport)
        self._await_head()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._handed_on = False
        super().data_received(_without_upgrade(data) if self._in_head else data)
        self._kept_bytes = 0 if self._handed_on else self._kept_bytes + len(data)
        if self._kept_bytes > LONGEST_HEAD_BYTES:
            self._refuse()

    @override
    def on_message_begin(self) -> None:
        if self._head_timer is None:
            self._await_head()
        super().on_message_begin()

    @override
    def on_headers_complete(self) -> None:
        self._handed_on = True
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    @override
    def on_body(self, body: bytes) -> None:
        self._handed_on = True
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        self._handed_on = True
        self._in_head = True
        super().on_message_complete()

    def _refuse(self) -> None:
        if not self._is_answering():
            self.transport.write(_REFUSAL)
        self.transport.close()

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete  # pyright: ignore[reportUnnecessaryComparison]  # before the first request there is none, whatever the base's types say

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_S, self._too_slow)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        self._head_timer = None
        self.transport.close()


def _without_upgrade(data: bytes) -> bytes:
    """
    Return the beginning of a request without its ``Upgrade`` header.

    A server may ignore the header (RFC 9110, 7.8), but the parser would take the body of the
    request for the other protocol. Java's client, for one, offers HTTP/2 with each request.
    """
    if b"pgrade" not in data and b"PGRADE" not in data:
        return data
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"x-upgrade", head) + end + rest
