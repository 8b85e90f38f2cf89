"""Let the workers of one GPU take turns, so that only one model is in its memory."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol


class DeviceUser(Protocol):
    """A worker that can leave the memory of its device."""

    async def end(self) -> None:
        """End the process; the next job starts another one. No job is running."""
        ...


class SharedDevice:
    """
    A GPU or CPU on which one model at a time is loaded.

    A worker that takes its turn ends the idle process of the worker that had the turn before, so
    that its memory is free.
    """

    def __init__(self) -> None:
        self.permit = asyncio.Lock()
        """Held by an engine while it renders."""

        self._turn = asyncio.Lock()
        self._holder: DeviceUser | None = None

    @asynccontextmanager
    async def turn(self, worker: DeviceUser) -> AsyncGenerator[None]:
        """Hold the device for a job of *worker*, while no other worker is in its memory."""
        async with self._turn:
            if self._holder is not None and self._holder is not worker:
                await self._holder.end()
            self._holder = worker
            yield

    @property
    def is_busy(self) -> bool:
        """Whether a job is running."""
        return self._turn.locked()
