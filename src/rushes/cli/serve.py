"""``rushes serve``: serve the API and, unless switched off, run a worker beside it."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

import os
from typing import Annotated

import typer

from rushes.cli.support.options import Config, Data, Json, settings_with_sources
from rushes.cli.support.run_command import run

Host = Annotated[str | None, typer.Option(help="Address to listen on. [default: 127.0.0.1]")]
Port = Annotated[
    int | None,
    typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one. [default: 8000]"),
]
NoAuth = Annotated[
    bool, typer.Option("--no-auth", help="Require no key; on a loopback address only.")
]
NoWorker = Annotated[
    bool, typer.Option("--no-worker", help="Run no worker in this process; use `rushes worker`.")
]
Processes = Annotated[
    int | None,
    typer.Option(
        min=1, max=64, help="API processes on this port; one has the worker. [default: 1]"
    ),
]
Engine = Annotated[
    str | None,
    typer.Option(help="animatic, or slate for tests of clients. [default: animatic]"),
]
StopOnEof = Annotated[bool, typer.Option("--stop-on-eof", help="Stop when standard input ends.")]
PublicUrl = Annotated[
    str | None, typer.Option(help="Base URL of links to files. [default: the request's host]")
]


def serve(
    host: Host = None,
    port: Port = None,
    data: Data = None,
    no_auth: NoAuth = False,
    no_worker: NoWorker = False,
    processes: Processes = None,
    public_url: PublicUrl = None,
    engine: Engine = None,
    stop_on_eof: StopOnEof = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """
    Serve the API until SIGTERM or Ctrl-C.

    On an empty data folder the server creates the first key and shows it once. With --json it
    prints one line of JSON when it is ready: url, key (null unless it is new), pid, engine, data.
    With --stop-on-eof it also stops when the program that feeds its standard input ends.
    """
    from rushes.cli.support.listen_socket import LISTEN_VARIABLE

    loaded = settings_with_sources(
        data,
        config,
        {
            "engine": engine,
            "server.host": host,
            "server.port": port,
            "server.public_url": public_url,
            "server.auth": False if no_auth else None,
            "server.processes": processes,
            "worker.enabled": False if no_worker or LISTEN_VARIABLE in os.environ else None,
        },
        needs_keys=lambda read: read is None or read.worker.enabled,
    )
    from rushes.cli.support.api_server import serve_api
    from rushes.cli.support.logs import log_to_stderr

    log_to_stderr(loaded.settings.log)
    run(serve_api(loaded, json=json, stop_on_eof=stop_on_eof), handles_signals=True)
