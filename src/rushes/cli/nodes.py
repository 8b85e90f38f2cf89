"""``rushes nodes``: list, drain and resume the processes of a server."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

import asyncio
from contextlib import suppress
from datetime import datetime
from socket import gethostname
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Config, Data, Json, settings
from rushes.cli.support.output import print_json, print_table, say
from rushes.cli.support.run_command import with_application
from rushes.core.node import NodeState

if TYPE_CHECKING:
    from rushes.bootstrap.application import Application
    from rushes.service.node_list import NodeList, NodeView

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


def drain(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="The node's name, as `rushes nodes list` shows it."),
    ] = None,
    here: Annotated[bool, typer.Option("--here", help="Drain all nodes of this machine.")] = False,
    wait: Annotated[
        float | None, typer.Option(min=0, help="Wait this many seconds until it is drained.")
    ] = None,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """
    Give a node no new work; it finishes what it has. It notices within a few seconds.

    With --wait the exit status is 1 if it still has work after that time.
    """
    if (name is None) is not here:
        raise CommandError("name a node, or give --here", ExitCode.USAGE)

    async def work(application: "Application") -> "tuple[NodeView, ...]":
        nodes = application.nodes
        drained = (
            await nodes.drain_host(gethostname()) if name is None else (await nodes.drain(name),)
        )
        return drained if wait is None else await _waited(nodes, drained, wait)

    found = with_application(settings(data, config), work)
    if json:
        shown = [_shown(one) for one in found]
        print_json(shown if here else shown[0])
    for view in () if json else found:
        _say_state(view)
    if wait is not None and any(view.state is NodeState.DRAINING for view in found):
        raise typer.Exit(ExitCode.FAILED)


async def _waited(
    nodes: "NodeList", drained: "tuple[NodeView, ...]", wait_s: float
) -> "tuple[NodeView, ...]":
    """Return the nodes as they are when they are drained, or after *wait_s* seconds."""
    names = [view.node.name for view in drained]
    waiting = asyncio.gather(*map(nodes.wait_until_drained, names))
    with suppress(TimeoutError):
        await asyncio.wait_for(waiting, wait_s)
    return tuple(view for view in await nodes.list() if view.node.name in names)


def resume(
    name: NameArgument, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """Give a drained node work again. It notices within a few seconds."""
    found = with_application(
        settings(data, config), lambda application: application.nodes.resume(name)
    )
    if json:
        print_json(_shown(found))
    else:
        _say_state(found)


def _say_state(view: "NodeView") -> None:
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
