"""
List the commands: the name, the module and the short help of each.

A command's module is imported when the command runs, so that help pages, completion and small
commands start at once; ``tests/cli/test_start.py`` checks that.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, cast

import typer.main
from typer.core import TyperGroup

from rushes.cli.support.lazy import LazyCommand, QuickGroup, group
from rushes.cli.version import version

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "serve": ("serve:serve", "Serve the API."),
    "worker": ("worker:worker", "Run generations without serving the API."),
    "generate": ("generate:generate", "Make one video and write it to a file."),
    "watch": ("watch:watch", "Follow one generation until it ends."),
    "open": ("open:open_", "Open a finished video in a player."),
    "demo": ("demo:demo", "Start a server and make two videos."),
    "generations list": ("generations:list_", "List generations, newest first."),
    "generations show": ("generations:show", "Show one generation and its files."),
    "generations cancel": ("generations:cancel", "Cancel a queued or running generation."),
    "generations retry": ("generations:retry", "Run a failed or cancelled generation again."),
    "generations events": ("generations:events", "Show the history of a generation."),
    "accounts create": ("accounts:create", "Create an account."),
    "accounts list": ("accounts:list_", "List accounts, oldest first."),
    "accounts delete": ("accounts:delete", "Delete an account and all that it owns."),
    "keys create": ("keys:create", "Create an API key and show its secret once."),
    "keys list": ("keys:list_", "List API keys, oldest first."),
    "keys show": ("keys:show", "Show the scopes and limits of one API key."),
    "keys limit": ("keys:limit", "Change the limits of an API key."),
    "keys rotate": ("keys:rotate", "Replace the secret of an API key."),
    "keys revoke": ("keys:revoke", "Revoke an API key."),
    "channels list": ("channels:list_", "List channels and their health."),
    "channels test": ("channels:try_out", "Check the address and the key of a channel."),
    "channels pause": ("channels:pause", "Pause a channel: give it no new work."),
    "channels resume": ("channels:resume", "Resume a channel."),
    "nodes list": ("nodes:list_", "List the processes of a server."),
    "nodes drain": ("nodes:drain", "Drain a node: give it no new work."),
    "nodes resume": ("nodes:resume", "Resume a drained node."),
    "credits show": ("credits:show", "Show the balances of accounts."),
    "credits grant": ("credits:grant", "Grant credits to an account, or take some back."),
    "credits entries": ("credits:entries", "List the entries of the ledger."),
    "credits verify": ("credits:verify", "Check every balance against the ledger."),
    "usage": ("usage:usage", "Show usage by day, account, key and model."),
    "webhooks add": ("webhooks:add", "Add a webhook and show its secret once."),
    "webhooks list": ("webhooks:list_", "List webhooks, oldest first."),
    "webhooks remove": ("webhooks:remove", "Remove a webhook."),
    "webhooks enable": ("webhooks:enable", "Enable a webhook and send what it missed."),
    "webhooks disable": ("webhooks:disable", "Disable a webhook and hold its deliveries."),
    "webhooks rotate": ("webhooks:rotate", "Rotate the secret of a webhook."),
    "webhooks test": ("webhooks:try_out", "Send a test event to a webhook or a URL."),
    "webhooks secret": ("webhooks:secret", "Show or rotate the server's webhook secret."),
    "deliveries list": ("deliveries:list_", "List webhook deliveries, newest first."),
    "deliveries show": ("deliveries:show", "Show a delivery and its attempts."),
    "deliveries redeliver": ("deliveries:redeliver", "Send a delivery again."),
    "mcp": ("mcp:mcp", "Serve tools to an agent over stdio (MCP)."),
    "models offered": ("offered_models:offered", "List the models that requests can name."),
    "models list": ("local_models:list_", "List local models and what can run here."),
    "models show": ("local_models:show", "Show the licence and needs of a local model."),
    "models pull": ("local_models:pull", "Download a local model, or go on with it."),
    "models verify": ("local_models:verify", "Check the files of a local model."),
    "models rm": ("local_models:rm", "Delete a local model from this machine."),
    "gc": ("gc:gc", "Delete data whose retention time is over."),
    "db status": ("db:status", "Show the database and its tables' version."),
    "db migrate": ("db:migrate", "Bring the database's tables to this release."),
    "db copy": ("db:copy", "Copy SQLite to PostgreSQL, or back."),
    "doctor": ("doctor:doctor", "Check whether a server can run here."),
    "config": ("config:config", "Show every setting and its value."),
    "version": ("version:version", "Print the version."),
    "mock-upstream": ("mock_upstream:mock_upstream", "Run a mock upstream to test channels with."),
}
"""The function and the short help, 50 characters at most, by what is typed after ``rushes``."""

FORMER_NAMES: Final[Mapping[str, str]] = {
    "stand-in": "mock-upstream",
    "channels rest": "channels pause",
    "webhooks turn": "webhooks rotate",
}
"""Commands by their names in the last release. They run with a warning, and no help lists them."""

GROUPS: Final[Mapping[str, str]] = {
    "generations": "List, show, cancel and retry generations.",
    "accounts": "Create, list and delete accounts.",
    "keys": "Create, list, limit, rotate and revoke API keys.",
    "channels": "List, test, pause and resume channels.",
    "nodes": "List, drain and resume processes of a server.",
    "credits": "Show, grant and verify credits.",
    "webhooks": "Add, list, test and disable webhooks.",
    "deliveries": "List webhook deliveries and send them again.",
    "models": "List models; pull and remove local ones.",
    "db": "Show, migrate and copy the database.",
}

FORMER_COMMANDS: Final[Mapping[str, str]] = {"models": "offered"}
"""The command that a group was in the last release: it runs, with a warning, without a command."""

_app: Final = typer.Typer(
    name="rushes",
    cls=QuickGroup,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,  # help texts hold brackets
    help="A self-hosted server for the Luma video generation API.",
)


def _say_version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option(
        "--version", callback=_say_version, is_eager=True, help="Print the version and exit."
    ),
]


@_app.callback()
def _root(version: Version = False) -> None:
    """Take the options that stand before the command."""


def root() -> TyperGroup:
    """Return ``rushes`` with all of its commands."""
    made = cast("TyperGroup", typer.main.get_command(_app))
    for name in dict.fromkeys(path.partition(" ")[0] for path in (*COMMANDS, *FORMER_NAMES)):
        if name in GROUPS:
            commands = dict(_commands(f"{name} "))
            former = FORMER_COMMANDS.get(name)
            made.add_command(group(name, GROUPS[name], commands, former_command=former))
        else:
            made.add_command(_command(name))
    return made


def _commands(group_prefix: str) -> Iterator[tuple[str, LazyCommand]]:
    for path in (*COMMANDS, *FORMER_NAMES):
        if path.startswith(group_prefix):
            yield path.removeprefix(group_prefix), _command(path)


def _command(path: str) -> LazyCommand:
    current = FORMER_NAMES.get(path)
    source, short_help = COMMANDS[current or path]
    return LazyCommand(path, f"rushes.cli.{source}", short_help, replaced_by=current)
