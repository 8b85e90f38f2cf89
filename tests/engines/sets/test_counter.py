"""Small things of somebody who works in a room lie on a counter, in everybody's sight."""

import pytest

from rushes.core.shot_plan import Action, CastMember, Framing, Plane, ShotPlan
from rushes.engines.animatic.layers import Ground
from rushes.engines.animatic.sets.counter import COUNTER_NEARNESS, counter_members
from rushes.engines.animatic.sets.staging import Staging
from rushes.engines.animatic.shot import Shot

COOK = CastMember(subject="cook", action=Action.WORK)
TOMATOES = CastMember(subject="tomato", count=3)
SHOT = Shot(words="", seed=3, width_px=256, height_px=144, duration_s=1.0)
GROUND = Ground(horizon=0.44, farthest=0.69, far_nearness=0.3, near_nearness=0.62)


def test_tomatoes_lie_on_the_counter_before_the_cook_and_are_large_enough_to_see() -> None:
    plan = ShotPlan(set="kitchen", framing=Framing.MEDIUM, cast=(COOK, TOMATOES))
    staging = Staging(SHOT, plan, GROUND)
    spots = [staging.spot(TOMATOES, 0.08, order) for order in range(3)]
    cook = staging.spot(COOK, 1.8, 0)

    assert staging.on_counter == {1}
    assert all(spot.nearness > COUNTER_NEARNESS > cook.nearness for spot in spots)
    assert all(spot.px_per_m * 0.08 > 0.1 * SHOT.height_px for spot in spots)
    assert len({round(spot.x_px) for spot in spots}) == 3


@pytest.mark.parametrize(
    "plan",
    [
        ShotPlan(set="forest", cast=(COOK, TOMATOES)),
        ShotPlan(set="kitchen", framing=Framing.CLOSE_UP, cast=(COOK, TOMATOES)),
        ShotPlan(set="kitchen", cast=(CastMember(subject="dog"), TOMATOES)),
        ShotPlan(set="kitchen", cast=(CastMember(subject="cook", action=Action.RUN), TOMATOES)),
        ShotPlan(set="kitchen", cast=(COOK, CastMember(subject="tomato", x=0.5, y=0.9))),
        ShotPlan(set="kitchen", cast=(COOK, CastMember(subject="tomato", plane=Plane.SKY))),
        ShotPlan(set="kitchen", cast=(COOK, CastMember(subject="sofa"))),
        ShotPlan(set="kitchen", cast=(COOK, TOMATOES, CastMember(subject="anvil"))),
        ShotPlan(set="kitchen"),
    ],
)
def test_no_counter_stands_where_nothing_small_would_lie_on_it(plan: ShotPlan) -> None:
    assert not counter_members(plan, 0)
