"""Wire what reads prompts: expansion and shot plans, by a chat model or by the built-in rules."""

from functools import cache

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.plan_picture import PictureName, PlanPictureEngine
from rushes.engines.animatic.planning.names import plan_names
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.planning.prompt_seed import seed_of
from rushes.engines.animatic.planning.subject_lookup import excluded_by, find_subject
from rushes.engines.base import Engine
from rushes.engines.isolated import IsolatedEngine
from rushes.prompts.chat_endpoint import ChatEndpoint
from rushes.prompts.chat_model import ChatModelExpander
from rushes.prompts.chat_planner import ChatModelPlanner, SubjectLookup
from rushes.prompts.expansion import PromptPreparation
from rushes.prompts.shot_planning import PlanRequest, ShotPlanner
from rushes.service.shot_plans import DrawableSubject, PlanFrames, ShotPlans, SubjectSheets
from rushes.settings import Settings


def prompt_preparation(settings: Settings) -> PromptPreparation:
    """Return what the worker prepares prompts with."""
    endpoint = _chat_endpoint(settings)
    return PromptPreparation(chat_model=ChatModelExpander(endpoint) if endpoint else None)


def shot_plans(settings: Settings) -> ShotPlans:
    """Return what callers can do with plans."""
    return ShotPlans(
        planner=shot_planner(settings),
        prompts=prompt_preparation(settings),
        names=plan_names(),
        subjects=drawable_subjects(),
        frames=PlanFrames(_drawing("rough-frame")),
        sheets=SubjectSheets(_drawing("subject-sheet")),
        seed_of=seed_of,
    )


@cache
def drawable_subjects() -> tuple[DrawableSubject, ...]:
    """Return what the animatic engine can draw, by name."""
    return tuple(
        DrawableSubject(
            name=one.id, kind=one.kind, height_m=one.height_m, plane=one.plane, action=one.action
        )
        for _, one in sorted(subjects().items())
    )


def shot_planner(settings: Settings) -> ShotPlanner:
    """Return what makes plans of prompts."""
    endpoint = _chat_endpoint(settings)
    if settings.prompts.plan == "rules" or endpoint is None:
        return ShotPlanner(plan_by_rules)
    lookup = SubjectLookup(find=find_subject, excluded=excluded_by)
    chat = ChatModelPlanner(endpoint, names=plan_names(), lookup=lookup)
    return ShotPlanner(plan_by_rules, chat=chat)


def plan_by_rules(request: PlanRequest) -> ShotPlan:
    """Return what the animatic engine's own rules understand."""
    return plan_shot(
        request.prompt,
        concepts=request.concepts,
        negative_prompt=request.negative_prompt,
        seed=seed_of(request.prompt) if request.seed is None else request.seed,
    )


def _drawing(name: PictureName) -> Engine:
    """Return what draws this picture in a process of its own."""
    return IsolatedEngine(PlanPictureEngine(name), {"name": name})


def _chat_endpoint(settings: Settings) -> ChatEndpoint | None:
    configured = settings.prompts
    if configured.base_url is None or configured.model is None:
        return None
    return ChatEndpoint(
        base_url=configured.base_url,
        model=configured.model,
        api_key=configured.api_key.get_secret_value() if configured.api_key else None,
        deadline_s=configured.deadline_s,
    )
