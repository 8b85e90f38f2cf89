"""Who stands at a water has land under the feet; who swims in it is half under its surface."""

import numpy as np
import pytest

from rushes.core.shot_plan import Action, CameraMove, CastMember, Framing, Plane, ShotPlan
from rushes.engines.animatic.camera_path import Camera
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.composition import Composition
from rushes.engines.animatic.sets.landscape import is_lowland, stands_ashore
from rushes.engines.animatic.sets.staging import sunk_share
from rushes.engines.animatic.sets.table import set_for
from rushes.engines.animatic.shot import Shot
from rushes.engines.video.frames import blank_frame, planes_of, rgb_of

SHOT = Shot(words="", seed=3, width_px=256, height_px=144, duration_s=1.0)
STILL = (CameraMove(move="static"),)


def drawn(plan: ShotPlan) -> Array:
    frame = blank_frame(SHOT.width_px, SHOT.height_px)
    Composition(SHOT, plan).draw(6, 0.25, planes_of(frame))
    return rgb_of(frame).astype(int)


def one(subject: str, **values: object) -> tuple[CastMember, ...]:
    return (CastMember(subject=subject, **values),)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["lake", "ocean", "city"])
def test_land_lies_before_the_water_for_somebody_who_stands(name: str) -> None:
    view = View(SHOT, Camera(SHOT))
    empty, peopled = (
        set_for(SHOT, view, ShotPlan(set=name, cast=cast)).ground for cast in ((), one("woman"))
    )

    assert empty.water_ends == 1.0
    assert peopled.water_ends < 0.8


def test_no_land_is_drawn_for_boats_swimmers_and_close_ups() -> None:
    boat = one("sailboat", plane=Plane.WATER, action=Action.SAIL)
    swimmer = one("man", plane=Plane.WATER, action=Action.SWIM)
    face = ShotPlan(set="lake", framing=Framing.CLOSE_UP, cast=one("woman"))

    assert not any(stands_ashore(ShotPlan(set="lake", cast=cast)) for cast in (boat, swimmer))
    assert not stands_ashore(face)


def test_an_animal_that_swims_shows_less_of_itself_than_one_that_jumps() -> None:
    empty = drawn(ShotPlan(set="lake", camera=STILL))

    def seen(action: Action) -> float:
        cast = one("horse", plane=Plane.WATER, action=action)
        changed = np.abs(drawn(ShotPlan(set="lake", camera=STILL, cast=cast)) - empty).max(2) > 50
        return float(changed.mean())

    assert seen(Action.SWIM) < 0.75 * seen(Action.JUMP)
    assert sunk_share(subjects()["sailboat"], Action.SAIL) == 0.0


def test_a_lighthouse_in_the_sea_stands_on_a_rock() -> None:
    cast = one("lighthouse", plane=Plane.BACKGROUND)
    plan = ShotPlan(set="ocean", camera=STILL, cast=cast)
    changed = np.abs(drawn(plan) - drawn(ShotPlan(set="ocean", camera=STILL))).max(2) > 25
    water, tower = round(0.5 * SHOT.height_px) - 1, round(0.42 * SHOT.height_px)

    assert changed[water - 4 : water + 1].sum(1).max() > 1.8 * changed[tower].sum()


@pytest.mark.parametrize(
    ("prompt", "low"),
    [
        ("a duck on a pond", True),
        ("un kayak en el río", True),
        ("川で泳ぐ子供", True),
        ("a swan on a lake", False),
        ("a boat on a river between mountains", False),
    ],
)
def test_rivers_and_ponds_lie_between_low_banks_and_not_between_mountains(
    prompt: str, low: bool
) -> None:
    assert is_lowland(plan_shot(prompt)) is low


def test_the_other_bank_of_a_river_is_lower_than_the_mountains_of_a_lake() -> None:
    lake, river = (drawn(ShotPlan(set="lake", shown=words)) for words in ((), ("river",)))
    above = slice(int(0.3 * SHOT.height_px), int(0.45 * SHOT.height_px))

    assert np.ptp(river[above], axis=1).mean() < 0.8 * np.ptp(lake[above], axis=1).mean()
