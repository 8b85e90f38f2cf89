"""Show operators how many generations wait, and which run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rushes.core.generation import Generation, State
from rushes.store.base import GenerationFilter, Store

MAX_SHOWN: Final = 50
"""As many generations as are shown of those that run, and of those that wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """The queue at a moment."""

    counts: Mapping[State, int]
    """How many generations are in each state; one that does not occur is 0."""

    running: tuple[Generation, ...]
    """Those that were asked for first come first."""

    waiting: tuple[Generation, ...]
    """Likewise; one that is to be tried again may wait longer than those after it."""

    workers: tuple[str, ...]
    """Those that hold a generation, by name: host, process and a few random letters."""


class QueueView:
    """The use cases of whoever looks after the server."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def look(self) -> Backlog:
        """Return the queue as it is, over all accounts."""
        counts = await self._store.count_by_state()
        return Backlog(
            counts={state: counts.get(state, 0) for state in State},
            running=await self._oldest(State.RUNNING),
            waiting=await self._oldest(State.QUEUED),
            workers=tuple(sorted(await self._store.holders())),
        )

    async def _oldest(self, state: State) -> tuple[Generation, ...]:
        wanted = GenerationFilter(states=frozenset({state}), oldest_first=True, limit=MAX_SHOWN)
        return await self._store.list(wanted)
