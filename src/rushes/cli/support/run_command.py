"""Run a command's coroutine on an event loop, with the application if it needs one."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.data_folder import data_folder, database_url

if TYPE_CHECKING:
    from rushes.bootstrap.application import Application
    from rushes.service.accounts import Accounts
    from rushes.settings import Settings

T = TypeVar("T")


def run(
    work: Coroutine[Any, Any, T], *, handles_signals: bool = False, is_short: bool = False
) -> T:
    """
    Run *work* to its end on an event loop of its own.

    SIGTERM cancels it as Ctrl-C does, so that folders and child processes are cleaned up.

    Args:
        handles_signals: Whether *work* handles SIGTERM and SIGINT itself.

        is_short: Whether *work* ends sooner than the faster event loop is imported.

    Raises:
        CommandError: SIGTERM came.
    """
    with asyncio.Runner(loop_factory=None if is_short else _fast_loop()) as runner:
        return runner.run(work if handles_signals else _stoppable(work))


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop]:
    if sys.platform == "win32":
        return asyncio.new_event_loop
    import uvloop

    return uvloop.new_event_loop


async def _stoppable(work: Coroutine[Any, Any, T]) -> T:
    task = asyncio.ensure_future(work)
    stopped = asyncio.Event()

    def stop() -> None:
        stopped.set()
        task.cancel()

    if sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
    try:
        return await task
    except asyncio.CancelledError:
        if not stopped.is_set():
            raise
        raise CommandError("stopped by SIGTERM", ExitCode.TERMINATED) from None


def must_hold_data(data: Path, *, url: object = None) -> None:
    """
    Refuse a folder without a database, because its path may be a typing error.

    Args:
        url: The address of the database, if it is elsewhere.

    Raises:
        CommandError: There is no database in that folder.
    """
    if url is None and not (data / "rushes.db").is_file():
        raise CommandError(
            f"{data} contains no data of a server; use --data for another folder",
            ExitCode.NOT_FOUND,
        )


def with_accounts(
    data: Path | None, config: Path | None, work: "Callable[[Accounts], Awaitable[T]]"
) -> T:
    """
    Run *work* on the accounts and keys of a data folder, and return its result.

    This reads no settings but the folder and the database, so that the command starts at once.

    Raises:
        CommandError: There is no database in that folder.
    """
    found = data_folder(data, config_file=config)
    url = database_url(found, config_file=config)
    must_hold_data(found, url=url)
    from rushes.bootstrap.database import open_accounts

    async def visit() -> T:
        async with open_accounts(found, url) as accounts:
            return await work(accounts)

    return run(visit(), is_short=True)


def with_application(
    settings: "Settings", work: "Callable[[Application], Awaitable[T]]", *, may_be_new: bool = False
) -> T:
    """
    Run *work* on the application of a data folder, beside a running server, and return its result.

    Args:
        may_be_new: Create the folder if it is empty or missing, instead of refusing it.

    Raises:
        CommandError: There is no database in that folder.
    """
    if not may_be_new:
        must_hold_data(settings.data, url=settings.store.url)

    from rushes.bootstrap.application import build

    async def visit() -> T:
        application = build(settings)
        try:
            return await work(application)
        finally:
            await application.close()

    return run(visit())
