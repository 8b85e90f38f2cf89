"""Find the upstream job of a submit that got no answer, or give up after a while."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog

from rushes.core import lifecycle
from rushes.core.errors import AmbiguousSubmit, JobTaken, TemporaryEngineError
from rushes.core.generation import Failure, Generation
from rushes.core.lifecycle import Change
from rushes.engines.upstream.base import SubmitQuery, UpstreamChannel
from rushes.worker.context import WorkerContext
from rushes.worker.upstream.acceptance import record_acceptance
from rushes.worker.upstream.submission import idempotency_key

_log = structlog.get_logger()

LONGEST_PAUSE_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileResult:
    """The result of one search."""

    generation: Generation | None = None
    """The generation with its job, if it was found; the job is recorded."""

    change: Change | None = None
    """The change that settles the generation, if the time to search is over."""

    pause_s: float = 0.0
    """Otherwise the seconds until the next search."""


class Reconciler:
    """
    Search for lost jobs of one channel.

    Args:
        resubmit: Repeats a submit under the same idempotency key and records the job that the
            upstream returns. Returns the generation if this worker recorded the job, and holds it
            now. Only called where the upstream honours keys.
    """

    def __init__(
        self,
        context: WorkerContext,
        channel: UpstreamChannel,
        resubmit: Callable[[Generation], Coroutine[Any, Any, Generation | None]],
    ) -> None:
        self._context = context
        self._channel = channel
        self._resubmit = resubmit

    async def reconcile(self, generation: Generation) -> ReconcileResult:
        """Search once. Raises StoreError."""
        terms = self._channel.terms
        taken = await self._resubmit(generation) if terms.honours_keys else None
        if taken:
            return ReconcileResult(generation=taken)
        job_ids = await self._candidates(generation)
        if taken := await self._take_first_free(generation, job_ids or ()):
            return ReconcileResult(generation=taken)
        # A search that got no reply has not shown that there is no job.
        limit_s = terms.ambiguous_after_s
        limit_s = limit_s if job_ids is not None else max(limit_s, terms.deadline_s)
        searched_s = self._searched_s(generation)
        if searched_s >= limit_s:
            return ReconcileResult(change=self._give_up(generation, limit_s))
        pause_s = min(max(searched_s / 3, terms.min_poll_interval_s), LONGEST_PAUSE_S)
        return ReconcileResult(pause_s=min(pause_s, limit_s - searched_s))

    async def _take_first_free(
        self, generation: Generation, job_ids: Sequence[str]
    ) -> Generation | None:
        """Return the generation with the first of these jobs that no other attempt has."""
        # The upstream's clock may be off by more than the time between two attempts.
        earlier = {attempt.upstream_id for attempt in generation.attempts[:-1]}
        for job_id in job_ids:
            if job_id in earlier:
                continue
            try:
                taken = await record_acceptance(
                    self._context, self._channel.upstream, generation, job_id, is_certain=False
                )
            except JobTaken:
                continue
            _log.info("job_found", generation=generation.id, job=job_id)
            return taken
        return None

    async def _candidates(self, generation: Generation) -> Sequence[str] | None:
        """Return the ids of jobs that may be the generation's; None if the search got no reply."""
        attempt = generation.attempts[-1]
        query = SubmitQuery(
            spec=generation.spec,
            prompt=generation.prompt_used or generation.spec.prompt,
            model=self._channel.models.get(generation.spec.model, generation.spec.model),
            key=idempotency_key(generation),
            callback_url=self._context.callback_url(generation),
            since=attempt.submitted_at or attempt.began_at,
        )
        try:
            return await self._channel.upstream.find(query) or ()
        except TemporaryEngineError as error:
            _log.info("reconcile_failed", generation=generation.id, reason=str(error))
            return None

    def _searched_s(self, generation: Generation) -> float:
        attempt = generation.attempts[-1]
        since = attempt.submitted_at or attempt.began_at
        return (self._context.clock.now() - since).total_seconds()

    def _give_up(self, generation: Generation, searched_s: float) -> Change:
        """Return the failure, or another attempt where the operator accepts to pay twice."""
        now, name = self._context.clock.now(), self._channel.name
        attempt = generation.attempts[-1]
        why = attempt.failure.message if attempt.failure else "there was no answer"
        message = f"{name} got the request and may or may not have accepted it: {why}"
        failure = Failure(
            code=AmbiguousSubmit.code,
            message=f"{message}; the job was not found there within {searched_s:g} s",
        )
        is_last = generation.attempt >= self._context.limits.max_attempts
        if self._channel.terms.resubmits and not is_last:
            return lifecycle.retry(generation, pause_s=0.0, failure=failure, now=now)
        return lifecycle.fail(generation, failure, now=now)
