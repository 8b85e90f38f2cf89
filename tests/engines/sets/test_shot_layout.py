"""Everybody whom a plan names can be seen: nobody is hidden by others, or too small."""

from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from rushes.core.shot_plan import Action, CastMember, Framing, Plane, ShotPlan
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.layers import Ground
from rushes.engines.animatic.sets.staging import Staging
from rushes.engines.animatic.shot import Shot
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


@pytest.mark.parametrize(
    ("subject", "count"),
    [("cat", 5), ("sheep", 10), ("automobile", 6), ("person-standing", 12), ("balloon", 12)],
)
def test_copies_up_to_twelve_can_be_counted(subject: str, count: int) -> None:
    plane = subjects()[subject].plane
    plan = ShotPlan(set="meadow", cast=(CastMember(subject=subject, count=count, plane=plane),))
    places = places_of(plan)

    assert len(places) == count
    assert all(0 <= x <= 1 for x, _ in places)
    apart = [abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in combinations(places, 2)]
    assert min(apart) > 0.06


def test_a_few_things_far_away_stand_side_by_side() -> None:
    turbines = CastMember(subject="wind-turbine", count=3, plane=Plane.BACKGROUND)
    one, *_ = shares_of(ShotPlan(set="meadow", cast=(replace(turbines, count=1),)))
    three, *_ = shares_of(ShotPlan(set="meadow", cast=(turbines,)))
    xs = sorted(x for x, _ in places_of(ShotPlan(set="meadow", cast=(turbines,))))

    assert three > one
    assert min(b - a for a, b in pairwise(xs)) > 0.15


def test_a_small_thing_is_seen_in_front_of_many() -> None:
    people = CastMember(subject="person-standing", count=5)
    ball = CastMember(subject="soccer-ball")
    assert min(shares_of(ShotPlan(set="street", cast=(people, ball)))) > SEEN


@pytest.mark.parametrize("framing", [Framing.CLOSE_UP, Framing.PORTRAIT])
def test_a_close_up_shows_the_small_things_beside_a_face(framing: Framing) -> None:
    cast = (
        CastMember(subject="old-woman"),
        CastMember(subject="pot-of-food"),
        CastMember(subject="bread", count=3),
    )
    assert min(shares_of(ShotPlan(set="studio", framing=framing, cast=cast))) > 2 * SEEN


def test_the_tree_over_a_hedgehog_is_seen() -> None:
    tree = CastMember(subject="deciduous-tree", plane=Plane.BACKGROUND, x=0.5)
    hedgehog = CastMember(subject="hedgehog", x=0.5)
    assert min(shares_of(ShotPlan(set="meadow", cast=(hedgehog, tree)))) > 4 * SEEN


@pytest.mark.parametrize(
    ("rider", "host"),
    [("owl", "branch"), ("lizard", "rock"), ("frog", "fallen-leaf"), ("rose", "woman")],
)
def test_who_or_what_is_on_another_is_large_enough_to_be_seen(rider: str, host: str) -> None:
    cast = (CastMember(subject=rider, on=1), CastMember(subject=host))
    assert min(shares_of(ShotPlan(set="meadow", cast=cast))) > SEEN


def places_of(plan: ShotPlan) -> list[tuple[float, float]]:
    """Return where each copy of the first member is, as shares of the frame."""
    shot = Shot(words="", seed=7, width_px=320, height_px=180, duration_s=1.0)
    ground = Ground(horizon=0.5, farthest=0.6, far_nearness=0.3, near_nearness=0.62)
    staging, member = Staging(shot, plan, ground), plan.cast[0]
    height_m = subjects()[member.subject].height_m
    spots = [staging.spot(member, height_m, order) for order in range(member.count)]
    return [(spot.x_px / shot.width_px, spot.foot_px / shot.height_px) for spot in spots]


@pytest.mark.parametrize(
    ("rider", "host", "plane"),
    [
        ("monkey", "elephant", Plane.GROUND),
        ("unicorn", "rainbow", Plane.SKY),
        ("girl", "bridge", Plane.BACKGROUND),
    ],
)
@pytest.mark.parametrize("ratio", ["16:9", "9:16"])
def test_who_is_on_top_of_another_is_in_the_frame(
    rider: str, host: str, plane: Plane, ratio: str
) -> None:
    cast = (CastMember(subject=rider, on=1), CastMember(subject=host, plane=plane))
    plan = ShotPlan(set="meadow", cast=cast)
    sketch = Sketch(GenerationSpec(prompt="", seed=7, aspect_ratio=ratio), shot_plan=plan)
    above, below = sketch.cast_places(0.4)

    assert above.top > 0
    assert above.top < below.top
    assert sketch.visible_shares(0.4)[0] > SEEN


@pytest.mark.parametrize(
    ("inside", "count", "host"),
    [("red-apple", 6, "bowl"), ("tangerine", 3, "basket"), ("kitten", 1, "basket")],
)
def test_what_is_in_a_bowl_or_a_basket_is_seen(inside: str, count: int, host: str) -> None:
    cast = (CastMember(subject=inside, count=count, on=1), CastMember(subject=host))
    assert min(shares_of(ShotPlan(set="table", cast=cast))) > 4 * SEEN


def test_a_thing_that_a_prompt_is_about_is_large() -> None:
    harp, man = CastMember(subject="harp"), CastMember(subject="man")
    alone, *_ = shares_of(ShotPlan(set="stage", cast=(harp,)))
    beside, *_ = shares_of(ShotPlan(set="stage", cast=(harp, man)))
    assert alone > 1.3 * beside


def test_corals_stand_on_the_ground_of_the_sea() -> None:
    cast = (
        CastMember(subject="diver", plane=Plane.WATER, action=Action.SWIM),
        CastMember(subject="coral", plane=Plane.WATER),
    )
    plan = ShotPlan(set="underwater", cast=cast)
    _, coral = Sketch(GenerationSpec(prompt="", seed=7), shot_plan=plan).cast_places(0.5)

    assert coral.bottom > 0.9
    assert coral.bottom - coral.top > 0.2
