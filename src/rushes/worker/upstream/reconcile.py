"""Looks for the job of a submit whose answer never came, until it is found or given up."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog

from rushes.core import lifecycle
from rushes.core.errors import AmbiguousSubmit, JobTaken, TemporaryEngineError
from rushes.core.generation import AttemptState, Failure, Generation
from rushes.core.lifecycle import Change
from rushes.engines.upstream.base import SubmitQuery, UpstreamChannel
from rushes.worker.context import WorkerContext
from rushes.worker.upstream.acceptance import record_acceptance
from rushes.worker.upstream.submission import idempotency_key

_log = structlog.get_logger()

LONGEST_PAUSE_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileResult:
    """What came of one look."""

    generation: Generation | None = None
    """The generation, its job found and written down."""

    change: Change | None = None
    """How it is settled, because the time to look for it is over."""

    pause_s: float = 0.0
    """Else: how long until it is worth looking again."""


class Reconciler:
    """
    Looks for jobs of one channel.

    Args:
        again: Submits once more under the same key, where the upstream honours keys; what comes
            of it is written down.
    """

    def __init__(
        self,
        context: WorkerContext,
        channel: UpstreamChannel,
        again: Callable[[Generation], Coroutine[Any, Any, None]],
    ) -> None:
        self._context = context
        self._channel = channel
        self._again = again

    async def reconcile(self, generation: Generation) -> ReconcileResult:
        """Look once. Raises StoreError."""
        terms = self._channel.terms
        taken = await self._asked_again(generation) if terms.honours_keys else None
        if taken := taken or await self._found(generation):
            return ReconcileResult(generation=taken)
        looked_s = self._looked_s(generation)
        if looked_s >= terms.ambiguous_after_s:
            return ReconcileResult(change=self._given_up(generation))
        pause_s = min(max(looked_s / 3, terms.look_every_s), LONGEST_PAUSE_S)
        return ReconcileResult(pause_s=min(pause_s, terms.ambiguous_after_s - looked_s))

    async def _asked_again(self, generation: Generation) -> Generation | None:
        """Return the generation with the job that the same submit has made or found."""
        await self._again(generation)
        now_known = await self._context.store.get_many([generation.id])
        attempt = now_known[0].paid_attempt if now_known else None
        is_known = attempt is not None and attempt.state is AttemptState.ACCEPTED
        return now_known[0] if is_known else None

    async def _found(self, generation: Generation) -> Generation | None:
        """Return the generation with its job, if one of those that may be it is free."""
        for job_id in await self._candidates(generation):
            try:
                taken = await record_acceptance(
                    self._context, self._channel.upstream, generation, job_id, is_certain=False
                )
            except JobTaken:
                continue
            _log.info("job_found", generation=generation.id, job=job_id)
            return taken
        return None

    async def _candidates(self, generation: Generation) -> Sequence[str]:
        attempt = generation.attempts[-1]
        sought = SubmitQuery(
            order=None,
            prompt=generation.prompt_used or generation.spec.prompt,
            model=self._channel.models.get(generation.spec.model, generation.spec.model),
            key=idempotency_key(generation),
            callback_url=self._context.callback_url(generation),
            since=attempt.submitted_at or attempt.began_at,
        )
        try:
            return await self._channel.upstream.find(sought) or ()
        except TemporaryEngineError as error:
            _log.info("not_looked_for", generation=generation.id, reason=str(error))
            return ()

    def _looked_s(self, generation: Generation) -> float:
        attempt = generation.attempts[-1]
        since = attempt.submitted_at or attempt.began_at
        return (self._context.clock.now() - since).total_seconds()

    def _given_up(self, generation: Generation) -> Change:
        """Return the failure; or, where the operator would rather pay twice, another attempt."""
        now, name = self._context.clock.now(), self._channel.name
        attempt = generation.attempts[-1]
        why = attempt.failure.message if attempt.failure else "there was no answer"
        told = f"{name} was asked and may have accepted it, and may not: {why}"
        failure = Failure(
            code=AmbiguousSubmit.code,
            message=f"{told}; it was not found there within"
            f" {self._channel.terms.ambiguous_after_s:g} s",
        )
        is_last = generation.attempt >= self._context.limits.max_attempts
        if self._channel.terms.resubmits and not is_last:
            return lifecycle.retry(generation, pause_s=0.0, failure=failure, now=now)
        return lifecycle.fail(generation, failure, now=now)
