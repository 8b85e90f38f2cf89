"""Quotes where nothing costs anything: they take and refuse what asking does, and keep nothing."""

import pytest
from tests.dialects.native.conftest import PATH, Server, problem_of

from rushes.core.keys import Scope

QUOTES = "/api/v1/quotes"


async def test_where_nobody_counts_it_is_free(server: Server) -> None:
    reply = await server.client.post(QUOTES, json={"prompt": "a dune"})
    assert reply.status_code == 200
    assert reply.json() == {"price": None, "balance": None, "is_covered": True}
    assert (await server.client.get(PATH)).json()["generations"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"prompt": "a dune", "duration_s": "5"},
        {"prompt": "a dune", "colour": "red"},
        {"prompt": "a dune", "duration_s": 77},
        {"prompt": "a dune", "model": "ray-9000"},
        {"prompt": "a dune", "keyframes": {"first": {"image": "data:,none"}}},
        {"prompt": "a dune", "webhook_url": "http://127.0.0.1/"},
        {"kind": "upscale", "source": {"generation_id": "3c8b7a3e-5b1c-4a63-9b5e-3d0a9a1f0c11"}},
    ],
)
async def test_it_refuses_what_asking_for_it_would(server: Server, body: dict[str, object]) -> None:
    requested, quoted = [await server.client.post(path, json=body) for path in (PATH, QUOTES)]
    assert quoted.status_code == requested.status_code >= 400
    reported = problem_of(quoted, quoted.status_code)
    same = ("code", "detail", "param", "problems")
    assert {name: reported.get(name) for name in same} == {
        name: requested.json().get(name) for name in same
    }


async def test_what_is_not_done_yet_cannot_be_worked_on(server: Server) -> None:
    made = await server.create()
    body = {"kind": "upscale", "source": {"generation_id": made["id"]}}
    problem_of(await server.client.post(QUOTES, json=body), 409)


async def test_a_key_that_may_only_read_gets_quotes(server: Server) -> None:
    for scope, status in ((Scope.READ, 200), (Scope.GENERATE, 403)):
        _, secret = await server.accounts.create_key(scope, scopes={scope})
        async with server.as_client(secret) as client:
            reply = await client.post(QUOTES, json={"prompt": "a dune"})
        assert reply.status_code == status
