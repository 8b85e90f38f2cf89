"""Receive the callbacks of upstreams about their jobs."""

from starlette.responses import Response

from rushes.core.callback_url import PREFIX
from rushes.http.gateway import Call
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.service.callbacks import Callbacks


def callback_operation(callbacks: Callbacks) -> Operation:
    """Return the route for callbacks; a callback makes the server poll its job at once."""

    async def receive(call: Call) -> Response:
        await callbacks.receive(call.parameter("channel"), call.parameter("token"), call.raw)
        return Response(status_code=204)

    return Operation(
        path=PREFIX + "/{channel}/{token}",
        methods=("POST",),
        handler=receive,
        operation_id="upstream_callback",
        summary="Report the progress of an upstream's job",
        about="For upstreams, at the URL that they received. The server does not trust the body and"
        " polls the job.",
        open_to_all=True,
        body=Body(contents={JSON: None}, required=False, checked=False),
        replies={204: Reply(about="The server will poll the job.")},
        problems=(404, 409),
    )
