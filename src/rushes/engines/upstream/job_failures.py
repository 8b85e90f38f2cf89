"""Why an upstream's job failed, in our words, and whether another attempt may fare better."""

from collections.abc import Callable, Mapping
from typing import Final

from rushes.core.errors import (
    ChannelUnusable,
    ContentRejected,
    EngineError,
    InputUnusable,
    PermanentEngineError,
    ResultMissing,
    ResultUnusable,
    TemporaryEngineError,
    UpstreamBusy,
)
from rushes.core.generation import Failure
from rushes.engines.upstream.base import JobStatus, Phase
from rushes.engines.upstream.replies import Answer, Meaning, complaint_of, meaning_of

Words = Callable[[str], str]
"""Makes what an upstream said fit to be shown."""

_OF_MEANING: Final[Mapping[Meaning, type[EngineError]]] = {
    Meaning.WRONG: PermanentEngineError,
    Meaning.CONTENT: ContentRejected,
    Meaning.CHANNEL: ChannelUnusable,
    Meaning.BUSY: UpstreamBusy,
    Meaning.DOWN: TemporaryEngineError,
    Meaning.UNCLEAR: TemporaryEngineError,
}

_CLASSES: Final = (
    ContentRejected,
    InputUnusable,
    ResultMissing,
    ResultUnusable,
    PermanentEngineError,
    ChannelUnusable,
    UpstreamBusy,
    TemporaryEngineError,
)
_OUR_OWN: Final[Mapping[str, type[EngineError]]] = {error.code: error for error in _CLASSES}
"""What another server like this one says, which means the same here."""


def failed(error: type[EngineError], why: str) -> JobStatus:
    """Return a job that failed as *error* does; *why* is what the upstream said of it, cleaned."""
    message = f"the upstream failed: {why}" if why else "the upstream failed without a reason"
    return JobStatus(
        phase=Phase.FAILED,
        failure=Failure(code=error.code, message=message),
        may_repeat=issubclass(error, TemporaryEngineError),
    )


def failed_as_told(answer: Answer, words: Words) -> JobStatus:
    """Return a job that failed, by what the complaint in an answer says of the reason."""
    complaint = complaint_of(answer.json())
    if complaint is None:
        return failed(TemporaryEngineError, "")
    own = _OUR_OWN.get(complaint.code)
    error = own or _OF_MEANING[meaning_of(answer)]
    return failed(error, words(complaint.message or complaint.code))


def stopped(why: str) -> JobStatus:
    """Return a job that somebody stopped at the upstream: it is not begun again."""
    return failed(PermanentEngineError, why)


def error_of(sighting: JobStatus) -> EngineError:
    """Return a failed job as the error that an engine raises of it."""
    failure = sighting.failure or Failure(code="", message="the upstream failed")
    known = _OUR_OWN.get(failure.code)
    if known is not None and issubclass(known, TemporaryEngineError) is sighting.may_repeat:
        return known(failure.message)
    temporary, permanent = TemporaryEngineError, PermanentEngineError
    return (temporary if sighting.may_repeat else permanent)(failure.message)
