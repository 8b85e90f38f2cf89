"""Wait for changes of a generation, and stream them to callers."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final

from rushes.core.errors import NotFound
from rushes.core.generation import Generation, GenerationId, State
from rushes.core.lifecycle import Change
from rushes.store.base import Event, Store

RUNNING_POLL_S: Final = 1.0
"""How often a running generation's progress is looked up; it is never announced."""

QUEUED_POLL_S: Final = 2.0
"""How often a queued one is looked at, in case another process has claimed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressView:
    """How a generation stands at a moment."""

    generation: Generation
    position: int | None
    """How many wait before it; None unless it is queued."""


class ProgressStream:
    """
    Tells callers of changes without asking the store more often than need be.

    What this process writes is heard of at once; what another does, at the next look.
    """

    def __init__(
        self,
        store: Store,
        *,
        running_poll_s: float = RUNNING_POLL_S,
        queued_poll_s: float = QUEUED_POLL_S,
    ) -> None:
        self._store = store
        self._running_poll_s = running_poll_s
        self._queued_poll_s = queued_poll_s
        self._waiting: dict[GenerationId, set[asyncio.Event]] = {}
        self._stopped = False
        store.listen(self._tell)

    def stop(self) -> None:
        """Let everyone go who waits: the process ends, and a server ends when nobody is served."""
        self._stopped = True
        for waiting in self._waiting.values():
            for heard in waiting:
                heard.set()

    async def view(self, generation: Generation) -> ProgressView:
        """Return *generation* with its place in the queue."""
        queued = generation.state is State.QUEUED
        position = await self._store.count_ahead(generation.id) if queued else None
        return ProgressView(generation=generation, position=position)

    async def until_final(self, generation: Generation, *, wait_s: float) -> Generation:
        """Return *generation* once it is final, or as it is after *wait_s* seconds."""
        give_up_at = monotonic() + wait_s
        with self._hearing(generation.id) as heard:
            while True:
                heard.clear()
                with suppress(NotFound):  # removed meanwhile: as it was is all there is to tell
                    generation = await self._store.get(generation.id)
                left_s = give_up_at - monotonic()
                if generation.state.is_final or left_s <= 0 or self._stopped:
                    return generation
                await self._pause(heard, generation, at_most_s=left_s)

    async def follow(
        self, generation: Generation, *, after: int = 0
    ) -> AsyncGenerator[Event | ProgressView, None]:
        """
        Yield what has become true of *generation*, then what becomes, until it is final.

        In between it yields how it stands, whenever that has changed; never an older standing
        after a newer event. It also ends when all of it is stopped.

        Args:
            after: The number of the last event that the caller knows already.
        """
        told: ProgressView | None = None
        with self._hearing(generation.id) as heard:
            while True:
                heard.clear()
                try:
                    generation = await self._store.get(generation.id)
                except NotFound:
                    return  # removed meanwhile
                events = await self._store.events(generation.id)
                for event in events:
                    if event.seq > after:
                        after = event.seq
                        yield event
                if events and events[-1].generation.version > generation.version:
                    continue  # it has moved between the two looks
                standing = await self.view(generation)
                if standing != told:
                    told = standing
                    yield standing
                if generation.state.is_final or self._stopped:
                    return
                await self._pause(heard, generation)

    async def _pause(
        self, heard: asyncio.Event, generation: Generation, *, at_most_s: float = 60.0
    ) -> None:
        running = generation.state is State.RUNNING
        pause_s = self._running_poll_s if running else self._queued_poll_s
        with suppress(TimeoutError):
            # Not wait_for: in Python 3.11 it can swallow a cancellation.
            async with asyncio.timeout(min(pause_s, at_most_s)):
                await heard.wait()

    @contextmanager
    def _hearing(self, generation_id: GenerationId) -> Generator[asyncio.Event]:
        heard = asyncio.Event()
        self._waiting.setdefault(generation_id, set()).add(heard)
        try:
            yield heard
        finally:
            self._waiting[generation_id].discard(heard)
            if not self._waiting[generation_id]:
                del self._waiting[generation_id]

    def _tell(self, change: Change) -> None:
        for heard in self._waiting.get(change.after.id, ()):
            heard.set()
