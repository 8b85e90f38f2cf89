"""The HTTP line to an upstream: what a broken one proves, and that the key stays ours."""

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.engines.upstream.loopback import TRUST, Loopback, line_to, loopback

from rushes.core.errors import (
    AmbiguousSubmit,
    ChannelUnusable,
    ContentRejected,
    EngineError,
    PermanentEngineError,
    ResultMissing,
    ResultUnusable,
    UpstreamBusy,
    UpstreamLost,
    UpstreamUnreachable,
)
from rushes.engines.upstream.connection import UpstreamConnection, segment
from rushes.engines.upstream.replies import UpstreamReply, job_id, mapping
from rushes.engines.upstream.request_body import BodyPart
from rushes.kit.safe_http import SafeHttpClient, dialer

KEY = "sk-do-not-tell-0123456789"
OK = b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"id":"a"}'
Deed = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(kw_only=True)
class Rough:
    """A server that does with each connection what it is told."""

    port: int = 0
    connections: int = 0
    lines: list[UpstreamConnection] = field(default_factory=list)

    def connection(self, *, scheme: str = "http", **more: Any) -> UpstreamConnection:
        connection = UpstreamConnection(
            base_url=f"{scheme}://127.0.0.1:{self.port}",
            key=KEY,
            files=SafeHttpClient(ssl_context=TRUST),
            ssl_context=TRUST,
            **{"submit_s": 5.0, "answer_s": 5.0, **more},
        )
        self.lines.append(connection)
        return connection


@asynccontextmanager
async def doing(deed: Deed) -> AsyncGenerator[Rough, None]:
    there, under_way = Rough(), dict[asyncio.Task[None], asyncio.StreamWriter]()

    async def treat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await deed(reader, writer)
        writer.close()

    def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there.connections += 1
        under_way[asyncio.ensure_future(treat(reader, writer))] = writer

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    there.port = server.sockets[0].getsockname()[1]
    try:
        yield there
    finally:
        for connection in there.lines:
            await connection.close()
        server.close()
        for task, writer in under_way.items():
            task.cancel()
            writer.transport.abort()
        await asyncio.gather(*under_way, return_exceptions=True)


