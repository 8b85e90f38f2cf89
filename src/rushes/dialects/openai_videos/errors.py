"""Word errors in OpenAI's format."""

from starlette.responses import Response

from rushes.dialects.openai_videos.wire import ErrorBody, ErrorReply
from rushes.dialects.shared.openai_errors import code_of, status_of, type_of
from rushes.http.operation import JSON
from rushes.http.problems import Problem, retry_header


def word(problem: Problem) -> Response:
    """
    Return *problem* in OpenAI's format.

    The official libraries retry every 409. ``X-Should-Retry: false`` stops them where a retry
    cannot succeed. Source: ``_base_client.py``, ``_should_retry``.
    """
    status = status_of(problem)
    reply = ErrorReply(
        error=ErrorBody(
            message=problem.detail,
            type=type_of(status),
            param=problem.param,
            code=code_of(problem),
        )
    )
    headers = retry_header(problem)
    if status < 500 and not headers and status != 429:
        headers["X-Should-Retry"] = "false"
    return Response(reply.model_dump_json(), status, headers, JSON)
