"""Renew the lease of a claimed generation while its attempt runs."""

import asyncio
from contextlib import suppress
from typing import Any, TypeVar

import structlog

from rushes.core.errors import Conflict
from rushes.core.generation import Generation, RenderPhase
from rushes.core.lifecycle import Change
from rushes.worker.context import WorkerContext

T = TypeVar("T")
_log = structlog.get_logger()


class LeaseKeeper:
    """Keep the lease, the progress and the latest version of one claimed generation."""

    def __init__(self, context: WorkerContext, generation: Generation) -> None:
        self._context = context
        self.generation = generation
        self._progress = generation.progress
        self._phase: RenderPhase | None = None
        self._progressed = asyncio.Event()
        self._lost = asyncio.Event()
        self.must_finish = False
        """Whether the work must finish although the generation is lost: it may cost money."""

    def mark_lost(self) -> None:
        """Stop the work: another process has changed the generation."""
        self._lost.set()

    def report_progress(self, share: float, phase: RenderPhase | None = None) -> None:
        """
        Record the share that is done, 0.0 to 1.0, and what is being done.

        A smaller share than before is ignored.
        """
        self._progress = max(self._progress, min(share, 1.0))
        self._phase = phase
        self._progressed.set()

    async def write(self, change: Change) -> None:
        """
        Write a change and keep the lease.

        Raises:
            Conflict: Another process has changed the generation. Nothing was written.
        """
        await self._context.store.write(change, lease=self._context.lease())
        self.generation = change.after

    async def settle(self, change: Change) -> bool:
        """Write a change and give up the lease; return False if the generation was lost before."""
        try:
            await self._context.store.write(change)
        except Conflict:
            return False  # cancelled meanwhile, or the lease was lost
        after = change.after
        _log.info("settled", generation=after.id, state=after.state, attempt=after.attempt)
        return True

    async def keep_during(self, working: "asyncio.Future[T]") -> T | None:
        """
        Renew the lease until *working* ends and return its result.

        Cancel *working* and return None when the generation is lost, unless ``must_finish`` is
        set. Cancelling this call cancels *working* too.
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
        """Renew the lease and write the progress until the generation is lost."""
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
                    leased,
                    lease=self._context.lease(),
                    progress=self._progress,
                    phase=self._phase,
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
