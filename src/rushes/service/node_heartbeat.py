"""Register this process as a node, and obey when an operator drains it."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol

import structlog

from rushes.core.errors import StoreError
from rushes.core.generation import GenerationId
from rushes.core.node import MAX_IDS, Node, NodeRole, NodeState
from rushes.kit.clock import Clock
from rushes.store.base import Nodes

_log = structlog.get_logger()

HEARTBEAT_S: Final = 3.0
"""Seconds between two heartbeats, and so until a node drains or resumes."""


class NodeWork(Protocol):
    """What a node runs; the worker implements it."""

    @property
    def channel_names(self) -> tuple[str, ...]:
        """The channels that it works."""
        ...

    @property
    def slots(self) -> int:
        """How many generations it renders at the same time."""
        ...

    @property
    def held_count(self) -> int:
        """The number of generations that it renders, submits or follows at an upstream."""
        ...

    def held(self) -> Iterable[GenerationId]:
        """Return the ids of these generations."""
        ...

    async def set_draining(self, *, is_draining: bool, served_elsewhere: frozenset[str]) -> None:
        """Take no new work and give away the jobs that others can follow; or take work again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeIdentity:
    """What stays the same of a node."""

    name: str
    host: str
    version: str


class NodeHeartbeat:
    """
    Write this process into the list of nodes, and read there whether it shall drain.

    Args:
        work: What it runs.
    """

    def __init__(
        self, nodes: Nodes, identity: NodeIdentity, *, work: NodeWork, clock: Clock
    ) -> None:
        self._nodes = nodes
        self._identity = identity
        self._work = work
        self._clock = clock
        self._started_at = clock.now()
        self.is_draining = False
        """Whether an operator drains this node, or its process is stopping."""

        self._is_stopping = False
        self._wake = asyncio.Event()

    async def run(self, roles: Iterable[NodeRole]) -> None:
        """Write a heartbeat every few seconds until cancelled."""
        every = frozenset(roles)
        while True:
            try:
                await self.beat(every)
            except StoreError:
                _log.exception("heartbeat_failed")  # the next one may succeed
            with suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT_S):
                    await self._wake.wait()
            self._wake.clear()

    def stop(self) -> None:
        """Show this node as draining from now on, because its process is stopping."""
        self._is_stopping = self.is_draining = True
        self._wake.set()

    async def beat(self, roles: frozenset[NodeRole]) -> None:
        """Write one heartbeat, and drain or resume as the operator wants. Raises StoreError."""
        stored = await self._nodes.heartbeat(self._report(roles))
        if self._is_stopping:
            if not stored.is_draining:
                await self._nodes.set_draining(self._identity.name, is_draining=True)
            return
        if stored.is_draining is not self.is_draining:
            _log.info("node_draining" if stored.is_draining else "node_resumed", node=stored.name)
        was_draining, self.is_draining = self.is_draining, stored.is_draining
        if NodeRole.WORKS in roles and (was_draining or self.is_draining):
            served = await self._served_elsewhere() if self.is_draining else frozenset[str]()
            await self._work.set_draining(is_draining=self.is_draining, served_elsewhere=served)

    async def leave(self) -> None:
        """Remove this process from the list. If that fails, it is shown as lost for a day."""
        try:
            await self._nodes.remove_node(self._identity.name)
        except StoreError:
            _log.exception("node_removal_failed")

    def _report(self, roles: frozenset[NodeRole]) -> Node:
        works = NodeRole.WORKS in roles
        return Node(
            name=self._identity.name,
            host=self._identity.host,
            version=self._identity.version,
            roles=roles,
            channels=self._work.channel_names if works else (),
            slots=self._work.slots if works else 0,
            running=self._work.held_count if works else 0,
            running_ids=tuple(islice(self._work.held(), MAX_IDS)) if works else (),
            started_at=self._started_at,
            seen_at=self._clock.now(),
            is_draining=self.is_draining,
        )

    async def _served_elsewhere(self) -> frozenset[str]:
        """Return the channels that other active nodes work."""
        now = self._clock.now()
        return frozenset(
            channel
            for node in await self._nodes.nodes()
            if node.name != self._identity.name and node.state(now) is NodeState.ACTIVE
            for channel in node.channels
        )
