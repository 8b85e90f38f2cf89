"""What is in a vessel is seen over its front rim, and fits into its opening."""

import pytest

from rushes.core.shot_plan import CastMember, Facing
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.in_vessels import spot_in_vessel
from rushes.engines.animatic.cast.vessels import VESSELS
from rushes.engines.animatic.cast.windows import is_inside
from rushes.engines.animatic.layers import Spot
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sketch import Sketch

_SPOT = Spot(x_px=400, foot_px=500, px_per_m=300, nearness=0.4, haze=0)


def _cast(
    vessel: str, rider: str, count: int = 1, facing: Facing = Facing.RIGHT
) -> tuple[CastMember, CastMember]:
    host = CastMember(subject=vessel, facing=facing)
    return host, CastMember(subject=rider, count=count, on=0)


def test_every_vessel_is_in_the_catalogue() -> None:
    assert set(VESSELS) <= set(subjects())


@pytest.mark.parametrize("vessel", sorted(VESSELS))
def test_the_lower_part_is_hidden_at_the_rim_of_the_vessel(vessel: str) -> None:
    cast = _cast(vessel, "cat")
    spot = spot_in_vessel(cast, cast[1], _SPOT, 0)
    tall = subjects()[vessel].height_m * _SPOT.px_per_m
    assert spot.foot_px == pytest.approx(_SPOT.foot_px - VESSELS[vessel].rim * tall)
    assert 0.2 < spot.sunk < 0.6
    assert spot.nearness > _SPOT.nearness


def test_many_share_the_opening_and_stay_between_its_edges() -> None:
    cast = _cast("rowboat", "person-walking", count=8)
    places = [spot_in_vessel(cast, cast[1], _SPOT, order).x_px for order in range(8)]
    assert places == sorted(places)
    assert places[0] + places[-1] == pytest.approx(2 * _SPOT.x_px)
    half = subjects()["rowboat"].height_m * _SPOT.px_per_m * 3 / 2
    assert max(abs(x - _SPOT.x_px) for x in places) < half


def test_a_mirrored_vessel_has_its_opening_on_the_other_side() -> None:
    places: list[float] = []
    for facing in (Facing.LEFT, Facing.RIGHT):
        cast = _cast("stroller", "baby", facing=facing)
        places.append(spot_in_vessel(cast, cast[1], _SPOT, 0).x_px)
    assert places[0] < _SPOT.x_px < places[1]


@pytest.mark.parametrize(
    "prompt", ["a cat in a cardboard box", "a baby in a bathtub", "a boat full of people"]
)
def test_one_sees_who_is_in_a_vessel(prompt: str) -> None:
    sketch = Sketch(GenerationSpec(prompt=prompt, seed=7))
    plan = plan_shot(prompt, seed=7)
    inside = next(at for at, one in enumerate(plan.cast) if one.on is not None)
    assert sketch.visible_shares(0.5)[inside] > 0.002


@pytest.mark.parametrize(
    "prompt",
    [
        "a boat full of people",
        "un bateau plein de touristes",
        "ein Boot voller Touristen",
        "满载游客的船",
        "観光客でいっぱいの船",
    ],
)
def test_a_boat_that_is_full_of_people_has_them_in_it(prompt: str) -> None:
    cast = plan_shot(prompt, seed=7).cast
    boat = next(at for at, one in enumerate(cast) if one.subject == "rowboat")
    assert [one.on for one in cast if one.subject != "rowboat"] == [boat]


@pytest.mark.parametrize("prompt", ["a box of kittens", "three kittens in a cardboard box"])
def test_kittens_are_in_the_open_box(prompt: str) -> None:
    cast = {one.subject: one for one in plan_shot(prompt, seed=7).cast}
    assert set(cast) == {"kitten", "open-box"}
    assert cast["kitten"].count == 3
    assert cast["kitten"].on is not None


def test_the_tourists_of_a_bus_are_at_its_windows() -> None:
    bus, tourists = plan_shot("a bus full of tourists", seed=7).cast
    assert is_inside(bus, tourists)
