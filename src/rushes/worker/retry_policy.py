"""Decide what follows a failed attempt: another attempt or the failure of the generation."""

from datetime import datetime
from typing import Final

from rushes.core import lifecycle
from rushes.core.errors import EngineTimeout, ResultMissing, RushesError, TemporaryEngineError
from rushes.core.generation import Failure, Generation
from rushes.core.lifecycle import Change
from rushes.engines.upstream.base import JobStatus
from rushes.kit.backoff import exponential_s
from rushes.worker.undelivered import Cause, Undelivered

FIRST_PAUSE_S: Final = 2.0
LONGEST_PAUSE_S: Final = 300.0
REPEAT_S: Final = 1.0
"""The pause before the next attempt after an upstream failed the job."""

MAX_EXCUSED: Final = 20
"""Attempts that may fail because of the channel alone; with their pauses, over an hour."""

EXCUSED: Final = frozenset({"upstream_busy", "upstream_unreachable", "channel_unusable"})
"""Codes of errors that say nothing about the generation: no upstream has begun to make it."""


def after_failure(
    generation: Generation,
    error: RushesError,
    *,
    max_attempts: int,
    pause_s: float | None = None,
    now: datetime,
) -> Change:
    """
    Return another attempt if one may help and attempts are left, else the failure.

    Args:
        pause_s: The pause before the next attempt. By default the error says, or the pause grows
            with each attempt.
    """
    failure = Failure(code=error.code, message=str(error))
    excused = excused_attempts(generation)
    is_excused = error.code in EXCUSED
    left = MAX_EXCUSED - excused - 1 if is_excused else max_attempts - counted_attempts(generation)
    if not isinstance(error, TemporaryEngineError) or left <= 0:
        return lifecycle.fail(generation, failure, now=now)
    if pause_s is None:
        number = excused + 1 if is_excused else counted_attempts(generation)
        pause_s = error.retry_after_s or exponential_s(
            number, base_s=FIRST_PAUSE_S, cap_s=LONGEST_PAUSE_S
        )
    return lifecycle.retry(generation, pause_s=pause_s, failure=failure, now=now)


def after_upstream_failure(
    generation: Generation, status: JobStatus, *, max_attempts: int, now: datetime
) -> Change:
    """Return what follows a job that its upstream reports as failed."""
    failure = status.failure or Failure(
        code="engine_error", message="the upstream failed the job and gave no reason"
    )
    if not status.may_repeat:
        return lifecycle.fail(generation, failure, now=now)
    error = TemporaryEngineError(failure.message, retry_after_s=REPEAT_S)
    return after_failure(generation, error, max_attempts=max_attempts, now=now)


def after_deadline(generation: Generation, *, deadline_s: float, now: datetime) -> Change:
    """Return the failure of a job that missed its deadline; its upstream may still finish it."""
    job = generation.attempts[-1]
    message = f"not done {deadline_s:g} s after it was accepted"
    error = EngineTimeout(f"{message}; its job at {job.channel} is {job.upstream_id}")
    failure = Failure(code=error.code, message=str(error))
    return lifecycle.fail(generation, failure, now=now)


def after_undelivered(
    generation: Generation, error: RushesError, tries: Undelivered, *, now: datetime
) -> Change:
    """
    Return the failure of a job that its upstream finished but did not deliver.

    There is no further attempt: the job is paid for, and another one would cost money again.
    """
    job, cause = generation.attempts[-1], tries.cause
    if cause is Cause.UNUSABLE:
        return lifecycle.fail(generation, Failure(code=error.code, message=str(error)), now=now)
    is_ours = cause is Cause.OURS
    code = TemporaryEngineError.code if is_ours else ResultMissing.code
    action = "stored here" if is_ours else "fetched"
    done = f"{job.channel} has finished job {job.upstream_id}"
    message = f"{done}, but its file could not be {action} for {tries.lasted_s(now):g} s: {error}"
    return lifecycle.fail(generation, Failure(code=code, message=message), now=now)


def counted_attempts(generation: Generation) -> int:
    """Return how many attempts count against the limit, including the current one."""
    return generation.attempt - excused_attempts(generation)


def excused_attempts(generation: Generation) -> int:
    """Return how many attempts failed because of the channel, before any work began."""
    return sum(
        one.failure is not None and one.failure.code in EXCUSED for one in generation.attempts
    )
