"""Define accounts and API keys, with their scopes, limits and expiry."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from rushes.core.errors import TooManyInFlight
from rushes.core.generation import AccountId

KEY_VARIABLE: Final = "RUSHES_KEY"
"""The environment variable with the key of ``rushes generate --server``, off the command line."""

IN_FLIGHT_RETRY_AFTER_S: Final = 5.0
"""The ``Retry-After`` of a submit that exceeds a key's limit of unfinished generations."""


class Scope(StrEnum):
    """A group of operations that a key allows."""

    GENERATE = "generate"
    """Submit generations and upload files; cancel, change and remove the account's objects."""

    READ = "read"
    """Read the account's objects."""

    OPERATE = "operate"
    """Read and administer the server: its channels, accounts and keys."""


EVERY_SCOPE: Final = frozenset(Scope)
DEFAULT_SCOPES: Final = frozenset({Scope.GENERATE, Scope.READ})
"""The scopes of a key without explicit scopes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLimits:
    """The limits of a key; None: no limit."""

    submits_per_minute: int | None = None
    """Submits in a minute; after a minute without submits the key may send all of them at once."""

    in_flight: int | None = None
    """Generations of this key that may wait or run at the same time."""

    models: frozenset[str] | None = None
    """The allowed models, by their canonical names."""


UNLIMITED: Final = KeyLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class InFlightLimit:
    """The largest number of unfinished generations of a key, including the new one."""

    key_id: str
    most: int

    def check(self, unfinished: int) -> None:
        """Raise TooManyInFlight if the key already has *most* unfinished generations."""
        if unfinished >= self.most:
            raise TooManyInFlight(
                f"{unfinished} generations of this key wait or run, and {self.most} may",
                retry_after_s=IN_FLIGHT_RETRY_AFTER_S,
                limit=self.most,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The owner of generations, files and keys."""

    id: AccountId
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key of an account. Only a digest of its secret is stored."""

    id: str
    account_id: AccountId
    name: str
    digest: str = field(repr=False)
    """SHA-256 of the secret, hex. A slow hash is not necessary: a secret has 256 random bits."""

    hint: str
    """The secret's first characters, so that a person recognizes the key in a list."""

    created_at: datetime
    revoked_at: datetime | None = None
    batch_format: str | None = None
    """The format of ``POST /luma/tasks`` replies: ``array`` or ``wrapped``; None: the default."""

    scopes: frozenset[Scope] = DEFAULT_SCOPES
    limits: KeyLimits = UNLIMITED
    expires_at: datetime | None = None
    """The end of its validity; None: it does not expire."""

    used_at: datetime | None = None
    """The last recorded use, to the minute; None: it was never used."""

    former_digest: str | None = field(default=None, repr=False)
    """The digest of the secret before the last rotation."""

    former_until: datetime | None = None
    """The end of the validity of the former secret."""

    @property
    def is_operator(self) -> bool:
        """Whether it may administer the server."""
        return Scope.OPERATE in self.scopes

    def ends_at(self, digest: str) -> datetime | None:
        """Return the end of validity of the secret with *digest*, the present or the former one."""
        ends = [self.revoked_at, self.expires_at]
        if digest != self.digest:
            ends.append(self.former_until)
        return min((end for end in ends if end is not None), default=None)
