"""Track the capacity of a worker's channels and give them submissions and pollers."""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rushes.core.generation import Generation, GenerationId
from rushes.core.lifecycle import Change
from rushes.engines.base import Channel, capable_channels
from rushes.engines.upstream.base import UpstreamChannel
from rushes.kit.pacer import Pace, Pacer, SharedPacer
from rushes.store.base import ChannelLimit
from rushes.worker.context import WorkerContext
from rushes.worker.upstream.channel_health import ChannelHealth
from rushes.worker.upstream.poller import JobPoller
from rushes.worker.upstream.routing import choose_channel
from rushes.worker.upstream.submission import Submission

HALF_OPEN_LIMIT: Final = 1
"""Generations at a time of a channel after a pause, until one succeeds."""

MAX_CONCURRENT_SUBMITS: Final = 16
"""Submits of one channel at the same time; each keeps its pictures in memory."""

MAX_UNFETCHED: Final = 64
"""Finished jobs without their files after which a channel gets no new submits."""

FULL_PAUSE: Final = timedelta(seconds=1)
"""How long a worker waits before it tries again whether other workers leave room."""


@dataclass(slots=True)
class _PooledChannel:
    """An upstream channel with its pacer and its poller."""

    channel: UpstreamChannel
    pace: Pace
    poller: JobPoller
    submitting: int = 0
    full_until: datetime | None = None
    """Until then other workers are assumed to use up the channel's limit."""

    @property
    def under_way(self) -> int:
        """How many generations of the channel this worker has submitted or is submitting."""
        return self.submitting + self.poller.job_count - self.poller.finished_count


