"""Write replies of the Agents API: JSON with the API's version, errors as one sentence."""

import json
from collections.abc import Mapping
from typing import Final

from pydantic_core import to_json
from starlette.responses import Response

from rushes.dialects.luma_agents.wire import API_VERSION, Json
from rushes.http.problems import Problem, retry_header

VERSION: Final = {"X-API-Version": API_VERSION}

_STATUSES: Final = {409: 422, 410: 404, 415: 400}
"""Statuses that this API does not have, and those that it sends instead."""


def reply(value: Json, *, status: int = 200) -> Response:
    """Return *value* as a JSON reply."""
    return Response(to_json(value), status, VERSION, "application/json")


def empty_reply() -> Response:
    """Return the reply to a request that succeeded and has no result."""
    return Response(status_code=204, headers=VERSION)


def word(problem: Problem) -> Response:
    """
    Return *problem* in this API's format.

    ``X-Should-Retry: false`` stops the official libraries from retrying what cannot succeed.
    """
    status = _STATUSES.get(problem.status, problem.status)
    headers: Mapping[str, str] = VERSION | retry_header(problem)
    if status < 500 and status not in {408, 429}:
        headers = {**headers, "X-Should-Retry": "false"}
    # A path may hold half a surrogate pair, which UTF-8 cannot encode; JSON's escape can.
    content = json.dumps({"detail": problem.detail}, ensure_ascii=False)
    body = content.encode("utf-8", "backslashreplace")
    return Response(body, status, headers, "application/json")
