"""How an error is told: one envelope that each relay's clients find their own fields in."""

import json
from typing import Final

from starlette.responses import Response

from rushes.dialects.luma_relay.wire import Envelope, ErrorBody
from rushes.http.problems import Problem, retry_header

_TYPES: Final = {
    401: "authentication_error",
    402: "insufficient_quota",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}
_CODES: Final = {"insufficient_credits": "insufficient_quota"}
"""Words that the relays have for what we call otherwise. Source: docs.crazyrouter.com."""

_WORTH_A_RETRY: Final = frozenset({408, 425, 429})


def envelope(problem: Problem) -> Response:
    """
    Return *problem* as new-api, Luma-API and crazyrouter word it, all at once.

    The relays tell a mistake in the body with 400, not 422. ``X-Should-Retry: false`` keeps the
    official libraries, which repeat each 409 and 5xx, from repeating what cannot succeed.
    """
    status = 400 if problem.status == 422 else problem.status
    code = _CODES.get(problem.code, problem.code)
    error: ErrorBody = {
        "message": problem.detail,
        "type": _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error"),
        "code": code,
        "param": problem.param,
    }
    if problem.problems:
        error["problems"] = [{"param": p, "message": why} for p, why in problem.problems]
    told: Envelope = {
        "error": error,
        "code": code,
        "message": problem.detail,
        "data": None,
        "detail": problem.detail,
        "request_id": problem.request_id,
    }
    headers = retry_header(problem)
    if status < 500 and not headers and status not in _WORTH_A_RETRY:
        headers["X-Should-Retry"] = "false"
    # Half a surrogate pair, as a path or a name may hold, becomes its own JSON escape.
    content = json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(content, status, headers, "application/json")
