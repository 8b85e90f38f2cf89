"""List, pause and resume channels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

import structlog

from rushes.core.channel_pause import ChannelPause, PausedBy
from rushes.core.errors import InvalidRequest, NotFound
from rushes.engines.base import Channel
from rushes.engines.upstream.base import UpstreamChannel
from rushes.kit.clock import Clock
from rushes.kit.quoting import quoted_text
from rushes.store.base import ChannelPauses, Store

_log = structlog.get_logger()

MAX_PAUSE: Final = timedelta(days=3650)
SHOW_LAST_PAUSE: Final = timedelta(days=1)
"""How long operators see the last pause after its end."""

MAX_REASON_LENGTH: Final = 500


class ChannelState(StrEnum):
    """Whether a channel takes new work."""

    HEALTHY = "healthy"
    CIRCUIT_OPEN = "circuit_open"
    """The circuit is open: the channel failed too often. The server tries it again by itself."""

    REFUSED = "refused"
    """The upstream refuses the channel's key or address. An operator must act."""

    PAUSED = "paused"
    """An operator paused it."""


FORMER_STATES: Final[Mapping[ChannelState, str]] = {
    ChannelState.HEALTHY: "healthy",
    ChannelState.CIRCUIT_OPEN: "resting",
    ChannelState.REFUSED: "out",
    ChannelState.PAUSED: "rested",
}
"""The words of the last release, which replies repeat in the field ``health`` for one release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelNotice:
    """Facts about a configured channel that the channel itself does not hold."""

    host: str
    """Host and port of the upstream; ``here`` for the built-in engine."""

    warnings: tuple[str, ...] = ()
    """Warnings for the operator, a sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelView:
    """A channel with its current state."""

    channel: Channel
    kind: str
    notice: ChannelNotice
    in_flight: int
    """Generations with an unfinished attempt on this channel."""

    state: ChannelState
    pause: ChannelPause | None
    """Why the channel takes no new work; None: it takes work."""

    last_pause: ChannelPause | None = None
    """The last open circuit, if it closed less than a day ago."""


class ChannelControl:
    """
    The use cases of channels.

    Args:
        pauses: Stores the pauses; workers read them there.

        store: Stores the generations.

        notices: By name of channel; channels of the built-in engine have none.
    """

    def __init__(
        self,
        channels: Sequence[Channel],
        *,
        pauses: ChannelPauses,
        store: Store,
        clock: Clock,
        notices: Mapping[str, ChannelNotice] | None = None,
    ) -> None:
        self._channels = {channel.name: channel for channel in channels}
        self._pauses = pauses
        self._store = store
        self._clock = clock
        self._notices = notices or {}

    def replace_channels(self, channels: Sequence[Channel]) -> None:
        """Show these channels from now on."""
        self._channels = {channel.name: channel for channel in channels}

    def warn(self) -> None:
        """Log the warnings about configured channels."""
        for name, notice in self._notices.items():
            for why in notice.warnings:
                _log.warning("channel_warning", channel=name, why=why)

    async def list(self) -> tuple[ChannelView, ...]:
        """Return every channel with its state, by falling priority."""
        pauses = {pause.channel: pause for pause in await self._pauses.pauses()}
        in_flight_by_channel = await self._store.count_open()
        first = sorted(self._channels.values(), key=lambda channel: -channel.priority)
        return tuple(
            self._view(channel, pauses.get(channel.name), in_flight_by_channel.get(channel.name, 0))
            for channel in first
        )

    async def get(self, name: str) -> ChannelView:
        """Return one channel with its state. Raises NotFound."""
        self.channel(name)
        return next(one for one in await self.list() if one.channel.name == name)

    def channel(self, name: str) -> Channel:
        """
        Return the channel with this name.

        Raises:
            NotFound: There is no such channel; the message suggests one.
        """
        channel = self._channels.get(name)
        if channel is None:
            close = get_close_matches(name, self._channels, n=1)
            meant = f"did you mean {close[0]}?" if close else "there are " + _all(self._channels)
            raise NotFound(f"there is no channel {quoted_text(name)}; {meant}")
        return channel

    async def pause(
        self, name: str, *, for_s: float | None = None, reason: str = ""
    ) -> ChannelView:
        """
        Pause a channel: it gets no new work, and its running jobs go on.

        The new pause replaces an earlier one.

        Args:
            for_s: Seconds until the channel resumes by itself; None: until an operator resumes it.

        Raises:
            NotFound: There is no such channel.

            InvalidRequest: The time is not positive or too long, or the reason is too long.
        """
        channel = self.channel(name)
        if for_s is not None and not 0 < for_s <= MAX_PAUSE.total_seconds():
            raise InvalidRequest(f"for_s must be more than 0, not {for_s:g}", param="for_s")
        if len(reason) > MAX_REASON_LENGTH:
            what = f"reason must have at most {MAX_REASON_LENGTH} characters, not {len(reason)}"
            raise InvalidRequest(what, param="reason")
        now = self._clock.now()
        await self._pauses.set_pause(
            ChannelPause(
                channel=name,
                fingerprint=_fingerprint(channel) or "",
                reason=reason or "an operator paused it",
                since=now,
                until=None if for_s is None else now + timedelta(seconds=for_s),
                by=PausedBy.OPERATOR,
            )
        )
        return await self.get(name)

    async def resume(self, name: str) -> ChannelView:
        """Resume a channel, for whatever reason it was paused. Raises NotFound."""
        self.channel(name)
        await self._pauses.end_pause(name)
        return await self.get(name)

    def _view(self, channel: Channel, pause: ChannelPause | None, in_flight: int) -> ChannelView:
        now, ended = self._clock.now(), None
        if pause is not None and not pause.is_in_force(_fingerprint(channel), now):
            is_recent = pause.until is not None and pause.until > now - SHOW_LAST_PAUSE
            ended = pause if is_recent and pause.by is PausedBy.BREAKER else None
            pause = None
        return ChannelView(
            channel=channel,
            kind=_kind(channel),
            notice=self._notices.get(channel.name, ChannelNotice(host="here")),
            in_flight=in_flight,
            state=_state(pause),
            pause=pause,
            last_pause=ended,
        )


def _kind(channel: Channel) -> str:
    """Return the upstream's API, or the name of the local engine."""
    return channel.upstream.kind if isinstance(channel, UpstreamChannel) else channel.engine.name


def _state(pause: ChannelPause | None) -> ChannelState:
    if pause is None:
        return ChannelState.HEALTHY
    match pause.by:
        case PausedBy.OPERATOR:
            return ChannelState.PAUSED
        case PausedBy.REFUSAL:
            return ChannelState.REFUSED
        case PausedBy.BREAKER:
            return ChannelState.CIRCUIT_OPEN


def _fingerprint(channel: Channel) -> str | None:
    """Return the fingerprint of the channel's settings; None: it has none."""
    return (channel.fingerprint or None) if isinstance(channel, UpstreamChannel) else None


def _all(names: Mapping[str, Channel]) -> str:
    return ", ".join(names) or "none"
