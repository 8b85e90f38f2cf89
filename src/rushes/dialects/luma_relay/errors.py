"""Word errors in one format that the clients of every relay understand."""

import json
from typing import Final

from starlette.responses import Response

from rushes.dialects.luma_relay.wire import Envelope, ErrorBody
from rushes.dialects.shared.openai_errors import code_of, status_of, type_of
from rushes.http.problems import Problem, retry_header

_RETRIABLE: Final = frozenset({408, 425, 429})


def word(problem: Problem) -> Response:
    """
    Return *problem* with the fields of new-api, Luma-API and crazyrouter at once.

    The official libraries retry every 409 and 5xx. ``X-Should-Retry: false`` stops them where a
    retry cannot succeed.
    """
    status = status_of(problem)
    code = code_of(problem)
    error: ErrorBody = {
        "message": problem.detail,
        "type": type_of(status),
        "code": code,
        "param": problem.param,
    }
    if problem.problems:
        error["problems"] = [{"param": p, "message": why} for p, why in problem.problems]
    envelope: Envelope = {
        "error": error,
        "code": code,
        "message": problem.detail,
        "data": None,
        "detail": problem.detail,
        "request_id": problem.request_id,
    }
    headers = retry_header(problem)
    if status < 500 and not headers and status not in _RETRIABLE:
        headers["X-Should-Retry"] = "false"
    # A path or a name may hold half a surrogate pair, which UTF-8 cannot encode; JSON's escape can.
    content = json.dumps(envelope, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(content, status, headers, "application/json")
