"""Keeps a claimed generation for its worker while something is done about it."""

import asyncio
from contextlib import suppress
from typing import Any, TypeVar

import structlog

from rushes.core.errors import Conflict
from rushes.core.generation import Generation
from rushes.core.lifecycle import Change
from rushes.worker.context import WorkerContext

T = TypeVar("T")
_log = structlog.get_logger()


class LeaseKeeper:
    """A worker's hold on one generation: its lease, its progress, the version written last."""

    def __init__(self, context: WorkerContext, generation: Generation) -> None:
        self._context = context
        self.generation = generation
        self._progress = generation.progress
        self._progressed = asyncio.Event()
        self._lost = asyncio.Event()
        self.must_finish = False
        """Whether what goes on must go on although the generation was lost: it is being paid."""

    def mark_lost(self) -> None:
        """Tell it that somebody else has changed the generation: nothing may go on."""
        self._lost.set()

    def report_progress(self, share: float) -> None:
        """Note how much is done, 0.0 to 1.0; it never goes back."""
        self._progress = max(self._progress, min(share, 1.0))
        self._progressed.set()

    async def write(self, change: Change) -> None:
        """
        Write a change and keep the lease.

        Raises:
            Conflict: The generation is no longer ours. Nothing was written.
        """
        await self._context.store.write(change, lease=self._context.lease())
        self.generation = change.after

    async def settle(self, change: Change) -> bool:
        """Write a change and let go; return False when the generation was no longer ours."""
        try:
            await self._context.store.write(change)
        except Conflict:
            return False  # cancelled meanwhile, or the lease was lost
        after = change.after
        _log.info("settled", generation=after.id, state=after.state, attempt=after.attempt)
        return True

    async def keep_during(self, working: "asyncio.Future[T]") -> T | None:
        """
        Return what comes of *working*, and hold on until then; None: the generation was lost.

        Then it was stopped, as it is when the caller is cancelled; unless it must end.
        """
        renewing = asyncio.create_task(self._renew_regularly())
        lost = asyncio.create_task(self._lost.wait())
        waiting: set[asyncio.Future[Any]] = {working, renewing, lost}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if self.must_finish:
                await asyncio.wait({working})
            return working.result() if working.done() else None
        finally:
            await _stop(working, renewing, lost)

    async def _renew_regularly(self) -> None:
        """Keep the lease and tell the progress until the generation is no longer ours."""
        limits = self._context.limits
        while True:
            with suppress(TimeoutError):
                # Not wait_for: in Python 3.11 it can swallow a cancellation.
                async with asyncio.timeout(limits.lease_s / 3):
                    await self._progressed.wait()
            self._progressed.clear()
            leased = self.generation
            try:
                await self._context.store.renew(
                    leased, lease=self._context.lease(), progress=self._progress
                )
            except Conflict:
                if leased is self.generation:
                    return
            except Exception:  # noqa: BLE001  # the border: a store in trouble may be well before the lease ends
                _log.exception("renewal_failed", generation=leased.id)
            await asyncio.sleep(limits.progress_every_s)


async def _stop(*tasks: "asyncio.Future[Any]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
