"""What follows for a generation of the error that ended an attempt."""

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
"""How long a generation waits for its next attempt when the upstream has failed it."""

MOST_EXCUSED: Final = 20
"""Attempts that only the channel was to blame for; with the pauses between them, over an hour."""

EXCUSED: Final = frozenset({"upstream_busy", "upstream_unreachable", "channel_unusable"})
"""Codes of errors that say nothing of the generation: nobody has begun to make it."""


def after_failure(
    generation: Generation,
    error: RushesError,
    *,
    max_attempts: int,
    pause_s: float | None = None,
    now: datetime,
) -> Change:
    """
    Return another attempt later if one may help and is left, else the failure.

    Args:
        pause_s: How long to wait; by default as the error asks, or longer with each attempt.
    """
    failure = Failure(code=error.code, message=str(error))
    excused = excused_attempts(generation)
    is_excused = error.code in EXCUSED
    left = MOST_EXCUSED - excused - 1 if is_excused else max_attempts - counted_attempts(generation)
    if not isinstance(error, TemporaryEngineError) or left <= 0:
        return lifecycle.fail(generation, failure, now=now)
    if pause_s is None:
        number = excused + 1 if is_excused else counted_attempts(generation)
        pause_s = error.retry_after_s or exponential_s(
            number, base_s=FIRST_PAUSE_S, cap_s=LONGEST_PAUSE_S
        )
    return lifecycle.retry(generation, pause_s=pause_s, failure=failure, now=now)


def after_upstream_failure(
    generation: Generation, sighting: JobStatus, *, max_attempts: int, now: datetime
) -> Change:
    """Return what follows of a job that its upstream has failed."""
    failure = sighting.failure or Failure(code="engine_error", message="it failed there")
    if not sighting.may_repeat:
        return lifecycle.fail(generation, failure, now=now)
    error = TemporaryEngineError(failure.message, retry_after_s=REPEAT_S)
    return after_failure(generation, error, max_attempts=max_attempts, now=now)


def after_deadline(generation: Generation, *, deadline_s: float, now: datetime) -> Change:
    """Return the failure of a job that was not done in time; its upstream may still make it."""
    job = generation.attempts[-1]
    told = f"not done {deadline_s:g} s after it was accepted"
    error = EngineTimeout(f"{told}; {job.channel} knows it as {job.upstream_id}")
    failure = Failure(code=error.code, message=str(error))
    return lifecycle.fail(generation, failure, now=now)


def given_up(
    generation: Generation, error: RushesError, tries: Undelivered, *, now: datetime
) -> Change:
    """
    Return the failure of a job that its upstream has finished, and whose file was never had.

    It is not made again: it was paid for, and another one would be paid for as well.
    """
    job, cause = generation.attempts[-1], tries.cause
    if cause is Cause.UNUSABLE:
        return lifecycle.fail(generation, Failure(code=error.code, message=str(error)), now=now)
    is_ours = cause is Cause.OURS
    code = TemporaryEngineError.code if is_ours else ResultMissing.code
    what = "kept here" if is_ours else "had there"
    told = f"{job.channel} has finished it and knows it as {job.upstream_id}"
    message = f"{told}, but its file could not be {what} for {tries.lasted_s(now):g} s: {error}"
    return lifecycle.fail(generation, Failure(code=code, message=message), now=now)


def counted_attempts(generation: Generation) -> int:
    """Return how many attempts count against the limit, the present one included."""
    return generation.attempt - excused_attempts(generation)


def excused_attempts(generation: Generation) -> int:
    """Return how many ended before anybody had begun, for a reason that is the channel's."""
    return sum(
        one.failure is not None and one.failure.code in EXCUSED for one in generation.attempts
    )
