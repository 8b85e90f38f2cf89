"""What people and animals wear is where one wears it."""

import pytest

from rushes.core.shot_plan import Action, CastMember, Facing
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.clothes import WORN
from rushes.engines.animatic.cast.worn import spot_worn
from rushes.engines.animatic.layers import Spot

STANDING = Spot(x_px=400.0, foot_px=700.0, px_per_m=300.0, nearness=0.5, haze=0.0)


def worn(name: str, wearer: str = "man", **of_wearer: object) -> Spot:
    host = CastMember(subject=wearer, **of_wearer)  # type: ignore[arg-type]
    subject = subjects()[name]
    return spot_worn(host, STANDING, subject.height_m, subject)


def middle_row(name: str, **of_wearer: object) -> float:
    spot = worn(name, **of_wearer)
    return spot.foot_px - subjects()[name].height_m * spot.px_per_m / 2


def test_all_that_can_be_worn_has_a_picture() -> None:
    assert set(WORN) <= set(subjects())


def test_a_hat_is_above_glasses_above_a_scarf_above_an_apron_above_boots() -> None:
    order = ("womans-hat", "glasses", "scarf", "apron", "hiking-boot")
    rows = [middle_row(name) for name in order]
    assert rows == sorted(rows)


def test_a_backpack_is_behind_the_body_and_on_the_back() -> None:
    right, left = worn("backpack", facing=Facing.RIGHT), worn("backpack", facing=Facing.LEFT)
    assert right.nearness < STANDING.nearness
    assert right.x_px < STANDING.x_px < left.x_px


def test_a_hat_goes_down_with_the_head_of_who_sits() -> None:
    assert middle_row("top-hat", action=Action.SIT) > middle_row("top-hat") + 30


@pytest.mark.parametrize("wearer", ["dog", "bear", "owl", "person-climbing", "child"])
def test_glasses_of_anybody_are_in_the_upper_half_and_no_wider_than_the_body(wearer: str) -> None:
    spot = worn("sunglasses", wearer)
    tall_px = subjects()[wearer].height_m * STANDING.px_per_m
    assert STANDING.foot_px - tall_px < spot.foot_px < STANDING.foot_px - tall_px / 2
    assert subjects()["sunglasses"].height_m * spot.px_per_m < tall_px / 2


@pytest.mark.parametrize("wearer", ["dog", "bear", "penguin", "koala"])
def test_an_animal_wears_a_coat_on_its_body_below_its_glasses(wearer: str) -> None:
    tall_px = subjects()[wearer].height_m * STANDING.px_per_m
    coat_px = subjects()["coat"].height_m * worn("coat", wearer).px_per_m
    assert 0.2 * tall_px < coat_px < 0.5 * tall_px
    assert middle_row("coat", wearer=wearer) > middle_row("sunglasses", wearer=wearer)


def test_an_animal_wears_trousers_below_its_shirt() -> None:
    assert middle_row("jeans", wearer="penguin") > middle_row("t-shirt", wearer="penguin")
