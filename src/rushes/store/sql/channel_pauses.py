"""Read and write pauses of channels."""

from typing import Final

from rushes.core.channel_pause import ChannelPause, PausedBy
from rushes.store.sql.connection import Connection, Row
from rushes.store.sql.rows import moment, when

PAUSES: Final = "SELECT channel, fingerprint, reason, since, until, by FROM rest ORDER BY channel"


def pause_of(row: Row) -> ChannelPause:
    """Return the pause of a row of :data:`PAUSES`."""
    channel, fingerprint, reason, since, until, by = row
    return ChannelPause(
        channel=channel,
        fingerprint=fingerprint,
        reason=reason,
        since=when(since),
        until=None if until is None else when(until),
        by=PausedBy(by),
    )


def set_pause(db: Connection, pause: ChannelPause) -> None:
    """Write a pause; it replaces the channel's earlier one."""
    db.execute(
        "INSERT INTO rest (channel, fingerprint, reason, since, until, by)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (channel) DO UPDATE SET"
        " fingerprint = excluded.fingerprint, reason = excluded.reason, since = excluded.since,"
        " until = excluded.until, by = excluded.by",
        (
            pause.channel,
            pause.fingerprint,
            pause.reason,
            moment(pause.since),
            None if pause.until is None else moment(pause.until),
            pause.by,
        ),
    )


def end_pause(db: Connection, channel: str) -> bool:
    """Remove a channel's pause; return whether there was one."""
    return db.execute("DELETE FROM rest WHERE channel = ?", (channel,)).rowcount == 1
