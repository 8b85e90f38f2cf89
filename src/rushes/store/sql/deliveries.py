"""Read and write deliveries and webhooks."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from rushes.core.errors import Conflict, NotFound
from rushes.core.generation import AccountId
from rushes.store.base import Event
from rushes.store.outbox import (
    Delivery,
    DeliveryFilter,
    DeliveryState,
    Try,
    Webhook,
    delivery_id,
    plan_deliveries,
)
from rushes.store.sql.connection import Connection, Row
from rushes.store.sql.rows import event_of, leaving_out, moment, when
from rushes.store.sql.stored import Stored

_TRY: Final = Stored[Try](Try)
_TRIES: Final = Stored[tuple[Try, ...]](tuple[Try, ...])

_DELIVERY: Final = """
    SELECT event.seq, event.type, event.at, event.body,
        delivery.id, delivery.url, delivery.dialect, delivery.format, delivery.state,
        delivery.next_at, delivery.tries, delivery.tries_before, delivery.webhook
    FROM delivery JOIN event ON event.seq = delivery.event
"""

DELIVERIES: Final = (
    f"{_DELIVERY} WHERE delivery.generation = (SELECT seq FROM generation WHERE id = ?)"  # noqa: S608  # every part is a constant of this module, here and below
    " ORDER BY delivery.seq"
)
DELIVERY: Final = f"{_DELIVERY} WHERE delivery.id = ?"

_OLDEST_PENDING: Final = """
    delivery.state = 'pending' AND NOT EXISTS (
        SELECT 1 FROM delivery AS earlier
        WHERE earlier.generation = delivery.generation AND earlier.webhook = delivery.webhook
            AND earlier.state = 'pending' AND earlier.seq < delivery.seq
    )
"""

NEXT_DELIVERY: Final = f"""
    SELECT free_at FROM delivery WHERE {_OLDEST_PENDING} ORDER BY free_at LIMIT 1
"""  # noqa: S608  # as above

_DUE: Final = f"""{_DELIVERY}
    WHERE {_OLDEST_PENDING} AND delivery.free_at <= ?
    ORDER BY delivery.free_at, delivery.seq LIMIT ?
"""

_ADD_TRY: Final = """
    UPDATE delivery SET tries = CASE tries WHEN '[]' THEN '[' || ? || ']'
        ELSE substr(tries, 1, length(tries) - 1) || ',' || ? || ']' END
    WHERE id = ?
