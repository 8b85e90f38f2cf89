import csv
from importlib.resources import files

import pytest

from rushes.core.shot_plan import Facing
from rushes.engines.animatic.cast.art import extent, rasterise
from rushes.engines.animatic.cast.catalogue import people, subjects

DRAWN_WHOLE = [s for s in subjects().values() if s.rig != "puppet"]


def test_there_are_at_least_900_subjects():
    assert len(subjects()) >= 900


def test_no_id_stands_twice_in_a_table():
    for name in ("subjects.csv", "people.csv"):
        with (files("rushes.engines.animatic.cast") / name).open() as lines:
            ids = [row["id"] for row in csv.DictReader(lines)]
        assert len(ids) == len(set(ids)), name


def test_every_puppet_is_dressed_and_every_dressed_person_is_a_puppet():
    assert {s.id for s in subjects().values() if s.rig == "puppet"} == set(people())


@pytest.mark.parametrize("order", range(8))
def test_every_subject_has_art_that_shows_something_down_to_its_lowest_row(order: int):
    for subject in DRAWN_WHOLE[order::8]:
        alpha = rasterise(subject.art, 48, head=subject.rig == "beast").pixels[..., 3]
        assert alpha.mean() > 8, subject.id
        assert alpha[-3:].max() > 40, subject.id


def test_every_head_of_a_person_shows_a_face():
    for person in people().values():
        left, top, right, bottom = extent(person.head, head=True)
        assert right - left > 0.3, person.id
        assert bottom - top > 0.3, person.id


def test_every_subject_has_a_real_height():
    assert all(0.005 <= s.height_m <= 600 for s in subjects().values())


def test_vehicles_with_wheels_say_where_their_wheels_are():
    for subject in subjects().values():
        if subject.rig == "wheels":
            assert subject.parts, subject.id
            assert all(0 < mark.radius < 0.5 for mark in subject.parts)


def test_nobody_who_is_drawn_by_us_looks_at_the_camera_only():
    assert {subjects()[name].faces for name in people()} == {Facing.RIGHT}
