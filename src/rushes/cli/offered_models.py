"""``rushes models offered``: list the models that requests can name, with capabilities."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from rushes.cli.support.options import Config, Data, Json, settings
from rushes.cli.support.output import print_json, print_table
from rushes.cli.support.run_command import with_application
from rushes.core.capability_check import format_seconds
from rushes.core.spec import Kind
from rushes.service.catalogue import Model

if TYPE_CHECKING:
    from rushes.bootstrap.application import Application


def offered(data: Data = None, config: Config = None, json: Json = False) -> None:
    """List the models that requests can name: aliases, kinds of work, sizes and durations."""

    async def work(application: "Application") -> list[dict[str, object]]:
        return [_shown(model) for model in application.catalogue.models()]

    chosen = settings(data, config)
    with TemporaryDirectory(prefix="rushes-") as nowhere:  # only the settings matter here
        shown = with_application(replace(chosen, data=Path(nowhere)), work, may_be_new=True)
    if json:
        print_json(shown)
        return
    columns = ("name", "aliases", "engine", "kinds", "resolutions", "durations", "ratios")
    headings = ("model", "also", "engine", "does", *columns[4:])
    print_table(
        headings,
        [tuple(_cell(one[column]) for column in columns) for one in shown],
        spare=("also", "engine", "ratios"),
    )


def _cell(value: object) -> object:
    return (
        " ".join(map(str, cast("tuple[object, ...]", value))) if isinstance(value, tuple) else value
    )


def _shown(model: Model) -> dict[str, object]:
    can = model.capabilities
    films, draws = Kind.VIDEO in model.kinds, Kind.IMAGE in model.kinds
    return {
        "name": model.name,
        "aliases": model.aliases,
        "engine": model.engine,
        "kinds": model.kinds,
        "resolutions": can.resolutions if films else (),
        "durations": tuple(map(format_seconds, can.durations_s)) if films else (),
        "ratios": can.ratios if films else can.still_ratios,
        "formats": can.still_formats if draws else (),
        "upscales_to": can.upscales if Kind.UPSCALE in model.kinds else (),
        "loop": films and can.loop,
        "first_image": films and can.first_image,
        "last_image": films and can.last_image,
        "extend": films and can.extend,
        "extend_backwards": films and can.extend_backwards,
        "interpolate": films and can.interpolate,
        "concepts": can.concepts if films else (),
    }
