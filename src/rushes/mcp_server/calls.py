"""What the tools do: ask the service, wait for it, and tell how it stands."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from rushes.core.errors import Gone, InvalidRequest
from rushes.core.generation import ArtifactKind, Generation, State
from rushes.core.keys import Scope
from rushes.core.spec import GenerationSpec
from rushes.mcp_server import wire
from rushes.mcp_server.guest import Guest, Report
from rushes.mcp_server.translate import more_of, new_video, respelled
from rushes.service.generation_ids import canonical_id
from rushes.service.generations import Generations
from rushes.service.progress_stream import ProgressStream, ProgressView
from rushes.store.base import GenerationFilter

_VAIN = frozenset({State.FAILED, State.CANCELLED, State.EXPIRED})
_HAIR = 0.0001
"""What is added to a progress that stands still: the protocol wants it to grow each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a generation stands, and the picture that goes with it."""

    standing: ProgressView
    thumbnail: Path | None = None
    disappoints: bool = False
    """Whether the video that was waited for will not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Some generations, and whether there are others after them."""

    generations: tuple[Generation, ...]
    more: bool


class Calls:
    """The tools. Each takes its arguments, who calls, and whom to tell of progress."""

    def __init__(self, generations: Generations, following: ProgressStream) -> None:
        self._generations = generations
        self._following = following

    async def generate(self, asked: wire.Generate, guest: Guest, report: Report) -> Outcome:
        """Ask for a new video, and wait for it. Raises what ``Generations.submit`` does."""
        generation = await self._submit(new_video(asked), guest)
        return await self._awaited(generation, guest, asked.wait_s, report)

    async def extend(self, asked: wire.Extend, guest: Guest, report: Report) -> Outcome:
        """Ask for more of a finished video, and wait. Raises what ``Generations.submit`` does."""
        spec = more_of(canonical_id(asked.generation_id), asked)
        generation = await self._submit(spec, guest)
        return await self._awaited(generation, guest, asked.wait_s, report)

    async def get(self, asked: wire.One, guest: Guest, report: Report) -> Outcome:
        """Tell how one generation stands. Raises NotFound."""
        return await self._outcome(await self._found(asked, guest))

    async def wait(self, asked: wire.Wait, guest: Guest, report: Report) -> Outcome:
        """Wait for one generation. Raises NotFound."""
        generation = await self._found(asked, guest)
        return await self._awaited(generation, guest, asked.wait_s, report)

    async def cancel(self, asked: wire.One, guest: Guest, report: Report) -> Outcome:
        """Stop one generation. Raises NotFound, IllegalTransition."""
        cancelled = await self._generations.cancel(asked.generation_id, caller=guest.caller)
        return await self._outcome(cancelled)

    async def list(self, asked: wire.List, guest: Guest, report: Report) -> Found:
        """Tell of some generations, newest first."""
        wanted = GenerationFilter(
            states=frozenset({asked.state} if asked.state else ()),
            before_id=canonical_id(asked.after_id) if asked.after_id else None,
            limit=asked.limit + 1,
        )
        found = await self._generations.list(wanted, caller=guest.caller)
        return Found(generations=found[: asked.limit], more=len(found) > asked.limit)

    async def _found(self, asked: wire.One, guest: Guest) -> Generation:
        return await self._generations.get(asked.generation_id, caller=guest.caller)

    async def _submit(self, spec: GenerationSpec, guest: Guest) -> Generation:
        guest.caller.require(Scope.GENERATE)
        guest.count_submit()
        try:
            return await self._generations.submit(spec, caller=guest.caller, context=guest.ask())
        except InvalidRequest as error:
            raise respelled(error) from None

    async def _awaited(
        self, generation: Generation, guest: Guest, wait_s: float, report: Report
    ) -> Outcome:
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._tell(generation, report)
        latest = await self._generations.get(generation.id, caller=guest.caller)
        outcome = await self._outcome(latest)
        return replace(outcome, disappoints=latest.state in _VAIN)

    async def _tell(self, generation: Generation, report: Report) -> None:
        """Report how *generation* gets on until it is final, or the server stops."""
        told = -_HAIR
        following = self._following.follow(generation)
        try:
            async for news in following:
                if isinstance(news, ProgressView) and not news.generation.state.is_final:
                    told = max(news.generation.progress, told + _HAIR)
                    await report(told, _words(news))
        finally:
            await following.aclose()

    async def _outcome(self, generation: Generation) -> Outcome:
        standing = await self._following.view(generation)
        return Outcome(standing=standing, thumbnail=self._thumbnail(generation))

    def _thumbnail(self, generation: Generation) -> Path | None:
        found = generation.artifact(ArtifactKind.THUMBNAIL)
        if found is None:
            return None
        with suppress(Gone):
            return self._generations.file(found)
        return None


def _words(standing: ProgressView) -> str:
    if standing.position is not None:
        return f"queued, {standing.position} before it" if standing.position else "queued, next"
    return f"{standing.generation.state}, {standing.generation.progress:.0%}"
