"""Handle requests about local models: list, show, pull, cancel, remove."""

from starlette.responses import Response

from rushes.dialects.native.local_models.translate import from_list, from_local_model
from rushes.dialects.native.local_models.wire import PullBody
from rushes.dialects.native.resource import reply
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse
from rushes.service.local_models import LocalModels


class Handlers:
    """One method per route; ``operations`` declares the routes."""

    def __init__(self, models: LocalModels) -> None:
        self._models = models

    async def local_models(self, call: Call) -> Response:
        return reply(from_list(await self._models.list()))

    async def local_model(self, call: Call) -> Response:
        return reply(from_local_model(await self._models.show(call.parameter("name"))))

    async def pull_local_model(self, call: Call) -> Response:
        body = parse(PullBody, call.raw)
        view = await self._models.pull(call.parameter("name"), accept_license=body.accept_license)
        return reply(from_local_model(view), status=202)

    async def cancel_pull(self, call: Call) -> Response:
        return reply(from_local_model(await self._models.cancel(call.parameter("name"))))

    async def remove_local_model(self, call: Call) -> Response:
        await self._models.remove(call.parameter("name"))
        return Response(status_code=204)
