"""Handle requests about credits: balance, ledger, usage, grants."""

from starlette.responses import Response

from rushes.core.credit_amounts import parse_credits
from rushes.core.errors import InvalidRequest
from rushes.core.generation import AccountId
from rushes.dialects.native.credits.translate import from_entry, from_funds, from_usage
from rushes.dialects.native.credits.wire import (
    Grant,
    LedgerPage,
    LedgerQuery,
    UsageQuery,
    UsageView,
)
from rushes.dialects.native.resource import reply
from rushes.dialects.shared.pages import first_page
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse, parse_query
from rushes.service.credits import Credits


class Handlers:
    """One method per route; ``operations`` declares the routes."""

    def __init__(self, accounting: Credits) -> None:
        self._accounting = accounting

    async def credits(self, call: Call) -> Response:
        funds = await self._accounting.funds(call.caller.account_id)
        return reply(from_funds(funds, is_metered=self._accounting.enabled))

    async def credit_entries(self, call: Call) -> Response:
        query = parse_query(LedgerQuery, call.request)
        account = _account(call, all_accounts=query.all_accounts)
        found = await self._accounting.entries(
            account, before_seq=query.before, limit=query.limit + 1
        )
        page, has_more = first_page(found, query.limit)
        entries = [from_entry(entry) for entry in page]
        return reply(LedgerPage(entries=entries, next=page[-1].seq if has_more else None))

    async def usage(self, call: Call) -> Response:
        query = parse_query(UsageQuery, call.request)
        account = _account(call, all_accounts=query.all_accounts)
        rows = await self._accounting.usage(account, first=query.first, last=query.last)
        return reply(UsageView(usage=[from_usage(row) for row in rows]))

    async def grant_credits(self, call: Call) -> Response:
        body = parse(Grant, call.raw)
        micro = parse_credits(body.amount)
        if micro == 0:
            raise InvalidRequest("amount must not be 0", param="amount")
        entry = await self._accounting.grant(
            AccountId(body.account), micro, note=body.note, once=body.once
        )
        return reply(from_entry(entry), status=201)


def _account(call: Call, *, all_accounts: bool) -> AccountId | None:
    """
    Return the caller's account, or None for all accounts.

    Raises:
        Forbidden: Only an operator may see all accounts.
    """
    if not all_accounts:
        return call.caller.account_id
    call.caller.require_operator()
    return None
