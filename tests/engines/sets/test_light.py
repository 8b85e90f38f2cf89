"""The colours that time and weather give to a place outdoors."""

import pytest

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sets.light import palette_name, palette_of


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("a storm at sea", "storm"),
        ("a storm at sea at night", "night_storm"),
        ("a lighthouse at night", "night"),
        ("a campfire at night in a storm", "fire"),
    ],
)
def test_a_storm_darkens_the_day_and_the_night(prompt: str, name: str) -> None:
    assert palette_name(plan_shot(prompt)) == name


def test_no_stars_are_seen_in_a_storm_at_night() -> None:
    assert palette_of(ShotPlan(set="ocean", time="night", weather="storm")).stars == 0
    assert palette_of(ShotPlan(set="ocean", time="night")).stars > 0
