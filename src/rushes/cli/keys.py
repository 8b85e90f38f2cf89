"""``rushes keys``: who may call the server."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

from datetime import datetime
from typing import Annotated, Literal

import typer

from rushes.cli.options import Config, Data, Json, settings
from rushes.cli.output import print_json, print_table, say
from rushes.cli.running import in_house
from rushes.core.keys import Key

keys = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Make, list and revoke API keys."
)

Name = Annotated[str, typer.Argument(help="What to call the key, e.g. 'laptop'.")]
KeyId = Annotated[str, typer.Argument(help="The key's id, as `rushes keys list` shows it.")]
Account = Annotated[
    str | None,
    typer.Option(
        help="Whose generations the key sees; keys of one account share them. [default: NAME]"
    ),
]
BatchFormat = Annotated[
    Literal["array", "wrapped"] | None,
    typer.Option(help="What POST /luma/tasks answers this key. [default: the server's setting]"),
]
Operate = Annotated[
    bool, typer.Option("--operate", help="Let it see and direct the server itself: its channels.")
]


@keys.command()
def create(
    name: Name,
    account: Account = None,
    batch_format: BatchFormat = None,
    operate: Operate = False,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Make a key and show it, this once. Works while the server runs."""
    key, secret = in_house(
        settings(data, config),
        lambda house: house.accounts.create_key(
            name, account=account, batch_format=batch_format, operates=operate
        ),
        may_be_new=True,
    )
    if json:
        print_json({"key": secret, **shown(key)})
        return
    say(secret)
    say()
    say(f"This is the key {key.name!r} ({key.id}) of the account {key.account_id!r}.")
    say("Keep it: it is stored as a hash and cannot be shown again.")


@keys.command(name="list")
def list_(data: Data = None, config: Config = None, json: Json = False) -> None:
    """List the keys, oldest first; the secrets themselves are not kept."""
    found = in_house(settings(data, config), lambda house: house.accounts.keys())
    if json:
        print_json([shown(key) for key in found])
        return
    columns = ("id", "name", "account", "begins with", "operates", "made", "revoked")
    print_table(
        columns,
        [
            (k.id, k.name, k.account_id, k.hint, _yes(k.operates), _at(k.created_at), k.revoked_at)
            for k in found
        ],
        spare=("begins with", "made", "revoked"),
    )


def _at(moment: datetime) -> str:
    return f"{moment:%F %T}"


def _yes(operates: bool) -> str:
    return "yes" if operates else ""


@keys.command()
def revoke(key_id: KeyId, data: Data = None, config: Config = None, json: Json = False) -> None:
    """Make a key worthless, in a running server within a second. Revoking twice is harmless."""
    key = in_house(settings(data, config), lambda house: house.accounts.revoke_key(key_id))
    if json:
        print_json(shown(key))
    else:
        say(f"The key {key.name!r} ({key.id}) is worthless now.")


def shown(key: Key) -> dict[str, object]:
    """Return what may be shown of a key."""
    return {
        "id": key.id,
        "name": key.name,
        "account": key.account_id,
        "hint": key.hint,
        "batch_format": key.batch_format,
        "operates": key.operates,
        "created_at": key.created_at,
        "revoked_at": key.revoked_at,
    }
