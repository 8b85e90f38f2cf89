"""Record the job id of an accepted submit, and cancel unwanted jobs."""

import asyncio
from typing import Final

import structlog

from rushes.core import lifecycle
from rushes.core.errors import Conflict, JobTaken, NotFound, RushesError, StoreError
from rushes.core.generation import Attempt, AttemptState, Generation
from rushes.engines.upstream.base import Upstream
from rushes.kit.backoff import exponential_s
from rushes.worker.context import WorkerContext

_log = structlog.get_logger()

LEASES: Final = 4.0
"""Usual leases for which a followed job is held; it is written to only now and then."""


async def record_acceptance(
    context: WorkerContext,
    upstream: Upstream,
    generation: Generation,
    job_id: str,
    *,
    is_certain: bool = True,
) -> Generation | None:
    """
    Record the id of an attempt's job and return the stored generation.

    Losing the id would lose a paid job. So a failing store is retried until it works, and the id
    is recorded even if another worker has taken over the generation in the meantime. If nobody
    wants the job any more, cancel it at the upstream and return None.

    Args:
        is_certain: False if the job was found in a list and may belong to someone else; then it is
            never cancelled.

    Raises:
        JobTaken: The job is recorded as that of another generation.
    """
    attempt = generation.attempts[-1]
    failures = 0
    while True:
        now = context.clock.now()
        try:
            if (
                generation.attempts[-1].state is AttemptState.ACCEPTED
            ):  # a callback recorded it first
                change = lifecycle.resume(generation, now=now)
            else:
                change = lifecycle.accept(generation, job_id, now=now)
            return await context.store.write(change, lease=context.lease(times=LEASES))
        except JobTaken:
            raise
        except Conflict:
            reloaded = await _reload_if_open(context, generation, attempt, job_id)
            if reloaded is None and not is_certain:
                return None
            if reloaded is None:
                await _cancel_unwanted(upstream, generation, job_id)
                return None
            generation = reloaded
        except StoreError:
            failures += 1
            _log.exception("job_not_recorded", generation=generation.id, job=job_id)
            await asyncio.sleep(exponential_s(failures, base_s=0.1, cap_s=5.0))


async def _reload_if_open(
    context: WorkerContext, generation: Generation, attempt: Attempt, job_id: str
) -> Generation | None:
    """Return the stored generation if this attempt is still open for the job."""
    try:
        found = await context.store.get(generation.id)
    except NotFound:
        return None
    latest = found.paid_attempt
    is_ours = latest is not None and latest.token == attempt.token
    if latest is None or not is_ours or latest.upstream_id not in {None, job_id}:
        return None
    return found


async def _cancel_unwanted(upstream: Upstream, generation: Generation, job_id: str) -> None:
    _log.warning("job_unwanted", generation=generation.id, job=job_id)
    await cancel_job(upstream, generation, job_id)


async def cancel_job(upstream: Upstream, generation: Generation, job_id: str) -> None:
    """Cancel a job that nobody wants, if the upstream can; log a failure and go on."""
    try:
        will_stop = await upstream.cancel(job_id)
    except RushesError as error:
        _log.warning("job_not_cancelled", generation=generation.id, job=job_id, reason=str(error))
    else:
        _log.info("job_cancelled", generation=generation.id, job=job_id, will_stop=will_stop)
