"""
Create and migrate the tables of a PostgreSQL database.

A migration is a numbered script. Each runs in a transaction under a lock, so that several nodes may
start at once. Its first line, ``-- oldest: N``, names the oldest release that still works on the
tables afterwards, by the number of migrations that the release knows. So nodes of the last release
go on while the first node of a new one migrates.
"""

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import psycopg

from rushes.core.errors import SettingsError
from rushes.store.postgres.connections import Raw, has_pooler, lock_number

__all__ = ["Migration", "SchemaStatus", "has_pooler", "migrate", "migrations", "schema_status"]

_LOCK: Final = lock_number("rushes migrations")
_OLDEST: Final = re.compile(r"-- oldest: (\d+)\n")
OLDEST_SERVER: Final = 140_000
"""PostgreSQL 14, as libpq counts."""

_APPLIED: Final = """
    CREATE TABLE IF NOT EXISTS rushes_migration (
        number integer PRIMARY KEY,
        name text NOT NULL,
        oldest integer NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    )
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A script that changes the tables."""

    number: int
    name: str
    oldest: int
    """The oldest number of migrations that a release must know to work on the tables afterwards."""

    script: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaStatus:
    """Which migrations a database has."""

    applied: int
    """How many migrations the database has; 0 for an empty one."""

    known: int
    """How many migrations this release knows."""

    oldest: int
    """How many a release must know to work on this database."""


def migrations() -> tuple[Migration, ...]:
    """Return the migrations in order."""
    folder = files("rushes.store.postgres") / "migrations"
    scripts = sorted((one for one in folder.iterdir() if one.name.endswith(".sql")), key=str)
    return tuple(
        _migration(number, one.name.removesuffix(".sql"), one.read_text("utf-8"))
        for number, one in enumerate(scripts, start=1)
    )


def _migration(number: int, name: str, script: str) -> Migration:
    said = _OLDEST.match(script)
    if said is None:
        raise ValueError(f"migration {name} does not say which releases work on its tables")
    return Migration(number=number, name=name, oldest=int(said[1]), script=script)


def schema_status(raw: Raw, known: tuple[Migration, ...] | None = None) -> SchemaStatus:
    """
    Return how the tables of a database stand.

    Raises:
        SettingsError: The database belongs to another program, or is too old.
    """
    known = migrations() if known is None else known
    if raw.info.server_version < OLDEST_SERVER:
        raise SettingsError("PostgreSQL 14 or later is needed; this server is older")
    applied, oldest = 0, 0
    if _exists(raw, "rushes_migration"):
        query = b"SELECT coalesce(max(number), 0), coalesce(max(oldest), 0) FROM rushes_migration"
        applied, oldest = raw.execute(query).fetchone() or (0, 0)
    elif _exists(raw, "generation") or _exists(raw, "delivery"):
        raise SettingsError(
            "the database has tables of another program; give rushes a database of its own"
        )
    return SchemaStatus(applied=applied, known=len(known), oldest=oldest)


def migrate(raw: Raw, known: tuple[Migration, ...] | None = None) -> SchemaStatus:
    """
    Bring the tables to this release, unless a newer one has already gone further.

    Raises:
        SettingsError: The database belongs to another program or to a release that this one cannot
            work with, or this user may not create tables.
    """
    known = migrations() if known is None else known
    status = _usable(schema_status(raw, known))
    if status.applied >= status.known:
        return status
    try:
        with raw.transaction():
            raw.execute(b"SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            status = _usable(schema_status(raw, known))  # another node may have been faster
            raw.execute(_APPLIED.encode())
            for one in known[status.applied :]:
                raw.execute(one.script.encode())
                raw.execute(
                    b"INSERT INTO rushes_migration (number, name, oldest) VALUES (%s, %s, %s)",
                    (one.number, one.name, one.oldest),
                )
    except psycopg.errors.InsufficientPrivilege as error:
        raise SettingsError(
            "this database user may not create tables: run 'rushes db migrate' with a store.url"
            f" of a user who may ({error.diag.message_primary})"
        ) from error
    return schema_status(raw, known)


def _usable(status: SchemaStatus) -> SchemaStatus:
    if status.oldest > status.known:
        raise SettingsError(
            f"the database was migrated by a newer release (its tables are version"
            f" {status.applied}, which needs {status.oldest}; this release knows {status.known}):"
            " update rushes"
        )
    return status


def _exists(raw: Raw, table: str) -> bool:
    found = raw.execute(b"SELECT to_regclass(%s) IS NOT NULL", (table,)).fetchone()
    return bool(found and found[0])
