"""Lock and load what a group of changes depends on."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rushes.core.ledger import Funds
from rushes.store.outbox import Webhook
from rushes.store.postgres.connections import PgConnection, lock_number
from rushes.store.postgres.group_rows import columns
from rushes.store.sql.connection import Cursor, Row
from rushes.store.sql.deliveries import WEBHOOK_COLUMNS, webhook_of
from rushes.store.sql.ledger import funds_of
from rushes.store.sql.writing import Writing


@dataclass(frozen=True, slots=True)
class Stored:
    """A generation that exists."""

    seq: int
    version: int
    turn: int
    channel: str | None
    lease_worker: str | None


@dataclass(slots=True)
class Made:
    """The use of an idempotency key, and the generation that it made."""

    fingerprint: str
    until: int
    generation: Row | None
    """JSON, progress and phase; None if it was removed."""

    is_of_this_group: bool = False


@dataclass(slots=True)
class Found:
    """What a group of changes depends on, as the changes before it left it."""

    versions: dict[str, Stored] = field(default_factory=dict[str, Stored])
    """The generations that exist, by id."""

    turns: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    """The last turn for which an account waits in a model's queue, by model and account."""

    model_turns: dict[str, int] = field(default_factory=dict[str, int])
    """The latest turn of which something was claimed, by model."""

    changed: set[str] = field(default_factory=set[str])
    """The generations that this group has changed."""

    funds: dict[str, Funds] = field(default_factory=dict[str, Funds])
    used: dict[tuple[str, str], Made] = field(default_factory=dict[tuple[str, str], Made])
    in_flight: Counter[str] = field(default_factory=Counter[str])
    elsewhere: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    """How many generations of a channel are not a worker's, by channel and worker."""

    jobs: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    webhooks: dict[str, list[Webhook]] = field(default_factory=dict[str, list[Webhook]])
    generation_seqs: list[int] = field(default_factory=list[int])


def load(db: PgConnection, group: Sequence[Writing]) -> Mapping[str, Cursor]:
    """Lock and load what *group* depends on; return the cursors, whose results come later."""
    after = [writing.change.after for writing in group]
    accounts = {one.account_id for one in after}
    keys = {
        writing.in_flight_limit.key_id for writing in group if writing.in_flight_limit is not None
    }
    jobs = {job for writing in group if (job := writing.change.new_job)}
    onces = [(w.change.after.account_id, w.once.key) for w in group if w.once is not None]
    news = {w.change.after.account_id for w in group if w.change.is_news}
    paying = {line.account_id for writing in group for line in writing.lines}
    new = [one.change.after for one in group if one.change.before is None]
    queues = sorted({(one.spec.model, one.account_id) for one in new})
    rooms = sorted({(limit.channel, limit.worker) for one in group if (limit := one.channel_limit)})
    locks = sorted(
        {lock_number(f"key {key}") for key in keys}
        | {once_lock(*one) for one in onces}
        | {lock_number(f"channel {name}") for name, _ in rooms}
    )
    queries: dict[str, tuple[str, tuple[Any, ...], Collection[Any]]] = {
        "accounts": (_LOCK_SHARED, (_account_locks(accounts),), accounts),
        "locks": (_LOCK, (locks,), locks),
        "versions": (_VERSIONS, ([one.id for one in after],), after),
        "funds": (_FUNDS, (list(paying),), paying),
        "onces": (_ONCES, columns(onces), onces),
        "in_flight": (_IN_FLIGHT, (list(keys),), keys),
        "elsewhere": (_ELSEWHERE, columns(rooms), rooms),
        "jobs": (_JOBS, columns(list(jobs)), jobs),
        "turns": (_TURNS, columns(queues), queues),
        "webhooks": (_WEBHOOKS, (list(news),), news),
        "generation_seqs": (_SEQS, (len(new),), new),
    }
    return {
        name: db.execute(query, values) for name, (query, values, use) in queries.items() if use
    }


