"""Rooms: what is on their walls, and where one stands in them."""

import numpy as np
import pytest

from rushes.core.shot_plan import Action, CastMember, Effect, Plane, ShotPlan
from rushes.engines.animatic.camera_path import Camera, timed_moves
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.paint.arrays import Array, blank_planes
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.composition import Composition
from rushes.engines.animatic.sets.counter import counter_members
from rushes.engines.animatic.sets.fittings import SOLID, fitting
from rushes.engines.animatic.sets.glazing import GLAZED
from rushes.engines.animatic.sets.outside_words import outside_of
from rushes.engines.animatic.sets.room_table import ROOMS
from rushes.engines.animatic.sets.rooms import RoomSet
from rushes.engines.animatic.sets.surfaces import SURFACES
from rushes.engines.animatic.sets.textures import pane
from rushes.engines.animatic.sets.wall_places import WALLS
from rushes.engines.animatic.shot import Shot

SHOT = Shot(words="", seed=3, width_px=320, height_px=180, duration_s=5.0)
SKY = [np.full(3, 0.4, np.float32), np.full(3, 0.8, np.float32)]


@pytest.mark.parametrize("name", ROOMS)
def test_all_that_a_room_is_furnished_with_exists(name: str) -> None:
    room = ROOMS[name]

    assert {one[0] for one in (*room.furniture, *room.hung, *room.art)} <= set(subjects())
    assert {one[0] for one in room.fittings} <= {*SOLID, *GLAZED}
    assert {one[1] for one in room.fittings} <= set(WALLS)
    assert room.surface in {"", *SURFACES}


def test_every_fitting_is_in_a_room() -> None:
    assert {one[0] for room in ROOMS.values() for one in room.fittings} == {*SOLID, *GLAZED}
    assert {room.surface for room in ROOMS.values()} == {"", *SURFACES}


@pytest.mark.parametrize("name", [*SOLID, *GLAZED])
def test_a_fitting_is_a_picture_with_or_without_holes(name: str) -> None:
    picture = fitting(name, SKY)

    assert picture.dtype == np.uint8
    assert picture.shape[2] in {3, 4}
    assert picture[..., :3].std() > 3


@pytest.mark.parametrize("name", ["subway_station", "train_station"])
def test_a_train_is_on_the_tracks_behind_the_platform(name: str) -> None:
    cast = (
        CastMember(subject="woman"),
        CastMember(subject="locomotive", plane=Plane.BACKGROUND),
    )
    woman, train = Composition(SHOT, ShotPlan(set=name, cast=cast)).cast_places(0.5)

    assert train.bottom < woman.bottom - 0.05
    assert train.bottom - train.top > 0.3


def test_what_the_cast_has_is_not_in_the_room_a_second_time() -> None:
    def walls(*cast: CastMember) -> np.ndarray:
        plan = ShotPlan(set="bathroom", cast=cast)
        view = View(SHOT, Camera(SHOT, timed_moves(plan, seed=SHOT.seed)))
        planes = blank_planes(SHOT.width_px, SHOT.height_px)
        RoomSet(SHOT, view, plan).layers[0].draw(0, 0.0, planes)
        return planes.y.astype(int)

    empty, with_toilet, with_cat = (
        walls(),
        walls(CastMember(subject="toilet")),
        walls(CastMember(subject="cat")),
    )
    assert np.array_equal(empty, with_cat)
    assert (np.abs(empty - with_toilet) > 30).mean() > 0.002


@pytest.mark.parametrize("name", ["porch", "church", "train_station"])
def test_no_counter_stands_where_nobody_sells_or_works(name: str) -> None:
    cast = (CastMember(subject="woman", action=Action.WORK), CastMember(subject="yarn"))

    assert counter_members(ShotPlan(set="kitchen", cast=cast), 0)
    assert not counter_members(ShotPlan(set=name, cast=cast), 0)


def test_a_building_behind_a_room_is_in_its_window() -> None:
    tower = CastMember(subject="eiffel-tower", plane=Plane.BACKGROUND)
    cast = (CastMember(subject="woman"), tower)
    painted = Composition(SHOT, ShotPlan(set="cafe", cast=cast))
    _, place = painted.cast_places(0.5)

    assert place.bottom < 0.55
    assert place.bottom - place.top > 0.15


@pytest.mark.parametrize("shown", ["windows", "fenêtres", "窗户"])
def test_a_corridor_has_windows_where_the_caller_names_them(shown: str) -> None:
    plain, glazed = (_picture(ShotPlan(set="corridor", shown=words)) for words in ((), (shown,)))

    assert np.abs(plain.astype(int) - glazed).mean() > 2


@pytest.mark.parametrize("words", ["rain", "snow", "fireworks"])
def test_windows_show_what_falls_outside_and_not_what_falls_in_the_room(words: str) -> None:
    effect = {"rain": Effect.RAIN, "snow": Effect.SNOW, "fireworks": Effect.SPARKS}[words]

    assert outside_of(ShotPlan(set="classroom", shown=(words,))) == words
    assert outside_of(ShotPlan(set="classroom", shown=(words,), effects=(effect,))) == ""
    pane_of_day, pane_with = pane(*SKY), pane(*SKY, outside=words)
    assert np.abs(pane_of_day.astype(int) - pane_with).mean() > 2


def _picture(plan: ShotPlan) -> Array:
    planes = blank_planes(SHOT.width_px, SHOT.height_px)
    Composition(SHOT, plan).draw(0, 0.0, planes)
    return planes.y.copy()
