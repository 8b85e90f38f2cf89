"""Pause channels that fail, with a circuit breaker each, and obey pauses set elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from rushes.core.channel_pause import ChannelPause, PausedBy
from rushes.engines.base import Channel
from rushes.engines.upstream.base import UpstreamChannel
from rushes.kit.backoff import exponential_s
from rushes.kit.clock import Clock
from rushes.store.base import ChannelPauses

_log = structlog.get_logger()

MAX_FAILURES: Final = 5
"""Failures in a row after which a channel is paused."""

BUSY_S: Final = 5.0
"""The pause in submits after a busy reply that names none."""

MAX_UNDELIVERED: Final = 3
"""Finished jobs without files in a row after which a channel is paused: each cost money."""

FIRST_PAUSE_S: Final = 30.0
LONGEST_PAUSE_S: Final = 600.0


@dataclass(slots=True)
class _Record:
    failures: int = 0
    undelivered: int = 0
    """Finished jobs in a row whose file was missing."""

    pauses: int = 0
    """Automatic pauses in a row, without a success in between."""


class ChannelHealth:
    """
    Decide which channels take new work.

    Pauses are stored, so that every worker obeys them and they survive a restart.
    """

    def __init__(self, pauses: ChannelPauses, channels: Sequence[Channel], clock: Clock) -> None:
        self._store = pauses
        self._clock = clock
        self._fingerprints: Mapping[str, str] = {
            one.name: one.fingerprint for one in channels if isinstance(one, UpstreamChannel)
        }
        self._pauses: dict[str, ChannelPause] = {}
        self._records = {one.name: _Record() for one in channels}
        self._busy_until: dict[str, datetime] = {}

    async def refresh(self) -> None:
        """Read the pauses that other processes and operators have set."""
        self._pauses = {pause.channel: pause for pause in await self._store.pauses()}

    def pause_of(self, channel: str) -> ChannelPause | None:
        """Return the pause of a channel; None if it takes new work now."""
        pause = self._pauses.get(channel)
        if pause is None or not pause.is_in_force(
            self._fingerprints.get(channel), self._clock.now()
        ):
            return None
        return pause

    def is_busy(self, channel: str) -> bool:
        """Return whether a channel's upstream has asked for a pause in submits."""
        until = self._busy_until.get(channel)
        return until is not None and until > self._clock.now()

    def record_busy(self, channel: str, pause_s: float | None) -> None:
        """Stop submits for *pause_s* seconds; None: for the usual time."""
        pause = timedelta(seconds=pause_s if pause_s is not None else BUSY_S)
        self._busy_until[channel] = self._clock.now() + pause

    def is_refused(self, channel: str) -> bool:
        """Return whether an upstream has refused a channel, until an operator resumes it."""
        pause = self.pause_of(channel)
        return pause is not None and pause.until is None and pause.by is PausedBy.REFUSAL

    def is_half_open(self, channel: str) -> bool:
        """Return whether a channel was paused and has not succeeded since."""
        record = self._records.get(channel)
        return record is not None and record.pauses > 0

    def awaits_delivery(self, channel: str) -> bool:
        """Return whether the last finished job of a channel came without its file."""
        record = self._records.get(channel)
        return record is not None and record.undelivered > 0

    def record_success(self, channel: str) -> None:
        """Record a proper reply; it does not prove yet that files are delivered."""
        record = self._records.setdefault(channel, _Record())
        record.failures = 0
        if not record.undelivered:
            record.pauses = 0

    def record_delivery(self, channel: str) -> None:
        """Record that a file was fetched and stored."""
        self._records[channel] = _Record()

    async def record_undelivered(self, channel: str, reason: str, *, is_lost: bool = False) -> None:
        """
        Record a finished job whose file was missing several times.

        Args:
            is_lost: It was given up, which is reason enough for a pause.
        """
        record = self._records.setdefault(channel, _Record())
        record.undelivered = max(record.undelivered + 1, MAX_UNDELIVERED if is_lost else 0)
        await self._pause_if_failing(channel, f"it finishes jobs without their files: {reason}")

    async def record_failure(self, channel: str, reason: str) -> None:
        """Record a failure of the channel, as opposed to a failure of a request."""
        self._records.setdefault(channel, _Record()).failures += 1
        await self._pause_if_failing(channel, reason)

    async def _pause_if_failing(self, channel: str, reason: str) -> None:
        record = self._records[channel]
        is_enough = record.failures >= MAX_FAILURES or record.undelivered >= MAX_UNDELIVERED
        if not is_enough and not record.pauses:
            return
        if self.pause_of(channel) is not None:
            return  # already paused; this request began before
        record.pauses += 1
        pause_s = exponential_s(record.pauses, base_s=FIRST_PAUSE_S, cap_s=LONGEST_PAUSE_S)
        until = self._clock.now() + timedelta(seconds=pause_s)
        await self._set_pause(channel, reason, until, PausedBy.BREAKER)

    async def record_refusal(self, channel: str, reason: str) -> None:
        """Pause a channel whose upstream refuses its key or address, until it is resumed."""
        await self._set_pause(channel, reason, None, PausedBy.REFUSAL)

    async def _set_pause(
        self, channel: str, reason: str, until: datetime | None, by: PausedBy
    ) -> None:
        pause = ChannelPause(
            channel=channel,
            fingerprint=self._fingerprints.get(channel, ""),
            reason=reason,
            since=self._clock.now(),
            until=until,
            by=by,
        )
        self._pauses[channel] = pause
        _log.warning("channel_paused", channel=channel, until=until, by=by, reason=reason)
        await self._store.set_pause(pause)
