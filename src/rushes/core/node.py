"""Describe the processes of a server, and tell from their heartbeats which of them are alive."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from rushes.core.generation import GenerationId

LOST_AFTER: Final = timedelta(seconds=20)
"""A node without a heartbeat for this long counts as lost."""

MAX_IDS: Final = 5
"""How many generations a node names of those that it runs."""


class NodeRole(StrEnum):
    """What a process does."""

    SERVES = "serves"
    """It serves the API."""

    WORKS = "works"
    """It runs generations."""


class NodeState(StrEnum):
    """Whether a node takes new work."""

    ACTIVE = "active"
    DRAINING = "draining"
    """It takes no new work, and finishes what it has."""

    DRAINED = "drained"
    """It takes no new work, and has none left. It can be stopped."""

    LOST = "lost"
    """Its last heartbeat is too old: it was killed, or cannot reach the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A process that serves the API or runs generations, as of its last heartbeat."""

    name: str
    """Host, process id and random digits. A worker's leases have the same name."""

    host: str
    version: str
    roles: frozenset[NodeRole]
    channels: tuple[str, ...]
    """The channels that it works; empty if it only serves the API."""

    slots: int
    """How many generations it renders at the same time; 0 if it only serves the API."""

    running: int
    """The number of generations that it renders, submits or follows at an upstream."""

    running_ids: tuple[GenerationId, ...]
    """At most :data:`MAX_IDS` of them."""

    started_at: datetime
    seen_at: datetime
    is_draining: bool = False
    """Whether an operator wants it to take no new work."""

    def state(self, now: datetime) -> NodeState:
        """Return the state at *now*, by the clock that the heartbeats were written with."""
        if now - self.seen_at > LOST_AFTER:
            return NodeState.LOST
        if not self.is_draining:
            return NodeState.ACTIVE
        return NodeState.DRAINING if self.running else NodeState.DRAINED
