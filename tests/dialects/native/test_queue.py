"""What an operator sees of the queue through our own API."""

import httpx2
import pytest
from tests.dialects.native.conftest import Server, problem_of

from rushes.core.generation import State

PATH = "/api/v1/queue"


@pytest.fixture
async def operator(server: Server) -> httpx2.AsyncClient:
    _, secret = await server.accounts.create_key("op", is_operator=True)
    return server.as_client(secret)


async def test_an_operator_sees_what_waits_and_runs_for_everybody(
    server: Server, operator: httpx2.AsyncClient
) -> None:
    running, first, second, done = [(await server.create())["id"] for _ in range(4)]
    await server.run(running, progress=0.25)
    await server.complete(done)

    reported = (await operator.get(PATH)).json()

    counts = {"queued": 2, "running": 1, "completed": 1}
    assert reported["counts"] == dict.fromkeys(State, 0) | counts
    assert [one["id"] for one in reported["waiting"]] == [first, second]
    assert reported["workers"] == ["w"]
    (row,) = reported["running"]
    assert (row["id"], row["account"], row["model"]) == (running, "tester", "ray-2")
    assert (row["engine"], row["attempt"], row["progress"]) == ("scripted", 1, 0.25)
    assert "prompt" not in row
    assert "request" not in row


async def test_nobody_else_sees_it(server: Server) -> None:
    assert problem_of(await server.client.get(PATH), 403)["code"] == "forbidden"
    assert problem_of(await server.as_client(None).get(PATH), 401)


async def test_an_operator_sees_the_settings_and_nobody_else_does(
    server: Server, operator: httpx2.AsyncClient
) -> None:
    assert (await operator.get("/api/v1/settings")).json() == {
        "settings": [{"name": "server.port", "value": "8000", "source": "default"}]
    }
    assert problem_of(await server.client.get("/api/v1/settings"), 403)


async def test_an_operators_key_says_so(server: Server, operator: httpx2.AsyncClient) -> None:
    assert (await operator.get("/api/v1/account")).json()["operates"] is True
    assert (await server.client.get("/api/v1/account")).json()["operates"] is False
