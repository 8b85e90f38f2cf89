"""What an operator sees of the channels through our own API, and does to them."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from tests.dialects.native.conftest import Server, problem_of

from rushes.core.channel_pause import ChannelPause, PausedBy

PATH = "/api/v1/channels"


@pytest.fixture
async def operator(server: Server) -> httpx2.AsyncClient:
    _, secret = await server.accounts.create_key("op", is_operator=True)
    return server.as_client(secret)


async def reported(client: httpx2.AsyncClient) -> dict[str, Any]:
    reply = await client.get(PATH)
    assert reply.status_code == 200, reply.text
    (one,) = reply.json()["channels"]
    return dict(one)


async def test_an_operator_sees_every_channel_and_how_it_stands(
    operator: httpx2.AsyncClient,
) -> None:
    one = await reported(operator)
    assert (one["name"], one["kind"], one["host"]) == ("scripted", "scripted", "here")
    assert one["models"] == {"ray-2": "ray-2"}
    assert (one["state"], one["pause"], one["in_flight"], one["price"]) == ("healthy", None, 0, "0")
    assert "video" in one["capabilities"]["kinds"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", PATH),
        ("POST", f"{PATH}/scripted/pause"),
        ("POST", f"{PATH}/scripted/rest"),
        ("POST", f"{PATH}/scripted/resume"),
    ],
)
async def test_nobody_else_may(server: Server, method: str, path: str) -> None:
    problem = problem_of(await server.client.request(method, path), 403)
    assert problem["code"] == "forbidden"
    assert "--operate" in problem["detail"]
    assert problem_of(await server.as_client(None).request(method, path), 401)
    assert await server.store.pauses() == ()


async def test_a_channel_is_paused_for_a_while_and_says_why(
    server: Server, operator: httpx2.AsyncClient
) -> None:
    requested = {"for_s": 600, "reason": "maintenance"}
    reply = await operator.post(f"{PATH}/scripted/pause", json=requested)
    assert reply.status_code == 200
    pause = reply.json()["pause"]
    assert reply.json()["state"] == "paused"
    assert (pause["reason"], pause["by"]) == ("maintenance", "operator")
    (kept,) = await server.store.pauses()
    assert kept.until == server.clock.now() + timedelta(minutes=10)
    server.clock.advance(seconds=600)
    assert (await reported(operator))["state"] == "healthy"


async def test_without_a_time_it_is_paused_until_it_is_resumed(
    server: Server, operator: httpx2.AsyncClient
) -> None:
    reply = await operator.post(f"{PATH}/scripted/pause")
    assert reply.json()["pause"]["until"] is None
    server.clock.advance(seconds=10**6)
    assert (await reported(operator))["state"] == "paused"
    for _ in range(2):
        reply = await operator.post(f"{PATH}/scripted/resume")
        assert (reply.status_code, reply.json()["state"]) == (200, "healthy")
    assert await server.store.pauses() == ()


@pytest.mark.parametrize(("by", "state"), [("breaker", "circuit_open"), ("refusal", "refused")])
async def test_what_the_server_has_decided_is_seen_and_can_be_ended(
    server: Server, operator: httpx2.AsyncClient, by: str, state: str
) -> None:
    now = server.clock.now()
    rest = ChannelPause(
        channel="scripted",
        fingerprint="",
        reason="the key is bad",
        since=now,
        until=None,
        by=PausedBy(by),
    )
    await server.store.set_pause(rest)
    one = await reported(operator)
    assert (one["state"], one["pause"]["reason"]) == (state, "the key is bad")
    await operator.post(f"{PATH}/scripted/resume")
    assert (await reported(operator))["state"] == "healthy"


@pytest.mark.parametrize(
    ("by", "former"), [("breaker", "resting"), ("refusal", "out"), ("operator", "rested")]
)
async def test_the_field_names_of_the_last_release_are_repeated(
    server: Server, operator: httpx2.AsyncClient, by: str, former: str
) -> None:
    assert ((await reported(operator))["health"], (await reported(operator))["rest"]) == (
        "healthy",
        None,
    )
    now = server.clock.now()
    pause = ChannelPause(
        channel="scripted", fingerprint="", reason="why", since=now, until=None, by=PausedBy(by)
    )
    await server.store.set_pause(pause)
    one = await reported(operator)
    assert one["health"] == former
    assert one["rest"] == one["pause"]


async def test_the_path_of_the_last_release_pauses_and_says_that_it_is_deprecated(
    operator: httpx2.AsyncClient,
) -> None:
    reply = await operator.post(f"{PATH}/scripted/rest", json={"for_s": 60})
    assert (reply.status_code, reply.json()["state"]) == (200, "paused")
    assert re.fullmatch(r"@\d+", reply.headers["Deprecation"])
    assert reply.headers["Link"] == f'<{PATH}/scripted/pause>; rel="successor-version"'
    now = await operator.post(f"{PATH}/scripted/pause", json={"for_s": 60})
    assert "Deprecation" not in now.headers


async def test_a_channel_that_is_not_there_is_not_found(operator: httpx2.AsyncClient) -> None:
    for end in ("pause", "rest", "resume"):
        problem = problem_of(await operator.post(f"{PATH}/scriptd/{end}"), 404)
        assert "did you mean scripted?" in problem["detail"]


@pytest.mark.parametrize(
    "requested", [{"for_s": 0}, {"for_s": -1}, {"for_s": 1e12}, {"until": 3}, {"reason": "x" * 501}]
)
async def test_a_pause_that_makes_no_sense_is_refused(
    server: Server, operator: httpx2.AsyncClient, requested: dict[str, Any]
) -> None:
    problem_of(await operator.post(f"{PATH}/scripted/pause", json=requested), 422)
    assert await server.store.pauses() == ()
