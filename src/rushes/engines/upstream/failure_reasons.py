"""What sort of failure the words mean in which upstreams of Luma's kind tell why a job failed."""

from collections.abc import Mapping, Sequence
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
from rushes.engines.upstream.replies import CONTENT_WORDS

_OUR_OWN: Final[Mapping[str, type[EngineError]]] = {
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
"""What another server like this one says."""

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
"""Sources: docs.lumalabs.ai/docs/errors for the first four; the rest is what servers say."""

_TABLE: Final[Sequence[tuple[Sequence[str], type[EngineError]]]] = (
    (_STOPPED, PermanentEngineError),
    (CONTENT_WORDS, ContentRejected),
    (_INPUT, InputUnusable),
    (_WRONG, PermanentEngineError),
    (_TEMPORARY, TemporaryEngineError),
)


def error_of(code: str, reason: str) -> type[EngineError]:
    """
    Return the error that a job failed with; a temporary one means that another attempt may do.

    Args:
        code: As the upstream spells it; empty when it names none.

        reason: In its words; empty when it gives none, which says nothing against the request.
    """
    if code in _OUR_OWN:
        return _OUR_OWN[code]
    said = f"{code} {reason}".strip().lower()
    if not said:
        return TemporaryEngineError
    return next(
        (error for words, error in _TABLE if any(word in said for word in words)),
        PermanentEngineError,
    )
