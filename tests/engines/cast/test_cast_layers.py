from dataclasses import replace

import numpy as np
import pytest

from rushes.core.shot_plan import Action, CastMember, Facing, Plane
from rushes.engines.animatic.camera_path import Camera
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.layer import CastLayer
from rushes.engines.animatic.cast.members import MOST_DRAWN, cast_layers, spot_on_a_string
from rushes.engines.animatic.layers import SceneLight, Spot
from rushes.engines.animatic.paint.arrays import Array, Planes
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.shot import Shot

WIDTH, HEIGHT = 192, 128
GREY = 110
LIGHT = SceneLight(
    ambient=np.array([0.9, 0.9, 0.9]),
    key=np.array([1.0, 0.9, 0.8]),
    key_x=-0.7,
    key_y=0.6,
    haze=np.array([0.7, 0.8, 0.9]),
)
FROM_ABOVE = replace(LIGHT, key_x=0.0, key_y=1.0)


def shot(*, words: str = "static camera", loop: bool = False, seed: int = 5) -> Shot:
    return Shot(words=words, seed=seed, width_px=WIDTH, height_px=HEIGHT, duration_s=5.0, loop=loop)


def spot(*, x: float = WIDTH / 2, height_px: float = 80.0, nearness: float = 0.5, **more: float):
    def place(member: CastMember, height_m: float, order: int) -> Spot:
        values = {"haze": 0.0, "shadow": 0.5, **more}
        return Spot(
            x_px=x + 7.0 * order,
            foot_px=HEIGHT * 0.85,
            px_per_m=height_px / height_m,
            nearness=nearness,
            **values,
        )

    return place


def layers(*cast: CastMember, place=None, light: SceneLight = LIGHT, **options) -> list[CastLayer]:
    one = shot(**options)
    return cast_layers(one, View(one, Camera(one)), light, cast, place or spot())


def member(subject: str, action: Action = Action.STAND, **more) -> CastMember:
    return CastMember(subject=subject, action=action, **more)


