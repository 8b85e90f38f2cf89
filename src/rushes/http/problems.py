"""
Turn exceptions into error values that each dialect can format.

Source: RFC 9457 for the native format; every other dialect formats the same ``Problem`` itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil
from typing import Final

from pydantic import BaseModel, Field
from starlette.responses import Response

from rushes.core.errors import (
    Conflict,
    Forbidden,
    Gone,
    InsufficientCredits,
    InvalidRequest,
    MediaError,
    NotFound,
    NotReady,
    RequestError,
    RushesError,
    StoreError,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    UnsupportedMediaType,
)
from rushes.kit.quoting import readable
from rushes.service.rate_limits import Rate

PROBLEM_TYPE: Final = "application/problem+json"

STATUS: Final[Mapping[type[RushesError], int]] = {
    InvalidRequest: 422,
    Unauthenticated: 401,
    InsufficientCredits: 402,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    NotReady: 409,
    Gone: 410,
    TooLarge: 413,
    UnsupportedMediaType: 415,
    TooManyRequests: 429,
    RequestError: 400,
    StoreError: 503,
    MediaError: 503,
}
"""The HTTP status of each error; the nearest class in the MRO decides."""

_UNKNOWN: Final = {
    500: "internal error; the server's log has it by request id",
    503: "the server cannot keep or read its data just now; nothing was accepted, try again",
}
"""The message for an internal error; its own text stays in the log."""

_OUTAGE_S: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error to send to a client."""

    status: int
    code: str
    detail: str
    param: str | None = None
    problems: tuple[tuple[str, str], ...] = field(default=())
    """Every offending parameter with a sentence."""

    retry_after_s: float | None = None
    rate: Rate | None = None
    """The state of the rate limit that was exceeded, if it is one."""

    request_id: str = ""
    error_type: type[Exception] = Exception
    """The class of the error, for dialects with a message of their own for it."""


def problem(error: Exception, *, request_id: str = "") -> Problem:
    """Return *error* as a problem; an unexpected error does not reveal its text."""
    status = next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)
    known = isinstance(error, RequestError)
    return Problem(
        status=status,
        code=error.code if isinstance(error, RushesError) and status != 500 else "internal",
        detail=readable(str(error)) if known else _UNKNOWN.get(status, _UNKNOWN[500]),
        param=readable(param) if (param := getattr(error, "param", None)) else None,
        problems=tuple(
            (readable(name), readable(why)) for name, why in getattr(error, "problems", ())
        ),
        retry_after_s=_OUTAGE_S if status == 503 else getattr(error, "retry_after_s", None),
        rate=_rate(error),
        request_id=request_id,
        error_type=type(error),
    )


def _rate(error: Exception) -> Rate | None:
    if not isinstance(error, TooManyRequests) or error.limit is None:
        return None
    return Rate(limit=error.limit, remaining=0, reset_s=error.reset_s)


class Fault(BaseModel):
    """One offending parameter."""

    param: str
    detail: str


class ProblemDocument(BaseModel):
    """
    An RFC 9457 problem document.

    Switch on ``code``, which is stable. ``detail`` is for people, and its text may change.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    param: str | None = Field(default=None, description="The first offending parameter.")
    problems: list[Fault] | None = Field(
        default=None, description="Each offending parameter with a sentence of its own."
    )


def plain(problem: Problem) -> Response:
    """Return an RFC 9457 problem document; for every path that belongs to no other API."""
    faults = [Fault(param=param, detail=detail) for param, detail in problem.problems]
    document = ProblemDocument(
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        code=problem.code,
        request_id=problem.request_id,
        param=problem.param,
        problems=faults or None,
    )
    return Response(
        document.model_dump_json(exclude_none=True),
        status_code=problem.status,
        headers=retry_header(problem),
        media_type=PROBLEM_TYPE,
    )


def retry_header(problem: Problem) -> dict[str, str]:
    """Return ``Retry-After`` and the rate limit, if the problem has them."""
    if problem.retry_after_s is None:
        return {}
    retry = {"Retry-After": str(ceil(problem.retry_after_s))}
    return retry if problem.rate is None else retry | rate_headers(problem.rate)


def rate_headers(rate: Rate) -> dict[str, str]:
    """Return the state of a rate limit as headers; the reset is in seconds from now."""
    return {
        "X-RateLimit-Limit": str(rate.limit),
        "X-RateLimit-Remaining": str(rate.remaining),
        "X-RateLimit-Reset": str(ceil(rate.reset_s)),
    }
