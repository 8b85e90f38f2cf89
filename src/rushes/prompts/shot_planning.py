"""Make the shot plan of a request: by a chat model where one is configured, else by rules."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from rushes.core.shot_plan import ShotPlan
from rushes.core.spec import GenerationSpec

_log: Final = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """The parts of a request that decide a plan."""

    prompt: str
    """The words to be drawn: the caller's prompt, or its expansion."""

    concepts: tuple[str, ...] = ()
    """Names of camera moves that are asked for beside the words."""

    negative_prompt: str | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedShot:
    """A plan, and what its caller should know of how it was made."""

    plan: ShotPlan
    note: str | None = None


PlanByRules = Callable[[PlanRequest], ShotPlan]
"""Takes a few milliseconds of processor time; the first call a fraction of a second."""


class NotPlanned(Exception):
    """There is no plan; the message says why and may be shown to any caller."""


class ChatPlanner(Protocol):
    """Makes plans with a chat model."""

    async def plan(self, request: PlanRequest, draft: ShotPlan) -> ShotPlan:
        """
        Return the plan of a request.

        Args:
            draft: What the rules make of the same request.

        Raises:
            NotPlanned: No answer in time, or one that is no plan.
        """
        ...


class ShotPlanner:
    """Makes plans; it never fails for want of a chat model, and the plan says who made it."""

    def __init__(self, rules: PlanByRules, *, chat: ChatPlanner | None = None) -> None:
        self._rules = rules
        self._chat = chat

    async def plan(self, request: PlanRequest) -> PlannedShot:
        """Return what is understood of a request."""
        draft = await asyncio.to_thread(self._rules, request)
        if self._chat is None:
            return PlannedShot(plan=draft)
        try:
            return PlannedShot(plan=await self._chat.plan(request, draft))
        except NotPlanned as why:
            _log.warning("planned_by_rules", reason=str(why))
            return PlannedShot(plan=draft, note=f"The plan was made by rules: {why}.")

    async def plan_for(self, spec: GenerationSpec, prompt: str) -> PlannedShot | None:
        """
        Return the plan of a request for a video or picture; None where none is drawn.

        Args:
            prompt: What is rendered: the spec's prompt, or its expansion.
        """
        if not spec.is_made_from_words:
            return None
        if spec.shot_plan is not None:
            return PlannedShot(plan=spec.shot_plan)
        return await self.plan(
            PlanRequest(
                prompt=prompt,
                concepts=spec.concepts,
                negative_prompt=spec.negative_prompt,
                seed=spec.seed,
            )
        )
