"""A parrot is on a shoulder, a child on its father's shoulders, and a dog under a table."""

import pytest

from rushes.core.shot_plan import Action, Plane
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sketch import Sketch


@pytest.mark.parametrize(
    "prompt",
    [
        "a pirate with a parrot on his shoulder",
        "ein Pirat mit einem Papagei auf der Schulter",
        "un pirata con un loro en el hombro",
    ],
)
def test_a_parrot_is_beside_the_head_of_its_pirate(prompt: str) -> None:
    cast = plan_shot(prompt, seed=7).cast
    parrot = next(at for at, one in enumerate(cast) if one.subject == "parrot")
    pirate = cast[parrot].on
    assert pirate is not None
    places = Sketch(GenerationSpec(prompt=prompt, seed=7)).cast_places(0.5)
    upper = places[pirate].top + 0.4 * (places[pirate].bottom - places[pirate].top)
    assert places[parrot].bottom < upper


def test_a_daughter_sits_on_the_shoulders_of_her_father() -> None:
    father, daughter = plan_shot("a father carrying his daughter on his shoulders").cast
    assert (daughter.on, daughter.action, father.x) == (0, Action.SIT, None)


def test_an_eagle_in_flight_has_its_fish_below_it() -> None:
    spec = GenerationSpec(prompt="an eagle carrying a fish", seed=7)
    eagle, fish = Sketch(spec).cast_places(0.5)
    assert fish.top > (eagle.top + eagle.bottom) / 2


@pytest.mark.parametrize(
    ("prompt", "thing"),
    [("a dog sleeping under a table", "table"), ("a cat hiding under the bed", "bed")],
)
def test_who_is_under_furniture_is_before_its_middle_and_lower(prompt: str, thing: str) -> None:
    animal, furniture = plan_shot(prompt, seed=7).cast
    assert (furniture.subject, furniture.plane) == (thing, Plane.GROUND)
    lower, upper = Sketch(GenerationSpec(prompt=prompt, seed=7)).cast_places(0.5)
    assert upper.left < lower.x < upper.right
    assert upper.top < lower.top
    assert animal.on is None


@pytest.mark.parametrize(
    ("prompt", "vehicle"),
    [
        ("people on a bus", "bus"),
        ("passengers on a train looking out the window", "railway-car"),
        ("a man on a tram", "tram-car"),
    ],
)
def test_who_is_on_a_bus_or_a_train_is_at_its_windows(prompt: str, vehicle: str) -> None:
    riders, carrier = plan_shot(prompt).cast
    assert (carrier.subject, riders.on, riders.action) == (vehicle, 1, Action.SIT)


@pytest.mark.parametrize("prompt", ["a man jumping over a fence", "a dog jumps over a log"])
def test_who_jumps_over_something_low_is_above_it(prompt: str) -> None:
    jumper, _ = plan_shot(prompt).cast
    assert (jumper.on, jumper.action) == (1, Action.JUMP)


def test_who_works_on_a_laptop_in_bed_sits_on_it_with_the_laptop() -> None:
    man, laptop, bed = plan_shot("a man working on a laptop in bed").cast
    assert (man.on, laptop.on, bed.on, man.action) == (2, 0, None, Action.SIT)


def test_what_one_is_in_front_of_is_seen_beside() -> None:
    woman, mirror = plan_shot("a woman standing in front of a mirror").cast
    assert mirror.plane is Plane.GROUND
    assert (woman.x or 1) < (mirror.x or 0)


def test_two_who_play_chess_sit_at_a_table_with_the_board_on_it() -> None:
    cast = plan_shot("two old men playing chess in a park").cast
    left, board, right, table = cast
    assert (table.subject, board.on) == ("table", 3)
    assert (left.x or 1) < (table.x or 0) < (right.x or 0)


def test_strawberries_fall_from_above_into_the_milk() -> None:
    strawberries, milk = plan_shot("strawberries falling into milk").cast
    assert (strawberries.plane, strawberries.x) == (Plane.SKY, milk.x)


def test_a_surfer_on_a_wave_has_the_wave() -> None:
    assert plan_shot("a surfer riding a huge wave").cast[0].subject == "person-surfing"


def test_people_with_a_balloon_are_in_its_basket() -> None:
    balloon, people = plan_shot("a hot air balloon with people flying over mountains").cast
    assert (balloon.on, people.on) == (None, 0)
    assert people.count <= 3


@pytest.mark.parametrize(
    "prompt",
    [
        "a dog in the back of a truck, a man drives",
        "a dog sleeping on its back next to a man",
        "a cat on the arm of a sofa while a woman reads",
    ],
)
def test_an_animal_is_on_nobody_whose_body_the_prompt_does_not_mean(prompt: str) -> None:
    cast = plan_shot(prompt).cast
    person = next(at for at, one in enumerate(cast) if one.subject in {"man", "woman"})
    assert cast[0].on != person


def test_a_cat_is_in_the_arms_of_the_one_who_is_named() -> None:
    cast = plan_shot("a man stands beside a cat in the arms of a woman").cast
    cat = next(one for one in cast if one.subject == "cat")
    assert cat.on is not None
    assert cast[cat.on].subject == "woman"


def test_a_dog_with_a_clause_of_its_own_stands_on_the_ground() -> None:
    prompt = "Dos niñas hacen volar una cometa en la playa, el viento se la lleva y el perro ladra"
    dog = next(one for one in plan_shot(prompt).cast if one.subject == "dog")
    assert dog.on is None


@pytest.mark.parametrize(
    "prompt", ["a man asleep on a sofa in a living room", "a homeless man sleeps on a park bench"]
)
def test_who_sleeps_on_a_sofa_or_a_bench_lies_on_it(prompt: str) -> None:
    sleeper, _ = plan_shot(prompt).cast
    assert (sleeper.action, sleeper.on) == (Action.LIE, 1)


def test_who_is_awake_on_a_sofa_sits() -> None:
    reader, *_ = plan_shot("a man on a sofa in a living room").cast
    assert reader.action is Action.SIT
