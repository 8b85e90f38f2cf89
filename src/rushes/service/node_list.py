"""List, drain and resume nodes."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rushes.core.errors import NotFound
from rushes.core.node import Node, NodeState
from rushes.kit.clock import Clock
from rushes.store.base import Nodes

_POLL_S: Final = 0.5
_HEARTBEATS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeView:
    """A node with its state at this moment."""

    node: Node
    state: NodeState


class NodeList:
    """The use cases of nodes."""

    def __init__(self, nodes: Nodes, clock: Clock) -> None:
        self._nodes = nodes
        self._clock = clock

    async def list(self) -> tuple[NodeView, ...]:
        """Return every node, the one that started first first."""
        return tuple(self._view(node) for node in await self._nodes.nodes())

    async def drain(self, name: str) -> NodeView:
        """
        Give a node no new work; it finishes what it has. It notices within a few seconds.

        Raises:
            NotFound: There is no node of this name.
        """
        return self._view(await self._nodes.set_draining(name, is_draining=True))

    async def drain_host(self, host: str) -> tuple[NodeView, ...]:
        """
        Drain every node of a machine that is not lost.

        Raises:
            NotFound: It has none.
        """
        names = [
            view.node.name
            for view in await self.list()
            if view.node.host == host and view.state is not NodeState.LOST
        ]
        if not names:
            raise NotFound(f"no node runs on {host!r}")
        return tuple([await self.drain(name) for name in names])

    async def wait_until_drained(self, name: str) -> None:
        """
        Return when a draining node has no work left, has ended, or is lost.

        It may still have claimed something until it noticed, so only what it reports after two
        heartbeats counts.
        """
        reported_at: set[datetime] = set()
        while True:
            views = [view for view in await self.list() if view.node.name == name]
            if not views or views[0].state is NodeState.LOST:
                return
            reported_at.add(views[0].node.seen_at)
            if len(reported_at) > _HEARTBEATS and views[0].state is NodeState.DRAINED:
                return
            await asyncio.sleep(_POLL_S)

    async def resume(self, name: str) -> NodeView:
        """Give a node work again. Raises NotFound."""
        return self._view(await self._nodes.set_draining(name, is_draining=False))

    def _view(self, node: Node) -> NodeView:
        return NodeView(node=node, state=node.state(self._clock.now()))
