"""Keep the list of nodes in a dictionary."""

from dataclasses import replace

from rushes.core.errors import NotFound, StoreError
from rushes.core.node import Node


class NodesInMemory:
    """Keeps the nodes in a dictionary of this process."""

    def __init__(self) -> None:
        super().__init__()
        self._nodes: dict[str, Node] = {}
        self._closed = False

    async def nodes(self) -> tuple[Node, ...]:
        self._open()
        return tuple(sorted(self._nodes.values(), key=lambda one: (one.started_at, one.name)))

    async def heartbeat(self, node: Node) -> Node:
        self._open()
        known = self._nodes.get(node.name, node)
        stored = self._nodes[node.name] = replace(node, is_draining=known.is_draining)
        return stored

    async def set_draining(self, name: str, *, is_draining: bool) -> Node:
        self._open()
        if name not in self._nodes:
            raise NotFound(f"there is no node {name!r}")
        changed = self._nodes[name] = replace(self._nodes[name], is_draining=is_draining)
        return changed

    async def remove_node(self, name: str) -> None:
        self._open()
        self._nodes.pop(name, None)

    def _open(self) -> None:
        if self._closed:
            raise StoreError("the store is closed")
