"""Declare the settings of the database."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic.dataclasses import dataclass

from rushes.settings.groups import CONFIG


def _database_url(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("must be like 'postgresql://user:password@host/name'")
    return url


DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Store:
    """The database of generations, keys, credits and webhooks."""

    url: DatabaseUrl | None = None
    """
    A PostgreSQL database, for several machines: ``postgresql://user:password@host/name``.

    It needs ``rushes[postgres]`` installed, and a database of its own. When it is unset, everything
    is in the SQLite file ``rushes.db`` in the data folder.
    """

    listen_url: DatabaseUrl | None = None
    """
    The same database without a pooler, for wake-ups between processes.

    Set it if ``store.url`` leads through PgBouncer in transaction mode. Without it, processes then
    notice each other's changes a second or two later.
    """

    connections: Annotated[int, Field(ge=1, le=200)] = 8
    """Connections of each process to PostgreSQL. It uses three more for writes and wake-ups."""
