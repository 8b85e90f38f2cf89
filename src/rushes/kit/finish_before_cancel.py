"""Shield a coroutine from its caller's cancellation."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def finish_before_cancel(work: Coroutine[Any, Any, T]) -> T:
    """
    Return the result of *work*. A cancellation of the caller takes effect only after *work* ends.

    For work that cannot be stopped, such as a thread: otherwise its effect would come after the
    caller has cleaned up. A second cancellation is not delayed.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise
