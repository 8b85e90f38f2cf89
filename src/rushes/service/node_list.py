"""List, drain and resume nodes."""

from dataclasses import dataclass

from rushes.core.node import Node, NodeState
from rushes.kit.clock import Clock
from rushes.store.base import Nodes


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

    async def resume(self, name: str) -> NodeView:
        """Give a node work again. Raises NotFound."""
        return self._view(await self._nodes.set_draining(name, is_draining=False))

    def _view(self, node: Node) -> NodeView:
        return NodeView(node=node, state=node.state(self._clock.now()))
