"""Give the cast the colours that a prompt names, and list those that are not drawn."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot

RED, BLUE, YELLOW = "#d32f2f", "#1976d2", "#fbc02d"
BLACK, WHITE, ORANGE = "#212121", "#fafafa", "#f57c00"


def cast(prompt: str) -> list[tuple[str, int, str | None]]:
    return [(one.subject, one.count, one.colour) for one in plan_shot(prompt).cast]


def missing(prompt: str) -> set[str]:
    return {one.words for one in plan_shot(prompt).not_shown}


@pytest.mark.parametrize(
    ("prompt", "colour", "other"),
    [
        ("a blue and yellow parrot", BLUE, "yellow"),
        ("a black and white cat", BLACK, "white"),
        ("un gato blanco y negro", WHITE, "negro"),
        ("a red and white lighthouse", RED, "white"),
    ],
)
def test_one_thing_has_its_first_colour_and_the_second_is_listed_as_missing(
    prompt: str, colour: str, other: str
) -> None:
    assert [one for _, _, one in cast(prompt)] == [colour]
    assert missing(prompt) == {other}


@pytest.mark.parametrize(
    ("prompt", "counts"),
    [
        ("red and yellow balloons", [(3, RED), (3, YELLOW)]),
        ("seven red and yellow balloons", [(4, RED), (3, YELLOW)]),
        ("two red and three yellow balloons", [(2, RED), (3, YELLOW)]),
        ("a red and a yellow balloon", [(1, RED), (1, YELLOW)]),
    ],
)
def test_several_things_in_two_colours_are_of_each(
    prompt: str, counts: list[tuple[int, str]]
) -> None:
    assert cast(prompt) == [("balloon", count, colour) for count, colour in counts]
    assert not missing(prompt)


@pytest.mark.parametrize("prompt", ["a black and white cow", "a black and white soccer ball"])
def test_what_is_drawn_in_both_colours_keeps_them(prompt: str) -> None:
    assert [colour for *_, colour in cast(prompt)] == [None]
    assert not missing(prompt)


def test_a_black_and_white_photograph_is_no_black_one() -> None:
    assert cast("a black and white photo of a cat") == [("cat", 1, None)]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("the door is red", ("door", 1, RED)),
        ("a cat that is orange", ("cat", 1, ORANGE)),
        ("a person is clay", ("person", 1, None)),
    ],
)
def test_a_thing_is_of_the_colour_that_a_sentence_says_it_has(
    prompt: str, expected: tuple[str, int, str | None]
) -> None:
    assert cast(prompt) == [expected]


@pytest.mark.parametrize("prompt", ["a red fox", "a gray wolf", "a golden eagle"])
def test_a_species_with_a_colour_in_its_name_is_drawn_as_it_is(prompt: str) -> None:
    assert [colour for *_, colour in cast(prompt)] == [None]


def test_a_camera_is_seen_where_it_is_a_thing_and_not_where_it_takes_the_shot() -> None:
    assert [name for name, *_ in cast("a yellow camera")] == ["camera"]
    assert [name for name, *_ in cast("a vintage camera on a table")] == ["camera"]
    for prompt in ("a camera follows a dog", "the camera on a dog", "shot on a vintage camera"):
        assert "camera" not in [name for name, *_ in cast(prompt)]
