"""
Errors as values that any dialect can word.

Source: RFC 9457 for the native wording; each other dialect words the same Problem its own way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from starlette.responses import JSONResponse, Response

from rushes.core.errors import (
    Conflict,
    Forbidden,
    Gone,
    InvalidRequest,
    NotFound,
    NotReady,
    RequestError,
    RushesError,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
)

STATUS: Final[Mapping[type[RushesError], int]] = {
    InvalidRequest: 422,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    NotReady: 409,
    Gone: 410,
    TooLarge: 413,
    TooManyRequests: 429,
    RequestError: 400,
}
"""The only place where an error meets an HTTP status; the nearest class in the MRO wins."""


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
    request_id: str = ""


def problem(error: Exception, *, request_id: str = "") -> Problem:
    """Return what to tell the client; an error we did not expect says nothing of itself."""
    status = next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)
    known = isinstance(error, RushesError) and status < 500
    return Problem(
        status=status,
        code=error.code if isinstance(error, RushesError) and known else "internal",
        detail=str(error) if known else "internal error; the server's log has it by request id",
        param=getattr(error, "param", None),
        problems=getattr(error, "problems", ()),
        retry_after_s=getattr(error, "retry_after_s", None),
        request_id=request_id,
    )


def plain(problem: Problem) -> Response:
    """Tell of an error as RFC 9457 has it; for every path that belongs to no other API."""
    told: dict[str, object] = {
        "type": "about:blank",
        "title": problem.code,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "request_id": problem.request_id,
    }
    if problem.param is not None:
        told["param"] = problem.param
        told["problems"] = [{"param": p, "detail": d} for p, d in problem.problems]
    return JSONResponse(
        told,
        status_code=problem.status,
        headers=retry_header(problem),
        media_type="application/problem+json",
    )


def retry_header(problem: Problem) -> dict[str, str]:
    """Return ``Retry-After`` when the problem says when to come back."""
    if problem.retry_after_s is None:
        return {}
    return {"Retry-After": str(ceil(problem.retry_after_s))}
