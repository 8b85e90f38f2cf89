"""Read and write the failure counts that processes share."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from rushes.kit.failure_counts import FORGET_AFTER, FailureCount, count_failure
from rushes.store.sql.connection import Connection, Row
from rushes.store.sql.rows import moment, when

_COUNT: Final = "SELECT failures, paused_until FROM failure_count WHERE name = ?"
REMOVE_OLD: Final = "DELETE FROM failure_count WHERE failed_at < ?"


def failure_counts(db: Connection, names: Collection[str]) -> dict[str, FailureCount]:
    """Return the counts of those names that have one."""
    if not names:
        return {}
    marks = ", ".join("?" * len(names))
    query = f"SELECT name, failures, paused_until FROM failure_count WHERE name IN ({marks})"  # noqa: S608  # question marks
    return {row[0]: _count_of(row[1:]) for row in db.execute(query, tuple(names))}


def _count_of(row: Row) -> FailureCount:
    failures, until = row
    return FailureCount(failures=failures, paused_until=None if until is None else when(until))


def add_failure(
    db: Connection, name: str, *, threshold: int, now: datetime, requested_s: float
) -> FailureCount:
    """Count a failure; return the count afterwards."""
    row = db.execute(_COUNT, (name,)).fetchone()
    before = _count_of(row) if row else FailureCount()
    after = count_failure(before, threshold=threshold, now=now, requested_s=requested_s)
    until = None if after.paused_until is None else moment(after.paused_until)
    db.execute(
        "INSERT INTO failure_count (name, failures, paused_until, failed_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET failures = excluded.failures,"
        " paused_until = excluded.paused_until, failed_at = excluded.failed_at",
        (name, after.failures, until, moment(now)),
    )
    return after


def reset_failures(db: Connection, name: str) -> None:
    """Forget the failures of a name."""
    db.execute("DELETE FROM failure_count WHERE name = ?", (name,))


def last_kept(now: int) -> int:
    """Return the time before which a last failure is forgotten, in microseconds since 1970."""
    return now - FORGET_AFTER // timedelta(microseconds=1)
