"""What is asked and told of accounts and keys in our own API."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from rushes.core.keys import USUAL, Scope
from rushes.dialects.native.generations.wire import Told
from rushes.service.accounts import LONGEST_GRACE, LONGEST_NAME

_STRICT: Final = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Models = Annotated[list[Name], Field(min_length=1, max_length=100)]


class ChangeKey(BaseModel):
    """What a key is to be allowed; what is not named stays, and null is no limit."""

    model_config = _STRICT

    submits_per_minute: Count | None = None
    in_flight: Count | None = None
    models: Models | None = None
    expires_at: AwareDatetime | None = None
    """Null leaves it as it is."""


class CreateKey(ChangeKey):
    """A new key."""

    name: Name
    account: Name | None = None
    """Whose generations it sees; by default an account called as the key is."""

    scopes: Annotated[frozenset[Scope], Field(min_length=1)] = DEFAULT_SCOPES
    batch_format: Literal["array", "wrapped"] | None = None
    """What ``POST /luma/tasks`` answers it; by default as the server is set."""


class RotateKey(BaseModel):
    """How a key gets a new secret."""

    model_config = _STRICT

    grace_s: Annotated[float, Field(ge=0, le=LONGEST_GRACE.total_seconds())] = 0.0
    """Seconds for which the secret that it has is still good."""


class CreateAccount(BaseModel):
    """A new account."""

    model_config = _STRICT

    id: Name
    name: Name | None = None
    """By default its id."""


class KeyQuery(BaseModel):
    """Which keys to list."""

    account: Name | None = None


class CloseQuery(BaseModel):
    """How to delete an account."""

    cancel: bool = False
    """Whether to cancel what waits or runs; else that is a reason to refuse."""


class LimitsTold(Told):
    """How much a key may do; null is no limit."""

    submits_per_minute: int | None
    in_flight: int | None
    models: list[str] | None


class LeftTold(Told):
    """How much of its limits is left to a key just now; null where there is no limit."""

    submits: int | None
    submits_reset_s: float | None
    """In how many seconds all of them are there again."""

    in_flight: int | None


class OwnAccount(Told):
    """Whose key this is, and what it may do."""

    id: str
    name: str
    key_id: str | None
    """Null where the server asks for no key."""

    operates: bool
    """Whether it is an operator's key: it may look after channels and the queue."""

    scopes: list[Scope]
    limits: LimitsTold
    left: LeftTold
    expires_at: datetime | None
    """Null: it does not."""


class KeyTold(Told):
    """A key. Its secret is stored as a hash, and cannot be told."""

    id: str
    account: str
    name: str
    hint: str
    """What its secret begins with."""

    scopes: list[Scope]
    limits: LimitsTold
    batch_format: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    """When it was last used, to the minute."""

    former_secret_until: datetime | None
    """How long the secret that it had before is good."""


class KeyMade(KeyTold):
    """A key with its secret, which is told this once."""

    key: str


class KeysTold(Told):
    """Keys, oldest first."""

    keys: list[KeyTold]


class AccountTold(Told):
    """An account."""

    id: str
    name: str
    created_at: datetime


class AccountsTold(Told):
    """Every account, oldest first."""

    accounts: list[AccountTold]


class ClosedTold(Told):
    """What went with an account."""

    id: str
    generations: int
    uploads: int
    keys: int
