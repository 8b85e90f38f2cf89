"""Run reads: quick ones in the caller's thread, slow ones in a thread of their own."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from rushes.core.errors import StoreError

T = TypeVar("T")


class InlineReader:
    """Runs reads that take microseconds in the caller's thread."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return the result of *work*. Raises StoreError."""
        try:
            return work(self._db)
        except sqlite3.Error as error:
            raise unreadable(error) from error


class ReaderThread:
    """Runs reads one after the other, on a connection of its own."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rushes-listing")

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return the result of *work*. Raises StoreError, also after :meth:`close`."""
        try:
            future = self._thread.submit(self._read, work)
        except RuntimeError as error:
            raise StoreError("the store is closed") from error
        return await asyncio.wrap_future(future)

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return work(self._db)
        except sqlite3.Error as error:
            raise unreadable(error) from error

    async def close(self) -> None:
        """Finish pending reads and close the file. A second close does nothing."""
        await asyncio.to_thread(self._thread.shutdown)
        self._db.close()


def unreadable(error: sqlite3.Error) -> StoreError:
    """Return the error for a failed read of SQLite."""
    if isinstance(error, sqlite3.ProgrammingError):
        return StoreError("the store is closed")
    return StoreError(f"the store could not read: {error}")
