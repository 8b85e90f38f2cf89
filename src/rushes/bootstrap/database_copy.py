"""
Copy a database from SQLite to PostgreSQL or back, and check the copy.

The copy is one transaction: either all of it is there, and equal, or nothing. Nobody can write to
the source meanwhile. Work under way goes on afterwards, when its leases end.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol

import psycopg

from rushes.core.errors import SettingsError
from rushes.store.postgres.connections import Connections, PgConnection
from rushes.store.postgres.nul_characters import storable
from rushes.store.postgres.schema import migrate
from rushes.store.sql.connection import Row
from rushes.store.sql.copied_columns import NEVER_REUSED, TABLES, CopiedTable, key_of
from rushes.store.sql.rows import folded_prompt, makes
from rushes.store.sqlite.schema import BUSY_S, open_writer

_AT_ONCE: Final = 1000
_STOP: Final = "stop every server first"


class _End(Protocol):
    """A database that is copied from or to."""

    def begin(self) -> None:
        """Start a transaction in which nobody else writes."""
        ...

    def rows(self, query: str) -> Iterator[Row]: ...

    def add(self, table: str, rows: Iterable[Row]) -> None: ...

    def last_number(self, table: str) -> int:
        """Return the last number that a table has given to a row; 0 for none."""
        ...

    def set_last_number(self, table: str, number: int) -> None: ...

    def commit(self) -> None: ...


def copy_to_postgres(path: Path, url: str) -> tuple[CopiedTable, ...]:
    """
    Copy a SQLite file into an empty PostgreSQL database.

    Raises:
        SettingsError: One of them cannot be used, the target is not empty, or the copy differs.
    """
    with closing(open_writer(path)) as file, closing(_opened(url)) as raw:
        _must_be_unused(file)
        return _copy(_SqliteEnd(file), _PostgresEnd(raw))


def copy_to_sqlite(url: str, path: Path) -> tuple[CopiedTable, ...]:
    """
    Copy a PostgreSQL database into an empty or new SQLite file.

    Raises:
        SettingsError: One of them cannot be used, the target is not empty, or the copy differs.
    """
    with closing(open_writer(path)) as file, closing(_opened(url)) as raw:
        _must_be_alone(raw)
        return _copy(_PostgresEnd(raw), _SqliteEnd(file))


def _opened(url: str) -> "psycopg.Connection[Row]":
    try:
        raw = Connections(url).open()
        migrate(raw)
    except psycopg.Error as error:
        raise SettingsError(f"the database of store.url cannot be used: {error}") from error
    return raw


def _must_be_unused(file: sqlite3.Connection) -> None:
    """Leave WAL, which SQLite refuses while another process has the file open."""
    try:
        file.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise SettingsError(f"the SQLite file is in use ({error}): {_STOP}") from error


def _must_be_alone(raw: "psycopg.Connection[Row]") -> None:
    """Refuse a database to which servers are connected, as far as they can be seen."""
    row = raw.execute(_SERVERS.encode()).fetchone()
    if row and row[0]:
        raise SettingsError(
            f"the PostgreSQL database is in use ({row[0]} connections of rushes): {_STOP}"
        )


_SERVERS: Final = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'rushes' AND pid <> pg_backend_pid()
"""


def _copy(source: _End, target: _End) -> tuple[CopiedTable, ...]:
    source.begin()
    target.begin()
    for table in TABLES:
        for _ in target.rows(f"SELECT 1 FROM {table} LIMIT 1"):  # noqa: S608  # constants, here and below
            raise SettingsError(f"the database to copy to is not empty: its table {table} has rows")
    copied: list[CopiedTable] = []
    for table in TABLES:
        query = _select(table)
        target.add(table, source.rows(query))
        original, copy = (_summed(table, end.rows(query)) for end in (source, target))
        if original != copy:
            raise SettingsError(f"the copy of the table {table} differs; nothing was copied")
        copied.append(original)
        if "seq" in TABLES[table]:
            target.set_last_number(table, source.last_number(table))
    for query in (_LEDGER, _FUNDS, _OPEN):
        if list(source.rows(query)) != list(target.rows(query)):
            raise SettingsError("the credits of the copy do not add up; nothing was copied")
    target.commit()
    return tuple(copied)


