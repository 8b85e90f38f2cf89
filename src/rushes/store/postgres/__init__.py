"""The store for several machines: a PostgreSQL database."""

from rushes.store.postgres.store import PostgresStore

__all__ = ["PostgresStore"]
