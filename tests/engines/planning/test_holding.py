"""Who holds, wears and rides what, also in languages whose grammar the rules do not follow."""

import pytest

from rushes.core.shot_plan import CastMember, Plane, ShotPlan
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sketch import Sketch


def cast(prompt: str) -> dict[str, CastMember]:
    return {member.subject: member for member in plan_shot(prompt, seed=7).cast}


def on_whom(prompt: str, thing: str) -> str:
    members = plan_shot(prompt, seed=7).cast
    held = next(member for member in members if member.subject == thing)
    return "" if held.on is None else members[held.on].subject


@pytest.mark.parametrize(
    ("prompt", "thing", "person"),
    [
        ("女の子が本を読んでいる", "open-book", "girl"),
        ("少年がリンゴを食べる", "red-apple", "boy"),
        ("아이가 책을 읽고 있다", "open-book", "child"),
        ("厨师拿着锅", "pot-of-food", "cook"),
        ("une femme qui lit un livre", "open-book", "woman"),
        ("Ein Mann sitzt an einem Tisch und hält einen Blumenstrauß", "bouquet", "man"),
        ("花嫁が歩く、赤い和傘", "paper-umbrella", "bride"),
    ],
)
def test_a_person_holds_what_the_sentence_is_about(prompt: str, thing: str, person: str) -> None:
    assert on_whom(prompt, thing) == person


@pytest.mark.parametrize(
    ("prompt", "tool"),
    [
        ("老人在弹吉他", "guitar"),
        ("男孩吹笛子", "flute"),
        ("An old man fishes in a boat on the lake", "fishing-pole"),
        ("Eine Oma strickt", "yarn"),
    ],
)
def test_a_verb_brings_the_thing_that_it_needs(prompt: str, tool: str) -> None:
    assert tool in cast(prompt)


def test_who_has_a_tool_by_trade_gets_no_second_one() -> None:
    assert list(cast("A fisherman fishes at the lake")) == ["fisherman"]


@pytest.mark.parametrize(
    ("prompt", "wearer", "clothes"),
    [
        ("a dog wearing sunglasses", "dog", "sunglasses"),
        ("a bear wearing a blue t-shirt", "bear", "t-shirt"),
        ("a penguin wearing a blue hat, green shirt and yellow pants", "penguin", "jeans"),
        ("an old man with a scarf and gloves", "old-man", "scarf"),
        ("眼鏡をかけた男性", "man", "glasses"),
        ("안경을 쓴 남자", "man", "glasses"),
        ("un niño con una mochila", "boy", "backpack"),
    ],
)
def test_clothes_without_a_figure_of_their_own_are_worn(
    prompt: str, wearer: str, clothes: str
) -> None:
    assert on_whom(prompt, clothes) == wearer


def test_a_knight_needs_no_second_helmet() -> None:
    plan = plan_shot("A knight in shining armour")
    assert [member.subject for member in plan.cast] == ["knight"]
    assert "shining armour" in plan.shown


def test_a_snowman_needs_no_second_hat() -> None:
    plan = plan_shot("a snowman with a hat")
    assert [member.subject for member in plan.cast] == ["snowman"]
    assert "hat" in " ".join(plan.shown)


@pytest.mark.parametrize(
    ("prompt", "holder", "held"),
    [
        ("a woman in a red dress with a bouquet", "woman-in-red-dress", "bouquet"),
        ("a rabbit eating a carrot", "rabbit", "carrot"),
        ("an owl reading a book", "owl", "open-book"),
        ("穿汉服的少女撑着油纸伞", "girl", "paper-umbrella"),
    ],
)
def test_who_eats_reads_or_is_with_a_thing_holds_it(prompt: str, holder: str, held: str) -> None:
    assert on_whom(prompt, held) == holder


def test_a_bird_is_in_its_cage() -> None:
    assert on_whom("a bird in a cage", "bird") == "bird-cage"


def test_nobody_sits_on_an_animal_that_is_too_small_to_carry_them() -> None:
    members = plan_shot("a man on a mouse").cast
    assert all(member.on is None for member in members)


@pytest.mark.parametrize(
    ("prompt", "thing", "where"),
    [
        ("six apples in a bowl", "red-apple", "bowl"),
        ("three oranges in a basket", "tangerine", "basket"),
        ("a goldfish in a glass", "goldfish", "fish-bowl"),
        ("ten penguins on the ice", "penguin", ""),
    ],
)
def test_things_are_in_what_can_hold_them(prompt: str, thing: str, where: str) -> None:
    assert on_whom(prompt, thing) == where


def test_many_stand_all_across_the_frame() -> None:
    assert all(member.x is None for member in plan_shot("ten penguins beside a whale").cast)


