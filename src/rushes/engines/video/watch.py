"""Report the progress of a render from its thread, and stop it when it is cancelled."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """The render was cancelled."""


class Watch:
    """Takes progress from any thread, and raises Stopped after a cancellation."""

    def __init__(self, report: Callable[[float], None]) -> None:
        self._report = report
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def progress(self, share: float) -> None:
        """
        Report the share that is done, 0.0 to 1.0.

        Raises:
            Stopped: The render was cancelled.
        """
        if self._stop.is_set():
            raise Stopped
        self._report(share)

    def part(self, *, start: float, end: float) -> "Watch":
        """Return a watch for a part of the work: its 0 to 1 are *start* to *end* of the whole."""
        return Watch(lambda share: self.progress(start + (end - start) * share))


async def in_thread(work: Callable[[Watch], T], report: Callable[[float], None]) -> T:
    """
    Run *work* in a thread, and stop it when the task that awaits it is cancelled.

    Args:
        work: Called with a watch; it must let Stopped pass.

        report: Called on the event loop with the progress of the watch.
    """
    loop = asyncio.get_running_loop()

    def tell(share: float) -> None:
        loop.call_soon_threadsafe(report, share)

    watch = Watch(tell)
    working = asyncio.ensure_future(asyncio.to_thread(work, watch))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        watch.stop()
        await asyncio.wait([working])
        if not working.cancelled():
            working.exception()  # retrieve the exception, or asyncio logs it as unhandled
        raise
