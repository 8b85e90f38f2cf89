"""Drawn people wear the clothes that a plan puts on them."""

import numpy as np
import pytest

from rushes.core.shot_plan import CastMember, ShotPlan
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.cast.catalogue import people, subjects
from rushes.engines.animatic.cast.figure import look_of
from rushes.engines.animatic.cast.garments import GARMENTS, dressed
from rushes.engines.animatic.cast.puppet_look import CUTS
from rushes.engines.animatic.sketch import Sketch


def wearing(*clothes: tuple[str, str | None], who: str = "man") -> tuple[str, str, str]:
    """Return cut, colour above and colour below the waist."""
    look = look_of(subjects()[who], None, None)
    person, look = dressed(people()[who], look, clothes)
    return person.garment, look.top, look.bottom


def frame(*cast: CastMember) -> np.ndarray:
    plan = ShotPlan(set="studio", cast=cast)
    return Sketch(GenerationSpec(prompt="", seed=7), shot_plan=plan).at(0.4)


def test_every_garment_has_a_picture_and_a_known_cut() -> None:
    assert set(GARMENTS) <= set(subjects())
    assert {one.cut for one in GARMENTS.values()} - {""} <= set(CUTS)


def test_clothes_have_the_colour_that_the_plan_names_or_their_usual_one() -> None:
    assert wearing(("coat", "#fbc02d"))[:2] == ("coat", "#fbc02d")
    assert wearing(("jeans", None))[2] == GARMENTS["jeans"].bottom


def test_a_shirt_over_a_skirt_leaves_the_skirt() -> None:
    assert wearing(("skirt", "#212121"), ("t-shirt", "#fafafa")) == ("skirt", "#fafafa", "#212121")


def test_trousers_take_the_place_of_a_dress() -> None:
    assert wearing(("dress", None), ("jeans", "#1976d2"))[0] == "shirt"
    assert wearing(("jeans", "#1976d2"), who="bride")[2] == "#1976d2"


@pytest.mark.parametrize("name", sorted(GARMENTS))
def test_who_wears_it_looks_different(name: str) -> None:
    man = CastMember(subject="man")
    worn = CastMember(subject=name, on=0, colour="#00aa44")
    assert (np.abs(frame(man, worn).astype(int) - frame(man)).max(2) > 24).mean() > 0.002


def test_the_place_of_clothes_is_the_place_of_who_wears_them() -> None:
    plan = ShotPlan(
        set="studio", cast=(CastMember(subject="man"), CastMember(subject="coat", on=0))
    )
    man, coat = Sketch(GenerationSpec(prompt="", seed=7), shot_plan=plan).cast_places(0.4)
    assert man == coat
