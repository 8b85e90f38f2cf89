"""Which commands there are."""

import platform
from typing import Annotated

import typer

from rushes import __version__
from rushes.cli.accounts import accounts
from rushes.cli.channels import channels
from rushes.cli.config import config
from rushes.cli.credits import credits_
from rushes.cli.deliveries import deliveries
from rushes.cli.demo import demo
from rushes.cli.doctor import doctor
from rushes.cli.examples import show_examples
from rushes.cli.gc import gc
from rushes.cli.generate import generate
from rushes.cli.generations import generations
from rushes.cli.keys import keys
from rushes.cli.mcp import mcp
from rushes.cli.models import models
from rushes.cli.open import open_
from rushes.cli.options import Json
from rushes.cli.output import print_json, say
from rushes.cli.serve import serve
from rushes.cli.standin import stand_in
from rushes.cli.usage import usage
from rushes.cli.watch import watch
from rushes.cli.webhooks import webhooks
from rushes.cli.worker import worker

app = typer.Typer(
    name="rushes",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # help texts hold brackets
    help="A self-hosted server for the Luma video generation API.",
)


def _say_version(asked: bool) -> None:
    if asked:
        version()
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option(
        "--version", callback=_say_version, is_eager=True, help="Print the version and exit."
    ),
]


@app.callback()
def root(version: Version = False) -> None:
    """Say what the help page says; every command stands for itself."""


def version(json: Json = False) -> None:
    """Print the version, and that of the Python that runs it."""
    if json:
        print_json({"version": __version__, "python": platform.python_version()})
    else:
        say(f"rushes {__version__} (Python {platform.python_version()})")


app.command()(serve)
app.command()(worker)
app.command()(generate)
app.command()(watch)
app.command("open")(open_)
app.command()(demo)
app.add_typer(generations, name="generations")
app.add_typer(accounts, name="accounts")
app.add_typer(keys, name="keys")
app.add_typer(channels, name="channels")
app.add_typer(credits_, name="credits")
app.command()(usage)
app.add_typer(webhooks, name="webhooks")
app.add_typer(deliveries, name="deliveries")
app.command()(mcp)
app.command()(models)
app.command()(gc)
app.command()(doctor)
app.command()(config)
app.command()(version)
app.command("stand-in")(stand_in)
show_examples(app)
