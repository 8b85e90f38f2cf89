"""Classify why an upstream's job failed, and whether another attempt may succeed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rushes.core.errors import (
    ChannelUnusable,
    ContentRejected,
    EngineCrashed,
    EngineError,
    EngineTimeout,
    InputUnusable,
    PermanentEngineError,
    ResultMissing,
    ResultUnusable,
    TemporaryEngineError,
    UpstreamBusy,
    UpstreamLost,
    UpstreamUnreachable,
)
from rushes.core.generation import Failure
from rushes.engines.upstream.base import JobStatus, Phase
from rushes.engines.upstream.replies import (
    CONTENT_WORDS,
    Meaning,
    UpstreamReply,
    find_complaint,
    meaning_of,
)

Redact = Callable[[str], str]
"""Makes a message of an upstream fit to be shown: short, on one line, without our key."""

OUR_CODES: Final[Mapping[str, type[EngineError]]] = {
    error.code: error
    for error in (
        ChannelUnusable,
        ContentRejected,
        EngineCrashed,
        EngineTimeout,
        InputUnusable,
        PermanentEngineError,
        ResultMissing,
        ResultUnusable,
        TemporaryEngineError,
        UpstreamBusy,
        UpstreamLost,
        UpstreamUnreachable,
    )
}
"""The codes of a failed job that mean the same here: those of another server like this one."""

_BY_MEANING: Final[Mapping[Meaning, type[EngineError]]] = {
    Meaning.WRONG: PermanentEngineError,
    Meaning.CONTENT: ContentRejected,
    Meaning.CHANNEL: ChannelUnusable,
    Meaning.BUSY: UpstreamBusy,
    Meaning.DOWN: TemporaryEngineError,
    Meaning.UNCLEAR: TemporaryEngineError,
}

_STOPPED: Final = ("cancel", "aborted", "deleted by")
_INPUT: Final = ("failed to read user input", "input frame", "input image", "download image")
_WRONG: Final = (
    "invalid", "unsupported", "not supported", "not allowed", "must be", "too long", "too large",
)  # fmt: skip
_TEMPORARY: Final = (
    "job failed", "error dispatching job", "error processing callback", "prompt processing failed",
    "timeout", "timed out", "time out", "try again", "retry", "overload", "unavailable", "busy",
    "internal", "server error", "capacity", "saturated", "connection", "upstream error", "crash",
    "generation failed", "task failed", "unknown error", "rate limit", "too many requests",
)  # fmt: skip
"""Sources: docs.lumalabs.ai/docs/errors for the first four; observed messages for the rest."""

_BY_WORDS: Final[Sequence[tuple[Sequence[str], type[EngineError]]]] = (
    (_STOPPED, PermanentEngineError),
    (CONTENT_WORDS, ContentRejected),
    (_INPUT, InputUnusable),
    (_WRONG, PermanentEngineError),
    (_TEMPORARY, TemporaryEngineError),
)
"""The first row with a word that code or reason contain decides."""


def classify(code: str, reason: str) -> type[EngineError]:
    """
    Return the error class of a failed job; a temporary one means that another attempt may succeed.

    Args:
        code: As the upstream spells it; empty when it gives none.

        reason: The upstream's message; empty when it gives none, which counts as temporary.
    """
    if code in OUR_CODES:
        return OUR_CODES[code]
    words = f"{code} {reason}".strip().lower()
    if not words:
        return TemporaryEngineError
    return next(
        (error for row, error in _BY_WORDS if any(word in words for word in row)),
        PermanentEngineError,
    )


def failed(error: type[EngineError], why: str) -> JobStatus:
    """Return the status of a job that failed; *why* is the upstream's message, redacted."""
    message = f"the upstream failed: {why}" if why else "the upstream failed without a reason"
    return JobStatus(
        phase=Phase.FAILED,
        failure=Failure(code=error.code, message=message),
        may_repeat=issubclass(error, TemporaryEngineError),
    )


def failed_by_reply(reply: UpstreamReply, redact: Redact) -> JobStatus:
    """Return the status of a job that failed, classified by the complaint in the reply."""
    complaint = find_complaint(reply.json())
    if complaint is None:
        return failed(TemporaryEngineError, "")
    error = OUR_CODES.get(complaint.code) or _BY_MEANING[meaning_of(reply)]
    return failed(error, redact(complaint.message or complaint.code))


def stopped(why: str) -> JobStatus:
    """Return the status of a job that somebody stopped at the upstream; it is not repeated."""
    return failed(PermanentEngineError, why)


def error_from(job: JobStatus) -> EngineError:
    """Return the error of a failed job, to be raised by an engine. It keeps the job's code."""
    failure = job.failure or Failure(code="", message="the upstream failed")
    known = OUR_CODES.get(failure.code)
    if known is not None and issubclass(known, TemporaryEngineError) is job.may_repeat:
        return known(failure.message)
    temporary, permanent = TemporaryEngineError, PermanentEngineError
    return (temporary if job.may_repeat else permanent)(failure.message)
