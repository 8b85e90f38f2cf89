"""Run the tools: submit generations, wait for them, and report progress."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from rushes.core.errors import Gone, InvalidRequest, MediaError
from rushes.core.generation import ArtifactKind, Generation, State
from rushes.core.keys import Scope
from rushes.core.shot_plan_json import plain
from rushes.core.spec import GenerationSpec
from rushes.mcp_server import wire
from rushes.mcp_server.guest import Report, ToolCaller
from rushes.mcp_server.translate import more_of, new_video, with_our_names
from rushes.service.generation_ids import canonical_id
from rushes.service.generations import Generations
from rushes.service.progress_stream import ProgressStream, ProgressView
from rushes.service.shot_plans import ShotPlans
from rushes.store.base import GenerationFilter

_FAILED_STATES = frozenset({State.FAILED, State.CANCELLED, State.EXPIRED})
_SMALLEST_STEP = 0.0001
"""Added to a progress that has not changed: the protocol requires that it grows each time."""

MOST_PICTURE_BYTES: Final = 600 << 10
"""A larger thumbnail is sent as a link, because clients refuse results above a megabyte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A generation with its place in the queue and its thumbnail."""

    view: ProgressView
    thumbnail: bytes | None = None
    has_failed: bool = False
    """Whether the awaited video failed or was cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of generations, and whether more follow."""

    generations: tuple[Generation, ...]
    more: bool


class ToolHandlers:
    """One method per tool, with the arguments, the caller, and a function that reports progress."""

    def __init__(
        self, generations: Generations, progress_stream: ProgressStream, plans: ShotPlans
    ) -> None:
        self._generations = generations
        self._progress_stream = progress_stream
        self._plans = plans

    async def generate(
        self, arguments: wire.Generate, caller: ToolCaller, report: Report
    ) -> Outcome:
        """Create a video and wait for it. Raises the errors of ``Generations.submit``."""
        plan = None if arguments.plan is None else self._plans.read(arguments.plan)
        generation = await self._submit(new_video(arguments, plan=plan), caller)
        return await self._awaited(generation, caller, arguments.wait_s, report)

    async def plan_shot(
        self, arguments: wire.PlanShot, caller: ToolCaller, report: Report
    ) -> wire.PlanView:
        """Return what would be drawn of a prompt."""
        caller.caller.require(Scope.GENERATE)
        spec = GenerationSpec(
            prompt=arguments.prompt,
            negative_prompt=arguments.negative_prompt,
            seed=arguments.seed,
        )
        planned, _ = await self._plans.understand(spec)
        return wire.PlanView(plan=plain(planned.plan), note=planned.note)

    async def extend(self, arguments: wire.Extend, caller: ToolCaller, report: Report) -> Outcome:
        """Extend a finished video and wait. Raises the errors of ``Generations.submit``."""
        spec = more_of(canonical_id(arguments.generation_id), arguments)
        generation = await self._submit(spec, caller)
        return await self._awaited(generation, caller, arguments.wait_s, report)

    async def get(self, arguments: wire.One, caller: ToolCaller, report: Report) -> Outcome:
        """Return the state of one generation. Raises NotFound."""
        return await self._outcome(await self._found(arguments, caller))

    async def wait(self, arguments: wire.Wait, caller: ToolCaller, report: Report) -> Outcome:
        """Wait until one generation is final. Raises NotFound."""
        generation = await self._found(arguments, caller)
        return await self._awaited(generation, caller, arguments.wait_s, report)

    async def cancel(self, arguments: wire.One, caller: ToolCaller, report: Report) -> Outcome:
        """Cancel one generation. Raises NotFound, IllegalTransition."""
        cancelled = await self._generations.cancel(arguments.generation_id, caller=caller.caller)
        return await self._outcome(cancelled)

    async def list(self, arguments: wire.List, caller: ToolCaller, report: Report) -> Found:
        """Return a page of generations, newest first."""
        wanted = GenerationFilter(
            states=frozenset({arguments.state} if arguments.state else ()),
            before_id=canonical_id(arguments.after_id) if arguments.after_id else None,
            limit=arguments.limit + 1,
        )
        found = await self._generations.list(wanted, caller=caller.caller)
        return Found(generations=found[: arguments.limit], more=len(found) > arguments.limit)

    async def _found(self, arguments: wire.One, caller: ToolCaller) -> Generation:
        return await self._generations.get(arguments.generation_id, caller=caller.caller)

    async def _submit(self, spec: GenerationSpec, caller: ToolCaller) -> Generation:
        caller.caller.require(Scope.GENERATE)
        await caller.count_submit()
        try:
            return await self._generations.submit(spec, caller=caller.caller, context=caller.ask())
        except InvalidRequest as error:
            raise with_our_names(error) from None

    async def _awaited(
        self, generation: Generation, caller: ToolCaller, wait_s: float, report: Report
    ) -> Outcome:
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._report_progress(generation, report)
        latest = await self._generations.get(generation.id, caller=caller.caller)
        outcome = await self._outcome(latest)
        return replace(outcome, has_failed=latest.state in _FAILED_STATES)

    async def _report_progress(self, generation: Generation, report: Report) -> None:
        """Report the progress of *generation* until it is final or the server stops."""
        reported = -_SMALLEST_STEP
        stream = self._progress_stream.follow(generation)
        try:
            async for change in stream:
                if isinstance(change, ProgressView) and not change.generation.state.is_final:
                    reported = max(change.generation.progress, reported + _SMALLEST_STEP)
                    await report(reported, _description(change))
        finally:
            await stream.aclose()

    async def _outcome(self, generation: Generation) -> Outcome:
        view = await self._progress_stream.view(generation)
        return Outcome(view=view, thumbnail=await self._thumbnail(generation))

    async def _thumbnail(self, generation: Generation) -> bytes | None:
        found = generation.artifact(ArtifactKind.THUMBNAIL)
        if found is None or found.size_bytes > MOST_PICTURE_BYTES:
            return None
        with suppress(Gone, MediaError):  # deleted meanwhile
            return await self._generations.content(found)
        return None


def _description(view: ProgressView) -> str:
    if view.position is not None:
        return f"queued, {view.position} before it" if view.position else "queued, next"
    return f"{view.generation.phase or view.generation.state}, {view.generation.progress:.0%}"
