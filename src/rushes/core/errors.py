"""
Everything that can go wrong, as one tree.

* RushesError
  x RequestError             the caller can fix it; nothing was changed
    + InvalidRequest
    + Unauthenticated
    + Forbidden
    + NotFound
    + Gone
      - Expired
    + NotReady
    + TooLarge
    + UnsupportedMediaType
    + TooManyRequests
      - TooManyInFlight
    + InsufficientCredits
    + Conflict
      - IllegalTransition
      - IdempotencyMismatch
      - JobTaken
  x EngineError              raised inside an engine or before it, recorded on the generation
    + TemporaryEngineError   worth another attempt
      - EngineTimeout
      - EngineCrashed
      - UpstreamBusy
      - UpstreamUnreachable
      - UpstreamLost
      - ChannelUnusable
    + PermanentEngineError   never worth another attempt
      - InputUnusable
      - ContentRejected
      - ResultUnusable
      - ResultMissing
    + AmbiguousSubmit        an upstream may or may not have accepted: never simply repeated
  x StoreError               a generation could not be written or read
  x MediaError               a file could not be kept or read
  x SettingsError            found at start, all of them at once
"""

from collections.abc import Sequence
from typing import Self


class RushesError(Exception):
    """Base of every error this package raises on purpose."""

    code = "internal"
    """Stable, documented, snake_case; what clients switch on. Never reworded."""


class RequestError(RushesError):
    """The caller asked for something that cannot be done; nothing was changed."""

    code = "invalid_request"


class InvalidRequest(RequestError):
    """
    Parameters are missing, malformed, or not supported by the chosen model.

    Args:
        detail: What is wrong, then what would be right.

        param: The first offending parameter, in the caller's own spelling.

        problems: Each offending parameter with its own sentence, when there are several.
    """

    def __init__(
        self, detail: str, *, param: str, problems: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(detail)
        self.param = param
        self.problems = tuple(problems) or ((param, detail),)

    @classmethod
    def of(cls, problems: Sequence[tuple[str, str]]) -> Self:
        """Return one error that tells of all *problems*, of which there is at least one."""
        detail = "; ".join(why for _, why in problems)
        return cls(detail, param=problems[0][0], problems=problems)


class Unauthenticated(RequestError):
    """There is no key, or it is not one of ours, or it was revoked."""

    code = "invalid_api_key"


class Forbidden(RequestError):
    """The key is good but may not do this."""

    code = "forbidden"


class NotFound(RequestError):
    """No such thing, or not yours."""

    code = "not_found"


class Gone(RequestError):
    """It was there and has been removed."""

    code = "gone"


class Expired(Gone):
    """The files of the generation were kept for their time, and have been removed."""

    code = "expired"


class NotReady(RequestError):
    """It will be there later; ask again after ``retry_after_s`` seconds."""

    code = "not_ready"

    def __init__(self, detail: str, *, retry_after_s: float) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class TooLarge(RequestError):
    """The body is over the limit."""

    code = "too_large"


class UnsupportedMediaType(RequestError):
    """The body is of a kind that is not understood here."""

    code = "unsupported_media_type"


class TooManyRequests(RequestError):
    """
    A limit of this key, or of this address, was reached; ask again after ``retry_after_s`` seconds.

    Args:
        detail: Which limit, and how much it is.

        retry_after_s: How long until one more may come.

        limit: How many may come; None where there is no number to tell.

        reset_s: How long until that many may come again.
    """

    code = "rate_limit_exceeded"
    limit: int | None = None
    reset_s: float = 0.0

    def __init__(
        self,
        detail: str,
        *,
        retry_after_s: float,
        limit: int | None = None,
        reset_s: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s
        self.limit = limit
        self.reset_s = retry_after_s if reset_s is None else reset_s


class TooManyInFlight(TooManyRequests):
    """As many of this key's generations wait and run as may; ask again when one is final."""

    code = "too_many_in_flight"


class InsufficientCredits(RequestError):
    """The account has fewer credits than this may cost."""

    code = "insufficient_credits"


class Conflict(RequestError):
    """Somebody else changed it first."""

    code = "conflict"


class IllegalTransition(Conflict):
    """The generation is in a state from which this cannot happen."""

    code = "illegal_transition"


class IdempotencyMismatch(Conflict):
    """The idempotency key was used before with another request."""

    code = "idempotency_mismatch"


class JobTaken(Conflict):
    """The upstream's job belongs to another generation already."""

    code = "upstream_job_taken"


class EngineError(RushesError):
    """The video could not be made."""

    code = "engine_error"


class TemporaryEngineError(EngineError):
    """Another attempt may succeed: the upstream is busy, the GPU ran out of memory."""

    code = "engine_unavailable"

    def __init__(self, detail: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class EngineTimeout(TemporaryEngineError):
    """The engine took longer than it may."""

    code = "engine_timeout"


class EngineCrashed(TemporaryEngineError):
    """The engine's process ended without an answer."""

    code = "engine_crashed"


class UpstreamBusy(TemporaryEngineError):
    """The upstream has surely not accepted it: it has too much to do at present."""

    code = "upstream_busy"


class UpstreamUnreachable(TemporaryEngineError):
    """
    The upstream could not be reached, or did not answer as it should.

    Of a submit it says that nothing was accepted: the connection failed before the request was
    sent.
    """

    code = "upstream_unreachable"


class UpstreamLost(TemporaryEngineError):
    """The upstream says that it does not know the job."""

    code = "upstream_lost"


class ChannelUnusable(TemporaryEngineError):
    """
    The upstream refuses the channel itself and has accepted nothing.

    Its key is bad, its balance is used up, or its address is that of something else.
    """

    code = "channel_unusable"


class PermanentEngineError(EngineError):
    """No attempt will succeed: the prompt was refused, the mode is not supported."""

    code = "engine_rejected"


class InputUnusable(PermanentEngineError):
    """A keyframe could not be fetched, or is not an image we can use."""

    code = "input_unusable"


class ContentRejected(PermanentEngineError):
    """What was asked for is against the rules of whoever makes it."""

    code = "content_rejected"


class ResultUnusable(PermanentEngineError):
    """What the upstream delivered is not a video or picture that we can keep."""

    code = "result_unusable"


class ResultMissing(PermanentEngineError):
    """The upstream has finished, but the file that it made could not be had there."""

    code = "result_missing"


class AmbiguousSubmit(EngineError):
    """
    The upstream may have accepted it, and may not: the answer was cut off, or made no sense.

    It is looked for at the upstream, and never simply submitted again.
    """

    code = "submit_unconfirmed"


class StoreError(RushesError):
    """The store could not write or read: the disk is full, the file is locked, it was closed."""

    code = "store_error"


class MediaError(RushesError):
    """A file could not be kept or read: the disk is full, the file is gone."""

    code = "media_error"


class SettingsError(RushesError):
    """The configuration is wrong; lists every mistake at once."""

    code = "bad_settings"
