"""What claims generations, one for each free place, as long as the worker runs."""

import asyncio
import time
from collections.abc import Collection, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog
from structlog.contextvars import bound_contextvars

from rushes.core import lifecycle
from rushes.core.errors import Conflict, StoreError
from rushes.core.generation import Failure, Generation, GenerationId, State
from rushes.core.lifecycle import Change
from rushes.engines.base import Channel
from rushes.engines.upstream.base import UpstreamChannel
from rushes.kit.finish_before_cancel import finish_before_cancel
from rushes.store.base import ChannelPauses
from rushes.worker.context import WorkerContext
from rushes.worker.local_attempt import LocalAttempt
from rushes.worker.retry_policy import counted_attempts
from rushes.worker.upstream.channel_health import ChannelHealth
from rushes.worker.upstream.channel_pool import ChannelPool
from rushes.worker.upstream.recovery import Recovery
from rushes.worker.upstream.submission import Submission
from rushes.worker.worker_id import has_died

_log = structlog.get_logger()

MAX_SKIPPED: Final = 64
"""So many generations that wait for a busy channel are passed over to find one for a free one."""

_LEFT_TO_WORKERS: Final = frozenset({"generation.accepted", "generation.resumed"})
"""Events that may come of an upstream's callback: then nobody follows the job yet."""


@dataclass(frozen=True, slots=True, eq=False)
class _Claimed:
    """A generation that is ours, and what is to be done about it."""

    generation: Generation
    channel: Channel
    run: LocalAttempt | Submission


