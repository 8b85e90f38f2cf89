"""``rushes config``: show every setting, its value and the source of the value."""

from collections.abc import Mapping
from typing import Annotated, cast

import typer
from pydantic import SecretStr

from rushes.cli.support.options import Config, Data, Json, settings_with_sources
from rushes.cli.support.output import print_json, print_table, say
from rushes.service.setting_view import SettingView
from rushes.settings import NAMES, Loaded, values, variable

Sources = Annotated[
    bool, typer.Option("--sources", help="Also show the file, variable or flag of each value.")
]


def config(
    sources: Sources = False, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """Show the settings in force; if some are invalid, list all mistakes and fail."""
    loaded = settings_with_sources(data, config)
    shown = {name: _shown(value) for name, value in values(loaded.settings).items()}
    if json:
        print_json(
            {n: {"value": v, "source": loaded.sources[n]} for n, v in shown.items()}
            if sources
            else shown
        )
        return
    rows = [(n, _cell(v), loaded.sources[n], _variable(n)) for n, v in shown.items()]
    columns = ("setting", "value", "from", "variable")
    if sources:
        print_table(columns, rows)
        say()
        say(f"file: {loaded.file or 'none'}")
    else:
        print_table(columns[:2], [row[:2] for row in rows])


def setting_views(loaded: Loaded) -> tuple[SettingView, ...]:
    """Return every setting as the API shows it to operators, without secrets."""
    return tuple(
        SettingView(name=name, value=str(_cell(_shown(value))), source=loaded.sources[name])
        for name, value in values(loaded.settings).items()
    )


def _variable(name: str) -> str:
    return variable(name) if name in NAMES else "-"  # a channel has none


def _shown(value: object) -> object:
    return "***" if isinstance(value, SecretStr) else value


def _cell(value: object) -> object:
    match value:
        case None:
            return "-"
        case bool():
            return str(value).lower()
        case tuple():
            return ", ".join(map(str, cast("tuple[object, ...]", value))) or "-"
        case Mapping():
            pairs = cast("Mapping[object, object]", value).items()
            return ", ".join(f"{name} = {_cell(one)}" for name, one in pairs) or "-"
        case _:
            return value
