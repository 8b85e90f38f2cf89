"""Define the wire format of accounts and API keys."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from rushes.core.keys import DEFAULT_SCOPES, Scope
from rushes.dialects.native.wire import View
from rushes.service.accounts import LONGEST_GRACE, LONGEST_NAME

_STRICT: Final = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Models = Annotated[list[Name], Field(min_length=1, max_length=100)]


class ChangeKey(BaseModel):
    """New limits of a key. A field that is left out stays as it is; null removes the limit."""

    model_config = _STRICT

    submits_per_minute: Count | None = None
    in_flight: Count | None = None
    models: Models | None = None
    expires_at: AwareDatetime | None = None
    """Null leaves it unchanged."""


class CreateKey(ChangeKey):
    """The account, scopes and limits of a new key."""

    name: Name
    account: Name | None = None
    """The account whose generations the key sees; by default one with the key's name."""

    scopes: Annotated[frozenset[Scope], Field(min_length=1)] = DEFAULT_SCOPES
    batch_format: Literal["array", "wrapped"] | None = None
    """The format of ``POST /luma/tasks`` for this key; by default the server's setting."""


class RotateKey(BaseModel):
    """How to rotate the secret of a key."""

    model_config = _STRICT

    grace_s: Annotated[float, Field(ge=0, le=LONGEST_GRACE.total_seconds())] = 0.0
    """Seconds for which the old secret stays valid."""


class CreateAccount(BaseModel):
    """The id and name of a new account."""

    model_config = _STRICT

    id: Name
    name: Name | None = None
    """By default its id."""


class KeyQuery(BaseModel):
    """Which keys to list."""

    account: Name | None = None


class DeleteAccountQuery(BaseModel):
    """How to delete an account."""

    cancel: bool = False
    """Whether to cancel queued and running generations; if false, they are a reason to refuse."""


class KeyLimitsView(View):
    """The limits of a key; null is no limit."""

    submits_per_minute: int | None
    in_flight: int | None
    models: list[str] | None


class RemainingView(View):
    """What is left of a key's limits at this moment; null where there is no limit."""

    submits: int | None
    submits_reset_s: float | None
    """Seconds until all of them are available again."""

    in_flight: int | None


class OwnAccountView(View):
    """The account of the key that made the request, with the key's permissions."""

    id: str
    name: str
    key_id: str | None
    """Null where the server needs no key."""

    operates: bool
    """Whether it is an operator's key, which may manage channels, accounts and the queue."""

    scopes: list[Scope]
    limits: KeyLimitsView
    left: RemainingView
    expires_at: datetime | None
    """Null: the key does not expire."""


class KeyView(View):
    """A key. The server stores only a hash of its secret and cannot show it."""

    id: str
    account: str
    name: str
    hint: str
    """The first characters of its secret."""

    scopes: list[Scope]
    limits: KeyLimitsView
    batch_format: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    """When the key was last used, to the minute."""

    former_secret_until: datetime | None
    """When the former secret stops being valid."""


class KeyWithSecret(KeyView):
    """A key with its secret, which is shown only once."""

    key: str


class KeysView(View):
    """A list of keys, oldest first."""

    keys: list[KeyView]


class AccountView(View):
    """An account with its name and age."""

    id: str
    name: str
    created_at: datetime


class AccountsView(View):
    """Every account, oldest first."""

    accounts: list[AccountView]


class DeletedAccountView(View):
    """How much was deleted with an account."""

    id: str
    generations: int
    uploads: int
    keys: int
