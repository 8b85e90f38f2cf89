"""One attempt at one generation, from claim to settlement."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog

from rushes.core import lifecycle
from rushes.core.errors import (
    Conflict,
    EngineCrashed,
    EngineError,
    EngineTimeout,
    MediaError,
    RushesError,
    TemporaryEngineError,
)
from rushes.core.generation import Artifact, Failure, Generation, State
from rushes.core.lifecycle import Change
from rushes.engines.base import Engine, Rendered
from rushes.kit.backoff import exponential_s
from rushes.kit.clock import Clock
from rushes.kit.scratch import Scratch
from rushes.media.base import MediaStore
from rushes.store.base import Lease, Store
from rushes.worker.inputs import Inputs
from rushes.worker.job import Preparation
from rushes.worker.prompts import Prepared, Prompts

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how often."""

    lease_s: float = 15.0
    """A worker that is silent for so long is taken for dead, and its work claimed again."""

    full_pause_s: float = 30.0
    """How long a generation waits whose files could not be kept; the disk is full, for instance."""

    max_attempts: int = 5
    render_timeout_s: float = 900.0
    progress_every_s: float = 0.25
    """Progress is written no oftener than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What an attempt works with."""

    store: Store
    media: MediaStore
    inputs: Inputs
    prompts: Prompts
    clock: Clock
    limits: Limits
    worker: str
    """Who holds the lease; unlike any other worker's name."""

    scratch: Scratch = field(default_factory=Scratch)
    """Where attempts lay their files as long as they last."""

    def lease(self) -> Lease:
        """Return a lease that begins now."""
        until = self.clock.now() + timedelta(seconds=self.limits.lease_s)
        return Lease(worker=self.worker, until=until)


class Attempt:
    """
    Runs one claimed generation and settles it.

    Cancelling the task that awaits :meth:`run` gives the generation back to the queue.
    """

    def __init__(self, bench: Bench, generation: Generation, engine: Engine) -> None:
        self._bench = bench
        self._generation = generation
        self._engine = engine
        self._progress = 0.0
        self._moved = asyncio.Event()
        self._lost = asyncio.Event()

    def lose(self) -> None:
        """Tell it that somebody else has changed the generation: it must not go on."""
        self._lost.set()

    async def run(self) -> None:
        """Render, keep and settle; or stop without a trace when the generation was lost."""
        work = asyncio.create_task(self._work())
        beat = asyncio.create_task(self._beat())
        lost = asyncio.create_task(self._lost.wait())
        try:
            await asyncio.wait({work, beat, lost}, return_when=asyncio.FIRST_COMPLETED)
            change = work.result() if work.done() else None
        except asyncio.CancelledError:
            if not work.done():
                now = self._bench.clock.now()
                await _stop(work)
                await self._clear(self._folder)  # first, as below
                await self._settle(lifecycle.release(self._generation, now=now))
            else:
                await self._settle(work.result())
            raise
        finally:
            await _stop(work, beat, lost)
        if change is None:
            _log.info("attempt_lost", generation=self._generation.id)
            await self._clear(self._folder)
        elif change.after.state is not State.COMPLETED:
            await self._clear(self._folder)  # first: the next attempt may have this one's number
            await self._settle(change)
        elif await self._settle(change):  # what a crash has left of the earlier ones may go
            await self._clear(*map(self._folder_of, range(1, self._generation.attempt)))
        else:
            await self._clear(self._folder)

    @property
    def _folder(self) -> str:
        return self._folder_of(self._generation.attempt)

    def _folder_of(self, attempt: int) -> str:
        """Return where an attempt's files go: none writes over another's."""
        return f"{self._generation.id}/{attempt}"

    async def _clear(self, *folders: str) -> None:
        """Remove files that nobody will ask for, as far as that goes."""
        for folder in folders:
            try:
                await self._bench.media.delete(folder)
            except MediaError:
                _log.exception("files_left_over", folder=folder)

    async def _settle(self, change: Change) -> bool:
        try:
            await self._bench.store.write(change)
        except Conflict:
            return False  # cancelled meanwhile, or the lease was lost
        after = change.after
        _log.info("settled", generation=after.id, state=after.state, attempt=after.attempt)
        return True

    async def _beat(self) -> None:
        """Keep the lease and tell the progress until the generation is no longer ours."""
        limits = self._bench.limits
        while True:
            with suppress(TimeoutError):
                # Not wait_for: in Python 3.11 it can swallow a cancellation.
                async with asyncio.timeout(limits.lease_s / 3):
                    await self._moved.wait()
            self._moved.clear()
            try:
                await self._bench.store.renew(
                    self._generation, lease=self._bench.lease(), progress=self._progress
                )
            except Conflict:
                return
            except Exception:  # noqa: BLE001  # the border: a store in trouble may be well before the lease ends
                _log.exception("renewal_failed", generation=self._generation.id)
            await asyncio.sleep(limits.progress_every_s)

    def _report(self, share: float) -> None:
        self._progress = max(self._progress, min(share, 1.0))
        self._moved.set()

    async def _work(self) -> Change:
        """Return what the attempt came to."""
        generation, limits = self._generation, self._bench.limits
        try:
            async with asyncio.timeout(limits.render_timeout_s):
                prepared = await self._bench.prompts.prepare(generation)
                with self._bench.scratch.folder() as folder:
                    artifacts = await self._render(folder, prepared)
        except TimeoutError:
            late = EngineTimeout(f"not done after {limits.render_timeout_s:g} s")
            return self._failed(late)
        except EngineError as error:
            return self._failed(error)
        except MediaError:
            _log.exception("files_not_kept", generation=generation.id)
            now = self._bench.clock.now()
            return lifecycle.release(generation, pause_s=limits.full_pause_s, now=now)
        except Exception:  # noqa: BLE001  # the border: an engine's own mistake ends the attempt, not the worker
            _log.exception("attempt_crashed", generation=generation.id)
            return self._failed(EngineCrashed("the engine failed in a way it should not"))
        return lifecycle.complete(
            generation,
            artifacts,
            prompt_used=prepared.prompt_used,
            note=prepared.note,
            now=self._bench.clock.now(),
        )

    async def _render(self, folder: Path, prepared: Prepared) -> tuple[Artifact, ...]:
        bench = self._bench
        preparation = Preparation(
            store=bench.store,
            media=bench.media,
            inputs=bench.inputs,
            folder=folder,
            can=self._engine.capabilities,
        )
        job = await preparation.job(self._generation, prepared.prompt)
        rendered = await self._engine.render(job, folder, self._report)
        return tuple([await self._keep(item) for item in rendered])

    async def _keep(self, item: Rendered) -> Artifact:
        key = f"{self._folder}/{item.kind}{item.file.suffix}"
        return Artifact(
            kind=item.kind,
            key=key,
            media_type=item.media_type,
            size_bytes=await self._bench.media.put(key, item.file),
            width_px=item.width_px,
            height_px=item.height_px,
            duration_s=item.duration_s,
        )

    def _failed(self, error: RushesError) -> Change:
        generation, now = self._generation, self._bench.clock.now()
        again = isinstance(error, TemporaryEngineError)
        if again and generation.attempt < self._bench.limits.max_attempts:
            asked_s: float | None = getattr(error, "retry_after_s", None)
            pause_s = asked_s or exponential_s(generation.attempt, base_s=2.0, cap_s=300.0)
            return lifecycle.retry(generation, pause_s=pause_s, now=now)
        return lifecycle.fail(generation, Failure(code=error.code, message=str(error)), now=now)


async def _stop(*tasks: "asyncio.Task[object]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
