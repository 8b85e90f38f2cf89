"""Everybody whom a plan names can be seen: nobody is hidden by others, or too small."""

import pytest

from rushes.core.shot_plan import Action, CastMember, Plane, ShotPlan
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.sketch import Sketch

SEEN = 0.0025
"""Share of the frame that shows a thing so that it is recognised: some 15 by 15 of 320 by 180 pixels."""


def shares_of(plan: ShotPlan) -> list[float]:
    """Return how much of the frame shows each member, in the better one of two moments."""
    sketch = Sketch(GenerationSpec(prompt="", seed=7), shot_plan=plan)
    moments = [sketch.visible_shares(moment) for moment in (0.2, 0.75)]
    return [max(shares) for shares in zip(*moments, strict=True)]


@pytest.mark.parametrize(
    ("place", "near", "far"),
    [
        ("forest", ("lumberjack", "wood", "axe"), "log-cabin"),
        ("forest", ("girl", "bird", "chipmunk"), "house"),
        ("meadow", ("old-man", "sled", "fence"), "house"),
        ("mountain", ("monk", "door", "chipmunk", "statue"), "pagoda"),
    ],
)
def test_what_is_far_away_is_hidden_neither_by_those_near_nor_by_trees(
    place: str, near: tuple[str, ...], far: str
) -> None:
    members = [CastMember(subject=name) for name in near]
    behind = CastMember(subject=far, plane=Plane.BACKGROUND)
    *_, alone = shares_of(ShotPlan(set="meadow", cast=(members[0], behind)))
    *_, seen = shares_of(ShotPlan(set=place, cast=(*members, behind)))
    assert seen > 0.4 * alone


@pytest.mark.parametrize(
    "cast",
    [
        (CastMember(subject="table"), CastMember(subject="birthday-cake", on=0)),
        (CastMember(subject="woman"), CastMember(subject="coffee-cup", on=0)),
        (CastMember(subject="honey-pot"), CastMember(subject="honeybee", on=0, count=3)),
        (CastMember(subject="woman"), CastMember(subject="chipmunk")),
    ],
)
def test_small_things_are_drawn_large_enough_to_be_seen(cast: tuple[CastMember, ...]) -> None:
    people = CastMember(subject="man")
    assert min(shares_of(ShotPlan(set="hall", cast=(*cast, people)))) > SEEN


@pytest.mark.parametrize("subject", ["cat", "shrimp"])
def test_a_counter_hides_no_small_animal(subject: str) -> None:
    cook = CastMember(subject="cook", action=Action.WORK)
    action = Action.SWIM if subject == "shrimp" else Action.STAND
    small = (CastMember(subject="tomato"), CastMember(subject=subject, action=action))
    assert min(shares_of(ShotPlan(set="kitchen", cast=(cook, *small)))) > SEEN
