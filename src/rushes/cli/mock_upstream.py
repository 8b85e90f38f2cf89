"""``rushes mock-upstream``: run a scripted server in the place of a paid upstream."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Json
from rushes.cli.support.output import print_json, say
from rushes.cli.support.run_command import run

if TYPE_CHECKING:
    from rushes.mock_upstream.app import MockUpstream

Kind = Annotated[
    str,
    typer.Argument(help="The API: relay, dream-machine, agents, openai-videos or lightx2v."),
]
Shape = Annotated[
    str,
    typer.Option(
        help="The shape of its replies. relay: chainhub, kkiai, gpt-best, yescale, gpt-ge, array;"
        " openai-videos: openai, vllm-omni, fastvideo, sglang, aimock, trtllm."
        " [default: the first]",
    ),
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")]
Time = Annotated[
    str,
    typer.Option(
        "--takes",
        help="Duration of a job: 5s, 2s..8s (uniform), or 60s~0.5 (median, spread).",
    ),
]
Fails = Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of the jobs that fail.")]
Does = Annotated[
    list[str] | None,
    typer.Option(
        "--does",
        help="A fault, by chance: look=missing@0.1, submit=cut-after@0.05, or always:"
        " fetch=refuse:503; may be repeated.",
    ),
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same durations and faults.")]
Key = Annotated[
    list[str] | None,
    typer.Option("--key", help="A valid key; without this option every key is valid."),
]
Honours = Annotated[
    bool, typer.Option("--honours-keys", help="Create one job for each Idempotency-Key.")
]
LinksFor = Annotated[str, typer.Option("--links", help="How long the link to a file is valid.")]
Bare = Annotated[bool, typer.Option("--bare", help="Deliver no thumbnail and no last frame.")]
Video = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="Deliver this file as every video."),
]
LedgerFile = Annotated[
    Path | None,
    typer.Option("--ledger", help="Append each accepted submit to this file."),
]


def mock_upstream(
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
    Run a mock upstream until SIGTERM or Ctrl-C, to test a channel at no cost.

    Every job delivers the same short clip. GET /mock-upstream/jobs and /mock-upstream/counts show
    the accepted jobs; POST /mock-upstream/script changes the faults while it runs. With --json the
    command prints one line of JSON with the url when it is ready.
    """
    from rushes.mock_upstream.app import MockUpstream
    from rushes.mock_upstream.role import Durations, Role, seconds

    try:
        role = Role(
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
        mock = MockUpstream(role, video=video.read_bytes() if video else None, ledger=ledger)
        for one in does or ():
            _add_fault(mock, one)
    except (ValueError, OSError) as error:
        raise CommandError(str(error), ExitCode.USAGE) from None
    _serve(mock, host, port, json=json)


def _add_fault(mock: "MockUpstream", option: str) -> None:
    """Add a fault such as ``look=missing@0.1`` or ``look=missing``. Raises ValueError."""
    act, is_assignment, fault = option.partition("=")
    if not is_assignment:
        raise ValueError(f"--does must be like 'look=missing@0.1', not {option!r}")
    fault, by_chance, share = fault.partition("@")
    if by_chance:
        mock.by_chance(act, {fault: float(share)})
    else:
        mock.always(act, fault)


def _serve(mock: "MockUpstream", host: str, port: int, *, json: bool) -> None:
    from rushes.cli.support.listen_socket import address, listen
    from rushes.mock_upstream.serving import Server

    listening = listen(host, port)
    url = address(listening)

    def ready() -> None:
        if json:
            print_json({"url": url, "kind": mock.role.kind}, on_one_line=True)
        else:
            say(f"a mock upstream for {mock.role.kind} is ready at {url}")

    server = Server(mock, ready, stop_signals=(signal.SIGINT, signal.SIGTERM))
    run(server.serve(sockets=[listening]), handles_signals=True)
    if not json:
        say("stopped")
