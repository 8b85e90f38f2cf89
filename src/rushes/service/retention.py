"""Define how long things are kept, and the items to delete."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

LEFTOVERS_STAY: Final = timedelta(days=1)
"""How long files without a generation stay: one may be about to be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRules:
    """What is kept for how long since it ended, or was last used. None: until it is deleted."""

    artifacts: timedelta | None = None
    artifacts_bytes: int | None = None
    """All finished files together; beyond it those go that were finished longest ago."""

    generations: timedelta | None = None
    events: timedelta | None = None
    deliveries: timedelta | None = None
    inputs: timedelta | None = None
    uploads: timedelta | None = None


class ItemKind(StrEnum):
    """What sort of thing goes."""

    LITTER = "litter"
    """Files whose generation has expired or was removed already."""

    ARTIFACTS = "artifacts"
    """The finished files of a generation, which expires."""

    GENERATION = "generation"
    """A generation with all that is known of it."""

    DELIVERIES = "deliveries"
    EVENTS = "events"
    INPUT = "input"
    UPLOAD = "upload"
    LEFTOVER = "leftover"
    """Files that never came to belong to a generation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiredItem:
    """Something that is to go, or has gone."""

    sort: ItemKind
    name: str
    """Whose id or key it is; empty for what has none of its own."""

    why: str
    size_bytes: int = 0
    """Of its files."""

    count: int = 1


@dataclass(slots=True, kw_only=True)
class Step:
    """One small step of tidying up."""

    doomed: ExpiredItem
    take: Callable[[], Awaitable[bool]]
    """Does it; returns False when it turned out that it is not to go."""

    is_done: bool = field(default=False)


def words(age: timedelta) -> str:
    """Return an age as people say it: ``30 days``, ``12 hours``."""
    days = age / timedelta(days=1)
    if days >= 1:
        return f"{days:g} day{'' if days == 1 else 's'}"
    return f"{age / timedelta(hours=1):.3g} hours"
