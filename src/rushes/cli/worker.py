"""``rushes worker``: run generations that a server on the same data folder has queued."""

import asyncio
import signal
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


def worker(
    slots: Slots = None, channels: Channels = None, data: Data = None, config: Config = None
) -> None:
    """
    Run generations without serving the API, until SIGTERM or Ctrl-C.

    With --channels other workers must work the other channels. Only the keys of these channels are
    needed.
    """
    from rushes.cli.support.logs import log_to_stderr

    chosen = settings_with_sources(
        data,
        config,
        {"worker.slots": slots, "worker.channels": channels},
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

    log = structlog.get_logger()
    stop = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    async with build(settings).running(worker=True, dispatcher=False):
        log.info("working", data=str(settings.data), slots=settings.slots)
        await stop.wait()
    log.info("stopped")
