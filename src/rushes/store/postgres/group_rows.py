"""Collect what a group of changes writes, and send it table by table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rushes.store.postgres.connections import PgConnection
from rushes.store.sql.connection import Row

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "generation": {
        "seq": "bigint",
        "id": "text",
        "account_id": "text",
        "model": "text",
        "created_at": "bigint",
        "key_id": "text",
        "folded_prompt": "text",
        "makes": "text",
        "held": "bigint",
        "state": "text",
        "version": "bigint",
        "waits_from": "bigint",
        "lease_worker": "text",
        "progress": "double precision",
        "channel": "text",
        "body": "bytea",
        "finished_at": "bigint",
        "media_bytes": "bigint",
        "turn": "bigint",
    },
    "event": {
        "generation": "bigint",
        "type": "text",
        "at": "bigint",
        "body": "bytea",
    },
    "ledger": {
        "account_id": "text",
        "kind": "text",
        "reference": "text",
        "balance": "bigint",
        "held": "bigint",
        "at": "bigint",
        "note": "text",
    },
    "upstream_job": {"channel": "text", "upstream_id": "text", "generation": "bigint"},
    "input": {"key": "text", "generation": "bigint"},
    "litter": {"folder": "text"},
    "once": {
        "account_id": "text",
        "key": "text",
        "fingerprint": "text",
        "generation_id": "text",
        "until": "bigint",
    },
    "used": {
        "day": "text",
        "account_id": "text",
        "key_id": "text",
        "model": "text",
        "state": "text",
        "count": "bigint",
        "micro": "bigint",
    },
}

_ON_CONFLICT: Final[Mapping[str, str]] = {
    "litter": "ON CONFLICT DO NOTHING",
    "once": """
        ON CONFLICT (account_id, key) DO UPDATE SET fingerprint = excluded.fingerprint,
            generation_id = excluded.generation_id, until = excluded.until
    """,
    "used": """
        ON CONFLICT (day, account_id, key_id, model, state) DO UPDATE
            SET count = used.count + excluded.count, micro = used.micro + excluded.micro
    """,
}


def _insert(table: str, columns: Mapping[str, str]) -> str:
    names, values = ", ".join(columns), _arrays(columns.values())
    insert = f"INSERT INTO {table} ({names}) SELECT * FROM unnest({values})"  # noqa: S608  # constants of this module, here and below
    return f"{insert} {_ON_CONFLICT.get(table, '')}"


def _arrays(kinds: Iterable[str]) -> str:
    return ", ".join(f"?::{kind}[]" for kind in kinds)


_DELIVERY: Final = {
    "suffix": "text",
    "generation": "bigint",
    "account_id": "text",
    "webhook": "text",
    "url": "text",
    "dialect": "text",
    "format": "text",
    "state": "text",
    "at": "bigint",
}

_OWE: Final = f"""
    INSERT INTO delivery (id, event, generation, account_id, webhook, url, dialect, format, state,
        next_at, free_at)
    SELECT 'msg_' || event.seq || suffix, event.seq, new.generation, account_id, webhook, url,
        dialect, format, state, at, at
    FROM unnest({_arrays(_DELIVERY.values())}) WITH ORDINALITY
            AS new ({", ".join(_DELIVERY)}, place),
        LATERAL (SELECT max(seq) AS seq FROM event WHERE generation = new.generation) AS event
    ORDER BY place
"""  # noqa: S608  # as above
"""A group has one event of a generation: the newest, which it has just written."""

_RECORD_CLAIMS: Final = """
    INSERT INTO model_queue (model, turn, last_claim)
    SELECT new.model, max(new.turn), max(event.seq)
    FROM unnest(?::text[], ?::bigint[], ?::bigint[]) AS new (model, turn, generation),
        LATERAL (SELECT max(seq) AS seq FROM event WHERE generation = new.generation) AS event
    GROUP BY new.model ORDER BY new.model
    ON CONFLICT (model) DO UPDATE SET turn = greatest(model_queue.turn, excluded.turn),
        last_claim = greatest(model_queue.last_claim, excluded.last_claim)
"""

_INSERTS: Final = {table: _insert(table, columns) for table, columns in TABLES.items()}

CHANGED: Final = (
    "seq",
    "state",
    "version",
    "waits_from",
    "lease_worker",
    "progress",
    "channel",
    "body",
    "held",
    "finished_at",
    "media_bytes",
)
_UPDATE: Final = f"""
    UPDATE generation SET
        state = new.state, version = new.version, waits_from = new.waits_from,
        lease_worker = new.lease_worker, progress = new.progress, phase = NULL,
        channel = new.channel, body = new.body, held = new.held,
        offered_to = NULL, offered_until = NULL,
        finished_at = coalesce(new.finished_at, generation.finished_at),
        media_bytes = coalesce(new.media_bytes, generation.media_bytes)
    FROM unnest({_arrays(TABLES["generation"][name] for name in CHANGED)})
        AS new ({", ".join(CHANGED)})
    WHERE generation.seq = new.seq
"""  # noqa: S608  # as above

_MOVE_FUNDS: Final = """
    UPDATE funds SET balance = funds.balance + new.balance, held = funds.held + new.held
    FROM unnest(?::text[], ?::bigint[], ?::bigint[]) AS new (account_id, balance, held)
    WHERE funds.account_id = new.account_id
"""


_OPEN_FUNDS: Final = """
    INSERT INTO funds (account_id, balance, held)
    SELECT * FROM unnest(?::text[], ?::bigint[], ?::bigint[])
"""


@dataclass(slots=True)
class Rows:
    """What a group of changes writes."""

    new: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in TABLES})
    """Rows to insert, by table."""

    changed: list[Row] = field(default_factory=list[Row])
    """Rows of generations to update, in the columns of ``CHANGED``."""

    owed: list[Row] = field(default_factory=list[Row])
    """Rows of deliveries, in the columns of ``_DELIVERY``."""

    claimed: list[Row] = field(default_factory=list[Row])
    """Model, turn and ``seq`` of the generations that a worker takes from a queue."""

    expired: list[int] = field(default_factory=list[int])
    """The ``seq`` of generations whose inputs nobody needs any more."""

    funds: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    """By how much balance and held credits of accounts grow."""

    opened: set[str] = field(default_factory=set[str])
    """The accounts that had no line before."""

    used: dict[tuple[str, ...], tuple[int, int]] = field(
        default_factory=dict[tuple[str, ...], tuple[int, int]]
    )


def flush(db: PgConnection, rows: Rows) -> None:
    """Send what *rows* holds, without waiting for the results."""
    rows.new["used"] = [(*group, *sums) for group, sums in rows.used.items()]
    for table, statement in _INSERTS.items():
        if rows.new[table]:
            db.execute(statement, columns(rows.new[table]))
        if table == "generation" and rows.changed:
            db.execute(_UPDATE, columns(rows.changed))
    if rows.owed:
        db.execute(_OWE, columns(rows.owed))
    if rows.claimed:
        db.execute(_RECORD_CLAIMS, columns(rows.claimed))
    if rows.expired:
        db.execute("DELETE FROM input WHERE generation = ANY(?)", (rows.expired,))
    moved = [(name, *sums) for name, sums in rows.funds.items() if name not in rows.opened]
    opened = [(name, *sums) for name, sums in rows.funds.items() if name in rows.opened]
    if moved:
        db.execute(_MOVE_FUNDS, columns(moved))
    if opened:
        db.execute(_OPEN_FUNDS, columns(opened))


def columns(rows: Sequence[Row]) -> tuple[list[Any], ...]:
    return tuple(list(column) for column in zip(*rows, strict=True)) or ([], [])
