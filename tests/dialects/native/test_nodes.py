"""What an operator sees of nodes, and does to them, through our own API."""

import httpx2
import pytest
from tests.dialects.native.conftest import Server, problem_of

from rushes.core.generation import GenerationId
from rushes.core.node import Node, NodeRole

PATH = "/api/v1/nodes"
NAME = "render1:12:0a1b2c3d"


@pytest.fixture
async def operator(server: Server) -> httpx2.AsyncClient:
    _, secret = await server.accounts.create_key("op", is_operator=True)
    return server.as_client(secret)


async def beat(server: Server, *, running: int = 0) -> None:
    await server.store.heartbeat(
        Node(
            name=NAME,
            host="render1",
            version="1.2",
            roles=frozenset({NodeRole.WORKS, NodeRole.SERVES}),
            channels=("luma",),
            slots=2,
            running=running,
            running_ids=(GenerationId("g1"),) if running else (),
            started_at=server.clock.now(),
            seen_at=server.clock.now(),
        )
    )


async def test_an_operator_sees_the_nodes(server: Server, operator: httpx2.AsyncClient) -> None:
    await beat(server, running=1)
    (shown,) = (await operator.get(PATH)).json()["nodes"]
    assert shown["name"] == NAME
    assert shown["roles"] == ["serves", "works"]
    assert (shown["running"], shown["running_ids"]) == (1, ["g1"])
    assert (shown["channels"], shown["slots"], shown["version"]) == (["luma"], 2, "1.2")
    assert shown["state"] == "active"
    server.clock.advance(seconds=21)
    assert (await operator.get(PATH)).json()["nodes"][0]["state"] == "lost"


async def test_an_operator_drains_and_resumes_a_node(
    server: Server, operator: httpx2.AsyncClient
) -> None:
    await beat(server, running=1)
    assert (await operator.post(f"{PATH}/{NAME}/drain")).json()["state"] == "draining"
    await beat(server)
    assert (await operator.get(PATH)).json()["nodes"][0]["state"] == "drained"
    assert (await operator.post(f"{PATH}/{NAME}/resume")).json()["state"] == "active"


async def test_an_unknown_node_is_not_found(server: Server, operator: httpx2.AsyncClient) -> None:
    for action in ("drain", "resume"):
        problem = problem_of(await operator.post(f"{PATH}/nobody/{action}"), 404)
        assert "nobody" in problem["detail"]


async def test_nobody_else_sees_or_drains_them(server: Server) -> None:
    await beat(server)
    assert problem_of(await server.client.get(PATH), 403)
    assert problem_of(await server.client.post(f"{PATH}/{NAME}/drain"), 403)
