"""Places in the open that are painted once."""

from typing import Any

import numpy as np
import pytest

from rushes.core.shot_plan import CastMember, Plane, ShotPlan
from rushes.core.spec import GenerationSpec, Kind
from rushes.engines.animatic.sets.table import SETS_MADE
from rushes.engines.animatic.sketch import Sketch

NEW = (
    *("moon_surface", "alien_planet", "glacier", "lava_field", "waterfall", "floating_islands"),
    *("lavender_field", "sunflower_field", "tulip_field", "rice_terraces", "tea_plantation"),
    *("orchard", "ruins", "park", "village", "cemetery", "amusement_park", "zoo"),
    *("construction_site", "container_port", "western_town", "bridge", "parking_lot"),
    *("ice_rink", "skatepark"),
)
MOMENTS = (("day", "clear"), ("night", "clear"), ("sunset", "clear"), ("day", "storm"))
SKIES = ("park", "vineyard", "canyon", "harbour", "market", "farmyard", "village")


def picture_of(plan: ShotPlan) -> Any:
    spec = GenerationSpec(prompt="", kind=Kind.IMAGE, aspect_ratio="16:9", seed=4)
    return Sketch(spec, shot_plan=plan).at(0.4).astype(int)


@pytest.mark.parametrize("name", NEW)
def test_a_set_differs_from_every_plain_field(name: str) -> None:
    place, meadow = picture_of(ShotPlan(set=name)), picture_of(ShotPlan(set="meadow"))

    assert name in SETS_MADE
    assert np.abs(place - meadow).mean() > 20


@pytest.mark.parametrize("name", SKIES)
def test_a_painted_sky_follows_the_time_of_day_and_the_weather(name: str) -> None:
    skies = [
        picture_of(ShotPlan(set=name, time=time, weather=weather))[:20].mean((0, 1))
        for time, weather in MOMENTS
    ]

    for index, sky in enumerate(skies):
        for other in skies[index + 1 :]:
            assert np.abs(sky - other).max() > 12


@pytest.mark.parametrize("subject", ["mountain-range", "skyline"])
def test_what_is_far_away_stands_behind_the_trees_of_a_park(subject: str) -> None:
    far = CastMember(subject=subject, plane=Plane.BACKGROUND, x=0.5)
    with_it, without = (
        picture_of(ShotPlan(set="park", cast=(far,))),
        picture_of(ShotPlan(set="park")),
    )
    rows = len(without)
    changed = np.abs(with_it - without).max(2) > 24

    assert changed[: rows // 2].mean() > 0.05
    assert changed[2 * rows // 3 :].mean() < 0.02
