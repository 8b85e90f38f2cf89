"""Commit the changes of generations that wait, in groups."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from rushes.core.errors import RequestError, StoreError
from rushes.core.generation import Generation
from rushes.store.postgres.connections import Connections, PgConnection
from rushes.store.postgres.decide import Deferred, decide
from rushes.store.postgres.group_rows import Rows, flush
from rushes.store.postgres.group_state import load, read
from rushes.store.postgres.queries import FOLD_TALLY
from rushes.store.sql.connection import Cursor
from rushes.store.sql.failure_counts import REMOVE_OLD, last_kept
from rushes.store.sql.group_commit import Waiting
from rushes.store.sql.writing import Writing

_FORGET_EVERY: Final = timedelta(hours=1) // timedelta(microseconds=1)
"""How often idempotency keys that have ended are removed, in microseconds."""

_FOLD_EVERY: Final = 256
"""After how many groups the tally is folded."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a change: written, made before, refused, or left for the next group."""

    earlier: Generation | None = None
    error: RequestError | None = None
    is_deferred: bool = False


class ChangeWriter:
    """Writes groups of changes."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._groups = 0
        self._forget_at: int | None = None

    def write_together(self, batch: list[Waiting]) -> None:
        """Write the changes, and set the result or the error of each."""
        give_up_at = self._connections.give_up_at()
        left = batch
        while left:
            left = self._write(left, give_up_at)
        self._tidy([waiting.work for waiting in batch])

    def _write(self, batch: list[Waiting], give_up_at: float) -> list[Waiting]:
        """Write a group; return what has to wait for it."""
        try:
            outcomes = self._commit([waiting.work for waiting in batch], give_up_at)
        except Exception as error:  # noqa: BLE001  # the thread must outlive it, each caller hears it
            if len(batch) > 1 and time.monotonic() < give_up_at:
                for waiting in batch:  # alone, so that one that cannot be written harms no other
                    self._write([waiting], give_up_at)
                return []
            for waiting in batch:
                waiting.error = _own(error)
            return []
        for waiting, outcome in zip(batch, outcomes, strict=True):
            waiting.result, waiting.error = outcome.earlier, outcome.error
        return [w for w, outcome in zip(batch, outcomes, strict=True) if outcome.is_deferred]

    def _commit(self, group: Sequence[Writing], give_up_at: float) -> list[_Outcome]:
        def write(db: PgConnection, cursors: Mapping[str, Cursor]) -> list[_Outcome]:
            found, rows = read(cursors), Rows()
            outcomes: list[_Outcome] = []
            for writing in group:
                try:
                    outcomes.append(_Outcome(earlier=decide(writing, found, rows)))
                except Deferred:
                    outcomes.append(_Outcome(is_deferred=True))
                except RequestError as error:
                    outcomes.append(_Outcome(error=error))
            flush(db, rows)
            return outcomes

        return self._connections.write(
            lambda db: load(db, group), write, give_up_at=give_up_at, is_pipelined=True
        )

    def _tidy(self, group: Sequence[Writing]) -> None:
        """Remove idempotency keys that have ended, and fold the tally, from time to time."""
        self._groups += 1
        if self._groups % _FOLD_EVERY == 0:
            self._run_quietly(FOLD_TALLY)
        latest = max((one.at for one in group if one.once is not None), default=None)
        if latest is not None and latest >= (self._forget_at or latest):
            self._forget_at = latest + _FORGET_EVERY
            self._run_quietly("DELETE FROM once WHERE until <= ?", latest)
            self._run_quietly("DELETE FROM rate_bucket WHERE empty_at < ?", latest)
            self._run_quietly(REMOVE_OLD, last_kept(latest))

    def _run_quietly(self, statement: str, *values: object) -> None:
        with suppress(StoreError):  # the next time is early enough
            self._connections.read(
                lambda db: db.execute(statement, values),
                give_up_at=self._connections.give_up_at(),
            )


def _own(error: Exception) -> StoreError:
    """Return an error of its own for each caller, because tasks must not share one."""
    is_known = isinstance(error, StoreError)
    copy = StoreError(str(error) if is_known else f"the store could not write: {error}")
    copy.__cause__ = error
    return copy
