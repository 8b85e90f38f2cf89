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
        context: WorkerContext,
        generation: Generation,
        channel: UpstreamChannel,
        *,
        pace: Pacer,
        health: ChannelHealth,
        follow: Follow,
        has_others: bool = False,
    ) -> None:
        self._context = context
        self._channel = channel
        self._pace = pace
        self._health = health
        self._follow = follow
        self._has_others = has_others
        self._keeper = LeaseKeeper(context, generation)

    def mark_lost(self) -> None:
        """Tell it that somebody else has changed the generation: nobody must be asked any more."""
        attempt = self._keeper.generation.open_attempt
        if attempt is not None and attempt.state is AttemptState.RENDERING:
            self._keeper.mark_lost()  # a submit under way goes on: its job may have been paid for

    async def run(self) -> None:
        """Prepare, write down, submit, write down."""
        work = asyncio.ensure_future(self._work())
        try:
            await self._keeper.keep_during(work)
        except asyncio.CancelledError:
            await self._give_back()
            raise

    async def again(self) -> None:
        """
        Submit once more what is in doubt, under the same key, to an upstream that honours keys.

        Whatever comes back but an acceptance says nothing of the first submit, so the doubt stays.
        """
        await self._keeper.keep_during(asyncio.ensure_future(self._once_more()))

    async def _work(self) -> None:
        with self._context.scratch.folder() as folder:
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
                _log.exception("submit_crashed", generation=self._keeper.generation.id)
                await self._doubt(AmbiguousSubmit("the submit failed in a way it should not"))
            else:
                self._health.record_success(self._channel.name)
                await self._taken(job_id)

    async def _written_down(self, folder: Path) -> SubmitOrder | None:
        """Return what is to be ordered, once it is on disk that it will be; None: it will not."""
        generation = self._keeper.generation
        try:
            order, prepared = await self._prepared(folder)
            await self._pace.turn()
            await self._keeper.write(self._asking(prepared))
        except Conflict:
            _log.info("attempt_lost", generation=generation.id)
        except EngineError as error:
            await self._keeper.settle(self._failed(error))
        except MediaError:
            _log.exception("files_not_kept", generation=generation.id)
            pause_s = self._context.limits.disk_full_pause_s
            now = self._context.clock.now()
            await self._keeper.settle(lifecycle.release(generation, pause_s=pause_s, now=now))
        except Exception:  # noqa: BLE001  # the border: a mistake of ours ends the attempt, not the worker
            _log.exception("attempt_crashed", generation=generation.id)
            crashed = EngineCrashed("the attempt failed in a way it should not")
            await self._keeper.settle(self._failed(crashed))
        else:
            return self._for_this_attempt(order)
        return None

    async def _answer(self, order: SubmitOrder) -> str:
        """Return the answer to a submit; a stop waits for it a little while."""
        self._keeper.must_finish = True
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
        generation, context = self._keeper.generation, self._context
        can = self._channel.engine.capabilities
        prepared = await self._prompt(generation)
        preparation = JobPreparation(
            store=context.store, media=context.media, inputs=context.inputs, folder=folder, can=can
        )
        job = await preparation.job(generation, prepared.prompt)
        order = SubmitOrder(
            job=job,
            model=self._channel.models[generation.spec.model],
            key="",
            urls=await context.public_files.urls(_files(job)) if context.public_files else {},
            ids=await self._ids(generation),
        )
        return order, prepared

    async def _prompt(self, generation: Generation) -> PreparedPrompt:
        """Return the prompt: that of the first submit, or the caller's, or its expansion."""
        if generation.prompt_used is not None:
            return PreparedPrompt(prompt=generation.prompt_used, prompt_used=generation.prompt_used)
        if self._channel.engine.capabilities.expands:
            return PreparedPrompt(prompt=generation.spec.prompt)
        return await self._context.prompts.prepare(generation)

    async def _ids(self, generation: Generation) -> dict[str, str]:
        """Return what the upstream calls the generations that this one goes on from."""
        kin = await self._context.store.get_many([GenerationId(one) for one in generation.spec.kin])
        made = {one.id: one.made_by for one in kin}
        return {
            ours: by.upstream_id
            for ours, by in made.items()
            if by is not None and by.upstream_id and by.channel == self._channel.name
        }

    def _asking(self, prepared: PreparedPrompt) -> Change:
        return lifecycle.submit_upstream(
            self._keeper.generation,
            token=secrets.token_hex(16),
            credential=self._channel.upstream.credential,
            prompt_used=prepared.prompt_used,
            note=prepared.note,
            now=self._context.clock.now(),
        )

    def _for_this_attempt(self, order: SubmitOrder) -> SubmitOrder:
        generation = self._keeper.generation
        return replace(
            order,
            key=idempotency_key(generation),
            callback_url=self._context.callback_url(generation),
        )

    async def _taken(self, job_id: str) -> None:
        upstream, generation = self._channel.upstream, self._keeper.generation
        try:
            stored = await record_acceptance(self._context, upstream, generation, job_id)
        except JobTaken as error:
            # Its job was delivered to another generation that asked for the same and was in
            # doubt; that one's was never made, so one is still to be made: this one's.
            _log.warning("job_taken", generation=generation.id, job=job_id)
            why = TemporaryEngineError(f"{self._channel.name}: {error}", retry_after_s=1.0)
            await self._keeper.settle(self._failed(why))
            return
        if stored is not None:
            _log.info("accepted", generation=stored.id, channel=self._channel.name, job=job_id)
            self._keeper.generation = stored
            self._follow(stored)

    async def _doubt(self, error: AmbiguousSubmit) -> None:
        generation, context = self._keeper.generation, self._context
        _log.warning("submit_in_doubt", generation=generation.id, reason=str(error))
        why = Failure(code=error.code, message=str(error))
        change = lifecycle.doubt(generation, why, now=context.clock.now())
        try:
            await context.store.write(change, lease=context.lease(times=LEASES))
        except Conflict:
            _log.info("attempt_lost", generation=generation.id)  # whoever has it is in doubt, too
        else:
            self._keeper.generation = change.after
            self._follow(change.after)
        await self._health.record_failure(self._channel.name, str(error))

    async def _refused(self, error: EngineError) -> None:
        """Write down that nothing was accepted, and what follows of it for the channel."""
        name, health = self._channel.name, self._health
        if isinstance(error, ChannelUnusable):
            await health.record_refusal(name, str(error))
        elif isinstance(error, UpstreamBusy):
            health.record_busy(name, error.retry_after_s)
        elif isinstance(error, UpstreamUnreachable):
            await health.record_failure(name, str(error))
        else:
            health.record_success(name)  # it has answered, and judged what was asked
        await self._keeper.settle(self._failed(error))

    def _failed(self, error: RushesError) -> Change:
        at_once = self._has_others and error.code in EXCUSED
        return after_failure(
            self._keeper.generation,
            error,
            max_attempts=self._context.limits.max_attempts,
            pause_s=FAILOVER_S if at_once else None,
            now=self._context.clock.now(),
        )

    async def _once_more(self) -> None:
        try:
            with self._context.scratch.folder() as folder:
                order, _ = await self._prepared(folder)
                await self._pace.turn()
                job_id = await self._channel.upstream.submit(self._for_this_attempt(order))
        except (EngineError, MediaError) as error:
            _log.info("still_in_doubt", generation=self._keeper.generation.id, reason=str(error))
        else:
            await self._taken(job_id)

    async def _give_back(self) -> None:
        """Let go of what nobody was asked for; what was asked without an answer is in doubt."""
        generation, now = self._keeper.generation, self._context.clock.now()
        attempt = generation.open_attempt
        if attempt is None or attempt.state is AttemptState.RENDERING:
            await self._keeper.settle(lifecycle.release(generation, now=now))
        elif attempt.state is AttemptState.SUBMITTING:
            why = Failure(code=AmbiguousSubmit.code, message="its worker was stopped meanwhile")
            await self._keeper.settle(lifecycle.doubt(generation, why, now=now))


def idempotency_key(generation: Generation) -> str:
    """Return the idempotency key of the last attempt: the same for each of its submits."""
    return f"rushes-{generation.id}-{generation.attempt}"


def _files(job: Job) -> Iterator[Path]:
    for file in (job.first_image, job.last_image, job.source):
        if file is not None:
            yield file
    for guide in job.guides:
        yield guide.image
