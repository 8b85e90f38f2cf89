"""Show, migrate and copy the database that the settings name, for ``rushes db``."""

import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from rushes.bootstrap.database import FILE, postgres_is_needed
from rushes.core.errors import SettingsError
from rushes.store.sql.copied_columns import CopiedTable
from rushes.store.sqlite.schema import migrations as sqlite_migrations
from rushes.store.sqlite.schema import open_writer


def database_status(data: Path, url: str | None) -> dict[str, object]:
    """
    Return how the database stands, without changing it.

    Raises:
        SettingsError: It cannot be read.
    """
    return _sqlite_status(data / FILE) if url is None else _postgres_status(url)


def migrated(data: Path, url: str | None) -> dict[str, object]:
    """
    Create the tables or bring them to this release; return how the database stands.

    Raises:
        SettingsError: The database cannot be used, or belongs to a newer release.
    """
    if url is None:
        open_writer(data / FILE).close()
    else:
        with _postgres(url) as (schema, raw):
            schema.migrate(raw)
    return database_status(data, url)


def copied_to_postgres(path: Path, url: str) -> tuple[tuple[CopiedTable, ...], Path]:
    """
    Copy a SQLite file to PostgreSQL and rename it; return the tables and the file's new name.

    Raises:
        SettingsError: The databases cannot be used, the target is not empty, or the copy differs.
    """
    postgres_is_needed()
    from rushes.bootstrap.database_copy import copy_to_postgres  # noqa: PLC0415  # an optional extra

    tables = copy_to_postgres(path, url)
    former = path.with_name(f"{path.name}.copied-{time.strftime('%Y%m%d-%H%M%S')}")
    path.rename(former)
    return tables, former


def copied_to_sqlite(url: str, path: Path) -> tuple[CopiedTable, ...]:
    """
    Copy a PostgreSQL database to a SQLite file.

    Raises:
        SettingsError: The databases cannot be used, the target is not empty, or the copy differs.
    """
    postgres_is_needed()
    from rushes.bootstrap.database_copy import copy_to_sqlite  # noqa: PLC0415  # an optional extra

    return copy_to_sqlite(url, path)


def _sqlite_status(path: Path) -> dict[str, object]:
    known = len(sqlite_migrations())
    found: dict[str, object] = {"database": "sqlite", "place": str(path)}
    applied = 0
    if path.is_file():
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
                applied = int(db.execute("PRAGMA user_version").fetchone()[0])
        except sqlite3.Error as error:
            raise SettingsError(f"{path} cannot be read: {error}") from error
    return found | {"tables": applied, "known": known, "fits": applied == known}


def _postgres_status(url: str) -> dict[str, object]:
    with _postgres(url) as (schema, raw):
        status = schema.schema_status(raw)
        began_s = time.perf_counter()
        pooler = schema.has_pooler(raw)
        took_s = time.perf_counter() - began_s
        size = raw.execute(b"SELECT pg_database_size(current_database())").fetchone()
        info = raw.info
        return {
            "database": "postgres",
            "place": f"{info.dbname} at {info.host} as {info.user}",
            "server": str(info.server_version // 10_000),
            "size_bytes": size[0] if size else None,
            "round_trip_ms": round(took_s * 1000, 1),
            "pooler": pooler,
            "tables": status.applied,
            "known": status.known,
            "fits": status.oldest <= status.known <= status.applied,
        }


@contextmanager
def _postgres(url: str) -> Generator[Any]:
    """Give the module of the schema and a connection."""
    postgres_is_needed()
    import psycopg  # noqa: PLC0415  # an optional extra, here and below

    from rushes.store.postgres import schema  # noqa: PLC0415
    from rushes.store.postgres.connections import Connections  # noqa: PLC0415

    try:
        with closing(Connections(url).open()) as raw:
            yield schema, raw
    except psycopg.Error as error:
        why = str(error).strip().splitlines()
        raise SettingsError(
            f"the database of store.url cannot be used: {why[0] if why else error!r}"
        ) from error
