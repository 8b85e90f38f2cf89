"""Every operation, with a stranger's key, with none, and with one that was revoked."""

from typing import Any

import pytest
from tests.dialects.native.conftest import Server, problem_of

from rushes.dialects.native.calls import Calls
from rushes.dialects.native.routes import _of_many, _of_one, _of_the_server

_CALLS = Calls(None, None)  # type: ignore[arg-type]  # only described, never called
ONE = [(method, op.path) for op in _of_one(_CALLS) for method in op.methods]
EVERY = [
    (method, op.path)
    for op in (*_of_many(_CALLS), *_of_one(_CALLS), *_of_the_server(_CALLS))
    for method in op.methods
]


@pytest.mark.parametrize(("method", "path"), ONE)
@pytest.mark.parametrize("state", ["queued", "running", "completed", "failed", "cancelled"])
async def test_a_stranger_finds_nothing_and_changes_nothing(
    server: Server, method: str, path: str, state: str
) -> None:
    made = await server.create()
    await server.bring_to(made["id"], state)
    before = await server.stored(made["id"])
    _, secret = await server.accounts.create_key("stranger")

    async with server.as_client(secret) as stranger:
        reply = await stranger.request(method, path.replace("{id}", made["id"]))
        missing = await stranger.request(
            method, path.replace("{id}", "0b1c8c3e-8a4e-4a9b-9f8e-3f6c2d1a0b9c")
        )

    told, told_of_nothing = problem_of(reply, 404), problem_of(missing, 404)
    assert told["code"] == told_of_nothing["code"]
    assert await server.stored(made["id"]) == before


async def test_a_stranger_lists_only_his_own(server: Server) -> None:
    await server.create()
    _, secret = await server.accounts.create_key("stranger")

    async with server.as_client(secret) as stranger:
        listed = (await stranger.get("/api/v1/generations")).json()

    assert listed == {"generations": [], "next": None}


@pytest.mark.parametrize("end", ["first", "last"])
async def test_a_stranger_cannot_continue_what_is_not_his(server: Server, end: str) -> None:
    made = await server.create()
    await server.complete(made["id"])
    _, secret = await server.accounts.create_key("stranger")
    body: dict[str, Any] = {"prompt": "x", "keyframes": {end: {"generation_id": made["id"]}}}

    async with server.as_client(secret) as stranger:
        reply = await stranger.post("/api/v1/generations", json=body)

    problem_of(reply, 404)


@pytest.mark.parametrize("kind", ["upscale", "audio", "reframe", "modify"])
async def test_a_stranger_cannot_work_on_what_is_not_his(server: Server, kind: str) -> None:
    made = await server.create()
    await server.complete(made["id"])
    _, secret = await server.accounts.create_key("stranger")
    more: dict[str, dict[str, Any]] = {
        "upscale": {"resolution": "4k"},
        "audio": {},
        "reframe": {"aspect_ratio": "1:1"},
        "modify": {"prompt": "x"},
    }
    body = {"kind": kind, "source": {"generation_id": made["id"]}, **more[kind]}

    async with server.as_client(secret) as stranger:
        reply = await stranger.post("/api/v1/generations", json=body)

    problem_of(reply, 404)


@pytest.mark.parametrize(("method", "path"), EVERY)
async def test_nobody_gets_in_without_a_good_key(server: Server, method: str, path: str) -> None:
    made = await server.create()
    key, secret = await server.accounts.create_key("gone")
    await server.accounts.revoke_key(key.id)

    for presented in (None, "rsk_not_one_of_ours", secret):
        async with server.as_client(presented) as client:
            reply = await client.request(method, path.replace("{id}", made["id"]))
        assert problem_of(reply, 401)["code"] == "invalid_api_key"
