"""``rushes stand-in``: a server that stands in for a paid upstream, and does as it is told."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

import signal
from pathlib import Path
from typing import Annotated

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.listen_socket import address, listen
from rushes.cli.support.options import Json
from rushes.cli.support.output import print_json, say
from rushes.cli.support.run_command import run
from rushes.mock_upstream.apis.all_apis import KINDS
from rushes.mock_upstream.app import MockUpstream
from rushes.mock_upstream.role import Durations, Role, seconds
from rushes.mock_upstream.serving import Server

Kind = Annotated[str, typer.Argument(help=f"What it speaks: {', '.join(KINDS)}.")]
Shape = Annotated[
    str,
    typer.Option(
        help="Whose replies it gives. relay: "
        + ", ".join(KINDS["relay"])
        + "; openai-videos: "
        + ", ".join(KINDS["openai-videos"])
        + ". [default: the first]",
    ),
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")]
Time = Annotated[
    str,
    typer.Option(
        "--takes", help="How long a job takes: 5s, 2s..8s (even), or 60s~0.5 (median, spread)."
    ),
]
Fails = Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of the jobs that fail.")]
Does = Annotated[
    list[str] | None,
    typer.Option(
        "--does",
        help="What it does wrong, by chance: look=missing@0.1, submit=cut-after@0.05, or always:"
        " fetch=refuse:503; may be repeated.",
    ),
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same times and misdeeds.")]
Key = Annotated[
    list[str] | None, typer.Option("--key", help="A key that is good; without any, each is.")
]
Honours = Annotated[
    bool, typer.Option("--honours-keys", help="Make one job of one Idempotency-Key.")
]
LinksFor = Annotated[str, typer.Option("--links", help="How long the link to a file is good.")]
Bare = Annotated[bool, typer.Option("--bare", help="Deliver no thumbnail and no last frame.")]
Video = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="Deliver this file as every video."),
]
LedgerFile = Annotated[
    Path | None,
    typer.Option("--ledger", help="Write each submit that it accepts to this file, at once."),
]


def stand_in(
    kind: Kind,
    shape: Shape = "",
    host: Host = "127.0.0.1",
    port: Port = 0,
    takes: Time = "5s",
    fails: Fails = 0.0,
    does: Does = None,
    seed: Seed = 0,
    key: Key = None,
    honours_keys: Honours = False,
    links: LinksFor = "1h",
    bare: Bare = False,
    video: Video = None,
    ledger: LedgerFile = None,
    json: Json = False,
) -> None:
    """
    Stand in for a paid upstream until SIGTERM or Ctrl-C, to try a channel on, or to test one.

    Every job delivers the same short clip. GET /standin/jobs and /standin/counts tell what it
    accepted; POST /standin/script scripts it while it runs. With --json one line of JSON tells
    its url when it is ready.
    """
    try:
        part = Role(
            kind=kind,
            shape=shape,
            takes=Durations.of(takes),
            fails=fails,
            seed=seed,
            keys=frozenset(key or ()),
            honours_keys=honours_keys,
            links_s=seconds(links),
            extras=not bare,
        )
        standin = MockUpstream(part, video=video.read_bytes() if video else None, ledger=ledger)
        for one in does or ():
            _misbehave(standin, one)
    except (ValueError, OSError) as error:
        raise CommandError(str(error), ExitCode.USAGE) from None
    _serve(standin, host, port, json=json)


def _misbehave(standin: MockUpstream, told: str) -> None:
    """Take ``look=missing@0.1`` or ``look=missing``. Raises ValueError."""
    act, is_, deed = told.partition("=")
    if not is_:
        raise ValueError(f"--does must be like 'look=missing@0.1', not {told!r}")
    deed, by_chance, share = deed.partition("@")
    if by_chance:
        standin.by_chance(act, {deed: float(share)})
    else:
        standin.always(act, deed)


def _serve(standin: MockUpstream, host: str, port: int, *, json: bool) -> None:
    listening = listen(host, port)
    url = address(listening)

    def ready() -> None:
        if json:
            print_json({"url": url, "kind": standin.part.kind}, on_one_line=True)
        else:
            say(f"a stand-in for {standin.part.kind} is ready at {url}")

    server = Server(standin, ready, heeds=(signal.SIGINT, signal.SIGTERM))
    run(server.serve(sockets=[listening]), heeds_signals=True)
    if not json:
        say("stopped")
