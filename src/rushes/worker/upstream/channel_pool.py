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

ON_TRIAL: Final = 1
"""Generations at a time of a channel that has rested, until one has gone well."""

SUBMITS_AT_ONCE: Final = 16
"""Submits that one channel prepares and makes together: their pictures are in memory."""

MOST_UNFETCHED: Final = 64
"""Finished jobs whose files wait to be fetched, after which nothing new is submitted."""


@dataclass(slots=True)
class _PooledChannel:
    """One upstream's channel at work."""

    channel: UpstreamChannel
    pace: Pacer
    watch: JobPoller
    submitting: int = 0


class ChannelPool:
    """Knows which channels could take one more generation, and makes what they need to do so."""

    def __init__(
        self,
        bench: WorkerContext,
        channels: Sequence[Channel],
        health: ChannelHealth,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._bench = bench
        self._channels = tuple(channels)
        self._health = health
        self._chance = chance
        self._posts = {
            one.name: self._post(one) for one in channels if isinstance(one, UpstreamChannel)
        }
        self._local = frozenset(one.name for one in channels if one.name not in self._posts)

    def _post(self, channel: UpstreamChannel) -> _PooledChannel:
        pace = Pacer(channel.terms.requests_per_minute)

        async def again(generation: Generation) -> None:
            await self.submission(generation, channel).again()

        watch = JobPoller(
            self._bench,
            channel,
            pace=pace,
            health=self._health,
            again=again,
            chance=self._chance,
        )
        return _PooledChannel(channel=channel, pace=pace, watch=watch)

    @property
    def watches(self) -> tuple[JobPoller, ...]:
        """What is to run beside the worker."""
        return tuple(post.watch for post in self._posts.values())

    def watch(self, channel: str) -> JobPoller | None:
        """Return who follows the jobs of a channel; None: there is no such channel of upstreams."""
        post = self._posts.get(channel)
        return post.watch if post else None

    def ready(self, *, local_room: bool) -> frozenset[str]:
        """Return the names of the channels that can take one more now."""
        able = {name for name, post in self._posts.items() if self._has_room(post)}
        free = able | self._local if local_room else able
        return frozenset(name for name in free if self._health.rest(name) is None)

    def models(self, names: frozenset[str]) -> frozenset[str]:
        """Return the models that one or another of these channels serves."""
        return frozenset(m for one in self._channels if one.name in names for m in one.models)

    def hopeless_models(self) -> frozenset[str]:
        """Return the models all of whose channels are out until somebody does something."""
        out = {one.name for one in self._channels if self._health.is_out(one.name)}
        served = self.models(frozenset(one.name for one in self._channels if one.name not in out))
        return self.models(frozenset(out)) - served

    async def able(self, generation: Generation) -> tuple[Channel, ...]:
        """Return the channels that can do all of what was asked."""
        spec = generation.spec
        parents = await self._bench.store.get_many([GenerationId(one) for one in spec.parents])
        serving = [one for one in self._channels if spec.model in one.models]
        return tuple(one for one in serving if not one.problems(spec, parents))

    def choose(
        self, able: Sequence[Channel], ready: frozenset[str], generation: Generation
    ) -> Channel | None:
        """Return the channel to ask; None: those that are able have no room now."""
        return choose_channel(able, ready, generation, chance=self._chance())

    def submission(
        self, generation: Generation, channel: UpstreamChannel, *, has_others: bool = False
    ) -> Submission:
        """Return the submit of a claimed generation to a channel."""
        post = self._posts[channel.name]
        return Submission(
            self._bench,
            generation,
            channel,
            pace=post.pace,
            health=self._health,
            follow=post.watch.follow,
            has_others=has_others,
        )

    def began(self, channel: str) -> None:
        """Count a submit that has begun."""
        if channel in self._posts:
            self._posts[channel].submitting += 1

    def ended(self, channel: str) -> None:
        """Count one that has ended; what it has made is followed by now."""
        if channel in self._posts:
            self._posts[channel].submitting -= 1

    def nudge(self, generation_id: GenerationId) -> bool:
        """Look at a generation's job now, if it is followed here; return whether it is."""
        return any(watch.nudge(generation_id) for watch in self.watches)

    def heard(self, change: Change) -> None:
        """Let go of a job whose generation was cancelled."""
        for watch in self.watches:
            watch.heard(change)

    def _has_room(self, post: _PooledChannel) -> bool:
        name, most = post.channel.name, post.channel.concurrency
        if post.submitting >= SUBMITS_AT_ONCE or self._health.is_busy(name):
            return False
        if self._health.is_on_trial(name) and self._unproven(post) >= ON_TRIAL:
            return False
        if post.watch.finished >= MOST_UNFETCHED:
            return False
        rendering = post.watch.count - post.watch.finished
        return most is None or post.submitting + rendering < most

    def _unproven(self, post: _PooledChannel) -> int:
        """Return how many generations are still to show whether a channel on trial works."""
        if self._health.doubts_delivery(post.channel.name):
            return post.submitting + post.watch.unproven
        return post.submitting
