"""Submit one claimed generation to an upstream, at most once per attempt."""

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
    StoreError,
    TemporaryEngineError,
    UpstreamBusy,
    UpstreamUnreachable,
)
from rushes.core.generation import AttemptState, Failure, Generation, GenerationId
from rushes.core.lifecycle import Change
from rushes.engines.base import Job
from rushes.engines.upstream.base import SubmitOrder, UpstreamChannel
from rushes.kit.pacer import Pace
from rushes.prompts.expansion import PreparedPrompt
from rushes.worker.context import WorkerContext
from rushes.worker.lease import LeaseKeeper
from rushes.worker.preparation import JobPreparation
from rushes.worker.retry_policy import EXCUSED, after_failure
from rushes.worker.upstream.acceptance import LEASES, record_acceptance
from rushes.worker.upstream.channel_health import ChannelHealth

_log = structlog.get_logger()

FAILOVER_S: Final = 0.5
"""The pause before another channel is tried when only this one is to blame."""

ANSWER_GRACE_S: Final = 5.0
"""How long a stopping worker waits for the answer to a submit, to avoid an ambiguous one."""

Follow = Callable[[Generation], None]
"""Called with a generation whose job must now be polled or reconciled."""


class Submission:
    """
    Submit one generation to one channel and record the outcome.

    The outcome is stored before :meth:`run` returns. Cancelling the task that awaits it releases a
    generation that was not submitted yet, and otherwise waits a little for the answer.

    Args:
        has_others: Whether another channel can make the generation and need not wait.
    """

    def __init__(
        self,
        context: WorkerContext,
        generation: Generation,
        channel: UpstreamChannel,
        *,
        pace: Pace,
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
        """Stop before the submit: another process has changed the generation."""
        attempt = self._keeper.generation.open_attempt
        if attempt is not None and attempt.state is AttemptState.RENDERING:
            self._keeper.mark_lost()  # a submit under way goes on: its job may have been paid for

    async def run(self) -> None:
        """Prepare, record the intent, submit, record the outcome."""
        work = asyncio.ensure_future(self._work())
        try:
            await self._keeper.keep_during(work)
        except asyncio.CancelledError:
            await self._release()
            raise

    async def resubmit(self) -> Generation | None:
        """
        Repeat an ambiguous submit under the same key, for an upstream that honours keys.

        Only an acceptance settles the first submit. After any error it stays ambiguous.

        Returns:
            The generation with its job, if this worker has recorded it; None also if another
            worker did meanwhile, which then holds the generation.
        """
        await self._keeper.keep_during(asyncio.ensure_future(self._try_resubmit()))
        held = self._keeper.generation
        attempt = held.paid_attempt
        is_accepted = attempt is not None and attempt.state is AttemptState.ACCEPTED
        return held if is_accepted else None

    async def _work(self) -> None:
        with self._context.scratch.folder() as folder:
            order = await self._record_intent(folder)
            if order is None or not await self._may_send():
                return
            try:
                job_id = await self._submit(order)
            except AmbiguousSubmit as error:
                await self._record_ambiguous(error)
            except EngineError as error:  # all other engine errors mean: certainly not accepted
                await self._record_refusal(error)
            except Exception:  # noqa: BLE001  # after a crash the job may exist and cost money
                _log.exception("submit_crashed", generation=self._keeper.generation.id)
                await self._record_ambiguous(AmbiguousSubmit("the submit failed unexpectedly"))
            else:
                self._health.record_success(self._channel.name)
                await self._record_job(job_id)

    async def _record_intent(self, folder: Path) -> SubmitOrder | None:
        """Store that a submit follows and return its order; None if there will be none."""
        generation = self._keeper.generation
        try:
            order, prepared = await self._prepare(folder)
            await self._pace.wait()
            await self._keeper.write(self._intent(prepared))
        except Conflict:
            _log.info("attempt_lost", generation=generation.id)
        except EngineError as error:
            await self._keeper.settle(self._failed(error))
        except MediaError:
            _log.exception("files_not_stored", generation=generation.id)
            pause_s = self._context.limits.disk_full_pause_s
            now = self._context.clock.now()
            await self._keeper.settle(lifecycle.release(generation, pause_s=pause_s, now=now))
        except Exception:  # noqa: BLE001  # a bug must end the attempt, not the worker
            _log.exception("attempt_crashed", generation=generation.id)
            crashed = EngineCrashed("the attempt failed unexpectedly")
            await self._keeper.settle(self._failed(crashed))
        else:
            return self._address(order)
        return None

    async def _may_send(self) -> bool:
        """Check the lease; a store that is away fails the attempt, since nothing was sent."""
        try:
            return await self._still_holds()
        except StoreError as error:
            _log.warning(
                "submit_withheld", generation=self._keeper.generation.id, reason=str(error)
            )
            away = TemporaryEngineError("the store was away just before the submit")
            await self._keeper.settle(self._failed(away))
            return False

    async def _still_holds(self) -> bool:
        """
        Renew the lease in the store; return False if another worker has taken over.

        The process or its machine may have been frozen since the intent was stored. Then the
        generation is ambiguous for its new holder, and a submit now could be the second one. A
        freeze after this check remains possible: its window is the time to connect and send.

        Raises:
            StoreError: The store is away.
        """
        generation, context = self._keeper.generation, self._context
        try:
            await context.store.renew(
                generation, lease=context.lease(), progress=generation.progress
            )
        except Conflict as error:
            _log.warning("submit_withheld", generation=generation.id, reason=str(error))
            return False
        return True

    async def _submit(self, order: SubmitOrder) -> str:
        """Submit and return the job id; a cancellation waits a little for the answer."""
        self._keeper.must_finish = True
        submitting = asyncio.ensure_future(self._channel.upstream.submit(order))
        try:
            return await asyncio.shield(submitting)
        except asyncio.CancelledError:
            await asyncio.wait({submitting}, timeout=ANSWER_GRACE_S)
            if submitting.done() and submitting.exception() is None:
                await self._record_job(submitting.result())
            submitting.cancel()
            await asyncio.gather(submitting, return_exceptions=True)
            raise

    async def _prepare(self, folder: Path) -> tuple[SubmitOrder, PreparedPrompt]:
        """Return the order without key and callback, which belong to the attempt."""
        generation, context = self._keeper.generation, self._context
        can = self._channel.engine.capabilities
        prepared = await self._prepare_prompt(generation)
        preparation = JobPreparation(
            store=context.store, media=context.media, inputs=context.inputs, folder=folder, can=can
        )
        job = await preparation.job(generation, prepared.prompt)
        order = SubmitOrder(
            job=job,
            model=self._channel.models[generation.spec.model],
            key="",
            urls=await context.public_files.urls(_files(job)) if context.public_files else {},
            ids=await self._upstream_ids(generation),
        )
        return order, prepared

    async def _prepare_prompt(self, generation: Generation) -> PreparedPrompt:
        """Return the prompt of an earlier attempt, or the caller's, expanded where it should be."""
        if generation.prompt_used is not None:
            return PreparedPrompt(prompt=generation.prompt_used, prompt_used=generation.prompt_used)
        if self._channel.engine.capabilities.expands:
            return PreparedPrompt(prompt=generation.spec.prompt)
        return await self._context.prompts.prepare(generation)

    async def _upstream_ids(self, generation: Generation) -> dict[str, str]:
        """Return the upstream's ids of the earlier generations that this one builds on."""
        related = await self._context.store.get_many(
            [GenerationId(one) for one in generation.spec.parents]
        )
        made = {one.id: one.made_by for one in related}
        return {
            ours: by.upstream_id
            for ours, by in made.items()
            if by is not None and by.upstream_id and by.channel == self._channel.name
        }

    def _intent(self, prepared: PreparedPrompt) -> Change:
        return lifecycle.submit_upstream(
            self._keeper.generation,
            token=secrets.token_hex(16),
            credential=self._channel.upstream.credential,
            prompt_used=prepared.prompt_used,
            note=prepared.note,
            now=self._context.clock.now(),
        )

    def _address(self, order: SubmitOrder) -> SubmitOrder:
        generation = self._keeper.generation
        return replace(
            order,
            key=idempotency_key(generation),
            callback_url=self._context.callback_url(generation),
        )

    async def _record_job(self, job_id: str) -> None:
        upstream, generation = self._channel.upstream, self._keeper.generation
        try:
            stored = await record_acceptance(self._context, upstream, generation, job_id)
        except JobTaken as error:
            # An ambiguous generation with the same request found this job in the upstream's list
            # and took it. Its own job was never made, so this generation needs a new one.
            _log.warning("job_taken", generation=generation.id, job=job_id)
            why = TemporaryEngineError(f"{self._channel.name}: {error}", retry_after_s=1.0)
            await self._keeper.settle(self._failed(why))
            return
        if stored is not None:
            _log.info("accepted", generation=stored.id, channel=self._channel.name, job=job_id)
            self._keeper.generation = stored
            self._follow(stored)

    async def _record_ambiguous(self, error: AmbiguousSubmit) -> None:
        generation, context = self._keeper.generation, self._context
        _log.warning("submit_in_doubt", generation=generation.id, reason=str(error))
        why = Failure(code=error.code, message=str(error))
        change = lifecycle.doubt(generation, why, now=context.clock.now())
        try:
            await context.store.write(change, lease=context.lease(times=LEASES))
        except Conflict:
            _log.info(
                "attempt_lost", generation=generation.id
            )  # its new holder sees it as ambiguous, too
        else:
            self._keeper.generation = change.after
            self._follow(change.after)
        await self._health.record_failure(self._channel.name, str(error))

    async def _record_refusal(self, error: EngineError) -> None:
        """Record that nothing was accepted, for the generation and for the channel's health."""
        name, health = self._channel.name, self._health
        if isinstance(error, ChannelUnusable):
            await health.record_refusal(name, str(error))
        elif isinstance(error, UpstreamBusy):
            health.record_busy(name, error.retry_after_s)
        elif isinstance(error, UpstreamUnreachable):
            await health.record_failure(name, str(error))
        else:
            health.record_success(name)  # it answered and judged the request
        await self._keeper.settle(self._failed(error))

    def _failed(self, error: RushesError) -> Change:
        skips_pause = self._has_others and error.code in EXCUSED
        return after_failure(
            self._keeper.generation,
            error,
            max_attempts=self._context.limits.max_attempts,
            pause_s=FAILOVER_S if skips_pause else None,
            now=self._context.clock.now(),
        )

    async def _try_resubmit(self) -> None:
        try:
            with self._context.scratch.folder() as folder:
                order, _ = await self._prepare(folder)
                await self._pace.wait()
                if not await self._still_holds():
                    return
                job_id = await self._channel.upstream.submit(self._address(order))
        except (EngineError, MediaError) as error:
            _log.info("still_in_doubt", generation=self._keeper.generation.id, reason=str(error))
        else:
            await self._record_job(job_id)

    async def _release(self) -> None:
        """Release a generation that was not submitted; one without an answer is ambiguous."""
        generation, now = self._keeper.generation, self._context.clock.now()
        attempt = generation.open_attempt
        if attempt is None or attempt.state is AttemptState.RENDERING:
            await self._keeper.settle(lifecycle.release(generation, now=now))
        elif attempt.state is AttemptState.SUBMITTING:
            why = Failure(
                code=AmbiguousSubmit.code, message="the worker stopped before the answer came"
            )
            await self._keeper.settle(lifecycle.doubt(generation, why, now=now))


def idempotency_key(generation: Generation) -> str:
    """Return the idempotency key of the last attempt, the same for each of its submits."""
    return f"rushes-{generation.id}-{generation.attempt}"


def _files(job: Job) -> Iterator[Path]:
    for file in (job.first_image, job.last_image, job.source):
        if file is not None:
            yield file
    for guide in job.guides:
        yield guide.image