def drawn(parts: list[CastLayer], t: float = 0.25) -> Planes:
    planes = Planes(
        np.full((HEIGHT, WIDTH), GREY, np.uint8),
        np.full((HEIGHT // 2, WIDTH // 2), 128, np.uint8),
        np.full((HEIGHT // 2, WIDTH // 2), 128, np.uint8),
    )
    for part in sorted(parts, key=lambda layer: layer.nearness):
        part.draw(round(t * 119), t, planes)
    return planes


def touched(planes: Planes) -> Array:
    return np.abs(planes.y.astype(int) - GREY) > 6


def same(one: Planes, other: Planes) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_animals_that_look_alike_share_their_pictures_and_people_do_not():
    fish, people = (
        {layer.key for layer in layers(member(subject, count=6))} for subject in ("fish", "person")
    )

    assert len(fish) <= 2
    assert len(people) == 6


@pytest.mark.parametrize("part", range(6))
def test_every_subject_is_seen_doing_what_it_usually_does(part: int):
    for subject in list(subjects().values())[part::6]:
        figure = member(subject.id, subject.action, plane=subject.plane)
        planes = drawn(layers(figure, place=spot(height_px=40)))
        share = touched(planes).mean() + (np.abs(planes.u.astype(int) - 128) > 6).mean()
        assert share > 0.002, subject.id


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("name", ["woman", "fox", "horse", "automobile", "bird", "shark", "castle"])
def test_any_subject_can_be_asked_for_any_action(name: str, action: Action):
    assert touched(drawn(layers(member(name, action)))).any()


@pytest.mark.parametrize(
    "figure",
    [
        member("woman", Action.WALK),
        member("man", Action.RUN),
        member("cook", Action.WORK),
        member("person", Action.TALK),
        member("woman-in-veil", Action.FLUTTER),
        member("horse", Action.RUN),
        member("fox", Action.WALK),
        member("racing-car", Action.DRIVE),
        member("bird", Action.FLY),
        member("tropical-fish", Action.SWIM),
        member("sailboat", Action.SAIL),
        member("palm-tree"),
        member("hot-beverage", Action.STEAM),
        member("house", Action.BURN),
        member("balloon", Action.RISE),
        member("jellyfish", Action.SWIM),
    ],
    ids=lambda one: f"{one.subject} {one.action}",
)
def test_what_acts_moves_and_does_not_only_slide(figure: CastMember):
    parts = layers(figure, loop=True)
    pictures = [drawn(parts, t) for t in (0.02, 0.11, 0.23)]
    assert not same(pictures[0], pictures[1])
    assert not same(pictures[1], pictures[2])


@pytest.mark.parametrize(
    "name", ["woman", "horse", "racing-car", "sailboat", "bird", "fox", "rose"]
)
def test_a_loop_ends_where_it_began(name: str):
    subject = subjects()[name]
    parts = layers(member(name, subject.action), loop=True)
    assert same(drawn(parts, 0.0), drawn(parts, 1.0))


@pytest.mark.parametrize("name", ["woman", "racing-car", "fox", "dragon", "chair"])
def test_a_mirrored_member_is_a_mirrored_picture(name: str):
    to_right = layers(member(name, facing=Facing.RIGHT), light=FROM_ABOVE)
    to_left = layers(member(name, facing=Facing.LEFT), light=FROM_ABOVE)
    right, left = drawn(to_right).y.astype(float), drawn(to_left).y[:, ::-1].astype(float)
    assert np.abs(right - left).mean() < 1.5
    assert np.abs(right - left[:, ::-1]).mean() > 2 * np.abs(right - left).mean()


def test_digits_are_never_seen_as_in_a_mirror():
    right, left = (
        drawn(layers(member("microwave", facing=facing), light=FROM_ABOVE))
        for facing in (Facing.RIGHT, Facing.LEFT)
    )
    assert same(right, left)


def test_art_that_faces_left_is_turned_to_face_right():
    facing_right = touched(drawn(layers(member("racing-car", facing=Facing.RIGHT))))
    rows = np.flatnonzero(facing_right.any(1))
    top = facing_right[rows[0] : rows[0] + 8]
    assert np.flatnonzero(top.any(0)).mean() < WIDTH / 2  # its tall wing is behind


def test_the_same_plan_gives_the_same_bytes():
    cast = (member("person", Action.WALK, count=5), member("dog", Action.RUN))
    assert same(drawn(layers(*cast)), drawn(layers(*cast)))


def test_of_many_people_in_a_large_frame_smaller_pictures_are_kept():
    large = replace(shot(), width_px=1920, height_px=1080)
    view = View(large, Camera(large))
    few, many = (
        cast_layers(large, view, LIGHT, [member("person", count=count)], spot(height_px=360.0))
        for count in (2, 12)
    )
    assert max(part.block_bytes for part in many) < 0.7 * min(part.block_bytes for part in few)


def test_another_seed_gives_a_crowd_of_other_people():
    crowd = member("person", Action.WALK, count=5)
    assert not same(drawn(layers(crowd, seed=5)), drawn(layers(crowd, seed=6)))


def test_a_member_stands_with_its_feet_on_its_spot():
    rows = np.flatnonzero(touched(drawn(layers(member("man"), place=spot(shadow=0.0)))).any(1))
    assert abs(rows[-1] - HEIGHT * 0.85) < 3
    assert abs((rows[-1] - rows[0]) - 80) < 8


def test_what_is_scaled_is_drawn_larger():
    usual, double = (
        touched(drawn(layers(member("house", scale=size), place=spot(height_px=40)))).sum()
        for size in (1.0, 2.0)
    )
    assert 3 < double / usual < 5


def test_what_is_near_moves_more_with_the_camera_and_keeps_its_shape():
    def columns(nearness: float, t: float) -> Array:
        parts = layers(member("castle"), place=spot(nearness=nearness), words="pan right")
        return np.flatnonzero(touched(drawn(parts, t)).any(0))

    far, near = (columns(n, 1.0).mean() - columns(n, 0.0).mean() for n in (0.1, 0.9))
    assert abs(near) > abs(far) > 0.5
    assert abs(len(columns(0.9, 0.0)) - len(columns(0.9, 1.0))) <= 2


def test_distance_fades_what_is_far_to_the_haze():
    near = drawn(layers(member("black-cat"), place=spot(haze=0.0))).y
    far = drawn(layers(member("black-cat"), place=spot(haze=0.9))).y
    assert near[60:80, 90:100].mean() + 40 < far[60:80, 90:100].mean()


def test_the_side_towards_the_light_is_brighter():
    planes = drawn(layers(member("snowman", facing=Facing.CAMERA)))
    seen = touched(planes)
    row = planes.y[95]
    columns = np.flatnonzero(seen[95])
    middle = len(columns) // 2
    assert row[columns[2:middle]].mean() > row[columns[middle:-2]].mean() + 5


def test_a_silhouette_shows_no_colours():
    dark = replace(LIGHT, silhouette=1.0, key=np.zeros(3))
    planes = drawn(layers(member("parrot"), light=dark))
    assert np.abs(planes.v.astype(int) - 128).max() < 12


def test_a_colour_that_was_asked_for_is_seen():
    red = drawn(layers(member("automobile")))
    blue = drawn(layers(member("automobile", colour="#1e4fd0")))
    assert red.v.max() > 180
    assert blue.v.max() < 150
    assert blue.u.max() > 170


def test_a_person_wears_the_colour_that_was_asked_for():
    planes = drawn(layers(member("woman", colour="#1e4fd0")))
    assert planes.u.max() > 165


def test_a_burning_house_is_in_flames():
    burning = layers(member("house", Action.BURN))
    assert len(burning) > len(layers(member("house")))
    assert (drawn(burning).v > 160).sum() > (drawn(layers(member("house"))).v > 160).sum()


def test_steam_rises_above_a_cup():
    parts = layers(member("hot-beverage", Action.STEAM), place=spot(height_px=40))
    still = layers(member("hot-beverage"), place=spot(height_px=40))
    assert touched(drawn(parts))[:55].sum() > touched(drawn(still))[:55].sum()


def test_what_is_on_another_member_is_drawn_above_and_before_it():
    host, guest = member("horse"), member("cat", on=0)
    horse, cat = layers(host, guest)
    assert cat.nearness > horse.nearness
    assert cat.spot.foot_px < horse.spot.foot_px - 20


def test_the_legs_of_who_is_in_a_boat_are_not_drawn_below_its_hull():
    boat, child = layers(member("rowboat"), member("child", Action.SIT, on=0))
    height = round(boat.spot.foot_px)

    assert child.spot.sunk > 0
    assert child.spot.foot_px < height
    assert not touched(drawn([child], 0.0))[height:].any()


def test_water_that_mirrors_shows_a_member_upside_down():
    dry = drawn(layers(member("castle"), place=spot(height_px=50)))
    wet = drawn(layers(member("castle"), place=spot(height_px=50, reflection=0.8)))
    below = int(HEIGHT * 0.85) + 3
    assert touched(wet)[below:].sum() > touched(dry)[below:].sum() + 100


def test_what_flies_throws_no_shadow_on_the_ground():
    flying = layers(member("eagle", Action.FLY, plane=Plane.SKY), place=spot(height_px=30))
    assert drawn(flying).y[int(HEIGHT * 0.85) + 2 :].min() >= GREY - 3


def test_a_crowd_shares_its_pictures_and_is_not_without_end():
    parts = layers(member("person", Action.WALK, count=500), place=spot(height_px=30))
    assert len(parts) == MOST_DRAWN
    assert len({part.key for part in parts}) <= 18


def test_an_unknown_subject_is_refused():
    with pytest.raises(KeyError):
        layers(member("gryphon-on-a-unicycle"))


def test_a_rider_goes_where_the_horse_goes():
    horse, rider = layers(member("horse", Action.RUN), member("cowboy", Action.SIT, on=0))
    gaps = {round(rider.place(t).x - horse.place(t).x, 3) for t in (0.0, 0.3, 0.6, 1.0)}
    assert len(gaps) == 1
    assert abs(horse.place(1.0).x - horse.place(0.0).x) > 10


def test_a_car_that_comes_towards_the_camera_is_seen_from_the_front_and_grows():
    (side,) = layers(member("automobile", Action.DRIVE))
    (front,) = layers(member("automobile", Action.DRIVE, facing=Facing.CAMERA))
    assert not same(drawn([side]), drawn([front]))
    assert front.place(1.0).scale > front.place(0.0).scale + 0.1


def test_a_dragon_breathes_fire_rather_than_burn():
    dragon = member("dragon", Action.BURN, plane=Plane.SKY)
    parts = layers(dragon, place=spot(height_px=50))
    assert len(parts) == 1
    in_front = drawn(parts).v[:, WIDTH // 4 + 12 :]
    assert (in_front > 150).sum() > 20


def test_a_lamp_shines_in_the_dark_only():
    night = replace(LIGHT, ambient=np.array([0.2, 0.2, 0.3]))

    def around(light: SceneLight) -> int:
        planes = drawn(layers(member("street-lamp"), light=light))
        return int((planes.y[20:60, 60:75].astype(int) - GREY > 5).sum())

    assert around(LIGHT) == 0
    assert around(night) > 50


def test_who_waves_has_a_free_hand():
    waving = member("businessman", Action.WAVE)
    standing = member("businessman", Action.STAND)
    brown = [(drawn(layers(one)).v > 140).sum() for one in (waving, standing)]
    assert brown[0] < brown[1]


def test_a_kite_and_a_balloon_are_above_who_holds_them_not_before_the_face() -> None:
    child = CastMember(subject="child", facing=Facing.RIGHT)
    spot = Spot(x_px=300.0, foot_px=400.0, px_per_m=100.0, nearness=0.5, haze=0.0)
    for name in ("kite", "balloon"):
        held = spot_on_a_string(child, spot, subjects()[name].height_m, 0)
        tall = subjects()["child"].height_m * spot.px_per_m
        assert held.x_px > spot.x_px + 0.3 * tall
        assert held.foot_px < spot.foot_px - 0.6 * tall
        assert held.nearness < spot.nearness


def test_an_animal_with_a_drawn_body_takes_a_colour() -> None:
    blue, usual = (
        drawn(layers(member("kitten", colour=colour))).u.mean() for colour in ("#1976d2", None)
    )
    assert blue > usual + 0.5


def test_a_coloured_veil_is_drawn_in_its_colour_and_a_brides_stays_white() -> None:
    red = "#d32f2f"
    veiled, bride = (
        (drawn(layers(member(name, colour=red))).v > 150).sum()
        for name in ("woman-with-veil", "bride")
    )
    assert veiled > bride


def test_cups_that_somebody_carries_are_side_by_side_and_flowers_one_bunch():
    waiter = member("waiter")
    cups = layers(waiter, member("coffee-cup", count=3, on=0))[1:]
    roses = layers(waiter, member("rose", count=3, on=0))[1:]
    lefts = [cup.spot.x_px for cup in cups]
    assert lefts == sorted(set(lefts))
    assert len({rose.spot.x_px for rose in roses}) == 1
