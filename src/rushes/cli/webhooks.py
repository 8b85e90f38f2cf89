"""``rushes webhooks``: what the receivers of webhooks must be told."""

import typer

from rushes.bootstrap import webhook_secret
from rushes.cli.options import Config, Data, Json, settings
from rushes.cli.output import print_json, say
from rushes.cli.running import must_hold_data

webhooks = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="See how webhooks are signed."
)


@webhooks.callback()
def root() -> None:
    """Keep the group a group, of however few commands."""


@webhooks.command()
def secret(data: Data = None, config: Config = None, json: Json = False) -> None:
    """Show the secret that signs webhooks, for a receiver to verify them with."""
    chosen = settings(data, config)
    if chosen.webhooks.secret is None:
        must_hold_data(chosen)
    shown = webhook_secret(chosen)
    if json:
        print_json({"secret": shown})
    else:
        say(shown)
