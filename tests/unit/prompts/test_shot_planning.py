"""Who makes a plan, and what happens when a chat model cannot."""

from structlog.testing import capture_logs

from rushes.core.shot_plan import PlanSource, ShotPlan
from rushes.core.spec import GenerationSpec, Keyframe, Kind, Position
from rushes.prompts.shot_planning import NotPlanned, PlannedShot, PlanRequest, ShotPlanner

BY_RULES = ShotPlan(set="desert")
BY_CHAT = ShotPlan(set="beach", source=PlanSource.CHAT_MODEL)


def rules(_request: PlanRequest) -> ShotPlan:
    return BY_RULES


class Chat:
    """Answers with a plan, or says why there is none."""

    def __init__(self, answer: ShotPlan | str) -> None:
        self._answer = answer

    async def plan(self, request: PlanRequest, draft: ShotPlan) -> ShotPlan:
        assert draft == BY_RULES
        if isinstance(self._answer, str):
            raise NotPlanned(self._answer)
        return self._answer


async def test_without_a_chat_model_the_rules_plan() -> None:
    assert await ShotPlanner(rules).plan(PlanRequest(prompt="x")) == PlannedShot(plan=BY_RULES)


async def test_a_chat_model_corrects_what_the_rules_drafted() -> None:
    planned = await ShotPlanner(rules, chat=Chat(BY_CHAT)).plan(PlanRequest(prompt="x"))

    assert planned == PlannedShot(plan=BY_CHAT)


async def test_where_the_chat_model_fails_the_rules_plan_and_the_note_says_why() -> None:
    with capture_logs() as logs:
        planned = await ShotPlanner(rules, chat=Chat("it was late")).plan(PlanRequest(prompt="x"))

    assert planned == PlannedShot(plan=BY_RULES, note="The plan was made by rules: it was late.")
    assert [log["reason"] for log in logs] == ["it was late"]


async def test_a_callers_plan_is_kept_and_what_starts_from_pictures_has_none() -> None:
    planner = ShotPlanner(rules)
    own = GenerationSpec(prompt="x", shot_plan=BY_CHAT)
    frame = Keyframe(position=Position.FIRST, image="https://example.com/a.png")
    moved = GenerationSpec(prompt="x", keyframes=(frame,))

    assert await planner.plan_for(own, "x") == PlannedShot(plan=BY_CHAT)
    assert await planner.plan_for(moved, "x") is None
    assert await planner.plan_for(GenerationSpec(prompt="x", kind=Kind.UPSCALE), "x") is None
