"""Shot plans by rules, whose frames are scripted."""

from rushes.bootstrap.prompts import drawable_subjects, shot_planner
from rushes.engines.animatic.planning.names import plan_names
from rushes.engines.animatic.planning.prompt_seed import seed_of
from rushes.engines.scripted import ScriptedEngine
from rushes.prompts.expansion import PromptPreparation
from rushes.service.shot_plans import PlanFrames, ShotPlans, SubjectSheets
from rushes.settings import Settings


def scripted_plans() -> ShotPlans:
    return ShotPlans(
        planner=shot_planner(Settings()),
        prompts=PromptPreparation(),
        names=plan_names(),
        subjects=drawable_subjects(),
        sheets=SubjectSheets(ScriptedEngine([b"a sheet"])),
        frames=PlanFrames(ScriptedEngine([b"a frame", b"another frame"])),
        seed_of=seed_of,
    )
