"""Define the wire format of credits: balances, ledger entries, usage and grants."""

import re
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from rushes.core.credit_amounts import parse_credits
from rushes.core.generation import State
from rushes.core.ledger import EntryKind
from rushes.dialects.native.wire import View

_LONGEST_TEXT: Final = 200
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _check_amount(text: str) -> str:
    parse_credits(text)
    return text


def _check_day(value: object) -> object:
    """Refuse the other spellings that pydantic takes: seconds since 1970, a time of day."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a day like 2026-01-31")
    return value


def _check_flag(value: object) -> object:
    """Refuse the other spellings that pydantic takes, such as 1 and off."""
    if not isinstance(value, str) or value not in {"true", "false"}:
        raise ValueError("must be true or false")
    return value


Amount = Annotated[str, AfterValidator(_check_amount)]
Day = Annotated[date, BeforeValidator(_check_day)]


class BalanceView(View):
    """The credits of an account. Amounts are exact decimals, as text."""

    account: str
    is_metered: bool
    """Whether generations cost credits on this server."""

    balance: str
    """Credits that the account can spend."""

    held: str
    """Credits that are held for generations that are not final."""


class LedgerEntryView(View):
    """One change of an account's balance."""

    seq: int
    account: str
    kind: EntryKind
    reference: str
    """The id of the generation, or of the grant."""

    balance: str
    """The change of the balance, in credits."""

    held: str
    """The change of the held amount, in credits."""

    at: datetime
    note: str | None


class LedgerPage(View):
    """One page of ledger entries, newest first."""

    entries: list[LedgerEntryView]
    next: int | None
    """The `before` of the next page; null on the last."""


class LedgerQuery(BaseModel):
    """Which ledger entries to list."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    before: Annotated[int, Field(ge=1, le=(1 << 63) - 1)] | None = None
    """Only entries before the one with this `seq`."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    all_accounts: bool = False
    """Whether to list the entries of every account; needs an operator's key."""


class UsageRow(View):
    """The final generations of one day with the same account, key, model and state."""

    day: date
    account: str
    key_id: str | None
    model: str
    state: State
    count: int
    credits: str
    """The credits that were captured for them."""


class UsageView(View):
    """Usage by day, account, key, model and state."""

    usage: list[UsageRow]


class UsageQuery(BaseModel):
    """Which days to count."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    first: Day | None = None
    """The first day, in UTC, such as `2026-01-31`."""

    last: Day | None = None
    """The last day."""

    all_accounts: Annotated[bool, BeforeValidator(_check_flag)] = False
    """Whether to count every account; needs an operator's key."""


class Grant(BaseModel):
    """Credits for an account."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    account: Annotated[str, Field(min_length=1, max_length=_LONGEST_TEXT)]
    amount: Amount
    """Credits as a decimal, such as `12.5`; a negative amount takes credits back."""

    note: Annotated[str, Field(max_length=_LONGEST_TEXT)] | None = None
    once: Annotated[str, Field(min_length=1, max_length=_LONGEST_TEXT)] | None = None
    """A name of your choice: a second grant with the same name changes nothing."""
