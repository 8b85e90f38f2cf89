"""The channels in our own API: what an operator is told of them, and what he may do to them."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from rushes.core.channel_pause import ChannelPause, PausedBy
from rushes.core.credit_amounts import format_credits
from rushes.core.keys import Scope
from rushes.dialects.native.generations.translate import from_capabilities
from rushes.dialects.native.generations.wire import CapabilitiesTold, Told
from rushes.dialects.native.replies import reply
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.service.channel_control import (
    MAX_PAUSE,
    MAX_REASON_LENGTH,
    ChannelControl,
    ChannelState,
    ChannelView,
)

PATH: Final = "/api/v1/channels"
_ABOUT: Final = "It takes an operator's key."


class RestBody(BaseModel):
    """How a channel is to rest."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    for_s: Annotated[float, Field(gt=0, le=MAX_PAUSE.total_seconds())] | None = None
    """Seconds; by default until it is resumed."""

    reason: Annotated[str, Field(max_length=MAX_REASON_LENGTH)] = ""
    """Shown to whoever asks why."""


class RestTold(Told):
    """Why a channel takes no new work."""

    reason: str
    since: datetime
    until: datetime | None
    """Null: until somebody resumes it, or its configuration is changed."""

    by: PausedBy


class ChannelTold(Told):
    """A configured channel, and how it stands. Its key is never told."""

    name: str
    kind: str
    host: str
    """Where its upstream is; `here` for the built-in renderer."""

    models: dict[str, str]
    """The models that it serves, each with its name there."""

    priority: int
    weight: int
    concurrency: int | None
    """Null: it shares the worker's slots."""

    price: str
    """Credits for a second of video or for one picture, as a decimal."""

    in_flight: int
    health: ChannelState
    rest: RestTold | None
    """Null while it takes work."""

    warnings: list[str]
    """What an operator may want to know of its configuration."""

    capabilities: CapabilitiesTold


class ChannelsTold(Told):
    """Every channel, those that are chosen first first."""

    channels: list[ChannelTold]


def channel_operations(channels: ChannelControl) -> tuple[Operation, ...]:
    """Return what an operator can ask for."""
    calls = _Calls(channels)
    one = Reply(about="The channel.", shape=ChannelTold)
    return (
        Operation(
            path=PATH,
            handler=calls.channels,
            summary="List the channels and how they stand",
            about=_ABOUT,
            replies={200: Reply(about="All of them.", shape=ChannelsTold)},
            scope=Scope.OPERATE,
        ),
        Operation(
            path=f"{PATH}/{{name}}/rest",
            methods=("POST",),
            handler=calls.rest_channel,
            summary="Give a channel no new work",
            about=f"{_ABOUT} What it has under way goes on.",
            body=Body(contents={JSON: RestBody}, required=False),
            replies={200: one},
            scope=Scope.OPERATE,
        ),
        Operation(
            path=f"{PATH}/{{name}}/resume",
            methods=("POST",),
            handler=calls.resume_channel,
            summary="Give a channel work again",
            about=f"{_ABOUT} It ends every rest, also one that the server has decided.",
            replies={200: one},
            scope=Scope.OPERATE,
        ),
    )


class _Calls:
    """The handlers."""

    def __init__(self, channels: ChannelControl) -> None:
        self._channels = channels

    async def channels(self, call: Call) -> Response:
        told = [_told(standing) for standing in await self._channels.list()]
        return reply(ChannelsTold(channels=told))

    async def rest_channel(self, call: Call) -> Response:
        asked = parse(RestBody, call.raw)
        standing = await self._channels.pause(_name(call), for_s=asked.for_s, reason=asked.reason)
        return reply(_told(standing))

    async def resume_channel(self, call: Call) -> Response:
        return reply(_told(await self._channels.resume(_name(call))))


def _name(call: Call) -> str:
    return str(call.request.path_params["name"])


def _told(standing: ChannelView) -> ChannelTold:
    channel = standing.channel
    can = channel.engine.capabilities
    return ChannelTold(
        name=channel.name,
        kind=standing.kind,
        host=standing.notice.host,
        models=dict(channel.models),
        priority=channel.priority,
        weight=channel.weight,
        concurrency=channel.concurrency,
        price=format_credits(channel.price),
        in_flight=standing.in_flight,
        health=standing.health,
        rest=_rest(standing.pause) if standing.pause else None,
        warnings=list(standing.notice.warnings),
        capabilities=from_capabilities(can, kinds=can.kinds),
    )


def _rest(rest: ChannelPause) -> RestTold:
    return RestTold(reason=rest.reason, since=rest.since, until=rest.until, by=rest.by)
