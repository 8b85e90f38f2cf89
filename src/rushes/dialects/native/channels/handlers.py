"""Handle requests about channels: list, pause, resume."""

from starlette.responses import Response

from rushes.dialects.native.channels.translate import from_channel
from rushes.dialects.native.channels.wire import ChannelsView, PauseBody
from rushes.dialects.native.resource import reply
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse
from rushes.service.channel_control import ChannelControl


class Handlers:
    """One method per route; ``operations`` declares the routes."""

    def __init__(self, channels: ChannelControl) -> None:
        self._channels = channels

    async def channels(self, call: Call) -> Response:
        channels = [from_channel(view) for view in await self._channels.list()]
        return reply(ChannelsView(channels=channels))

    async def pause_channel(self, call: Call) -> Response:
        body = parse(PauseBody, call.raw)
        view = await self._channels.pause(
            call.parameter("name"), for_s=body.for_s, reason=body.reason
        )
        return reply(from_channel(view))

    async def resume_channel(self, call: Call) -> Response:
        return reply(from_channel(await self._channels.resume(call.parameter("name"))))
