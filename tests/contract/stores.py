"""The stores that the contract suites are run over. Another store is one more line in MAKERS."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sqlite import with_tables

from rushes.store.database import Database
from rushes.store.memory import MemoryStore
from rushes.store.postgres import PostgresStore
from rushes.store.sqlite import SqliteStore

MAKERS: dict[str, Callable[[pytest.FixtureRequest, Path], Database]] = {
    "memory": lambda request, folder: MemoryStore(),
    "sqlite": lambda request, folder: SqliteStore(with_tables(folder / "rushes.db")),
    "postgres": lambda request, folder: PostgresStore(request.getfixturevalue("postgres_url")),
}