class ChannelPool:
    """
    The channels of one worker, with their free capacity.

    Args:
        channels: All channels of the server.

        works: The names of those that the worker works; None: all.
    """

    def __init__(
        self,
        context: WorkerContext,
        channels: Sequence[Channel],
        health: ChannelHealth,
        *,
        works: Collection[str] | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._context = context
        self._works = works
        self._health = health
        self._chance = chance
        self._pooled = {
            one.name: self._pool_channel(one)
            for one in channels
            if isinstance(one, UpstreamChannel) and (works is None or one.name in works)
        }
        self.replace_channels(channels)

    def replace_channels(self, channels: Sequence[Channel]) -> None:
        """Use these channels from now on; those of upstreams must be the same as before."""
        self._channels = tuple(channels)
        works = self._works
        worked = frozenset(one.name for one in channels) if works is None else frozenset(works)
        upstreams = frozenset(one.name for one in channels if isinstance(one, UpstreamChannel))
        self._shares_slots = worked - upstreams - {one.name for one in channels if one.concurrency}
        self._own_slots = {
            one.name: one.concurrency
            for one in channels
            if one.concurrency and one.name in worked - upstreams
        }
        self.other_channels = upstreams - worked
        """The upstream channels that only other workers work."""

    def _pool_channel(self, channel: UpstreamChannel) -> _PooledChannel:
        pace = self._pace(channel)

        async def resubmit(generation: Generation) -> Generation | None:
            return await self.submission(generation, channel).resubmit()

        poller = JobPoller(
            self._context,
            channel,
            pace=pace,
            health=self._health,
            resubmit=resubmit,
            chance=self._chance,
        )
        return _PooledChannel(channel=channel, pace=pace, poller=poller)

    def _pace(self, channel: UpstreamChannel) -> Pace:
        buckets, per_minute = self._context.buckets, channel.terms.requests_per_minute
        if buckets is None:
            return Pacer(per_minute)
        name = f"channel:{channel.name}"
        return SharedPacer(buckets, name, per_minute, clock=self._context.clock.now)

    @property
    def pollers(self) -> tuple[JobPoller, ...]:
        """The pollers, one for each upstream channel; the worker runs them."""
        return tuple(pooled.poller for pooled in self._pooled.values())

    def poller(self, channel: str) -> JobPoller | None:
        """Return the poller of a channel; None if there is no such upstream channel."""
        pooled = self._pooled.get(channel)
        return pooled.poller if pooled else None

    def ready_channels(
        self, *, has_free_slot: bool, rendering: Mapping[str, int]
    ) -> frozenset[str]:
        """
        Return the names of the channels that can take one more generation now.

        Args:
            has_free_slot: Whether the channels that share the worker's slots can.

            rendering: How many generations this worker renders of each channel on this machine.
        """
        ready = {name for name, pooled in self._pooled.items() if self._has_capacity(pooled)}
        ready |= {name for name, most in self._own_slots.items() if rendering.get(name, 0) < most}
        free = ready | self._shares_slots if has_free_slot else ready
        return frozenset(name for name in free if self._health.pause_of(name) is None)

    def models_of(self, names: frozenset[str]) -> frozenset[str]:
        """Return the models that at least one of these channels serves."""
        return frozenset(m for one in self._channels if one.name in names for m in one.models)

    def refused_models(self) -> frozenset[str]:
        """Return the models whose channels are all refused by their upstreams."""
        refused = {one.name for one in self._channels if self._health.is_refused(one.name)}
        served = self.models_of(
            frozenset(one.name for one in self._channels if one.name not in refused)
        )
        return self.models_of(frozenset(refused)) - served

    async def capable_channels(self, generation: Generation) -> tuple[Channel, ...]:
        """Return the channels that can make a generation as specified; see the function."""
        spec = generation.spec
        related = await self._context.store.get_many([GenerationId(one) for one in spec.parents])
        serving = [one for one in self._channels if spec.model in one.models]
        return capable_channels(serving, spec, related)

    def choose_channel(
        self, capable: Sequence[Channel], ready: frozenset[str], generation: Generation
    ) -> Channel | None:
        """Return the channel for a generation; None if no capable channel is ready."""
        return choose_channel(capable, ready, generation, chance=self._chance())

    def submission(
        self, generation: Generation, channel: UpstreamChannel, *, has_others: bool = False
    ) -> Submission:
        """Return a submission of a claimed generation to a channel."""
        pooled = self._pooled[channel.name]
        return Submission(
            self._context,
            generation,
            channel,
            pace=pooled.pace,
            health=self._health,
            follow=pooled.poller.follow,
            has_others=has_others,
        )

    def limit_elsewhere(self, channel: str) -> ChannelLimit | None:
        """Return what other workers must leave for one more generation; None without a limit."""
        pooled = self._pooled.get(channel)
        if pooled is None or pooled.channel.concurrency is None:
            return None
        return ChannelLimit(
            channel=channel,
            worker=self._context.worker,
            most_elsewhere=pooled.channel.concurrency - pooled.under_way - 1,
        )

    def record_full(self, channel: str) -> None:
        """Send nothing to a channel for a moment: other workers use up its limit."""
        self._pooled[channel].full_until = self._context.clock.now() + FULL_PAUSE

    def record_submit_start(self, channel: str) -> None:
        """Count a submit as running."""
        if channel in self._pooled:
            self._pooled[channel].submitting += 1

    def record_submit_end(self, channel: str) -> None:
        """Stop counting a submit; the poller counts its job from now on."""
        if channel in self._pooled:
            self._pooled[channel].submitting -= 1

    async def release_jobs(self, channels: Collection[str]) -> None:
        """End the leases of these channels' jobs, so that other workers follow them."""
        for name, pooled in self._pooled.items():
            if name in channels:
                await pooled.poller.release_jobs()

    def poll_now(self, generation_id: GenerationId) -> bool:
        """Poll a generation's job now; return False if no poller follows it."""
        return any(poller.poll_now(generation_id) for poller in self.pollers)

    def drop_cancelled(self, change: Change) -> None:
        """Stop following the job of a cancelled generation."""
        for poller in self.pollers:
            poller.drop_cancelled(change)

    def _has_capacity(self, pooled: _PooledChannel) -> bool:
        name, most = pooled.channel.name, pooled.channel.concurrency
        if pooled.submitting >= MAX_CONCURRENT_SUBMITS or self._health.is_busy(name):
            return False
        if self._health.is_half_open(name) and self._unproven(pooled) >= HALF_OPEN_LIMIT:
            return False
        if pooled.poller.finished_count >= MAX_UNFETCHED:
            return False
        if pooled.full_until is not None and pooled.full_until > self._context.clock.now():
            return False
        return most is None or pooled.under_way < most

    def _unproven(self, pooled: _PooledChannel) -> int:
        """Return how many generations may still prove that a half-open channel works."""
        if self._health.awaits_delivery(pooled.channel.name):
            return pooled.submitting + pooled.poller.unproven_count
        return pooled.submitting
