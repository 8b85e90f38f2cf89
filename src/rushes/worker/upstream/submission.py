"""One attempt at one generation by an upstream, from its claim until its job is known."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import structlog

from rushes.core import lifecycle
from rushes.core.errors import (
    AmbiguousSubmit,
    ChannelUnusable,
    Conflict,
    EngineCrashed,
    EngineError,
    JobTaken,
    MediaError,
    RushesError,
    TemporaryEngineError,
    UpstreamBusy,
    UpstreamUnreachable,
)
from rushes.core.generation import AttemptState, Failure, Generation, GenerationId
from rushes.core.lifecycle import Change
from rushes.engines.base import Job
from rushes.engines.upstream.base import SubmitOrder, UpstreamChannel
from rushes.kit.pacer import Pacer
from rushes.prompts.expansion import PreparedPrompt
from rushes.worker.context import WorkerContext
from rushes.worker.lease import LeaseKeeper
from rushes.worker.preparation import JobPreparation
from rushes.worker.retry_policy import EXCUSED, after_failure
from rushes.worker.upstream.acceptance import LEASES, record_acceptance
from rushes.worker.upstream.channel_health import ChannelHealth

_log = structlog.get_logger()

FAILOVER_S: Final = 0.5
"""How long a generation waits for another channel when only this one was to blame."""

ANSWER_GRACE_S: Final = 5.0
"""How long a stop waits for the answer to a submit; without it the outcome is in doubt."""

Follow = Callable[[Generation], None]
"""Told of a generation whose job is now to be followed, or looked for."""


class Submission:
    """
    Asks an upstream for one generation, at most once.

    What comes of it is on disk before :meth:`run` returns. Cancelling the task that awaits it
    gives back what nobody was asked for, and waits a little for the answer to what was.

    Args:
        has_others: Whether another channel could do it, which then need not wait.
    """

    def __init__(
        self,
        bench: WorkerContext,
        generation: Generation,
        channel: UpstreamChannel,
        *,
        pace: Pacer,
        health: ChannelHealth,
        follow: Follow,
        has_others: bool = False,
    ) -> None:
        self._bench = bench
        self._channel = channel
        self._pace = pace
        self._health = health
        self._follow = follow
        self._has_others = has_others
        self._hold = LeaseKeeper(bench, generation)

    def lose(self) -> None:
        """Tell it that somebody else has changed the generation: nobody must be asked any more."""
        attempt = self._hold.generation.open_attempt
        if attempt is not None and attempt.state is AttemptState.RENDERING:
            self._hold.lose()  # a submit under way is seen through: its job may have been paid for

    async def run(self) -> None:
        """Prepare, write down, submit, write down."""
        work = asyncio.ensure_future(self._work())
        try:
            await self._hold.during(work)
        except asyncio.CancelledError:
            await self._give_back()
            raise

    async def again(self) -> None:
        """
        Submit once more what is in doubt, under the same key, to an upstream that honours keys.

        Whatever comes back but an acceptance says nothing of the first submit, so the doubt stays.
        """
        await self._hold.during(asyncio.ensure_future(self._once_more()))

    async def _work(self) -> None:
        with self._bench.scratch.folder() as folder:
            order = await self._written_down(folder)
            if order is None:
                return
            try:
                job_id = await self._answer(order)
            except AmbiguousSubmit as error:
                await self._doubt(error)
            except EngineError as error:  # each of them says: surely not accepted
                await self._refused(error)
            except Exception:  # noqa: BLE001  # the border: whatever it was, it may have been paid for
                _log.exception("submit_crashed", generation=self._hold.generation.id)
                await self._doubt(AmbiguousSubmit("the submit failed in a way it should not"))
            else:
                self._health.worked(self._channel.name)
                await self._taken(job_id)

    async def _written_down(self, folder: Path) -> SubmitOrder | None:
        """Return what is to be ordered, once it is on disk that it will be; None: it will not."""
        generation = self._hold.generation
        try:
            order, prepared = await self._prepared(folder)
            await self._pace.turn()
            await self._hold.write(self._asking(prepared))
        except Conflict:
            _log.info("attempt_lost", generation=generation.id)
        except EngineError as error:
            await self._hold.settle(self._failed(error))
        except MediaError:
            _log.exception("files_not_kept", generation=generation.id)
            pause_s = self._bench.limits.full_pause_s
            now = self._bench.clock.now()
            await self._hold.settle(lifecycle.release(generation, pause_s=pause_s, now=now))
        except Exception:  # noqa: BLE001  # the border: a mistake of ours ends the attempt, not the worker
            _log.exception("attempt_crashed", generation=generation.id)
            crashed = EngineCrashed("the attempt failed in a way it should not")
            await self._hold.settle(self._failed(crashed))
        else:
            return self._for_this_attempt(order)
        return None

    async def _answer(self, order: SubmitOrder) -> str:
        """Return the answer to a submit; a stop waits for it a little while."""
        self._hold.must_end = True
        asking = asyncio.ensure_future(self._channel.upstream.submit(order))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            await asyncio.wait({asking}, timeout=ANSWER_GRACE_S)
            if asking.done() and asking.exception() is None:
                await self._taken(asking.result())
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            raise

    async def _prepared(self, folder: Path) -> tuple[SubmitOrder, PreparedPrompt]:
        """Return what is to be ordered, but for what the attempt itself decides."""
        generation, bench = self._hold.generation, self._bench
        can = self._channel.engine.capabilities
        prepared = await self._prompt(generation)
        preparation = JobPreparation(
            store=bench.store, media=bench.media, inputs=bench.inputs, folder=folder, can=can
        )
        job = await preparation.job(generation, prepared.prompt)
        order = SubmitOrder(
            job=job,
            model=self._channel.models[generation.spec.model],
            key="",
            urls=await bench.handover.urls(_files(job)),
            ids=await self._ids(generation),
        )
        return order, prepared

    async def _prompt(self, generation: Generation) -> PreparedPrompt:
        """Return the prompt: that of the first submit, or the caller's, or its expansion."""
        if generation.prompt_used is not None:
            return PreparedPrompt(prompt=generation.prompt_used, prompt_used=generation.prompt_used)
        if self._channel.engine.capabilities.expands:
            return PreparedPrompt(prompt=generation.spec.prompt)
        return await self._bench.prompts.prepare(generation)

    async def _ids(self, generation: Generation) -> dict[str, str]:
        """Return what the upstream calls the generations that this one goes on from."""
        parents = await self._bench.store.get_many(
            [GenerationId(one) for one in generation.spec.parents]
        )
        made = {one.id: one.made_by for one in parents}
        return {
            ours: by.upstream_id
            for ours, by in made.items()
            if by is not None and by.upstream_id and by.channel == self._channel.name
        }

    def _asking(self, prepared: PreparedPrompt) -> Change:
        return lifecycle.submit_upstream(
            self._hold.generation,
            token=secrets.token_hex(16),
            credential=self._channel.upstream.credential,
            prompt_used=prepared.prompt_used,
            note=prepared.note,
            now=self._bench.clock.now(),
        )

    def _for_this_attempt(self, order: SubmitOrder) -> SubmitOrder:
        generation = self._hold.generation
        attempt = generation.attempts[-1]
        return replace(
            order,
            key=key_of(generation),
            callback_url=self._bench.handover.callback_url(generation.id, attempt),
        )

    async def _taken(self, job_id: str) -> None:
        upstream, generation = self._channel.upstream, self._hold.generation
        try:
            stored = await record_acceptance(self._bench, upstream, generation, job_id)
        except JobTaken as error:
            # Its job was delivered to another generation that asked for the same and was in
            # doubt; that one's was never made, so one is still to be made: this one's.
            _log.warning("job_taken", generation=generation.id, job=job_id)
            why = TemporaryEngineError(f"{self._channel.name}: {error}", retry_after_s=1.0)
            await self._hold.settle(self._failed(why))
            return
        if stored is not None:
            _log.info("accepted", generation=stored.id, channel=self._channel.name, job=job_id)
            self._hold.generation = stored
            self._follow(stored)

    async def _doubt(self, error: AmbiguousSubmit) -> None:
        generation, bench = self._hold.generation, self._bench
        _log.warning("submit_in_doubt", generation=generation.id, reason=str(error))
        why = Failure(code=error.code, message=str(error))
        change = lifecycle.doubt(generation, why, now=bench.clock.now())
        try:
            await bench.store.write(change, lease=bench.lease(times=LEASES))
        except Conflict:
            _log.info("attempt_lost", generation=generation.id)  # whoever has it is in doubt, too
        else:
            self._hold.generation = change.after
            self._follow(change.after)
        await self._health.failed(self._channel.name, str(error))

    async def _refused(self, error: EngineError) -> None:
        """Write down that nothing was accepted, and what follows of it for the channel."""
        name, health = self._channel.name, self._health
        if isinstance(error, ChannelUnusable):
            await health.refused(name, str(error))
        elif isinstance(error, UpstreamBusy):
            health.busy(name, error.retry_after_s)
        elif isinstance(error, UpstreamUnreachable):
            await health.failed(name, str(error))
        else:
            health.worked(name)  # it has answered, and judged what was asked
        await self._hold.settle(self._failed(error))

    def _failed(self, error: RushesError) -> Change:
        at_once = self._has_others and error.code in EXCUSED
        return after_failure(
            self._hold.generation,
            error,
            max_attempts=self._bench.limits.max_attempts,
            pause_s=FAILOVER_S if at_once else None,
            now=self._bench.clock.now(),
        )

    async def _once_more(self) -> None:
        try:
            with self._bench.scratch.folder() as folder:
                order, _ = await self._prepared(folder)
                await self._pace.turn()
                job_id = await self._channel.upstream.submit(self._for_this_attempt(order))
        except (EngineError, MediaError) as error:
            _log.info("still_in_doubt", generation=self._hold.generation.id, reason=str(error))
        else:
            await self._taken(job_id)

    async def _give_back(self) -> None:
        """Let go of what nobody was asked for; what was asked without an answer is in doubt."""
        generation, now = self._hold.generation, self._bench.clock.now()
        attempt = generation.open_attempt
        if attempt is None or attempt.state is AttemptState.RENDERING:
            await self._hold.settle(lifecycle.release(generation, now=now))
        elif attempt.state is AttemptState.SUBMITTING:
            why = Failure(code=AmbiguousSubmit.code, message="its worker was stopped meanwhile")
            await self._hold.settle(lifecycle.doubt(generation, why, now=now))


def key_of(generation: Generation) -> str:
    """Return the idempotency key of the last attempt: the same for each of its submits."""
    return f"rushes-{generation.id}-{generation.attempt}"


def _files(job: Job) -> Iterator[Path]:
    for file in (job.first_image, job.last_image, job.source):
        if file is not None:
            yield file
    for guide in job.guides:
        yield guide.image