"""

_ADD: Final = """
    INSERT INTO delivery (id, event, generation, account_id, webhook, url, dialect, format, state,
        next_at, free_at)
    VALUES (?, ?, (SELECT seq FROM generation WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?)
"""

_CLAIMED: Final = "id = ? AND state = 'pending' AND holder = ?"

WEBHOOK_COLUMNS: Final = (
    "id, account_id, url, created_at, wording, events, secrets, disabled_at, disabled_why"
)
_WEBHOOK: Final = f"SELECT {WEBHOOK_COLUMNS} FROM webhook"  # noqa: S608  # as above
WEBHOOKS: Final = f"{_WEBHOOK} ORDER BY seq"
WEBHOOKS_OF: Final = f"{_WEBHOOK} WHERE account_id = ? ORDER BY seq"
WEBHOOK: Final = f"{_WEBHOOK} WHERE id = ?"
WEBHOOK_AT: Final = f"{_WEBHOOK} WHERE account_id = ? AND url = ?"


def readable_deliveries(rows: Iterable[Row]) -> Iterator[Delivery]:
    """Yield the deliveries of rows, without unreadable ones."""
    return leaving_out(rows, _delivery_of)


def _delivery_of(row: Row) -> Delivery:
    name, url, dialect, wording, state, next_at, tries, tries_before, webhook = row[4:]
    return Delivery(
        id=name,
        event=event_of(row[:4]),
        url=url,
        dialect=dialect,
        format=wording,
        state=DeliveryState(state),
        next_at=when(next_at),
        tries=_TRIES.load(tries),
        tries_before=tries_before,
        webhook_id=webhook or None,
    )


def try_text(tried: Try) -> str:
    """Return a try as JSON."""
    return _TRY.dump(tried).decode()


def add_deliveries(db: Connection, event: Event, *, announces: bool) -> None:
    """Write the deliveries of *event*, which was just written."""
    account_id, at = event.generation.account_id, moment(event.at)
    theirs = [webhook_of(row) for row in db.execute(WEBHOOKS_OF, (account_id,))]
    for one in plan_deliveries(event, theirs, announces=announces):
        db.execute(
            _ADD,
            (
                delivery_id(event.seq, one.webhook_id),
                event.seq,
                event.generation.id,
                account_id,
                one.webhook_id or "",
                one.url,
                one.dialect,
                one.format,
                DeliveryState.HELD if one.is_held else DeliveryState.PENDING,
                at,
                at,
            ),
        )


def claim_deliveries(
    db: Connection, *, now: datetime, until: datetime, limit: int, holder: str, lock: str = ""
) -> tuple[Delivery, ...]:
    """
    Claim the due deliveries, up to *limit*.

    Args:
        lock: What the query ends with, so that it passes over rows that others are claiming.
    """
    due = db.execute(f"{_DUE} {lock}", (moment(now), limit)).fetchall()
    db.executemany(
        "UPDATE delivery SET free_at = ?, holder = ? WHERE id = ?",
        [(moment(until), holder, row[4]) for row in due],
    )
    return tuple(readable_deliveries(due))


def renew_deliveries(
    db: Connection, names: Sequence[str], *, until: datetime, holder: str
) -> frozenset[str]:
    """Extend a holder's claims; return those that it still had."""
    at = moment(until)
    query = f"UPDATE delivery SET free_at = ? WHERE {_CLAIMED}"  # noqa: S608  # as above
    return frozenset(name for name in names if db.execute(query, (at, name, holder)).rowcount)


def release_deliveries(
    db: Connection, names: Sequence[str], *, to: datetime | None, holder: str
) -> None:
    """Release a holder's claims."""
    at = None if to is None else moment(to)
    db.executemany(
        f"UPDATE delivery SET free_at = coalesce(?, next_at), holder = NULL WHERE {_CLAIMED}",  # noqa: S608  # as above
        [(at, name, holder) for name in names],
    )


def settle_delivery(
    db: Connection,
    name: str,
    *,
    tried: str,
    state: DeliveryState,
    next_at: datetime,
    holder: str | None,
) -> None:
    """Add a try, given as JSON; a final state does not change."""
    if db.execute(_ADD_TRY, (tried, tried, name)).rowcount != 1:
        raise NotFound(f"there is no delivery {name!r}")
    is_open = "state = 'pending'" if state.is_open else "state IN ('pending', 'held')"
    at = moment(next_at)
    db.execute(
        "UPDATE delivery SET state = ?, next_at = ?, free_at = ?, holder = NULL"  # noqa: S608  # as above
        f" WHERE id = ? AND {is_open} AND (? OR holder = ?)",  # as above
        (state, at, at, name, holder is None or not state.is_open, holder),
    )


def delivery_listing(wanted: DeliveryFilter) -> tuple[str, Row]:
    """Return the query of a listing, newest first, and its parameters."""
    conditions: list[str] = ["TRUE"]
    values: list[object] = []

    def require(condition: str, *bound: object) -> None:
        conditions.append(condition)
        values.extend(bound)

    if wanted.account_id is not None:
        require("delivery.account_id = ?", wanted.account_id)
    if wanted.generation_id is not None:
        one = "delivery.generation = (SELECT seq FROM generation WHERE id = ?)"
        require(one, wanted.generation_id)
    if wanted.states:
        require(f"delivery.state IN ({', '.join('?' * len(wanted.states))})", *wanted.states)
    if wanted.webhook_id is not None:
        require("delivery.webhook = ?", wanted.webhook_id)
    if wanted.url is not None:
        require("delivery.url = ?", wanted.url)
    if wanted.before_id is not None:
        require("delivery.seq < (SELECT seq FROM delivery WHERE id = ?)", wanted.before_id)
    where = " AND ".join(conditions)
    return f"{_DELIVERY} WHERE {where} ORDER BY delivery.seq DESC LIMIT ?", (*values, wanted.limit)


def redeliver(db: Connection, name: str, *, now: datetime) -> Delivery:
    """Make a settled delivery due again, or hold it if its address is disabled."""
    at = moment(now)
    before = next(readable_deliveries(db.execute(DELIVERY, (name,))), None)
    if before is None:
        raise NotFound(f"there is no delivery {name!r}")
    changed = db.execute(
        "UPDATE delivery SET next_at = ?, free_at = ?, holder = NULL, tries_before = ?,"
        " state = CASE WHEN EXISTS (SELECT 1 FROM webhook WHERE disabled_at IS NOT NULL AND"
        " (account_id, url) = (delivery.account_id, delivery.url))"
        " THEN 'held' ELSE 'pending' END"
        " WHERE id = ? AND state NOT IN ('pending', 'held')",
        (at, at, len(before.tries), name),
    )
    for found in readable_deliveries(db.execute(DELIVERY, (name,))):
        if changed.rowcount != 1:
            raise Conflict(f"delivery {name} is {found.state} already")
        return found
    raise NotFound(f"there is no delivery {name!r}")


def add_webhook(db: Connection, webhook: Webhook) -> None:
    """Write a webhook whose id and address are new."""
    added = db.execute(
        f"INSERT INTO webhook ({WEBHOOK_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # as above
        " ON CONFLICT DO NOTHING",
        _row(webhook),
    )
    if added.rowcount != 1:
        raise Conflict(f"there is a webhook for {webhook.url} already")
    _hold_or_resume(db, webhook, now=webhook.created_at)


def change_webhook(db: Connection, before: Webhook, after: Webhook, *, now: datetime) -> None:
    """Replace a webhook, if it has not changed."""
    stored = db.execute(WEBHOOK, (before.id,)).fetchone()
    if stored is None or tuple(stored) != _row(before):
        raise Conflict(f"webhook {before.id} was changed by somebody else")
    db.execute(
        f"UPDATE webhook SET ({WEBHOOK_COLUMNS}) = (?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?",  # noqa: S608  # as above
        (*_row(after), before.id),
    )
    _hold_or_resume(db, after, now=now)


def _hold_or_resume(db: Connection, webhook: Webhook, *, now: datetime) -> None:
    """Hold or resume the deliveries to an address, as the webhook is disabled or enabled."""
    if webhook.disabled_at is None:
        _resume(db, webhook, now=now)
    else:
        db.execute(
            "UPDATE delivery SET state = 'held'"
            " WHERE account_id = ? AND url = ? AND state = 'pending'",
            (webhook.account_id, webhook.url),
        )


def _resume(db: Connection, webhook: Webhook, *, now: datetime) -> None:
    """Make the held deliveries to an address due; claims stay."""
    at = moment(now)
    db.execute(
        "UPDATE delivery SET state = 'pending', next_at = ?,"
        " free_at = CASE WHEN holder IS NOT NULL AND free_at > ? THEN free_at ELSE ? END,"
        " holder = CASE WHEN free_at > ? THEN holder END"
        " WHERE account_id = ? AND url = ? AND state = 'held'",
        (at, at, at, at, webhook.account_id, webhook.url),
    )


def remove_webhook(db: Connection, webhook: Webhook, *, now: datetime) -> bool:
    """Remove a webhook and fail its open deliveries; return whether there was one."""
    if db.execute("DELETE FROM webhook WHERE id = ?", (webhook.id,)).rowcount != 1:
        return False
    db.execute(
        "UPDATE delivery SET state = 'failed', next_at = ?, free_at = ?, holder = NULL"
        " WHERE account_id = ? AND url = ? AND webhook = ? AND state IN ('pending', 'held')",
        (moment(now), moment(now), webhook.account_id, webhook.url, webhook.id),
    )
    _resume(db, webhook, now=now)
    return True


def disable_address(db: Connection, webhook: Webhook) -> None:
    """Disable the address of *webhook*; write *webhook* if the account has none for it."""
    db.execute(
        f"INSERT INTO webhook ({WEBHOOK_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # as above
        " ON CONFLICT (account_id, url) DO UPDATE SET disabled_at = excluded.disabled_at,"
        " disabled_why = excluded.disabled_why WHERE webhook.disabled_at IS NULL",
        _row(webhook),
    )
    _hold_or_resume(db, webhook, now=webhook.created_at)


def _row(webhook: Webhook) -> Row:
    return (
        webhook.id,
        webhook.account_id,
        webhook.url,
        moment(webhook.created_at),
        webhook.wording,
        " ".join(sorted(webhook.events)),
        " ".join(webhook.secrets),
        None if webhook.disabled_at is None else moment(webhook.disabled_at),
        webhook.disabled_why,
    )


def webhook_of(row: Row) -> Webhook:
    """Return the webhook of a row."""
    name, account_id, url, created_at, wording, events, secrets, disabled_at, disabled_why = row
    return Webhook(
        id=name,
        account_id=AccountId(account_id),
        url=url,
        created_at=when(created_at),
        wording=wording,
        events=frozenset(events.split()),
        secrets=tuple(secrets.split()),
        disabled_at=None if disabled_at is None else when(disabled_at),
        disabled_why=disabled_why,
    )
