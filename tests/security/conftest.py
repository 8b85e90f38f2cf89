"""A hostile site on loopback, and a resolver that answers what the test says."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from rushes.kit.safe_http import SafeHttpClient

Act = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(kw_only=True)
class Site:
    """Answers each path with the bytes, or the deed, that it was given."""

    port: int = 0
    answers: dict[str, bytes | Act] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a deed was stopped because its reader went away."""

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def page(self, path: str, body: bytes = b"ok", status: str = "200 OK", head: str = "") -> None:
        self.answers[path] = (
            f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body
        )

    def redirect(self, path: str, location: str, status: str = "302 Found") -> None:
        self.page(path, b"", status, f"Location: {location}\r\n")

    async def greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests.append(request)
            answer = self.answers[request.split()[1].partition("?")[0]]
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.gone.set()
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site.greet, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    yield site
    server.close()


@pytest.fixture
async def guarded() -> AsyncIterator[SafeHttpClient]:
    http = SafeHttpClient()
    yield http
    await http.close()


@pytest.fixture
async def opened(site: Site) -> AsyncIterator[SafeHttpClient]:
    http = SafeHttpClient(allow=[f"127.0.0.1:{site.port}"])
    yield http
    await http.close()


class Zone:
    """The names there are, each with its answers, one list an asking."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Sequence[str]]] = {}
        self.requested: list[str] = []

    def add(self, name: str, *answers: Sequence[str]) -> None:
        self.answers[name] = list(answers)

    def getaddrinfo(self, host: str, port: int, **_: Any) -> list[Any]:
        self.requested.append(host)
        left = self.answers.get(host)
        if not left:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        found = left.pop(0) if len(left) > 1 else left[0]
        return [
            (socket.AF_INET6 if ":" in a else socket.AF_INET, 1, 6, "", (a, port)) for a in found
        ]


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Zone:
    zone = Zone()
    monkeypatch.setattr(socket, "getaddrinfo", zone.getaddrinfo)
    return zone
