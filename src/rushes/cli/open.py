"""``rushes open``: open a finished video in the player or browser of this machine."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import (
    Config,
    Data,
    GenerationIdArgument,
    Json,
    KeyOption,
    ServerUrl,
    settings,
)
from rushes.cli.support.output import complain, print_json, say
from rushes.cli.support.terminal import has_desktop

if TYPE_CHECKING:
    from rushes.cli.support.follow_generation import FollowedGeneration

Print = Annotated[bool, typer.Option("--print", help="Only print the URL or the path.")]


def open_(
    generation_id: GenerationIdArgument,
    print_: Print = False,
    server: ServerUrl = None,
    key: KeyOption = None,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """
    Open a finished video in this machine's player; without a player, print where it is.

    The command reads the server or, without --server, the data folder.
    """
    from rushes.cli.support.follow_generation import with_generation

    async def work(found: "FollowedGeneration") -> str:
        return (await found.end()).require_file()

    file = with_generation(generation_id, server, key, lambda: settings(data, config), work)
    opens = not print_ and has_desktop()
    if opens and typer.launch(file) != 0:
        raise CommandError(
            f"this machine has no program that opens {file}; --print only shows the path",
            ExitCode.FAILED,
        )
    if json:
        print_json({"file": file, "opened": opens})
    else:
        say(file)
        if not opens and not print_:
            complain("rushes: this machine has no desktop to open it in")
