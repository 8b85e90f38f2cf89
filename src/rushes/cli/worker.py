"""``rushes worker``: run generations that a server on the same data folder has queued."""

import asyncio
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Config, Data, settings_with_sources
from rushes.cli.support.run_command import run

if TYPE_CHECKING:
    from rushes.settings import Settings

Slots = Annotated[
    int | None, typer.Option(min=1, max=256, help="Parallel renders. [default: half the cores]")
]


Channels = Annotated[
    str | None, typer.Option(help="Channels to work, with commas between them. [default: all]")
]


MetricsPort = Annotated[
    int | None,
    typer.Option(min=0, max=65535, help="Serve metrics and health checks here. [default: none]"),
]


def worker(
    slots: Slots = None,
    channels: Channels = None,
    metrics_port: MetricsPort = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """
    Run generations without serving the API, until SIGTERM or Ctrl-C.

    With --channels other workers must work the other channels. Only the keys of these channels are
    needed. With --metrics-port it serves /metrics, /health/live and /health/ready at that port of
    server.host.
    """
    from rushes.cli.support.logs import log_to_stderr

    chosen = settings_with_sources(
        data,
        config,
        {
            "worker.slots": slots,
            "worker.channels": channels,
            "worker.metrics_port": metrics_port,
        },
        needs_keys=lambda read: read is None or not read.worker.channels,
    ).settings
    _must_have_keys(chosen)
    log_to_stderr(chosen.log)
    run(_work(chosen), handles_signals=True)


def _must_have_keys(settings: "Settings") -> None:
    """Raise CommandError if the key of a channel to work is missing."""
    from rushes.bootstrap.channels import absent_key

    for name in settings.worker.channels:
        one = settings.channels.get(name)
        if one is not None and (absent := absent_key(one)):
            raise CommandError(
                f"the key of {name} is missing: {absent} is empty or does not exist", ExitCode.USAGE
            )


async def _work(settings: "Settings") -> None:
    import structlog

    from rushes.bootstrap.application import build
    from rushes.bootstrap.required_services import wait_for_services
    from rushes.cli.support.listen_socket import listen
    from rushes.cli.support.monitor_server import monitor_server

    await wait_for_services(settings)
    port = settings.worker.metrics_port
    listening = None if port is None else listen(settings.server.host, port)
    log = structlog.get_logger()
    stop = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    application = build(settings, serves_worker=True)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(application.running(worker=True, dispatcher=False))
        found = {"data": str(settings.data), "slots": settings.slots}
        if listening is not None:
            serving = monitor_server(application.monitor_app, listening)
            found["metrics"] = await stack.enter_async_context(serving) + "/metrics"
        log.info("working", **found)
        await stop.wait()
    log.info("stopped")
