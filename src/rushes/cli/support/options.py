"""Define the options that several commands share, and load the settings from them."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.output import complain
from rushes.core.keys import KEY_VARIABLE

if TYPE_CHECKING:
    from rushes.settings import Loaded, Settings

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder with the database and the files. [default: ./rushes-data]"),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", help="Read the settings from this file only."),
]
ServerUrl = Annotated[str | None, typer.Option("--server", help="Use the server at this base URL.")]
KeyOption = Annotated[
    str | None, typer.Option("--key", envvar=KEY_VARIABLE, help="The API key for that server.")
]
GenerationIdArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The generation's id, in any form that an API shows.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def among(*values: str) -> Callable[[str], list[str]]:
    """Return a shell completion for an option that takes one of *values*."""

    def complete(incomplete: str) -> list[str]:
        return [value for value in values if value.startswith(incomplete)]

    return complete


def settings(
    data: Path | None,
    config: Path | None,
    more: Mapping[str, object] | None = None,
    *,
    talks: bool = False,
) -> "Settings":
    """
    Load the settings of a command with these options.

    Args:
        talks: Whether the command connects to channels, so that it needs all of their keys.
    """
    from rushes.settings import load_with_sources

    overrides = {"data": data, **(more or {})}
    loaded = load_with_sources(config_file=config, overrides=overrides, needs_keys=lambda _: talks)
    _warn(loaded)
    return loaded.settings


def settings_with_sources(
    data: Path | None,
    config: Path | None,
    more: Mapping[str, object] | None = None,
    *,
    needs_keys: "Callable[[Settings | None], bool]" = lambda _: True,
) -> "Loaded":
    """
    Load the settings with the source of each value.

    Args:
        needs_keys: Returns whether a missing key of a channel is a mistake; it gets the settings,
            or None if they are wrong.
    """
    from rushes.settings import load_with_sources

    loaded = load_with_sources(
        config_file=config,
        overrides={"data": data, **(more or {})},
        needs_keys=needs_keys,
    )
    _warn(loaded)
    return loaded


def _warn(loaded: "Loaded") -> None:
    for warning in loaded.warnings:
        complain(f"rushes: {warning}")


def span(text: str, option: str) -> float:
    """Return the seconds of a text such as ``10m``. Raises CommandError for any other text."""
    found = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if found is None or not int(found[1]):
        raise CommandError(
            f"{option} must be like 30s, 10m, 2h or 1d, not {text!r}", ExitCode.USAGE
        )
    return float(int(found[1]) * _UNITS[found[2]])
