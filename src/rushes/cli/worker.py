"""``rushes worker``: run generations that a server on the same data folder has queued."""

import asyncio
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.support.options import Config, Data, settings
from rushes.cli.support.run_command import run

if TYPE_CHECKING:
    from rushes.settings import Settings

Slots = Annotated[
    int | None, typer.Option(min=1, max=256, help="Parallel renders. [default: half the cores]")
]


def worker(slots: Slots = None, data: Data = None, config: Config = None) -> None:
    """Run generations without serving the API, until SIGTERM or Ctrl-C."""
    from rushes.cli.support.logs import log_to_stderr

    chosen = settings(data, config, {"worker.slots": slots}, talks=True)
    log_to_stderr(chosen.log)
    run(_work(chosen), handles_signals=True)


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
