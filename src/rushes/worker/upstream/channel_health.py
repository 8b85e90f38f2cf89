"""Which channels take work: a breaker for each, and what was decided by others."""

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
"""So many in a row, and a channel rests."""

BUSY_S: Final = 5.0
"""How long nothing is submitted to an upstream that has too much to do and does not say."""

MAX_UNDELIVERED: Final = 3
"""So many finished jobs in a row without their file, and a channel rests: each was paid for."""

FIRST_PAUSE_S: Final = 30.0
LONGEST_PAUSE_S: Final = 600.0


@dataclass(slots=True)
class _Record:
    failures: int = 0
    undelivered: int = 0
    """Finished jobs in a row whose file was not there."""

    pauses: int = 0
    """Breaker's rests in a row, without a success in between."""


class ChannelHealth:
    """
    Knows which channels rest, and lets those rest that fail.

    What it decides is written down, so that every worker and every restart knows of it.
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
        """Learn what other processes and people have decided."""
        self._pauses = {pause.channel: pause for pause in await self._store.rests()}

    def pause_of(self, channel: str) -> ChannelPause | None:
        """Return why a channel takes no new work now; None: it does."""
        pause = self._pauses.get(channel)
        if pause is None or not pause.is_in_force(
            self._fingerprints.get(channel), self._clock.now()
        ):
            return None
        return pause

    def is_busy(self, channel: str) -> bool:
        """Return whether a channel's upstream has asked to be left in peace for now."""
        until = self._busy_until.get(channel)
        return until is not None and until > self._clock.now()

    def record_busy(self, channel: str, pause_s: float | None) -> None:
        """Note that a channel's upstream has too much to do, for *pause_s* as far as it says."""
        pause = timedelta(seconds=pause_s if pause_s is not None else BUSY_S)
        self._busy_until[channel] = self._clock.now() + pause

    def is_refused(self, channel: str) -> bool:
        """Return whether a channel rests until a person does something about it."""
        pause = self.pause_of(channel)
        return pause is not None and pause.until is None and pause.by is PausedBy.REFUSAL

    def is_half_open(self, channel: str) -> bool:
        """Return whether a channel has rested and not yet shown that it works again."""
        record = self._records.get(channel)
        return record is not None and record.pauses > 0

    def awaits_delivery(self, channel: str) -> bool:
        """Return whether a channel has finished jobs and has not delivered the last of them."""
        record = self._records.get(channel)
        return record is not None and record.undelivered > 0

    def record_success(self, channel: str) -> None:
        """Note that a channel has answered as it should, which does not yet bring a file."""
        record = self._records.setdefault(channel, _Record())
        record.failures = 0
        if not record.undelivered:
            record.pauses = 0

    def record_delivery(self, channel: str) -> None:
        """Note that what a channel has made was fetched and kept."""
        self._records[channel] = _Record()

    async def record_undelivered(self, channel: str, why: str, *, is_lost: bool = False) -> None:
        """
        Note a finished job whose file was asked for several times and was not there.

        Args:
            is_lost: It was given up, which is reason enough for a pause.
        """
        record = self._records.setdefault(channel, _Record())
        record.undelivered = max(record.undelivered + 1, MAX_UNDELIVERED if is_lost else 0)
        await self._pause_if_failing(channel, f"it finishes jobs without their files: {why}")

    async def record_failure(self, channel: str, why: str) -> None:
        """Note a failure that says something about the channel, not about what was asked."""
        self._records.setdefault(channel, _Record()).failures += 1
        await self._pause_if_failing(channel, why)

    async def _pause_if_failing(self, channel: str, why: str) -> None:
        record = self._records[channel]
        is_enough = record.failures >= MAX_FAILURES or record.undelivered >= MAX_UNDELIVERED
        if not is_enough and not record.pauses:
            return
        if self.pause_of(channel) is not None:
            return  # it rests already; this comes of something begun before
        record.pauses += 1
        pause_s = exponential_s(record.pauses, base_s=FIRST_PAUSE_S, cap_s=LONGEST_PAUSE_S)
        until = self._clock.now() + timedelta(seconds=pause_s)
        await self._set_pause(channel, why, until, PausedBy.BREAKER)

    async def record_refusal(self, channel: str, why: str) -> None:
        """Take a channel out whose upstream refuses its key or its address."""
        await self._set_pause(channel, why, None, PausedBy.REFUSAL)

    async def _set_pause(
        self, channel: str, why: str, until: datetime | None, by: PausedBy
    ) -> None:
        pause = ChannelPause(
            channel=channel,
            fingerprint=self._fingerprints.get(channel, ""),
            reason=why,
            since=self._clock.now(),
            until=until,
            by=by,
        )
        self._pauses[channel] = pause
        _log.warning("channel_rests", channel=channel, until=until, by=by, reason=why)
        await self._store.set_rest(pause)