async def _request(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    lengths = [
        connection
        for connection in head.split("\r\n")
        if connection.lower().startswith("content-length")
    ]
    await reader.readexactly(int(lengths[0].partition(":")[2]) if lengths else 0)


def after_the_request(said: bytes) -> Deed:
    async def deed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _request(reader)
        writer.write(said)
        await writer.drain()

    return deed


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def hangs_up_amid_the_request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    await reader.readexactly(10)
    writer.transport.abort()


async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


BREAKS = {
    "at once": hangs_up,
    "amid the request": hangs_up_amid_the_request,
    "after the request": after_the_request(b""),
    "amid the status line": after_the_request(b"HTTP/1.1 20"),
    "amid the headers": after_the_request(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "before the body": after_the_request(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"),
    "amid the body": after_the_request(b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"id"'),
    "amid the chunks": after_the_request(
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"id"\r\n'
    ),
    "with what is no HTTP": after_the_request(b"220 mail.example ESMTP\r\n\r\n"),
    "with too much": after_the_request(
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000
    ),
    "never": says_nothing,
}


@pytest.mark.parametrize("breaks", BREAKS.values(), ids=BREAKS)
async def test_what_breaks_after_the_first_byte_is_in_doubt(breaks: Deed) -> None:
    async with doing(breaks) as there:
        connection = there.connection(
            submit_s=0.2 if breaks is says_nothing else 5.0, reply_limit_bytes=1000
        )
        with pytest.raises(AmbiguousSubmit):
            await connection.submit("POST", "/jobs", json={"prompt": "x" * 500_000})
        assert there.connections == 1


@pytest.mark.parametrize("breaks", BREAKS.values(), ids=BREAKS)
async def test_a_look_that_breaks_tells_nothing(breaks: Deed) -> None:
    async with doing(breaks) as there:
        connection = there.connection(
            answer_s=0.2 if breaks is says_nothing else 5.0, reply_limit_bytes=1000
        )
        with pytest.raises(UpstreamUnreachable):
            await connection.request("GET", "/jobs/1")


async def test_a_closed_port_has_surely_accepted_nothing() -> None:
    async with doing(says_nothing) as there:
        pass
    connection = there.connection()
    with pytest.raises(UpstreamUnreachable, match="connections are refused"):
        await connection.submit("POST", "/jobs", json={})
    with pytest.raises(UpstreamUnreachable):
        await connection.request("GET", "/jobs/1")
    await connection.close()


@pytest.mark.parametrize("deed", [says_nothing, hangs_up, after_the_request(OK)])
async def test_without_a_secure_connection_nothing_was_accepted(deed: Deed) -> None:
    async with doing(deed) as there:
        connection = there.connection(scheme="https", connect_s=0.2)
        with pytest.raises(UpstreamUnreachable):
            await connection.submit("POST", "/jobs", json={})


async def test_a_name_without_an_address_has_surely_accepted_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dialer, "_ask", lambda name, port: ())
    connection = UpstreamConnection(
        base_url="http://upstream.test",
        key=KEY,
        files=SafeHttpClient(ssl_context=TRUST),
        ssl_context=TRUST,
    )
    with pytest.raises(UpstreamUnreachable, match="has no address"):
        await connection.submit("POST", "/jobs", json={})
    await connection.close()


async def test_a_submit_ends_when_its_time_is_up_even_if_the_answer_drips() -> None:
    async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with doing(drips) as there:
        with pytest.raises(AmbiguousSubmit):
            await there.connection(submit_s=0.15).submit("POST", "/jobs", json={})


ZIPPED = gzip.compress(b'{"id":"a"}')


def compressed(body: bytes) -> Deed:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    return after_the_request(head.encode() + body)


async def test_an_answer_that_comes_compressed_unasked_is_read() -> None:
    async with doing(compressed(ZIPPED)) as there:
        connection = there.connection()
        answer = await connection.submit("POST", "/jobs", json={})
        assert connection.require_job_id(answer, job_id(mapping(answer.json()).get("id"))) == "a"
        assert (await connection.request("GET", "/jobs/a")).json() == {"id": "a"}


@pytest.mark.parametrize(
    "body", [ZIPPED[:-4], b"no gzip", gzip.compress(b"\0" * (9 << 20))], ids=["cut", "none", "long"]
)
async def test_a_submit_whose_compressed_answer_cannot_be_read_is_in_doubt(body: bytes) -> None:
    async with doing(compressed(body)) as there:
        connection = there.connection()
        with pytest.raises(AmbiguousSubmit):
            connection.require_job_id(await connection.submit("POST", "/jobs", json={}), None)


@pytest.fixture
async def there() -> AsyncGenerator[Loopback, None]:
    async with loopback() as made:
        yield made


async def test_a_submit_is_sent_as_it_was_worded(there: Loopback) -> None:
    there.says("POST /v1/jobs", {"id": "j1"})
    connection = line_to(there)
    headers = {"Idempotency-Key": "k"}
    answer = await connection.submit(
        "POST", "/jobs", json={"prompt": "Öde \u2028 été"}, headers=headers
    )
    assert connection.require_job_id(answer, job_id(mapping(answer.json()).get("id"))) == "j1"
    assert there.last.json == {"prompt": "Öde \u2028 été"}
    assert there.last.headers["content-type"] == "application/json"
    assert there.last.headers["authorization"] == "Bearer sk-secret"
    assert there.last.headers["idempotency-key"] == "k"
    assert there.last.headers["accept-encoding"] == "identity"


async def test_a_form_is_sent_in_parts(there: Loopback) -> None:
    there.says("POST /v1/jobs", {"id": "j1"})
    part = BodyPart(name="first.png", content=b"\x89PNG", media_type="image/png")
    await line_to(there).submit("POST", "/jobs", form=[("prompt", "é")], files={"image": part})
    assert there.last.headers["content-type"].startswith("multipart/form-data")
    assert b'name="prompt"\r\n\r\n\xc3\xa9\r\n' in there.last.body
    assert b'filename="first.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n' in there.last.body
    await line_to(there).submit("POST", "/jobs", form=[("prompt", "é")])
    assert there.last.headers["content-type"].startswith("multipart/form-data")


async def test_each_submit_has_a_connection_of_its_own_and_looks_share_one() -> None:
    async def keeps(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await _request(reader)
            writer.write(OK)
            await writer.drain()

    async with doing(keeps) as there:
        connection = there.connection()
        for _ in range(3):
            await connection.request("GET", "/jobs/1")
        assert there.connections == 1
        for _ in range(3):
            await connection.submit("POST", "/jobs", json={})
        assert there.connections == 4


async def test_what_json_cannot_say_is_refused_before_it_is_sent(there: Loopback) -> None:
    for value in ("\ud800", float("nan")):
        with pytest.raises(PermanentEngineError):
            await line_to(there).submit("POST", "/jobs", json={"prompt": value})
    assert not there.requested


REFUSALS: list[tuple[int, object, type[EngineError]]] = [
    (400, {"detail": "Prompt is required"}, PermanentEngineError),
    (400, {"detail": "Contains blacklisted words"}, ContentRejected),
    (400, {"error": {"code": "content_filter", "message": "no"}}, ContentRejected),
    (400, {"error": {"code": "moderation_blocked", "message": ""}}, ContentRejected),
    (400, {"detail": "Insufficient credits"}, ChannelUnusable),
    (403, {"error": {"message": "violates our content policy"}}, ContentRejected),
    (413, b"", PermanentEngineError),
    (415, b"<html>", PermanentEngineError),
    (422, {"detail": [{"loc": ["body"], "msg": "field required"}]}, PermanentEngineError),
    (401, {"detail": {"reason": "unauthorized secret token", "code": 1}}, ChannelUnusable),
    (402, {"detail": "balance"}, ChannelUnusable),
    (403, {"error": {"code": "insufficient_user_quota", "message": ""}}, ChannelUnusable),
    (404, {"detail": "Not Found"}, ChannelUnusable),
    (405, b"", ChannelUnusable),
    (410, b"", ChannelUnusable),
    (301, b"", ChannelUnusable),
    (429, {"error": {"message": "slow down"}}, UpstreamBusy),
    (429, {"error": {"code": "insufficient_quota", "message": ""}}, ChannelUnusable),
    (425, b"", UpstreamBusy),
    (408, b"", AmbiguousSubmit),
    (409, {"detail": "in progress"}, AmbiguousSubmit),
    (418, b"", AmbiguousSubmit),
    (500, {"detail": "Contains blacklisted words"}, AmbiguousSubmit),
    (502, b"<html>bad gateway</html>", AmbiguousSubmit),
    (503, {"error": {"message": "no available channel"}}, AmbiguousSubmit),
    (504, b"", AmbiguousSubmit),
    (500, {"id": "j1"}, AmbiguousSubmit),
    (200, b"<html>welcome</html>", AmbiguousSubmit),
    (200, b"", AmbiguousSubmit),
    (200, {"state": "pending"}, AmbiguousSubmit),
    (200, {"code": 0, "message": "ok", "data": {}}, AmbiguousSubmit),
    (200, {"error": {"message": "something went wrong"}}, AmbiguousSubmit),
    (200, {"error": {"message": "unknown error"}}, AmbiguousSubmit),
    (200, {"code": 500, "message": "invalid"}, AmbiguousSubmit),
    (200, {"code": 429, "message": "later"}, UpstreamBusy),
    (200, {"code": "invalid_request", "message": "no prompt", "data": None}, PermanentEngineError),
    (200, {"error": {"message": "rate limit reached"}}, UpstreamBusy),
    (200, {"success": False, "error": {"code": "token_mismatched", "message": "invalid token"}},
     ChannelUnusable),
    (200, {"error": "your prompt is sensitive"}, ContentRejected),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "error"), REFUSALS)
async def test_an_answer_without_an_id_means_what_it_says(
    there: Loopback, status: int, body: object, error: type[EngineError]
) -> None:
    there.says("POST /v1/jobs", body, status=status, Location="https://elsewhere.test/login?x=y")
    connection = line_to(there)
    answer = await connection.submit("POST", "/jobs", json={})
    with pytest.raises(EngineError) as caught:
        connection.require_job_id(answer, None)
    assert type(caught.value) is error
    assert len(there.requested) == 1


async def test_a_redirect_is_told_by_its_host_alone(there: Loopback) -> None:
    there.says("POST /v1/jobs", b"", status=307, Location="https://elsewhere.test/login?k=secret")
    connection = line_to(there)
    answer = await connection.submit("POST", "/jobs", json={})
    with pytest.raises(ChannelUnusable, match=r"a redirect to elsewhere\.test\)"):
        connection.require_job_id(answer, None)


async def test_the_operator_knows_with_what_an_upstream_refuses(there: Loopback) -> None:
    there.says("POST /v1/jobs", {"error": {"message": "no channel"}}, status=503)
    connection = UpstreamConnection(
        base_url=there.url + "/v1",
        key=None,
        files=SafeHttpClient(ssl_context=TRUST),
        refusal_statuses=frozenset({503}),
        ssl_context=TRUST,
    )
    there.lines.append(connection)
    with pytest.raises(UpstreamUnreachable, match="no channel"):
        connection.require_job_id(await connection.submit("POST", "/jobs", json={}), None)
    assert connection.credential == "none"
    assert "authorization" not in there.last.headers


@pytest.mark.parametrize(
    ("headers", "body", "wait_s"),
    [
        ({"retry-after": "7"}, {}, 7.0),
        ({"retry-after-ms": "250", "retry-after": "7"}, {}, 0.25),
        (
            {
                "retry-after": "Wed, 21 Oct 2026 07:28:30 GMT",
                "date": "Wed, 21 Oct 2026 07:28:00 GMT",
            },
            {},
            30.0,
        ),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT"}, {}, None),
        ({"retry-after": "soon"}, {}, None),
        ({"retry-after": "-5"}, {}, None),
        ({"retry-after": "1e300"}, {}, 3600.0),
        ({}, {"retry_after": "12"}, 12.0),
        ({}, {"error": {"message": "limit reached, please try again in 1.5s"}}, 1.5),
        ({}, {"error": {"message": "busy"}}, None),
    ],
)
def test_a_busy_upstream_says_for_how_long(
    headers: dict[str, str], body: object, wait_s: float | None
) -> None:
    connection = UpstreamConnection(
        base_url="http://upstream.test",
        key=None,
        files=SafeHttpClient(ssl_context=TRUST),
        ssl_context=TRUST,
    )
    answer = UpstreamReply(status=429, headers=headers, body=json.dumps(body).encode())
    with pytest.raises(UpstreamBusy) as on_submit:
        connection.require_job_id(answer, None)
    with pytest.raises(UpstreamBusy) as on_look:
        connection.require_status(answer, None)
    assert (on_submit.value.retry_after_s, on_look.value.retry_after_s) == (wait_s, wait_s)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, b"", UpstreamLost),
        (400, {"code": "task_not_exist", "message": "task_not_exist"}, UpstreamLost),
        (400, {"detail": "no"}, UpstreamUnreachable),
        (401, {"detail": "no"}, UpstreamUnreachable),
        (429, b"", UpstreamBusy),
        (500, b"", UpstreamUnreachable),
        (200, b"<html>", UpstreamUnreachable),
        (200, b"{", UpstreamUnreachable),
        (302, b"", UpstreamUnreachable),
    ],
)
async def test_a_look_without_a_job_in_its_answer(
    there: Loopback, status: int, body: object, error: type[EngineError]
) -> None:
    there.says("GET /v1/jobs/1", body, status=status)
    connection = line_to(there)
    answer = await connection.request("GET", "/jobs/1")
    with pytest.raises(EngineError) as caught:
        connection.require_status(answer, None)
    assert type(caught.value) is error
    assert connection.require_status(answer, "a job") == "a job"


