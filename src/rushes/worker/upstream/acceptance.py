"""Writes down that an upstream has accepted, whatever stands in the way of it."""

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
"""A followed job is held for so many usual leases, since it is written to only now and then."""


async def record_acceptance(
    context: WorkerContext,
    upstream: Upstream,
    generation: Generation,
    job_id: str,
    *,
    is_certain: bool = True,
) -> Generation | None:
    """
    Write down the id of the job that an attempt's submit has made, and return what is stored.

    The id is worth the price of the job: a store in trouble is asked until it is well, and if
    another has taken the generation over meanwhile it is told him. None comes back when nobody
    waits for the job any more; it is then cancelled, where the upstream can.

    Args:
        is_certain: False when the job was only found in a list, and may be somebody else's: then
            nobody cancels it.

    Raises:
        JobTaken: The job is on record as that of another generation.
    """
    attempt = generation.attempts[-1]
    failures = 0
    while True:
        now = context.clock.now()
        try:
            if generation.attempts[-1].state is AttemptState.ACCEPTED:  # a callback was faster
                change = lifecycle.resume(generation, now=now)
            else:
                change = lifecycle.accept(generation, job_id, now=now)
            return await context.store.write(change, lease=context.lease(times=LEASES))
        except JobTaken:
            raise
        except Conflict:
            generation_now = await _still_waiting(context, generation, attempt, job_id)
            if generation_now is None and not is_certain:
                return None
            if generation_now is None:
                await _nobody_waits(upstream, generation, job_id)
                return None
            generation = generation_now
        except StoreError:
            failures += 1
            _log.exception("job_not_written_down", generation=generation.id, job=job_id)
            await asyncio.sleep(exponential_s(failures, base_s=0.1, cap_s=5.0))


async def _still_waiting(
    context: WorkerContext, generation: Generation, attempt: Attempt, job_id: str
) -> Generation | None:
    """Return the generation as it is now, if this attempt of it is still open for the job."""
    try:
        found = await context.store.get(generation.id)
    except NotFound:
        return None
    latest = found.paid_attempt
    is_ours = latest is not None and latest.token == attempt.token
    if latest is None or not is_ours or latest.upstream_id not in {None, job_id}:
        return None
    return found


async def _nobody_waits(upstream: Upstream, generation: Generation, job_id: str) -> None:
    _log.warning("job_unwanted", generation=generation.id, job=job_id)
    await cancel_job(upstream, generation, job_id)


async def cancel_job(upstream: Upstream, generation: Generation, job_id: str) -> None:
    """Stop a job that nobody waits for, if its upstream can; that it fails is no matter."""
    try:
        will = await upstream.cancel(job_id)
    except RushesError as error:
        _log.warning("job_not_cancelled", generation=generation.id, job=job_id, reason=str(error))
    else:
        _log.info("job_cancelled", generation=generation.id, job=job_id, will_stop=will)
