"""``rushes usage``: show ended generations and their credits."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

import csv
import sys
from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Config, Data, Json, settings
from rushes.cli.support.output import print_json, print_table
from rushes.cli.support.run_command import with_application
from rushes.core.credit_amounts import format_credits
from rushes.core.generation import AccountId
from rushes.core.ledger import Usage

COLUMNS = ("day", "account", "key", "model", "state", "count", "credits")

AccountOption = Annotated[str | None, typer.Option("--account", help="Only this account.")]
First = Annotated[str | None, typer.Option("--from", help="The first day, e.g. 2026-01-31, UTC.")]
Last = Annotated[str | None, typer.Option("--to", help="The last day.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV, for a spreadsheet.")]


def usage(
    account: AccountOption = None,
    first: First = None,
    last: Last = None,
    csv_: Csv = False,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Show ended generations and their credits by day, account, key, model and state."""
    name, begin, end = AccountId(account) if account else None, _day(first), _day(last)
    found = with_application(
        settings(data, config),
        lambda application: application.credits.usage(name, first=begin, last=end),
    )
    rows = [_row(one) for one in found]
    if json:
        print_json([dict(zip(COLUMNS, row, strict=True)) for row in rows])
    elif csv_:
        _write(rows)
    else:
        print_table(COLUMNS, rows)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"a day must be like 2026-01-31, not {text!r}", ExitCode.USAGE) from None


def _row(used: Usage) -> tuple[object, ...]:
    return (
        used.day.isoformat(),
        used.account_id,
        used.key_id,
        used.model,
        used.state,
        used.count,
        format_credits(used.micro),
    )


def _write(rows: Sequence[Sequence[object]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: object) -> object:
    """Quote a name that a spreadsheet would read as a formula."""
    risky = isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{cell}" if risky else cell
