"""Map errors to the types and codes that clients of OpenAI's error format know."""

from collections.abc import Mapping
from typing import Final

from rushes.http.problems import Problem

_TYPES: Final[Mapping[int, str]] = {
    401: "authentication_error",
    402: "insufficient_quota",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}
"""OpenAI says ``invalid_request_error`` for the first three too, which LiteLLM takes for a 400."""

_CODES: Final[Mapping[str, str]] = {"insufficient_credits": "insufficient_quota"}
"""OpenAI sends this code with status 429, we send it with 402. Source: docs.crazyrouter.com."""


def status_of(problem: Problem) -> int:
    """Return the status: these APIs answer an invalid body with 400, never with 422."""
    return 400 if problem.status == 422 else problem.status


def type_of(status: int) -> str:
    """Return the error type for a status."""
    return _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")


def code_of(problem: Problem) -> str:
    """Return the error code: OpenAI's where it has one, else ours."""
    return _CODES.get(problem.code, problem.code)
