"""Run every write of this process in one thread, so that concurrent writes share a commit."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

from rushes.core.errors import StoreError
from rushes.store.sql.group_commit import GroupCommit, OnCommit, Waiting

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
"""Statements of one write. They run in the thread; nothing in them waits."""


class GroupCommitWriter:
    """
    Runs writes in a thread; writes that wait at the same moment share one transaction.

    Each write has its own savepoint, so that a failing one undoes only itself. Callers get their
    result after the commit is on disk.
    """

    def __init__(self, db: sqlite3.Connection, on_commit: OnCommit | None = None) -> None:
        self._group = GroupCommit(partial(_write_together, db), end=db.close, on_commit=on_commit)

    async def run(
        self,
        work: Work[T],
        *,
        alone_for: str | None = None,
        locked: str = "",
        on_written: Callable[[T], None] | None = None,
    ) -> T:
        """
        Run *work* and return its result after the commit is synced to disk.

        A cancellation of the caller does not undo the write.

        Args:
            alone_for: Ignored, because writes run one after the other; see :class:`Writer`.

            locked: Ignored, too.

            on_written: Called on the event loop with the result, before the caller continues.

        Raises:
            StoreError: It could not be written, or the store is closed. Nothing was written.
        """
        result: T = await self._group.run(work, on_written=on_written)
        return result

    async def close(self) -> None:
        """Make the waiting writes, then end the thread and its connection."""
        await self._group.close()


def _write_together(db: sqlite3.Connection, batch: list[Waiting]) -> None:
    try:
        db.execute("BEGIN IMMEDIATE")
        for waiting in batch:
            _write_one(db, waiting)
        db.execute("COMMIT")
    except Exception as error:  # noqa: BLE001  # the thread must outlive it, each caller hears it
        with suppress(sqlite3.Error):
            if db.in_transaction:
                db.execute("ROLLBACK")
        for waiting in batch:  # one exception for each caller: tasks must not share one
            waiting.error = waiting.error or _translated(error)


def _write_one(db: sqlite3.Connection, waiting: Waiting) -> None:
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
