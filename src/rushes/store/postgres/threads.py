"""Run blocking work on the database in threads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from rushes.core.errors import StoreError
from rushes.store.postgres.connections import Connections, PgConnection, lock_number
from rushes.store.sql.connection import Cursor

T = TypeVar("T")


class DatabaseThreads:
    """
    Threads with a connection each; work waits for a free one.

    Args:
        count: How many threads there may be.
    """

    def __init__(self, connections: Connections, count: int) -> None:
        self.connections = connections
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="rushes-postgres")

    async def run(self, work: Callable[[float], T]) -> T:
        """
        Return the result of *work*, which gets the monotonic time at which it must give up.

        A cancellation of the caller does not stop work that has begun.

        Raises:
            StoreError: The store is closed.
        """
        give_up_at = self.connections.give_up_at()
        try:
            future = self._threads.submit(work, give_up_at)
        except RuntimeError as error:
            raise StoreError("the store is closed") from error
        return await asyncio.wrap_future(future)

    async def close(self) -> None:
        """Finish what has begun, and end the threads."""
        await asyncio.to_thread(self._threads.shutdown)


class ThreadReader:
    """Runs reads, and writes of one statement that may be repeated."""

    def __init__(self, threads: DatabaseThreads) -> None:
        self._threads = threads

    async def run(self, work: Callable[[PgConnection], T]) -> T:
        """Return the result of *work*. Raises StoreError."""
        connections = self._threads.connections
        return await self._threads.run(
            lambda give_up_at: connections.read(work, give_up_at=give_up_at)
        )


class ThreadWriter:
    """Runs each write in a transaction; see :class:`rushes.store.sql.connection.Writer`."""

    def __init__(self, threads: DatabaseThreads) -> None:
        self._threads = threads

    async def run(
        self, work: Callable[[PgConnection], T], *, alone_for: str | None = None, locked: str = ""
    ) -> T:
        names = [] if alone_for is None else [f"account {alone_for}"]
        numbers = sorted(lock_number(name) for name in [*names, locked] if name)
        connections = self._threads.connections

        def lock(db: PgConnection) -> list[Cursor]:
            return [db.execute("SELECT pg_advisory_xact_lock(?)", (one,)) for one in numbers]

        return await self._threads.run(
            lambda give_up_at: connections.write(
                lock, lambda db, _: work(db), give_up_at=give_up_at
            )
        )
