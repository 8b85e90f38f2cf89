"""Work that is done to its end although whoever waits for it is cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def finish_before_cancel(work: Coroutine[Any, Any, T]) -> T:
    """
    Return what *work* returns; when the caller is cancelled, he is so once it has ended.

    For what goes on anyway, as a thread does, and would otherwise have its effect behind the back
    of whoever cleans up. A second cancellation is not held back.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise
