"""Declare the routes of channels, all for operators."""

from typing import Final

from rushes.dialects.native.channels.handlers import Handlers
from rushes.dialects.native.channels.wire import ChannelReply, ChannelsView, PauseBody
from rushes.dialects.native.resource import NEEDS_OPERATOR, operator_operation
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.service.channel_control import ChannelControl

PATH: Final = "/api/v1/channels"


def channel_operations(channels: ChannelControl) -> tuple[Operation, ...]:
    """Return the routes of channels."""
    handlers = Handlers(channels)
    channel = {200: Reply(about="The channel.", shape=ChannelReply)}
    pause = Body(contents={JSON: PauseBody}, required=False)
    return (
        operator_operation(
            path=PATH,
            handler=handlers.channels,
            summary="List the channels with their state",
            replies={200: Reply(about="All channels.", shape=ChannelsView)},
        ),
        operator_operation(
            path=f"{PATH}/{{name}}/pause",
            methods=("POST",),
            handler=handlers.pause_channel,
            summary="Pause a channel",
            about=f"{NEEDS_OPERATOR} The channel takes no new work; its running jobs continue.",
            body=pause,
            replies=channel,
        ),
        operator_operation(
            path=f"{PATH}/{{name}}/rest",
            methods=("POST",),
            handler=handlers.rest_channel,
            summary="Pause a channel (former path)",
            about=f"{NEEDS_OPERATOR} Use `/pause`: the next release removes this path.",
            body=pause,
            replies=channel,
            is_deprecated=True,
        ),
        operator_operation(
            path=f"{PATH}/{{name}}/resume",
            methods=("POST",),
            handler=handlers.resume_channel,
            summary="Resume a channel",
            about=f"{NEEDS_OPERATOR} Ends every pause, also one that the server began by itself.",
            replies=channel,
        ),
    )
