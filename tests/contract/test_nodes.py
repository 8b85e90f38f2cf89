"""The list of nodes, over each store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.contract.stores import MAKERS

from rushes.core.errors import NotFound, StoreError
from rushes.core.generation import GenerationId
from rushes.core.node import Node, NodeRole
from rushes.store.base import Nodes
from rushes.store.database import Database

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(params=MAKERS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    store = MAKERS[request.param](request, tmp_path)
    yield store
    await store.close()


def node(name: str = "here:1:00000000", *, started_s: float = 0, seen_s: float = 0) -> Node:
    return Node(
        name=name,
        host="here",
        version="1.0",
        roles=frozenset({NodeRole.SERVES, NodeRole.WORKS}),
        channels=("luma", "a channel, with a comma"),
        slots=2,
        running=7,
        running_ids=(GenerationId("a"), GenerationId("b")),
        started_at=NOW + timedelta(seconds=started_s),
        seen_at=NOW + timedelta(seconds=seen_s),
    )


async def test_a_node_is_listed_as_it_reports_itself(store: Nodes) -> None:
    assert await store.nodes() == ()
    later, first = node("later", started_s=5), node("first")
    assert await store.heartbeat(later) == later
    assert await store.heartbeat(first) == first
    assert await store.nodes() == (first, later)


async def test_a_heartbeat_replaces_the_one_before(store: Nodes) -> None:
    await store.heartbeat(node())
    now = replace(
        node(seen_s=5), roles=frozenset({NodeRole.SERVES}), channels=(), running=0, running_ids=()
    )
    assert await store.heartbeat(now) == now
    assert await store.nodes() == (now,)


async def test_a_node_reads_with_its_heartbeat_that_it_shall_drain(store: Nodes) -> None:
    await store.heartbeat(node())
    told = await store.set_draining("here:1:00000000", is_draining=True)
    assert told == replace(node(), is_draining=True)
    assert (await store.heartbeat(node(seen_s=5))).is_draining
    await store.set_draining("here:1:00000000", is_draining=False)
    reported = replace(node(seen_s=9), is_draining=True)
    assert not (await store.heartbeat(reported)).is_draining


async def test_only_known_nodes_can_be_told_to_drain(store: Nodes) -> None:
    with pytest.raises(NotFound, match="there is no node 'nobody'"):
        await store.set_draining("nobody", is_draining=True)
    assert await store.nodes() == ()


async def test_a_node_that_ends_is_removed(store: Nodes) -> None:
    await store.heartbeat(node("one"))
    await store.heartbeat(node("two"))
    await store.remove_node("one")
    await store.remove_node("one")
    assert [one.name for one in await store.nodes()] == ["two"]


async def test_a_closed_store_lists_no_nodes(store: Database) -> None:
    await store.close()
    with pytest.raises(StoreError):
        await store.nodes()
    with pytest.raises(StoreError):
        await store.heartbeat(node())
