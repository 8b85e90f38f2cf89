"""Gather writes of this process in one thread, so that concurrent writes share a commit."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Final

from rushes.core.errors import StoreError

OnCommit = Callable[[float, int], None]
"""Told in the thread how many seconds a commit took, and how many writes shared it."""

_MANY: Final = 256
"""From so many writes on a commit waits for no more; keeps the locks short for other processes."""


@dataclass(slots=True, eq=False)
class Waiting:
    """A write whose caller waits for its outcome."""

    work: Any
    on_written: Callable[[Any], None] | None
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = field(default=None)

    def settle(self) -> None:
        """Set the result on the event loop. The caller may be cancelled; the write stays."""
        if self.error is None and self.on_written is not None:
            self.on_written(self.result)
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class GroupCommit:
    """
    Hands the writes that wait at the same moment to a function, in a thread of its own.

    Args:
        write_together: Commits the writes; sets the result or the error of each.

        end: Called in the thread after the last write.

        on_commit: Called after each commit, in the thread.
    """

    def __init__(
        self,
        write_together: Callable[[list[Waiting]], None],
        *,
        end: Callable[[], None],
        on_commit: OnCommit | None = None,
    ) -> None:
        self._write_together = write_together
        self._end = end
        self._on_commit = on_commit
        self._queue: SimpleQueue[list[Waiting] | None] = SimpleQueue()
        self._gathered: list[Waiting] = []
        self._sender: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._lock = threading.Lock()  # guards the three above: no write comes after the end
        self._thread = threading.Thread(target=self._run, name="rushes-store", daemon=True)
        self._thread.start()

    async def run(self, work: Any, *, on_written: Callable[[Any], None] | None = None) -> Any:
        """
        Write *work* and return its result after the commit is durable.

        A cancellation of the caller does not undo the write.

        Args:
            on_written: Called on the event loop with the result, before the caller continues.

        Raises:
            StoreError: It could not be written, or the store is closed. Nothing was written.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        with self._lock:
            if self._closed:
                raise StoreError("the store is closed")
            self._gathered.append(Waiting(work, on_written, loop, future))
            if self._sender is not loop:
                self._sender = loop
                loop.call_soon(self._send)  # after all writes of this turn of the loop
        return await future

    async def close(self) -> None:
        """Make the waiting writes, then end the thread."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._hand_over()
                self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _send(self) -> None:
        with self._lock:
            self._hand_over()
            self._sender = None

    def _hand_over(self) -> None:
        if self._gathered:
            self._queue.put(self._gathered)
            self._gathered = []

    def _run(self) -> None:
        while (batch := self._next_batch()) is not None:
            began_s = time.perf_counter()
            self._write_together(batch)
            if self._on_commit is not None:
                self._on_commit(time.perf_counter() - began_s, len(batch))
            _settle(batch)
        self._end()

    def _next_batch(self) -> list[Waiting] | None:
        """Wait for a write and return it with all others that wait; None at the end."""
        batch = self._queue.get()
        with suppress(Empty):
            while batch is not None and len(batch) < _MANY:
                more = self._queue.get_nowait()
                if more is None:
                    self._queue.put(None)  # make these writes first, then read the end again
                    break
                batch += more
        return batch


def _settle(batch: list[Waiting]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[Waiting]] = {}
    for waiting in batch:
        by_loop.setdefault(waiting.loop, []).append(waiting)
    for loop, theirs in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: no caller waits
            loop.call_soon_threadsafe(_settle_all, theirs)


def _settle_all(batch: list[Waiting]) -> None:
    for waiting in batch:
        waiting.settle()
