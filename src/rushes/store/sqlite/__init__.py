"""The embedded store: one SQLite file, every writer sharing commits, no server."""

from rushes.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
