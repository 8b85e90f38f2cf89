"""How anything is told: JSON with the version of the API, errors as one sentence."""

import json
from collections.abc import Mapping
from typing import Final

from pydantic_core import to_json
from starlette.responses import Response

from rushes.dialects.luma_agents.wire import API_VERSION, Told
from rushes.http.problems import Problem, retry_header

VERSION: Final = {"X-API-Version": API_VERSION}

_STATUSES: Final = {409: 422, 410: 404, 415: 400}
"""Statuses that this API does not know, and those by which it tells the same."""


def told(value: Told, *, status: int = 200) -> Response:
    """Return *value* as a reply."""
    return Response(to_json(value), status, VERSION, "application/json")


def nothing() -> Response:
    """Return a reply that says that it is done."""
    return Response(status_code=204, headers=VERSION)


def fault(problem: Problem) -> Response:
    """
    Return *problem* as this API words it.

    ``X-Should-Retry: false`` keeps the official libraries from repeating what cannot succeed.
    """
    status = _STATUSES.get(problem.status, problem.status)
    headers: Mapping[str, str] = VERSION | retry_header(problem)
    if status < 500 and status not in {408, 429}:
        headers = {**headers, "X-Should-Retry": "false"}
    # Half a surrogate pair, as a path may hold, becomes its own JSON escape.
    content = json.dumps({"detail": problem.detail}, ensure_ascii=False)
    body = content.encode("utf-8", "backslashreplace")
    return Response(body, status, headers, "application/json")
