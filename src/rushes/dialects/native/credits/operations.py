"""Declare the routes of credits, the ledger and usage."""

from typing import Final

from rushes.dialects.native.credits.handlers import Handlers
from rushes.dialects.native.credits.wire import (
    BalanceView,
    Grant,
    LedgerEntryView,
    LedgerPage,
    LedgerQuery,
    UsageQuery,
    UsageView,
)
from rushes.dialects.native.resource import operator_operation
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.service.credits import Credits

PATH: Final = "/api/v1/credits"
USAGE: Final = "/api/v1/usage"


def credits_operations(accounting: Credits) -> tuple[Operation, ...]:
    """Return the routes of credits."""
    handlers = Handlers(accounting)
    return (
        Operation(
            path=PATH,
            handler=handlers.credits,
            summary="Get the balance of your account",
            replies={200: Reply(about="The balance.", shape=BalanceView)},
        ),
        Operation(
            path=f"{PATH}/entries",
            handler=handlers.credit_entries,
            summary="List the ledger entries of your account, newest first",
            query=LedgerQuery,
            replies={200: Reply(about="One page of entries.", shape=LedgerPage)},
        ),
        Operation(
            path=USAGE,
            handler=handlers.usage,
            summary="Get usage by day, key, model and state",
            about="A generation is counted when it becomes final, even where it costs nothing.",
            query=UsageQuery,
            replies={200: Reply(about="The usage.", shape=UsageView)},
        ),
        operator_operation(
            path=f"{PATH}/grants",
            methods=("POST",),
            handler=handlers.grant_credits,
            summary="Grant credits to an account, or take some back",
            body=Body(contents={JSON: Grant}),
            replies={201: Reply(about="The new ledger entry.", shape=LedgerEntryView)},
            problems=(402, 409),
        ),
    )
