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

FAILURES: Final = 5
"""So many in a row, and a channel rests."""

BUSY_S: Final = 5.0
"""How long nothing is submitted to an upstream that has too much to do and does not say."""

UNDELIVERED: Final = 3
"""So many finished jobs in a row without their file, and a channel rests: each was paid for."""

FIRST_REST_S: Final = 30.0
LONGEST_REST_S: Final = 600.0


@dataclass(slots=True)
class _Record:
    failures: int = 0
    undelivered: int = 0
    """Finished jobs in a row whose file was not there."""

    rests: int = 0
    """Breaker's rests in a row, without a success in between."""


class ChannelHealth:
    """
    Knows which channels rest, and lets those rest that fail.

    What it decides is written down, so that every worker and every restart knows of it.
    """

    def __init__(self, rests: ChannelPauses, channels: Sequence[Channel], clock: Clock) -> None:
        self._store = rests
        self._clock = clock
        self._prints: Mapping[str, str] = {
            one.name: one.fingerprint for one in channels if isinstance(one, UpstreamChannel)
        }
        self._rests: dict[str, ChannelPause] = {}
        self._records = {one.name: _Record() for one in channels}
        self._busy_until: dict[str, datetime] = {}

    async def refresh(self) -> None:
        """Learn what other processes and people have decided."""
        self._rests = {rest.channel: rest for rest in await self._store.rests()}

    def rest(self, channel: str) -> ChannelPause | None:
        """Return why a channel takes no new work now; None: it does."""
        rest = self._rests.get(channel)
        if rest is None or not rest.is_in_force(self._prints.get(channel), self._clock.now()):
            return None
        return rest

    def is_busy(self, channel: str) -> bool:
        """Return whether a channel's upstream has asked to be left in peace for now."""
        until = self._busy_until.get(channel)
        return until is not None and until > self._clock.now()

    def busy(self, channel: str, pause_s: float | None) -> None:
        """Note that a channel's upstream has too much to do, for *pause_s* as far as it says."""
        pause = timedelta(seconds=pause_s if pause_s is not None else BUSY_S)
        self._busy_until[channel] = self._clock.now() + pause

    def is_out(self, channel: str) -> bool:
        """Return whether a channel rests until a person does something about it."""
        rest = self.rest(channel)
        return rest is not None and rest.until is None and rest.by is PausedBy.REFUSAL

    def is_on_trial(self, channel: str) -> bool:
        """Return whether a channel has rested and not yet shown that it works again."""
        record = self._records.get(channel)
        return record is not None and record.rests > 0

    def doubts_delivery(self, channel: str) -> bool:
        """Return whether a channel has finished jobs and has not delivered the last of them."""
        record = self._records.get(channel)
        return record is not None and record.undelivered > 0

    def worked(self, channel: str) -> None:
        """Note that a channel has answered as it should, which does not yet bring a file."""
        record = self._records.setdefault(channel, _Record())
        record.failures = 0
        if not record.undelivered:
            record.rests = 0

    def delivered(self, channel: str) -> None:
        """Note that what a channel has made was fetched and kept."""
        self._records[channel] = _Record()

    async def undelivered(self, channel: str, why: str, *, is_lost: bool = False) -> None:
        """
        Note a finished job whose file was asked for several times and was not there.

        Args:
            is_lost: It was given up, which is reason enough for a rest.
        """
        record = self._records.setdefault(channel, _Record())
        record.undelivered = max(record.undelivered + 1, UNDELIVERED if is_lost else 0)
        await self._failed(channel, f"it finishes jobs without their files: {why}")

    async def failed(self, channel: str, why: str) -> None:
        """Note a failure that says something about the channel, not about what was asked."""
        self._records.setdefault(channel, _Record()).failures += 1
        await self._failed(channel, why)

    async def _failed(self, channel: str, why: str) -> None:
        record = self._records[channel]
        is_enough = record.failures >= FAILURES or record.undelivered >= UNDELIVERED
        if not is_enough and not record.rests:
            return
        if self.rest(channel) is not None:
            return  # it rests already; this comes of something begun before
        record.rests += 1
        pause_s = exponential_s(record.rests, base_s=FIRST_REST_S, cap_s=LONGEST_REST_S)
        until = self._clock.now() + timedelta(seconds=pause_s)
        await self._set(channel, why, until, PausedBy.BREAKER)

    async def refused(self, channel: str, why: str) -> None:
        """Take a channel out whose upstream refuses its key or its address."""
        await self._set(channel, why, None, PausedBy.REFUSAL)

    async def _set(self, channel: str, why: str, until: datetime | None, by: PausedBy) -> None:
        rest = ChannelPause(
            channel=channel,
            fingerprint=self._prints.get(channel, ""),
            reason=why,
            since=self._clock.now(),
            until=until,
            by=by,
        )
        self._rests[channel] = rest
        _log.warning("channel_rests", channel=channel, until=until, by=by, reason=why)
        await self._store.set_rest(rest)
