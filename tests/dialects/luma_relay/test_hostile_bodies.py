"""Whatever is sent, the answer is a reply or an error in the envelope, and never a 500."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.dialects.luma_relay.conftest import Server

from rushes.dialects.luma_relay.wire import SPELLINGS
from rushes.http.requests import MAX_BODY_BYTES

NAMES = sorted({s.split(".")[0] for many in SPELLINGS.values() for s in many} | {"ids", "url"})
PATHS = [
    "/luma/generations",
    "/luma/generations_sync",
    "/luma/generations/11111111-2222-4333-8444-555555555555/extend",
    "/luma/tasks",
    "/luma/generations/file_upload",
]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["5s", "720p", "http://", "https://[", "data:,", "data:image/png;base64,AA=="]
    )
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["frame0", "url", "id", "image_end", "x"]), inner)
    ),
    max_leaves=8,
)
BODIES = st.dictionaries(st.sampled_from(NAMES) | st.text(), JSON, max_size=8) | JSON
NEVER_RESET = [HealthCheck.function_scoped_fixture]


async def answered(server: Server, path: str, raw: bytes, content_type: str) -> Any:
    reply = await server.client.post(path, content=raw, headers={"Content-Type": content_type})
    assert reply.headers["content-type"] == "application/json"
    assert reply.status_code == 200 or 400 <= reply.status_code < 500, reply.text
    reported = reply.json()
    if reply.status_code != 200:
        assert reported["error"]["message"]
        assert reported["code"]
        assert len(reported["message"]) < 20_000
    return reply


@settings(max_examples=150, suppress_health_check=NEVER_RESET)
@given(body=BODIES, path=st.sampled_from(PATHS))
async def test_any_json_is_answered(server: Server, body: Any, path: str) -> None:
    await answered(server, path, json.dumps(body).encode(), "application/json")


@settings(max_examples=100, suppress_health_check=NEVER_RESET)
@given(
    raw=st.binary(max_size=200),
    path=st.sampled_from(PATHS),
    content_type=st.sampled_from(
        [
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "text/plain",
        ]
    ),
)
async def test_any_bytes_are_answered(
    server: Server, raw: bytes, path: str, content_type: str
) -> None:
    await answered(server, path, raw, content_type)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"{",
        b"{}x",
        b"null",
        b"[]",
        b'"x"',
        b"5",
        b"NaN",
        b'{"user_prompt": NaN}',
        b'{"duration": Infinity}',
        b'{"user_prompt": "\xff"}',
        b'{"user_prompt": "\xed\xa0\x80"}',
        b'{"user_prompt": "\\ud83d"}',
        "{}".encode("utf-16"),
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"[" * 1_000_000,
        b'{"user_prompt":' * 300,
        b'{"duration": ' + b"9" * 5000 + b"}",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
    ],
    ids=lambda raw: repr(raw[:24]),
)
@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x"])
async def test_what_is_not_a_json_object_is_refused(
    server: Server, raw: bytes, content_type: str
) -> None:
    assert (await answered(server, PATHS[0], raw, content_type)).status_code == 400


@pytest.mark.parametrize("duration", ["1e400", "-1e400", "9" * 400, "1e-400", "-0.0"])
async def test_a_number_that_is_no_length_is_refused(server: Server, duration: str) -> None:
    raw = f'{{"user_prompt": "x", "duration": {duration}}}'.encode()
    reply = await answered(server, PATHS[0], raw, "application/json")
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == "duration"


async def test_a_body_over_the_limit_is_refused_as_it_comes_in(server: Server) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1 << 20
            yield b" " * (1 << 20)

    reported = await server.refused("POST", PATHS[0], 413, content=endless())
    assert reported["code"] == "too_large"
    assert sent <= MAX_BODY_BYTES + (2 << 20)


async def test_a_body_that_says_it_is_too_large_is_not_read_at_all(server: Server) -> None:
    headers = {"Content-Length": str(MAX_BODY_BYTES + 1)}
    reported = await server.refused("POST", PATHS[0], 413, content=b"{}", headers=headers)
    assert "32 MiB" in reported["message"]


async def test_what_breaks_inside_is_told_in_the_envelope_and_says_nothing_of_itself(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the inside of us")

    monkeypatch.setattr(server.store, "get", broken)
    reported = await server.refused("GET", PATHS[2].removesuffix("/extend"), 500)
    assert reported["error"]["type"] == "server_error"
    assert "inside of us" not in json.dumps(reported)
