"""Read and write the rate buckets that processes share."""

import sqlite3
from datetime import datetime, timedelta

from rushes.kit.rate_buckets import Reservation, pour
from rushes.store.sqlite.rows import moment, when


def reserve(
    db: sqlite3.Connection,
    bucket: str,
    *,
    cost: timedelta,
    capacity: timedelta | None,
    now: datetime,
) -> Reservation:
    """Pour *cost* into a bucket, unless the level would rise above *capacity*."""
    row = db.execute("SELECT empty_at FROM rate_bucket WHERE name = ?", (bucket,)).fetchone()
    empty_at = when(row[0]) if row else None
    reservation, empty_at = pour(empty_at, cost=cost, capacity=capacity, now=now)
    db.execute(
        "INSERT OR REPLACE INTO rate_bucket (name, empty_at) VALUES (?, ?)",
        (bucket, moment(empty_at)),
    )
    return reservation


def remove_empty_buckets(db: sqlite3.Connection, *, before: int) -> None:
    """Remove the buckets that were empty before a time, in microseconds since 1970."""
    db.execute("DELETE FROM rate_bucket WHERE empty_at < ?", (before,))
