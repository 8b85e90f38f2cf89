"""How an error is told."""

from typing import Final

from starlette.responses import Response

from rushes.dialects.openai_videos.wire import ErrorBody, ErrorReply
from rushes.http.operation import JSON
from rushes.http.problems import Problem, retry_header

_TYPES: Final = {
    401: "authentication_error",
    402: "insufficient_quota",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}
"""OpenAI says ``invalid_request_error`` of the first three too, which LiteLLM takes for a 400."""

_CODES: Final = {"insufficient_credits": "insufficient_quota"}
"""OpenAI's words for what we call otherwise; it says this one with 429, we with 402."""


def word(problem: Problem) -> Response:
    """
    Return *problem* as OpenAI words it; a mistake in the body is a 400 there, never a 422.

    ``X-Should-Retry: false`` keeps the official libraries, which repeat each 409, from repeating
    what cannot succeed. Source: ``_base_client.py``, ``_should_retry``.
    """
    status = 400 if problem.status == 422 else problem.status
    code = _CODES.get(problem.code, problem.code)
    usual = "server_error" if status >= 500 else "invalid_request_error"
    told = ErrorReply(
        error=ErrorBody(
            message=problem.detail,
            type=_TYPES.get(status, usual),
            param=problem.param,
            code=code,
        )
    )
    headers = retry_header(problem)
    if status < 500 and not headers and status != 429:
        headers["X-Should-Retry"] = "false"
    return Response(told.model_dump_json(), status, headers, JSON)
