"""Read and write accounts and keys."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Final

from rushes.core.errors import Conflict, NotFound
from rushes.core.generation import AccountId
from rushes.core.keys import Account, InFlightLimit, Key, KeyLimits, Scope
from rushes.store.sql.connection import Connection, Row
from rushes.store.sql.rows import moment, when

_COLUMNS: Final = (
    "id",
    "account_id",
    "name",
    "digest",
    "hint",
    "created_at",
    "revoked_at",
    "batch_format",
    "scopes",
    "submits_per_minute",
    "in_flight",
    "models",
    "expires_at",
    "used_at",
    "former_digest",
    "former_until",
)
_KEY: Final = f"SELECT {', '.join(_COLUMNS)} FROM key"  # noqa: S608  # constants of this module, here and below

KEY: Final = f"{_KEY} WHERE id = ?"
KEYS: Final = f"{_KEY} ORDER BY created_at, seq"
KEY_BY_DIGEST: Final = f"{_KEY} WHERE digest = ? UNION ALL {_KEY} WHERE former_digest = ?"
ACCOUNTS: Final = "SELECT id, name, created_at FROM account ORDER BY created_at, id"

IN_FLIGHT: Final = """
    SELECT count(*) FROM generation WHERE key_id = ? AND waits_from IS NOT NULL
"""

_ADD_KEY: Final = f"""
    INSERT INTO key ({", ".join(_COLUMNS)}) VALUES ({", ".join("?" * len(_COLUMNS))})
    ON CONFLICT DO NOTHING
"""  # noqa: S608  # as above

_CHANGE_KEY: Final = f"""
    UPDATE key SET {", ".join(f"{name} = ?" for name in _COLUMNS)} WHERE id = ?
"""  # noqa: S608  # as above

_USE_KEY: Final = """
    UPDATE key SET used_at = ? WHERE id = ? AND (used_at IS NULL OR used_at < ?)
"""


def key_row(key: Key) -> Row:
    """Return a key's columns, in the order of the queries."""
    return (
        key.id,
        key.account_id,
        key.name,
        key.digest,
        key.hint,
        moment(key.created_at),
        _moment(key.revoked_at),
        key.batch_format,
        " ".join(sorted(key.scopes)),
        key.limits.submits_per_minute,
        key.limits.in_flight,
        None if key.limits.models is None else json.dumps(sorted(key.limits.models)),
        _moment(key.expires_at),
        _moment(key.used_at),
        key.former_digest,
        _moment(key.former_until),
    )


def key_of(row: Row) -> Key:
    """Return the key of a row as :func:`key_row` makes it."""
    values = dict(zip(_COLUMNS, row, strict=True))
    models = values["models"]
    return Key(
        id=values["id"],
        account_id=AccountId(values["account_id"]),
        name=values["name"],
        digest=values["digest"],
        hint=values["hint"],
        created_at=when(values["created_at"]),
        revoked_at=_when(values["revoked_at"]),
        batch_format=values["batch_format"],
        # Ignore scopes that a newer version has added.
        scopes=frozenset(Scope(one) for one in values["scopes"].split() if one in set(Scope)),
        limits=KeyLimits(
            submits_per_minute=values["submits_per_minute"],
            in_flight=values["in_flight"],
            models=None if models is None else frozenset(json.loads(models)),
        ),
        expires_at=_when(values["expires_at"]),
        used_at=_when(values["used_at"]),
        former_digest=values["former_digest"],
        former_until=_when(values["former_until"]),
    )


def account_of(row: Row) -> Account:
    """Return the account of a row of :data:`ACCOUNTS`."""
    account_id, name, created_at = row
    return Account(id=AccountId(account_id), name=name, created_at=when(created_at))


def add_account(db: Connection, account: Account) -> None:
    """Write an account whose id is new."""
    if not _added(db, account):
        raise Conflict(f"there is an account {account.id!r} already")


def _added(db: Connection, account: Account) -> bool:
    written = db.execute(
        "INSERT INTO account (id, name, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (account.id, account.name, moment(account.created_at)),
    )
    return written.rowcount == 1


def remove_account(db: Connection, account_id: AccountId) -> bool:
    """Remove an account and its data, if it has no generations."""
    if db.execute("SELECT 1 FROM generation WHERE account_id = ?", (account_id,)).fetchone():
        raise Conflict(f"account {account_id!r} still has generations")
    removed = 0
    for table in ("key", "once", "upload", "webhook"):
        removed += db.execute(f"DELETE FROM {table} WHERE account_id = ?", (account_id,)).rowcount  # noqa: S608  # as above
    removed += db.execute("DELETE FROM account WHERE id = ?", (account_id,)).rowcount
    return removed > 0


def add_key(db: Connection, key: Key) -> None:
    """Write a key whose id and digest are new, and its account if that is new too."""
    if db.execute(_ADD_KEY, key_row(key)).rowcount != 1:
        raise Conflict(f"there is a key {key.id} already")
    _added(db, Account(id=key.account_id, name=key.account_id, created_at=key.created_at))


def add_first_key(db: Connection, key: Key) -> bool:
    """Write a key if there is none; return whether it was written."""
    if db.execute("SELECT 1 FROM key LIMIT 1").fetchone() is not None:
        return False
    add_key(db, key)
    return True


def get_key(db: Connection, key_id: str) -> Key:
    """Return the key with this id. Raises NotFound."""
    found = db.execute(KEY, (key_id,)).fetchone()
    if found is None:
        raise NotFound(f"there is no key {key_id!r}")
    return key_of(found)


def change_key(db: Connection, before: Key, after: Key) -> None:
    """Replace a key, except for the time of its last use."""
    found = db.execute(KEY, (before.id,)).fetchone()
    stored = key_of(found) if found else None
    if stored is None or replace(stored, used_at=None) != replace(before, used_at=None):
        raise Conflict(f"key {before.id} was changed by somebody else")
    db.execute(_CHANGE_KEY, (*key_row(replace(after, used_at=stored.used_at)), before.id))


def note_use(db: Connection, key_id: str, *, at: datetime) -> None:
    """Note that a key was used at that moment or later."""
    db.execute(_USE_KEY, (moment(at), key_id, moment(at)))


def revoke_key(db: Connection, key_id: str, *, now: datetime) -> Key:
    """Mark a key as revoked, the first time."""
    db.execute(
        "UPDATE key SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", (moment(now), key_id)
    )
    return get_key(db, key_id)


def check_in_flight_limit(db: Connection, in_flight_limit: InFlightLimit) -> None:
    """Check that a key may have one more unfinished generation. Raises TooManyInFlight."""
    in_flight_limit.check(db.execute(IN_FLIGHT, (in_flight_limit.key_id,)).fetchone()[0])


def _moment(at: datetime | None) -> int | None:
    return None if at is None else moment(at)


def _when(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else when(microseconds)
