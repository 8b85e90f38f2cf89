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
REMEMBERED: Final = timedelta(days=1)
"""How long an operator is still told why a channel rested for failing."""

MAX_REASON_LENGTH: Final = 500


class ChannelState(StrEnum):
    """Whether a channel takes new work."""

    HEALTHY = "healthy"
    CIRCUIT_OPEN = "resting"
    """It failed too often, and is tried again by itself."""

    REFUSED = "out"
    """Its upstream refuses its key or its address; it waits for a person."""

    PAUSED = "rested"
    """An operator lets it rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelNotice:
    """What is known of a configured channel and is not in the channel itself."""

    host: str
    """Where its upstream is: host and port; ``here`` for the built-in renderer."""

    warnings: tuple[str, ...] = ()
    """What an operator may want to know, a sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelView:
    """A channel, and how it stands."""

    channel: Channel
    kind: str
    notice: ChannelNotice
    in_flight: int
    """Generations that it has an attempt under way for."""

    health: ChannelState
    pause: ChannelPause | None
    """Why it takes no new work; None: it does."""

    last_pause: ChannelPause | None = None
    """The last rest that it had for failing, where that ended less than a day ago."""


class ChannelControl:
    """
    The use cases around channels.

    Args:
        rests: Where it is kept which channels rest; workers look there.

        store: Where the generations are.

        notices: By name; a channel without one is the built-in renderer's.
    """

    def __init__(
        self,
        channels: Sequence[Channel],
        *,
        rests: ChannelPauses,
        store: Store,
        clock: Clock,
        notices: Mapping[str, ChannelNotice] | None = None,
    ) -> None:
        self._channels = {channel.name: channel for channel in channels}
        self._rests = rests
        self._store = store
        self._clock = clock
        self._notices = notices or {}

    def warn(self) -> None:
        """Log what an operator may want to know of the configured channels."""
        for name, notice in self._notices.items():
            for why in notice.warnings:
                _log.warning("channel_may_surprise", channel=name, why=why)

    async def list(self) -> tuple[ChannelView, ...]:
        """Return every channel as it stands, those that are chosen first first."""
        rests = {rest.channel: rest for rest in await self._rests.rests()}
        flying = await self._store.count_open()
        first = sorted(self._channels.values(), key=lambda channel: -channel.priority)
        return tuple(
            self._standing(channel, rests.get(channel.name), flying.get(channel.name, 0))
            for channel in first
        )

    async def get(self, name: str) -> ChannelView:
        """Return one. Raises NotFound."""
        self.channel(name)
        return next(one for one in await self.list() if one.channel.name == name)

    def channel(self, name: str) -> Channel:
        """
        Return the channel that is called *name*.

        Raises:
            NotFound: There is none; the message tells which there are.
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
        Give a channel no new work; what it has under way goes on.

        It replaces whatever rest the channel had.

        Args:
            for_s: Seconds; None: until it is resumed.

        Raises:
            NotFound: There is no such channel.

            InvalidRequest: The time or the reason makes no sense.
        """
        channel = self.channel(name)
        if for_s is not None and not 0 < for_s <= MAX_PAUSE.total_seconds():
            raise InvalidRequest(f"for_s must be more than 0, not {for_s:g}", param="for_s")
        if len(reason) > MAX_REASON_LENGTH:
            what = f"reason must have at most {MAX_REASON_LENGTH} characters, not {len(reason)}"
            raise InvalidRequest(what, param="reason")
        now = self._clock.now()
        await self._rests.set_rest(
            ChannelPause(
                channel=name,
                fingerprint=_fingerprint(channel) or "",
                reason=reason or "an operator lets it rest",
                since=now,
                until=None if for_s is None else now + timedelta(seconds=for_s),
                by=PausedBy.OPERATOR,
            )
        )
        return await self.get(name)

    async def resume(self, name: str) -> ChannelView:
        """Give a channel work again, whyever it had none. Raises NotFound."""
        self.channel(name)
        await self._rests.end_rest(name)
        return await self.get(name)

    def _standing(self, channel: Channel, rest: ChannelPause | None, in_flight: int) -> ChannelView:
        now, ended = self._clock.now(), None
        if rest is not None and not rest.is_in_force(_fingerprint(channel), now):
            is_recent = rest.until is not None and rest.until > now - REMEMBERED
            ended = rest if is_recent and rest.by is PausedBy.BREAKER else None
            rest = None
        return ChannelView(
            channel=channel,
            kind=_kind(channel),
            notice=self._notices.get(channel.name, ChannelNotice(host="here")),
            in_flight=in_flight,
            health=_health(rest),
            pause=rest,
            last_pause=ended,
        )


def _kind(channel: Channel) -> str:
    """Return the API that is spoken to an upstream, or the engine that renders here."""
    return channel.upstream.kind if isinstance(channel, UpstreamChannel) else channel.engine.name


def _health(rest: ChannelPause | None) -> ChannelState:
    if rest is None:
        return ChannelState.HEALTHY
    match rest.by:
        case PausedBy.OPERATOR:
            return ChannelState.PAUSED
        case PausedBy.REFUSAL:
            return ChannelState.REFUSED
        case PausedBy.BREAKER:
            return ChannelState.CIRCUIT_OPEN


def _fingerprint(channel: Channel) -> str | None:
    """Return what a rest was decided for; None: unknown here, or a channel that has none."""
    return (channel.fingerprint or None) if isinstance(channel, UpstreamChannel) else None


def _all(names: Mapping[str, Channel]) -> str:
    return ", ".join(names) or "none"
