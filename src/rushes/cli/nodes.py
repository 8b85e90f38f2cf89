"""``rushes nodes``: list, drain and resume the processes of a server."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.support.options import Config, Data, Json, settings
from rushes.cli.support.output import print_json, print_table, say
from rushes.cli.support.run_command import with_application

if TYPE_CHECKING:
    from rushes.service.node_list import NodeView

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The node's name, as `rushes nodes list` shows it.")
]


def list_(data: Data = None, config: Config = None, json: Json = False) -> None:
    """List the processes that serve the API or run generations, the oldest first."""
    found = with_application(settings(data, config), lambda application: application.nodes.list())
    if json:
        print_json([_shown(one) for one in found])
        return
    columns = ("node", "state", "roles", "channels", "running", "slots", "version", "started")
    print_table(
        columns, [_row(one) for one in found], spare=("version", "slots", "started", "channels")
    )


def drain(name: NameArgument, data: Data = None, config: Config = None, json: Json = False) -> None:
    """Give a node no new work; it finishes what it has. It notices within a few seconds."""
    found = with_application(
        settings(data, config), lambda application: application.nodes.drain(name)
    )
    _say_state(found, json=json)


def resume(
    name: NameArgument, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """Give a drained node work again. It notices within a few seconds."""
    found = with_application(
        settings(data, config), lambda application: application.nodes.resume(name)
    )
    _say_state(found, json=json)


def _say_state(view: "NodeView", *, json: bool) -> None:
    if json:
        print_json(_shown(view))
        return
    running = view.node.running
    work = f", with {running} generation{'' if running == 1 else 's'}" if running else ""
    say(f"{view.node.name} is {view.state}{work}")


def _shown(view: "NodeView") -> dict[str, object]:
    node = view.node
    return {
        "name": node.name,
        "state": view.state,
        "host": node.host,
        "version": node.version,
        "roles": sorted(node.roles),
        "channels": node.channels,
        "slots": node.slots,
        "running": node.running,
        "running_ids": node.running_ids,
        "started_at": node.started_at,
        "seen_at": node.seen_at,
    }


def _row(view: "NodeView") -> tuple[object, ...]:
    node = view.node
    return (
        *(node.name, view.state, ", ".join(sorted(node.roles)), ", ".join(node.channels)),
        *(node.running, node.slots, node.version, _time(node.started_at)),
    )


def _time(at: datetime) -> str:
    return f"{at:%F %T} UTC"
