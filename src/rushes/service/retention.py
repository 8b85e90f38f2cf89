"""Define the retention rules and the items that expire by them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

LOST_NODES_STAY: Final = timedelta(days=1)
"""How long a lost node stays in the list of nodes."""

LEFTOVERS_STAY: Final = timedelta(days=1)
"""How long files without a generation stay, because a worker may still write them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRules:
    """The time that each kind of item is kept after its end or its last use; None: for ever."""

    artifacts: timedelta | None = None
    artifacts_bytes: int | None = None
    """The limit of all finished files together; above it the oldest expire."""

    generations: timedelta | None = None
    events: timedelta | None = None
    deliveries: timedelta | None = None
    inputs: timedelta | None = None
    uploads: timedelta | None = None


class ItemKind(StrEnum):
    """The kind of an expired item."""

    LITTER = "litter"
    """Files whose generation has expired or was removed."""

    ARTIFACTS = "artifacts"
    """The finished files of a generation, which expires."""

    GENERATION = "generation"
    """A generation with its events and deliveries."""

    DELIVERIES = "deliveries"
    EVENTS = "events"
    INPUT = "input"
    UPLOAD = "upload"
    LEFTOVER = "leftover"
    """Files without a generation."""

    UNFINISHED = "unfinished"
    """Parts of a file whose upload to the object store never ended."""

    NODE = "node"
    """A process in the list of nodes that ended without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiredItem:
    """An item to delete, or a deleted one."""

    sort: ItemKind
    name: str
    """Its id or key; empty for a group of rows."""

    why: str
    size_bytes: int = 0
    """The size of its files."""

    count: int = 1


@dataclass(slots=True, kw_only=True)
class Step:
    """One deletion."""

    item: ExpiredItem
    run: Callable[[], Awaitable[bool]]
    """Deletes the item; returns False if it is in use again."""

    is_done: bool = field(default=False)


def words(age: timedelta) -> str:
    """Return an age as text: ``30 days``, ``12 hours``."""
    days = age / timedelta(days=1)
    if days >= 1:
        return f"{days:g} day{'' if days == 1 else 's'}"
    return f"{age / timedelta(hours=1):.3g} hours"
