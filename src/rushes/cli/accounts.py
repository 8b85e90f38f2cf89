"""``rushes accounts``: create, list and delete accounts."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Config, Data, Json, settings
from rushes.cli.support.output import print_json, print_table, say
from rushes.cli.support.run_command import with_accounts, with_application
from rushes.core.keys import Account
from rushes.service.account_deletion import DeletedAccount

if TYPE_CHECKING:
    from rushes.service.accounts import Accounts

Id = Annotated[
    str, typer.Argument(metavar="ID", help="The account's id, e.g. 'acme'; it cannot change.")
]
Called = Annotated[str | None, typer.Option("--name", help="A name for people. [default: ID]")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")]
Cancel = Annotated[bool, typer.Option("--cancel", help="Cancel queued and running generations.")]


def create(
    account_id: Id,
    name: Called = None,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Create an account; `rushes keys create NAME --account ID` creates its keys."""
    made = with_application(
        settings(data, config),
        lambda application: application.accounts.create_account(account_id, name=name),
        may_be_new=True,
    )
    if json:
        print_json(made)
    else:
        say(f"Created the account {made.id!r}.")


def list_(data: Data = None, config: Config = None, json: Json = False) -> None:
    """List the accounts, oldest first, each with the number of its valid keys."""
    found = with_accounts(data, config, _with_keys)
    if json:
        print_json(
            [
                {"id": a.id, "name": a.name, "created_at": a.created_at, "keys": count}
                for a, count in found
            ]
        )
        return
    rows = [(a.id, a.name, count, f"{a.created_at:%F %T}") for a, count in found]
    print_table(("id", "name", "keys", "created"), rows, spare=("created",))


async def _with_keys(kept: "Accounts") -> list[tuple[Account, int]]:
    keys = [key for key in await kept.keys() if key.revoked_at is None]
    return [
        (account, sum(key.account_id == account.id for key in keys))
        for account in await kept.accounts()
    ]


def delete(
    account_id: Id,
    yes: Yes = False,
    cancel: Cancel = False,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """
    Delete an account with its generations, files, deliveries and keys, for good.

    The command asks for confirmation. It refuses while a generation of the account is queued or
    running, unless you add --cancel.
    """
    sentence = f"This deletes {account_id!r} with its generations, files and keys, for good"
    if not yes and json:
        raise CommandError(f"{sentence}; add --yes to confirm", ExitCode.USAGE)
    if not yes and not typer.confirm(f"{sentence}. Go on?", err=True):
        raise CommandError("nothing was deleted", ExitCode.FAILED)
    closed: DeletedAccount = with_application(
        settings(data, config),
        lambda application: application.account_deletion.delete(account_id, cancel=cancel),
    )
    if json:
        print_json(closed)
        return
    say(
        f"Deleted {closed.account_id!r} with {closed.generations} generations,"
        f" {closed.uploads} uploads and {closed.keys} keys."
    )
