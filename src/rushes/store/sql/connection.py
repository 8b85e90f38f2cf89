"""
Define what the shared statements need of a database.

The statements have ``?`` for parameters and use only what SQLite and PostgreSQL understand alike.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Row = tuple[Any, ...]


class Cursor(Protocol):
    """The result of a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows the statement has written."""
        ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """Runs statements, inside a transaction if they write."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> Cursor: ...

    def executemany(self, statement: str, rows: Iterable[Row], /) -> object:
        """Run a statement for each row."""
        ...


class Writer(Protocol):
    """Runs the writes of a store."""

    async def run(
        self, work: Callable[[Connection], T], *, alone_for: str | None = None, locked: str = ""
    ) -> T:
        """
        Run *work* in a transaction and return its result after the commit is durable.

        A cancellation of the caller does not undo the write.

        Args:
            alone_for: An account. No other write of it runs at the same time that names it here, or
                that writes a generation of the account.

            locked: A name. No other write runs at the same time that names it here.

        Raises:
            StoreError: It could not be written, or the store is closed.
        """
        ...


class Reader(Protocol):
    """Runs the reads of a store."""

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Return the result of *work*. Raises StoreError, also when the store is closed."""
        ...


async def rows(reader: Reader, query: str, *values: object) -> list[Row]:
    """Return the rows of a query."""
    return await reader.run(lambda db: db.execute(query, values).fetchall())
