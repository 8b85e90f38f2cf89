"""Claim queued generations and run them while the worker has free slots."""

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Coroutine, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog
from structlog.contextvars import bound_contextvars

from rushes.core import lifecycle
from rushes.core.errors import ChannelFull, Conflict, StoreError
from rushes.core.generation import Failure, Generation, GenerationId, State
from rushes.core.lifecycle import Change
from rushes.engines.base import Channel
from rushes.engines.upstream.base import UpstreamChannel
from rushes.kit.finish_before_cancel import finish_before_cancel
from rushes.store.base import ChannelPauses, RemoteChange
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
"""Generations of a model skipped per search: they wait for a busy channel while another is free."""

MAX_SKIPPED_IN_ALL: Final = 256
"""The same of all models; so a long queue of one model does not hide the others."""

_LEFT_TO_WORKERS: Final = frozenset({"generation.accepted", "generation.resumed"})
"""Events that an upstream's callback may cause; a worker must then take over the job."""


@dataclass(frozen=True, slots=True, eq=False)
class _Claimed:
    """A claimed generation with its channel and its attempt."""

    generation: Generation
    channel: Channel
    run: LocalAttempt | Submission


class Worker:
    """
    Claim and run generations until stopped.

    Args:
        pauses: The store of paused channels.

        slots: How many generations may render on this machine at once. Channels of upstreams have
            limits of their own.

        poll_s: Seconds between two searches for work that another process has queued.

        stop_grace_s: How long :meth:`run` waits for attempts to finish when it stops.

        works: The names of the channels that it works; it leaves the others to other workers.
            None: all.
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
        works: Collection[str] | None = None,
    ) -> None:
        self._context = context
        self._channels = {channel.name: channel for channel in channels}
        self._health = ChannelHealth(pauses, channels, context.clock)
        self._works = works
        self._pool = ChannelPool(context, channels, self._health, works=works)
        self._recovery = Recovery(context, self._pool)
        self._slots = slots
        self._poll_s = poll_s
        self._stop_grace_s = stop_grace_s
        self._wake = asyncio.Event()
        self._stopped = False
        self._is_draining = False
        self.last_claim_at_s: float | None = None
        """The monotonic time of the last search for work; None before the first."""
        self._running: dict[asyncio.Task[None], _Claimed] = {}

    async def run(self) -> None:
        """Work until stopped or cancelled, then release what does not finish in time."""
        unlisten = self._context.store.listen(self._on_change)
        unlisten_elsewhere = self._context.store.listen_elsewhere(self._on_remote_change)
        polling = [asyncio.create_task(poller.run()) for poller in self._pool.pollers]
        try:
            await asyncio.to_thread(self._context.scratch.sweep)
            await self._end_dead_leases()
            while not self._stopped:
                # Not cancellable: a claimed generation must be in self._running to be released.
                await finish_before_cancel(self._fill())
                self.last_claim_at_s = time.monotonic()
                # Other processes queue generations too, and their changes do not wake this one.
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll_s):
                        await self._wake.wait()
                self._wake.clear()
        finally:
            unlisten()
            unlisten_elsewhere()
            await finish_before_cancel(self._release_all(polling))

    def replace_channels(self, channels: Sequence[Channel]) -> None:
        """Take new work for these channels; those of upstreams must be the same as before."""
        self._channels = {channel.name: channel for channel in channels}
        self._pool.replace_channels(channels)
        self._wake.set()

    @property
    def channel_names(self) -> tuple[str, ...]:
        """The channels that this worker works."""
        return tuple(self._channels if self._works is None else self._works)

    def stop(self) -> None:
        """Make :meth:`run` end as a cancellation would; it may be cancelled as well."""
        self._stopped = True
        self._wake.set()

    async def set_draining(self, *, is_draining: bool, served_elsewhere: frozenset[str]) -> None:
        """
        Take no new work and give jobs away, or take new work again.

        A draining worker finishes what it renders and submits. It gives the upstream jobs of
        channels that other workers serve to them, and follows those of other channels to their end.
        Call this again from time to time: it leaves out jobs that are being polled or downloaded.

        Args:
            served_elsewhere: The channels that at least one other active worker serves.
        """
        if self._is_draining and not is_draining:
            self._wake.set()
        self._is_draining = is_draining
        if is_draining:
            await self._pool.release_jobs(served_elsewhere)

    @property
    def slots(self) -> int:
        """How many generations it renders at the same time."""
        return self._slots

    @property
    def held_count(self) -> int:
        """The number of generations that it renders, submits or follows at an upstream."""
        return len(self._running) + self.followed_jobs

    def held(self) -> Iterator[GenerationId]:
        """Yield the ids of these generations."""
        yield from [claimed.generation.id for claimed in self._running.values()]
        for poller in self._pool.pollers:
            yield from poller.followed()

    @property
    def followed_jobs(self) -> int:
        """The number of upstream jobs that this worker polls."""
        return sum(poller.job_count for poller in self._pool.pollers)

    def poll_now(self, generation_id: GenerationId) -> bool:
        """Poll a generation's upstream job now; return False if this worker does not follow it."""
        return self._pool.poll_now(generation_id)

    async def run_next(self) -> bool:
        """Claim one generation and render or submit it; return whether there was one."""
        await self._health.refresh()
        claimed = await self._claim()
        if claimed is None:
            return False
        await claimed.run.run()
        return True

    async def poll_due(self) -> None:
        """Poll the upstream jobs that are due now."""
        for poller in self._pool.pollers:
            await poller.poll_due()

    async def _end_dead_leases(self) -> None:
        """End the leases of workers on this machine whose process has ended."""
        store, now = self._context.store, self._context.clock.now()
        try:
            for worker in await store.holders():
                if has_died(worker) and await store.end_leases(worker, now=now):
                    _log.info("took_over", worker=worker)
        except StoreError:
            _log.exception("takeover_failed")  # their leases expire a little later

    async def _fill(self) -> None:
        """Claim and start generations until no slot is free or nothing is queued."""
        while not self._stopped and not self._is_draining:
            try:
                await self._health.refresh()
                claimed = await self._claim()
            except Exception:  # noqa: BLE001  # a failing store may work again a second later
                _log.exception("claim_failed")
                return
            if claimed is None:
                return
            with bound_contextvars(generation=claimed.generation.id, channel=claimed.channel.name):
                running = self._run_logged(claimed.generation.id, claimed.run.run())
                task = asyncio.create_task(running)  # its log lines name both
            self._running[task] = claimed
            self._pool.record_submit_start(claimed.channel.name)
            task.add_done_callback(self._on_end)

    async def _run_logged(
        self, generation_id: GenerationId, running: Coroutine[Any, Any, None]
    ) -> None:
        try:
            await running
        except Exception:  # noqa: BLE001  # the generation is claimed again when its lease ends
            _log.exception("attempt_unsettled", generation=generation_id)

    def _on_end(self, task: asyncio.Task[None]) -> None:
        claimed = self._running.pop(task)
        self._pool.record_submit_end(claimed.channel.name)
        self._wake.set()

    async def _claim(self) -> _Claimed | None:
        """Claim the next generation that can run; settle or take over others on the way."""
        try:
            return await self._claim_from_queue(set())
        finally:
            await self._recovery.wait()

    async def _claim_from_queue(self, skip: set[GenerationId]) -> _Claimed | None:
        skipped = Counter[str]()
        while len(skip) < MAX_SKIPPED_IN_ALL:
            ready = self._ready_channels()
            models = self._pool.models_of(ready)
            models -= {model for model, count in skipped.items() if count >= MAX_SKIPPED}
            waiting = await self._find_next(models, {*skip, *self._recovery.under_way})
            if waiting is None:
                if not await self._recovery.wait():
                    return None
                continue
            if waiting.paid_attempt is not None:
                await self._recovery.take_over(waiting)
                continue
            try:
                claimed = await self._claim_for_channel(waiting, ready)
            except Conflict:
                continue  # another worker was faster, or the caller has cancelled
            if claimed is not None:
                return claimed
            skip.add(waiting.id)
            skipped[waiting.spec.model] += 1
        return None

    def _ready_channels(self) -> frozenset[str]:
        """Return the channels that can take one more generation now."""
        here = [one.channel for one in self._running.values() if isinstance(one.run, LocalAttempt)]
        used = sum(one.concurrency is None for one in here)
        rendering = Counter(one.name for one in here)
        return self._pool.ready_channels(has_free_slot=used < self._slots, rendering=rendering)

    async def _find_next(
        self, models: frozenset[str], skip: Collection[GenerationId]
    ) -> Generation | None:
        """Return the next generation of one of these models, or that no channel can serve."""
        store, now = self._context.store, self._context.clock.now()
        others = self._pool.other_channels
        found = await store.next_available(now=now, models=models, skip=skip, other_channels=others)
        if found is not None:
            return found
        if refused := self._pool.refused_models():
            since = now - timedelta(seconds=self._context.limits.refused_wait_s)
            found = await store.next_available(
                now=since, models=refused, skip=skip, other_channels=others
            )
        first = found or await store.next_available(now=now, skip=skip, other_channels=others)
        return first if found or (first and not self._is_served(first)) else None

    def _is_served(self, generation: Generation) -> bool:
        return any(generation.spec.model in one.models for one in self._channels.values())

    async def _claim_for_channel(
        self, waiting: Generation, ready: frozenset[str]
    ) -> _Claimed | None:
        """Claim a generation for a channel, or fail it; return None if no channel has room."""
        able = await self._pool.capable_channels(waiting)
        refusal = self._refusal(waiting, able)
        chosen = self._pool.choose_channel(able, ready, waiting)
        if refusal is None and chosen is None:
            return None
        context = self._context
        name = chosen.name if chosen else "none"
        engine = chosen.engine.name if chosen else "none"
        claim = lifecycle.claim(waiting, engine=engine, channel=name, now=context.clock.now())
        try:
            await context.store.write(
                claim, lease=context.lease(), channel_limit=self._pool.limit_elsewhere(name)
            )
        except ChannelFull:
            self._pool.record_full(name)
            return None
        if refusal is None and chosen is not None:
            _log.info("claimed", generation=waiting.id, attempt=claim.after.attempt, channel=name)
            return _Claimed(claim.after, chosen, self._make_attempt(claim.after, chosen, able))
        if refusal is not None:
            await context.store.write(lifecycle.fail(claim.after, refusal, now=context.clock.now()))
            await context.media.delete(waiting.id)  # files of earlier attempts
        return None

    def _make_attempt(
        self, generation: Generation, channel: Channel, able: Sequence[Channel]
    ) -> LocalAttempt | Submission:
        if isinstance(channel, UpstreamChannel):
            return self._pool.submission(generation, channel, has_others=len(able) > 1)
        return LocalAttempt(
            self._context, generation, channel.engine, timeout_s=channel.render_timeout_s
        )

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
        refused = [
            self._health.pause_of(one.name) for one in able if self._health.is_refused(one.name)
        ]
        waited_s = (self._context.clock.now() - waiting.available_at).total_seconds()
        if len(refused) == len(able) and waited_s >= self._context.limits.refused_wait_s:
            why = "; ".join(f"{pause.channel}: {pause.reason}" for pause in refused if pause)
            return Failure(code="channel_unusable", message=f"no channel can be used: {why}")
        return None

    def _on_change(self, change: Change) -> None:
        """Wake up for new work; stop the attempt of a cancelled generation."""
        self._heed(change.after.id, change.after.state, change.event)
        if change.after.state is State.CANCELLED:
            self._pool.drop_cancelled(change)

    def _on_remote_change(self, change: RemoteChange) -> None:
        """Do the same for a change by another process, except for jobs at upstreams."""
        self._heed(change.generation_id, change.state, change.event)

    def _heed(self, generation_id: GenerationId, state: State, event: str) -> None:
        if state is State.QUEUED or event in _LEFT_TO_WORKERS:
            self._wake.set()
        if state is State.CANCELLED:
            for claimed in self._running.values():
                if claimed.generation.id == generation_id:
                    claimed.run.mark_lost()

    async def _release_all(self, polling: Sequence[asyncio.Task[None]]) -> None:
        tasks = list(self._running)
        if tasks and self._stop_grace_s:
            await asyncio.wait(tasks, timeout=self._stop_grace_s)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in polling:  # last: they follow the jobs that the attempts have just submitted
            task.cancel()
        await asyncio.gather(*polling, return_exceptions=True)
