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
    Treats a callback as a hint to poll the job; it may also bring the job's id.

    Args:
        nudge: Polls a generation's job now, if this process follows it; returns whether it does.
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
        Poll the job of the attempt to which the callback URL belongs.

        Raises:
            NotFound: No attempt of this channel has this URL.

            NotReady: The upstream could not be polled just now.
        """
        generation, attempt = await self._find(channel, name)
        if attempt != generation.paid_attempt:
            return  # it has ended already
        body = _parse_body(raw)
        if attempt.state is AttemptState.ACCEPTED:
            if not _is_no_news(body):
                await self._poll_now(generation)
            return
        await self._adopt(generation, self._upstreams[channel], list(_ids(body)))

    async def _find(self, channel: str, name: str) -> tuple[Generation, Attempt]:
        named = parse_callback_name(name)
        if named is not None and channel in self._upstreams:
            for generation in await self._store.get_many([named[0]]):
                for attempt in generation.attempts:
                    if matches_attempt(attempt, channel, named[1]):
                        return generation, attempt
        raise NotFound("no generation waits for this callback")

    async def _poll_now(self, generation: Generation) -> None:
        """Poll the job now; take it over if another process follows it."""
        if self._nudge(generation.id):
            return
        try:
            await self._store.write(lifecycle.resume(generation, now=self._clock.now()))
        except Conflict:
            return  # another request or worker has just changed it

    async def _adopt(self, generation: Generation, upstream: Upstream, ids: Sequence[str]) -> None:
        """Record the job id of a submit that got no reply."""
        for job_id in ids:
            if not await self._is_known(upstream, job_id):
                continue
            try:
                accepted = lifecycle.accept(generation, job_id, now=self._clock.now())
                await self._store.write(accepted)
            except JobTaken:
                continue
            except Conflict:
                return  # the reply arrived, or the worker has found the job
            _log.info("job_found_by_callback", generation=generation.id, job=job_id)
            return

    async def _is_known(self, upstream: Upstream, job_id: str) -> bool:
        try:
            await upstream.poll(job_id)
        except UpstreamLost:
            return False
        except EngineError as error:
            why = "the upstream could not be polled just now; call again"
            raise NotReady(why, retry_after_s=ASK_AGAIN_S) from error
        return True


def _parse_body(raw: bytes) -> Mapping[str, object]:
    try:
        body: object = json.loads(raw or b"{}")
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", body) if isinstance(body, dict) else {}


def _layers(body: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield the objects under ``data``, innermost first, then the body itself."""
    inner = body.get("data")
    if isinstance(inner, dict):
        yield from _layers(cast("dict[str, object]", inner))
    yield body


def _ids(body: Mapping[str, object]) -> Iterator[str]:
    for layer in _layers(body):
        for name in _IDS:
            value = layer.get(name)
            if isinstance(value, str) and 0 < len(value) <= _LONGEST_ID:
                yield value


def _is_no_news(body: Mapping[str, object]) -> bool:
    words = [layer[name] for layer in _layers(body) for name in _WORDS if name in layer]
    return bool(words) and all(str(word).lower() in _NO_NEWS for word in words)
