"""Translate accounts and API keys into replies."""

from rushes.core.keys import Account, Key, KeyLimits
from rushes.dialects.native.accounts.wire import (
    AccountView,
    KeyLimitsView,
    KeyView,
    KeyWithSecret,
)


def from_account(account: Account) -> AccountView:
    """Return the view of an account."""
    return AccountView(id=account.id, name=account.name, created_at=account.created_at)


def from_limits(limits: KeyLimits) -> KeyLimitsView:
    """Return the view of a key's limits, its models in order."""
    return KeyLimitsView(
        submits_per_minute=limits.submits_per_minute,
        in_flight=limits.in_flight,
        models=None if limits.models is None else sorted(limits.models),
    )


def from_key(key: Key) -> KeyView:
    """Return the view of a key, without its secret."""
    return KeyView(
        id=key.id,
        account=key.account_id,
        name=key.name,
        hint=key.hint,
        scopes=sorted(key.scopes),
        limits=from_limits(key.limits),
        batch_format=key.batch_format,
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        used_at=key.used_at,
        former_secret_until=key.former_until,
    )


def with_secret(key: Key, secret: str) -> KeyWithSecret:
    """Return the view of a key whose secret was just made."""
    return KeyWithSecret(**from_key(key).model_dump(), key=secret)