async def test_the_key_is_in_no_error_no_log_and_no_repr(
    there: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"error": {"message": f"no such key: {KEY}\x00\x1b[31m\r\n", "code": KEY}}
    there.says("POST /v1/jobs", echo, status=401)
    there.says("GET /v1/jobs/1", echo, status=500)
    connection = line_to(there, key=KEY)
    reported = [repr(connection), str(connection), connection.credential]
    for answer in (
        await connection.submit("POST", "/jobs", json={}),
        await connection.request("GET", "/jobs/1"),
    ):
        for judge in (connection.require_job_id, connection.require_status):
            with pytest.raises(EngineError) as caught:
                judge(answer, None)
            reported += [str(caught.value), repr(caught.value), str(caught.value.__cause__)]
    assert len(connection.credential) == 8
    assert "no such key: ***" in reported[3]
    assert not [one for one in [*reported, caplog.text] if KEY in one]
    assert all(one.isprintable() for one in reported)


async def test_a_long_message_is_told_in_short(there: Loopback) -> None:
    there.says("POST /v1/jobs", {"detail": "x" * 5000}, status=400)
    connection = line_to(there)
    with pytest.raises(PermanentEngineError) as caught:
        connection.require_job_id(await connection.submit("POST", "/jobs", json={}), None)
    assert len(str(caught.value)) < 260


