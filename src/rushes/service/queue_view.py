"""Show operators how many generations wait, and which run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rushes.core.generation import Generation, State
from rushes.store.base import GenerationFilter, Store

MAX_SHOWN: Final = 50
"""The largest number of running, and of waiting, generations in the view."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """The queue at one moment."""

    counts: Mapping[State, int]
    """The number of generations in each state, including zeros."""

    running: tuple[Generation, ...]
    """The running generations, the one submitted first first."""

    waiting: tuple[Generation, ...]
    """The waiting generations in the same order; one that waits for a retry may run later."""

    workers: tuple[str, ...]
    """The names of workers with a lease: host, process and a few random letters."""


class QueueView:
    """Reads the queue for operators."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def backlog(self) -> Backlog:
        """Return the present queue of all accounts."""
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
