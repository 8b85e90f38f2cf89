"""What a plan tells as missing, and what it shows where another picture would be untrue."""

import pytest

from rushes.core.shot_plan import Action, ShotPlan
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning.plan import plan_shot


def missing_of(plan: ShotPlan) -> set[str]:
    return {one.words for one in plan.not_shown}


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("a man sits on a zorblat, sunset", "zorblat"),
        ("una mujer toca el zambomborro", "zambomborro"),
        ("une femme porte un grobuchon", "grobuchon"),
        ("um homem segura uma trambolhada", "trambolhada"),
        ("Ein Mann hält eine Wurzelgrumpf", "Wurzelgrumpf"),
        ("Мужчина стоит возле хрюмзика", "хрюмзика"),
        ("남자가 뿌루뚱을 본다", "뿌루뚱"),
        ("男がゾルブラットを見る", "ゾルブラット"),
        ("一个男人看着一只噗噜怪", "噗噜怪"),
    ],
)
def test_a_noun_that_no_table_lists_is_told_as_missing(prompt: str, word: str) -> None:
    assert word in missing_of(plan_shot(prompt))


@pytest.mark.parametrize(
    "prompt",
    [
        "a woman in soft light, shallow depth of field, with a sense of wonder",
        "una mujer, luz suave, con la cámara lenta y un fondo desenfocado de color",
        "une femme dans la lumière, avec une ambiance de rêve",
        "Eine Frau im warmen Licht, mit geringer Tiefenschärfe, in der Ferne",
        "Женщина в мягком свете, на фоне заката",
        "여자, 따뜻한 빛과 분위기, 배경에서",
        "女性、映画の雰囲気、逆光で",
        "一个女人，电影质感，光影",
    ],
)
def test_words_for_light_and_style_are_not_told_as_missing(prompt: str) -> None:
    reasons = {one.words for one in plan_shot(prompt).not_shown if "know" in one.reason}
    assert reasons <= {"desenfocado"}


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("قطة تركض في الشارع", "قطة تركض في الشارع"),
        ("a cat next to חתול רץ at night", "חתול רץ"),
        ("γάτα τρέχει", "γάτα τρέχει"),
    ],
)
def test_words_of_a_language_without_tables_are_told_as_missing(prompt: str, words: str) -> None:
    reasons = {one.words: one.reason for one in plan_shot(prompt).not_shown}
    assert reasons == {words: "The rules do not read this language."}


@pytest.mark.parametrize(
    "prompt", ["cinematic masterpiece, 4k", "no people", "映画の雰囲気", "..."]
)
def test_a_prompt_that_names_nothing_to_see_misses_nothing(prompt: str) -> None:
    assert missing_of(plan_shot(prompt)) == set()


def test_a_number_that_is_too_large_to_draw_is_told_as_missing() -> None:
    plan = plan_shot("250 cats on a beach")
    assert plan.cast[0].count == 80
    assert [(one.words, one.reason) for one in plan.not_shown] == [
        ("250", "The picture shows 80 of them.")
    ]
    assert plan_shot("80 cats on a beach").not_shown == ()


def test_full_width_letters_and_parted_accents_are_read() -> None:
    assert [one.subject for one in plan_shot("ｃａｔ　ａｎｄ　ｄｏｇ").cast] == ["cat", "dog"]
    assert [one.subject for one in plan_shot("Un he\u0301risson").cast] == ["hedgehog"]


def test_no_is_english_before_an_english_noun_and_portuguese_before_a_portuguese_one() -> None:
    assert plan_shot("no cats").cast == ()
    assert plan_shot("no rio").set == "lake"


def test_the_last_part_of_a_german_compound_is_looked_up() -> None:
    assert [one.subject for one in plan_shot("Ein Postkutschenpferd auf der Wiese").cast] == [
        "horse"
    ]


def test_an_animal_that_sleeps_lies_down_or_its_sleep_is_missing() -> None:
    cat, elephant = plan_shot("a cat sleeps on the rug"), plan_shot("an elephant sleeps")
    assert (cat.cast[0].subject, cat.cast[0].action) == ("kitten-beast", Action.SIT)
    assert elephant.cast[0].action is Action.STAND
    assert missing_of(elephant) == {"sleeps"}


def test_a_fish_in_a_bowl_is_inside_it() -> None:
    fish, bowl = plan_shot("goldfish swimming in a glass bowl").cast
    assert (fish.on, bowl.subject) == (1, "fish-bowl")
    assert (fish.height_m or subjects()[fish.subject].height_m) < 0.35


def test_things_on_the_water_lie_in_the_boat() -> None:
    cast = plan_shot("a viking longship sails through fog, drums, torches").cast
    assert [one.on for one in cast] == [None, 0, 0]


def test_a_vendor_has_a_stall_and_the_goods_lie_on_it() -> None:
    cast = plan_shot("street food vendor grilling skewers at a night market").cast
    assert [one.subject for one in cast] == ["person-standing", "market-stall", "kebab-skewer"]
    assert cast[2].on == 1


def test_a_puddle_is_no_lake() -> None:
    assert plan_shot("a girl jumps in puddles").set == "street"


def test_a_castle_does_not_stand_on_the_bridge_from_which_people_watch() -> None:
    cast = plan_shot("fireworks over a castle, people watching from the bridge").cast
    by_subject = {one.subject: one for one in cast}
    assert by_subject["castle"].on is None
    assert cast[by_subject["person-walking"].on or 0].subject == "bridge"


def test_a_kite_that_is_flown_is_in_the_sky() -> None:
    child, kite = plan_shot("crianças soltando pipa na praia").cast
    assert (child.subject, kite.subject, kite.on) == ("child", "kite", None)


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("no 🐶", []),
        ("zero birds over a lake", []),
        ("0 birds over a lake", []),
        ("below zero a man walks", ["man"]),
        ("not a dog but a cat", ["cat"]),
        ("a cat but no dog", ["cat"]),
        ("an old but strong man walks", ["man"]),
    ],
)
def test_what_a_prompt_denies_is_not_drawn(prompt: str, shown: list[str]) -> None:
    assert [one.subject for one in plan_shot(prompt).cast] == shown
