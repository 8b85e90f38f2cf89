"""A thread that reads what takes longer than a moment, so that nobody waits for it."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from rushes.core.errors import StoreError

T = TypeVar("T")


class ReaderThread:
    """Runs readings one after the other, on a connection of its own."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rushes-listing")

    async def run(self, reading: Callable[[sqlite3.Connection], T]) -> T:
        """Return what *reading* does. Raises StoreError, also once this is closed."""
        try:
            future = self._thread.submit(self._read, reading)
        except RuntimeError as error:
            raise StoreError("the store is closed") from error
        return await asyncio.wrap_future(future)

    def _read(self, reading: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return reading(self._db)
        except sqlite3.Error as error:
            raise unreadable(error) from error

    async def close(self) -> None:
        """Finish what was begun and let go of the file; closing twice is harmless."""
        await asyncio.to_thread(self._thread.shutdown)
        self._db.close()


def unreadable(error: sqlite3.Error) -> StoreError:
    """Return what to raise when SQLite could not read."""
    if isinstance(error, sqlite3.ProgrammingError):
        return StoreError("the store is closed")
    return StoreError(f"the store could not read: {error}")