class Worker:
    """
    Runs up to *slots* generations at a time here, and as many elsewhere as the channels allow.

    Args:
        rests: Where it is written down which channels take no work.
    """

    def __init__(
        self,
        *,
        context: WorkerContext,
        channels: Sequence[Channel],
        pauses: ChannelPauses,
        slots: int = 1,
        poll_s: float = 1.0,
        stop_grace_s: float = 0.0,
    ) -> None:
        self._context = context
        self._channels = {channel.name: channel for channel in channels}
        self._health = ChannelHealth(pauses, channels, context.clock)
        self._pool = ChannelPool(context, channels, self._health)
        self._recovery = Recovery(context, self._pool)
        self._slots = slots
        self._poll_s = poll_s
        self._stop_grace_s = stop_grace_s
        self._wake = asyncio.Event()
        self._stopped = False
        self.last_claim_at_s: float | None = None
        """When it last went by what waits, on the monotonic clock; None: not yet."""
        self._running: dict[asyncio.Task[None], _Claimed] = {}

    async def run(self) -> None:
        """Work until stopped or cancelled; then finish what is nearly done, give back the rest."""
        unlisten = self._context.store.listen(self._on_change)
        polling = [asyncio.create_task(poller.run()) for poller in self._pool.pollers]
        try:
            await asyncio.to_thread(self._context.scratch.sweep)
            await self._inherit()
            while not self._stopped:
                # To its end: what was claimed must be known to whoever gives it back.
                await finish_before_cancel(self._fill())
                self.last_claim_at_s = time.monotonic()
                # Another process may have written too, so we look by ourselves now and then.
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll_s):
                        await self._wake.wait()
                self._wake.clear()
        finally:
            unlisten()
            await finish_before_cancel(self._give_back(polling))

    def stop(self) -> None:
        """Let :meth:`run` end by itself, as a cancellation would make it; both may come."""
        self._stopped = True
        self._wake.set()

    @property
    def followed_jobs(self) -> int:
        """How many jobs of upstreams are followed here."""
        return sum(poller.job_count for poller in self._pool.pollers)

    def poll_now(self, generation_id: GenerationId) -> bool:
        """Look now at what an upstream makes, if it is followed here; return whether it is."""
        return self._pool.poll_now(generation_id)

    async def run_next(self) -> bool:
        """Claim one generation and see it through, or its submit; return whether there was one."""
        await self._health.refresh()
        claimed = await self._claim()
        if claimed is None:
            return False
        await claimed.run.run()
        return True

    async def poll_due(self) -> None:
        """Look at what upstreams make, as far as it is due now."""
        for poller in self._pool.pollers:
            await poller.poll_due()

    async def _inherit(self) -> None:
        """Take over at once from workers of this machine whose process is gone."""
        store, now = self._context.store, self._context.clock.now()
        try:
            for worker in await store.holders():
                if has_died(worker) and await store.end_leases(worker, now=now):
                    _log.info("took_over", worker=worker)
        except StoreError:
            _log.exception("not_taken_over")  # then their leases have to run out

    async def _fill(self) -> None:
        """Claim as long as there is a free place and something to claim."""
        while not self._stopped:
            try:
                await self._health.refresh()
                claimed = await self._claim()
            except Exception:  # noqa: BLE001  # the border: a store in trouble now may be well a second later
                _log.exception("claim_failed")
                return
            if claimed is None:
                return
            with bound_contextvars(generation=claimed.generation.id, channel=claimed.channel.name):
                seeing = self._see_through(claimed.generation.id, claimed.run.run())
                task = asyncio.create_task(seeing)  # each line that is logged in it names both
            self._running[task] = claimed
            self._pool.record_submit_start(claimed.channel.name)
            task.add_done_callback(self._ended)

    async def _see_through(
        self, generation_id: GenerationId, running: Coroutine[Any, Any, None]
    ) -> None:
        try:
            await running
        except Exception:  # noqa: BLE001  # the border: what could not be settled is claimed again at lease end
            _log.exception("attempt_unsettled", generation=generation_id)

    def _ended(self, task: asyncio.Task[None]) -> None:
        claimed = self._running.pop(task)
        self._pool.record_submit_end(claimed.channel.name)
        self._wake.set()

    async def _claim(self) -> _Claimed | None:
        """Take the next generation that can be run; settle or follow those on the way."""
        try:
            return await self._claimed(set())
        finally:
            await self._recovery.wait()

    async def _claimed(self, skip: set[GenerationId]) -> _Claimed | None:
        while len(skip) < MAX_SKIPPED:
            ready = self._pool.ready_channels(local_room=self._has_local_room())
            waiting = await self._next(ready, {*skip, *self._recovery.under_way})
            if waiting is None:
                if not await self._recovery.wait():
                    return None
                continue
            if waiting.paid_attempt is not None:
                await self._recovery.take_over(waiting)
                continue
            try:
                claimed = await self._begin(waiting, ready)
            except Conflict:
                continue  # another worker was faster, or the caller has cancelled
            if claimed is not None:
                return claimed
            skip.add(waiting.id)
        return None

    def _has_local_room(self) -> bool:
        here = [one for one in self._running.values() if isinstance(one.run, LocalAttempt)]
        return len(here) < self._slots

    async def _next(
        self, ready: frozenset[str], skip: Collection[GenerationId]
    ) -> Generation | None:
        """Return what to look at next: for a channel with room, or for none that ever will have."""
        store, now = self._context.store, self._context.clock.now()
        models = self._pool.models_of(ready)
        found = await store.next_available(now=now, models=models, skip=skip)
        if found is not None:
            return found
        if refused := self._pool.refused_models():
            since = now - timedelta(seconds=self._context.limits.refused_wait_s)
            found = await store.next_available(now=since, models=refused, skip=skip)
        first = found or await store.next_available(now=now, skip=skip)
        return first if found or (first and not self._is_served(first)) else None

    def _is_served(self, generation: Generation) -> bool:
        return any(generation.spec.model in one.models for one in self._channels.values())

    async def _begin(self, waiting: Generation, ready: frozenset[str]) -> _Claimed | None:
        """Claim a generation for a channel; settle it when there is none; None: none has room."""
        able = await self._pool.capable_channels(waiting)
        refusal = self._refusal(waiting, able)
        chosen = self._pool.choose_channel(able, ready, waiting)
        if refusal is None and chosen is None:
            return None
        context = self._context
        name = chosen.name if chosen else "none"
        engine = chosen.engine.name if chosen else "none"
        claim = lifecycle.claim(waiting, engine=engine, channel=name, now=context.clock.now())
        await context.store.write(claim, lease=context.lease())
        if refusal is None and chosen is not None:
            _log.info("claimed", generation=waiting.id, attempt=claim.after.attempt, channel=name)
            return _Claimed(claim.after, chosen, self._run(claim.after, chosen, able))
        if refusal is not None:
            await context.store.write(lifecycle.fail(claim.after, refusal, now=context.clock.now()))
            await context.media.delete(waiting.id)  # what earlier attempts have left
        return None

    def _run(
        self, generation: Generation, channel: Channel, able: Sequence[Channel]
    ) -> LocalAttempt | Submission:
        if isinstance(channel, UpstreamChannel):
            return self._pool.submission(generation, channel, has_others=len(able) > 1)
        return LocalAttempt(self._context, generation, channel.engine)

    def _refusal(self, waiting: Generation, able: Sequence[Channel]) -> Failure | None:
        model, most = waiting.spec.model, self._context.limits.max_attempts
        if not self._is_served(waiting):
            return Failure(code="engine_rejected", message=f"no engine serves {model} any more")
        if not able:
            return Failure(code="engine_rejected", message=f"no channel of {model} can do it now")
        if counted_attempts(waiting) >= most:
            return Failure(
                code="engine_crashed",
                message=f"given up after {waiting.attempt} attempts, the last of which never ended",
            )
        out = [self._health.pause_of(one.name) for one in able if self._health.is_refused(one.name)]
        waited_s = (self._context.clock.now() - waiting.available_at).total_seconds()
        if len(out) == len(able) and waited_s >= self._context.limits.refused_wait_s:
            why = "; ".join(f"{rest.channel}: {rest.reason}" for rest in out if rest)
            return Failure(code="channel_unusable", message=f"no channel can be used: {why}")
        return None

    def _on_change(self, change: Change) -> None:
        """Wake for new work; stop an attempt whose generation was taken from it."""
        if change.after.state is State.QUEUED or change.event in _LEFT_TO_WORKERS:
            self._wake.set()
        if change.after.state is State.CANCELLED:
            self._pool.drop_cancelled(change)
            for claimed in self._running.values():
                if claimed.generation.id == change.after.id:
                    claimed.run.mark_lost()

    async def _give_back(self, polling: Sequence[asyncio.Task[None]]) -> None:
        tasks = list(self._running)
        if tasks and self._stop_grace_s:
            await asyncio.wait(tasks, timeout=self._stop_grace_s)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in polling:  # last: they follow what those have just submitted
            task.cancel()
        await asyncio.gather(*polling, return_exceptions=True)
