"""Handle callbacks from upstreams; each one is verified with a poll."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, cast

import structlog

from rushes.core import lifecycle
from rushes.core.callback_url import matches_attempt, parse_callback_name
from rushes.core.errors import (
    Conflict,
    EngineError,
    JobTaken,
    NotFound,
    NotReady,
    UpstreamLost,
)
from rushes.core.generation import Attempt, AttemptState, Generation, GenerationId
from rushes.engines.base import Channel
from rushes.engines.upstream.base import Upstream, UpstreamChannel
from rushes.kit.clock import Clock
from rushes.store.base import Store

_log = structlog.get_logger()

ASK_AGAIN_S: Final = 10.0
_LONGEST_ID: Final = 200
_IDS: Final = ("id", "task_id", "taskId", "generation_id", "video_id", "request_id")
_WORDS: Final = ("state", "status", "task_status")
_NO_NEWS: Final = frozenset(
    {"pending", "queued", "submitted", "processing", "in_progress", "dreaming", "running"}
)


class Callbacks:
    """
    Takes an upstream's call for a hint to look, which may also say under what id to look.

    Args:
        nudge: Looks at a generation's job now, if this process follows it, and returns whether.
    """

    def __init__(
        self,
        *,
        store: Store,
        channels: Sequence[Channel],
        nudge: Callable[[GenerationId], bool],
        clock: Clock,
    ) -> None:
        self._store = store
        self._upstreams = {
            one.name: one.upstream for one in channels if isinstance(one, UpstreamChannel)
        }
        self._nudge = nudge
        self._clock = clock

    async def receive(self, channel: str, name: str, raw: bytes) -> None:
        """
        Look into what a channel's upstream says at the address of an attempt.

        Raises:
            NotFound: No attempt of this channel has such an address.

            NotReady: The upstream could not be asked about it just now.
        """
        generation, attempt = await self._found(channel, name)
        if attempt != generation.paid_attempt:
            return  # it has ended already
        told = _told(raw)
        if attempt.state is AttemptState.ACCEPTED:
            if not _says_nothing_new(told):
                await self._look_now(generation)
            return
        await self._adopt(generation, self._upstreams[channel], list(_ids(told)))

    async def _found(self, channel: str, name: str) -> tuple[Generation, Attempt]:
        named = parse_callback_name(name)
        if named is not None and channel in self._upstreams:
            for generation in await self._store.get_many([named[0]]):
                for attempt in generation.attempts:
                    if matches_attempt(attempt, channel, named[1]):
                        return generation, attempt
        raise NotFound("nobody is waiting for this call")

    async def _look_now(self, generation: Generation) -> None:
        """Have whoever follows the job look at it; it is taken from one in another process."""
        if self._nudge(generation.id):
            return
        try:
            await self._store.write(lifecycle.resume(generation, now=self._clock.now()))
        except Conflict:
            return  # something has just been done about it

    async def _adopt(self, generation: Generation, upstream: Upstream, ids: Sequence[str]) -> None:
        """Write down under which id the upstream knows what it gave no answer to."""
        for job_id in ids:
            if not await self._is_known(upstream, job_id):
                continue
            try:
                accepted = lifecycle.accept(generation, job_id, now=self._clock.now())
                await self._store.write(accepted)
            except JobTaken:
                continue
            except Conflict:
                return  # the answer came, or it was found
            _log.info("job_called_back", generation=generation.id, job=job_id)
            return

    async def _is_known(self, upstream: Upstream, job_id: str) -> bool:
        try:
            await upstream.poll(job_id)
        except UpstreamLost:
            return False
        except EngineError as error:
            why = "the upstream could not be asked about this just now; call again"
            raise NotReady(why, retry_after_s=ASK_AGAIN_S) from error
        return True


def _told(raw: bytes) -> Mapping[str, object]:
    try:
        told: object = json.loads(raw or b"{}")
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", told) if isinstance(told, dict) else {}


def _layers(told: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield what is told and what it wraps, from the inside: the job's own fields come first."""
    inner = told.get("data")
    if isinstance(inner, dict):
        yield from _layers(cast("dict[str, object]", inner))
    yield told


def _ids(told: Mapping[str, object]) -> Iterator[str]:
    for layer in _layers(told):
        for name in _IDS:
            value = layer.get(name)
            if isinstance(value, str) and 0 < len(value) <= _LONGEST_ID:
                yield value


def _says_nothing_new(told: Mapping[str, object]) -> bool:
    words = [layer[name] for layer in _layers(told) for name in _WORDS if name in layer]
    return bool(words) and all(str(word).lower() in _NO_NEWS for word in words)
