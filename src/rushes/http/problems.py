"""
Errors as values that any dialect can word.

Source: RFC 9457 for the native wording; each other dialect words the same Problem its own way.
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
"""The only place where an error meets an HTTP status; the nearest class in the MRO wins."""

_UNKNOWN: Final = {
    500: "internal error; the server's log has it by request id",
    503: "the server cannot keep or read its data just now; nothing was accepted, try again",
}
"""What is told of an error that is no request's fault; its own words stay in the log."""

_OUTAGE_S: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error on its way to a client."""

    status: int
    code: str
    detail: str
    param: str | None = None
    problems: tuple[tuple[str, str], ...] = field(default=())
    """Each offending parameter with its sentence, when the request named several."""

    retry_after_s: float | None = None
    rate: Rate | None = None
    """How much of the limit is left that was reached, where it is one."""

    request_id: str = ""


def problem(error: Exception, *, request_id: str = "") -> Problem:
    """Return what to tell the client; an error we did not expect says nothing of itself."""
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
    An error, as RFC 9457 has it.

    Switch on ``code``: it is stable. ``detail`` is for people, and may be worded anew.
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
    """Tell of an error as RFC 9457 has it; for every path that belongs to no other API."""
    faults = [Fault(param=param, detail=detail) for param, detail in problem.problems]
    told = ProblemDocument(
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        code=problem.code,
        request_id=problem.request_id,
        param=problem.param,
        problems=faults or None,
    )
    return Response(
        told.model_dump_json(exclude_none=True),
        status_code=problem.status,
        headers=retry_header(problem),
        media_type=PROBLEM_TYPE,
    )


def retry_header(problem: Problem) -> dict[str, str]:
    """Return ``Retry-After`` when the problem says when to come back, and which limit it is."""
    if problem.retry_after_s is None:
        return {}
    again = {"Retry-After": str(ceil(problem.retry_after_s))}
    return again if problem.rate is None else again | rate_headers(problem.rate)


def rate_headers(rate: Rate) -> dict[str, str]:
    """Return how much of a limit is left as headers; the reset is in seconds from now."""
    return {
        "X-RateLimit-Limit": str(rate.limit),
        "X-RateLimit-Remaining": str(rate.remaining),
        "X-RateLimit-Reset": str(ceil(rate.reset_s)),
    }
