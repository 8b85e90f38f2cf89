"""The options that several commands share, and how they become settings."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.core.keys import KEY_VARIABLE

if TYPE_CHECKING:
    from rushes.settings import Loaded, Settings

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder with the database and the files. [default: ./rushes-data]"),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", help="Read the settings from this file, and from no other."),
]
ServerUrl = Annotated[
    str | None, typer.Option("--server", help="Let the server at this base URL do it.")
]
KeyOption = Annotated[
    str | None, typer.Option("--key", envvar=KEY_VARIABLE, help="The key for that server.")
]
GenerationIdArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The generation's id, in any form that an API shows.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]


_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def among(*values: str) -> Callable[[str], list[str]]:
    """Return what completes an option that takes one of *values*."""

    def completing(incomplete: str) -> list[str]:
        return [value for value in values if value.startswith(incomplete)]

    return completing


def settings(
    data: Path | None,
    config: Path | None,
    more: Mapping[str, object] | None = None,
    *,
    talks: bool = False,
) -> "Settings":
    """
    Return the settings for a command that was given these options.

    Args:
        talks: It talks to the channels, so that none of their keys may be missing.
    """
    from rushes.settings import load

    overrides = {"data": data, **(more or {})}
    return load(config_file=config, overrides=overrides, needs_keys=lambda _: talks)


def settings_with_sources(
    data: Path | None,
    config: Path | None,
    more: Mapping[str, object] | None = None,
    *,
    without_worker: bool = False,
) -> "Loaded":
    """
    Return the settings, and where each value came from.

    Args:
        without_worker: Where these settings run no worker, the keys of channels may be missing.
    """
    from rushes.settings import load_with_sources

    return load_with_sources(
        config_file=config,
        overrides={"data": data, **(more or {})},
        needs_keys=lambda read: not without_worker or read is None or read.worker.enabled,
    )


def span(text: str, option: str) -> float:
    """Return the seconds of a text such as ``10m``. Raises Stop when it is none."""
    found = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if found is None or not int(found[1]):
        raise CommandError(
            f"{option} must be like 30s, 10m, 2h or 1d, not {text!r}", ExitCode.USAGE
        )
    return float(int(found[1]) * _UNITS[found[2]])
