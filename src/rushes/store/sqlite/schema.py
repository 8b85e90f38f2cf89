"""Open the database file, and migrate its tables to this version."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from rushes.core.errors import SettingsError
from rushes.kit.private import private_file
from rushes.store.sql.rows import folded_prompt, makes

BUSY_S: Final = 15.0
"""How long a write waits for another process before it fails, in seconds."""

_LOG_PAGES: Final = 4000
"""
The length of the write-ahead log at which SQLite copies it into the file, in pages of 4 KiB.

Ids are random, so that a group of writes changes pages all over the file. With a longer log, SQLite
copies a page that changed several times only once.
"""

_OURS: Final = 0x52555348
"""SQLite's ``application_id`` of our files: "RUSH"."""


def open_writer(path: Path) -> sqlite3.Connection:
    """
    Return a connection for writing, with up-to-date tables and synced commits.

    Raises:
        SettingsError: The file is no database of rushes, belongs to a newer version, or cannot be
            opened.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        private_file(path)  # other users of the machine must not read prompts and webhook URLs
        db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(f"{path} cannot be opened: {error}") from error
    try:
        _migrate(db, path)
        _use_wal(db)
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
        db.execute("PRAGMA temp_store = MEMORY")  # for savepoints; a file costs a third
    except sqlite3.Error as error:
        db.close()
        raise SettingsError(f"{path} cannot be used as a store: {error}") from error
    except SettingsError:
        db.close()
        raise
    return db


def open_reader(path: Path) -> sqlite3.Connection:
    """Return a connection for reading; the file must have a writer already."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    db = sqlite3.connect(
        address, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    db.create_function("folded_prompt", 1, folded_prompt, deterministic=True)
    db.create_function("makes", 1, makes, deterministic=True)
    return db


def migrations() -> tuple[str, ...]:
    """Return the migration scripts in order; a script's position is its number."""
    folder = Path(__file__).parent / "migrations"  # importlib.resources takes 10 ms to import
    return tuple(script.read_text("utf-8") for script in sorted(folder.glob("*.sql")))


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    scripts = migrations()
    if _version(db) == len(scripts) and _is_ours(db):
        return  # without a lock: often a busy server has the file open
    db.execute("BEGIN IMMEDIATE")
    try:
        version = _checked_version(db, path, known=len(scripts))
        for script in scripts[version:]:
            for statement in _statements(script):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(scripts)}")
        db.execute(f"PRAGMA application_id = {_OURS}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _checked_version(db: sqlite3.Connection, path: Path, *, known: int) -> int:
    version = _version(db)
    if (version or _has_tables(db)) and not _is_ours(db):
        raise SettingsError(f"{path} is a SQLite file of another program; name another file")
    if version > known:
        raise SettingsError(
            f"{path} was written by a newer version of rushes (its tables are version {version},"
            f" this version knows {known}): update rushes, or name another data folder"
        )
    return version


def _use_wal(db: sqlite3.Connection) -> None:
    # Turning WAL on needs the file alone for a moment, and SQLite does not wait for that.
    give_up_at = time.monotonic() + BUSY_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)
        else:
            return


def _statements(script: str) -> Iterator[str]:
    """Yield the statements one by one, since ``executescript`` would commit first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _version(db: sqlite3.Connection) -> int:
    return _number(db, "PRAGMA user_version")


def _is_ours(db: sqlite3.Connection) -> bool:
    return _number(db, "PRAGMA application_id") == _OURS


def _has_tables(db: sqlite3.Connection) -> bool:
    return _number(db, "SELECT count(*) FROM sqlite_schema") > 0


def _number(db: sqlite3.Connection, query: str) -> int:
    with closing(db.execute(query)) as rows:
        return int(rows.fetchone()[0])
