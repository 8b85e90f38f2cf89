"""A server on loopback that answers as it is told to, and keeps what it was asked."""

import asyncio
import json
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from rushes.engines.upstream.connection import UpstreamConnection
from rushes.http.form_bodies import fields
from rushes.kit.safe_http import SafeHttpClient

TRUST = ssl.create_default_context()
"""One for all lines: to read the system's certificates takes longer than most tests."""

GOLDEN = Path(__file__).parents[2] / "golden" / "upstream"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    async def fields(self) -> dict[str, Any]:
        return await fields(self.body, self.headers.get("content-type", ""))


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Loopback:
    """Answers each ``METHOD path`` with what was said last; what it does not know with 404."""

    port: int = 0
    requested: list[Asked] = field(default_factory=list)
    answers: dict[str, list[Said]] = field(default_factory=dict)
    lines: list[UpstreamConnection] = field(default_factory=list)
    served: set["asyncio.Task[None]"] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self, what: str, *bodies: object, status: int = 200, **headers: str) -> None:
        """Answer *what* with these in turn, the last of them from then on."""
        self.answers[what] = [
            Said(
                status=status,
                body=body if isinstance(body, bytes) else json.dumps(body).encode(),
                headers=headers,
            )
            for body in bodies
        ]

    @property
    def last(self) -> Asked:
        return self.requested[-1]

    def _answer(self, requested: Asked) -> Said:
        said = self.answers.get(f"{requested.method} {requested.path}")
        if said is None:
            return Said(status=404, body=b'{"detail":"Not Found"}')
        return said.pop(0) if len(said) > 1 else said[0]

    async def greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.served.add(task)
        try:
            await self._serve(reader, writer)
        finally:
            self.served.discard(task)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                method, target, _ = head[0].split()
                headers = {
                    name.lower(): value.strip()
                    for name, _, value in (line.partition(":") for line in head[1:] if line)
                }
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                path, _, query = target.partition("?")
                requested = Asked(
                    method=method,
                    path=path,
                    query=dict(parse_qsl(query)),
                    headers=headers,
                    body=body,
                )
                self.requested.append(requested)
                said = self._answer(requested)
                reported = {"Content-Length": str(len(said.body)), **said.headers}
                lines = "".join(f"{name}: {value}\r\n" for name, value in reported.items())
                writer.write(f"HTTP/1.1 {said.status} S\r\n{lines}\r\n".encode() + said.body)
                await writer.drain()


@asynccontextmanager
async def loopback() -> AsyncGenerator[Loopback, None]:
    there = Loopback()
    server = await asyncio.start_server(there.greet, "127.0.0.1", 0)
    there.port = server.sockets[0].getsockname()[1]
    try:
        yield there
    finally:
        for line in there.lines:
            await line.close()
        server.close()
        await asyncio.gather(*there.served)


def line_to(
    there: Loopback, path: str = "/v1", *, key: str | None = "sk-secret"
) -> UpstreamConnection:
    line = UpstreamConnection(
        base_url=there.url + path,
        key=key,
        files=SafeHttpClient(allow=[f"127.0.0.1:{there.port}"], ssl_context=TRUST),
        answer_s=5.0,
        submit_s=5.0,
        ssl_context=TRUST,
    )
    there.lines.append(line)
    return line


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_text())
