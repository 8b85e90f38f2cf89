"""What comes before a body is bounded, whoever sends it and however slowly."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from rushes.cli.support import http_protocol
from rushes.cli.support.http_protocol import LONGEST_HEAD_BYTES, BoundedHttp

MEBIBYTE = 1 << 20


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with how many bytes of body came."""
    size_bytes, more = 0, True
    while more:
        message = await receive()
        size_bytes += len(message.get("body", b""))
        more = message.get("more_body", False)
    reported = str(size_bytes).encode()
    headers = [(b"content-length", str(len(reported)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": reported})


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    config = uvicorn.Config(echo, http=BoundedHttp, lifespan="off", log_config=None, ws="none")
    config.load()
    state = uvicorn.server.ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: BoundedHttp(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    try:
        yield reader, writer
    finally:
        writer.close()
        server.close()


async def sent(writer: asyncio.StreamWriter, pieces: Iterator[bytes]) -> int:
    """Send until the other side will have no more; return how many bytes it took."""
    count = 0
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
            count += len(piece)
    except ConnectionError:
        pass
    return count


BEGUN = b"POST / HTTP/1.1\r\nHost: h\r\n"
CHUNKED = BEGUN + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"


@pytest.mark.parametrize(
    ("first", "more"),
    [
        pytest.param(BEGUN, b"X-More: " + b"v" * 990 + b"\r\n", id="headers"),
        pytest.param(BEGUN + b"X-One: ", b"v" * 1000, id="one header"),
        pytest.param(b"GET /", b"a" * 1000, id="path"),
        pytest.param(CHUNKED + b"0\r\n", b"X-More: " + b"v" * 990 + b"\r\n", id="trailers"),
        pytest.param(CHUNKED + b"1;x=", b"v" * 1000, id="chunk extension"),
    ],
)
async def test_a_head_without_end_is_refused(first: bytes, more: bytes) -> None:
    async with connected() as (reader, writer):
        writer.write(first)
        took = await sent(writer, (more for _ in range(40 * MEBIBYTE // 1000)))
        assert took < 40 * MEBIBYTE - MEBIBYTE
        try:
            answer = await reader.read()
        except ConnectionError:  # the refusal itself was overtaken by the end of the connection
            answer = b""
    assert answer.startswith(b"HTTP/1.1 4") or answer == b""


async def test_a_head_just_below_the_limit_passes() -> None:
    async with connected() as (reader, writer):
        writer.write(BEGUN + b"X: " + b"v" * (LONGEST_HEAD_BYTES - 100) + b"\r\n")
        await writer.drain()
        writer.write(b"Content-Length: 2\r\nConnection: close\r\n\r\nhi")
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("piece", [1, 3000])
async def test_a_body_in_chunks_may_be_long(piece: int) -> None:
    chunk = b"%x\r\n%b\r\n" % (piece, b"v" * piece)
    count = 300_000 // len(chunk)
    async with connected() as (reader, writer):
        writer.write(BEGUN + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
        await sent(writer, (chunk * 50 for _ in range(count // 50)))
        writer.write(b"0\r\nX-Trailer: 1\r\n\r\n")
        answer = await reader.read()
    assert answer.endswith(b"\r\n\r\n" + str(count // 50 * 50 * piece).encode())


async def test_many_requests_of_one_connection_each_have_the_whole_limit() -> None:
    request = BEGUN + b"X: " + b"v" * 20_000 + b"\r\nContent-Length: 0\r\n\r\n"
    async with connected() as (reader, writer):
        for _ in range(8):
            writer.write(request)
            answer = await reader.readuntil(b"\r\n\r\n0")
            assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "begun", [b"", b"GET / HT", BEGUN + b"Content-Length: 0\r\n\r\nGET / HTTP/1.1\r\nX: "]
)
async def test_who_takes_for_ever_over_a_head_is_let_go(
    begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_S", 0.05)
    async with connected() as (reader, writer):
        writer.write(begun)
        async with asyncio.timeout(5):
            answer = await reader.read()
    assert answer.count(b"HTTP/1.1 200") == begun.count(b"POST")


async def test_a_slow_body_is_not_taken_for_a_slow_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_S", 0.01)
    async with connected() as (reader, writer):
        writer.write(BEGUN + b"Content-Length: 2\r\nConnection: close\r\n\r\nh")
        await asyncio.sleep(0.05)
        writer.write(b"i")
        assert (await reader.read()).endswith(b"\r\n\r\n2")


OFFER = b"Connection: Upgrade, HTTP2-Settings\r\n%b: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"


@pytest.mark.parametrize("name", [b"Upgrade", b"upgrade", b"UPGRADE"])
@pytest.mark.parametrize("apart", [False, True])
async def test_a_body_sent_with_an_offer_of_http_2_is_not_lost(name: bytes, apart: bool) -> None:
    head = BEGUN + OFFER % name + b"Content-Length: 12\r\n\r\n"
    async with connected() as (reader, writer):
        for _ in range(2):
            writer.write(head)
            if apart:
                await writer.drain()
                await asyncio.sleep(0.01)
            writer.write(b"\nupgrade: me")
            answer = await reader.readuntil(b"\r\n\r\n12")
            assert answer.startswith(b"HTTP/1.1 200")
