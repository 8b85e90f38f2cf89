"""``rushes models``: what can be asked for here."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from rushes.bootstrap import House
from rushes.cli.options import Config, Data, Json, settings
from rushes.cli.output import print_json, print_table
from rushes.cli.running import in_house
from rushes.service.catalogue import Model, seconds


def models(data: Data = None, config: Config = None, json: Json = False) -> None:
    """List the models, their other names, and what each can do."""

    async def work(house: House) -> list[dict[str, object]]:
        return [_shown(model) for model in house.catalogue.models()]

    chosen = settings(data, config)
    with TemporaryDirectory(prefix="rushes-") as nowhere:  # only the settings matter here
        shown = in_house(replace(chosen, data=Path(nowhere)), work, may_be_new=True)
    if json:
        print_json(shown)
        return
    columns = ("model", "also", "engine", "resolutions", "durations", "ratios")
    print_table(columns, [tuple(map(_cell, one.values()))[:6] for one in shown])


def _cell(value: object) -> object:
    return (
        " ".join(map(str, cast("tuple[object, ...]", value))) if isinstance(value, tuple) else value
    )


def _shown(model: Model) -> dict[str, object]:
    can = model.engine.capabilities
    return {
        "name": model.name,
        "aliases": model.aliases,
        "engine": model.engine.name,
        "resolutions": can.resolutions,
        "durations": tuple(map(seconds, can.durations_s)),
        "ratios": can.ratios,
        "loop": can.loop,
        "first_image": can.first_image,
        "last_image": can.last_image,
        "extend": can.extend,
    }
