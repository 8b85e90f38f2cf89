"""Where upstreams call when a job of theirs has come further."""

from starlette.responses import Response

from rushes.core.callback_url import PREFIX
from rushes.http.gateway import Call
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.service.callbacks import Callbacks


def callback_operation(callbacks: Callbacks) -> Operation:
    """Return the operation that takes an upstream's call for a hint to look."""

    async def heard(call: Call) -> Response:
        named = call.request.path_params
        await callbacks.receive(str(named["channel"]), str(named["token"]), call.raw)
        return Response(status_code=204)

    return Operation(
        path=PREFIX + "/{channel}/{token}",
        methods=("POST",),
        handler=heard,
        operation_id="upstream_callback",
        summary="Tell that an upstream's job has come further",
        about="For upstreams, at the address that they were given. What is said is looked into.",
        open_to_all=True,
        body=Body(contents={JSON: None}, required=False, checked=False),
        replies={204: Reply(about="It will be looked into.")},
        problems=(404, 409),
    )
