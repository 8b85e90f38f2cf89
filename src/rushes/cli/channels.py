"""``rushes channels``: who makes the videos, how they stand, and letting one rest."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from rushes.cli.support.channel_test import offer, rendered
from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Config, Data, Json, settings
from rushes.cli.support.output import print_json, print_table, say
from rushes.cli.support.run_command import in_house
from rushes.core.credit_amounts import format_credits
from rushes.engines.upstream.base import UpstreamChannel
from rushes.service.channel_control import ChannelState, ChannelView

if TYPE_CHECKING:
    from rushes.bootstrap.application import Application
    from rushes.settings import Settings

T = TypeVar("T")

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The channel's name, as in the settings file.")
]
Render = Annotated[
    bool, typer.Option("--render", help="Also make something there, which costs what it costs.")
]
Model = Annotated[
    str | None, typer.Option("--model", help="With --render: which model. [default: its first]")
]
Yes = Annotated[bool, typer.Option("--yes", help="With --render: do not ask first.")]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="With --render: where to keep what was made.")
]
For = Annotated[
    str | None, typer.Option("--for", help="How long: 30s, 10m, 2h, 1d. [default: until resumed]")
]
Reason = Annotated[str, typer.Option(help="Shown to whoever asks why.")]

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def list_(data: Data = None, config: Config = None, json: Json = False) -> None:
    """List the channels, those that are chosen first first, and how they stand."""
    found = _visited(settings(data, config), lambda house: house.channel_control.list())
    if json:
        print_json([_shown(one) for one in found])
        return
    columns = ("channel", "kind", "where", "models", "priority", "weight", "in flight", "health")
    print_table(
        columns, [_row(one) for one in found], spare=("weight", "priority", "where", "models")
    )
    for one in found:
        if one.last_pause is not None:
            until = f"{one.last_pause.until:%F %T} UTC"
            say(f"{one.channel.name}: it rested until {until}: {one.last_pause.reason}")
        for why in one.notice.warnings:
            say(f"{one.channel.name}: {why}")


def try_out(
    name: NameArgument,
    render: Render = False,
    model: Model = None,
    yes: Yes = False,
    out: Out = None,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """
    Ask a channel something that costs nothing, which proves its address and its key.

    With --render it also makes one short video, or one picture, at the channel's own price.
    """

    async def work(house: "Application") -> dict[str, object]:
        channel = house.channel_control.channel(name)
        _must_have_key(name, chosen)
        begun_s = time.perf_counter()
        told = "it is built in"
        if isinstance(channel, UpstreamChannel):
            told = await channel.upstream.test()
        found: dict[str, object] = {
            "channel": name,
            "told": told,
            "took_s": round(time.perf_counter() - begun_s, 3),
        }
        if not json:
            say(f"{name} answers: {told} ({found['took_s']} s)")
        if render:
            asked = offer(channel, model)
            _confirmed(asked.sentence, may_ask=not json, yes=yes or not asked.is_paid)
            found["rendered"] = await rendered(channel, asked, out=out, shown=not json)
        return found

    chosen = settings(data, config)
    found = _visited(chosen, work)
    if json:
        print_json(found)


def rest(
    name: NameArgument,
    for_: For = None,
    reason: Reason = "",
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Give a channel no new work; what it has under way goes on. Works while the server runs."""
    for_s = None if for_ is None else _seconds(for_)
    found = in_house(
        settings(data, config),
        lambda house: house.channel_control.pause(name, for_s=for_s, reason=reason),
        may_be_new=True,
    )
    _told(found, json=json)


def resume(
    name: NameArgument, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """Give a channel work again, whyever it had none. Works while the server runs."""
    found = in_house(
        settings(data, config), lambda house: house.channel_control.resume(name), may_be_new=True
    )
    _told(found, json=json)


def _visited(chosen: "Settings", work: Callable[["Application"], Awaitable[T]]) -> T:
    """Return what *work* returns; where no server ever ran, nothing is made in the data folder."""
    if (chosen.data / "rushes.db").is_file():
        return in_house(chosen, work)
    with TemporaryDirectory(prefix="rushes-") as nowhere:
        return in_house(replace(chosen, data=Path(nowhere)), work, may_be_new=True)


def _must_have_key(name: str, chosen: "Settings") -> None:
    from rushes.bootstrap.channels import absent_key

    one = chosen.channels.get(name)
    if one is not None and (absent := absent_key(one)):
        raise CommandError(f"the key of {name} is not here: {absent} holds none", ExitCode.USAGE)


def _confirmed(sentence: str, *, may_ask: bool, yes: bool) -> None:
    """Raise Stop unless the operator wants it."""
    if yes:
        return
    if not may_ask:
        raise CommandError(f"{sentence}; --yes says that you want it", ExitCode.USAGE)
    if not typer.confirm(f"{sentence}. Go on?", err=True):
        raise CommandError("nothing was asked for", ExitCode.FAILED)


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if found is None or not int(found[1]):
        raise CommandError(f"--for must be like 30s, 10m, 2h or 1d, not {text!r}", ExitCode.USAGE)
    return int(found[1]) * _UNITS[found[2]]


def _told(standing: ChannelView, *, json: bool) -> None:
    if json:
        print_json(_shown(standing))
    else:
        say(f"{standing.channel.name} is {_health(standing)}.")


def _row(standing: ChannelView) -> tuple[object, ...]:
    channel = standing.channel
    most = "" if channel.concurrency is None else f" of {channel.concurrency}"
    return (
        channel.name,
        standing.kind,
        standing.notice.host,
        " ".join(
            ours if ours == theirs else f"{ours}={theirs}"
            for ours, theirs in channel.models.items()
        ),
        channel.priority,
        channel.weight,
        f"{standing.in_flight}{most}",
        _health(standing),
    )


def _health(standing: ChannelView) -> str:
    rest = standing.pause
    if rest is None:
        return "healthy"
    until = f" until {rest.until:%F %T} UTC" if rest.until else ""
    match standing.health:
        case ChannelState.PAUSED:
            return f"rested by an operator{until}: {rest.reason}"
        case ChannelState.REFUSED:
            return f"out until it is resumed or configured anew: {rest.reason}"
        case _:
            return f"resting{until}: {rest.reason}"


def _shown(standing: ChannelView) -> dict[str, object]:
    channel, rest = standing.channel, standing.pause
    return {
        "name": channel.name,
        "kind": standing.kind,
        "host": standing.notice.host,
        "models": dict(channel.models),
        "priority": channel.priority,
        "weight": channel.weight,
        "concurrency": channel.concurrency,
        "price": format_credits(channel.price),
        "in_flight": standing.in_flight,
        "health": standing.health,
        "rest": None
        if rest is None
        else {"reason": rest.reason, "since": rest.since, "until": rest.until, "by": rest.by},
        "warnings": standing.notice.warnings,
    }
