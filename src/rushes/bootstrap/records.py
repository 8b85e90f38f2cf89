"""The accounts and keys of a data folder, without the rest of a server."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from rushes.kit.clock import SystemClock
from rushes.service.accounts import Accounts
from rushes.store.sqlite import SqliteStore


@asynccontextmanager
async def accounts_in(data: Path) -> AsyncGenerator[Accounts]:
    """Open the database of a data folder, beside a server that may run; close it afterwards."""
    store = SqliteStore(data / "rushes.db")
    try:
        yield Accounts(keyring=store, clock=SystemClock())
    finally:
        await store.close()
