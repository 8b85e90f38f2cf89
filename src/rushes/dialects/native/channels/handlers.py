"""Handle requests about channels: list, pause, resume."""

from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from rushes.dialects.native.channels.translate import from_channel
from rushes.dialects.native.channels.wire import ChannelReply, ChannelsView, PauseBody
from rushes.dialects.native.resource import reply
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse
from rushes.service.channel_control import ChannelControl

_DEPRECATED_SINCE: Final = "@1795910400"
"""The date of the deprecation, 2026-11-29, in the format of the header."""


class Handlers:
    """One method per route; ``operations`` declares the routes."""

    def __init__(self, channels: ChannelControl) -> None:
        self._channels = channels

    async def channels(self, call: Call) -> Response:
        channels = [from_channel(view) for view in await self._channels.list()]
        return reply(ChannelsView(channels=channels))

    async def pause_channel(self, call: Call) -> Response:
        return reply(await self._pause(call))

    async def rest_channel(self, call: Call) -> Response:
        """Answer the path of the last release, with the header of RFC 9745."""
        channel = await self._pause(call)
        successor = f"/api/v1/channels/{quote(channel.name, safe='')}/pause"
        link = f'<{successor}>; rel="successor-version"'
        return reply(channel, headers={"Deprecation": _DEPRECATED_SINCE, "Link": link})

    async def _pause(self, call: Call) -> ChannelReply:
        body = parse(PauseBody, call.raw)
        view = await self._channels.pause(
            call.parameter("name"), for_s=body.for_s, reason=body.reason
        )
        return from_channel(view)

    async def resume_channel(self, call: Call) -> Response:
        return reply(from_channel(await self._channels.resume(call.parameter("name"))))
