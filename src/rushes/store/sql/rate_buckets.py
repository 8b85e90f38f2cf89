"""Read and write the rate buckets that processes share."""

from datetime import datetime, timedelta

from rushes.kit.rate_buckets import Reservation, pour
from rushes.store.sql.connection import Connection
from rushes.store.sql.rows import moment, when


def reserve(
    db: Connection,
    bucket: str,
    *,
    cost: timedelta,
    capacity: timedelta | None,
    now: datetime,
) -> Reservation:
    """Pour *cost* into a bucket, unless the level would rise above *capacity*."""
    row = db.execute("SELECT empty_at FROM rate_bucket WHERE name = ?", (bucket,)).fetchone()
    before = when(row[0]) if row else None
    reservation, empty_at = pour(before, cost=cost, capacity=capacity, now=now)
    if empty_at == before:
        return reservation  # a refused call writes nothing
    db.execute(
        "INSERT INTO rate_bucket (name, empty_at) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET empty_at = excluded.empty_at",
        (bucket, moment(empty_at)),
    )
    return reservation


def remove_empty_buckets(db: Connection, *, before: int) -> None:
    """Remove the buckets that were empty before a time, in microseconds since 1970."""
    db.execute("DELETE FROM rate_bucket WHERE empty_at < ?", (before,))
