"""Prepare a change for the database in the caller's thread."""

from dataclasses import dataclass

from rushes.core.keys import InFlightLimit
from rushes.core.ledger import Entry, Usage, entries, usage_of
from rushes.core.lifecycle import Change
from rushes.store.base import ChannelLimit, IdempotencyClaim, Lease
from rushes.store.sql.rows import body, moment, waits_from


@dataclass(frozen=True, slots=True)
class Writing:
    """A change, serialized in the caller's thread, so that the writer's thread only binds it."""

    change: Change
    body: bytes
    once: IdempotencyClaim | None
    in_flight_limit: InFlightLimit | None
    channel_limit: ChannelLimit | None
    waits_from: int | None
    lease_worker: str | None
    at: int
    lines: tuple[Entry, ...]
    used: Usage | None

    @classmethod
    def of(
        cls,
        change: Change,
        lease: Lease | None,
        once: IdempotencyClaim | None,
        in_flight_limit: InFlightLimit | None,
        channel_limit: ChannelLimit | None,
    ) -> "Writing":
        after = change.after
        return cls(
            change=change,
            body=body(after),
            once=once,
            in_flight_limit=in_flight_limit,
            channel_limit=channel_limit,
            waits_from=waits_from(after, lease),
            lease_worker=lease.worker if lease else None,
            at=moment(after.updated_at),
            lines=entries(change),
            used=usage_of(change),
        )
