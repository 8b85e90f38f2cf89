"""What claims generations, one for each free slot, as long as the worker runs."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import structlog

from rushes.core import lifecycle
from rushes.core.errors import Conflict
from rushes.core.generation import Failure, Generation, GenerationId, State
from rushes.core.lifecycle import Change
from rushes.engines.base import Engine
from rushes.kit.whole import to_its_end
from rushes.worker.attempt import Attempt, Bench

_log = structlog.get_logger()


class Worker:
    """Runs up to *slots* generations at a time."""

    def __init__(
        self,
        *,
        bench: Bench,
        engines: Mapping[str, Engine],
        slots: int = 1,
        poll_s: float = 1.0,
        stop_grace_s: float = 0.0,
    ) -> None:
        self._bench = bench
        self._engines = engines
        self._slots = slots
        self._poll_s = poll_s
        self._stop_grace_s = stop_grace_s
        self._wake = asyncio.Event()
        self._stopped = False
        self._running: dict[asyncio.Task[None], tuple[GenerationId, Attempt]] = {}

    async def run(self) -> None:
        """Work until stopped or cancelled; then finish what is nearly done, give back the rest."""
        unlisten = self._bench.store.listen(self._heard)
        try:
            await asyncio.to_thread(self._bench.scratch.sweep)
            while not self._stopped:
                # To its end: what was claimed must be known to whoever gives it back.
                await to_its_end(self._fill())
                # Another process may have written too, so we look by ourselves now and then.
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll_s):
                        await self._wake.wait()
                self._wake.clear()
        finally:
            unlisten()
            await to_its_end(self._give_back())

    def stop(self) -> None:
        """Let :meth:`run` end by itself, as a cancellation would make it; both may come."""
        self._stopped = True
        self._wake.set()

    async def run_next(self) -> bool:
        """Claim one generation and see it through; return whether there was one."""
        claimed = await self._claim()
        if claimed is None:
            return False
        generation, engine = claimed
        await Attempt(self._bench, generation, engine).run()
        return True

    async def _fill(self) -> None:
        """Claim as long as there is a free slot and something to claim."""
        while len(self._running) < self._slots and not self._stopped:
            try:
                claimed = await self._claim()
            except Exception:  # noqa: BLE001  # the border: a store in trouble now may be well a second later
                _log.exception("claim_failed")
                return
            if claimed is None:
                return
            generation, engine = claimed
            attempt = Attempt(self._bench, generation, engine)
            task = asyncio.create_task(self._see_through(generation.id, attempt))
            self._running[task] = (generation.id, attempt)
            task.add_done_callback(self._ended)

    async def _see_through(self, generation_id: GenerationId, attempt: Attempt) -> None:
        try:
            await attempt.run()
        except Exception:  # noqa: BLE001  # the border: what could not be settled is claimed again at lease end
            _log.exception("attempt_unsettled", generation=generation_id)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._wake.set()

    async def _claim(self) -> tuple[Generation, Engine] | None:
        """Take the next generation that can be run; settle those on the way that cannot."""
        bench = self._bench
        while waiting := await bench.store.next_available(now=bench.clock.now()):
            engine = self._engines.get(waiting.spec.model)
            name = engine.name if engine else "none"
            claim = lifecycle.claim(waiting, engine=name, now=bench.clock.now())
            try:
                await bench.store.write(claim, lease=bench.lease())
                refusal = self._refusal(waiting, engine)
                if refusal is None and engine is not None:
                    _log.info("claimed", generation=waiting.id, attempt=claim.after.attempt)
                    return claim.after, engine
                if refusal is not None:
                    now = bench.clock.now()
                    await bench.store.write(lifecycle.fail(claim.after, refusal, now=now))
                    await bench.media.delete(waiting.id)  # what earlier attempts have left
            except Conflict:
                continue  # another worker was faster, or the caller has cancelled
        return None

    def _refusal(self, waiting: Generation, engine: Engine | None) -> Failure | None:
        if engine is None:
            return Failure(
                code="engine_rejected", message=f"no engine serves {waiting.spec.model} any more"
            )
        if waiting.attempt >= self._bench.limits.max_attempts:
            return Failure(
                code="engine_crashed",
                message=f"given up after {waiting.attempt} attempts, the last of which never ended",
            )
        return None

    def _heard(self, change: Change) -> None:
        """Wake for new work; stop an attempt whose generation was taken from it."""
        if change.after.state is State.QUEUED:
            self._wake.set()
        if change.after.state is State.CANCELLED:
            for generation_id, attempt in self._running.values():
                if generation_id == change.after.id:
                    attempt.lose()

    async def _give_back(self) -> None:
        tasks = list(self._running)
        if tasks and self._stop_grace_s:
            await asyncio.wait(tasks, timeout=self._stop_grace_s)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
