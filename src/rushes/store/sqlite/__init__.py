"""The embedded store: one SQLite file, with commits that several writers share."""

from rushes.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
