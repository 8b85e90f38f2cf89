"""Open the database of a server; the only module that names a store's implementation."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Final

from rushes.core.errors import SettingsError
from rushes.kit.clock import Clock, SharedClock, SystemClock
from rushes.service.accounts import Accounts
from rushes.store.database import Database
from rushes.store.sqlite import SqliteStore

FILE: Final = "rushes.db"

CONNECTIONS: Final = 8
"""Connections to PostgreSQL by default."""


def clock_for(url: object) -> Clock:
    """Return the clock of a server: of PostgreSQL if *url* names a database, else the machine's."""
    return SystemClock() if url is None else SharedClock()


def open_database(
    data: Path,
    *,
    url: str | None = None,
    listen_url: str | None = None,
    connections: int = CONNECTIONS,
    clock: Clock | None = None,
    on_commit: Callable[[float, int], None] | None = None,
) -> Database:
    """
    Open the database, and create its tables if they are missing.

    Args:
        data: The data folder; it has the database unless *url* names one.

        url: The address of a PostgreSQL database.

        listen_url: The same database without a pooler, for wake-ups between processes.

        connections: How many connections to PostgreSQL to use.

        clock: The clock of the server; a :class:`SharedClock` follows the clock of PostgreSQL.

        on_commit: Called after each commit, in the writer's thread: how many seconds it took, and
            how many changes it wrote.

    Raises:
        SettingsError: The database cannot be used, or its driver is not installed.
    """
    if url is None:
        return SqliteStore(data / FILE, on_commit=on_commit)
    postgres_is_needed()
    from rushes.store.postgres import PostgresStore  # noqa: PLC0415  # an optional extra

    return PostgresStore(
        url,
        listen_url=listen_url,
        connections=connections,
        clock=clock if isinstance(clock, SharedClock) else None,
        on_commit=on_commit,
    )


def check_database(url: str) -> None:
    """
    Connect to a PostgreSQL database once.

    Raises:
        StoreError: It cannot be reached now.

        SettingsError: It refuses, and will refuse again; or its driver is not installed.
    """
    postgres_is_needed()
    from rushes.store.postgres.connections import check_connection  # noqa: PLC0415  # as above

    check_connection(url)


def postgres_is_needed() -> None:
    """Raise SettingsError if the driver of PostgreSQL is not installed."""
    try:
        import_module("psycopg")
    except ImportError as error:
        raise SettingsError(
            "store.url is set, and the driver of PostgreSQL is not installed:"
            " pip install 'rushes[postgres]'"
        ) from error


@asynccontextmanager
async def open_accounts(data: Path, url: str | None = None) -> AsyncGenerator[Accounts]:
    """
    Open only the accounts and keys of a server, and close them afterwards.

    The server may run. This needs no settings, so commands about keys start fast.

    Args:
        data: The data folder, which has the database unless *url* names one.

        url: The address of a PostgreSQL database.
    """
    clock = clock_for(url)
    database = open_database(data, url=url, connections=1, clock=clock)
    try:
        yield Accounts(keyring=database, clock=clock)
    finally:
        await database.close()
