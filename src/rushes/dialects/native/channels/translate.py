"""Translate channels and their pauses into replies."""

from rushes.core.channel_pause import ChannelPause
from rushes.core.credit_amounts import format_credits
from rushes.dialects.native.channels.wire import ChannelReply, PauseView
from rushes.dialects.native.models import from_capabilities
from rushes.service.channel_control import FORMER_STATES, ChannelView


def from_channel(view: ChannelView) -> ChannelReply:
    """Return a channel as a reply."""
    channel = view.channel
    capabilities = channel.engine.capabilities
    pause = _from_pause(view.pause) if view.pause else None
    return ChannelReply(
        name=channel.name,
        kind=view.kind,
        host=view.notice.host,
        models=dict(channel.models),
        priority=channel.priority,
        weight=channel.weight,
        concurrency=channel.concurrency,
        price=format_credits(channel.price),
        in_flight=view.in_flight,
        state=view.state,
        pause=pause,
        health=FORMER_STATES[view.state],
        rest=pause,
        warnings=list(view.notice.warnings),
        capabilities=from_capabilities(capabilities, kinds=capabilities.kinds),
    )


def _from_pause(pause: ChannelPause) -> PauseView:
    return PauseView(reason=pause.reason, since=pause.since, until=pause.until, by=pause.by)