@pytest.mark.parametrize("key", ["two\nlines", "é", "tab\tbed"])
def test_a_key_that_no_header_may_hold_is_refused_without_telling_it(key: str) -> None:
    with pytest.raises(ValueError, match="key holds") as caught:
        UpstreamConnection(
            base_url="http://u.test", key=key, files=SafeHttpClient(ssl_context=TRUST)
        )
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    "base_url", ["ftp://u.test", "u.test", "http://me:pw@u.test", "http://u.test/v1?key=x", ""]
)
def test_a_base_url_that_is_none_is_refused(base_url: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        UpstreamConnection(base_url=base_url, key=None, files=SafeHttpClient(ssl_context=TRUST))


def test_an_id_is_one_part_of_a_path() -> None:
    assert segment("a/../b?c#d e") == "a%2F..%2Fb%3Fc%23d%20e"
    nobody: list[object] = ["..", ".", "", " ", "a b", "a\n b", None, True, {}]
    assert not any(map(job_id, nobody))
    assert (job_id(" a "), job_id(17)) == ("a", "17")


async def test_a_result_comes_with_the_key_only_from_the_upstream_itself(
    there: Loopback, tmp_path: Path
) -> None:
    async with loopback() as other:
        there.says("GET /v1/files/1", b"mine")
        there.says("GET /away", b"", status=302, Location=f"{other.url}/file")
        other.says("GET /file", b"theirs")
        files = SafeHttpClient(
            allow=[f"127.0.0.1:{there.port}", f"127.0.0.1:{other.port}"], ssl_context=TRUST
        )
        connection = UpstreamConnection(
            base_url=there.url + "/v1",
            key=KEY,
            files=files,
            ssl_context=TRUST,
        )
        got = []
        for address in (
            "files/1",
            f"{there.url}/v1/files/1",
            f"{there.url}/away",
            f"{other.url}/file",
        ):
            await connection.fetch(address, tmp_path / "f", limit_bytes=100, deadline_s=5)
            got.append((tmp_path / "f").read_bytes())
        await connection.close()
    assert got == [b"mine", b"mine", b"theirs", b"theirs"]
    assert [one.headers.get("authorization") for one in there.requested] == [f"Bearer {KEY}"] * 3
    assert [one.headers.get("authorization") for one in other.requested] == [None, None]


async def test_a_result_that_cannot_be_had_leaves_no_file(there: Loopback, tmp_path: Path) -> None:
    there.says("GET /large", b"x" * 200)
    connection = line_to(there)
    wrong = {
        f"{there.url}/large": ResultUnusable,
        f"{there.url}/missing": ResultMissing,
        "http://169.254.169.254/latest": ResultUnusable,
        "http://127.0.0.1:9/": ResultUnusable,
        "data:video/mp4;base64,AAAA": ResultUnusable,
        "http://[": UpstreamUnreachable,
    }
    for address, error in wrong.items():
        with pytest.raises(EngineError) as caught:
            await connection.fetch(address, tmp_path / "f", limit_bytes=100, deadline_s=5)
        assert type(caught.value) is error, address
    assert _names(tmp_path) == []


def _names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]
