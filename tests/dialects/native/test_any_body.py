"""Whatever is sent, the answer is a success or a problem that says what is wrong."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.dialects.native.conftest import PATH, Server, problem_of

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**400), max_value=10**400)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["video", "image", "upscale", "http://10.0.0.1/", "data:,x", "media:x"])
)
FIELDS = [
    "kind",
    "prompt",
    "model",
    "keyframes",
    "first",
    "last",
    "image",
    "generation_id",
    "aspect_ratio",
    "resolution",
    "duration_s",
    "loop",
    "expand_prompt",
    "negative_prompt",
    "concepts",
    "seed",
    "webhook_url",
    "source",
    "file",
    "medium",
    "still",
    "format",
    "references",
    "role",
    "weight",
    "reframing",
    "crop",
    "placement",
    "x",
    "y",
    "width",
    "height",
    "mode",
]
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=12,
)
bodies = st.dictionaries(st.sampled_from(FIELDS), values, max_size=8) | values

CALM = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def _sent(server: Server, raw: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    reply = await server.client.post(PATH, content=raw, headers=headers)
    if reply.status_code == 201:
        return
    reported = problem_of(reply, reply.status_code)
    assert reply.status_code in {404, 422}
    if reply.status_code == 422:
        assert reported["param"] == reported["problems"][0]["param"]
        assert all(fault["detail"] for fault in reported["problems"])


@CALM
@given(body=bodies)
async def test_any_json_is_taken_or_refused_with_a_reason(server: Server, body: Any) -> None:
    await _sent(server, json.dumps(body).encode())


@CALM
@given(raw=st.binary(max_size=60))
async def test_any_bytes_are_taken_or_refused_with_a_reason(server: Server, raw: bytes) -> None:
    await _sent(server, raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b'{"prompt":' * 5000,
        b'{"prompt": "\xff"}',
        b'{"prompt": "\\ud800"}',
        b'{"prompt": "x", "seed": ' + b"9" * 5000 + b"}",
        b'{"prompt": "x", "duration_s": NaN}',
        b'{"prompt": "x", "duration_s": 1e999}',
        b'{"prompt": ' + b"9" * 5000 + b"}",
        b"null",
        b"",
        b"\xef\xbb\xbf{}",
    ],
)
async def test_json_that_was_made_to_hurt_is_refused(server: Server, raw: bytes) -> None:
    reply = await server.client.post(
        PATH, content=raw, headers={"Content-Type": "application/json"}
    )

    problem_of(reply, 422)


@CALM
@given(
    query=st.dictionaries(
        st.sampled_from(["state", "limit", "cursor", "created_from", "model"]), st.text(max_size=30)
    )
)
async def test_any_query_is_answered_or_refused_with_a_reason(
    server: Server, query: dict[str, str]
) -> None:
    try:
        reply = await server.client.get(PATH, params=query)
    except UnicodeEncodeError:  # the client cannot send it
        return
    if reply.status_code != 200:
        problem_of(reply, 422)


@CALM
@given(id_=st.text(min_size=1, max_size=40))
async def test_any_id_is_found_or_not(server: Server, id_: str) -> None:
    try:
        encoded = id_.encode().hex("%")
    except UnicodeEncodeError:
        return
    for end in ("", "/events", "/progress"):
        reply = await server.client.get(f"{PATH}/%{encoded}{end}")
        assert reply.status_code in {404, 200}
