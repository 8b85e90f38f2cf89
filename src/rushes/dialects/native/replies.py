"""What our own API says, as a response."""

from collections.abc import Mapping

from starlette.responses import Response

from rushes.dialects.native.generations.wire import Told
from rushes.http.operation import JSON


def reply(told: Told, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return *told* as JSON."""
    return Response(
        told.model_dump_json(), status_code=status, headers=dict(headers or {}), media_type=JSON
    )
