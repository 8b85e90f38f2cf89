"""What words of several senses mean by the words around them."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


def drawn(prompt: str) -> list[tuple[str, int]]:
    return [(one.subject, one.count) for one in plan_shot(prompt).cast]


def missing(prompt: str) -> set[str]:
    return {one.words for one in plan_shot(prompt).not_shown}


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("a fabric shirt", ["t-shirt"]),
        ("a wool sweater", ["sweater"]),
        ("a toy airplane", ["toy-airplane"]),
    ],
)
def test_a_material_before_a_noun_is_not_told_as_missing(prompt: str, cast: list[str]) -> None:
    assert [subject for subject, _ in drawn(prompt)] == cast
    assert not missing(prompt)


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("a cat on a bright orange background", ["cat"]),
        ("a cat in shades of orange and pink", ["cat"]),
        ("an orange on a table", ["tangerine"]),
    ],
)
def test_an_orange_is_a_fruit_only_where_it_stands_like_one(prompt: str, cast: list[str]) -> None:
    assert [subject for subject, _ in drawn(prompt)] == cast


def test_a_noun_before_the_word_style_is_a_style() -> None:
    assert drawn("sticker illustration style, a fox") == [("fox", 1)]
    assert not missing("sticker illustration style, a fox")


def test_what_several_things_do_is_a_verb() -> None:
    assert drawn("raindrops slide down a window") == [("window", 1)]
    assert drawn("a slide on a playground")[0][0] == "playground-slide"


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("a lizard with a long tail", "tail"),
        ("a man raises both arms", "arms"),
        ("a windmill, its blades turning in the wind", "blades"),
    ],
)
def test_a_part_of_a_drawn_subject_is_shown(prompt: str, word: str) -> None:
    plan = plan_shot(prompt)
    assert len(plan.cast) == 1
    assert word in " ".join(plan.shown)
    assert not plan.not_shown


def test_a_part_of_nobody_is_missing() -> None:
    assert missing("a tail") == {"a tail"} or missing("a tail") == {"tail"}


@pytest.mark.parametrize("tool", ["coaster", "pizza cutter", "cuticle pusher", "door knocker"])
def test_a_tool_that_ends_like_a_person_is_none(tool: str) -> None:
    assert "person" not in {subject for subject, _ in drawn(f"a {tool}")}


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("a willow tree", [("willow", 1)]),
        ("a flamingo bird", [("flamingo", 1)]),
        ("an owl family", [("owl", 4)]),
        ("a pod of dolphins", [("dolphin", 10)]),
        ("the green leaves of a cactus", [("cactus", 1)]),
        ("a motorcycle in front of a lamp", [("motorcycle", 1), ("street-lamp", 1)]),
        ("a man with a long beard", [("man-beard", 1)]),
        ("his eyes are wide", [("man", 1)]),
        ("her smile", [("woman", 1)]),
        ("Meryl's full lips, her gaze", [("woman", 1)]),
        ("smoke curls up from a candle", [("candle", 1)]),
        ("a violinist moves her bow", [("violinist", 1)]),
    ],
)
def test_two_words_for_one_subject_are_one_member(prompt: str, cast: list[tuple[str, int]]) -> None:
    assert drawn(prompt) == cast
    assert not missing(prompt)


def test_a_family_of_four_has_four_members() -> None:
    assert len(drawn("a family of four at the beach")) == 4


def test_a_statue_of_somebody_is_the_same_figure_in_stone() -> None:
    plan = plan_shot("a marble statue of a horse")
    assert [(one.subject, one.action, one.colour) for one in plan.cast] == [
        ("horse", "stand", "#9e9e9e")
    ]
    assert not plan.not_shown


def test_a_verb_in_ing_is_not_told_as_missing() -> None:
    assert not missing("waves are lapping at the shore")
    assert not missing("a woman is helping a man")


def test_the_sky_over_a_street_is_not_missing() -> None:
    plan = plan_shot("a man walks down a street, clouds drift across the sky")
    assert plan.set == "street"
    assert not plan.not_shown


def test_glasses_are_worn_and_not_drunk_from() -> None:
    assert drawn("a man wearing glasses")[1] == ("glasses", 1)
    assert drawn("a glass")[0][0] != "glasses"


def test_a_yellow_square_is_no_place() -> None:
    assert not missing("a cat in front of a large yellow square")
    assert plan_shot("people in the square").set == "street"


@pytest.mark.parametrize(
    ("prompt", "count"),
    [
        ("twenty-five soldiers", 25),
        ("two dozen roses", 24),
        ("a dozen eggs", 12),
        ("a couple of dogs", 2),
        ("three slices of bread", 3),
        ("nine fluffy sheep", 9),
    ],
)
def test_numbers_of_several_words_are_counted(prompt: str, count: int) -> None:
    assert [number for _, number in drawn(prompt)] == [count]


def test_a_colour_wins_over_a_material() -> None:
    (sofa,) = plan_shot("a blue leather sofa").cast
    (chest,) = plan_shot("a leather sofa").cast
    assert sofa.colour == "#1976d2"
    assert chest.colour not in {None, sofa.colour}


def test_a_verb_after_a_name_is_no_thing() -> None:
    assert not drawn("Darth Vader watches as the sea becomes calm")
