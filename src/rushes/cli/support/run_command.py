"""How a command that waits for things is run, and stopped."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.data_folder import data_folder

if TYPE_CHECKING:
    from rushes.bootstrap.application import Application
    from rushes.service.accounts import Accounts
    from rushes.settings import Settings

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T], *, heeds_signals: bool = False, is_short: bool = False) -> T:
    """
    Run *work* to its end on an event loop of its own.

    SIGTERM stops it as Ctrl-C does, so that folders and child processes are cleaned up.

    Args:
        heeds_signals: It sees to SIGTERM and SIGINT by itself.

        is_short: It ends sooner than a faster event loop is imported.

    Raises:
        Stop: SIGTERM came.
    """
    with asyncio.Runner(loop_factory=None if is_short else _fast_loop()) as runner:
        return runner.run(work if heeds_signals else _stoppable(work))


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


def must_hold_data(data: Path) -> None:
    """
    Refuse a folder in which no server was ever run, for it may be a slip of the pen.

    Raises:
        Stop: There is no database in that folder.
    """
    if not (data / "rushes.db").is_file():
        raise CommandError(
            f"{data} holds no data of a server; --data says where it is",
            ExitCode.NOT_FOUND,
        )


def with_accounts(
    data: Path | None, config: Path | None, work: "Callable[[Accounts], Awaitable[T]]"
) -> T:
    """
    Return what *work* returns for the accounts and keys of a data folder.

    No setting but the place of the folder is read, so that it starts at once.

    Raises:
        Stop: There is no database in that folder.
    """
    found = data_folder(data, config_file=config)
    must_hold_data(found)
    from rushes.bootstrap.database import open_accounts

    async def visit() -> T:
        async with open_accounts(found) as accounts:
            return await work(accounts)

    return run(visit(), is_short=True)


def with_application(
    settings: "Settings", work: "Callable[[Application], Awaitable[T]]", *, may_be_new: bool = False
) -> T:
    """
    Return what *work* returns for the house on this data folder, beside a server that may run.

    Args:
        may_be_new: Whether a folder that holds nothing yet is made rather than refused.

    Raises:
        Stop: There is no house in that folder.
    """
    if not may_be_new:
        must_hold_data(settings.data)

    from rushes.bootstrap.application import build

    async def visit() -> T:
        application = build(settings)
        try:
            return await work(application)
        finally:
            await application.close()

    return run(visit())
