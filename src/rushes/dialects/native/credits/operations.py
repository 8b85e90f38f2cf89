"""Credits in our own API: what an account has and why, and what was used."""

import re
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import Response

from rushes.core.credit_amounts import format_credits, parse_credits
from rushes.core.errors import InvalidRequest
from rushes.core.generation import AccountId, State
from rushes.core.keys import Scope
from rushes.core.ledger import Entry, EntryKind, Used
from rushes.dialects.native.generations.wire import Told
from rushes.dialects.native.replies import reply
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse, parse_query
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.service.credits import Credits

PATH: Final = "/api/v1/credits"
USAGE: Final = "/api/v1/usage"
_LONGEST: Final = 200


def _amount(text: str) -> str:
    parse_credits(text)
    return text


Amount = Annotated[str, AfterValidator(_amount)]


class CreditsTold(Told):
    """What an account has. Amounts are exact decimals, as text."""

    account: str
    is_metered: bool
    """Whether anything costs anything on this server."""

    balance: str
    """Credits that may be spent."""

    held: str
    """Credits that are set aside for generations that are not done."""


class EntryTold(Told):
    """One line of the ledger."""

    seq: int
    account: str
    kind: EntryKind
    reference: str
    """The id of the generation, or of the grant."""

    balance: str
    """By how many credits the balance grows."""

    held: str
    """By how many credits that what is held grows."""

    at: datetime
    note: str | None


class EntriesTold(Told):
    """Some lines, newest first."""

    entries: list[EntryTold]
    next: int | None
    """The `before` of the next page; null on the last."""


class EntryQuery(BaseModel):
    """Which lines are wanted."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    before: Annotated[int, Field(ge=1, le=(1 << 63) - 1)] | None = None
    """Only those written before the one with this `seq`."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    all_accounts: bool = False
    """Whether to list those of every account; it takes an operator's key."""


class UsedTold(Told):
    """What has ended alike on one day."""

    day: date
    account: str
    key_id: str | None
    model: str
    state: State
    count: int
    credits: str
    """What was due for it."""


class UsageTold(Told):
    """What was used, by day, account, key, model and state."""

    usage: list[UsedTold]


def _written_out(value: object) -> object:
    """Refuse what pydantic would take for a day too: seconds since 1970, a moment."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a day like 2026-01-31")
    return value


def _said(value: object) -> object:
    """Refuse what pydantic would take for yes or no too, such as 1 and off."""
    if not isinstance(value, str) or value not in {"true", "false"}:
        raise ValueError("must be true or false")
    return value


_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
Day = Annotated[date, BeforeValidator(_written_out)]


class UsageQuery(BaseModel):
    """Which days are wanted."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    first: Day | None = None
    """The first day, in UTC, such as `2026-01-31`."""

    last: Day | None = None
    """The last day."""

    all_accounts: Annotated[bool, BeforeValidator(_said)] = False
    """Whether to count every account; it takes an operator's key."""


class Grant(BaseModel):
    """Credits for an account."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    account: Annotated[str, Field(min_length=1, max_length=_LONGEST)]
    amount: Amount
    """Credits as a decimal, such as `12.5`; less than zero takes them back."""

    note: Annotated[str, Field(max_length=_LONGEST)] | None = None
    once: Annotated[str, Field(min_length=1, max_length=_LONGEST)] | None = None
    """A name of yours: the same one again changes nothing."""


def credits_operations(purse: Credits | None) -> tuple[Operation, ...]:
    """Return what can be asked for; nothing, where nobody counts."""
    return () if purse is None else (*_own(purse), _granting(purse))


def _own(purse: Credits) -> tuple[Operation, ...]:
    async def look(call: Call) -> Response:
        funds = await purse.funds(call.caller.account_id)
        return reply(
            CreditsTold(
                account=funds.account_id,
                is_metered=purse.enabled,
                balance=format_credits(funds.balance),
                held=format_credits(funds.held),
            )
        )

    async def entries(call: Call) -> Response:
        query = parse_query(EntryQuery, call.request)
        account = _whose(call, every=query.all_accounts)
        found = await purse.entries(account, before_seq=query.before, limit=query.limit + 1)
        shown = found[: query.limit]
        is_last = len(found) == len(shown)
        told = [entry_told(one) for one in shown]
        return reply(EntriesTold(entries=told, next=None if is_last else shown[-1].seq))

    async def usage(call: Call) -> Response:
        query = parse_query(UsageQuery, call.request)
        account = _whose(call, every=query.all_accounts)
        found = await purse.usage(account, first=query.first, last=query.last)
        return reply(UsageTold(usage=[used_told(one) for one in found]))

    return (
        Operation(
            path=PATH,
            handler=look,
            operation_id="credits",
            summary="See what your account has",
            replies={200: Reply(about="The balance.", shape=CreditsTold)},
        ),
        Operation(
            path=f"{PATH}/entries",
            handler=entries,
            operation_id="credit_entries",
            summary="See why it has that: the ledger, newest first",
            query=EntryQuery,
            replies={200: Reply(about="One page of it.", shape=EntriesTold)},
        ),
        Operation(
            path=USAGE,
            handler=usage,
            operation_id="usage",
            summary="See what was used, by day, key, model and state",
            about="Generations are counted when they end, also where nothing costs anything.",
            query=UsageQuery,
            replies={200: Reply(about="What was used.", shape=UsageTold)},
        ),
    )


def _granting(purse: Credits) -> Operation:
    async def grant(call: Call) -> Response:
        asked = parse(Grant, call.raw)
        micro = parse_credits(asked.amount)
        if micro == 0:
            raise InvalidRequest("amount must not be 0", param="amount")
        account = AccountId(asked.account)
        entry = await purse.grant(account, micro, note=asked.note, once=asked.once)
        return reply(entry_told(entry), status=201)

    return Operation(
        path=f"{PATH}/grants",
        methods=("POST",),
        handler=grant,
        operation_id="grant_credits",
        summary="Give an account credits, or take some back",
        about="It takes an operator's key.",
        body=Body(contents={JSON: Grant}),
        replies={201: Reply(about="The line that was written.", shape=EntryTold)},
        scope=Scope.OPERATE,
        problems=(402, 409),
    )


def _whose(call: Call, *, every: bool) -> AccountId | None:
    """Return the caller's account, or None for everybody's if he may ask for that."""
    if not every:
        return call.caller.account_id
    call.caller.require_operator()
    return None


def entry_told(entry: Entry) -> EntryTold:
    """Return a line as it is told."""
    return EntryTold(
        seq=entry.seq,
        account=entry.account_id,
        kind=entry.kind,
        reference=entry.reference,
        balance=format_credits(entry.balance),
        held=format_credits(entry.held),
        at=entry.at,
        note=entry.note,
    )


def used_told(used: Usage) -> UsedTold:
    """Return what was used as it is told."""
    return UsedTold(
        day=used.day,
        account=used.account_id,
        key_id=used.key_id,
        model=used.model,
        state=used.state,
        count=used.count,
        credits=format_credits(used.micro),
    )
