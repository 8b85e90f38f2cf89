"""The channels as the worker has them: their room, their pace, their jobs."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rushes.core.generation import Generation, GenerationId
from rushes.core.lifecycle import Change
from rushes.engines.base import Channel
from rushes.engines.upstream.base import UpstreamChannel
from rushes.kit.pacer import Pacer
from rushes.worker.context import WorkerContext
from rushes.worker.upstream.channel_health import ChannelHealth
from rushes.worker.upstream.poller import JobPoller
from rushes.worker.upstream.routing import choose_channel
from rushes.worker.upstream.submission import Submission

HALF_OPEN_LIMIT: Final = 1
"""Generations at a time of a channel that has rested, until one has gone well."""

MAX_CONCURRENT_SUBMITS: Final = 16
"""Submits that one channel prepares and makes together: their pictures are in memory."""

MAX_UNFETCHED: Final = 64
"""Finished jobs whose files wait to be fetched, after which nothing new is submitted."""


@dataclass(slots=True)
class _PooledChannel:
    """One upstream's channel at work."""

    channel: UpstreamChannel
    pace: Pacer
    poller: JobPoller
    submitting: int = 0


class ChannelPool:
    """Knows which channels could take one more generation, and makes what they need to do so."""

    def __init__(
        self,
        context: WorkerContext,
        channels: Sequence[Channel],
        health: ChannelHealth,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._context = context
        self._channels = tuple(channels)
        self._health = health
        self._chance = chance
        self._pooled = {
            one.name: self._open_channel(one)
            for one in channels
            if isinstance(one, UpstreamChannel)
        }
        self._local = frozenset(one.name for one in channels if one.name not in self._pooled)

    def _open_channel(self, channel: UpstreamChannel) -> _PooledChannel:
        pace = Pacer(channel.terms.requests_per_minute)

        async def again(generation: Generation) -> None:
            await self.submission(generation, channel).again()

        poller = JobPoller(
            self._context,
            channel,
            pace=pace,
            health=self._health,
            again=again,
            chance=self._chance,
        )
        return _PooledChannel(channel=channel, pace=pace, poller=poller)

    @property
    def pollers(self) -> tuple[JobPoller, ...]:
        """What is to run beside the worker."""
        return tuple(pooled.poller for pooled in self._pooled.values())

    def poller(self, channel: str) -> JobPoller | None:
        """Return who follows the jobs of a channel; None: there is no such channel of upstreams."""
        pooled = self._pooled.get(channel)
        return pooled.poller if pooled else None

    def ready_channels(self, *, has_free_slot: bool) -> frozenset[str]:
        """Return the names of the channels that can take one more now."""
        able = {name for name, pooled in self._pooled.items() if self._has_room(pooled)}
        free = able | self._local if has_free_slot else able
        return frozenset(name for name in free if self._health.pause_of(name) is None)

    def models_of(self, names: frozenset[str]) -> frozenset[str]:
        """Return the models that one or another of these channels serves."""
        return frozenset(m for one in self._channels if one.name in names for m in one.models)

    def refused_models(self) -> frozenset[str]:
        """Return the models all of whose channels are out until somebody does something."""
        out = {one.name for one in self._channels if self._health.is_refused(one.name)}
        served = self.models_of(
            frozenset(one.name for one in self._channels if one.name not in out)
        )
        return self.models_of(frozenset(out)) - served

    async def capable_channels(self, generation: Generation) -> tuple[Channel, ...]:
        """Return the channels that can do all of what was asked."""
        spec = generation.spec
        kin = await self._context.store.get_many([GenerationId(one) for one in spec.kin])
        serving = [one for one in self._channels if spec.model in one.models]
        return tuple(one for one in serving if not one.problems(spec, kin))

    def choose_channel(
        self, able: Sequence[Channel], ready: frozenset[str], generation: Generation
    ) -> Channel | None:
        """Return the channel to ask; None: those that are able have no room now."""
        return choose_channel(able, ready, generation, chance=self._chance())

    def submission(
        self, generation: Generation, channel: UpstreamChannel, *, has_others: bool = False
    ) -> Submission:
        """Return the submit of a claimed generation to a channel."""
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

    def record_submit_start(self, channel: str) -> None:
        """Count a submit that has begun."""
        if channel in self._pooled:
            self._pooled[channel].submitting += 1

    def record_submit_end(self, channel: str) -> None:
        """Count one that has ended; what it has made is followed by now."""
        if channel in self._pooled:
            self._pooled[channel].submitting -= 1

    def poll_now(self, generation_id: GenerationId) -> bool:
        """Look at a generation's job now, if it is followed here; return whether it is."""
        return any(poller.poll_now(generation_id) for poller in self.pollers)

    def drop_cancelled(self, change: Change) -> None:
        """Let go of a job whose generation was cancelled."""
        for poller in self.pollers:
            poller.drop_cancelled(change)

    def _has_room(self, pooled: _PooledChannel) -> bool:
        name, most = pooled.channel.name, pooled.channel.concurrency
        if pooled.submitting >= MAX_CONCURRENT_SUBMITS or self._health.is_busy(name):
            return False
        if self._health.is_half_open(name) and self._unproven(pooled) >= HALF_OPEN_LIMIT:
            return False
        if pooled.poller.finished_count >= MAX_UNFETCHED:
            return False
        rendering = pooled.poller.job_count - pooled.poller.finished_count
        return most is None or pooled.submitting + rendering < most

    def _unproven(self, pooled: _PooledChannel) -> int:
        """Return how many generations are still to show whether a channel on trial works."""
        if self._health.awaits_delivery(pooled.channel.name):
            return pooled.submitting + pooled.poller.unproven_count
        return pooled.submitting
