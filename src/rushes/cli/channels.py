"""``rushes channels``: list, test, pause and resume channels."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Config, Data, Json, settings, span
from rushes.cli.support.output import print_json, print_table, say
from rushes.cli.support.run_command import with_application
from rushes.core.credit_amounts import format_credits

if TYPE_CHECKING:
    from rushes.bootstrap.application import Application
    from rushes.service.channel_control import ChannelView
    from rushes.settings import Settings

T = TypeVar("T")

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The channel's name, as in the settings file.")
]
Render = Annotated[
    bool, typer.Option("--render", help="Also generate something, at the channel's price.")
]
Model = Annotated[
    str | None, typer.Option("--model", help="With --render: the model. [default: the first]")
]
Yes = Annotated[bool, typer.Option("--yes", help="With --render: do not ask for confirmation.")]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="With --render: the file to write the result to.")
]
For = Annotated[
    str | None, typer.Option("--for", help="How long: 30s, 10m, 2h, 1d. [default: until resumed]")
]
Reason = Annotated[str, typer.Option(help="Why; `rushes channels list` shows it.")]


def list_(data: Data = None, config: Config = None, json: Json = False) -> None:
    """List the channels and their health, in the order in which the server prefers them."""
    found = _run_read_only(
        settings(data, config), lambda application: application.channel_control.list()
    )
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
            say(f"{one.channel.name}: it was paused until {until}: {one.last_pause.reason}")
        for warning in one.notice.warnings:
            say(f"{one.channel.name}: {warning}")


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
    Check the address and the key of a channel with a request that costs nothing.

    With --render it also generates one short video, or one image, at the channel's own price.
    """
    from rushes.engines.upstream.base import UpstreamChannel

    async def work(application: "Application") -> dict[str, object]:
        channel = application.channel_control.channel(name)
        _must_have_key(name, chosen)
        begun_s = time.perf_counter()
        answer = "it is built in"
        if isinstance(channel, UpstreamChannel):
            answer = await channel.upstream.test()
        found: dict[str, object] = {
            "channel": name,
            "told": answer,
            "took_s": round(time.perf_counter() - begun_s, 3),
        }
        if not json:
            say(f"{name} answers: {answer} ({found['took_s']} s)")
        if render:
            from rushes.cli.support.channel_test import offer_test, render_test

            offer = offer_test(channel, model)
            _confirm(offer.sentence, may_ask=not json, yes=yes or not offer.is_paid)
            found["rendered"] = await render_test(channel, offer, out=out, shown=not json)
        return found

    chosen = settings(data, config)
    found = _run_read_only(chosen, work)
    if json:
        print_json(found)


def pause(
    name: NameArgument,
    for_: For = None,
    reason: Reason = "",
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Give a channel no new work; running jobs continue. Works while the server runs."""
    for_s = None if for_ is None else span(for_, "--for")
    found = with_application(
        settings(data, config),
        lambda application: application.channel_control.pause(name, for_s=for_s, reason=reason),
        may_be_new=True,
    )
    _say_health(found, json=json)


def resume(
    name: NameArgument, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """Resume a channel, whatever paused it. Works while the server runs."""
    found = with_application(
        settings(data, config),
        lambda application: application.channel_control.resume(name),
        may_be_new=True,
    )
    _say_health(found, json=json)


def _run_read_only(chosen: "Settings", work: Callable[["Application"], Awaitable[T]]) -> T:
    """Return the result of *work*; create no data folder where no server ever ran."""
    if chosen.store.url is not None or (chosen.data / "rushes.db").is_file():
        return with_application(chosen, work)
    with TemporaryDirectory(prefix="rushes-") as nowhere:
        return with_application(replace(chosen, data=Path(nowhere)), work, may_be_new=True)


def _must_have_key(name: str, chosen: "Settings") -> None:
    from rushes.bootstrap.channels import absent_key

    one = chosen.channels.get(name)
    if one is not None and (absent := absent_key(one)):
        raise CommandError(
            f"the key of {name} is missing: {absent} is empty or does not exist", ExitCode.USAGE
        )


def _confirm(sentence: str, *, may_ask: bool, yes: bool) -> None:
    """Raise CommandError unless the operator agrees."""
    if yes:
        return
    if not may_ask:
        raise CommandError(f"{sentence}; add --yes to confirm", ExitCode.USAGE)
    if not typer.confirm(f"{sentence}. Go on?", err=True):
        raise CommandError("nothing was generated", ExitCode.FAILED)


def _say_health(view: "ChannelView", *, json: bool) -> None:
    if json:
        print_json(_shown(view))
    else:
        say(f"{view.channel.name} is {_health(view)}.")


def _row(view: "ChannelView") -> tuple[object, ...]:
    channel = view.channel
    most = "" if channel.concurrency is None else f" of {channel.concurrency}"
    return (
        channel.name,
        view.kind,
        view.notice.host,
        " ".join(
            ours if ours == theirs else f"{ours}={theirs}"
            for ours, theirs in channel.models.items()
        ),
        channel.priority,
        channel.weight,
        f"{view.in_flight}{most}",
        _health(view),
    )


def _health(view: "ChannelView") -> str:
    from rushes.service.channel_control import ChannelState

    pause = view.pause
    if pause is None:
        return "healthy"
    until = f" until {pause.until:%F %T} UTC" if pause.until else ""
    match view.state:
        case ChannelState.PAUSED:
            return f"paused by an operator{until}: {pause.reason}"
        case ChannelState.REFUSED:
            return f"refused until you resume or reconfigure it: {pause.reason}"
        case _:
            return f"circuit open{until}: {pause.reason}"


def _shown(view: "ChannelView") -> dict[str, object]:
    from rushes.service.channel_control import FORMER_STATES

    channel, pause = view.channel, view.pause
    shown_pause = pause and {
        "reason": pause.reason,
        "since": pause.since,
        "until": pause.until,
        "by": pause.by,
    }
    return {
        "name": channel.name,
        "kind": view.kind,
        "host": view.notice.host,
        "models": dict(channel.models),
        "priority": channel.priority,
        "weight": channel.weight,
        "concurrency": channel.concurrency,
        "price": format_credits(channel.price),
        "in_flight": view.in_flight,
        "state": view.state,
        "pause": shown_pause,
        "health": FORMER_STATES[view.state],
        "rest": shown_pause,
        "warnings": view.notice.warnings,
    }
