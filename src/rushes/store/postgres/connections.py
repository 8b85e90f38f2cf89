"""
Run transactions on PostgreSQL, and recover from what can happen to a connection.

Every thread has a connection of its own, so the number of threads bounds the connections. A lost
connection is replaced. A transaction that surely was not committed is repeated. When a connection
is lost while it commits, the server is asked for the outcome (``pg_xact_status``), so that no write
is made twice and none is reported as failed although it was made.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from rushes.core.errors import SettingsError, StoreError
from rushes.store.postgres.nul_characters import NulLoader, storable
from rushes.store.sql.connection import Row

T = TypeVar("T")
L = TypeVar("L")
Raw = psycopg.Connection[Row]

PATIENCE_S: Final = 15.0
"""How long a read or a write tries to reach the database before it fails, in seconds."""

_LONGEST_PAUSE_S: Final = 0.5

_COLLISIONS: Final = 10
"""How often a transaction is repeated that collides with others."""

logging.getLogger("psycopg").setLevel(logging.ERROR)  # it warns of what is recovered from here

_PARAMETERS: Final = {
    "application_name": "rushes",
    "connect_timeout": 5,
    # A server that vanished without a word is noticed after 20 seconds, not after hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}

_PASSING: Final = (
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.UniqueViolation,  # another process was faster; the next try sees what it wrote
    errors.CheckViolation,
)
"""Errors that another try of the same transaction does not meet again."""

_FINAL_REFUSALS: Final = ("authentication failed", "does not exist", "no pg_hba.conf entry")
"""Parts of the server's answers to a connection that waiting does not change.

The driver does not tell the code of such an answer. An answer in another language is waited out.
"""

_ELSEWHERE: Final = (errors.ReadOnlySqlTransaction, errors.CannotConnectNow)
"""Errors of a server that does not take writes now, for example after a failover."""


class PgConnection:
    """Runs the statements that SQLite and PostgreSQL share."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> psycopg.Cursor[Row]:
        return self.raw.execute(_translated(statement), [storable(one) for one in values])

    def executemany(self, statement: str, rows: Iterable[Row], /) -> None:
        with self.raw.cursor() as cursor:
            cursor.executemany(
                _translated(statement), [[storable(one) for one in row] for row in rows]
            )


@lru_cache(maxsize=512)
def _translated(statement: str) -> bytes:
    return statement.replace("?", "%s").encode()


