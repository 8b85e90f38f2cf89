"""Build the replies and operator routes of the native resources."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from starlette.responses import Response

from rushes.core.keys import Scope
from rushes.dialects.native.wire import View
from rushes.http.operation import JSON, Operation

NEEDS_OPERATOR: Final = "Needs an operator's key."

operator_operation = partial(Operation, scope=Scope.OPERATE, about=NEEDS_OPERATOR)
"""A route for operators; an *about* of its own should begin with ``NEEDS_OPERATOR``."""


def reply(view: View, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return *view* as a JSON reply."""
    return Response(
        view.model_dump_json(), status_code=status, headers=dict(headers or {}), media_type=JSON
    )
