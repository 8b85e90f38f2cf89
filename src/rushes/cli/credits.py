"""``rushes credits``: show and grant credits, list the ledger and verify it."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Config, Data, Json, settings
from rushes.cli.support.output import print_json, print_table, say
from rushes.cli.support.run_command import with_application
from rushes.core.credit_amounts import format_credits, parse_credits
from rushes.core.generation import AccountId
from rushes.core.ledger import Audit, Entry, Funds

if TYPE_CHECKING:
    from rushes.bootstrap.application import Application

AccountArgument = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")]
MaybeAccount = Annotated[
    str | None, typer.Argument(metavar="ACCOUNT", help="The account's id. [default: every account]")
]
Amount = Annotated[
    str,
    typer.Argument(metavar="AMOUNT", help="Credits, e.g. 12.5; to take credits back: -- -12.5."),
]
Note = Annotated[str | None, typer.Option(help="A reason, which the ledger keeps.")]
Name = Annotated[
    str | None,
    typer.Option("--once", help="An idempotency key: a second grant with it has no effect."),
]
AccountOption = Annotated[str | None, typer.Option("--account", help="Only this account.")]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="The most to list.")]


def show(
    account: MaybeAccount = None, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """Show the balance of an account, and the credits held for open generations."""

    async def work(application: "Application") -> tuple[Funds, ...]:
        if account is None:
            return await application.credits.all_funds()
        return (await application.credits.funds(AccountId(account)),)

    found = with_application(settings(data, config), work)
    if json:
        print_json([_funds(one) for one in found])
    else:
        print_table(("account", "balance", "held"), [tuple(_funds(one).values()) for one in found])


def grant(
    account: AccountArgument,
    amount: Amount,
    note: Note = None,
    once: Name = None,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Grant credits to an account, or take some back. Works while the server runs."""
    try:
        micro = parse_credits(amount)
    except ValueError as error:
        raise CommandError(f"AMOUNT {error}", ExitCode.USAGE) from None
    if micro == 0:
        raise CommandError("AMOUNT must not be 0", ExitCode.USAGE)
    name = AccountId(account)

    async def work(application: "Application") -> tuple[Entry, Funds]:
        entry = await application.credits.grant(name, micro, note=note, once=once)
        return entry, await application.credits.funds(name)

    entry, funds = with_application(settings(data, config), work, may_be_new=True)
    if json:
        print_json({"entry": _entry(entry), **_funds(funds)})
    else:
        say(f"{account} has {format_credits(funds.balance)} credits now.")


def entries(
    account: AccountOption = None,
    limit: Limit = 20,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """List the ledger, newest first: every grant, hold, settlement and release."""
    name = AccountId(account) if account else None
    found = with_application(
        settings(data, config), lambda application: application.credits.entries(name, limit=limit)
    )
    if json:
        print_json([_entry(one) for one in found])
        return
    columns = ("seq", "at", "account", "what", "of", "balance", "held", "note")
    print_table(
        columns,
        [
            (
                one.seq,
                f"{one.at:%F %T}",
                one.account_id,
                one.kind,
                one.reference,
                format_credits(one.balance),
                format_credits(one.held),
                one.note,
            )
            for one in found
        ],
    )


def verify(data: Data = None, config: Config = None, json: Json = False) -> None:
    """Recompute every balance from the ledger and the open generations; fail on a difference."""
    found = with_application(
        settings(data, config), lambda application: application.credits.audit()
    )
    wrong = [one for one in found if not one.is_sound]
    if json:
        print_json({"accounts": len(found), "wrong": [_audit(one) for one in wrong]})
    else:
        columns = ("account", "balance", "held", "counted balance", "counted held", "open prices")
        if wrong:
            print_table(columns, [tuple(_audit(one).values()) for one in wrong])
        else:
            say(f"{len(found)} accounts: every balance is the sum of its ledger.")
    if wrong:
        raise CommandError(f"{len(wrong)} of {len(found)} accounts do not add up", ExitCode.FAILED)


def _funds(funds: Funds) -> dict[str, object]:
    return {
        "account": funds.account_id,
        "balance": format_credits(funds.balance),
        "held": format_credits(funds.held),
    }


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "account": entry.account_id,
        "kind": entry.kind,
        "reference": entry.reference,
        "balance": format_credits(entry.balance),
        "held": format_credits(entry.held),
        "note": entry.note,
    }


def _audit(audit: Audit) -> dict[str, object]:
    return {
        **_funds(audit.recorded),
        "counted_balance": format_credits(audit.counted.balance),
        "counted_held": format_credits(audit.counted.held),
        "open_prices": format_credits(audit.open_prices),
    }