def read(cursors: Mapping[str, Cursor]) -> Found:
    """Return what :func:`load` has loaded."""
    rows = {name: cursor.fetchall() for name, cursor in cursors.items()}
    webhooks: dict[str, list[Webhook]] = {}
    for webhook in map(webhook_of, rows.get("webhooks", ())):
        webhooks.setdefault(webhook.account_id, []).append(webhook)
    return Found(
        versions={name: Stored(*kept) for name, *kept in rows.get("versions", ())},
        turns={(model, account): own for model, account, own, _ in rows.get("turns", ())},
        model_turns={model: latest for model, _, _, latest in rows.get("turns", ())},
        funds={row[0]: funds_of(row) for row in rows.get("funds", ())},
        used={
            (account, key): Made(fingerprint, until, None if row[0] is None else tuple(row))
            for account, key, fingerprint, until, *row in rows.get("onces", ())
        },
        in_flight=Counter(dict(rows.get("in_flight", ()))),
        elsewhere={(name, worker): n for name, worker, n in rows.get("elsewhere", ())},
        jobs={(name, job): owner for name, job, owner in rows.get("jobs", ())},
        webhooks=webhooks,
        generation_seqs=[row[0] for row in rows.get("generation_seqs", ())],
    )


def _account_locks(accounts: Iterable[str]) -> list[int]:
    """Return the numbers of locks in the order in which every process takes them."""
    return sorted(lock_number(f"account {name}") for name in accounts)


def once_lock(account_id: str, key: str) -> int:
    """Return the number of the lock of an idempotency key: one request at a time uses it."""
    return lock_number(f"once {account_id} {key}")


_LOCK_SHARED: Final = "SELECT pg_advisory_xact_lock_shared(k) FROM unnest(?::bigint[]) AS k"
_LOCK: Final = "SELECT pg_advisory_xact_lock(k) FROM unnest(?::bigint[]) AS k"
_VERSIONS: Final = """
    SELECT id, seq, version, turn, channel, lease_worker FROM generation
    WHERE id = ANY(?) ORDER BY seq FOR UPDATE
"""
_FUNDS: Final = """
    SELECT account_id, balance, held FROM funds WHERE account_id = ANY(?)
    ORDER BY account_id FOR UPDATE
"""
_ONCES: Final = """
    SELECT once.account_id, once.key, once.fingerprint, once.until,
        generation.body, generation.progress, generation.phase
    FROM unnest(?::text[], ?::text[]) AS wanted (account_id, key)
        JOIN once ON once.account_id = wanted.account_id AND once.key = wanted.key
        LEFT JOIN generation ON generation.id = once.generation_id
"""
_TURNS: Final = """
    SELECT wanted.model, wanted.account_id, coalesce((
        SELECT max(turn) FROM generation
        WHERE channel IS NULL AND waits_from IS NOT NULL
            AND model = wanted.model AND account_id = wanted.account_id
    ), 0), coalesce(model_queue.turn, 0)
    FROM unnest(?::text[], ?::text[]) AS wanted (model, account_id)
        LEFT JOIN model_queue ON model_queue.model = wanted.model
"""
_IN_FLIGHT: Final = """
    SELECT key_id, count(*) FROM generation
    WHERE key_id = ANY(?) AND waits_from IS NOT NULL GROUP BY key_id
"""
_ELSEWHERE: Final = """
    SELECT wanted.channel, wanted.worker, (
        SELECT count(*) FROM generation WHERE generation.channel = wanted.channel
            AND generation.lease_worker IS DISTINCT FROM wanted.worker
    )
    FROM unnest(?::text[], ?::text[]) AS wanted (channel, worker)
"""
_JOBS: Final = """
    SELECT upstream_job.channel, upstream_job.upstream_id, generation.id
    FROM unnest(?::text[], ?::text[]) AS wanted (channel, upstream_id)
        JOIN upstream_job ON upstream_job.channel = wanted.channel
            AND upstream_job.upstream_id = wanted.upstream_id
        JOIN generation ON generation.seq = upstream_job.generation
"""
_WEBHOOKS: Final = f"SELECT {WEBHOOK_COLUMNS} FROM webhook WHERE account_id = ANY(?) ORDER BY seq"  # noqa: S608  # as above
_SEQS: Final = (
    "SELECT nextval(pg_get_serial_sequence('generation', 'seq')) FROM generate_series(1, ?)"
)
