"""How a render tells how far it is, and learns that it should stop."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """The one who asked no longer wants it."""


class Watch:
    """Told how far the work is, from any thread; says when it is to stop."""

    def __init__(self, report: Callable[[float], None]) -> None:
        self._report = report
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def progress(self, share: float) -> None:
        """
        Report the share that is done, 0.0 to 1.0.

        Raises:
            Stopped: It is to stop.
        """
        if self._stop.is_set():
            raise Stopped
        self._report(share)

    def part(self, *, start: float, end: float) -> "Watch":
        """Return a watch for a part of the work, whose 0 to 1 is *start* to *end* of the whole."""
        return Watch(lambda share: self.progress(start + (end - start) * share))


async def in_thread(work: Callable[[Watch], T], report: Callable[[float], None]) -> T:
    """
    Run *work* in a thread, and have it stop when the task that awaits it is cancelled.

    Args:
        work: Stops when its watch raises Stopped.

        report: Told on the event loop what the watch is told.
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
            working.exception()  # asked for, so that its having stopped is not an accident
        raise