class Connections:
    """
    The connections of the threads of a store.

    Args:
        url: Where the database is, as libpq reads it.

        listen_url: The same database without a pooler.

        patience_s: How long a read or a write tries to reach the database.
    """

    def __init__(
        self, url: str, *, listen_url: str | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        self._address = make_conninfo(url, **_missing(url))
        self._listen_address = (
            make_conninfo(listen_url, **_missing(listen_url)) if listen_url else None
        )
        self._patience_s = patience_s
        self._local = threading.local()
        self._lock = threading.Lock()
        self._opened: set[Raw] = set()
        self._closed = False
        self.is_pooled = False
        """Whether a pooler such as PgBouncer is between: no session keeps its backend then."""

    def open(self) -> Raw:
        """
        Return a new connection, which the caller closes.

        Raises:
            psycopg.OperationalError: There is none to be had.
        """
        raw: Raw = psycopg.connect(
            self._address, autocommit=True, prepare_threshold=None if self.is_pooled else 5
        )
        raw.adapters.register_loader("text", NulLoader)
        return raw

    @property
    def can_listen(self) -> bool:
        """Whether a connection can wait for notifications: not through a pooler."""
        return bool(self._listen_address) or not self.is_pooled

    def open_listener(self) -> Raw:
        """Return a new connection that can wait for notifications, which the caller closes."""
        raw: Raw = psycopg.connect(self._listen_address or self._address, autocommit=True)
        return raw

    def give_up_at(self) -> float:
        """Return the monotonic time at which a caller that comes now gets an error."""
        return time.monotonic() + self._patience_s

    def read(self, work: Callable[[PgConnection], T], *, give_up_at: float) -> T:
        """
        Return the result of *work*, which only reads or may be repeated.

        Raises:
            StoreError: The database could not be reached in time, or refused.
        """
        return self._repeat(lambda raw: work(PgConnection(raw)), give_up_at, "read")

    def write(
        self,
        load: Callable[[PgConnection], L],
        work: Callable[[PgConnection, L], T],
        *,
        give_up_at: float,
        is_pipelined: bool = False,
    ) -> T:
        """
        Run a transaction and return the result of *work* after the commit.

        Args:
            load: Sends the first statements and returns their cursors, without waiting.

            work: Gets these cursors, with their results.

            is_pipelined: Whether *work* does not wait for results, so that its statements travel
                together with the commit.

        Raises:
            StoreError: The database could not be reached in time, or refused. Nothing was written,
                unless the error says that this is unknown.
        """
        return self._repeat(
            lambda raw: self._transact(raw, load, work, give_up_at, is_pipelined=is_pipelined),
            give_up_at,
            "write",
        )

    def close(self) -> None:
        """Close every connection. A later use raises StoreError."""
        with self._lock:
            self._closed = True
            opened, self._opened = self._opened, set()
        for raw in opened:
            raw.close()

    def _transact(
        self,
        raw: Raw,
        load: Callable[[PgConnection], L],
        work: Callable[[PgConnection, L], T],
        give_up_at: float,
        *,
        is_pipelined: bool,
    ) -> T:
        db = PgConnection(raw)
        with _rolled_back(raw), raw.pipeline():
            raw.execute(b"BEGIN")
            number = raw.execute(b"SELECT pg_current_xact_id()::text")
            loaded = load(db)
        done: list[T] = []
        try:
            with _rolled_back(raw), raw.pipeline() if is_pipelined else nullcontext():
                done.append(work(db, loaded))
                raw.execute(b"COMMIT")
        except psycopg.OperationalError:
            if not (done and raw.closed and self._was_committed(_only(number), give_up_at)):
                raise
        return done[0]

    def _was_committed(self, number: str, give_up_at: float) -> bool:
        """Return the outcome of a transaction whose commit was not answered."""
        while True:
            try:
                with self.open() as raw:
                    query = b"SELECT pg_xact_status(%s::text::xid8)"
                    status = _only(raw.execute(query, (number,)))
            except errors.InvalidParameterValue:
                return False  # a number of the future: the server that we are at now has lost it
            except psycopg.OperationalError:
                status = "unreachable"
            if status in {"committed", "aborted"} or status is None:
                return bool(status == "committed")
            if time.monotonic() > give_up_at:
                raise StoreError(
                    "the database did not say in time whether it has stored this: it may have"
                )
            time.sleep(0.05)

    def _repeat(self, run: Callable[[Raw], T], give_up_at: float, doing: str) -> T:
        pause_s, collisions = 0.0, 0
        while True:
            try:
                return run(self._own())
            except psycopg.Error as error:
                self._drop_broken(error)
                collisions += isinstance(error, _PASSING)
                is_late = time.monotonic() + pause_s > give_up_at
                if not _may_pass(error) or is_late or collisions > _COLLISIONS:
                    raise _translated_error(error, doing) from error
            time.sleep(pause_s * random.uniform(0.5, 1))
            pause_s = min(_LONGEST_PAUSE_S, pause_s * 2 or 0.01)

    def _own(self) -> Raw:
        """Return the connection of this thread."""
        if self._closed:
            raise StoreError("the store is closed")
        raw: Raw | None = getattr(self._local, "raw", None)
        if raw is None or raw.closed:
            raw = self.open()
            with self._lock:
                self._opened.add(raw)
            self._local.raw = raw
        return raw

    def _drop_broken(self, error: psycopg.Error) -> None:
        raw: Raw | None = getattr(self._local, "raw", None)
        if raw is not None and (raw.closed or isinstance(error, _ELSEWHERE)):
            raw.close()
            with self._lock:
                self._opened.discard(raw)
            self._local.raw = None


def has_pooler(raw: Raw) -> bool:
    """
    Tell whether a pooler such as PgBouncer is between this process and the server.

    A pooler answers with a process number of its own, because cancellations go through it.
    """
    return bool(raw.info.backend_pid != _only(raw.execute(b"SELECT pg_backend_pid()")))


def check_connection(url: str) -> None:
    """
    Connect once.

    Raises:
        StoreError: The server cannot be reached, or does not take connections now.

        SettingsError: It refuses this user or database.
    """
    try:
        Connections(url).open().close()
    except psycopg.OperationalError as error:
        why = str(error).strip().partition("\n")[0]
        if any(refusal in why for refusal in _FINAL_REFUSALS):
            raise SettingsError(f"the database of store.url cannot be used: {why}") from error
        raise StoreError(why) from error
    except psycopg.Error as error:
        raise SettingsError(f"store.url cannot be used: {error}") from error


def lock_number(name: str) -> int:
    """Return the number of an advisory lock: 64 bits of a hash."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)


@contextmanager
def _rolled_back(raw: Raw) -> Generator[None]:
    """End the transaction when the block fails."""
    try:
        yield
    except BaseException:
        with suppress(psycopg.Error):
            raw.rollback()
        raise


def _only(cursor: psycopg.Cursor[Row]) -> Any:
    row = cursor.fetchone()
    return None if row is None else row[0]


def _may_pass(error: psycopg.Error) -> bool:
    """Tell whether another try may succeed."""
    if isinstance(error, errors.QueryCanceled):
        return False  # statement_timeout: it would take as long again
    is_transient = isinstance(error, (*_PASSING, *_ELSEWHERE))
    return is_transient or (isinstance(error, psycopg.OperationalError) and not _is_refusal(error))


def _is_refusal(error: psycopg.Error) -> bool:
    """Tell whether the server has answered and its answer will not change."""
    state = error.sqlstate or ""
    return state[:2] in {"28", "3D", "53", "54"} and not state.startswith("533")


def _translated_error(error: psycopg.Error, doing: str) -> StoreError:
    why = str(error).strip().splitlines()
    return StoreError(f"the store could not {doing}: {why[0] if why else type(error).__name__}")


def _missing(url: str) -> dict[str, Any]:
    """Return our connection parameters that the address does not set itself."""
    given = conninfo_to_dict(url)
    return {name: value for name, value in _PARAMETERS.items() if name not in given}