def test_a_leaf_that_carries_a_frog_does_not_fall() -> None:
    leaf = next(
        one for one in plan_shot("a frog on a fallen leaf").cast if one.subject == "fallen-leaf"
    )
    assert leaf.plane is Plane.GROUND


def test_the_window_of_a_room_is_the_one_in_its_wall() -> None:
    plan = plan_shot("A cat by the window in the kitchen")
    assert [member.subject for member in plan.cast] == ["cat"]
    assert "window" in plan.shown


@pytest.mark.parametrize(
    ("prompt", "mount"),
    [("기사가 말을 타고 달린다", "horse"), ("少年が自転車に乗って走る", "bicycle")],
)
def test_who_rides_is_on_the_mount_where_the_verb_comes_last(prompt: str, mount: str) -> None:
    members = plan_shot(prompt, seed=7).cast
    assert members[members[0].on or 0].subject == mount


@pytest.mark.parametrize(
    ("prompt", "subject", "count"),
    [
        ("crianças na praia", "child", 3),
        ("Des moutons traversent la route", "ewe", 3),
        ("Hunde im Park", "dog", 3),
        ("Ein Mann mit einem Hund", "dog", 1),
        ("Девочка с воздушными шарами", "balloon", 3),
        ("아이들이 눈사람을 만든다", "child", 3),
        ("孩子们在操场上", "child", 3),
        ("un gato con gafas", "glasses", 1),
        ("Samurai sits under a tree", "samurai", 1),
    ],
)
def test_a_plural_is_several_in_every_language(prompt: str, subject: str, count: int) -> None:
    assert cast(prompt)[subject].count == count


def test_a_small_german_word_is_no_noun() -> None:
    assert "syringe" not in cast("Ein Schuh über einer Pfütze, Wassertropfen spritzen")


def test_what_a_thing_is_made_of_is_no_subject() -> None:
    assert "wood" not in cast("Un pescador rema en su barca de madera")


def test_nobody_flies_for_knocking_over_a_lamp_and_no_elephant_stands_on_a_man() -> None:
    assert cast("a boy knocks over a lamp")["boy"].plane == "ground"
    assert cast("an elephant sprays water on a tourist")["elephant"].on is None


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("A giant octopus wraps around a pirate galleon under the sea", "ocean"),
        ("Ein Astronaut sitzt allein und wartet an einer Bushaltestelle", "street"),
        ("product shot of a perfume bottle, slow 360 orbit", "table"),
    ],
)
def test_the_place_suits_what_needs_a_floor_or_a_sea(prompt: str, place: str) -> None:
    assert plan_shot(prompt, seed=7).set == place


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("unas botas viejas junto a la puerta", ["hiking-boot", "door"]),
        ("una vieja junto a la puerta", ["old-woman", "door"]),
        ("мальчик гуляет, рядом бежит щенок", ["boy", "dog"]),
    ],
)
def test_a_word_that_only_describes_is_no_subject_and_no_number(
    prompt: str, drawn: list[str]
) -> None:
    members = plan_shot(prompt, seed=7).cast
    assert [member.subject for member in members] == drawn
    assert [member.count for member in members] == [1] * len(drawn)


def test_the_curtain_of_a_stage_is_the_one_of_the_set() -> None:
    plan = plan_shot("the curtain of an opera opens, singers on stage")
    assert [one.subject for one in plan.cast] == ["singer"]
    assert any("curtain" in words for words in plan.shown)


@pytest.mark.parametrize("prompt", ["a mother holds her baby", "一位母亲抱着婴儿"])
def test_a_baby_that_somebody_holds_is_in_their_arms(prompt: str) -> None:
    mother, baby = plan_shot(prompt).cast
    assert (baby.subject, baby.on, str(mother.action)) == ("baby", 0, "work")


@pytest.mark.parametrize("place", ["in a garden", "near a port", "in a nursery"])
def test_a_baby_beside_somebody_is_not_held(place: str) -> None:
    mother, baby, *_ = plan_shot(f"a mother and her baby {place}").cast
    assert (mother.on, baby.on) == (None, None)


@pytest.mark.parametrize("subject", ["baby", "kitten", "red-apple"])
@pytest.mark.parametrize("count", [1, 2])
def test_what_is_in_the_arms_can_be_drawn(subject: str, count: int) -> None:
    held = CastMember(subject=subject, count=count, on=0)
    plan = ShotPlan(set="garden", cast=(CastMember(subject="woman"), held))
    sketch = Sketch(GenerationSpec(prompt="a garden", seed=1), shot_plan=plan)
    assert len(sketch.cast_places(0.5)) > 1
