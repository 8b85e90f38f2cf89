"""A caller who drags or scales one member of a plan does not move the others."""

from dataclasses import replace

import pytest

from rushes.core.shot_plan import CastMember, ShotPlan
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.layers import Ground, Spot
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sets.staging import Staging
from rushes.engines.animatic.shot import Shot

PROMPTS = (
    "a man, a woman and a dog in a meadow",
    "a knight beside a horse in front of a castle",
    "a cook with a pan next to a table, a cat on a chair",
    "a girl and a boy build a snowman, two birds fly over them",
)


def spots(plan: ShotPlan) -> list[Spot | None]:
    """Return where each member stands that no other one carries."""
    shot = Shot(words="", seed=3, width_px=640, height_px=360, duration_s=5.0, loop=False)
    staging = Staging(shot, plan, Ground(horizon=0.5, farthest=0.55))
    return [
        None if member.on is not None else staging.spot(member, _height_m(member), 0)
        for member in plan.cast
    ]


def _height_m(member: CastMember) -> float:
    return member.height_m or subjects()[member.subject].height_m


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("change", [{"x": 0.9}, {"x": 0.1, "y": 0.8}, {"scale": 2.0}])
def test_the_others_stay_where_they_were(prompt: str, change: dict[str, float]) -> None:
    plan = plan_shot(prompt)
    before = spots(plan)

    for at, member in enumerate(plan.cast):
        cast = list(plan.cast)
        cast[at] = replace(member, **change)  # type: ignore[arg-type]  # fields that are numbers
        after = spots(replace(plan, cast=tuple(cast)))
        others = [one for one in range(len(cast)) if one != at]
        assert [after[one] for one in others] == [before[one] for one in others]
