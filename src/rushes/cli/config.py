"""``rushes config``: show every setting, its value and the source of the value."""

from typing import Annotated

import typer

from rushes.cli.support.options import Config, Data, Json, settings_with_sources
from rushes.cli.support.output import print_json, print_table, say

Sources = Annotated[
    bool, typer.Option("--sources", help="Also show the file, variable or flag of each value.")
]


def config(
    sources: Sources = False, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """Show the settings in force; if some are invalid, list all mistakes and fail."""
    from rushes.cli.support.setting_views import cell, hide_secret
    from rushes.settings import values

    loaded = settings_with_sources(data, config)
    shown = {name: hide_secret(value) for name, value in values(loaded.settings).items()}
    if json:
        print_json(
            {n: {"value": v, "source": loaded.sources[n]} for n, v in shown.items()}
            if sources
            else shown
        )
        return
    rows = [(n, cell(v), loaded.sources[n], _variable(n)) for n, v in shown.items()]
    columns = ("setting", "value", "from", "variable")
    if sources:
        print_table(columns, rows)
        say()
        say(f"file: {loaded.file or 'none'}")
    else:
        print_table(columns[:2], [row[:2] for row in rows])


def _variable(name: str) -> str:
    from rushes.settings import NAMES, variable

    return variable(name) if name in NAMES else "-"  # a channel has none