_LEDGER: Final = """
    SELECT account_id, CAST(sum(balance) AS bigint), CAST(sum(held) AS bigint) FROM ledger
    GROUP BY account_id ORDER BY account_id
"""
_FUNDS: Final = "SELECT account_id, balance, held FROM funds ORDER BY account_id"
_OPEN: Final = "SELECT state, count(*) FROM generation GROUP BY state ORDER BY state"


def _select(table: str) -> str:
    columns, order = ", ".join(TABLES[table]), ", ".join(key_of(table))
    return f"SELECT {columns} FROM {table} ORDER BY {order}"  # noqa: S608  # as above


def _summed(table: str, rows: Iterable[Row]) -> CopiedTable:
    digest, count = sha256(), 0
    for row in rows:
        count += 1
        digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
    return CopiedTable(name=table, rows=count, digest=digest.hexdigest())


class _SqliteEnd:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def begin(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def rows(self, query: str) -> Iterator[Row]:
        return iter(self._db.execute(query))

    def add(self, table: str, rows: Iterable[Row]) -> None:
        columns = TABLES[table]
        marks = ", ".join("?" * len(columns))
        insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  # as above
        self._db.executemany(insert, rows)

    def last_number(self, table: str) -> int:
        if table in NEVER_REUSED:
            query = "SELECT seq FROM sqlite_sequence WHERE name = ?"
            row = self._db.execute(query, (table,)).fetchone()
        else:
            row = self._db.execute(f"SELECT max(seq) FROM {table}").fetchone()  # noqa: S608  # as above
        return int(row[0] or 0) if row else 0

    def set_last_number(self, table: str, number: int) -> None:
        if table not in NEVER_REUSED or not number:
            return
        self._db.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        self._db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, number))

    def commit(self) -> None:
        self._db.execute("COMMIT")


class _PostgresEnd:
    def __init__(self, raw: "psycopg.Connection[Row]") -> None:
        self._raw = raw
        self._db = PgConnection(raw)

    def begin(self) -> None:
        self._db.execute("BEGIN")
        self._db.execute(f"SET LOCAL lock_timeout = '{int(BUSY_S)}s'")
        try:
            self._db.execute(f"LOCK TABLE {', '.join(TABLES)} IN EXCLUSIVE MODE")
        except psycopg.errors.LockNotAvailable as error:
            raise SettingsError(f"the PostgreSQL database is in use: {_STOP}") from error

    def rows(self, query: str) -> Iterator[Row]:
        with self._raw.cursor(name="rushes_copy") as cursor:  # fetched in parts
            cursor.execute(query.encode())
            while page := cursor.fetchmany(_AT_ONCE):
                yield from page

    def add(self, table: str, rows: Iterable[Row]) -> None:
        columns = [*TABLES[table], *_COMPUTED.get(table, ())]
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with self._raw.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in rows:
                more = _computed(row) if table in _COMPUTED else ()
                copy.write_row([storable(value) for value in (*row, *more)])

    def last_number(self, table: str) -> int:
        query = f"SELECT last_value, is_called FROM {table}_seq_seq"  # noqa: S608  # as above
        last, is_called = self._db.execute(query).fetchone() or (0, False)
        return int(last) if is_called else 0

    def set_last_number(self, table: str, number: int) -> None:
        if number:
            query = f"SELECT setval('{table}_seq_seq', ?)"  # as above
            self._db.execute(query, (number,))

    def commit(self) -> None:
        self._db.execute("COMMIT")


_COMPUTED: Final = {"generation": ("folded_prompt", "makes", "held")}
"""Columns that PostgreSQL has in addition, computed from the body."""


def _computed(row: Sequence[Any]) -> Row:
    body = bytes(row[-1])
    quote: dict[str, Any] = json.loads(body).get("quote") or {}
    return folded_prompt(body), makes(body), int(quote.get("held", 0))
