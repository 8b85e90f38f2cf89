"""Run every write of this process in one thread, so that concurrent writes share a commit."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

from rushes.core.errors import StoreError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
"""Statements of one write. They run in the thread; nothing in them waits."""

OnCommit = Callable[[float, int], None]
"""Called in the thread with the seconds that a commit took and the number of writes in it."""

_MANY: Final = 256
"""A batch of this size takes no more writes, so that other processes get the lock soon."""


@dataclass(slots=True, eq=False)
class _Waiting:
    work: Work[Any]
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


class GroupCommitWriter:
    """
    Runs writes in a thread; writes that wait at the same moment share one transaction.

    Each write has its own savepoint, so that a failing one undoes only itself. Callers get their
    result after the commit is on disk.
    """

    def __init__(self, db: sqlite3.Connection, on_commit: OnCommit | None = None) -> None:
        self._db = db
        self._on_commit = on_commit
        self._queue: SimpleQueue[list[_Waiting] | None] = SimpleQueue()
        self._gathered: list[_Waiting] = []
        self._sender: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._lock = threading.Lock()  # guards the three above: no write comes after the end
        self._thread = threading.Thread(target=self._run, name="rushes-store", daemon=True)
        self._thread.start()

    async def run(self, work: Work[T], *, on_written: Callable[[T], None] | None = None) -> T:
        """
        Run *work* and return its result after the commit is synced to disk.

        A cancellation of the caller does not undo the write.

        Args:
            on_written: Called on the event loop with the result, before the caller continues.

        Raises:
            StoreError: It could not be written, or the store is closed. Nothing was written.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._lock:
            if self._closed:
                raise StoreError("the store is closed")
            self._gathered.append(_Waiting(work, on_written, loop, future))
            if self._sender is not loop:
                self._sender = loop
                loop.call_soon(self._send)  # after all writes of this turn of the loop
        return await future

    async def close(self) -> None:
        """Make the waiting writes, then end the thread and its connection."""
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
            _write_together(self._db, batch)
            if self._on_commit is not None:
                self._on_commit(time.perf_counter() - began_s, len(batch))
            _settle(batch)
        self._db.close()

    def _next_batch(self) -> list[_Waiting] | None:
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


def _write_together(db: sqlite3.Connection, batch: list[_Waiting]) -> None:
    try:
        db.execute("BEGIN IMMEDIATE")
        for waiting in batch:
            _write_one(db, waiting)
        db.execute("COMMIT")
    except Exception as error:  # noqa: BLE001  # the thread must outlive it; each caller gets the error
        with suppress(sqlite3.Error):
            if db.in_transaction:
                db.execute("ROLLBACK")
        for waiting in batch:  # one exception for each caller: tasks must not share one
            waiting.error = waiting.error or _translated(error)


def _write_one(db: sqlite3.Connection, waiting: _Waiting) -> None:
    db.execute("SAVEPOINT one")
    try:
        waiting.result = waiting.work(db)
    except Exception as error:  # any error belongs to the caller
        if not db.in_transaction:  # SQLite has undone all of the batch: the disk is full
            raise
        waiting.error = _translated(error) if isinstance(error, sqlite3.Error) else error
        db.execute("ROLLBACK TO one")
    db.execute("RELEASE one")


def _translated(error: Exception) -> StoreError:
    translated = StoreError(f"the store could not write: {error}")
    translated.__cause__ = error
    return translated


def _settle(batch: list[_Waiting]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Waiting]] = {}
    for waiting in batch:
        by_loop.setdefault(waiting.loop, []).append(waiting)
    for loop, theirs in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: no caller waits
            loop.call_soon_threadsafe(_settle_all, theirs)


def _settle_all(batch: list[_Waiting]) -> None:
    for waiting in batch:
        waiting.settle()
