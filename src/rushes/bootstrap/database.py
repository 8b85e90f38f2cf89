"""Open the database of a data folder; the only module that names a store's implementation."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from rushes.kit.clock import SystemClock
from rushes.service.accounts import Accounts
from rushes.store.database import Database
from rushes.store.sqlite import SqliteStore

FILE = "rushes.db"


def open_database(data: Path, *, on_commit: Callable[[float, int], None] | None = None) -> Database:
    """
    Open the database in the folder *data*, and create it if it is missing.

    Args:
        on_commit: Called after each commit, in the writer's thread: how many seconds it took, and
            how many changes it wrote.
    """
    return SqliteStore(data / FILE, on_commit=on_commit)


@asynccontextmanager
async def open_accounts(data: Path) -> AsyncGenerator[Accounts]:
    """
    Open only the accounts and keys of a data folder, and close them afterwards.

    A server may run on the same folder. This needs no settings, so commands about keys start fast.
    """
    database = open_database(data)
    try:
        yield Accounts(keyring=database, clock=SystemClock())
    finally:
        await database.close()
