"""Accounts and keys through our own API: what a caller is told of his, what an operator does."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from tests.dialects.native.conftest import PATH, Server, problem_of

from rushes.core.keys import KeyLimits

KEYS = "/api/v1/keys"
ACCOUNTS = "/api/v1/accounts"


@pytest.fixture
async def operator(server: Server) -> httpx2.AsyncClient:
    _, secret = await server.accounts.create_key("op", is_operator=True)
    return server.as_client(secret)


async def make(operator: httpx2.AsyncClient, **requested: Any) -> dict[str, Any]:
    reply = await operator.post(KEYS, json={"name": "laptop"} | requested)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


async def test_a_caller_is_told_what_his_key_may_do_and_what_is_left(server: Server) -> None:
    limits = KeyLimits(submits_per_minute=4, in_flight=2, models=frozenset({"ray-2"}))
    ends_at = server.clock.now() + timedelta(days=1)
    key, secret = await server.accounts.create_key(
        "limited", account="tester", limits=limits, expires_at=ends_at
    )
    client = server.as_client(secret)
    assert (await client.post(PATH, json={"prompt": "a dune"})).status_code == 201
    reported = (await client.get("/api/v1/account")).json()
    assert (reported["id"], reported["name"], reported["key_id"]) == ("tester", "tester", key.id)
    assert (reported["scopes"], reported["operates"]) == (["generate", "read"], False)
    assert reported["limits"] == {"submits_per_minute": 4, "in_flight": 2, "models": ["ray-2"]}
    assert reported["left"] == {"submits": 3, "submits_reset_s": 15.0, "in_flight": 1}
    assert reported["expires_at"] is not None

    reported = (await server.client.get("/api/v1/account")).json()
    assert set(reported["left"].values()) == set(reported["limits"].values()) == {None}
    assert secret not in str(reported)


async def test_limits_hold_for_retries_and_a_repetition_needs_no_room(server: Server) -> None:
    _, secret = await server.accounts.create_key("x", limits=KeyLimits(in_flight=1))
    client = server.as_client(secret)
    once = {"Idempotency-Key": "k"}
    first = await client.post(PATH, json={"prompt": "a dune"}, headers=once)
    refused = problem_of(await client.post(PATH, json={"prompt": "another"}), 429)
    assert refused["code"] == "too_many_in_flight"
    again = await client.post(PATH, json={"prompt": "a dune"}, headers=once)
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    await client.post(f"{PATH}/{first.json()['id']}/cancel")
    assert (await client.post(PATH, json={"prompt": "another"})).status_code == 201
    problem_of(await client.post(f"{PATH}/{first.json()['id']}/retry"), 429)


async def test_a_key_sees_and_gets_only_the_models_that_it_may_ask_for(server: Server) -> None:
    limits = KeyLimits(models=frozenset({"ray-flash-2"}))
    _, secret = await server.accounts.create_key("x", limits=limits)
    client = server.as_client(secret)
    listed = (await client.get("/api/v1/models")).json()["models"]
    assert [(one["name"], one["is_default"]) for one in listed] == [("ray-flash-2", True)]
    made = await client.post(PATH, json={"prompt": "a dune"})
    assert made.json()["request"]["model"] == "ray-flash-2"
    refused = problem_of(await client.post(PATH, json={"prompt": "a dune", "model": "ray-2"}), 422)
    assert (
        "must be one of luma-video-ray2-flash, ray-flash-2, ray-flash-v2, not 'ray-2'"
        in refused["detail"]
    )


async def test_an_operator_makes_a_key_that_works_and_is_told_once(
    server: Server, operator: httpx2.AsyncClient
) -> None:
    made = await make(operator, account="acme", scopes=["read"], in_flight=3, models=["ray-v2"])
    assert (made["account"], made["scopes"]) == ("acme", ["read"])
    assert made["limits"] == {"submits_per_minute": None, "in_flight": 3, "models": ["ray-2"]}
    client = server.as_client(made["key"])
    assert (await client.get("/api/v1/account")).json()["id"] == "acme"
    problem_of(await client.post(PATH, json={"prompt": "a dune"}), 403)
    for path in (KEYS, f"{KEYS}/{made['id']}"):
        assert made["key"] not in (await operator.get(path)).text
    (listed,) = (await operator.get(KEYS, params={"account": "acme"})).json()["keys"]
    assert listed == (await operator.get(f"{KEYS}/{made['id']}")).json()
    assert {one["id"] for one in (await operator.get(ACCOUNTS)).json()["accounts"]} >= {"acme"}


@pytest.mark.parametrize(
    "requested",
    [
        {"name": ""},
        {"scopes": []},
        {"scopes": ["rule"]},
        {"in_flight": 0},
        {"models": ["ray-99"]},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"expires_at": "2030-01-01T00:00:00"},
        {"digest": "x"},
    ],
)
async def test_what_makes_no_sense_is_refused(
    operator: httpx2.AsyncClient, requested: dict[str, Any]
) -> None:
    before = (await operator.get(KEYS)).json()
    problem_of(await operator.post(KEYS, json={"name": "laptop"} | requested), 422)
    assert (await operator.get(KEYS)).json() == before


async def test_a_change_leaves_what_it_does_not_name_and_null_is_no_limit(
    operator: httpx2.AsyncClient,
) -> None:
    made = await make(operator, in_flight=3, submits_per_minute=5, models=["ray-2"])
    at = f"{KEYS}/{made['id']}"
    changed = (await operator.patch(at, json={"in_flight": 9})).json()["limits"]
    assert changed == {"submits_per_minute": 5, "in_flight": 9, "models": ["ray-2"]}
    requested = {"submits_per_minute": None, "models": None}
    changed = (await operator.patch(at, json=requested)).json()["limits"]
    assert changed == {"submits_per_minute": None, "in_flight": 9, "models": None}


async def test_a_rotated_key_keeps_its_id_and_a_revoked_one_its_place(
    server: Server, operator: httpx2.AsyncClient
) -> None:
    made = await make(operator)
    at = f"{KEYS}/{made['id']}"
    rotated = (await operator.post(f"{at}/rotate", json={"grace_s": 60})).json()
    assert rotated["id"] == made["id"]
    assert rotated["former_secret_until"] is not None
    for secret in (made["key"], rotated["key"]):
        assert (await server.as_client(secret).get("/api/v1/account")).status_code == 200
    revoked = await operator.delete(at)
    assert revoked.json()["revoked_at"] is not None
    for secret in (made["key"], rotated["key"]):
        assert (await server.as_client(secret).get("/api/v1/account")).status_code == 401
    problem_of(await operator.post(f"{at}/rotate"), 409)
    assert made["id"] in (await operator.get(KEYS)).text


async def test_an_operator_makes_and_deletes_accounts(
    server: Server, operator: httpx2.AsyncClient
) -> None:
    requested = {"id": "acme", "name": "Acme Films"}
    assert (await operator.post(ACCOUNTS, json=requested)).json()["name"] == "Acme Films"
    problem_of(await operator.post(ACCOUNTS, json=requested), 409)
    made = await make(operator, account="acme")
    client = server.as_client(made["key"])
    one = (await client.post(PATH, json={"prompt": "a dune"})).json()
    problem_of(await operator.delete(f"{ACCOUNTS}/acme"), 409)
    closed = await operator.delete(f"{ACCOUNTS}/acme", params={"cancel": "true"})
    assert closed.json() == {"id": "acme", "generations": 1, "uploads": 0, "keys": 1}
    problem_of(await client.get(f"{PATH}/{one['id']}"), 401)
    problem_of(await operator.delete(f"{ACCOUNTS}/acme"), 404)
