"""
Define every error of this package, as one tree.

* RushesError
  x RequestError             the caller can fix it; nothing changed
    + InvalidRequest
    + Unauthenticated
    + Forbidden
    + NotFound
      - GenerationNotFound
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
      - ChannelFull
  x EngineError              an attempt failed; the generation records it
    + TemporaryEngineError   another attempt may succeed
      - EngineTimeout
      - EngineCrashed
      - UpstreamBusy
      - UpstreamUnreachable
      - UpstreamLost
      - ChannelUnusable
    + PermanentEngineError   no attempt will succeed
      - InputUnusable
      - ContentRejected
      - ResultUnusable
      - ResultMissing
    + AmbiguousSubmit        an upstream may have accepted the job: never just repeated
  x StoreError               the database could not be written or read
  x MediaError               a file could not be kept or read
    + MediaUnavailable       another try may succeed
    + MediaChanged           it was replaced or deleted meanwhile
  x LocalModelError          a local model could not be pulled, or is damaged
  x SettingsError            the settings are wrong; lists every mistake
"""

from collections.abc import Sequence
from typing import Final, Self

MOST_PROBLEMS: Final = 50
"""One error names at most so many mistakes."""


class RushesError(Exception):
    """Base of every error that this package raises on purpose."""

    code = "internal"
    """Stable and documented, in snake_case. Clients switch on it, so it never changes."""


class RequestError(RushesError):
    """The request cannot be carried out. Nothing changed."""

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
        """
        Return one error for all *problems*; there must be at least one.

        Of very many it has the first ones and says how many more there are, so that a short request
        cannot cause a reply of megabytes.
        """
        listed = list(problems)
        if len(listed) > MOST_PROBLEMS:
            param, more = listed[MOST_PROBLEMS - 1][0], len(listed) - MOST_PROBLEMS + 1
            listed[MOST_PROBLEMS - 1 :] = [(param, f"{more} more mistakes begin at {param}")]
        detail = "; ".join(why for _, why in listed)
        return cls(detail, param=listed[0][0], problems=listed)


class Unauthenticated(RequestError):
    """The API key is missing, unknown, expired or revoked."""

    code = "invalid_api_key"


class Forbidden(RequestError):
    """The API key is valid but lacks the scope or the model for this."""

    code = "forbidden"


class NotFound(RequestError):
    """It does not exist, or it belongs to another account."""

    code = "not_found"


class GenerationNotFound(NotFound):
    """There is no generation with this id, or it belongs to another account."""


class Gone(RequestError):
    """It existed and has been deleted."""

    code = "gone"


class Expired(Gone):
    """The files of the generation have been deleted after their retention time."""

    code = "expired"


class NotReady(RequestError):
    """It does not exist yet. Repeat the request after ``retry_after_s`` seconds."""

    code = "not_ready"

    def __init__(self, detail: str, *, retry_after_s: float) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class TooLarge(RequestError):
    """The request body or the file is larger than the limit."""

    code = "too_large"


class UnsupportedMediaType(RequestError):
    """The request body has a media type that this route does not read."""

    code = "unsupported_media_type"


class TooManyRequests(RequestError):
    """
    A rate limit was reached. Repeat the request after ``retry_after_s`` seconds.

    Args:
        detail: Which limit it is, and its size.

        retry_after_s: Seconds until one more request is allowed.

        limit: Requests allowed; None if the limit is not a number of requests.

        reset_s: Seconds until the whole limit is available again.
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
    """The key has as many generations waiting or running as it may. Repeat when one has ended."""

    code = "too_many_in_flight"


class InsufficientCredits(RequestError):
    """The account has fewer credits than the generation may cost."""

    code = "insufficient_credits"


class Conflict(RequestError):
    """The state of the object does not allow this, or another request changed it first."""

    code = "conflict"


class IllegalTransition(Conflict):
    """The generation is in a state that does not allow this."""

    code = "illegal_transition"


class IdempotencyMismatch(Conflict):
    """The idempotency key was used with a different request."""

    code = "idempotency_mismatch"


class JobTaken(Conflict):
    """The upstream's job already belongs to another generation."""

    code = "upstream_job_taken"


class ChannelFull(Conflict):
    """Other workers have as many generations of the channel under way as it may have."""

    code = "channel_full"


class EngineError(RushesError):
    """The video or picture could not be made."""

    code = "engine_error"


class TemporaryEngineError(EngineError):
    """The attempt failed, but another may succeed: e.g. the GPU ran out of memory."""

    code = "engine_unavailable"

    def __init__(self, detail: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class EngineTimeout(TemporaryEngineError):
    """The engine took longer than its time limit."""

    code = "engine_timeout"


class EngineCrashed(TemporaryEngineError):
    """The engine's process ended without a result."""

    code = "engine_crashed"


class UpstreamBusy(TemporaryEngineError):
    """The upstream refused the job because it is busy. It has surely not accepted it."""

    code = "upstream_busy"


class UpstreamUnreachable(TemporaryEngineError):
    """
    The upstream could not be reached, or its reply made no sense.

    For a submit it means that nothing was accepted: the connection failed before the request was
    sent.
    """

    code = "upstream_unreachable"


class UpstreamLost(TemporaryEngineError):
    """The upstream no longer knows the job."""

    code = "upstream_lost"


class ChannelUnusable(TemporaryEngineError):
    """
    The upstream refuses every request of the channel, and has accepted nothing.

    The channel's key is wrong, its balance is used up, or its address belongs to another service.
    """

    code = "channel_unusable"


class PermanentEngineError(EngineError):
    """No attempt will succeed: e.g. the upstream does not support the request."""

    code = "engine_rejected"


class InputUnusable(PermanentEngineError):
    """A picture or video of the request could not be fetched or read."""

    code = "input_unusable"


class ContentRejected(PermanentEngineError):
    """The upstream's content rules forbid the prompt, an input or the result."""

    code = "content_rejected"


class ResultUnusable(PermanentEngineError):
    """The upstream delivered a file that is not a readable video or picture."""

    code = "result_unusable"


class ResultMissing(PermanentEngineError):
    """The upstream finished the job, but its file could not be downloaded."""

    code = "result_missing"


class AmbiguousSubmit(EngineError):
    """
    The upstream may have accepted the job: its reply was cut off, or made no sense.

    The server looks for the job at the upstream. It never just submits it again.
    """

    code = "submit_unconfirmed"


class StoreError(RushesError):
    """The database could not be written or read: e.g. the disk is full or the file is locked."""

    code = "store_error"


class MediaError(RushesError):
    """A media file could not be written or read: e.g. the disk is full."""

    code = "media_error"


class MediaUnavailable(MediaError):
    """The object store cannot be reached, or it is overloaded; another try may succeed."""

    code = "media_unavailable"


class MediaChanged(MediaError):
    """A media file was replaced or deleted after it was found and before it was read."""


class LocalModelError(RushesError):
    """A local model could not be pulled, or its files are damaged."""

    code = "local_model_error"


class SettingsError(RushesError):
    """The settings are wrong. The message lists every mistake."""

    code = "bad_settings"
