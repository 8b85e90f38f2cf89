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
"""How soon it is worth asking again where no more of a key's generations may wait."""


class Scope(StrEnum):
    """One kind of thing that a key may do."""

    GENERATE = "generate"
    """Ask for generations and bring files, and cancel, change and remove what is the account's."""

    READ = "read"
    """See what is the account's."""

    OPERATE = "operate"
    """See and direct the server itself: its channels, accounts and keys."""


EVERY_SCOPE: Final = frozenset(Scope)
DEFAULT_SCOPES: Final = frozenset({Scope.GENERATE, Scope.READ})
"""What a key may do if nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLimits:
    """How much of it a key may do; None is no limit."""

    submits_per_minute: int | None = None
    """Requests for a generation a minute; as many may come at once after a minute's pause."""

    in_flight: int | None = None
    """Generations of this key that may wait or run at the same time."""

    models: frozenset[str] | None = None
    """The models that may be asked for, by their canonical names."""


UNLIMITED: Final = KeyLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class InFlightLimit:
    """How many generations of a key may wait or run, one that is being added included."""

    key_id: str
    most: int

    def check(self, unfinished: int) -> None:
        """Return if one more than *unfinished* may be. Raises TooManyInFlight."""
        if unfinished >= self.most:
            raise TooManyInFlight(
                f"{unfinished} generations of this key wait or run, and {self.most} may",
                retry_after_s=IN_FLIGHT_RETRY_AFTER_S,
                limit=self.most,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who owns generations, files and keys."""

    id: AccountId
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A secret that acts for an account. The secret itself is never stored."""

    id: str
    account_id: AccountId
    name: str
    digest: str = field(repr=False)
    """SHA-256 of the secret, hex; enough, since a secret has 256 random bits."""

    hint: str
    """The secret's first characters, to tell keys apart in a list."""

    created_at: datetime
    revoked_at: datetime | None = None
    batch_format: str | None = None
    """How ``POST /luma/tasks`` answers this key: ``array`` or ``wrapped``; None: the default."""

    scopes: frozenset[Scope] = DEFAULT_SCOPES
    limits: KeyLimits = UNLIMITED
    expires_at: datetime | None = None
    """From then on it is worthless; None: never."""

    used_at: datetime | None = None
    """When it was last seen to be used, to the minute; None: never."""

    former_digest: str | None = field(default=None, repr=False)
    """Of the secret that it had before it was rotated."""

    former_until: datetime | None = None
    """How long the former secret is good."""

    @property
    def is_operator(self) -> bool:
        """Whether it is an operator's."""
        return Scope.OPERATE in self.scopes

    def ends_at(self, digest: str) -> datetime | None:
        """Return from when on the secret of *digest*, one of its two, is worthless, if ever."""
        ends = [self.revoked_at, self.expires_at]
        if digest != self.digest:
            ends.append(self.former_until)
        return min((end for end in ends if end is not None), default=None)
