"""Wait for changes of a generation, and stream them to callers."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final

from rushes.core.errors import NotFound
from rushes.core.generation import Generation, GenerationId, State
from rushes.core.lifecycle import Change
from rushes.media.base import StoredFile
from rushes.store.base import Event, RemoteChange, Store

RUNNING_POLL_S: Final = 1.0
"""Seconds between two reads of a running generation; progress causes no event."""

QUEUED_POLL_S: Final = 2.0
"""Seconds between two reads of a queued generation, which another process may claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressView:
    """The state of a generation and its place in the queue at one moment."""

    generation: Generation
    position: int | None
    """The number of generations before it; None unless it is queued."""

    preview: StoredFile | None = None
    """The latest picture of what is being drawn, where it was looked for."""


FindPreview = Callable[[Generation], Awaitable[StoredFile | None]]
"""Returns the latest picture of a running generation, if there is one."""


class ProgressStream:
    """
    Sends changes to callers with few reads of the store.

    It notices changes of this process at once, and changes of other processes when the store tells
    of them, or at the next read.
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
        self._listens_elsewhere = False
        store.listen(self._notify)

    def stop(self) -> None:
        """End every wait and stream, because a server waits for its open requests when it stops."""
        self._stopped = True
        for waiting in self._waiting.values():
            for changed in waiting:
                changed.set()

    async def view(self, generation: Generation) -> ProgressView:
        """Return *generation* with its place in the queue."""
        queued = generation.state is State.QUEUED
        position = await self._store.count_ahead(generation.id) if queued else None
        return ProgressView(generation=generation, position=position)

    async def until_final(self, generation: Generation, *, wait_s: float) -> Generation:
        """Return *generation* once it is final, or as it is after *wait_s* seconds."""
        give_up_at = monotonic() + wait_s
        with self._subscribe(generation.id) as changed:
            while True:
                changed.clear()
                with suppress(NotFound):  # removed meanwhile: return the last known state
                    generation = await self._store.get(generation.id)
                left_s = give_up_at - monotonic()
                if generation.state.is_final or left_s <= 0 or self._stopped:
                    return generation
                await self._wait(changed, generation, at_most_s=left_s)

    async def follow(
        self, generation: Generation, *, after: int = 0, find_preview: FindPreview | None = None
    ) -> AsyncGenerator[Event | ProgressView, None]:
        """
        Yield the past events of *generation*, then new ones, until it is final.

        Between events it yields each changed view, but never an older view after a newer event. The
        stream also ends after :meth:`stop`.

        Args:
            after: The number of the last event that the caller already knows.
            find_preview: Looks for a picture at each read; a new one makes a view a changed one.
        """
        last_view: ProgressView | None = None
        with self._subscribe(generation.id) as changed:
            while True:
                changed.clear()
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
                    continue  # it changed between the two reads
                view = await self.view(generation)
                if find_preview is not None:
                    view = replace(view, preview=await find_preview(generation))
                if view != last_view:
                    last_view = view
                    yield view
                if generation.state.is_final or self._stopped:
                    return
                await self._wait(changed, generation)

    async def _wait(
        self, changed: asyncio.Event, generation: Generation, *, at_most_s: float = 60.0
    ) -> None:
        running = generation.state is State.RUNNING
        pause_s = self._running_poll_s if running else self._queued_poll_s
        with suppress(TimeoutError):
            # Not wait_for: in Python 3.11 it can swallow a cancellation.
            async with asyncio.timeout(min(pause_s, at_most_s)):
                await changed.wait()

    @contextmanager
    def _subscribe(self, generation_id: GenerationId) -> Generator[asyncio.Event]:
        if not self._listens_elsewhere:  # here, because it needs the running event loop
            self._listens_elsewhere = True
            self._store.listen_elsewhere(self._notify_of_remote)
        changed = asyncio.Event()
        self._waiting.setdefault(generation_id, set()).add(changed)
        try:
            yield changed
        finally:
            self._waiting[generation_id].discard(changed)
            if not self._waiting[generation_id]:
                del self._waiting[generation_id]

    def _notify(self, change: Change) -> None:
        self._wake(change.after.id)

    def _notify_of_remote(self, change: RemoteChange) -> None:
        self._wake(change.generation_id)

    def _wake(self, generation_id: GenerationId) -> None:
        for changed in self._waiting.get(generation_id, ()):
            changed.set()
