"""
List the tables that SQLite and PostgreSQL both have, with the columns that hold data.

What a database computes by itself, such as the tally, is not in the list, nor are the nodes: none
runs while a database is copied.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "account": ("id", "name", "created_at"),
    "key": (
        *("seq", "id", "account_id", "name", "digest", "hint", "created_at", "revoked_at"),
        *("batch_format", "scopes", "submits_per_minute", "in_flight", "models", "expires_at"),
        *("used_at", "former_digest", "former_until"),
    ),
    "generation": (
        *("seq", "id", "account_id", "model", "state", "version", "created_at", "waits_from"),
        *(
            "lease_worker",
            "progress",
            "phase",
            "channel",
            "key_id",
            "finished_at",
            "media_bytes",
            "turn",
            "body",
        ),
    ),
    "model_queue": ("model", "turn", "last_claim"),
    "event": ("seq", "generation", "type", "at", "body"),
    "delivery": (
        *("seq", "id", "event", "generation", "account_id", "webhook", "url", "dialect"),
        *("format", "state", "next_at", "free_at", "holder", "tries", "tries_before"),
    ),
    "webhook": (
        *("seq", "id", "account_id", "url", "created_at", "wording", "events", "secrets"),
        *("disabled_at", "disabled_why"),
    ),
    "once": ("account_id", "key", "fingerprint", "generation_id", "until"),
    "upload": (
        *("seq", "id", "account_id", "purpose", "media_type", "size_bytes", "created_at"),
        *("state", "key", "name", "tag", "expires_at", "deleted_at", "failure", "due_at"),
    ),
    "upstream_job": ("channel", "upstream_id", "generation"),
    "rest": ("channel", "fingerprint", "reason", "since", "until", "by"),
    "rate_bucket": ("name", "empty_at"),
    "failure_count": ("name", "failures", "paused_until", "failed_at"),
    "ledger": ("seq", "account_id", "kind", "reference", "balance", "held", "at", "note"),
    "funds": ("account_id", "balance", "held"),
    "used": ("day", "account_id", "key_id", "model", "state", "count", "micro"),
    "input": ("key", "generation"),
    "litter": ("seq", "folder"),
    "turn": ("what", "who", "until"),
}
"""In an order in which each table comes after those that it refers to."""

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "account": ("id",),
    "once": ("account_id", "key"),
    "upstream_job": ("channel", "upstream_id"),
    "rest": ("channel",),
    "rate_bucket": ("name",),
    "failure_count": ("name",),
    "model_queue": ("model",),
    "funds": ("account_id",),
    "used": ("day", "account_id", "key_id", "model", "state"),
    "input": ("key", "generation"),
    "turn": ("what",),
}
"""The primary keys; ``seq`` where a table is not listed."""

NEVER_REUSED: Final = ("event", "ledger")
"""The tables whose numbers are not used again, even when the row is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedTable:
    """A table that was copied, and what both sides agree on."""

    name: str
    rows: int
    digest: str
    """SHA-256 over all values, in the order of the primary key."""


def key_of(table: str) -> tuple[str, ...]:
    """Return the primary key of a table."""
    return KEYS.get(table, ("seq",))
