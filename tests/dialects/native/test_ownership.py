"""Every operation, with a stranger's key, with none, and with one that was revoked."""

from typing import Any

import pytest
from tests.dialects.native.conftest import Server, problem_of

from rushes.dialects.native.deliveries.operations import delivery_operations
from rushes.dialects.native.generations.handlers import Handlers
from rushes.dialects.native.generations.operations import _collection, _single
from rushes.dialects.native.models import model_operations
from rushes.dialects.native.webhooks.operations import webhook_operations

HOOK = "http://93.184.216.34/hook"
_HANDLERS = Handlers(None)  # type: ignore[arg-type]  # only described, never called
ONE = [(method, op.path) for op in _single(_HANDLERS) for method in op.methods]
TELLING = (*delivery_operations(None), *webhook_operations(None))  # type: ignore[arg-type]  # as above
TOLD = [(method, op.path) for op in TELLING if op.path_names for method in op.methods]
EVERY = [
    (method, op.path)
    for op in (*_collection(_HANDLERS), *_single(_HANDLERS), *model_operations(None), *TELLING)  # type: ignore[arg-type]
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

    reported, told_of_nothing = problem_of(reply, 404), problem_of(missing, 404)
    assert reported["code"] == told_of_nothing["code"]
    assert await server.stored(made["id"]) == before


@pytest.mark.parametrize(("method", "path"), TOLD)
async def test_a_stranger_finds_no_delivery_and_no_webhook(
    server: Server, method: str, path: str
) -> None:
    webhook = (await server.client.post("/api/v1/webhooks", json={"url": HOOK})).json()
    made = await server.create(webhook_url=f"{HOOK}/named")
    await server.run(made["id"])
    owed = await server.store.deliveries(made["id"])
    assert len(owed) == 2
    _, secret = await server.accounts.create_key("stranger")
    names = {"{id}": made["id"], "{delivery_id}": owed[1].id, "{webhook_id}": webhook["id"]}
    for name, value in names.items():
        path = path.replace(name, value)

    async with server.as_client(secret) as stranger:
        reply = await stranger.request(method, path)

    assert problem_of(reply, 404)["code"] == "not_found"
    assert await server.store.deliveries(made["id"]) == owed
    (kept,) = await server.store.webhooks()
    assert (kept.id, kept.disabled_at, len(kept.secrets)) == (webhook["id"], None, 1)


async def test_a_stranger_lists_no_delivery_and_no_webhook(server: Server) -> None:
    await server.client.post("/api/v1/webhooks", json={"url": HOOK})
    await server.run((await server.create())["id"])
    _, secret = await server.accounts.create_key("stranger")

    async with server.as_client(secret) as stranger:
        assert (await stranger.get("/api/v1/webhooks")).json() == {"webhooks": []}
        listed = (await stranger.get("/api/v1/deliveries")).json()

    assert listed == {"deliveries": [], "next": None}


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
